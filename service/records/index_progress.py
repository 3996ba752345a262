"""How far PostgreSQL is with the index that it makes now; SQLite does not tell."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError
from tqdm import tqdm

_EVERY = 1.0  # seconds
_PROGRESS = text(
    "SELECT c.relname AS name, p.phase, p.blocks_done + p.tuples_done AS done, p.blocks_total + p.tuples_total AS total"
    " FROM pg_stat_progress_create_index p LEFT JOIN pg_class c ON c.oid = p.index_relid"
    " WHERE p.datname = current_database()"
)


@contextmanager
def shown_progress(engine: Engine) -> Iterator[None]:
    """Show how far the making of an index is, on a terminal, while something else makes it."""
    if engine.dialect.name != "postgresql":
        yield
        return
    ended = threading.Event()
    thread = threading.Thread(target=_show, args=(engine, ended), name="progress", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _show(engine: Engine, ended: threading.Event) -> None:
    with suppress(SQLAlchemyError), tqdm(unit="step", disable=None, leave=False) as bar:
        while not ended.wait(_EVERY):
            with engine.connect() as connection:
                found = connection.execute(_PROGRESS).first()
            if found is not None:
                bar.set_description(f"{found.name or 'index'}: {found.phase}")
                bar.total, bar.n = found.total, found.done
                bar.refresh()
