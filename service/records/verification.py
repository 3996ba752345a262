"""Verifying that the log is what it was, and that the records fit it.

It reads everything, in this order, and names the first entry that is wrong:

1. the chain from the first entry to the head, and that no record names an entry that is not there;
2. the row that each entry vouches for, by its digest, and what it ended: a clearance spent, a key revoked; and that no
   row names an entry that does not vouch for it. A row whose texts were erased is held against the digest that the
   entry of the erasure has of it; without such an entry it was tampered with, and so it was where the texts are back;
3. the signatures of all checkpoints, the last of which must be where the log ends, and of the checkpoint that was kept
   elsewhere, if one is given.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Column, Connection, Row, Select, Table, func, select

from service.errors import RecordsError, TamperedError
from service.records.log_chain import Entry, check_signature, row_digest, verified
from service.records.tables import (
    ENDS,
    ERASABLE,
    access_ends,
    appeal_codes,
    appeal_steps,
    appeals,
    approvals,
    asker_steps,
    checkpoints,
    clearances,
    decisions,
    demand_looks,
    demands,
    findings,
    head,
    key_answers,
    key_changes,
    keys,
    known_cases,
    log,
    notices,
    outcomes,
    purposes,
    queue_marks,
    registry_answers,
    registry_changes,
    registry_edits,
    registry_views,
    second_look_answers,
    second_look_views,
    second_looks,
    statement_additions,
    statements,
    views,
    warnings,
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
    vouched = Vouched(lambda query: connection.execute(query).all())
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


class Vouched:
    """Holds the records against the entries that vouch for them."""

    def __init__(self, read: Callable[[Select[Any]], Sequence[Row[Any]]]) -> None:
        self._read = read
        self.decisions = 0

    def check(self, entry: Entry) -> None:
        """Check what one entry vouches for.

        Raises
        ------
        TamperedError
        """
        if entry.kind in ROWS:
            self._check_row(entry, ROWS[entry.kind])
        if entry.kind in ENDS:
            self._check_end(entry, ENDS[entry.kind])
        if entry.kind == ERASED:
            self._check_erased(entry)
        self.decisions += entry.kind == "check"

    def _check_row(self, entry: Entry, table: Table) -> None:
        row = next(iter(self._read(select(table).where(table.c.seq == entry.seq))), None)
        if row is None:
            raise TamperedError(entry.seq, f"vouches for a row of {table.name} that is missing")
        vouched = json.loads(entry.data)["row"]
        if table in ERASABLE and row.erased is not None:
            vouched = self._digest_left(entry, row)
        if row_digest(row._asdict()) != vouched:
            raise TamperedError(entry.seq, f"vouches for another row of {table.name}")

    def _digest_left(self, entry: Entry, row: Row[Any]) -> object:
        """Return the digest of what an erasure left of a row; ``None`` if the log has no such erasure of it."""
        query = select(log.c.data).where(log.c.seq == row.erased, log.c.kind == ERASED, log.c.subject == entry.subject)
        found = self._read(query)
        return json.loads(found[0].data)["rows"].get(str(entry.seq)) if found else None

    def _check_erased(self, entry: Entry) -> None:
        """Check that what was erased still is: by this entry, or once more by a later one."""
        seqs = [int(seq) for seq in json.loads(entry.data)["rows"]]
        queries = [select(table.c.erased).where(table.c.seq.in_(seqs)) for table in ERASABLE]
        erased = [row.erased for query in queries for row in self._read(query)]
        if len(erased) != len(seqs) or any(by is None or by < entry.seq for by in erased):
            raise TamperedError(entry.seq, "erased texts of a row that does not say so")

    def _check_end(self, entry: Entry, column: Column[Any]) -> None:
        said = json.loads(entry.data)
        which = said.get("clearance") or said.get("finding") or entry.subject
        ended = self._read(select(column).where(column.table.c.id == which))
        if not ended or ended[0][0] != entry.seq:
            raise TamperedError(entry.seq, f"ended something in {column.table.name} that does not say so")

    def check_rest(self, count: int) -> None:
        """Find rows, and ends, that no entry vouches for."""
        for kind, table in ROWS.items():
            self._check_named(table.c.seq, kind, count)
        for kind, column in ENDS.items():
            self._check_named(column, kind, count)
            self._check_once(column)

    def _check_once(self, column: Column[Any]) -> None:
        """Check that no entry is said to have ended several rows: it names one."""
        several = select(column).where(column.is_not(None)).group_by(column).having(func.count() > 1).limit(1)
        if found := self._read(several):
            raise TamperedError(found[0][0], f"did not end all rows of {column.table.name} that name it")

    def _check_named(self, column: Column[Any], kind: str, count: int) -> None:
        vouching = select(log.c.seq).where(log.c.kind == kind)
        stray = select(column).where(column.is_not(None), column.not_in(vouching)).order_by(column).limit(1)
        if found := self._read(stray):
            raise TamperedError(
                min(found[0][0], count + 1), f"does not vouch for the row of {column.table.name} that names it"
            )


# The kinds of entries that vouch for a row.
ROWS: dict[str, Table] = {
    "check": decisions, "evidence_shown": views, "approval": approvals, "clearance_issued": clearances,
    "outcome": outcomes, "warning_noted": warnings, "key_created": keys, "access_end_set": access_ends,
    "registry_change_asked": registry_changes, "registry_change_shown": registry_views,
    "registry_change_answered": registry_answers, "statement": statements,
    "statement_completed": statement_additions, "purpose_set": purposes, "demand_made": demands,
    "demand_looked_at": demand_looks, "appeal_received": appeals, "appeal_step": appeal_steps,
    "appeal_code_given": appeal_codes,
    "finding_made": findings, "notice_noted": notices, "second_look_drawn": second_looks,
    "second_look_shown": second_look_views, "second_look_answered": second_look_answers, "queue_mark": queue_marks,
    "registry_edited": registry_edits, "key_change_asked": key_changes, "key_change_answered": key_answers,
    "asker_step": asker_steps, "known_case_hidden": known_cases,
}  # fmt: skip
# The kind of the entries by which texts were erased. "rows" has the digests of what is left, by the rows' own entries.
ERASED = "record_erased"
