"""Tools that know no accounts: whole files, Ctrl-C, progress bars, rounding, compiled loops, pseudonyms, key rings,
agreement.

Imports ``errors`` only.
"""
