"""``doublecheck keys``: who may call the service, as what, and until when."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import cast

import click

from classifier.cli.main import Group
from classifier.cli.options import home_option
from service.auth.api_keys import ROLES, Role, create_key, end_access, list_keys, require_known, revoke_key
from service.cli.options import database_option, opened, time_of
from service.records.people import people_by
from service.records.retired_keys import retirements
from service.records.signing_keys import retire, rotate


@click.group(name="keys", cls=Group)
def keys_group() -> None:
    """API keys of actors, and the key that signs clearances."""


@keys_group.command(name="create")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice(ROLES), help="May be repeated.")
@click.option("--actor", required=True, help="The person or tool that the key belongs to.")
@click.option("--person", metavar="ID", help="An id of the person: all actors whose keys have it count as one person.")
@click.option("--access-ends-at", metavar="TIME", help="When the actor's access ends, RFC 3339, if an end is known.")
@database_option
@home_option
def keys_create(
    roles: tuple[str, ...],
    actor: str,
    person: str | None,
    access_ends_at: str | None,
    database_url: str | None,
    home: Path,
) -> None:
    """Make a key and print it as the last line. It is shown only now: the database has its digest."""
    ends = time_of(access_ends_at, field="access_ends_at") if access_ends_at else None
    given = cast(tuple[Role, ...], roles)
    with opened(home, database_url) as office:
        key = office.change(lambda transaction: create_key(transaction, actor, given, person=person))
        if ends:
            office.change(lambda transaction: end_access(transaction, actor, ends))
        with office.reading() as connection:
            others = [name for name in people_by(connection).spellings(actor) if name != actor]
    if others:
        click.echo(f"{actor} counts as the same person as {', '.join(others)}")
    click.echo(f"API key of {actor} ({', '.join(dict.fromkeys(roles))}); keep it now, it is not shown again:")
    click.echo(key)


@keys_group.command(name="list")
@database_option
@home_option
def keys_list(database_url: str | None, home: Path) -> None:
    """List the keys; what they are is not kept."""
    with opened(home, database_url) as office:
        listed = list_keys(office.engine)
    for row, access_ends_at in listed:
        state = "in force" if row.revoked is None else f"revoked by entry {row.revoked}"
        person = f"  person {row.person}" if row.person else ""
        person += "  by provider" if row.subject else ""
        ends = f"  access ends {access_ends_at.isoformat()}" if access_ends_at else ""
        known = f"{row.id}  {row.roles.replace(' ', ','):24} {row.actor:24} created {row.created_at}"
        click.echo(f"{known}  {state}{person}{ends}")
    if not listed:
        click.echo("no keys yet; make one with 'doublecheck keys create --role agent --actor NAME'")


@keys_group.command(name="revoke")
@click.argument("key")
@database_option
@home_option
def keys_revoke(key: str, database_url: str | None, home: Path) -> None:
    """Take KEY, the id that 'keys list' shows, out of force for good."""
    with opened(home, database_url) as office:
        office.change(lambda transaction: revoke_key(transaction, key))
    click.echo(f"key {key} is not in force any more")


@keys_group.command(name="end-access")
@click.option("--actor", required=True, help="Whose access ends.")
@click.option("--at", "at", metavar="TIME", required=True, help="RFC 3339, or 'never' to take an end back.")
@click.option("--new", is_flag=True, help="Also for an actor who has no key and was never named in a check.")
@database_option
@home_option
def keys_end_access(actor: str, at: str, new: bool, database_url: str | None, home: Path) -> None:
    """Register when a person's access ends; near that time the person neither clears nor approves anything.

    It holds for every spelling of the actor's name, and for all actors that a person's id ties to it.
    """
    ends = None if at == "never" else time_of(at, field="access_ends_at")
    with opened(home, database_url) as office:
        if not new:
            office.change(lambda transaction: require_known(transaction, actor))
        office.change(lambda transaction: end_access(transaction, actor, ends))
    click.echo(f"access of {actor} ends {'at no known time' if ends is None else ends.isoformat()}")


@keys_group.command(name="signing")
@database_option
@home_option
def keys_signing(database_url: str | None, home: Path) -> None:
    """List the keys that sign clearances and the log: which one signs here, which are accepted, which were retired."""
    with opened(home, database_url) as office:
        present, accepted, known = office.signer.present().key_id, office.signer.public(), office.signer.known()
        retired = retirements(office.read)
    for key in sorted(known):
        state = "signs here" if key == present else "accepted" if key in accepted else "not accepted"
        click.echo(f"{key}  {state}{f', retired by entry {retired[key]}' if key in retired else ''}")


@keys_group.command(name="rotate")
@database_option
@home_option
def keys_rotate(database_url: str | None, home: Path) -> None:
    """Sign clearances and the log with a new key from now on; what the old one signed stays valid."""
    with opened(home, database_url) as office:
        key = rotate(office.change, office.read, office.signer, by=getpass.getuser())
    click.echo(f"signing with key {key} now; running services follow by themselves")


@keys_group.command(name="retire")
@click.argument("key")
@click.option("--because", required=True, help="Why, for the log: no names of people.")
@database_option
@home_option
def keys_retire(key: str, because: str, database_url: str | None, home: Path) -> None:
    """Accept nothing more that KEY signs, an id that 'keys signing' shows. The log has it, and it is for good.

    The key that signs is rotated first. Where several homes share the database, run it at each.
    """
    with opened(home, database_url) as office:
        entry = retire(office.change, office.read, office.signer, key, by=getpass.getuser(), because=because)
    click.echo(f"key {key} is retired by entry {entry}: what it signs from then on is refused")
