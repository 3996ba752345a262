"""Signatures of records: made as text, and held against the keys that are trusted.

A signature has one spelling in base64. Any other is refused, though it would decode to the same: a changed file is
never taken for the one that was written. What is signed of a record is its canonical bytes (``canonical_json``).

References
----------
RFC 8032, Ed25519: https://www.rfc-editor.org/rfc/rfc8032
RFC 4648, section 3.5, bits of base64 that stand for nothing: https://www.rfc-editor.org/rfc/rfc4648
"""

from __future__ import annotations

import base64
from collections.abc import Iterable

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey


def signature(content: bytes, key: Ed25519PrivateKey) -> str:
    """Return a key's signature of ``content`` in base64, 88 characters."""
    return base64.b64encode(key.sign(content)).decode()


def is_signed(content: bytes, signature: str, trusted: Iterable[Ed25519PublicKey]) -> bool:
    """Tell whether one of the trusted keys made this signature of ``content``; with no keys none did.

    Parameters
    ----------
    signature : str
        As ``signature`` returns it.

    Raises
    ------
    ValueError
        If it is not base64, or base64 that is never written so.
    """
    raw = _decoded(signature)
    return any(_made(key, raw, content) for key in trusted)


def _decoded(signature: str) -> bytes:
    raw = base64.b64decode(signature, validate=True)
    if base64.b64encode(raw).decode() != signature:  # its last character has spare bits
        raise ValueError("base64 that is not written so")
    return raw


def _made(key: Ed25519PublicKey, raw: bytes, content: bytes) -> bool:
    try:
        key.verify(raw, content)
    except InvalidSignature:
        return False
    return True
