"""The command line's group: a command's module is loaded when the command is asked for, errors become one line.

The classifier's modules take seconds to import, ``--help`` none of them. So the group knows each command by the name of
its module and its line in the help, and modules of commands are never imported to print a list.
"""

from __future__ import annotations

import signal
import sys
from importlib import import_module
from typing import Any, NamedTuple

import click

from classifier import __version__
from classifier.errors import DoublecheckError


class Lazy(NamedTuple):
    """A command that is loaded when somebody asks for it.

    Attributes
    ----------
    target : str
        ``module:attribute`` of the command.
    help : str
        Its line in the list of commands: the first sentence of its own help.
    """

    target: str
    help: str

    def load(self) -> click.Command:
        """Import the command's module and return the command."""
        module, _, attribute = self.target.partition(":")
        command = getattr(import_module(module), attribute)
        assert isinstance(command, click.Command)  # noqa: S101 - only this project's own tables name targets
        return command


class Group(click.Group):
    """Loads its ``lazy`` commands when they are asked for; shows errors and interruptions as one line."""

    def __init__(self, *args: Any, **attributes: Any) -> None:
        super().__init__(*args, **attributes)
        self.lazy: dict[str, Lazy] = {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, loaded or not."""
        return sorted({*super().list_commands(ctx), *self.lazy})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, loading it first where it is lazy."""
        if cmd_name in self.lazy:
            return self.lazy[cmd_name].load()
        return super().get_command(ctx, cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without loading the lazy ones."""
        names = self.list_commands(ctx)
        limit = formatter.width - 6 - max(map(len, names), default=0)
        rows = [(name, (self._listed(ctx, name)).get_short_help_str(limit)) for name in names]
        if rows:
            with formatter.section("Commands"):
                formatter.write_dl(rows)

    def _listed(self, ctx: click.Context, name: str) -> click.Command:
        """Return what stands for a command in the list."""
        lazy = self.lazy.get(name)
        found = click.Command(name, help=lazy.help) if lazy else super().get_command(ctx, name)
        assert found is not None  # noqa: S101 - the names are the group's
        return found

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command.

        Its DoublecheckError, or the system's about a file, becomes exit status 1 and a message; Ctrl-C becomes 130,
        as shells expect, and a SIGTERM 143.
        """
        try:
            return super().invoke(ctx)
        except (BrokenPipeError, click.ClickException, click.exceptions.Exit):  # click ends, quietly where nobody reads
            raise
        except KeyboardInterrupt as stop:
            raise _aborted() from stop
        except Exception as error:
            if _received:  # within a half-loaded module an interruption becomes another error
                raise (_aborted() if _received[0] == signal.SIGINT else _terminated()) from error
            if isinstance(error, DoublecheckError | OSError):
                raise click.ClickException(str(error)) from error
            raise


# The signals that came since the command began.
_received: list[int] = []


def _aborted() -> click.exceptions.Exit:
    click.echo("Aborted!", err=True)
    return click.exceptions.Exit(128 + signal.SIGINT)


def _terminated() -> click.exceptions.Exit:
    return click.exceptions.Exit(128 + signal.SIGTERM)


def _interrupt(number: int, _frame: Any) -> None:
    _received.append(number)
    if number == signal.SIGINT:
        raise KeyboardInterrupt
    sys.exit(128 + number)


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="doublecheck")
def main() -> None:
    """Doublecheck: the second pair of eyes before an account is suspended as a fake."""
    _received.clear()
    # The command is loaded. Both unwind from here on, so that nothing half-written stays behind.
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:  # as it is for what a shell runs in the background
        signal.signal(signal.SIGINT, _interrupt)
    signal.signal(signal.SIGTERM, _interrupt)


# The classifier's commands; ``service.cli`` adds those that need the service.
main.lazy.update(
    certify=Lazy(
        "classifier.cli.certify:certify",
        "Certify on your own genuine accounts: n, errors, bound and threshold of each tier.",
    ),
    evaluate=Lazy(
        "classifier.cli.evaluate:evaluate",
        "Measure the serving model on accounts it has never seen, from report to verdict.",
    ),
    models=Lazy("classifier.cli.models:models_group", "The trained models, and which of them serves."),
    registry=Lazy("classifier.cli.registry:registry_group", "The protected accounts."),
    sample=Lazy(
        "classifier.cli.sample:sample",
        "Write the invented sample files: a registry, and reported accounts in every format.",
    ),
    score=Lazy(
        "classifier.cli.score:score",
        'Score the reported accounts of INPUT: files, directories, globs, or "-" for a pipe.',
    ),
    train=Lazy(
        "classifier.cli.train:train_command",
        "Train a model over simulated attacks on the registry, by default on an invented population.",
    ),
)
