"""Tools of the service that know no decisions: logs, traces, metrics, the clock, strict JSON, names of people and more.

Imports ``errors`` only.
"""
