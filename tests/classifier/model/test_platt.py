import numpy as np
import pytest
from scipy.special import expit

from classifier.errors import TrainingError
from classifier.model.platt import Calibration


def test_calibration_finds_the_sigmoid_that_made_the_labels() -> None:
    rng = np.random.default_rng(11)
    log_odds = rng.normal(scale=2, size=40_000)
    labels = rng.random(40_000) < expit(1.7 * log_odds - 0.6)
    found = Calibration.fit(log_odds, labels)
    assert (found.slope, found.offset) == pytest.approx((1.7, -0.6), abs=0.08)


@pytest.mark.parametrize("labels", [[True, True, False, False], [True, False, True, False]])
def test_a_score_that_does_not_rise_with_the_truth_cannot_be_calibrated(labels: list[bool]) -> None:
    """A slope below 0 would turn every monotone feature round."""
    with pytest.raises(TrainingError, match="does not rise"):
        Calibration.fit(np.array([0.0, 0.0, 1.0, 1.0]), np.array(labels))
