"""Tools of the service that know no decisions: microbatching, JSON logs, metrics, the clock, strict JSON.

Imports ``errors`` only.
"""
