"""``doublecheck score``: files in, a file out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from classifier.batch import Batch, Progress, VolumeCap, score_files
from classifier.batch.writers import STANDARD
from classifier.cli.options import home_option, registry_option
from classifier.importers import FORMATS
from classifier.importers.readers.source import KINDS
from classifier.utils.progress import bar

_CAP = VolumeCap()
_DIRECTORY = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command()
@click.argument("inputs", metavar="INPUT...", nargs=-1, required=True)
@click.option("-o", "--output", required=True, help='CSV, JSONL or Parquet by its ending, .gz or .zst; "-" for a pipe.')
@registry_option
@click.option("--format", type=click.Choice(FORMATS), help="Of the accounts; told by their columns.")
@click.option("--input-kind", type=click.Choice(KINDS), help='Kind of file where names do not tell, as of "-".')
@click.option("--output-kind", type=click.Choice(KINDS), help='The same of the output; of "-" it is jsonl.')
@click.option("--platform", help="Platform of rows that name none, for example 'x'.")
@click.option("--pictures", type=_DIRECTORY, help="Where avatar_file's files are; by default beside INPUT.")
@click.option("--engine", type=click.Choice(["local", "spark"]), default="local", help="Where to run.")
@click.option("--workers", type=click.IntRange(1), help="Processes, or the cluster's cores.")
@click.option("--master", help="Spark's master, as 'local[4]'; by default what spark-submit says.")
@click.option("--resume", is_flag=True, help="Go on with an interrupted run, if there is one.")
@click.option("--restart", is_flag=True, help="Discard an interrupted run.")
@click.option("--shadow", metavar="MODEL", help="Ask this model too, and tell where the answers differ.")
@click.option("--summary", type=click.Path(dir_okay=False, path_type=Path), help="By default OUTPUT.summary.json.")
@click.option("--max-cleared", type=int, default=_CAP.total, show_default=True, help="Cleared rows at most.")
@click.option("--max-cleared-share", type=float, default=_CAP.total_share, show_default=True, help="As a share of all.")
@click.option("--max-per-target", type=int, default=_CAP.per_target, show_default=True, help="Towards one account.")
@click.option(
    "--max-per-target-share", type=float, default=_CAP.per_target_share, show_default=True, help="As a share."
)
@home_option
def score(registry_file: Path | None, home: Path, **options: Any) -> None:
    """Score the reported accounts of INPUT: files, directories, globs, or "-" for a pipe.

    One row comes out for each row, in order, under OUTPUT's name when the last one is answered. Where more rows would
    be cleared than the --max options allow, they need review instead; a batch never issues a clearance.
    """
    names = ("max_cleared", "max_cleared_share", "max_per_target", "max_per_target_share")
    total, total_share, per_target, per_target_share = (options.pop(name) for name in names)
    cap = VolumeCap(total=total, total_share=total_share, per_target=per_target, per_target_share=per_target_share)
    inputs, output = options.pop("inputs"), options.pop("output")
    piped = output == STANDARD
    with _bar(can_resume=not piped and STANDARD not in inputs) as watch:
        batch = Batch(inputs=list(inputs), output=output, home=home, registry=registry_file, cap=cap, **options)
        summary = score_files(batch, watch=watch)
    for line in summary.lines():
        click.echo(line, err=piped)
    click.echo(f"{summary.rows:,} rows -> {'standard output' if piped else output}", err=piped)


@contextmanager
def _bar(*, can_resume: bool) -> Iterator[Callable[[Progress], None]]:
    """Show progress; tell on any failure that what is answered is kept."""
    seen = Progress()
    with bar(desc="scoring", unit="row") as shown:

        def watch(progress: Progress) -> None:
            nonlocal seen
            seen = progress
            shown.initial = progress.resumed
            shown.total = progress.expected
            shown.set_postfix(dict(progress.relations.most_common(4)), refresh=False)
            shown.update(progress.rows - shown.n)

        try:
            yield watch
        except BaseException:
            if seen.rows and can_resume:
                shown.clear()
                click.echo(f"{seen.rows:,} rows are answered and kept: add --resume to go on.", err=True)
            raise
