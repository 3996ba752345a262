"""The command line: argument parsing, progress and printing only, a file for each command or group of commands.

``service.cli`` adds ``serve`` and others to the group.
"""

from classifier.cli.main import main

__all__ = ["main"]
