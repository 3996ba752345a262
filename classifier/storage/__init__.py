"""Storage: the registry on disk, as one file that processes map and share, and the home directory of one machine.

Imports ``features``, ``retrieval``, ``registry`` and below.
"""
