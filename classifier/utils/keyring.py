"""Key rings: one Ed25519 key that signs, and the public keys whose signatures are accepted, in a directory.

Layout::

    signing.pem     signs (mode 0600)
    next.pem        will sign, while it is being put into force
    trusted/*.pem   public keys that are accepted; none is ever overwritten
    retired/*.pem   public keys that are accepted no more, by which old signatures can be verified

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

SIGNING, NEXT, TRUSTED, RETIRED = "signing.pem", "next.pem", "trusted", "retired"


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
        return self._public_keys(TRUSTED)

    def former(self) -> list[Ed25519PublicKey]:
        """Return the public keys that were retired.

        Raises
        ------
        SignatureError
            If one of the files holds none.
        """
        return self._public_keys(RETIRED)

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
        key = self._private_key(SIGNING)
        self._trust(key.public_key())
        return key

    def prepare(self) -> Ed25519PublicKey:
        """Return the key that will sign next, already trusted; it is made when there is none yet.

        Raises
        ------
        SignatureError
            If its file holds none.
        """
        make_private_directory(self.directory)
        if not (self.directory / NEXT).exists():
            os.replace(self._written(), self.directory / NEXT)
        key = self._private_key(NEXT).public_key()
        self._trust(key)
        return key

    def rotate(self) -> None:
        """Put the key that was prepared, or a new one, in the place of the one that signs, which stays trusted."""
        if self.signing_path.exists():
            self.signing_key()  # trusted before it goes
        self.prepare()
        os.replace(self.directory / NEXT, self.signing_path)
        self.signing_key()

    def retire(self, key: Ed25519PublicKey) -> None:
        """Accept a key no more.

        Raises
        ------
        SignatureError
            If it is the one that signs, or not trusted.
        """
        if key == self.signing_key().public_key():
            raise SignatureError("it is the key that signs: rotate first")
        # A key of another home may have come under another name.
        found = [path for path in (self.directory / TRUSTED).glob("*.pem") if self._public_key(path) == key]
        if not found:
            raise SignatureError("it is not among the trusted keys")
        make_private_directory(self.directory / RETIRED)
        for path in found:
            os.replace(path, self.directory / RETIRED / _file_of(key))

    def _private_key(self, name: str) -> Ed25519PrivateKey:
        try:
            key = serialization.load_pem_private_key((self.directory / name).read_bytes(), password=None)
        except (ValueError, TypeError):  # no key, or one with a password
            key = None
        if not isinstance(key, Ed25519PrivateKey):
            raise SignatureError(f"{self._named(name)} is not an Ed25519 key; move it away to have a new one made")
        return key

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
        path = self.directory / TRUSTED / _file_of(key)
        if not path.exists():
            make_private_directory(path.parent)
            with atomic_path(path, private=True) as temporary:
                temporary.write_bytes(_pem(key))

    def _public_keys(self, folder: str) -> list[Ed25519PublicKey]:
        return [self._public_key(path) for path in sorted((self.directory / folder).glob("*.pem"))]

    def _public_key(self, path: Path) -> Ed25519PublicKey:
        name = self._named(f"{path.parent.name}/{path.name}")
        try:
            key = serialization.load_pem_public_key(path.read_bytes())
        except ValueError as error:
            raise SignatureError(f"{name} is not a public key; remove it") from error
        if not isinstance(key, Ed25519PublicKey):
            raise SignatureError(f"{name} is not an Ed25519 key; remove it")
        return key

    def _named(self, name: str) -> str:
        return f"{self.directory.name}/{name}"


def _pem(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def _file_of(key: Ed25519PublicKey) -> str:
    return f"{hashlib.sha256(_pem(key)).hexdigest()[:16]}.pem"
