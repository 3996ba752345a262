"""Small tools that know no accounts: files written whole, Ctrl-C, progress bars, rounding, compiled loops, keys.

Imports ``classifier.errors`` only.
"""
