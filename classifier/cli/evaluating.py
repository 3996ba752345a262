"""``doublecheck evaluate``: figures, a report, and an exit status for bounds that are not met."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click

from classifier import evaluation
from classifier.bounds import Bound, parse_bound
from classifier.cli.group import file_argument, home_option, main, now, registry_option
from classifier.errors import InputError
from classifier.evaluation import EVALUATION_SEED, assess_labelled, measured, read_labelled, simulated_cases
from classifier.home import load_registry, refuse_writing
from classifier.invention import invent_registry
from classifier.models import ModelStore
from classifier.report import checked_output, lines, write_report
from classifier.report.mistakes import worst_mistakes
from classifier.scoring import Scorer


@main.command()
@registry_option
@click.option(
    "--pairs",
    type=file_argument,
    help="Labelled accounts with columns target_handle and label, instead of simulated ones.",
)
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
    pairs: Path | None,
    platform: str | None,
    seed: int,
    outputs: tuple[Path, ...],
    bounds: list[Bound],
    accounts: bool,
    home: Path,
) -> None:
    """Measure the serving model on accounts it has never seen, from report to verdict."""
    at = now()
    for output in outputs:
        refuse_writing(output, home, pairs, registry_file)
    if pairs:
        registry = load_registry(home, registry_file, now=at)
        labelled, source = read_labelled(pairs, now=at, platform=platform), f"labelled accounts of {pairs.name}"
    else:
        registry = (
            load_registry(home, registry_file, now=at)
            if registry_file
            else invent_registry(evaluation.IDENTITIES, seed)
        )
        labelled, source = simulated_cases(registry, seed=seed), f"simulated around protected accounts, seed {seed}"
    stored = ModelStore(home).current_or_train(progress=True)
    scorer = Scorer(stored.model, stored.model_id, registry, withdrawn=stored.withdrawn)
    results = assess_labelled(scorer, labelled, progress=True)
    found = measured(scorer, results, source=source, now=at, bounds=bounds)
    for line in lines(found):
        click.echo(line)
    mistakes = worst_mistakes(scorer, labelled, results) if accounts else None
    for output in outputs:
        write_report(output, found, results, mistakes)
    missed = sum(not bound["met"] for bound in found["bounds"])
    if missed:
        raise click.ClickException(f"{missed} of {len(bounds)} bounds not met")


def _usable(read: Callable[[Any], Any], values: Iterable[Any]) -> list[Any]:
    """Return what is read of an option's values; one that cannot be used is a usage error."""
    try:
        return [read(value) for value in values]
    except InputError as error:
        raise click.BadParameter(str(error)) from error
