"""Artifacts: a model on disk as a joblib file with a signed manifest.

Rules, in the order they are applied when loading. Each refuses; nothing is unpickled before all of them passed,
because unpickling runs whatever the file says.

1. The manifest's bytes are signed by a trusted Ed25519 key.
2. The manifest is that of the model that was asked for: an older one cannot serve under a newer one's id.
3. The manifest is JSON of a format this version knows.
4. The joblib file has exactly the size and SHA-256 that the manifest names.
5. The bytes that are unpickled are the bytes that were hashed.

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
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

import joblib
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from classifier import __version__
from classifier.errors import DigestError, ManifestError, SignatureError
from classifier.model import PairModel

FORMAT = 1
MODEL, MANIFEST, SIGNATURE = "model.joblib", "manifest.json", "manifest.sig"
_LIBRARIES = ("joblib", "numpy", "rapidfuzz", "scikit-learn", "scipy")


def write(directory: Path, model: PairModel, facts: Mapping[str, Any], key: Ed25519PrivateKey) -> str:
    """Write the artifact's three files into an existing, empty directory and return its model id.

    The same model, facts and library versions give the same bytes, and so the same id.
    """
    buffer = io.BytesIO()
    joblib.dump(model, buffer)
    content = buffer.getvalue()
    manifest = _encode(_manifest(model, facts, content))
    (directory / MODEL).write_bytes(content)
    (directory / MANIFEST).write_bytes(manifest)
    (directory / SIGNATURE).write_bytes(base64.b64encode(key.sign(manifest)))
    return model_id(manifest)


def model_id(manifest: bytes) -> str:
    """Return the id of a model: the first 16 hexadecimal digits of the SHA-256 of its manifest."""
    return hashlib.sha256(manifest).hexdigest()[:16]


def verify(
    directory: Path, trusted: Iterable[Ed25519PublicKey], *, expected_id: str | None = None
) -> tuple[dict[str, Any], bytes]:
    """Check an artifact without unpickling it.

    Parameters
    ----------
    expected_id : str, optional
        The model id that was asked for.

    Returns
    -------
    manifest : dict
    content : bytes
        The verified bytes of the joblib file.

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
    content = _read(directory / MODEL)
    if len(content) != manifest.get("bytes") or hashlib.sha256(content).hexdigest() != manifest.get("sha256"):
        raise DigestError(f"{MODEL} is not the file its manifest names; restore it or train again")
    return manifest, content


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
    """
    manifest, content = verify(directory, trusted, expected_id=expected_id)
    model = _unpickled(content)
    if not isinstance(model, PairModel) or list(model.features) != manifest.get("features"):
        raise ManifestError(f"{MODEL} does not hold the model its manifest describes; train again")
    if _certificates(model) != manifest.get("certificates"):
        raise ManifestError("the model's certificates are not those of its manifest; train again")
    return model, manifest


def _unpickled(content: bytes) -> Any:
    try:
        return joblib.load(io.BytesIO(content))
    except Exception as error:  # whatever a changed library raises: the bytes are ours, so another version made them
        raise ManifestError(f"{MODEL} needs the libraries its manifest names; install them or train again") from error


def _manifest(model: PairModel, facts: Mapping[str, Any], content: bytes) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "artifact": MODEL,
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "features": list(model.features),
        "certificates": _certificates(model),
        "training": dict(facts),
        "code": __version__,
        "libraries": {"python": platform.python_version()} | {name: version(name) for name in _LIBRARIES},
    }


def _certificates(model: PairModel) -> dict[str, Any]:
    return {tier: asdict(certificate) for tier, certificate in model.certificates.items()}


def _encode(manifest: Mapping[str, Any]) -> bytes:
    return json.dumps(manifest, sort_keys=True, indent=2, ensure_ascii=True).encode() + b"\n"


def _decode(manifest: bytes) -> dict[str, Any]:
    try:
        decoded = json.loads(manifest)
    except ValueError as error:
        raise ManifestError(f"{MANIFEST} is not JSON; restore it or train again") from error
    if not isinstance(decoded, dict) or decoded.get("format") != FORMAT:
        raise ManifestError(f"{MANIFEST} is of a format this version does not know; train again with this version")
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
