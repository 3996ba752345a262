"""The command line: argument parsing, progress and printing only, a file for each command or group of commands.

What a command does is a call of ``workbench``, or of the package that it names. ``service.cli`` adds the commands that
need the service. May import everything in ``classifier``.
"""

from classifier.cli.main import main

__all__ = ["main"]
