"""``doublecheck models``: the trained models."""

from __future__ import annotations

import json
from pathlib import Path

import click

from classifier.cli.group import Group, home_option, main
from classifier.errors import NoModelError
from classifier.models import ModelStore


@main.group(name="models", cls=Group)
def models_group() -> None:
    """The trained models."""


@models_group.command(name="list")
@home_option
def models_list(home: Path) -> None:
    """List the stored models; the one that serves is marked."""
    store = ModelStore(home)
    ids = store.ids()
    try:
        current = store.current_id()
    except NoModelError:
        current = None
    for model_id in ids:
        click.echo(f"{model_id}{'  serving' if model_id == current else ''}")
    if not ids:
        click.echo("no model yet; run 'doublecheck train'")


@models_group.command(name="show")
@click.argument("model_id", required=False)
@home_option
def models_show(model_id: str | None, home: Path) -> None:
    """Print the manifest of MODEL_ID, by default of the serving model."""
    store = ModelStore(home)
    click.echo(json.dumps(store.verify(model_id or store.current_id()), indent=2))


@models_group.command(name="verify")
@click.argument("model_id", required=False)
@home_option
def models_verify(model_id: str | None, home: Path) -> None:
    """Check signature and digest of MODEL_ID, by default of the serving model, without loading it."""
    store = ModelStore(home)
    wanted = model_id or store.current_id()
    store.verify(wanted)
    click.echo(f"model {wanted}: signature and digest are right")


@models_group.command(name="promote")
@click.argument("model_id")
@home_option
def models_promote(model_id: str, home: Path) -> None:
    """Make MODEL_ID the model that serves, after checking it; a running service takes it when it is started again."""
    ModelStore(home).promote(model_id)
    click.echo(f"model {model_id} is now serving")
