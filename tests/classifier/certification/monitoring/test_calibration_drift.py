"""Probabilities that are right are nearly never called wrong; those that are wrong are."""

from __future__ import annotations

import numpy as np
from scipy.stats import binom

from classifier.certification.monitoring.calibration_drift import CHANCE, reliability


def test_right_probabilities_are_rarely_called_wrong() -> None:
    rng = np.random.default_rng(5)
    said = rng.beta(0.7, 0.7, size=(2_000, 400))
    off = sum(reliability(row, rng.random(400) < row).is_off for row in said)
    assert off <= binom.ppf(0.9999, len(said), 2 * CHANCE)


def test_probabilities_that_are_too_high_are_noticed() -> None:
    rng = np.random.default_rng(6)
    said = rng.uniform(0.7, 0.99, 500)
    found = reliability(said, rng.random(500) < said - 0.2)
    assert found.is_off
    assert sum(part.count for part in found.bins) == 500
    assert all(part.said > part.happened for part in found.bins)


def test_without_outcomes_nothing_is_off() -> None:
    assert (reliability([], []).z, reliability([], []).is_off) == (None, False)
    assert not reliability([1.0, 0.0], [True, False]).is_off
