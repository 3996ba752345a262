"""Doublecheck's classifier: which protected account, if any, does a reported account imitate, and how sure are we.

Reading order, each file importing only from those before it: ``errors``, ``text``, ``accounts``, ``importers``,
``registry``, ``candidates``, ``features``, ``evidence``, ``thresholds``, ``model``, ``scoring``, ``policy`` (what
serving needs), then ``invention``, ``simulation``, ``datasets``, ``training``, ``evaluation`` (what teaching needs),
then ``artifacts``, ``models``, ``batch`` and ``cli``.
"""

from importlib.metadata import version

__version__ = version("doublecheck")
