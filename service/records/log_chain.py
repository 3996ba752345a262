"""The log's chain: what an entry is, its hash, its signature, and where a chain breaks. Pure: no database.

1. An entry's hash is the SHA-256 of its canonical JSON (RFC 8785), which holds the hash of the entry before.
2. Entries are numbered from 1 without gaps; the first follows ``GENESIS``.
3. The last entry of every commit is signed, and with it all that came before: a checkpoint. Whoever keeps one
   elsewhere can tell that the log was cut off or written anew since.

References
----------
RFC 8785, JSON Canonicalization Scheme: https://www.rfc-editor.org/rfc/rfc8785
RFC 8032, Ed25519: https://www.rfc-editor.org/rfc/rfc8032
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from classifier.utils.canonical_json import sha256
from classifier.utils.hash_chain import GENESIS, HashChain
from classifier.utils.signatures import is_signed
from service.errors import TamperedError

# What is signed begins with this, so that the signature stands for nothing else.
_PURPOSE = b"doublecheck log entry\n"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the log.

    Attributes
    ----------
    seq : int
        Its number, from 1.
    at : str
        When, RFC 3339.
    kind : str
        What happened, such as "check" or "clearance_redeemed".
    subject : str
        What it happened to: a check, an account of the registry, a key.
    data : str
        Canonical JSON: digests and identifiers, no text of an account.
    previous, hash : str
        SHA-256 in hexadecimal: of the entry before, and of this one.
    """

    seq: int
    at: str
    kind: str
    subject: str
    data: str
    previous: str
    hash: str


_PLAIN = frozenset({str, bool, type(None)})
_plain_json = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def canonical(data: Mapping[str, Any]) -> str:
    """Return the canonical JSON of ``data``, RFC 8785.

    Examples
    --------
    >>> canonical({"b": 1.0, "a": None})
    '{"a":null,"b":1}'
    """
    if all(map(str.isascii, data)) and all(map(_is_plain, data.values())):
        return _plain_json(data)
    return rfc8785.dumps(dict(data)).decode()


def row_digest(row: Mapping[str, Any]) -> str:
    """Return what an entry holds of the row it vouches for: SHA-256 of its canonical JSON.

    The number of the entry and what is set later (``tables.ENDS``, ``erased``) are left out; so is a column of
    ``ADDED`` without a value. The record of a decision goes in by its own SHA-256, so that it can be proved by itself.
    """
    kept = {name: value for name, value in row.items() if name not in _LATER and not (value is None and name in ADDED)}
    if "record" in kept:
        kept["record"] = sha256(kept["record"].encode())
    return sha256(canonical(kept).encode())


_LATER = frozenset({"seq", "spent", "revoked", "applied", "ended", "erased"})
# Columns that a migration after 0002 added. Rows from before have no value there, and their digests must not change.
ADDED: frozenset[str] = frozenset({"person", "taken_by", "due", "executor", "given_to", "subject", "contact"})


def _is_plain(value: object) -> bool:
    """Tell whether the standard library, ten times as fast, writes a value as RFC 8785 does: all but floats, objects.

    Names sort alike in both as long as they are ASCII.
    """
    kind = type(value)
    if kind is list:
        return all(type(key) is str for key in value)  # type: ignore[attr-defined]
    return kind in _PLAIN or (kind is int and abs(value) < 2**53)  # type: ignore[arg-type]


def entry_hash(seq: int, at: str, kind: str, subject: str, data: str, previous: str) -> str:
    """Return the hash of an entry: SHA-256 of its canonical JSON.

    ``data`` is canonical already and goes in as text, so that nothing is parsed to be hashed.
    """
    content: dict[str, Any] = {
        "seq": seq,
        "at": at,
        "kind": kind,
        "subject": subject,
        "data": data,
        "previous": previous,
    }
    return sha256(canonical(content).encode())


def signed_bytes(hash_: str) -> bytes:
    """Return what a signature of an entry signs."""
    return _PURPOSE + bytes.fromhex(hash_)


def verified(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Yield the entries of a whole log as long as the chain holds.

    Raises
    ------
    TamperedError
        Naming the first entry that was changed, removed or reordered.
    """
    return linked(entries, first=1, previous=GENESIS)


def linked(entries: Iterable[Entry], *, first: int, previous: str | None = None) -> Iterator[Entry]:
    """Yield consecutive entries of a log as long as the chain holds; what comes before the first may be unknown.

    Raises
    ------
    TamperedError
        As ``verified``.
    """
    chain = HashChain(previous)
    for seq, entry in enumerate(entries, start=first):
        if entry.seq != seq:
            raise TamperedError(seq, "is missing" if entry.seq > seq else "is out of order")
        if not chain.add(entry.previous, entry.hash):
            raise TamperedError(seq, "does not follow the entry before it")
        if entry.hash != entry_hash(entry.seq, entry.at, entry.kind, entry.subject, entry.data, entry.previous):
            raise TamperedError(seq, "was changed")
        yield entry


def check_signature(seq: int, hash_: str, key: Ed25519PublicKey | None, signature: str) -> None:
    """Check the signature of an entry's hash.

    Raises
    ------
    TamperedError
        If ``key`` is ``None``, because none of the trusted ones has the id that was named, or did not sign this.
    """
    if key is None:
        raise TamperedError(seq, "is signed by a key that is not trusted here")
    try:
        known = is_signed(signed_bytes(hash_), signature, [key])
    except ValueError:
        known = False
    if not known:
        raise TamperedError(seq, "has a wrong signature")
