"""Artifacts: a model on disk as a joblib file and a scorecard, with a signed manifest.

The scorecard is the head for the account alone, as JSON that people can read; a model without one has no such file.

Rules, in the order they are applied when loading. Each refuses; nothing is unpickled before all of them passed,
because unpickling runs whatever the file says.

1. The manifest's bytes are signed by a trusted Ed25519 key.
2. The manifest is that of the model that was asked for: an older one cannot serve under a newer one's id.
3. The manifest is JSON of a format this version knows.
4. The joblib file, the scorecard and the cards have exactly the size and SHA-256 that the manifest names.
5. The bytes that are unpickled or parsed are the bytes that were hashed.

References
----------
RFC 8032, Ed25519: https://www.rfc-editor.org/rfc/rfc8032
joblib: "joblib.load() should never be used to load objects from an untrusted source",
https://joblib.readthedocs.io/en/stable/persistence.html
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import platform
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import joblib
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from classifier import __version__
from classifier.errors import DigestError, ManifestError, SignatureError
from classifier.model.account_model import AccountModel
from classifier.model.pair_model import PairModel
from classifier.model.scorecard import read_scorecard, write_scorecard

# 1 had no scorecard.
FORMAT = 2
MODEL, SCORECARD, MANIFEST, SIGNATURE = "model.joblib", "account.json", "manifest.json", "manifest.sig"
# The model card, for people; a model stored before there were any has none.
CARDS = ("card.html", "card.md")
# What the values of features, what is fitted to them, or the bytes that keep it depend on.
_LIBRARIES = (
    "anyascii", "jinja2", "joblib", "numba", "numpy", "rapidfuzz", "scikit-learn", "scipy", "wordfreq", "xxhash",
)  # fmt: skip


def write(
    directory: Path,
    model: PairModel,
    facts: Mapping[str, Any],
    key: Ed25519PrivateKey,
    *,
    documents: Callable[[Mapping[str, Any]], Mapping[str, bytes]] = lambda _: {},
) -> str:
    """Write the artifact's files into an existing, empty directory and return its model id.

    The same model, facts and library versions give the same bytes, and so the same id.

    Parameters
    ----------
    documents : callable, optional
        Makes ``CARDS`` of the manifest as it is before they are named in it.
    """
    contents = _contents(model)
    written = documents(json.loads(_encode(_manifest(model, facts, contents))))  # as a reader of the manifest sees it
    contents |= {name: written[name] for name in CARDS if name in written}
    manifest = _encode(_manifest(model, facts, contents))
    for name, content in contents.items():
        (directory / name).write_bytes(content)
    (directory / MANIFEST).write_bytes(manifest)
    (directory / SIGNATURE).write_bytes(base64.b64encode(key.sign(manifest)))
    return model_id(manifest)


def model_id(manifest: bytes) -> str:
    """Return the id of a model: the first 16 hexadecimal digits of the SHA-256 of its manifest."""
    return hashlib.sha256(manifest).hexdigest()[:16]


def verify(
    directory: Path, trusted: Iterable[Ed25519PublicKey], *, expected_id: str | None = None
) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Check an artifact without unpickling it.

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
    _check_signature(manifest_bytes, _read(directory / SIGNATURE), trusted)
    if expected_id not in (None, model_id(manifest_bytes)):
        raise ManifestError(f"{MANIFEST} is that of another model; restore it or train again")
    manifest = _decode(manifest_bytes)
    return manifest, {name: _read_named(directory / name, digest) for name, digest in _files(manifest).items()}


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
        As ``verify``; ManifestError also when what was loaded is not what the manifest says.
    ModelError
        If the scorecard is none that this version can read.
    """
    manifest, contents = verify(directory, trusted, expected_id=expected_id)
    model = _unpickled(contents[MODEL])
    if not isinstance(model, PairModel) or list(model.features) != manifest.get("features"):
        raise ManifestError(f"{MODEL} does not hold the model its manifest describes; train again")
    if _certificates(model) != manifest.get("certificates"):
        raise ManifestError("the model's certificates are not those of its manifest; train again")
    account = read_scorecard(contents[SCORECARD]) if SCORECARD in contents else None
    if _account(account) != manifest.get("account"):
        raise ManifestError(f"{SCORECARD} does not hold what the manifest describes; train again")
    return replace(model, account=account), manifest


def _unpickled(content: bytes) -> Any:
    try:
        return joblib.load(io.BytesIO(content))
    except Exception as error:  # whatever a changed library raises: the bytes are ours, so another version made them
        raise ManifestError(f"{MODEL} needs the libraries its manifest names; install them or train again") from error


def _contents(model: PairModel) -> dict[str, bytes]:
    """Return the files by name. The head for the account alone is text, so that reading it runs nothing."""
    buffer = io.BytesIO()
    joblib.dump(replace(model, account=None), buffer)
    scorecard = {} if model.account is None else {SCORECARD: write_scorecard(model.account).encode()}
    return {MODEL: buffer.getvalue()} | scorecard


def _manifest(model: PairModel, facts: Mapping[str, Any], contents: Mapping[str, bytes]) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "files": {name: _digest(content) for name, content in contents.items()},
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
    return {tier: asdict(certificate) for tier, certificate in model.certificates.items()}


def _account(account: AccountModel | None) -> dict[str, Any] | None:
    """Return what the manifest shows of the head for the account alone; the whole of it is in its own file."""
    if account is None:
        return None
    return {
        "certificate": None if account.certificate is None else asdict(account.certificate),
        "platforms": sorted(account.platforms),
        "learned_from": [asdict(one) for one in account.learned_from],
    }


def _digest(content: bytes) -> dict[str, Any]:
    return {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def _files(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return the digests of the files by name; no name but ours may become a path."""
    files = manifest.get("files")
    if not isinstance(files, dict) or MODEL not in files or not files.keys() <= {MODEL, SCORECARD, *CARDS}:
        raise ManifestError(f"{MANIFEST} does not name the files of a model; restore it or train again")
    return files


def _read_named(path: Path, digest: object) -> bytes:
    content = _read(path)
    if _digest(content) != digest:
        raise DigestError(f"{path.name} is not the file its manifest names; restore it or train again")
    return content


def _encode(manifest: Mapping[str, Any]) -> bytes:
    return json.dumps(manifest, sort_keys=True, indent=2, ensure_ascii=True).encode() + b"\n"


def _decode(manifest: bytes) -> dict[str, Any]:
    try:
        decoded = json.loads(manifest)
    except ValueError as error:
        raise ManifestError(f"{MANIFEST} is not JSON; restore it or train again") from error
    if not isinstance(decoded, dict) or decoded.get("format") != FORMAT:
        raise ManifestError(
            f"{MANIFEST} is of a format that this version does not know; run 'doublecheck train' with this version"
        )
    return decoded


def _check_signature(manifest: bytes, signature: bytes, trusted: Iterable[Ed25519PublicKey]) -> None:
    try:
        raw = base64.b64decode(signature, validate=True)
    except ValueError as error:
        raise SignatureError(f"{SIGNATURE} is not a signature; restore it or train again") from error
    if base64.b64encode(raw) != signature:  # its last character has spare bits
        raise SignatureError(f"{SIGNATURE} is not as it was written; restore it or train again")
    for key in trusted:
        try:
            key.verify(raw, manifest)
        except InvalidSignature:
            continue
        return
    raise SignatureError(f"{MANIFEST} is not signed by a trusted key; add its key to the trusted ones or train again")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ManifestError(f"{path.name} cannot be read: {error.strerror}; restore it or train again") from error
