"""``doublecheck score``: files in, files out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import click
from tqdm import tqdm

from classifier.batch import Summary, score_file, writer_of
from classifier.cli.group import file_argument, home_option, keep, main, now, registry_option
from classifier.home import load_index
from classifier.importers import FORMATS, Imported, ImportReport, read_accounts
from classifier.models import ModelStore
from classifier.policy import Policy
from classifier.scoring import Scorer


@main.command()
@click.argument("input_file", metavar="INPUT", type=file_argument)
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="CSV, JSONL or Parquet by its ending.",
)
@registry_option
@click.option(
    "--format",
    "source_format",
    type=click.Choice(FORMATS),
    help="Format of INPUT; told from its columns when not given.",
)
@click.option("--platform", help="Platform of rows that name none, for example 'x'.")
@click.option("--engine", type=click.Choice(["local"]), default="local", expose_value=False, help="Where to run.")
@home_option
def score(
    input_file: Path,
    output: Path,
    registry_file: Path | None,
    source_format: str | None,
    platform: str | None,
    home: Path,
) -> None:
    """Score the reported accounts of INPUT, one output row for each input row."""
    at = now()
    # What cannot be read or written is refused now: a first model takes a minute or two to train.
    rows = read_accounts(input_file, format=source_format, now=at, default_platform=platform)
    writer_of(output)
    keep(output, home, input_file, registry_file)
    index = load_index(home, registry_file, now=at)
    stored = ModelStore(home).current_or_train(progress=True)
    scorer = Scorer(stored.model, stored.model_id, index)
    imports = ImportReport()
    summary = Summary()
    with tqdm(desc="scoring", unit="row", disable=None) as bar:
        for summary in score_file(_counted(rows, imports), output, scorer, policy=Policy(), now=at):
            bar.update(summary.rows - bar.n)
    _print_summary(summary, imports, output)


def _counted(rows: Iterable[Imported], report: ImportReport) -> Iterator[Imported]:
    for one in rows:
        report.add(one)
        yield one


def _print_summary(summary: Summary, imports: ImportReport, output: Path) -> None:
    for line in imports.lines():
        click.echo(line)
    for title, counts in (("relation", summary.relations), ("verdict", summary.verdicts)):
        for name, count in counts.most_common():
            click.echo(f"  {title:9} {count:>9,}  {name}")
    click.echo(f"{summary.rows:,} rows -> {output}")
