"""The keys that sign clearances and the log, as they are now: a rotation is followed without a restart."""

from __future__ import annotations

import base64
import os
import threading
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from jwt.algorithms import OKPAlgorithm

from classifier.utils.keyring import TRUSTED, KeyRing
from classifier.utils.signatures import signature
from service.errors import RecordsError
from service.utils.mark import Mark

_OKP = OKPAlgorithm()
# Beside the keys: where the log ended that they signed last.
MARK = "log_end.json"


class SigningKey(NamedTuple):
    """A private key and its id."""

    key_id: str
    key: Ed25519PrivateKey


def key_id(key: Ed25519PublicKey) -> str:
    """Return the id of a key: its raw bytes in base64url, without padding, the first 16 characters."""
    return base64.urlsafe_b64encode(key.public_bytes_raw()).decode()[:16]


def clearance_keys(home: Path) -> KeyRing:
    """Return the ring of the keys that sign clearances and the log."""
    return KeyRing(home / "keys" / "clearances")


class Signer:
    """Signs with the ring's present key. Safe to share between threads.

    A key is made only where there was none at the start: one that is gone later went with its directory, and what a new
    one signs would not be trusted when the directory is back.

    Raises
    ------
    SignatureError
        If the ring's key cannot be used.
    RecordsError
        If it is gone.
    """

    def __init__(self, ring: KeyRing) -> None:
        self._ring = ring
        self.mark = Mark(ring.directory / MARK)
        self._path = str(ring.signing_path)  # looked at for every signature
        self._lock = threading.Lock()
        self._seen: tuple[int, int] | None = None
        self._trusted_seen: int | None = None
        self.present()

    @property
    def ring(self) -> KeyRing:
        """The keys as files."""
        return self._ring

    @property
    def directory(self) -> Path:
        """Where the keys are."""
        return self._ring.directory

    def present(self) -> SigningKey:
        """Return the key that signs now."""
        with self._lock:
            if self._seen is None or self._seen != self._file():
                key = self._ring.signing_key()
                self._key = SigningKey(key_id(key.public_key()), key)
                self._seen = self._file()
            return self._key

    def _file(self) -> tuple[int, int]:
        try:
            status = os.stat(self._path)
        except OSError as error:
            raise RecordsError("the key that signs clearances and the log is gone; nothing was cleared") from error
        return status.st_mtime_ns, status.st_ino

    def public(self) -> dict[str, Ed25519PublicKey]:
        """Return the keys whose signatures are accepted now, by id."""
        with self._lock:
            self._file()
            # Whoever copies keys here with their times may set the directory's own back, but not when that was.
            changed = (self._ring.directory / TRUSTED).stat().st_ctime_ns
            if changed != self._trusted_seen:
                self._public = {key_id(key): key for key in self._ring.trusted()}
                self._trusted_seen = changed
            return self._public

    def former(self) -> dict[str, Ed25519PublicKey]:
        """Return the keys that were retired here, by id: what they signed until then can be verified."""
        return {key_id(key): key for key in self._ring.former()}

    def known(self) -> dict[str, Ed25519PublicKey]:
        """Return all keys by which the log can be verified, by id; what a retired one signed later is none of it."""
        return self.former() | self.public()

    def jwks(self) -> dict[str, Any]:
        """Return the accepted keys as a JWK set, RFC 7517."""
        return {"keys": [public_jwk(name, key) for name, key in self.public().items()]}

    def sign(self, content: bytes) -> tuple[str, str]:
        """Return the id of the present key and its signature of ``content``, in base64."""
        present = self.present()
        return present.key_id, signature(content, present.key)


def public_jwk(name: str, key: Ed25519PublicKey) -> dict[str, Any]:
    """Return a public key as a JWK, RFC 8037."""
    return _OKP.to_jwk(key, as_dict=True) | {"kid": name, "use": "sig", "alg": "EdDSA"}


def public_pem(key: Ed25519PublicKey) -> str:
    """Return a public key in PEM."""
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()
