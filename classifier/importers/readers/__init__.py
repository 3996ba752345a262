"""Readers: rows out of CSV, JSON Lines, JSON lists and Parquet, packed or not, with bounded memory.

A row that cannot be read is an error in its place. Readers know no accounts. They import ``errors`` and the results of
``importers``.
"""
