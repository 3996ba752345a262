"""``doublecheck registry import|put|withdraw``, with an entry of the log: who changed the registry on the machine.

The classifier's commands change it and know no database. Where there is one already, its log says what they did.
"""

from __future__ import annotations

from functools import wraps
from pathlib import Path
from typing import Any

import click
from sqlalchemy import make_url

from classifier.cli.registry import registry_group, registry_import, registry_put, registry_withdraw
from classifier.errors import DoublecheckError
from classifier.model_store import ModelStore, Who
from classifier.storage.home import registry_store
from service.cli.options import Office, opened
from service.settings import load_settings

__all__ = ["registry_group"]


def _logged(command: click.Command) -> None:
    """Have a command write to the log what it did."""
    change = command.callback
    assert change is not None  # noqa: S101 - they are commands of this project

    @wraps(change)
    def changing(*, home: Path, **options: Any) -> None:
        before = _version(home)
        change(home=home, **options)
        if (after := _version(home)) != before:
            _note(home, command.name or "", before, after)

    command.callback = changing


def _version(home: Path) -> str | None:
    """Return the version of the registry in force; ``None`` where there is none that can be read."""
    try:
        return registry_store(home).open().index.registry.version
    except DoublecheckError:
        return None


def _note(home: Path, command: str, before: str | None, after: str | None) -> None:
    if not _has_database(home):
        return
    try:
        with opened(home, None) as office:
            _write(office, command, before, after)
    except DoublecheckError as error:
        click.echo(f"the registry is changed, but the log does not name who did it: {error}", err=True)


def _write(office: Office, command: str, before: str | None, after: str | None) -> None:
    model_id, who = ModelStore(office.settings.home).current_id(), Who.of_system().name
    office.change(
        lambda transaction: transaction.log(
            "registry_changed", "registry", registry=after, model=model_id, before=before, actor=who,
            command=f"registry {command}",
        )
    )  # fmt: skip


def _has_database(home: Path) -> bool:
    """Tell whether there is a database: none is made for a note."""
    url = make_url(load_settings(home=home).database())
    return url.get_backend_name() != "sqlite" or Path(url.database or "").exists()


for _command in (registry_import, registry_put, registry_withdraw):
    _logged(_command)
