"""The console script: the classifier's commands and the service's: ``serve``, ``keys``, ``audit``, ``monitor``."""

from classifier.cli import main
from service.cli import audit, keys, monitor, serve

__all__ = ["audit", "keys", "main", "monitor", "serve"]
