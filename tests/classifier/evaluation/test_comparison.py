import numpy as np
import pandas as pd
import pytest

from classifier.errors import InputError
from classifier.evaluation.comparison import compare, trade_off


def results(flagged: list[bool], label: str = "impersonation", *, each: int = 1) -> pd.DataFrame:
    """One case after another, ``each`` of them around one protected account."""
    identity = np.arange(len(flagged)) // each
    return pd.DataFrame(
        {"family": "typo", "label": label, "flagged": flagged, "right_target": True, "identity": identity}
    )


def test_what_is_gained_and_lost_is_told_from_noise() -> None:
    before, after = results([False] * 50 + [True] * 50), results([False] * 20 + [True] * 80)
    found = compare(before, after).iloc[0]
    assert (found["before"], found["after"], found["cases"], found["better"]) == (0.5, 0.8, 100, True)
    assert found["low"] < 0.3 < found["high"]
    genuine = compare(results([False] * 100, "parody_or_fan"), results([True] * 100, "parody_or_fan")).iloc[0]
    assert (genuine["kind"], genuine["better"]) == ("genuine flagged", False)
    noise = compare(results([True, False] * 10), results([True, False] * 9 + [True, True])).iloc[0]
    assert noise["better"] is None


def test_other_cases_are_refused() -> None:
    for other in (results([True]), results([True, True], "unrelated")):
        with pytest.raises(InputError, match="same cases"):
            compare(results([True, False]), other)
    with pytest.raises(InputError, match="same cases"):
        compare(results([True]), results([True]), by="nonsense")


def test_the_interval_covers_the_true_difference_as_often_as_it_says() -> None:
    """Half of the cases are found before, one in ten changes: simulated, 95 % of the intervals hold the difference."""
    held = 0
    for seed in range(300):
        rng = np.random.default_rng(seed)
        before, up, down = rng.random(400) < 0.5, rng.random(400) < 0.1, rng.random(400) < 0.04
        after = np.where(before, ~down, up)
        one = compare(results(before.tolist()), results(after.tolist()), seed=seed).iloc[0]
        held += one["low"] <= 0.5 * 0.1 - 0.5 * 0.04 <= one["high"]
    assert held >= 300 * 0.95 - 4 * np.sqrt(300 * 0.95 * 0.05)


def test_cases_around_one_account_count_as_one() -> None:
    """Three of thirty accounts changed, each with all ten cases: as independent cases that would look certain."""
    before, after = [False] * 300, [True] * 30 + [False] * 270
    apart, together = (compare(results(before, each=n), results(after, each=n)).iloc[0] for n in (1, 10))
    assert (apart["difference"], together["difference"]) == (0.1, 0.1)
    assert apart["low"] > 0.05
    assert together["low"] <= 0.0
    assert together["better"] is None


def test_over_few_accounts_nothing_is_claimed() -> None:
    found = compare(results([False] * 190, each=10), results([True] * 190, each=10)).iloc[0]
    assert np.isnan([found["low"], found["high"]]).all()
    assert found["better"] is None


def test_the_interval_of_cases_that_resemble_each_other_covers_as_often_as_it_says() -> None:
    """Sixty accounts, ten cases each that all change or none: the true difference is 0.1."""
    held = 0
    for seed in range(300):
        changed = np.repeat(np.random.default_rng(seed).random(60) < 0.1, 10)
        one = compare(results([False] * 600, each=10), results(changed.tolist(), each=10), seed=seed).iloc[0]
        held += one["low"] <= 0.1 <= one["high"]
    assert held >= 300 * 0.9  # the percentile interval of sixty accounts is a little short


def test_a_stricter_alpha_never_finds_more_and_none_is_guessed() -> None:
    rng = np.random.default_rng(0)
    found = trade_off(rng.beta(5, 2, 500), rng.beta(2, 5, 400))
    assert found["certified"].tolist() == [needed <= 400 for needed in found["needed"]]
    assert found.loc[~found["certified"], ["threshold", "found"]].isna().all(axis=None)
    assert found.loc[found["certified"], "found"].is_monotonic_increasing
    assert (found["errors"] <= found["alpha"] * 400).loc[found["certified"]].all()
