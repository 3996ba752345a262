"""``doublecheck records``: what was recorded of an account, and erasing it because the person asks."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import islice
from pathlib import Path

import click

from classifier.accounts.canonical.handles import read_handle
from classifier.accounts.canonical.platforms import canonical_platform
from classifier.cli.main import Group
from classifier.cli.options import home_option
from classifier.errors import InputError
from service.cli.options import Office, database_option, opened
from service.decisions.erasure import TOGETHER, Order, checks_of, erase, overturned_ones, why_identifiers_stay
from service.decisions.recorded import Decision, reader
from service.records.database import forget_overwritten
from service.uploads.jobs import Jobs
from service.uploads.persons import Named, uploads_with


@click.group(name="records", cls=Group)
def records_group() -> None:
    """What was recorded of accounts."""


@records_group.command(name="erase")
@click.option("--platform", help="The account's platform.")
@click.option("--account-id", help="The platform's own id of the account.")
@click.option("--handle", help="Its handle as it was written, but for case.")
@click.option("--check", "check_id", help="One check, in place of an account.")
@click.option("--by", metavar="NAME", required=True, help="Who erases; it stays in the log.")
@click.option("--because", metavar="TEXT", required=True, help="Why, without anybody's name; it stays in the log.")
@click.option("--identifiers", is_flag=True, help="What identifies the account too: nothing stops the next check then.")
@click.option("--yes", is_flag=True, help="Erase. Without it nothing is changed, only told.")
@database_option
@home_option
def records_erase(
    platform: str | None,
    account_id: str | None,
    handle: str | None,
    check_id: str | None,
    by: str,
    because: str,
    identifiers: bool,
    yes: bool,
    database_url: str | None,
    home: Path,
) -> None:
    """Erase the texts of an account from what was recorded of it; the log stays verifiable."""
    if not by.strip() or not because.strip():
        raise InputError("--by and --because say who erases and why")
    order = Order(by.strip(), because.strip(), identifiers)
    with opened(home, database_url) as office:
        with office.reading() as connection:
            read = reader(connection)
            found = checks_of(read, platform=platform, account_id=account_id, handle=handle, check_id=check_id)
            ids = [one.row.id for one in found]
            overturned, stays = overturned_ones(read, ids), why_identifiers_stay(read, ids)
        for one in found:
            click.echo(_line(one, overturned))
        jobs = Jobs(office.settings.records_home())
        held, unread = uploads_with(jobs, _named(found, platform, account_id, handle))
        if identifiers and stays:
            raise InputError(stays)
        if yes:
            _erase(office, found, order)
            for job in held:
                jobs.remove(job)
    done = "erased" if yes else "to be erased: nothing was changed, --yes does it"
    click.echo(f"{len(found):,} checks, {len(held):,} uploads with their answers {done}")
    if unread:
        click.echo(f"{len(unread):,} uploads are not scored yet and were not looked at: they are removed by age")


def _line(decision: Decision, overturned: set[str]) -> str:
    row = decision.row
    notes = [f"erased by entry {row.erased}"] if decision.is_erased else []
    notes += ["overturned"] if row.id in overturned else []
    return f"{row.id}  {row.at}  {row.action} {row.verdict}{'  ' + ', '.join(notes) if notes else ''}"


def _erase(office: Office, found: Sequence[Decision], order: Order) -> None:
    ids = iter([one.row.id for one in found])
    while together := list(islice(ids, TOGETHER)):
        office.change(partial(erase, check_ids=together, order=order))
    if not forget_overwritten(office.engine):
        click.echo("the database is being read: its write-ahead log may hold what was erased until the next checkpoint")


def _named(found: Sequence[Decision], platform: str | None, account_id: str | None, handle: str | None) -> Named:
    accounts = [one.record["account"] for one in found]
    ids = {str(account["account_id"]) for account in accounts if account.get("account_id")}
    handles = {str(account["handle"]).casefold() for account in accounts if account.get("handle")}
    if account_id:
        ids.add(account_id)
    if handle:
        handles.add(read_handle(handle).handle.casefold())
    known = (canonical_platform(platform) or platform.lower()) if platform else found[0].row.platform
    return Named(known, frozenset(ids), frozenset(handles))
