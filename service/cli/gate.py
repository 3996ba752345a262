"""``doublecheck gate``: Doublecheck in front of a platform's suspend button."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from classifier.errors import DoublecheckError
from service.utils.logs import Lines

# The platforms that run as a process of their own, and whether each takes requests; what has no cases, and only looks.
PLATFORMS = {"ozone": False, "coop": True, "mastodon": True, "webhook": True}
NOTICES = "notify"
_HELP = {
    "ozone": "Bluesky's Ozone: reports are checked, takedowns take a clearance.",
    "coop": "Coop: the callback of its actions.",
    "mastodon": "Mastodon: reports are checked, suspensions without a clearance are raised.",
    "webhook": "Any platform: signed webhooks in and out.",
    "notify": "No platform: tells people and tools what waits for them.",
}


# Options that one platform has and no other.
_ITS_OWN = {
    "ozone": [
        click.option(
            "--verifications", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
            help="Write who is verified there into FILE, for doublecheck registry import, and end.",
        )
    ]
}  # fmt: skip


@click.group("gate")
def gate_group() -> None:
    """Stand in front of a platform's suspend button: check, wait for reviewers, redeem, act once."""


def _command(name: str) -> Callable[..., None]:
    @click.option(
        "--check", is_flag=True, help="Say what is missing at the platform, and end: exit status 1 if anything is."
    )
    @click.option("--waiting", is_flag=True, help="Say what waits, and end.")
    @click.option("--show", type=int, metavar="CASE", help="Say all that is known of a case, names included, and end.")
    @click.option("--settle", type=int, metavar="CASE", help="Close a case that was raised, and end.")
    @click.option("--once", is_flag=True, help="Do what is due, and end.")
    def gate(**options: Any) -> None:
        try:
            _run(name, **options)
        except DoublecheckError as error:
            raise click.ClickException(str(error)) from error

    gate.__doc__ = _HELP[name]
    for option in _ITS_OWN.get(name, []):
        gate = option(gate)
    return gate


def _run(name: str, *, verifications: Path | None = None, **options: Any) -> None:
    # What a gate takes is loaded for a gate only; its client is a distribution of its own.
    if find_spec("doublecheck_client") is None:
        raise click.ClickException("a gate needs the client: pip install doublecheck-client")
    from service.gates.settings import load  # noqa: PLC0415

    logging.basicConfig(level="INFO", handlers=[Lines()], format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)  # it logs addresses, which name accounts
    module = import_module(f"service.gates.{name}")
    settings = load(module.Settings)
    if verifications is not None:
        count = module.save_verifications(settings, verifications)
        click.echo(f"{count:,} verified accounts: doublecheck registry import {verifications}")
        return
    with _closing(module.platform(settings)) as platform:
        _serve(name, platform, settings, **options)


@contextmanager
def _closing(platform: Any) -> Iterator[Any]:
    """Close what a platform has open, where it has something."""
    try:
        yield platform
    finally:
        if close := getattr(platform, "close", None):
            close()


def _serve(
    name: str, platform: Any, settings: Any, *, check: bool, waiting: bool, show: int | None, settle: int | None,
    once: bool,
) -> None:  # fmt: skip
    from service.gates import run as running  # noqa: PLC0415
    from service.gates.book import Book  # noqa: PLC0415

    if check:
        _tell_missing(platform)
        return
    if waiting or show is not None:
        book = Book(settings.gate_state, name, hold=False)
        _tell_waiting(book) if show is None else _tell_case(book, show)
        return
    if settle is not None:
        _settle(Book(settings.gate_state, name, hold=False), settle)
        return
    book = Book(settings.gate_state, name)
    if name == NOTICES:
        running.watch(platform, settings, book, once=once)
    elif once:
        running.once(platform, settings, book)
    else:
        running.run(platform, settings, book, listens=PLATFORMS[name])


def _tell_missing(platform: Any) -> None:
    missing = list(platform.missing())
    for sentence in missing:
        click.echo(sentence)
    if missing:
        raise click.exceptions.Exit(1)
    click.echo("Nothing is missing.")


def _tell_waiting(book: Any) -> None:
    for entry in book.open():
        click.echo(
            f"case {entry.number}: {entry.case.state}, check {entry.case.check_id or '-'}, {entry.trouble or 'waits'}"
            if entry.case.state != "raised"
            else f"case {entry.number}: raised. {entry.case.why}"
        )
    for outcome in book.outcomes.waiting():
        click.echo(f"outcome {outcome.number}: {outcome.trouble or 'waits'}")
    for state, count in book.counts().items():
        click.echo(f"{count:>8} {state}")
    book.close()


def _tell_case(book: Any, number: int) -> None:
    entry = book.numbered(number)
    book.close()
    if entry is None:
        raise click.ClickException(f"there is no case {number}")
    for name in ("ref", "account", "action", "actor", "state", "check_id", "clearance_id", "why"):
        click.echo(f"{name:>12} {getattr(entry.case, name) or '-'}")


def _settle(book: Any, number: int) -> None:
    entry = book.numbered(number)
    if entry is None or entry.case.state != "raised":
        book.close()
        raise click.ClickException(f"case {number} was not raised")
    entry.case.state, entry.case.why = "stands", "Somebody looked at it and closed it."
    book.save(entry.case)
    book.close()
    click.echo(f"case {number} is closed.")


for _name in (*PLATFORMS, NOTICES):
    gate_group.command(_name)(_command(_name))
