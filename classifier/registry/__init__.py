"""The registry: the protected accounts as one immutable collection with a version.

``segments`` keeps a million of them in little memory; ``dataframes`` reads and writes DataFrames. Imports
``importers``, ``accounts`` and ``utils``.
"""
