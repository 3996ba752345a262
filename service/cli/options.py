"""What the service's commands share: the database they work on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import click
from sqlalchemy import Connection, Engine

from classifier.errors import InputError
from service.records.database import open_database, translated
from service.records.transaction import Answer, Transaction, Unit, commit
from service.settings import Settings, load_settings
from service.signing import Signer, clearance_keys
from service.utils.clock import utc_now

database_option = click.option(
    "--database",
    "database_url",
    metavar="URL",
    help="sqlite:///FILE or postgresql://...  [DOUBLECHECK_DATABASE_URL; default: doublecheck.db in home]",
)


def time_of(text: str, *, field: str) -> datetime:
    """Return the time that an option names.

    Raises
    ------
    InputError
        If it is none, or without an offset.
    """
    with suppress(ValueError):
        found = datetime.fromisoformat(text)
        if found.tzinfo is not None:
            return found
    raise InputError("must be a time in RFC 3339, such as 2026-12-31T17:00:00Z", field=field)


class Office(NamedTuple):
    """What a command works with: the settings, the database they name, and the signer of its log."""

    settings: Settings
    engine: Engine
    signer: Signer

    def change(self, work: Callable[[Transaction], Any]) -> Any:
        """Do one unit of work and return what it returns."""
        results: list[Any] = []

        def keep(transaction: Transaction) -> Answer:
            results.append(work(transaction))
            return Answer("")

        [answer] = commit(self.engine, self.signer, [Unit(keep)], now=utc_now)
        if isinstance(answer, Exception):
            raise answer
        return results[-1]

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Yield a connection to read by."""
        with translated(), self.engine.connect() as connection:
            yield connection


@contextmanager
def opened(home: Path, database_url: str | None) -> Iterator[Office]:
    """Yield what a command works with, and let go of it afterwards."""
    settings = load_settings(home=home, database_url=database_url)
    engine = open_database(settings.database())
    try:
        yield Office(settings, engine, Signer(clearance_keys(settings.home)))
    finally:
        engine.dispose()
