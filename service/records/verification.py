"""Verifying that the log is what it was, and that the records fit it.

It reads everything, in this order, and names the first entry that is wrong:

1. the chain from the first entry to the head, and that no record names an entry that is not there;
2. the row that each entry vouches for, by its digest, and what it ended: a clearance spent, a key revoked; and that no
   row names an entry that does not vouch for it. A row whose texts were erased is held against the digest that the
   entry of the erasure has of it; without such an entry it was tampered with, and so it was where the texts are back;
3. the signatures of all checkpoints, the last of which must be where the log ends, and of the checkpoint that was kept
   elsewhere, if one is given. A key that was retired signs nothing from its retirement on.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Column, Connection, Row, Select, Table, exists, func, select

from classifier.utils.hash_chain import GENESIS
from service.errors import TamperedError
from service.records.kept_checkpoints import Checkpoint, check_kept
from service.records.log_chain import Entry, check_signature, linked, row_digest
from service.records.retired_keys import require_in_force, retirements
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

# Entries that are read at once, and those of one part.
_CHUNK, PART = 1_000, 20_000


class Verified(NamedTuple):
    """What was verified: entries, decisions, signatures, and with which entry, and its hash, the log ends."""

    entries: int
    decisions: int
    signatures: int
    hash: str
    ends_at: int


class Part(NamedTuple):
    """Consecutive entries of the log: those after one up to another."""

    after: int
    until: int


class PartVerified(NamedTuple):
    """What was verified of a part: decisions, signatures, the last entry that is signed, and the last one's hash."""

    decisions: int
    signatures: int
    ends_signed: int
    last: str | None


def verify(
    connection: Connection,
    trusted: Mapping[str, Ed25519PublicKey],
    *,
    kept: Checkpoint | None = None,
    since: Checkpoint | None = None,
    also: Sequence[Checkpoint] = (),
    watch: Callable[[int], object] = int,
    parts: Callable[[Sequence[Part]], Iterable[PartVerified]] | None = None,
) -> Verified:
    """Verify the log and all that it vouches for; the connection must see all as it was at one time (``snapshot``).

    Parameters
    ----------
    trusted : mapping of str to Ed25519PublicKey
        The keys whose signatures are accepted, by id.
    kept : Checkpoint, optional
        From ``latest_checkpoint``, at an earlier time.
    since : Checkpoint, optional
        The same, in the place of ``kept``: only what came after it is verified.
    also : sequence of Checkpoint
        Others that were kept (``signing_keys.kept_retirements``).
    watch : callable
        Called with the number of entries verified since the last call.
    parts : callable, optional
        Verifies parts of the log, in their order, elsewhere (``parallel_verification``).

    Raises
    ------
    TamperedError
        Naming the first entry that is wrong.
    """
    kept = kept or since
    after = since.seq if since else 0
    ends_at = connection.execute(select(func.coalesce(func.max(log.c.seq), 0))).scalar_one()
    for one in (*filter(None, [kept]), *also):
        check_kept(connection, one, ends_at, trusted)
    cut = [Part(at, min(at + PART, ends_at)) for at in range(after, ends_at, PART)]
    found = parts(cut) if parts else (verify_part(connection, trusted, part, watch) for part in cut)
    done = list(found) or [PartVerified(0, 0, after, since.hash if since else None)]
    _check_end(connection, ends_at, done[-1].last or "")
    if (ends_signed := max(one.ends_signed for one in done)) != ends_at:
        raise TamperedError(max(ends_signed, after) + 1, "and what follows is not signed")
    Vouched(_reading(connection)).check_rest(after, ends_at)
    counts = sum(one.decisions for one in done), sum(one.signatures for one in done)
    return Verified(max(0, ends_at - after), *counts, done[-1].last or "", ends_at)


def verify_part(
    connection: Connection, trusted: Mapping[str, Ed25519PublicKey], part: Part, watch: Callable[[int], object] = int
) -> PartVerified:
    """Verify some entries, that they follow the one before them, and all that they vouch for.

    Raises
    ------
    TamperedError
        Naming the first entry that is wrong.
    """
    vouched, retired = Vouched(read := _reading(connection)), retirements(read)
    at, signatures, ends_signed = part.after, 0, 0
    last = connection.execute(select(log.c.hash).where(log.c.seq == at)).scalar_one_or_none() if at else GENESIS
    while entries := _entries(connection, at, part.until):
        signed = _signatures(connection, entries[0].seq, entries[-1].seq)
        vouched.hold(entries)
        for entry in linked(entries, first=at + 1, previous=last):
            vouched.check(entry)
            if entry.seq in signed:
                key, signature = signed[entry.seq]
                check_signature(entry.seq, entry.hash, trusted.get(key), signature)
                require_in_force(entry.seq, key, retired)
                signatures, ends_signed = signatures + 1, entry.seq
            at, last = entry.seq, entry.hash
        watch(len(entries))
    return PartVerified(vouched.decisions, signatures, ends_signed, last)


