"""``doublecheck models promote --force``: what the gate refuses, two people may force. Who they are, their keys say."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from classifier.cli.models import models_group, models_promote, reasons, tell_examination, warn
from classifier.cli.options import now
from classifier.errors import InputError, PromotionError
from classifier.model_store import ModelStore, Who
from classifier.promotion.gate import installed
from classifier.promotion.measurements import installation
from classifier.promotion.promote import examine
from classifier.storage.home import load_registry
from service.auth.api_keys import Caller, Callers
from service.cli.options import database_option, opened

_KEY = "DOUBLECHECK_KEY"


@models_group.command(name="promote", help=models_promote.help)
@click.option(
    "--force", is_flag=True, help="Ask to promote what the gate refuses, or confirm what another admin asked."
)
@click.option("--reason", metavar="TEXT", help="Why it must be forced; the log keeps it.")
@database_option
def promote_command(force: bool, reason: str | None, database_url: str | None, **asked: Any) -> None:
    """Promote as the classifier's command does, or force it."""
    if force:
        _force(asked["model_id"], asked["home"], reason, database_url, asked)
    elif reason:
        raise InputError("goes with --force", field="reason")
    else:
        click.get_current_context().invoke(models_promote, **asked)


promote_command.params = [*models_promote.params, *promote_command.params]


def _force(model_id: str, home: Path, reason: str | None, database_url: str | None, asked: dict[str, Any]) -> None:
    store, at = ModelStore(home), now()
    caller = _admin(home, database_url, at)
    who = Who(caller.actor, "API key")
    other = list(installed(store.verify(model_id), installation()))
    if other:  # it would answer otherwise than it was measured, or not at all: nobody can answer for that
        raise InputError(
            "\n".join((f"model {model_id} cannot serve here, and that cannot be forced:", *reasons(other)))
        )
    asked_before = store.force_requested(model_id, at=at)
    if asked_before is not None and caller.is_called(asked_before["who"]["name"]):
        raise PromotionError("you have asked for it already; now a second person must confirm it")
    if asked_before is not None:
        store.force(model_id, confirmed_by=who, at=at)
        click.echo(f"model {model_id} is now serving, forced by {asked_before['who']['name']} and {who.name}")
        warn(store)
        return
    if not (reason or "").strip():
        raise InputError("say why it must be forced, with --reason")
    registry = load_registry(home, asked["registry_file"], now=at) if asked["pairs"] else None
    found = examine(
        store,
        model_id,
        registry=registry,
        pairs=asked["pairs"],
        kind=asked["pairs_kind"],
        platform=asked["platform"],
        progress=True,
    )
    tell_examination(found)
    if not found.findings:
        raise InputError("the gate finds nothing against it: promote it without --force")
    store.request_force(
        model_id, who=who, reason=reason or "", findings=[finding.plain() for finding in found.findings], at=at
    )
    for line in reasons(found.findings):
        click.echo(line)
    click.echo(f"asked for by {who.name}; a second admin confirms with the same command and another key, within a day")


def _admin(home: Path, database_url: str | None, at: datetime) -> Caller:
    """Return the admin whose key is in the environment or typed in: as an argument, every process could read it."""
    key = os.environ.get(_KEY) or click.prompt("API key of an admin", hide_input=True, err=True)
    with opened(home, database_url) as office:
        office.refuse_demonstration("its keys force nothing")
        caller = Callers(office.engine).find(str(key).strip())
    caller.require("admin")
    caller.require_access(at)
    return caller
