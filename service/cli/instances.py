"""``doublecheck instances``: the homes that work on one database, and what is in force at each."""

from __future__ import annotations

import getpass
from pathlib import Path

import click

from classifier.cli.main import Group
from classifier.cli.options import home_option
from service.cli.options import database_option, opened
from service.decisions.instances import NOTES, forget, instance_id


@click.group(name="instances", cls=Group)
def instances_group() -> None:
    """Homes on one database: while they differ in registry or model, nothing is cleared."""


@instances_group.command(name="list")
@database_option
@home_option
def instances_list(database_url: str | None, home: Path) -> None:
    """List the homes, with the registry, model and key in force at each."""
    with opened(home, database_url) as office, office.reading() as connection:
        rows = connection.execute(NOTES).all()
        own, trusted = instance_id(office.signer.directory), office.signer.public()
    for row in rows:
        told = ["this home"] * (row.id == own) + ["its key is NOT trusted here"] * (row.key not in trusted)
        click.echo(
            f"{row.id}  {row.host:24} registry {row.registry[:12]}  model {row.model}  key {row.key}  "
            f"since {row.at}  {', '.join(told)}".rstrip()
        )
    if not rows:
        click.echo("no home has noted anything yet: 'doublecheck serve' does")
    elif len({(row.registry, row.model) for row in rows}) > 1:
        click.echo("They differ, so nothing is cleared. Give all the same registry and model, or forget what is gone.")


@instances_group.command(name="forget")
@click.argument("instance")
@database_option
@home_option
def instances_forget(instance: str, database_url: str | None, home: Path) -> None:
    """Count INSTANCE, the id of a home that is gone for good, no more; the log says so."""
    with opened(home, database_url) as office:
        office.change(lambda transaction: forget(transaction, instance, by=getpass.getuser()))
    click.echo(f"home {instance} does not count any more; if it comes back, it notes itself again")
