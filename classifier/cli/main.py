"""What all commands share: the group they belong to, their common options, and what they never write over."""

from __future__ import annotations

import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from classifier import __version__
from classifier.errors import DoublecheckError
from classifier.labels.votes import KINDS
from classifier.storage.home import DEFAULT_HOME


class Group(click.Group):
    """Shows this project's errors, and interruptions, as one line instead of a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command.

        Its DoublecheckError, or the system's about a file, becomes exit status 1 and a message; Ctrl-C becomes 130,
        as shells expect.
        """
        try:
            return super().invoke(ctx)
        except BrokenPipeError:  # nobody reads on: click ends quietly
            raise
        except (DoublecheckError, OSError) as error:
            raise click.ClickException(str(error)) from error
        except KeyboardInterrupt as stop:
            click.echo("Aborted!", err=True)
            raise click.exceptions.Exit(128 + signal.SIGINT) from stop


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
pairs_kind_option = click.option(
    "--pairs-kind",
    type=click.Choice(KINDS),
    help="What the files of --pairs are, where their columns do not tell.",
)
file_argument = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="doublecheck")
def main() -> None:
    """Doublecheck: the second pair of eyes before an account is suspended as a fake."""
    # As Ctrl-C does: unwind, so that nothing half-written stays behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))


def now() -> datetime:
    """Return the time a command runs at, aware."""
    return datetime.now(UTC)
