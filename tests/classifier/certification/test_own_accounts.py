"""Own accounts make a threshold stricter or leave it; the counts and bounds are those of the books."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.certification.neyman_pearson import Certificate, OwnBound, certify
from classifier.certification.observed_bound import observed_bound
from classifier.certification.own_accounts import (
    OwnCertificate,
    contradicts,
    more_for,
    next_bound,
    own_bound,
    refuted,
    strictest,
)

SIMULATED = Certificate(alpha=0.01, delta=0.05, n=300, errors=0, threshold=0.9, population="invented")
BOUND = OwnBound(n=299, near=299, errors=0, cleared=0, bound=0.01, near_bound=0.01, threshold=0.95,
                 at="2026-11-30T00:00:00+00:00", registry_version="r")  # fmt: skip
RECORD = OwnCertificate(model_id="m", registry_version="r", policy_version="6", at=BOUND.at, by="ada", inputs=("d",),
                        left_out={"repeated": 1}, tiers={"standard": BOUND})  # fmt: skip
thresholds = st.none() | st.floats(0.0, 1.0)
bounds = st.builds(lambda threshold, holds: replace(BOUND, threshold=threshold, holds=holds), thresholds, st.booleans())


def found(scores: list[float | None], simulated: Certificate = SIMULATED) -> OwnBound:
    return own_bound(scores, simulated, cleared=0, at=BOUND.at, registry_version="r")


def test_what_is_counted_and_bounded() -> None:
    one = found([0.95, 0.91, *[0.2] * 248, *[None] * 50])
    assert (one.n, one.near, one.errors) == (300, 250, 2)
    assert (one.bound, one.near_bound) == (observed_bound(2, 300), observed_bound(2, 250))


def test_a_score_at_the_threshold_is_no_error() -> None:
    assert found([0.9, 0.5]).errors == 0


@pytest.mark.parametrize(("n", "threshold"), [(298, None), (299, 0.4)])
def test_too_few_accounts_ask_for_nothing(n: int, threshold: float | None) -> None:
    one = found([0.4] * n)
    assert (one.threshold, one.holds) == (threshold, True)
    assert replace(SIMULATED, own=one).in_force == 0.9


def test_more_errors_than_promised_raise_the_threshold() -> None:
    one = found([0.97, 0.96, 0.95] + [0.1] * 296)
    assert one.threshold == 0.97
    assert replace(SIMULATED, own=one).covers(0.971)
    assert not replace(SIMULATED, own=one).covers(0.97)


def test_accounts_that_resemble_nobody_do_not_dilute() -> None:
    """Of 2,000 accounts 12 errors are within 1 %; of the 400 that resemble somebody they are not."""
    scores = [0.95] * 12 + [0.1] * 388
    assert certify([*scores, *[0.0] * 1_600], alpha=0.01, delta=0.05, population="all").threshold == 0.1  # type: ignore[union-attr]
    assert found([*scores, *[None] * 1_600]).threshold == 0.95


def test_few_accounts_that_contradict_leave_nothing_to_clear() -> None:
    one = found([0.95] * 4 + [0.1] * 96)
    assert (one.threshold, one.holds) == (None, False)
    assert not replace(SIMULATED, own=one).covers(1.0)
    assert "4 of 100 that resemble" in refuted([replace(RECORD, tiers={"standard": one})])["standard"]


def test_contradiction_is_the_exact_binomial_test() -> None:
    tail = 1 - 0.99**100 - 100 * 0.01 * 0.99**99 - math.comb(100, 2) * 0.01**2 * 0.99**98
    assert tail > 0.05  # of three errors: not yet
    assert not contradicts(3, 100, SIMULATED)
    assert contradicts(4, 100, SIMULATED)
    assert not contradicts(0, 0, SIMULATED)


@given(st.integers(0, 5), st.integers(0, 3_000), st.sampled_from([0.1, 0.01, 0.002]))
def test_no_fewer_accounts_reach_a_bound(errors: int, more: int, bound: float) -> None:
    n = errors + more
    least = n + more_for(bound, errors, n, delta=0.05)
    assert observed_bound(errors, least, delta=0.05) <= bound
    assert least == n or observed_bound(errors, least - 1, delta=0.05) > bound


def test_the_next_bound_is_the_next_rung() -> None:
    assert next_bound(0, 2_995, delta=0.05) == (0.0005, 2_995)
    assert next_bound(0, 0, delta=0.05) == (0.5, 5)
    assert next_bound(0, 10**6, delta=0.05) == (1e-05, 0)


@given(st.floats(0.0, 1.0), bounds, bounds, st.floats(0.0, 1.0))
def test_the_stricter_never_loosens(threshold: float, one: OwnBound, other: OwnBound, probability: float) -> None:
    both = strictest([replace(RECORD, tiers={"standard": one}), replace(RECORD, tiers={"standard": other})])["standard"]
    simulated = replace(SIMULATED, threshold=threshold)
    in_force = replace(simulated, own=both)
    each = [simulated, *(replace(simulated, own=own) for own in (one, other))]
    assert in_force.in_force == max(certificate.in_force for certificate in each)
    assert in_force.covers(probability) == all(certificate.covers(probability) for certificate in each)


def test_where_none_asks_for_anything_the_latest_is_shown() -> None:
    late = replace(BOUND, threshold=None, at="2026-12-01T00:00:00+00:00")
    early = replace(late, at=BOUND.at)
    records = [replace(RECORD, at=one.at, tiers={"standard": one}) for one in (late, early)]
    assert strictest(records)["standard"] == late


def test_a_record_is_plain_and_read_back() -> None:
    assert OwnCertificate.of(json.loads(json.dumps(RECORD.plain()))) == RECORD


@pytest.mark.parametrize(
    "wrong",
    [{"threshold": math.nan}, {"threshold": 1.5}, {"errors": 300}, {"near": 300}, {"holds": "no"}],
)
def test_what_no_count_gives_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="own accounts"):
        replace(BOUND, **wrong)
