"""The registry: the protected accounts as one immutable collection with a version.

``segments`` keeps a million of them in little memory; ``dataframes`` reads and writes DataFrames; ``demonstration`` has
invented ones to try a service with. Imports
``importers``, ``accounts`` and ``utils``.
"""
