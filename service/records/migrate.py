"""Running migrations with Alembic, which takes long to load and has nothing to do at most starts."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection


class Migration(NamedTuple):
    """What a migration does, and whether the version before it may serve while it runs, and until the new one does."""

    revision: str
    does: str
    while_serving: bool


def migrate(connection: Connection, scripts: Path, target: str = "head") -> None:
    """Run what changes the tables from what they are to what they should be.

    Parameters
    ----------
    scripts : Path
        The directory of the migrations.
    target : str
        The last migration to run.
    """
    config = _config(scripts)
    config.attributes["connection"] = connection
    command.upgrade(config, target)


def described(scripts: Path, revision: str) -> Migration:
    """Return what is known of a migration without running it."""
    script = ScriptDirectory.from_config(_config(scripts)).get_revision(revision)
    does = str(script.doc).partition("\n")[0].rstrip(".")
    return Migration(revision, does, bool(script.module.OLD_VERSION_MAY_SERVE))


def _config(scripts: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(scripts))
    return config
