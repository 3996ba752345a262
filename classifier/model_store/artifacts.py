"""Artifacts: a model on disk as JSON, with a signed manifest.

One file is the model of a pair; another, the scorecard, is the head for the account alone, and a model without one has
no such file. Nothing is unpickled: no file can run anything, and none names a class that may be renamed.

Rules, in the order they are applied when loading. Each refuses; nothing is parsed before the rules above it passed.

1. The manifest's bytes are signed by a trusted Ed25519 key, or are those of the default model, whose SHA-256 stands in
   the code (``classifier.model_store.shipped``).
2. The manifest is that of the model that was asked for: an older one cannot serve under a newer one's id.
3. The manifest is JSON of the format that this version writes.
4. The model, the scorecard and the cards have exactly the size and SHA-256 that the manifest names.
5. The bytes that are parsed are the bytes that were hashed.
6. Every value in them can be one, and what they hold is what the manifest says.

References
----------
RFC 8032, Ed25519: https://www.rfc-editor.org/rfc/rfc8032
"""

from __future__ import annotations

import json
import platform
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from classifier import __version__
from classifier.errors import DigestError, ManifestError, ModelError, OldFormatError, SignatureError
from classifier.model.account_model import AccountModel
from classifier.model.pair_model import PairModel
from classifier.model.pair_model_json import read_pair_model, write_pair_model
from classifier.model.scorecard import read_scorecard, write_scorecard
from classifier.model_store.shipped import DEFAULT_MODEL
from classifier.utils.canonical_json import sha256
from classifier.utils.signatures import is_signed, signature

# 1 had no scorecard; 1 and 2 held a pickled model.
FORMAT = 3
MODEL, SCORECARD, MANIFEST, SIGNATURE = "model.json", "account.json", "manifest.json", "manifest.sig"
# The model card, for people; a model stored before there were any has none.
CARDS = ("card.html", "card.md")
# What the values of features, what is fitted to them, or the bytes of the cards depend on.
_LIBRARIES = (
    "anyascii", "jinja2", "numba", "numpy", "rapidfuzz", "scikit-learn", "scipy", "wordfreq", "xxhash",
)  # fmt: skip


Documents = Callable[[Mapping[str, Any]], Mapping[str, bytes]]


def no_documents(_manifest: Mapping[str, Any]) -> Mapping[str, bytes]:
    """Return no card: a model can do without."""
    return {}


def write(
    directory: Path,
    model: PairModel,
    facts: Mapping[str, Any],
    key: Ed25519PrivateKey,
    *,
    documents: Documents = no_documents,
) -> str:
    """Write the artifact's files into an existing, empty directory and return its model id.

    The same model, facts and library versions give the same bytes, and so the same id.

    Parameters
    ----------
    documents : callable, optional
        Makes ``CARDS`` of the manifest as it is before they are named in it.
    """
    contents = _contents(model)
    written = documents(json.loads(encoded(_manifest(model, facts, contents))))  # as a reader of the manifest sees it
    contents |= {name: written[name] for name in CARDS if name in written}
    contents[MANIFEST] = encoded(_manifest(model, facts, contents))
    return write_signed(directory, contents, key)


def write_signed(directory: Path, contents: Mapping[str, bytes], key: Ed25519PrivateKey) -> str:
    """Write an artifact's files, manifest and all, into an existing, empty directory, and sign; return its model id."""
    for name, content in contents.items():
        (directory / name).write_bytes(content)
    (directory / SIGNATURE).write_bytes(signature(contents[MANIFEST], key).encode())
    return model_id(contents[MANIFEST])


def model_id(manifest: bytes) -> str:
    """Return the id of a model: the first 16 hexadecimal digits of the SHA-256 of its manifest."""
    return sha256(manifest)[:16]


