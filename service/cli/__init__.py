"""The console script: the classifier's commands, and those that need the service.

These are ``serve``, ``keys``, ``audit``, ``monitor`` and ``models promote --force``.
"""

from service.cli.main import main

__all__ = ["main"]
