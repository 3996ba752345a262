"""``doublecheck evaluate``: figures, a report, and an exit status for bounds that are not met."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click

from classifier.cli.labels import pairs_kind_option
from classifier.cli.options import file_argument, home_option, registry_option
from classifier.errors import InputError
from classifier.evaluation.evaluate import EVALUATION_SEED
from classifier.evaluation.requirements import Bound, parse_bound
from classifier.reports.evaluation_report import checked_output
from classifier.storage.home import refuse_writing
from classifier.workbench import Workbench


@click.command()
@registry_option
@click.option(
    "--pairs",
    multiple=True,
    type=file_argument,
    help="Labelled accounts with columns target_handle and label, instead of simulated ones. May be given several "
    "times.",
)
@pairs_kind_option
@click.option("--platform", help="Platform of labelled rows that name none, for example 'x'.")
@click.option("--seed", type=int, default=EVALUATION_SEED, show_default=True, help="Seed of the simulated cases.")
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    type=click.Path(dir_okay=False, path_type=Path),
    callback=lambda _ctx, _param, paths: _usable(checked_output, paths),
    help="Write a report for people (.html) or the figures (.json), by the ending. May be given several times.",
)
@click.option(
    "--require",
    "bounds",
    multiple=True,
    metavar="BOUND",
    callback=lambda _ctx, _param, texts: _usable(parse_bound, texts),
    help="'NAME>=VALUE' or 'NAME<=VALUE', in quotes, for a figure that is printed or in the JSON, such as "
    "'impersonation_with_right_target>=0.8'. Exit status 1 when one is not met. May be given several times.",
)
@click.option(
    "--accounts/--no-accounts", default=True, show_default=True, help="Show the worst mistakes in an HTML report."
)
@home_option
def evaluate(
    registry_file: Path | None,
    pairs: tuple[Path, ...],
    pairs_kind: str | None,
    platform: str | None,
    seed: int,
    outputs: tuple[Path, ...],
    bounds: list[Bound],
    accounts: bool,
    home: Path,
) -> None:
    """Measure the serving model on accounts it has never seen, from report to verdict."""
    for output in outputs:
        refuse_writing(output, home, *pairs, registry_file)
    found = Workbench(home).evaluate(
        pairs, kind=pairs_kind, registry=registry_file, platform=platform, seed=seed, require=bounds, progress=True
    )
    for line in found.read:
        click.echo(line, err=True)
    for line in found.lines():
        click.echo(line)
    for output in outputs:
        found.write(output, accounts=accounts)
    missed = sum(not bound["met"] for bound in found.measured["bounds"])
    if missed:
        raise click.ClickException(f"{missed} of {len(bounds)} bounds not met")


def _usable(read: Callable[[Any], Any], values: Iterable[Any]) -> list[Any]:
    """Return what is read of an option's values; one that cannot be used is a usage error."""
    try:
        return [read(value) for value in values]
    except InputError as error:
        raise click.BadParameter(str(error)) from error
