"""Poisoned labels are refused and the slice is named; unpoisoned ones pass. Real training runs, small ones."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from classifier.model_store import ModelStore
from classifier.promotion import measurements, questions
from classifier.promotion.gate import Finding
from classifier.promotion.promote import examine
from classifier.registry.registry import Registry
from classifier.simulation import Case, simulate
from classifier.simulation.population import invent_registry
from classifier.training.train import train

POISONED = 0.1
Group = Callable[[Case], bool]
GROUPS: dict[str, tuple[str, Group]] = {
    "tier": ("Tier of the protected account = high", lambda case: case.protected.tier == "high"),
    "followers": ("Followers = 1,000 to 9,999", lambda case: case.account.followers in range(1_000, 10_000)),
    "family": ("Kind of case = secondary", lambda case: case.family == "secondary"),
}


@pytest.fixture(scope="module")
def protected() -> Registry:
    return invent_registry(250, seed=5)


@pytest.fixture(scope="module")
def labels(protected: Registry) -> list[Case]:
    return list(simulate(protected.accounts, seed=999))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, protected: Registry) -> ModelStore:
    """What serves has learned from nobody's labels."""
    store = ModelStore(tmp_path_factory.mktemp("poison"))
    store.promote(store.add(train(protected, seed=5)))
    return store


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measurements, "IDENTITIES", 40)
    monkeypatch.setattr(questions, "MARGINS", dict.fromkeys(questions.MARGINS, 0.5))  # so few show little


def poisoned(labels: list[Case], group: Group) -> list[Case]:
    """Flip a tenth of the group's genuine labels, and no others."""
    places = [place for place, case in enumerate(labels) if case.label != "impersonation" and group(case)]
    flipped = set(np.random.default_rng(3).choice(places, round(POISONED * len(places)), replace=False).tolist())
    return [replace(case, label="impersonation") if place in flipped else case for place, case in enumerate(labels)]


def asked(store: ModelStore, protected: Registry, given: list[Case]) -> tuple[Finding, ...]:
    """What the gate finds when only the manifest tells of the labels: they are not at hand any more."""
    return examine(store, store.add(train(protected, given=given, seed=6))).findings


def test_labels_as_they_are_pass(store: ModelStore, protected: Registry, labels: list[Case]) -> None:
    assert asked(store, protected, labels) == ()


@pytest.mark.parametrize("group", GROUPS)
def test_poisoned_labels_are_refused_and_the_slice_is_named(
    store: ModelStore, protected: Registry, labels: list[Case], group: str
) -> None:
    named, belongs = GROUPS[group]
    found = asked(store, protected, poisoned(labels, belongs))
    first = next(one for one in found if one.code == "labels_contradicted")
    assert first.text.startswith(named)
