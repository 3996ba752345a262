"""``doublecheck certify``: what your own genuine accounts say of the certified thresholds; the stricter holds."""

from __future__ import annotations

import json
from pathlib import Path

import click

from classifier.cli.options import file_argument, home_option, registry_option
from classifier.importers import FORMATS
from classifier.workbench import Workbench


@click.command()
@click.option(
    "--genuine",
    "files",
    multiple=True,
    required=True,
    type=file_argument,
    help="Accounts that you know to be genuine, in any format that is read. May be given several times.",
)
@registry_option
@click.option("--format", type=click.Choice(FORMATS), help="Of the accounts; told by their columns.")
@click.option("--platform", help="Platform of rows that name none, for example 'x'.")
@click.option("--model", "model_id", metavar="ID", help="The model to certify; by default the one that serves.")
@click.option("--dry-run", is_flag=True, help="Only say what would be found: nothing is kept.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
@home_option
def certify(
    files: tuple[Path, ...],
    registry_file: Path | None,
    format: str | None,  # noqa: A002 - the option's name everywhere else
    platform: str | None,
    model_id: str | None,
    dry_run: bool,
    as_json: bool,
    home: Path,
) -> None:
    """Certify on your own genuine accounts: n, errors, bound and threshold of each tier.

    Accounts of the registry are left out. It is signed and logged, shown in every answer, and can make a threshold
    stricter, never looser; a running service follows within a second. Exit status 1 where they contradict the model's
    certificate and are too few to certify another: nothing of that tier is cleared any more.
    """
    found = Workbench(home).certify(
        files,
        registry=registry_file,
        model_id=model_id,
        format=format,
        platform=platform,
        dry_run=dry_run,
        progress=True,
    )
    for line in found.measured.report.lines():
        click.echo(line, err=True)
    for line in [json.dumps(found.plain(), indent=2)] if as_json else found.lines():
        click.echo(line)
    if not found.holds:
        raise click.ClickException("the certificate does not hold for these accounts")
