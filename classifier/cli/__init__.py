"""The command line: argument parsing, progress and printing only, a file for each command or group of commands.

``service.cli`` adds ``serve`` to the group.
"""

from classifier.cli import evaluating, models, registry, sample, scoring, training  # noqa: F401 - each adds its commands
from classifier.cli.group import main

__all__ = ["main"]
