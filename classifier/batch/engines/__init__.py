"""Engines: the local worker processes, and Spark."""
