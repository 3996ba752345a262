"""The registry: the protected accounts as one immutable collection with a version.

Imports ``accounts`` and ``importers``.
"""
