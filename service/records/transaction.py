"""One transaction over several units of work: each gathers its effects, all are written last, and committed together.

Rules:

1. Whoever writes holds the log's head, so that all writers of all processes go one after the other. What a unit has
   read is therefore still so when it is committed: quotas, spent clearances and idempotency keys need no locks.
2. A unit reads first and writes after. One that raises a DoublecheckError leaves no effect and does not touch the
   others; whatever else goes wrong leaves no effect of any unit.
3. Nobody is answered before the commit.
4. Whoever asks again for what was answered before needs a key in force as well, and gets nothing that does not hold any
   more.
5. Nothing is written to a database that was set back, nor with a key that was retired (``log_end``).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    Connection,
    Engine,
    Executable,
    Row,
    Select,
    Table,
    bindparam,
    func,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from classifier.errors import DoublecheckError
from service.errors import KeyReusedError, RecordsError, UnauthenticatedError
from service.records.database import translated, writing
from service.records.log_chain import canonical, entry_hash, row_digest, signed_bytes
from service.records.log_end import end_of, require_writable
from service.records.people import People, people_of
from service.records.remembered import WARNINGS, Subject, asked_of, sorted_by_account
from service.records.tables import (
    access_ends,
    actor_names,
    answers,
    checkpoints,
    head,
    keys,
    log,
    metadata,
    stamp,
    usage,
    warnings,
)
from service.signing import Signer
from service.utils.person_key import person_key

# Stands for all actors together in ``usage``.
EVERYBODY = "*"
# How long an answer is kept for the same idempotency key.
ANSWERS_KEPT = timedelta(days=1)


class Answer(NamedTuple):
    """What a unit of work answers: a JSON body, an HTTP status, and labels to count it by, none for a repetition.

    Attributes
    ----------
    waited : float or None
        Seconds that what it answers first had waited, to be counted.
    """

    body: str
    status: int = 200
    labels: tuple[str, ...] = ()
    waited: float | None = None


class Logged(NamedTuple):
    """Number and hash of an entry of the log."""

    seq: int
    hash: str


class Idempotency(NamedTuple):
    """An idempotency key and the digest of the request it came with."""

    key: str
    request: str


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of work.

    Attributes
    ----------
    work : callable
        Reads, decides, writes and answers.
    key_id : str or None
        The API key that asked; ``None`` for the service itself and the command line.
    caller : str
        The key's actor: whose idempotency keys these are.
    actors : tuple of str
        Whom it concerns: what is known of them is read for all units at once.
    about : tuple of Subject
        Which accounts: likewise.
    again : callable, optional
        Makes, of what the same request was answered before, what it may be answered now.
    """

    work: Callable[[Transaction], Answer]
    key_id: str | None = None
    caller: str = ""
    actors: tuple[str, ...] = ()
    idempotency: Idempotency | None = None
    about: tuple[Subject, ...] = ()
    again: Callable[[Transaction, Answer], Answer] | None = None


