"""``doublecheck statements``: statements of reasons, for the EU's DSA transparency database."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from classifier.cli.main import Group
from classifier.cli.options import home_option
from classifier.errors import InputError
from classifier.utils.atomic_files import atomic_path
from service.cli.options import database_option, opened
from service.decisions.recorded import reader
from service.decisions.statement_export import incomplete, pages, unstated

# Checks that are named when their statements lack something.
_NAMED = 20


@click.group(name="statements", cls=Group)
def statements_group() -> None:
    """Statements of reasons, for the EU's DSA transparency database."""


@statements_group.command(name="export")
@click.option("--since", metavar="DATE", required=True, help="Those that became complete since: YYYY-MM-DD, UTC.")
@click.option("--after", metavar="PUID", help="Go on behind this one: what the last export ended with.")
@click.option(
    "-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="A JSON Lines file."
)
@database_option
@home_option
def statements_export(since: str, after: str | None, output: Path, database_url: str | None, home: Path) -> None:
    """Write the statements of actions, a line for each hundred: the body of a POST /api/v1/statements.

    What is incomplete is left out and named on standard error: POST /v1/checks/{id}/statement completes it, and a later
    export has it. Send the lines in order, and keep the last puid for the next export.
    """
    begin, count, lines, last = _day(since), 0, 0, after
    with opened(home, database_url) as office, office.reading() as connection:
        office.refuse_demonstration("nothing was done to anybody there, so there is nothing to file")
        read = reader(connection)
        with atomic_path(output) as temporary, temporary.open("w", encoding="utf-8") as stream:
            for page in pages(read, begin, after):
                stream.write(page.body + "\n")
                count, lines, last = count + page.statements, lines + 1, page.last
        lacking, without = list(incomplete(read, begin)), unstated(read, begin)
    for one in lacking[:_NAMED]:
        click.echo(f"not exported, incomplete: check {one.puid} lacks {one.missing}", err=True)
    if len(lacking) > _NAMED:
        click.echo(f"and {len(lacking) - _NAMED:,} more", err=True)
    if without:
        click.echo(f"{without:,} actions have no statement: they were taken before statements were kept", err=True)
    click.echo(f"{count:,} statements in {lines:,} lines -> {output}")
    if last:
        click.echo(f"go on with --after {last}")


def _day(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise InputError("must be a date, such as 2026-05-01", field="since") from None
