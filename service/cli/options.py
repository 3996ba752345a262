"""What the service's commands share: the database they work on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import click
from sqlalchemy import Connection, Engine, Row, Select

from classifier.errors import InputError
from classifier.storage.paths import DEMONSTRATION
from classifier.storage.protection import protect_home
from service.errors import SettingsError
from service.records.database import embedded, open_database, translated
from service.records.purpose import claim, purpose_of
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

_NOTE = (
    "Note: no registry is configured, so this is about the demonstration, which counts nowhere else. For a service "
    "that is started with --registry set DOUBLECHECK_REGISTRY here too."
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

    def is_demonstration(self) -> bool:
        """Tell whether the database is the demonstration's."""
        return purpose_of(self.engine) == "demonstration"

    def refuse_demonstration(self, because: str) -> None:
        """Refuse to let what was tried out count.

        Raises
        ------
        InputError
        """
        if self.is_demonstration():
            raise InputError(f"this is the demonstration's database: {because}")

    def read(self, query: Select[Any]) -> Sequence[Row[Any]]:
        """Return the rows of one query, as they are now."""
        with self.reading() as connection:
            return connection.execute(query).all()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Yield a connection to read by."""
        with translated(), self.engine.connect() as connection:
            yield connection


@contextmanager
def opened(home: Path, database_url: str | None) -> Iterator[Office]:
    """Yield what a command works with, and let go of it afterwards."""
    settings = chosen(load_settings(home=home, database_url=database_url))
    for note in protect_home(settings.home):
        click.echo(f"Warning: {note}.", err=True)
    engine = open_database(settings.database())
    try:
        yield Office(settings, engine, _signer(settings, engine))
    finally:
        engine.dispose()


def chosen(settings: Settings) -> Settings:
    """Return settings in which it is decided whether a command works on the demonstration's database.

    Raises
    ------
    SettingsError
        If that cannot be told: no registry was imported, and there are both databases.
    """
    if settings.database_url or settings.demonstration is not None or not settings.demo():
        return settings.settled()
    real, invented = embedded(settings.home), embedded(settings.records_home())
    if real.exists() and invented.exists():
        raise SettingsError(
            "no registry was imported, and this home has two databases. Say which one you mean: set "
            "DOUBLECHECK_DEMONSTRATION to true for that of the demonstration, to false for the other"
        )
    if real.exists():
        return settings.model_copy(update={"demonstration": False})
    click.echo(_NOTE, err=True)
    return settings.settled()


def _signer(settings: Settings, engine: Engine) -> Signer:
    """Return the signer of the database: the demonstration has keys of its own."""
    if settings.database_url is None and settings.demo():
        signer = Signer(clearance_keys(settings.records_home()))
        claim(engine, signer, "demonstration", now=utc_now)
        return signer
    is_invented = purpose_of(engine) == "demonstration"
    return Signer(clearance_keys(settings.home / DEMONSTRATION if is_invented else settings.home))
