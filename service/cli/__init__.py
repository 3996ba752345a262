"""The console script: the classifier's commands, and those that need the service: ``serve``, ``keys``, ``audit``."""

from classifier.cli import main
from service.cli import audit, keys, serve

__all__ = ["audit", "keys", "main", "serve"]
