"""Tools of the service that know no decisions: microbatching, logs, metrics, the clock, strict JSON, names of people.

Imports ``errors`` only.
"""
