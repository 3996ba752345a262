"""The stability index finds what moved, and takes small samples for what they are."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import pytest
from scipy.stats import binom

from classifier.certification.monitoring.population_drift import CHANCE, Spread, drift, outside, spread, spreads


def test_bins_hold_about_the_same_and_shares_add_up() -> None:
    found = spread(np.append(np.arange(1_000.0), [np.nan] * 250))
    assert (found.n, len(found.edges)) == (1_250, 9)
    assert found.shares == pytest.approx([0.08] * 10 + [0.2])


@pytest.mark.parametrize("values", [[], [np.nan] * 3, [1.0] * 5, [0.0, 0.0, 0.0, 1.0]])
def test_odd_quantities_have_bins_too(values: list[float]) -> None:
    found = spread(values)
    assert len(found.shares) == len(found.edges) + 2
    assert sum(found.shares) == pytest.approx(1.0 if values else 0.0)


def test_the_index_is_that_of_the_definition() -> None:
    then = Spread(1_000_000, [0.5], [0.5, 0.5, 0.0])
    found = drift("a", then, [0.0] * 900_000 + [1.0] * 100_000)
    assert found is not None
    assert found.index == pytest.approx(0.4 * np.log(1.8) + -0.4 * np.log(0.2), rel=1e-4)
    assert found.is_shift


def test_chance_alone_is_called_a_shift_as_rarely_as_promised() -> None:
    """With few rows the index is large by chance; a bare threshold of 0.25 would call it a shift again and again."""
    rng = np.random.default_rng(3)
    runs = [drift("a", spread(rng.normal(size=3_000)), rng.normal(size=60)) for _ in range(1_000)]
    assert sum(one is not None and one.index >= 0.25 for one in runs) > 50
    assert sum(one is not None and one.is_shift for one in runs) <= binom.ppf(0.9999, len(runs), 3 * CHANCE)


def test_a_quantity_that_goes_missing_has_moved() -> None:
    found = drift("a", spread(np.arange(1_000.0)), [np.nan] * 200)
    assert found is not None
    assert found.is_shift


def test_nothing_to_compare_is_no_drift() -> None:
    assert drift("a", spread([1.0]), []) is None
    assert drift("a", spread([]), [1.0]) is None


def test_what_training_kept_is_read_back_and_nothing_else() -> None:
    kept = {"age": asdict(spread(np.arange(100.0)))}
    assert spreads(kept)["age"] == spread(np.arange(100.0))
    for broken in (
        {"age": {}},
        {"age": 1},
        {"age": kept["age"] | {"shares": [1.0]}},
        {"age": kept["age"] | {"n": "x"}},
    ):
        with pytest.raises(ValueError):  # noqa: PT011 - one of several
            spreads(broken)


def test_more_accounts_beyond_the_certificate_are_noticed_and_a_few_are_not() -> None:
    assert outside(300, 1_000, 0.01, 5_000).is_more
    assert not outside(3, 10, 0.2, 5_000).is_more
    assert not outside(10, 1_000, 0.01, 5_000).is_more
    assert not outside(0, 0, 0.01, 5_000).is_more
