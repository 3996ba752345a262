"""Tools that know no accounts: whole files, Ctrl-C, progress bars, compiled loops, pseudonyms, key rings, agreement.

Imports ``errors`` only.
"""
