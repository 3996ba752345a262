"""The console script: the classifier's commands, and those that need the service.

These are ``serve``, ``keys``, ``audit``, ``monitor`` and ``models promote --force``.
"""

from classifier.cli import main
from service.cli import audit, keys, models, monitor, serve

__all__ = ["audit", "keys", "main", "models", "monitor", "serve"]
