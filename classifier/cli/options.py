"""Options that several commands share. Nothing heavy is imported here: ``keys`` and ``--help`` start at once."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from classifier.storage.paths import DEFAULT_HOME

home_option = click.option(
    "--home",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="DOUBLECHECK_HOME",
    default=DEFAULT_HOME,
    show_default=True,
    callback=lambda _ctx, _param, path: path.expanduser(),
    help="Where models, keys and the registry are kept.",
)
registry_option = click.option(
    "--registry",
    "registry_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    envvar="DOUBLECHECK_REGISTRY",
    help="Protected accounts as CSV, JSONL or Parquet; by default the imported ones.",
)
file_argument = click.Path(exists=True, dir_okay=False, path_type=Path)


def now() -> datetime:
    """Return the time a command runs at, aware."""
    return datetime.now(UTC)
