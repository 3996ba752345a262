"""The loop that makes probabilities of log-odds says what ``scipy`` says, to the bit."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special

from classifier.model.additive_kernel import expit


@pytest.mark.parametrize("width", [0.01, 1.0, 10.0, 400.0])
def test_probabilities_are_those_of_scipy(width: float) -> None:
    log_odds = np.random.default_rng(5).normal(0.0, width, 20_000)
    assert np.array_equal(expit(log_odds), special.expit(log_odds))


def test_what_is_beyond_all_numbers_is_certain_and_what_is_unknown_stays_so() -> None:
    log_odds = np.array([-np.inf, -800.0, -745.2, -0.0, 0.0, 709.9, 800.0, np.inf, np.nan])
    assert np.array_equal(expit(log_odds), special.expit(log_odds), equal_nan=True)
    assert expit(np.empty(0)).shape == (0,)
