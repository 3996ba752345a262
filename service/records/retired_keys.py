"""Which keys were retired, as the log says: what they sign from then on is accepted nowhere."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, Select, select

from service.errors import TamperedError
from service.records.tables import log

# The subject of entries about the keys that sign, and the kind of a retirement.
SUBJECT, RETIREMENT = "signing_keys", "signing_key_retired"
Read = Callable[[Select[Any]], Sequence[Row[Any]]]


def retirements(read: Read) -> dict[str, int]:
    """Return which entry retired a key, by the key's id."""
    query = select(log.c.seq, log.c.data).where(log.c.subject == SUBJECT, log.c.kind == RETIREMENT)
    found: dict[str, int] = {}
    for row in read(query.order_by(log.c.seq)):
        found.setdefault(json.loads(row.data)["key"], row.seq)
    return found


def require_in_force(seq: int, key: str, retired: Mapping[str, int]) -> None:
    """Refuse a signature that a key made of its own retirement, or of what came after.

    Raises
    ------
    TamperedError
    """
    if seq >= retired.get(key, seq + 1):
        raise TamperedError(seq, f"is signed by a key that entry {retired[key]} retired")
