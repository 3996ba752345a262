"""The command line: argument parsing, progress and printing only, a file for each command or group of commands.

``service.cli`` adds ``serve`` to the group.
"""

from classifier.cli import evaluate, models, registry, sample, score, train
from classifier.cli.main import main

__all__ = ["evaluate", "main", "models", "registry", "sample", "score", "train"]
