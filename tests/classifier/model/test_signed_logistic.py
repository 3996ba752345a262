"""The line that is mixed into the steps: signs held, missing silent, and the usual fit where no sign is in the way."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from classifier.model.signed_logistic import SignedLogistic


def draw(seed: int, n: int = 800) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(n, 3)) * [1.0, 10.0, 0.1] + [0.0, 5.0, -2.0]
    log_odds = 1.5 * values[:, 0] - 0.2 * (values[:, 1] - 5) + 0.5
    return values, rng.random(n) < 1 / (1 + np.exp(-log_odds))


@pytest.mark.parametrize("sign", [-1, 0, 1])
def test_a_slope_keeps_its_sign_whatever_the_data_say(sign: int) -> None:
    values, labels = draw(1)
    found = SignedLogistic.fit(values, labels, [sign] * 3, np.ones(len(values)))
    assert all(slope * sign >= 0 for slope in found.slopes)
    assert sign == 0 or (found.slopes == 0.0).any()  # one of the two true slopes is forbidden


def test_without_signs_it_is_the_usual_logistic_regression() -> None:
    values, labels = draw(2)
    found = SignedLogistic.fit(values, labels, [0, 0, 0], np.ones(len(values)), strength=1e6)
    usual = LogisticRegression(C=np.inf).fit((values - values.mean(0)) / values.std(0), labels)
    assert found.slopes * values.std(0) == pytest.approx(usual.coef_[0], rel=1e-2, abs=1e-3)
    assert found.intercept == pytest.approx(usual.intercept_[0], rel=1e-2, abs=1e-3)


def test_a_weight_of_two_counts_like_the_row_twice() -> None:
    values, labels = draw(3, n=200)
    doubled = SignedLogistic.fit(values, labels, [0] * 3, np.where(labels, 2.0, 1.0), strength=1e6)
    twice = np.concatenate([values, values[labels]]), np.concatenate([labels, labels[labels]])
    repeated = SignedLogistic.fit(*twice, [0] * 3, np.ones(len(twice[1])), strength=1e6)
    assert doubled.slopes * values.std(0) == pytest.approx(repeated.slopes * values.std(0), abs=2e-2)


@given(st.integers(0, 2), st.integers(0, 50))
def test_missing_adds_exactly_nothing_even_where_all_of_it_is_missing(column: int, seed: int) -> None:
    values, labels = draw(seed, n=60)
    values[:, column] = np.nan
    found = SignedLogistic.fit(values, labels, [0] * 3, np.ones(60))
    added = found.contributions(values)
    assert (added[:, column] == 0.0).all()
    assert np.isfinite(added).all()
