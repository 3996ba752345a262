"""Upgrades: which migrations a database has had, which it needs, and running them one by one.

1. One process upgrades at a time, and each migration is done or not done: the next upgrade resumes one that was
   interrupted.
2. No time limit of the service holds for a migration, but a change of a table waits ``LOCK_SECONDS`` at most for
   whoever uses it, so that nobody queues behind it; then it is tried again.
3. On PostgreSQL an index of a table that grows is made while others read and write (``migrations.online``).
4. A database that a newer version has upgraded is refused: its rows may say what this version cannot read.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from service.errors import RecordsError
from service.records.engines import is_locked, writing

log = logging.getLogger(__name__)

MIGRATIONS = Path(__file__).parent / "migrations"
# How long a process waits for another that upgrades, or for a table: many syncs of a slow disk.
OPENING_SECONDS = 60
# Any number that no other program on the same database locks.
UPGRADE_LOCK = 7_021_711_02
# Told which migration begins.
Watch = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class State:
    """Which migration a database had last, none where it has no tables, and which it needs.

    Examples
    --------
    >>> State(None, ("0001", "0002")).is_newest, State("0002", ()).is_newest
    (False, True)
    """

    revision: str | None
    pending: tuple[str, ...]

    @property
    def is_newest(self) -> bool:
        """Whether it needs none."""
        return not self.pending


class _BusyError(Exception):
    """Another process upgrades the database."""


def revisions() -> list[str]:
    """Return the revisions of all migrations in their order: the numbers that their files' names begin with."""
    return sorted(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def newest_revision() -> str:
    """Return the revision of the newest migration."""
    return revisions()[-1]


def state_of(engine: Engine) -> State:
    """Return which migrations a database has had and needs.

    Raises
    ------
    RecordsError
        If a newer version has upgraded it.
    """
    with engine.connect() as connection:
        return _state(connection)


def upgrade(engine: Engine, *, to: str | None = None, watch: Watch | None = None) -> None:
    """Bring the tables up to date; of several processes that try, one does, and the others wait.

    Parameters
    ----------
    to : str, optional
        The last migration to run, in the place of the newest.
    watch : callable, optional
        Told which migration begins.

    Raises
    ------
    RecordsError
        If a newer version has upgraded the database, or another process has for ``OPENING_SECONDS``.
    """
    deadline = time.monotonic() + OPENING_SECONDS
    while True:
        try:
            if not _step(engine, to, watch or _logged):
                return
            deadline = time.monotonic() + OPENING_SECONDS
        except _BusyError as error:
            if time.monotonic() > deadline:
                raise RecordsError(_WAITED) from error
        except DBAPIError as error:  # SQLite gives up at once where several switch a new file's journal
            if not is_locked(error) or time.monotonic() > deadline:
                raise
        time.sleep(0.05)


_WAITED = (
    f"another process has been upgrading the database for {OPENING_SECONDS} s: start again once it is done, "
    "'doublecheck db current' says how far it is"
)


def _logged(revision: str) -> None:
    log.info("migration %s of the database begins", revision)


def _step(engine: Engine, to: str | None, watch: Watch) -> bool:
    """Run the next migration, of an empty database all; return whether there was one."""
    found = state_of(engine)
    if found.is_newest or (to is not None and found.revision == to):
        return False
    if engine.dialect.name == "postgresql":
        _step_alone(engine, to, watch)
    else:
        with writing(engine).begin() as connection:
            _run(connection, to, watch)
    return True


def _step_alone(engine: Engine, to: str | None, watch: Watch) -> None:
    """Run the next migration on PostgreSQL, while no other process does.

    Who waits asks again and again: a statement that waits for the lock would be what the making of an index waits for.
    """
    with _closed_after(engine) as turn, _closed_after(engine) as connection:
        turn.execution_options(isolation_level="AUTOCOMMIT")
        if not turn.execute(text(f"SELECT pg_try_advisory_lock({UPGRADE_LOCK})")).scalar_one():
            raise _BusyError
        connection.execute(text("SET statement_timeout = 0"))
        connection.commit()
        _run(connection, to, watch)


@contextmanager
def _closed_after(engine: Engine) -> Iterator[Connection]:
    """Yield a connection that does not return to the pool: its end gives back the lock and what was set."""
    with engine.connect() as connection:
        try:
            yield connection
        finally:
            connection.invalidate()


def _run(connection: Connection, to: str | None, watch: Watch) -> None:
    from service.records.migrate import migrate  # noqa: PLC0415 - most starts have nothing to do

    found = _state(connection)
    if connection.dialect.name == "postgresql":
        connection.rollback()  # each migration there has transactions of its own
    if not found.is_newest:
        target = (to or "head") if found.revision is None else found.pending[0]
        watch(target)
        migrate(connection, MIGRATIONS, target)


def _state(connection: Connection) -> State:
    """Return which migrations a database has had and needs, refusing those of newer versions."""
    revision, known = _revision(connection), revisions()
    if revision is None:
        return State(None, tuple(known))
    if revision not in known:
        raise RecordsError(
            f"a newer version of Doublecheck has upgraded the database (to {revision}; this one knows {known[-1]}): "
            "install that version, or restore the backup from before the upgrade"
        )
    return State(revision, tuple(known[known.index(revision) + 1 :]))


def _revision(connection: Connection) -> str | None:
    """Return the revision of the tables, ``None`` where there are none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
