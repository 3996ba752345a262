"""Research sets: published collections of labelled accounts, each read as it was published.

``detect`` tells the set of a file. Imports the readers and formats of ``importers``.
"""
