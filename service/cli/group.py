"""What the service's commands share: the database they work on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Engine

from service.api import utc_now
from service.records.database import open_database
from service.records.transaction import Answer, Transaction, Unit, commit
from service.settings import Settings, load_settings
from service.signing import Signer, clearance_keys

database_option = click.option(
    "--database",
    "database_url",
    metavar="URL",
    help="sqlite:///FILE or postgresql://...  [DOUBLECHECK_DATABASE_URL; default: doublecheck.db in home]",
)


def opened(home: Path, database_url: str | None) -> tuple[Settings, Engine, Signer]:
    """Return the settings, the database they name, and the signer of its log."""
    settings = load_settings(home=home, database_url=database_url)
    return settings, open_database(settings.database()), Signer(clearance_keys(settings.home))


def change(engine: Engine, signer: Signer, work: Callable[[Transaction], Any]) -> Any:
    """Do one unit of work from the command line and return what it returns."""
    results: list[Any] = []

    def keep(transaction: Transaction) -> Answer:
        results.append(work(transaction))
        return Answer("")

    [answer] = commit(engine, signer, [Unit(keep)], now=utc_now)
    if isinstance(answer, Exception):
        raise answer
    return results[-1]
