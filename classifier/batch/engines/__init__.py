"""Engines: who answers the rows of a batch. ``local`` uses processes of this machine, ``spark`` a Spark cluster.

Both call the one scoring function of ``batch.score_rows``, so both give the same bytes. Imports ``batch``,
``importers`` and ``utils``.
"""
