"""Storage: the registry on disk, and the home directory of one machine.

Imports ``retrieval``, ``registry`` and ``features``.
"""
