"""Bringing tables up to date with Alembic, which takes long to load and has nothing to do at most starts."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection


def migrate(connection: Connection, scripts: Path) -> None:
    """Run what changes the tables from what they are to what they should be.

    Parameters
    ----------
    scripts : Path
        The directory of the migrations.
    """
    config = Config()
    config.set_main_option("script_location", str(scripts))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
