"""Doublecheck's classifier: which protected account, if any, does a reported account imitate, and how sure are we.

It knows no web, no SQL and nothing of ``service``. ARCHITECTURE.md draws its packages in the order in which they may
import each other; ``errors`` has every error that they raise.
"""

from importlib.metadata import version

__version__ = version("doublecheck")
