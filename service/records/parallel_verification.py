"""Verifying the log by several processes, each part of it by one, all of them on one state of the database.

On PostgreSQL the processes share a snapshot. SQLite has none to share: each process has its own, and what is written
after the first stands in entries that nobody looks at, because parts are cut by the first.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection, Engine, text

from service.records.engines import engine_of, translated
from service.records.kept_checkpoints import Checkpoint
from service.records.verification import Part, PartVerified, Verified, verify, verify_part


@contextmanager
def snapshot(engine: Engine, shared: str | None = None) -> Iterator[Connection]:
    """Yield a connection that sees the database as it is now, whatever is written meanwhile, without a time limit.

    Parameters
    ----------
    shared : str, optional
        The snapshot of another connection, on PostgreSQL.
    """
    with translated(), engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            if shared:
                connection.exec_driver_sql(f"SET TRANSACTION SNAPSHOT '{shared}'")
            connection.execute(text("SET LOCAL statement_timeout = 0"))
        yield connection


def verify_snapshot(
    engine: Engine,
    trusted: Mapping[str, Ed25519PublicKey],
    *,
    processes: int = 1,
    kept: Checkpoint | None = None,
    since: Checkpoint | None = None,
    also: Sequence[Checkpoint] = (),
    watch: Callable[[int], object] = int,
) -> Verified:
    """Verify the log as it is now (``verification.verify``), by one process or by several.

    Raises
    ------
    TamperedError
    RecordsError
    """
    with snapshot(engine) as connection:
        if processes == 1:
            return verify(connection, trusted, kept=kept, since=since, also=also, watch=watch)
        parts = partial(_by_processes, connection, trusted, processes, watch)
        return verify(connection, trusted, kept=kept, since=since, also=also, parts=parts)


def _by_processes(
    connection: Connection,
    trusted: Mapping[str, Ed25519PublicKey],
    processes: int,
    watch: Callable[[int], object],
    parts: Sequence[Part],
) -> Iterator[PartVerified]:
    """Verify parts elsewhere and yield what was found in their order, so that the first that is wrong is named."""
    url = connection.engine.url.render_as_string(hide_password=False)
    shared = None
    if connection.dialect.name == "postgresql":
        shared = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
    keys = {name: key.public_bytes_raw() for name, key in trusted.items()}
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        try:
            for part, found in zip(parts, pool.map(partial(_verify_one, url, shared, keys), parts), strict=True):
                watch(part.until - part.after)
                yield found
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _verify_one(url: str, shared: str | None, keys: Mapping[str, bytes], part: Part) -> PartVerified:
    trusted = {name: Ed25519PublicKey.from_public_bytes(key) for name, key in keys.items()}
    engine = engine_of(url)
    try:
        with snapshot(engine, shared) as connection:
            return verify_part(connection, trusted, part)
    finally:
        engine.dispose()
