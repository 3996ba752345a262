"""``doublecheck db``: which version of the tables a database has, and bringing it up to date by hand."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from time import perf_counter

import click
from sqlalchemy import Engine, make_url

from classifier.cli.main import Group
from classifier.cli.options import home_option
from classifier.errors import InputError
from classifier.storage.protection import protect_home
from service.cli.options import chosen, database_option, opened
from service.decisions.restoration import restore
from service.records.engines import engine_of, translated
from service.records.index_progress import shown_progress
from service.records.migrate import described
from service.records.upgrades import MIGRATIONS, State, newest_revision, state_of, upgrade
from service.settings import load_settings


@click.group(name="db", cls=Group)
def db_group() -> None:
    """The database's tables: which version they have, and bringing them up to date."""


@db_group.command(name="current")
@database_option
@home_option
def db_current(database_url: str | None, home: Path) -> None:
    """Say which migration the database had last."""
    with _reached(home, database_url, makes=False) as engine:
        found = state_of(engine)
    behind = "the newest" if found.is_newest else f"{len(found.pending)} to go until {newest_revision()}"
    click.echo(f"{found.revision or 'no tables yet'}  ({behind})")


@db_group.command(name="check")
@database_option
@home_option
def db_check(database_url: str | None, home: Path) -> None:
    """List the migrations that are to come; exit status 1 if there are some. Nothing is changed."""
    with _reached(home, database_url, makes=False) as engine:
        found = state_of(engine)
    for revision in found.pending:
        _, does, while_serving = described(MIGRATIONS, revision)
        click.echo(f"{revision}  {does}  ({_MAY_SERVE[while_serving]})")
    if found.is_newest:
        click.echo(f"the database is up to date, at {found.revision}")
        return
    click.echo("run 'doublecheck db upgrade', or start the service: both do the same")
    raise SystemExit(1)


_MAY_SERVE = {True: "the old version may serve meanwhile", False: "stop the old version first"}


@db_group.command(name="upgrade")
@database_option
@home_option
def db_upgrade(database_url: str | None, home: Path) -> None:
    """Run the migrations that are to come. Interrupted, it goes on where it was when it is run again."""
    with _reached(home, database_url, makes=True) as engine, shown_progress(engine):
        _upgrade(engine, state_of(engine))
        found = state_of(engine)
    click.echo(f"the database is up to date, at {found.revision}")


def _upgrade(engine: Engine, before: State) -> None:
    """Upgrade, with a line for each migration that begins and the seconds that the one before took."""
    begun: list[float] = []

    def tell(revision: str) -> None:
        _tell_seconds(begun)
        what = f"all {len(before.pending)}" if revision == "head" else described(MIGRATIONS, revision).does
        click.echo(f"migration {revision}: {what}")
        begun.append(perf_counter())

    upgrade(engine, watch=tell)
    _tell_seconds(begun)


def _tell_seconds(begun: list[float]) -> None:
    if begun:
        click.echo(f"  done in {perf_counter() - begun[-1]:.1f} s")


@db_group.command(name="restored")
@click.option("--because", required=True, help="Why, for the log: no names of people.")
@click.option("--keep", "kept", multiple=True, metavar="KEY", help="An API key that stays in force. May be repeated.")
@click.option("--keep-all", is_flag=True, help="All do: none was revoked since the backup.")
@database_option
@home_option
def db_restored(because: str, kept: tuple[str, ...], keep_all: bool, database_url: str | None, home: Path) -> None:
    """Say that the database was restored from a backup, so that it is written to again. Stop the service before.

    What was cleared or approved until now gives no permission any more, people sign in again, and all API keys are
    revoked but those to keep: the backup does not know which were revoked since.
    """
    with opened(home, database_url) as office, office.signer.mark.set_aside():
        before = office.signer.mark.known()
        keeping = None if keep_all else kept
        work = partial(restore, before=before, kept=keeping, by=getpass.getuser(), because=because)
        gone = office.change(work)
    click.echo(f"the log has it; {gone} API keys were revoked. What was given before is refused: ask for new checks")


@contextmanager
def _reached(home: Path, database_url: str | None, *, makes: bool) -> Iterator[Engine]:
    """Yield an engine for the database as it is: other commands bring it up to date first."""
    settings = chosen(load_settings(home=home, database_url=database_url))
    for note in protect_home(settings.home):
        click.echo(f"Warning: {note}.", err=True)
    address = make_url(settings.database()) if "://" in settings.database() else None
    file = address.database if address and address.get_backend_name() == "sqlite" else None
    if not makes and file and not Path(file).exists():
        raise InputError(f"there is no database at {file} yet: 'doublecheck db upgrade' makes one")
    engine = engine_of(settings.database())
    try:
        with translated():
            yield engine
    finally:
        engine.dispose()
