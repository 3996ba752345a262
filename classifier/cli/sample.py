"""``doublecheck sample``."""

from __future__ import annotations

from pathlib import Path

import click

from classifier.workbench import Workbench


@click.command()
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    default="data",
    show_default=True,
    help="Directory to write to.",
)
def sample(output: Path) -> None:
    """Write the invented sample files: a registry, and reported accounts in every format."""
    for path in Workbench.sample(output):
        click.echo(path)
