"""Key rings: one Ed25519 key that signs, and the public keys whose signatures are accepted, in a directory.

Layout::

    signing.pem     signs (mode 0600)
    trusted/*.pem   public keys that are accepted; none is ever overwritten

References
----------
RFC 8032, Ed25519: https://www.rfc-editor.org/rfc/rfc8032
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from contextlib import suppress
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from classifier.errors import SignatureError
from classifier.utils.atomic_files import atomic_path
from classifier.utils.private_files import make_private_directory

SIGNING, TRUSTED = "signing.pem", "trusted"


class KeyRing:
    """The keys in one directory, which is created when a key is first needed."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    @property
    def signing_path(self) -> Path:
        """The file of the key that signs."""
        return self.directory / SIGNING

    def trusted(self) -> list[Ed25519PublicKey]:
        """Return the public keys that are accepted.

        Raises
        ------
        SignatureError
            If there are none, or one of the files holds none.
        """
        keys = self.accepted()
        if not keys:
            raise SignatureError(f"there are no trusted keys; copy a public key to {self._named(TRUSTED)}")
        return keys

    def accepted(self) -> list[Ed25519PublicKey]:
        """Return the public keys that are accepted, of which there may be none.

        Raises
        ------
        SignatureError
            If one of the files holds none.
        """
        return [self._public_key(path) for path in sorted((self.directory / TRUSTED).glob("*.pem"))]

    def signing_key(self) -> Ed25519PrivateKey:
        """Return the key that signs; it is made when there is none, and trusted.

        Raises
        ------
        SignatureError
            If the file holds no Ed25519 key.
        """
        path = self.signing_path
        if not path.exists():
            self._create(path)
        try:
            key = serialization.load_pem_private_key(path.read_bytes(), password=None)
        except (ValueError, TypeError):  # no key, or one with a password
            key = None
        if not isinstance(key, Ed25519PrivateKey):
            raise SignatureError(f"{self._named(SIGNING)} is not an Ed25519 key; move it away to have a new one made")
        self._trust(key.public_key())
        return key

    def rotate(self) -> None:
        """Put a new signing key in the place of the present one, whose signatures stay trusted."""
        if self.signing_path.exists():
            self.signing_key()  # trusted before it goes
        make_private_directory(self.directory)
        os.replace(self._written(), self.signing_path)
        self.signing_key()

    def _create(self, path: Path) -> None:
        """Make a key unless another process makes one first: the name appears with the whole key, and only once."""
        make_private_directory(path.parent)
        written = self._written()
        try:
            with suppress(FileExistsError):
                os.link(written, path)
        finally:
            os.unlink(written)

    def _written(self) -> Path:
        private = Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        descriptor, name = tempfile.mkstemp(dir=self.directory, prefix=".writing-")  # mode 0600
        with os.fdopen(descriptor, "wb") as file:
            file.write(private)
        return Path(name)

    def _trust(self, key: Ed25519PublicKey) -> None:
        """Add a key to the trusted ones; none is ever overwritten, so that what it signed stays trusted."""
        content = key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        path = self.directory / TRUSTED / f"{hashlib.sha256(content).hexdigest()[:16]}.pem"
        if not path.exists():
            make_private_directory(path.parent)
            with atomic_path(path, private=True) as temporary:
                temporary.write_bytes(content)

    def _public_key(self, path: Path) -> Ed25519PublicKey:
        name = self._named(f"{TRUSTED}/{path.name}")
        try:
            key = serialization.load_pem_public_key(path.read_bytes())
        except ValueError as error:
            raise SignatureError(f"{name} is not a public key; remove it") from error
        if not isinstance(key, Ed25519PublicKey):
            raise SignatureError(f"{name} is not an Ed25519 key; remove it")
        return key

    def _named(self, name: str) -> str:
        return f"{self.directory.name}/{name}"
