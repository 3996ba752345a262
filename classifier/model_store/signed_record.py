"""Signed records beside a model: one JSON file each, with the signature of a key of the store.

Each kind of record has a purpose, which begins what is signed: a signature of one kind stands for nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from classifier.errors import SignatureError
from classifier.utils.atomic_files import atomic_path
from classifier.utils.canonical_json import canonical_json
from classifier.utils.private_files import make_private_directory
from classifier.utils.signatures import is_signed, signature

Signed = dict[str, Any]


class Kind(NamedTuple):
    """What a record is about: its name in the file, and what its signature begins with."""

    name: str
    purpose: bytes

    def content(self, record: Mapping[str, Any]) -> bytes:
        """Return what is signed of a record."""
        return self.purpose + canonical_json(record)

    def signed(self, record: Mapping[str, Any], key: Ed25519PrivateKey) -> Signed:
        """Return a record with its signature, as it stands in the file."""
        return {self.name: dict(record), "signature": signature(self.content(record), key)}

    def verified(self, signed: Mapping[str, Any], trusted: Iterable[Ed25519PublicKey]) -> dict[str, Any]:
        """Return the record that one of the trusted keys signed.

        Raises
        ------
        SignatureError, ValueError, TypeError, LookupError
            If none did, or it is no signed record.
        """
        record: dict[str, Any] = signed[self.name]
        if not is_signed(self.content(record), signed["signature"], trusted):
            raise SignatureError(f"the {self.name} is not signed by a trusted key")
        return record


def write(path: Path, signed: Signed) -> None:
    """Write a signed record, as a whole or not at all."""
    make_private_directory(path.parent)
    with atomic_path(path) as temporary:
        temporary.write_text(json.dumps(signed, indent=2) + "\n", "utf-8")


def names(directory: Path) -> list[str]:
    """Return the names of the records in a directory, sorted; none where there is no directory."""
    try:
        return sorted(path.name for path in directory.iterdir() if not path.name.startswith("."))
    except FileNotFoundError:
        return []
