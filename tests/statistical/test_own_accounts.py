"""The promise of certifying on own accounts, on populations that differ from the simulated one, against known truth.

The simulated certificate's threshold is 0.9, where the simulated population has a share of alpha above. Own populations
score as it does, lower, higher, much higher, in few values only, or resemble nobody for the most part.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pytest
from scipy.stats import beta, binom

from classifier.certification.neyman_pearson import Certificate, OwnBound
from classifier.certification.own_accounts import own_bound

RUNS = 1_000
ALPHA, DELTA, N = 0.01, 0.05, 400
SIMULATED = Certificate(alpha=ALPHA, delta=DELTA, n=4_200, errors=20, threshold=0.9, population="simulated")
VALUES, SHARES = np.array([0.0, 0.5, 0.92, 0.97, 1.0]), np.array([0.6, 0.37, 0.015, 0.01, 0.005])


class Population(NamedTuple):
    """How genuine accounts score that resemble somebody, how many of them do, and the share above a threshold."""

    draw: Callable[[np.random.Generator, int], np.ndarray]
    above: Callable[[float], float]
    near: float = 1.0


def of_beta(a: float, b: float, near: float = 1.0) -> Population:
    return Population(lambda rng, n: rng.beta(a, b, n), lambda at: float(beta.sf(at, a, b)), near)


POPULATIONS = {
    # P(Beta(1, 2) > 0.9) = 0.01: the simulated one.
    "as simulated": of_beta(1, 2),
    "lower": of_beta(1, 6),
    "a little higher": of_beta(1.3, 2),
    "much higher": of_beta(4, 2),
    "few values": Population(
        lambda rng, n: rng.choice(VALUES, n, p=SHARES), lambda at: float(SHARES[at < VALUES].sum())
    ),
    "few resemble anybody": of_beta(1.3, 2, near=0.2),
}


def own(population: Population, n: int, seed: int) -> list[OwnBound]:
    rng = np.random.default_rng([11, n, seed])
    return [_one(population, rng, n) for _ in range(RUNS)]


def _one(population: Population, rng: np.random.Generator, n: int) -> OwnBound:
    is_near = rng.random(n) < population.near
    scores = [score if near else None for score, near in zip(population.draw(rng, n).tolist(), is_near, strict=True)]
    return own_bound(scores, SIMULATED, cleared=0, at="2026-11-30", registry_version="r")


def is_kept(misses: int, runs: int = RUNS) -> bool:
    """Whether so few runs missed that a true rate of ``DELTA`` is believable."""
    return misses <= binom.ppf(0.9999, runs, DELTA)


@pytest.mark.parametrize("name", POPULATIONS)
def test_the_bound_on_their_population_is_missed_no_more_often_than_promised(name: str) -> None:
    population = POPULATIONS[name]
    found, truth = own(population, N, seed=1), population.above(SIMULATED.threshold)
    assert is_kept(sum(truth > one.near_bound for one in found))
    assert is_kept(sum(truth * population.near > one.bound for one in found))


@pytest.mark.parametrize("name", POPULATIONS)
@pytest.mark.parametrize("n", [N, 2_000])
def test_the_threshold_in_force_keeps_alpha_for_them(name: str, n: int) -> None:
    """Whatever they score like: with confidence 1 - delta at most alpha of them are above what is in force."""
    population = POPULATIONS[name]
    found = own(population, n, seed=2)
    asked = [one for one in found if one.threshold is not None]
    assert len(asked) == RUNS
    in_force = [replace(SIMULATED, own=one).in_force for one in asked]
    assert all(threshold >= SIMULATED.threshold for threshold in in_force)
    assert is_kept(sum(population.above(threshold) * population.near > ALPHA + 1e-12 for threshold in in_force))
    if population.near * n >= 2 * 299:  # those that resemble somebody are then enough by themselves
        assert is_kept(sum(population.above(threshold) > ALPHA + 1e-12 for threshold in in_force))


@pytest.mark.parametrize("n", [20, 100, 250])
def test_too_few_contradict_a_certificate_that_is_true_no_more_often_than_promised(n: int) -> None:
    """With exactly alpha above: the hardest population of which the certificate is true."""
    found = own(POPULATIONS["as simulated"], n, seed=3)
    assert all(one.threshold is None for one in found)
    assert is_kept(sum(not one.holds for one in found))


def test_too_few_contradict_one_that_is_far_from_true_nearly_always() -> None:
    assert np.mean([not one.holds for one in own(POPULATIONS["much higher"], 100, seed=4)]) > 0.95


def test_where_the_simulated_certificate_is_broken_the_threshold_is_raised_and_it_is_not_where_it_holds() -> None:
    """A threshold of 1 would keep every promise too."""
    broken = [replace(SIMULATED, own=one).in_force for one in own(POPULATIONS["a little higher"], 2_000, seed=5)]
    assert 0.9 < np.median(broken) < 0.98
    kept = [replace(SIMULATED, own=one).in_force for one in own(POPULATIONS["lower"], 2_000, seed=6)]
    assert max(kept) == SIMULATED.threshold
