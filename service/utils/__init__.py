"""Tools of the service that know no decisions: microbatching, logs, traces, metrics, the clock, strict JSON.

Imports ``errors`` only.
"""
