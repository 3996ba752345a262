"""The database: SQLite beside the models by default, PostgreSQL by one setting.

Opening one brings its tables up to date (``upgrades``). How it is reached is said in ``engines``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from service.errors import RecordsError
from service.records.engines import engine_of, translated, writing
from service.records.upgrades import upgrade

__all__ = ["default_url", "embedded", "forget_overwritten", "open_database", "translated", "writing"]


def embedded(home: Path) -> Path:
    """Return the file of the embedded database."""
    return home.resolve() / "doublecheck.db"


def default_url(home: Path) -> str:
    """Return the address of the embedded database."""
    return f"sqlite:///{embedded(home)}"


def open_database(url: str) -> Engine:
    """Return an engine for the database at ``url``, whose tables are made or brought up to date first.

    Raises
    ------
    SettingsError
        If the address is none, or of a database that is not supported.
    RecordsError
        If it cannot be reached or brought up to date, or a newer version has upgraded it.
    """
    engine = engine_of(url)
    try:
        with translated():
            upgrade(engine)
    except RecordsError:
        engine.dispose()
        raise
    return engine


def forget_overwritten(engine: Engine) -> bool:
    """Empty SQLite's write-ahead log, which holds pages as they were; return whether it is empty now.

    It is not while somebody reads from it. PostgreSQL's own log is for whoever runs the server: nothing is done there.
    """
    if engine.dialect.name != "sqlite":
        return True
    with translated(), engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        connection.rollback()  # no checkpoint within a transaction
        busy, _, _ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy
