"""Watching: does what a model decides now still look like what its certificates were measured on? Pure: no IO.

Reading order: ``bound`` (the error bound, tested so that looking every day does not spoil it: this withdraws),
``stability`` (has the population moved), ``reliability`` (do probabilities agree with outcomes), ``health`` (all of it
in one verdict).
"""

from classifier.certification.monitoring.health import Health, Observed, TierHealth, examine

__all__ = ["Health", "Observed", "TierHealth", "examine"]
