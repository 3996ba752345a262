"""Monitoring: does what a model decides now still look like what its certificates were measured on? Pure: no IO.

``error_bound`` tests the bound so that looking every day does not spoil it, and is what withdraws a certificate;
``population_drift`` tells whether the accounts have changed; ``calibration_drift`` whether probabilities agree with
outcomes; ``health`` puts all of it into one verdict. Imports ``certification`` and ``errors``.
"""

from classifier.certification.monitoring.health import Health, Observed, TierHealth, examine

__all__ = ["Health", "Observed", "TierHealth", "examine"]
