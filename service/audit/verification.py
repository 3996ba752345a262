"""Verifying that the log is what it was, and that the records fit it.

It reads everything, in this order, and names the first entry that is wrong:

1. the chain from the first entry to the head, and that no record names an entry that is not there;
2. what each entry vouches for: a decision's record by its digest, approvals, clearances spent and revoked, outcomes,
   keys;
3. the signatures of all checkpoints, the last of which must be where the log ends, and of the checkpoint that was kept
   elsewhere, if one is given.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection, Row, Table, func, select

from service.errors import RecordsError, TamperedError
from service.records.chain import Entry, check_signature, verified
from service.records.tables import (
    approvals,
    checkpoints,
    clearances,
    decisions,
    head,
    keys,
    log,
    outcomes,
    views,
)

_CHUNK = 1_000


class Verified(NamedTuple):
    """What was verified: entries, decisions, signatures, and where the log ends."""

    entries: int
    decisions: int
    signatures: int
    hash: str


class Checkpoint(NamedTuple):
    """An entry's signature: kept elsewhere, it proves that the log was not written anew since."""

    seq: int
    hash: str
    signed_by: str
    signature: str


def verify(
    connection: Connection,
    trusted: Mapping[str, Ed25519PublicKey],
    *,
    kept: Checkpoint | None = None,
    watch: Callable[[int], object] = int,
) -> Verified:
    """Verify the whole log and all that it vouches for.

    Parameters
    ----------
    trusted : mapping of str to Ed25519PublicKey
        The keys whose signatures are accepted, by id.
    kept : Checkpoint, optional
        From ``latest_checkpoint``, at an earlier time.
    watch : callable
        Called with the number of entries verified since the last call.

    Raises
    ------
    TamperedError
        Naming the first entry that is wrong.
    """
    vouched = _Vouched(connection)
    signed = _signatures(connection)
    count, signatures, ends_signed, last = 0, 0, 0, ""
    for entry in verified(_entries(connection)):
        vouched.check(entry)
        if entry.seq in signed:
            key, signature = signed.pop(entry.seq)
            check_signature(entry.seq, entry.hash, trusted.get(key), signature)
            signatures += 1
            ends_signed = entry.seq
        if kept and entry.seq == kept.seq and entry.hash != kept.hash:
            raise TamperedError(entry.seq, "is not the one whose checkpoint was kept")
        count, last = entry.seq, entry.hash
        watch(1)
    _check_end(connection, count, last)
    if count and ends_signed != count:
        raise TamperedError(ends_signed + 1, "and what follows is not signed")
    _check_kept(kept, count, trusted)
    vouched.check_rest(count)
    return Verified(count, vouched.decisions, signatures, last)


def latest_checkpoint(connection: Connection) -> Checkpoint:
    """Return where the log ends now, signed.

    Raises
    ------
    RecordsError
        If the log is empty.
    """
    query = select(log.c.seq, log.c.hash, checkpoints.c.signed_by, checkpoints.c.signature)
    row = connection.execute(query.join(checkpoints, checkpoints.c.seq == log.c.seq).order_by(log.c.seq.desc())).first()
    if row is None:
        raise RecordsError("the log is empty yet")
    return Checkpoint(*row)


def _entries(connection: Connection) -> Iterator[Entry]:
    after = 0
    while rows := connection.execute(select(log).where(log.c.seq > after).order_by(log.c.seq).limit(_CHUNK)).all():
        yield from (Entry(**row._asdict()) for row in rows)
        after = rows[-1].seq


def _signatures(connection: Connection) -> dict[int, tuple[str, str]]:
    return {row.seq: (row.signed_by, row.signature) for row in connection.execute(select(checkpoints))}


def _check_end(connection: Connection, count: int, last: str) -> None:
    seq, hash_ = connection.execute(select(head.c.seq, head.c.hash)).one()
    if seq > count:
        raise TamperedError(count + 1, "is missing: the log ended later")
    if seq < count or (count and hash_ != last):
        raise TamperedError(count, "is not where the log ended")


def _check_kept(kept: Checkpoint | None, count: int, trusted: Mapping[str, Ed25519PublicKey]) -> None:
    if kept is None:
        return
    check_signature(kept.seq, kept.hash, trusted.get(kept.signed_by), kept.signature)
    if kept.seq > count:
        raise TamperedError(count + 1, "is missing: a checkpoint of a later entry was kept")


