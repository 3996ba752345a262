"""How the database is reached: an engine for SQLite beside the models, or for PostgreSQL.

SQLite runs with a write-ahead log, foreign keys and full synchronisation, PostgreSQL with synchronous commits whatever
its own default is: what was committed survives the loss of power. A write waits at most ``LOCK_SECONDS`` for another
process, then fails. A database that was moved, replaced, stopped or cut off is looked for anew at each request.
"""

from __future__ import annotations

import logging
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, DisconnectionError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from classifier.utils.private_files import make_private_directory, make_private_file, tighten
from service.errors import RecordsError, SettingsError

log = logging.getLogger(__name__)

LOCK_SECONDS = 2
# The file, its write-ahead log and the index of that. SQLite makes the latter two as readable as the first.
_ENDINGS = ("", "-wal", "-shm")


def engine_of(url: str) -> Engine:
    """Return an engine for the database at ``url``, whatever its tables are.

    Raises
    ------
    SettingsError
        If the address is none, or of a database that is not supported.
    """
    try:
        address = make_url(url)
        if address.get_backend_name() == "sqlite":
            return _sqlite(url)
        if address.get_backend_name() == "postgresql":
            return _postgresql(url)
    except (ArgumentError, NoSuchModuleError) as error:
        raise SettingsError("DOUBLECHECK_DATABASE_URL is no database's address") from error
    except ImportError as error:
        raise SettingsError("PostgreSQL needs its driver: pip install 'doublecheck[postgres]'") from error
    raise SettingsError("DOUBLECHECK_DATABASE_URL must begin with sqlite:/// or postgresql://")


def writing(engine: Engine) -> Engine:
    """Return the same engine for transactions that write: on SQLite they take the lock when they begin."""
    return engine.execution_options(doublecheck_writes=True)


def count_connections(engine: Engine, count: Callable[[int], object]) -> None:
    """Tell how many more connections are in use, or fewer, whenever that changes."""
    event.listen(engine, "checkout", lambda *_: count(1))
    event.listen(engine, "checkin", lambda *_: count(-1))


@contextmanager
def translated() -> Iterator[None]:
    """Raise whatever the database's driver raises as a RecordsError, which quotes no statement and no value.

    What the driver said is logged for the operator: the class, the SQLSTATE and the first line, where it has no values.
    """
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
        name, state = type(cause).__name__, _state(cause)
        log.warning("the database failed: %s %s: %s", name, state, _first_line(cause, state), extra={"sqlstate": state})
        raise RecordsError(f"the database cannot be used now ({name}); nothing was cleared") from error


def _state(cause: BaseException) -> str:
    """Return PostgreSQL's SQLSTATE, or SQLite's name of the error; "-" where there is neither."""
    return str(getattr(cause, "sqlstate", None) or getattr(cause, "sqlite_errorname", None) or "-")


def _first_line(cause: BaseException, state: str) -> str:
    """Return what the driver said: its further lines quote rows. So do all of SQLAlchemy's own, and data exceptions."""
    if isinstance(cause, SQLAlchemyError) or state.startswith(DATA_EXCEPTION):
        return "-"
    return str(cause).strip().partition("\n")[0]


# The class of SQLSTATEs whose messages quote values.
DATA_EXCEPTION = "22"


def is_locked(error: DBAPIError) -> bool:
    """Tell whether another process holds the lock, so that the same may succeed a moment later."""
    code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
    return code == sqlite3.SQLITE_BUSY or getattr(error.orig, "sqlstate", None) in _LOCKED


# PostgreSQL's lock_not_available and deadlock_detected.
_LOCKED = ("55P03", "40P01")


def _sqlite(url: str) -> Engine:
    path = make_url(url).database
    if not path or path == ":memory:":
        raise SettingsError("DOUBLECHECK_DATABASE_URL must name a file: what is in memory only is not durable")
    make_private_directory(Path(path).parent)
    make_private_file(Path(path))  # records are about people
    tighten(Path(f"{path}{ending}") for ending in _ENDINGS)
    engine = create_engine(url, connect_args={"timeout": LOCK_SECONDS, "check_same_thread": False})

    @event.listens_for(engine, "do_connect")
    def _find(*_: object) -> None:
        if _file(path) is None:  # SQLite would make an empty one
            raise sqlite3.OperationalError("the database's file is gone")

    @event.listens_for(engine, "checkout")
    def _look(_connection: object, entry: ConnectionPoolEntry, _proxy: object) -> None:
        if entry.info["file"] != _file(path):  # an open file takes what is written to it, also when it was deleted
            raise DisconnectionError("the database's file was moved or replaced")

    @event.listens_for(engine, "connect")
    def _configure(connection: sqlite3.Connection, entry: ConnectionPoolEntry) -> None:
        entry.info["file"] = _file(path)
        connection.isolation_level = None  # transactions begin below, not where the driver thinks best
        # ``secure_delete``: what is erased is overwritten, not only forgotten.
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("doublecheck_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _file(path: str) -> tuple[int, int] | None:
    """Return what identifies the file that has this name now."""
    try:
        status = os.stat(path)
    except FileNotFoundError:
        return None
    return status.st_dev, status.st_ino


def _postgresql(url: str) -> Engine:
    # What a server, a database or a role has as its default may be otherwise.
    limits = f"-c lock_timeout={LOCK_SECONDS}s -c statement_timeout={LOCK_SECONDS * 5}s -c synchronous_commit=on"
    options: dict[str, Any] = {
        "connect_timeout": LOCK_SECONDS,
        "options": limits,
        # A network that swallows everything is noticed in seconds, not in the quarter of an hour that TCP takes.
        "tcp_user_timeout": LOCK_SECONDS * 5_000,
        "keepalives_idle": LOCK_SECONDS * 2,
        "keepalives_interval": LOCK_SECONDS,
        "keepalives_count": 3,
    }
    return create_engine(
        make_url(url).set(drivername="postgresql+psycopg"),
        connect_args=options,
        pool_pre_ping=True,
        pool_size=4,
        isolation_level="READ COMMITTED",  # who waited for the log's head must see what was committed meanwhile
    )