def _reading(connection: Connection) -> Callable[[Select[Any]], Sequence[Row[Any]]]:
    return lambda query: connection.execute(query).all()


def _entries(connection: Connection, after: int, until: int) -> list[Entry]:
    query = select(log).where(log.c.seq > after, log.c.seq <= until).order_by(log.c.seq).limit(_CHUNK)
    return [Entry(**row._asdict()) for row in connection.execute(query)]


def _signatures(connection: Connection, first: int, last: int) -> dict[int, tuple[str, str]]:
    query = select(checkpoints).where(checkpoints.c.seq.between(first, last))
    return {row.seq: (row.signed_by, row.signature) for row in connection.execute(query)}


def _check_end(connection: Connection, count: int, last: str) -> None:
    seq, hash_ = connection.execute(select(head.c.seq, head.c.hash)).one()
    if seq > count:
        raise TamperedError(count + 1, "is missing: the log ended later")
    if seq < count or (count and hash_ != last):
        raise TamperedError(count, "is not where the log ended")


class Vouched:
    """Holds the records against the entries that vouch for them."""

    def __init__(self, read: Callable[[Select[Any]], Sequence[Row[Any]]]) -> None:
        self._read = read
        self._rows: dict[tuple[Table, int], Row[Any]] = {}
        self._ended: dict[tuple[Column[Any], str], int | None] = {}
        self.decisions = 0

    def hold(self, entries: Sequence[Entry]) -> None:
        """Read what some consecutive entries vouch for, all at once: before each is checked."""
        first, last = entries[0].seq, entries[-1].seq
        kinds = {entry.kind for entry in entries}
        self._rows.clear()
        for table in {ROWS[kind] for kind in kinds & ROWS.keys()}:
            for row in self._read(select(table).where(table.c.seq.between(first, last))):
                self._rows[table, row.seq] = row
        self._ended.clear()
        for kind in kinds & ENDS.keys():
            column = ENDS[kind]
            ids = {_which(entry) for entry in entries if entry.kind == kind}
            ended = self._read(select(column.table.c.id, column).where(column.table.c.id.in_(ids)))
            self._ended |= {(column, str(which)): by for which, by in map(tuple, ended)}

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
        row = self._rows.get((table, entry.seq))
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
        if self._ended.get((column, _which(entry))) != entry.seq:
            raise TamperedError(entry.seq, f"ended something in {column.table.name} that does not say so")

    def check_rest(self, after: int, count: int) -> None:
        """Find rows, and ends, that name an entry after some and that no entry vouches for."""
        for kind, table in ROWS.items():
            self._check_named(table.c.seq, kind, after, count)
        for kind, column in ENDS.items():
            self._check_named(column, kind, after, count)
            self._check_once(column)

    def _check_once(self, column: Column[Any]) -> None:
        """Check that no entry is said to have ended several rows: it names one."""
        several = select(column).where(column.is_not(None)).group_by(column).having(func.count() > 1).limit(1)
        if found := self._read(several):
            raise TamperedError(found[0][0], f"did not end all rows of {column.table.name} that name it")

    def _check_named(self, column: Column[Any], kind: str, after: int, count: int) -> None:
        vouching = exists().where(log.c.seq == column, log.c.kind == kind)
        stray = select(column).where(column > after, ~vouching).order_by(column).limit(1)
        if found := self._read(stray):
            raise TamperedError(
                min(found[0][0], count + 1), f"does not vouch for the row of {column.table.name} that names it"
            )


def _which(entry: Entry) -> str:
    """Return what an entry says that it ended; of data that somebody broke, its subject: the chain finds that."""
    try:
        said = json.loads(entry.data)
        return str(said.get("clearance") or said.get("finding") or entry.subject)
    except (ValueError, AttributeError):
        return entry.subject


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