class _Vouched:
    """Holds the records against the entries that vouch for them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.decisions = 0

    def check(self, entry: Entry) -> None:
        table = _TABLES.get(entry.kind)
        if table is None:
            return
        if entry.kind in {"clearance_redeemed", "clearance_revoked"}:
            self._check_ended(entry)
            return
        row = self._connection.execute(select(table).where(table.c.seq == entry.seq)).one_or_none()
        if row is None:
            raise TamperedError(entry.seq, f"vouches for a row of {table.name} that is missing")
        _CHECKS[entry.kind](entry, row, json.loads(entry.data))
        self.decisions += entry.kind == "check"

    def _check_ended(self, entry: Entry) -> None:
        data = json.loads(entry.data)
        row = self._connection.execute(select(clearances).where(clearances.c.id == data["clearance"])).one_or_none()
        ended = row and (row.spent if entry.kind == "clearance_redeemed" else row.revoked)
        if ended != entry.seq:
            raise TamperedError(entry.seq, "ended a clearance that does not say so")

    def check_rest(self, count: int) -> None:
        """Find rows that no entry vouches for."""
        for kind, table in _TABLES.items():
            if kind in {"clearance_redeemed", "clearance_revoked"}:
                continue
            rows = self._connection.execute(select(func.count()).select_from(table)).scalar_one()
            entries = self._connection.execute(
                select(func.count()).select_from(log).where(log.c.kind == kind)
            ).scalar_one()
            if rows != entries:
                raise TamperedError(count, f"and those before vouch for {entries} rows of {table.name}, not for {rows}")
        for column, kind in ((clearances.c.spent, "clearance_redeemed"), (clearances.c.revoked, "clearance_revoked")):
            ended = select(column).where(column.is_not(None))
            vouching = select(log.c.seq).where(log.c.kind == kind)
            stray = self._connection.execute(ended.where(column.not_in(vouching)).limit(1)).scalar()
            if stray is not None:
                raise TamperedError(stray, "does not end the clearance that names it")


def _check_decision(entry: Entry, row: Row[Any], data: dict[str, Any]) -> None:
    answer = json.loads(row.record)["answer"]
    if hashlib.sha256(row.record.encode()).hexdigest() != data["record"]:
        raise TamperedError(entry.seq, "vouches for another record of the decision")
    same = (row.id, row.actor, row.caller, row.key_id, row.action, row.verdict)
    if same != (entry.subject, data["actor"], data["caller"], data["key"], data["action"], data["verdict"]):
        raise TamperedError(entry.seq, "vouches for another decision")
    account = json.loads(row.record)["account"]
    if row.account_id != account.get("account_id", "") or row.platform != account.get("platform", ""):
        raise TamperedError(entry.seq, "vouches for a decision about another account")
    if answer["verdict"] != row.verdict:
        raise TamperedError(entry.seq, "vouches for another verdict")


def _same(**names: str) -> Callable[[Entry, Row[Any], dict[str, Any]], None]:
    """Return a check that columns hold what the entry says; ``subject`` names the column of the entry's subject."""

    def check(entry: Entry, row: Row[Any], data: dict[str, Any]) -> None:
        for column, name in names.items():
            expected = entry.subject if name == "subject" else entry.at if name == "at" else data[name]
            expected = " ".join(expected) if isinstance(expected, list) else expected
            if getattr(row, column) != expected:
                raise TamperedError(entry.seq, f"vouches for another {column}")

    return check


_TABLES: dict[str, Table] = {
    "check": decisions, "evidence_shown": views, "approval": approvals, "clearance_issued": clearances,
    "clearance_redeemed": clearances, "clearance_revoked": clearances, "outcome": outcomes, "key_created": keys,
}  # fmt: skip
_CHECKS: dict[str, Callable[[Entry, Row[Any], dict[str, Any]], None]] = {
    "check": _check_decision,
    "evidence_shown": _same(decision="subject", actor="actor", at="at"),
    "approval": _same(decision="subject", actor="actor", key_id="key", answer="answer", at="at"),
    "clearance_issued": _same(decision="subject", id="clearance", expires_at="expires_at"),
    "outcome": _same(decision="subject", outcome="outcome", relation="relation", actor="actor", at="at"),
    "key_created": _same(id="subject", actor="actor", roles="roles", created_at="at"),
}