def verify(
    directory: Path, trusted: Iterable[Ed25519PublicKey], *, expected_id: str | None = None
) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Check an artifact without parsing its model.

    Parameters
    ----------
    expected_id : str, optional
        The model id that was asked for.

    Returns
    -------
    manifest : dict
    contents : dict of str to bytes
        The verified bytes of the files that the manifest names, by name.

    Raises
    ------
    ManifestError, SignatureError, DigestError
        Naming the rule above that refuses it.
    """
    manifest_bytes = _read(directory / MANIFEST)
    if sha256(manifest_bytes) != DEFAULT_MODEL:
        _check_signature(manifest_bytes, _read(directory / SIGNATURE), trusted)
    if expected_id not in (None, model_id(manifest_bytes)):
        raise ManifestError(f"{MANIFEST} is that of another model; restore it or train again")
    manifest = _decode(manifest_bytes)
    return manifest, {name: _read_named(directory / name, named) for name, named in _files(manifest).items()}


def load(
    directory: Path, trusted: Iterable[Ed25519PublicKey], *, expected_id: str | None = None
) -> tuple[PairModel, dict[str, Any]]:
    """Verify an artifact as ``verify`` does, then load it.

    Returns
    -------
    model : PairModel
    manifest : dict

    Raises
    ------
    ManifestError, SignatureError, DigestError
        As ``verify``; ManifestError also when a value in the model cannot be, or is not what the manifest says.
    ModelError
        If the scorecard is none that this version can read.
    """
    manifest, contents = verify(directory, trusted, expected_id=expected_id)
    model = _parsed(contents[MODEL])
    if list(model.features) != manifest.get("features"):
        raise ManifestError(f"{MODEL} does not hold the model its manifest describes; train again")
    if _certificates(model) != manifest.get("certificates"):
        raise ManifestError("the model's certificates are not those of its manifest; train again")
    account = read_scorecard(contents[SCORECARD]) if SCORECARD in contents else None
    if _account(account) != manifest.get("account"):
        raise ManifestError(f"{SCORECARD} does not hold what the manifest describes; train again")
    return replace(model, account=account), manifest


def _parsed(content: bytes) -> PairModel:
    try:
        return read_pair_model(content)
    except ModelError as error:
        raise ManifestError(f"{MODEL} holds no model ({error.message}); restore it or train again") from error


def _contents(model: PairModel) -> dict[str, bytes]:
    """Return the files by name."""
    scorecard = {} if model.account is None else {SCORECARD: write_scorecard(model.account).encode()}
    return {MODEL: write_pair_model(model).encode()} | scorecard


def _manifest(model: PairModel, facts: Mapping[str, Any], contents: Mapping[str, bytes]) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "files": {name: _size_and_digest(content) for name, content in contents.items()},
        "features": list(model.features),
        "certificates": _certificates(model),
        "account": _account(model.account),
        "training": dict(facts),
        "code": __version__,
        "libraries": {"python": platform.python_version()} | libraries(),
        # What may differ in the last digit between two machines with the same libraries.
        "machine": f"{platform.system()} {platform.machine()}",
    }


def libraries() -> dict[str, str]:
    """Return the versions of the installed libraries that a model depends on."""
    return {name: version(name) for name in _LIBRARIES}


def _certificates(model: PairModel) -> dict[str, Any]:
    return {tier: certificate.plain() for tier, certificate in model.certificates.items()}


def _account(account: AccountModel | None) -> dict[str, Any] | None:
    """Return what the manifest shows of the head for the account alone; the whole of it is in its own file."""
    if account is None:
        return None
    return {
        "certificate": None if account.certificate is None else account.certificate.plain(),
        "platforms": sorted(account.platforms),
        "learned_from": [asdict(source) for source in account.learned_from],
    }


def _size_and_digest(content: bytes) -> dict[str, Any]:
    return {"bytes": len(content), "sha256": sha256(content)}


def _files(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return the digests of the files by name; no name but ours may become a path."""
    files = manifest.get("files")
    if not isinstance(files, dict) or MODEL not in files or not files.keys() <= {MODEL, SCORECARD, *CARDS}:
        raise ManifestError(f"{MANIFEST} does not name the files of a model; restore it or train again")
    return files


def _read_named(path: Path, named: object) -> bytes:
    content = _read(path)
    if _size_and_digest(content) != named:
        raise DigestError(f"{path.name} is not the file its manifest names; restore it or train again")
    return content


def encoded(manifest: Mapping[str, Any]) -> bytes:
    """Return the bytes of a manifest; of what was read from such bytes, the same."""
    return json.dumps(manifest, sort_keys=True, indent=2, ensure_ascii=True).encode() + b"\n"


def _decode(manifest: bytes) -> dict[str, Any]:
    try:
        decoded = json.loads(manifest)
    except ValueError as error:
        raise ManifestError(f"{MANIFEST} is not JSON; restore it or train again") from error
    if isinstance(decoded, dict) and decoded.get("format") in range(1, FORMAT):
        raise OldFormatError(
            f"{MANIFEST} is of the older format {decoded['format']}; run 'doublecheck train' with this version"
        )
    if not isinstance(decoded, dict) or decoded.get("format") != FORMAT:
        raise ManifestError(
            f"{MANIFEST} is of a format that this version does not know; run 'doublecheck train' with this version"
        )
    return decoded


def _check_signature(manifest: bytes, signed: bytes, trusted: Iterable[Ed25519PublicKey]) -> None:
    keys = list(trusted)
    try:
        known = is_signed(manifest, signed.decode("ascii"), keys)
    except ValueError as error:
        raise SignatureError(f"{SIGNATURE} is not as it was written; restore it or train again") from error
    if not keys:
        raise SignatureError("there are no trusted keys; copy a public key to keys/trusted or train again")
    if not known:
        raise SignatureError(
            f"{MANIFEST} is not signed by a trusted key; add its key to the trusted ones or train again"
        )


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ManifestError(f"{path.name} cannot be read: {error.strerror}; restore it or train again") from error
