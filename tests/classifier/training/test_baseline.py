"""What training keeps for watching: small, plain, and no shift where the population is the same."""

from __future__ import annotations

import json

import numpy as np
import pytest

from classifier.certification.monitoring.population_drift import drift, spreads
from classifier.model.pair_model import CIRCUMSTANCES
from classifier.model_store.training_result import Training
from classifier.simulation.population import invent_registry
from classifier.training.baseline import WEIGHTIEST
from classifier.training.train import train


@pytest.fixture(scope="module")
def small() -> Training:
    return train(invent_registry(60, seed=5), seed=5)


def test_it_is_small_plain_and_whole(small: Training) -> None:
    found = small.facts["reference"]
    assert json.loads(json.dumps(found)) == found
    assert len(json.dumps(found)) < 8_000
    for among in ("decisions", "genuine"):
        kept = spreads(found[among])
        assert {"score", *CIRCUMSTANCES} <= kept.keys()
        assert len(kept) == 1 + len(CIRCUMSTANCES) + WEIGHTIEST
        assert all(sum(one.shares) == pytest.approx(1.0) for one in kept.values())
    assert 0.0 <= found["outside"]["share"] < 0.2
    assert found["outside"]["n"] == found["decisions"]["score"]["n"]


def test_genuine_accounts_score_lower_than_all(small: Training) -> None:
    found = small.facts["reference"]
    genuine, all_of_them = (spreads(found[among])["score"] for among in ("genuine", "decisions"))
    assert genuine.edges == [] or max(genuine.edges) < max(all_of_them.edges)


def test_the_same_population_is_no_shift_and_another_one_is(small: Training) -> None:
    then = spreads(small.facts["reference"]["decisions"])["age"]
    rng = np.random.default_rng(0)
    edges = np.array([-1.0, *then.edges, 100.0])
    parts = rng.choice(len(then.shares), size=2_000, p=np.array(then.shares) / sum(then.shares))
    same = [float("nan") if part == len(then.edges) + 1 else edges[part : part + 2].mean() for part in parts]
    assert not drift("age", then, same).is_shift  # type: ignore[union-attr]
    assert drift("age", then, [99.0] * 500).is_shift  # type: ignore[union-attr]
