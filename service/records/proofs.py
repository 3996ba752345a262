"""What proves one entry of the log: its own hash, the row it vouches for, and the signed entry that comes after it.

Verifying the whole log takes reading all of it (``verification``). This reads an entry and those up to the next
signature, which are few: every commit ends with one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Row, Select, func, select

from service.errors import TamperedError
from service.records.log_chain import Entry, check_signature, linked
from service.records.retired_keys import require_in_force, retirements
from service.records.tables import checkpoints, log
from service.records.verification import Vouched

# Entries of one commit at most are far fewer; what has no signature this far on has none.
REACH = 5_000
Read = Callable[[Select[Any]], Sequence[Row[Any]]]


class Proof(NamedTuple):
    """What was verified of an entry just now.

    Attributes
    ----------
    seq : int
        The entry.
    signed_seq : int or None
        The entry whose signature covers it; ``None`` where there is none.
    key_id : str
        Whose signature that is.
    fault : str
        What is wrong; empty where all holds.
    """

    seq: int
    signed_seq: int | None
    key_id: str
    fault: str = ""


def prove(read: Read, seqs: Iterable[int], trusted: Mapping[str, Ed25519PublicKey]) -> dict[int, Proof]:
    """Return the proof of each entry, by its number."""
    retired = retirements(read)
    return {seq: _proof(read, seq, trusted, retired) for seq in seqs}


def _proof(read: Read, seq: int, trusted: Mapping[str, Ed25519PublicKey], retired: Mapping[str, int]) -> Proof:
    signed = read(select(func.min(checkpoints.c.seq)).where(checkpoints.c.seq >= seq))[0][0]
    if signed is None or signed - seq > REACH:
        return Proof(seq, None, "", "is not covered by a signature")
    [checkpoint] = read(select(checkpoints).where(checkpoints.c.seq == signed))
    rows = read(select(log).where(log.c.seq >= seq, log.c.seq <= signed).order_by(log.c.seq))
    entries = [Entry(**row._asdict()) for row in rows]
    try:
        for entry in linked(entries, first=seq):
            last = entry
        if last.seq != signed:
            raise TamperedError(last.seq + 1, "is missing")
        check_signature(signed, last.hash, trusted.get(checkpoint.signed_by), checkpoint.signature)
        require_in_force(signed, checkpoint.signed_by, retired)
        vouched = Vouched(read)
        vouched.hold(entries[:1])
        vouched.check(entries[0])
    except TamperedError as error:
        return Proof(seq, signed, checkpoint.signed_by, error.message)
    return Proof(seq, signed, checkpoint.signed_by)