@dataclass(slots=True)
class _Effects:
    """What is to be written: rows by table, changes of rows, counts of cleared checks, and names of actors."""

    rows: defaultdict[Table, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    changes: list[tuple[Executable, dict[str, Any]]] = field(default_factory=list)
    cleared: Counter[str] = field(default_factory=Counter)
    named: set[str] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(self.rows or self.changes)

    def take(self, other: _Effects) -> None:
        for table, rows in other.rows.items():
            self.rows[table] += rows
        self.changes += other.changes
        self.cleared += other.cleared
        self.named |= other.named


def commit(
    engine: Engine, signer: Signer, units: Sequence[Unit], *, now: Callable[[], datetime]
) -> list[Answer | Exception]:
    """Do units of work in one transaction and return, in order, each one's answer or why it has none.

    Raises
    ------
    RecordsError
        If the database cannot be used: no unit has any effect then that was answered for.
    """
    try:
        return _commit(engine, signer, units, now)
    except RecordsError:
        raise
    except Exception as error:
        if len(units) == 1:
            return [error]
        return [commit(engine, signer, [unit], now=now)[0] for unit in units]  # so that only the one at fault fails


def _commit(
    engine: Engine, signer: Signer, units: Sequence[Unit], now: Callable[[], datetime]
) -> list[Answer | Exception]:
    with translated(), writing(engine).begin() as connection:
        transaction = Transaction(connection, now, units)
        first = require_writable(connection, signer, *transaction.end)
        results = [transaction.run(unit) for unit in units]
        transaction.finish(signer)
        end = end_of(connection, first, *transaction.end, transaction.stamp)
    if end.seq:
        signer.mark.note(end)
    return results


class Transaction:
    """What a unit of work can do: read, add rows, change rows, append to the log."""

    def __init__(self, connection: Connection, now: Callable[[], datetime], units: Sequence[Unit]) -> None:
        self.connection = connection
        self._seq, self._hash = connection.execute(_LOCKED).one()
        self._first = self._seq
        self.now = now()  # after the lock: who waited for it decides by the time when it was got
        self.stamp = stamp(self.now)
        self._units = units
        self._pending, self._unit = _Effects(), _Effects()
        self._keys: dict[str, Any] | None = None
        self._people: People | None = None
        self._known: dict[str, Sequence[Row[Any]]] = {}
        self._answers: dict[tuple[str, str], Row[Any] | dict[str, Any]] | None = None
        self._warned: dict[Subject, list[Row[Any]]] | None = None
        self._used: dict[tuple[str, int], int] = {}

    # --- running units -----------------------------------------------------------------------------------------------

    def run(self, unit: Unit) -> Answer | Exception:
        """Do one unit; its DoublecheckError is returned, and then it has no effect."""
        before = self._seq, self._hash
        self._unit = _Effects()
        try:
            if unit.key_id is not None:
                self._check_key(unit.key_id)
            answer = self._replayed(unit) or self._done(unit)
        except DoublecheckError as error:
            self._seq, self._hash = before
            return error
        if warnings in self._unit.rows:
            self._warned = None  # the units after this one must see them
        if self._unit.rows.keys() & {keys, access_ends}:
            self._people = None
        self._pending.take(self._unit)
        self._unit = _Effects()
        return answer

    def _done(self, unit: Unit) -> Answer:
        answer = unit.work(self)
        if unit.idempotency:
            caller = person_key(unit.caller)
            row = {"caller": caller, **unit.idempotency._asdict(), "status": answer.status, "body": answer.body}
            row["at"] = self.stamp
            self.add(answers, **row)
            if self._answers is not None:
                self._answers[caller, unit.idempotency.key] = row
        return answer

    def _replayed(self, unit: Unit) -> Answer | None:
        """Return what the same request was answered before."""
        if unit.idempotency is None:
            return None
        if self._answers is None:
            asked = [pair for unit in self._units if unit.idempotency for pair in self._answered_under(unit)]
            rows = self.connection.execute(_ANSWERS, {"asked": asked})
            self._answers = {(row.caller, row.key): row for row in rows}
        known = next((self._answers[pair] for pair in self._answered_under(unit) if pair in self._answers), None)
        if known is None:
            return None
        row = known if isinstance(known, dict) else known._asdict()
        if row["request"] != unit.idempotency.request:
            raise KeyReusedError(
                "this Idempotency-Key came with another request before; use a new one for each request"
            )
        answer = Answer(row["body"], row["status"])
        return unit.again(self, answer) if unit.again else answer

    def _answered_under(self, unit: Unit) -> list[tuple[str, str]]:
        """Return under what a unit may have been answered before: any name of its caller, with its idempotency key."""
        key = unit.idempotency.key if unit.idempotency else ""
        return [(name, key) for name in sorted(self.people.names(unit.caller))]

    def _check_key(self, key_id: str) -> None:
        """Look once more whether the API key is in force: it may have been revoked since it was last looked at."""
        if self._keys is None:
            asked = {unit.key_id for unit in self._units if unit.key_id}
            rows = self.connection.execute(_KEYS, {"asked": list(asked)})
            self._keys = {row.id: row for row in rows}
        known = self._keys.get(key_id)
        if known is None or known.revoked is not None:
            raise UnauthenticatedError("this API key is not in force")

    def finish(self, signer: Signer) -> None:
        """Write what the units gathered, and sign where the log ends now."""
        if self._seq > self._first:
            key, signature = signer.sign(signed_bytes(self._hash))
            self._pending.rows[checkpoints].append({"seq": self._seq, "signed_by": key, "signature": signature})
            self._pending.changes.append((_HEAD, {"to_seq": self._seq, "to_hash": self._hash}))
        self._flush()
        minute = minute_of(self.now)
        rows = [{"actor": name, "minute": minute, "cleared": n} for name, n in self._pending.cleared.items()]
        if rows:
            self.connection.execute(_COUNTED[self.connection.dialect.name], rows)
        names = [{"name": name, "key": person_key(name)} for name in sorted(self._pending.named)]
        if names:
            self.connection.execute(_NAMED[self.connection.dialect.name], names)

    def _flush(self) -> None:
        pending = self._pending
        self._pending = _Effects(cleared=pending.cleared, named=pending.named)
        for table, insert in _INSERTS.items():
            if rows := pending.rows.get(table):
                self.connection.execute(insert, rows)
        for statement, values in pending.changes:
            self.connection.execute(statement, values)

    # --- what units do -----------------------------------------------------------------------------------------------

    def read(self, statement: Select[Any], values: dict[str, Any] | None = None) -> Sequence[Row[Any]]:
        """Return the rows of a query, with what the units before this one wrote.

        Raises
        ------
        RuntimeError
            If this unit has written already: rule 2.
        """
        if self._unit:
            raise RuntimeError("a unit of work reads before it writes")
        if self._pending:
            self._flush()
        return self.connection.execute(statement, values).all()

    def add(self, table: Table, **values: Any) -> None:
        """Add a row."""
        self._unit.rows[table].append(values)

    def change(self, statement: Executable, **values: Any) -> None:
        """Change rows that are there."""
        self._unit.changes.append((statement, values))

    def record(self, table: Table, kind: str, subject: str, row: dict[str, Any], **data: Any) -> Logged:
        """Append to the log and add the row that the entry vouches for."""
        entry = self.log(kind, subject, row=row_digest(row), **data)
        self.add(table, seq=entry.seq, **row)
        return entry

    def log(self, kind: str, subject: str, **data: Any) -> Logged:
        """Append to the log and return where.

        Parameters
        ----------
        data
            Digests and identifiers; no text of an account.
        """
        seq, at, text = self._seq + 1, self.stamp, canonical(data)
        hash_ = entry_hash(seq, at, kind, subject, text, self._hash)
        self.add(log, seq=seq, at=at, kind=kind, subject=subject, data=text, previous=self._hash, hash=hash_)
        self._seq, self._hash = seq, hash_
        return Logged(seq, hash_)

    def known(self, name: str, statement: Select[Any]) -> Sequence[Row[Any]]:
        """Return the rows of a query as they were when the transaction first asked for them under a name.

        Unlike ``read`` it may come after what this unit has written, which it does not see.
        """
        if name not in self._known:
            self._known[name] = self.connection.execute(statement).all()
        return self._known[name]

    @property
    def end(self) -> Logged:
        """The log's last entry, those of this transaction included; number 0 where there is none."""
        return Logged(self._seq, self._hash)

    @property
    def ends_at(self) -> int:
        """The number of the log's last entry, those of this transaction included."""
        return int(self._seq)

    # --- what is known of actors -------------------------------------------------------------------------------------

    @property
    def people(self) -> People:
        """Who is who, with what the units before this one wrote."""
        if self._people is None:
            if self._pending:
                self._flush()
            self._people = people_of(lambda query: self.connection.execute(query).all())
        return self._people

    def access_end(self, actor: str) -> datetime | None:
        """Return when an actor's access ends as far as it is registered; ``None`` where no end is."""
        return self.people.access_end(actor)

    def name_actor(self, actor: str) -> None:
        """Note the name of a check's actor, so that it is found by all its spellings; those of keys are known."""
        if actor not in self.people.written.get(person_key(actor), ()):
            self._unit.named.add(actor)

    def warned(self, subject: Subject) -> list[Row[Any]]:
        """Return the warnings about an account, in the order of the log.

        Raises
        ------
        RuntimeError
            As ``read``.
        """
        if self._warned is None:
            self._warned = self._read_warned({subject for unit in self._units for subject in unit.about})
        if subject not in self._warned:
            self._warned |= self._read_warned({subject})
        return self._warned[subject]

    def _read_warned(self, asked: set[Subject]) -> dict[Subject, list[Row[Any]]]:
        return sorted_by_account(self.read(WARNINGS, asked_of(asked)) if asked else (), asked)

    def cleared(self, actor: str, minutes: int) -> int:
        """Return how many checks were cleared for an actor, or for ``EVERYBODY``, within the last minutes.

        Whole minutes count, the one that began ``minutes`` ago included, so it is never too few.
        """
        names = self._counted_under(actor)
        if not all((name, minutes) in self._used for name in names):
            concerned = {name for unit in self._units for name in (*unit.actors, unit.caller)}
            asked = {EVERYBODY, *names}.union(*map(self._counted_under, concerned))
            self._used |= {(name, minutes): 0 for name in asked}
            since = minute_of(self.now) - minutes
            rows = self.connection.execute(_USAGE, {"asked": list(asked), "since": since})
            self._used |= {(name, minutes): int(count) for name, count in rows}
        return sum(self._used[name, minutes] + self._pending.cleared[name] for name in names)

    def _counted_under(self, actor: str) -> frozenset[str]:
        return frozenset((EVERYBODY,)) if actor == EVERYBODY else self.people.names(actor)

    def count_cleared(self, *names: str) -> None:
        """Count a cleared check for actors and for everybody; for a person of several names once."""
        people = {self.people.person(name): person_key(name) for name in names}
        self._unit.cleared.update({*people.values(), EVERYBODY})


def minute_of(moment_: datetime) -> int:
    """Return the number of the minute since 1970."""
    return int(moment_.timestamp()) // 60


# Statements are made once: making one takes longer than running it.
_ASKED: BindParameter[Any] = bindparam("asked", expanding=True)
_KEYS = select(keys.c.id, keys.c.revoked).where(keys.c.id.in_(_ASKED))
_ANSWERS = select(answers).where(tuple_(answers.c.caller, answers.c.key).in_(_ASKED))
_USAGE = (
    select(usage.c.actor, func.sum(usage.c.cleared))
    .where(usage.c.actor.in_(_ASKED), usage.c.minute >= bindparam("since"))
    .group_by(usage.c.actor)
)
_LOCKED = select(head.c.seq, head.c.hash).with_for_update()
# What is referred to comes first.
_INSERTS = {table: table.insert() for table in metadata.sorted_tables}
_HEAD = update(head).values(seq=bindparam("to_seq"), hash=bindparam("to_hash"))


def _counting(given: Any) -> Any:
    return given.on_conflict_do_update(
        index_elements=["actor", "minute"], set_={"cleared": usage.c.cleared + given.excluded.cleared}
    )


_COUNTED = {"sqlite": _counting(sqlite.insert(usage)), "postgresql": _counting(postgresql.insert(usage))}
_NAMED = {
    "sqlite": sqlite.insert(actor_names).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(actor_names).on_conflict_do_nothing(),
}
