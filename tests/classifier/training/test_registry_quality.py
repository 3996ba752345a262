"""What a registry lacks is told before training, with figures and a remedy; a good one is told nothing of."""

from dataclasses import replace

import pytest

from classifier.registry.registry import Registry
from classifier.simulation.population import invent_registry
from classifier.training.registry_quality import MOST_WITHOUT, shortcomings


@pytest.fixture(scope="module")
def good() -> Registry:
    return invent_registry(500, seed=3)


def told(registry: Registry, **missing: object) -> list[str]:
    """Return what is told when 84 % of the entries miss something."""
    return list(
        shortcomings(Registry(replace(one, **missing) if n % 25 < 21 else one for n, one in enumerate(registry)))
    )


def test_of_a_good_registry_nothing_is_told(good: Registry) -> None:
    assert list(shortcomings(good)) == []


def test_an_invented_registry_has_far_fewer_gaps_than_are_told(good: Registry) -> None:
    nameless = sum(not one.display_name for one in good) / len(good)
    says_nothing = sum(not (one.bio or one.roles) for one in good) / len(good)
    uncounted = sum(one.followers is None for one in good) / len(good)
    assert max(nameless, says_nothing, uncounted) < MOST_WITHOUT - 0.15


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ({"display_name": None}, "have no name beside their handle: hardly a namesake"),
        ({"bio": None, "roles": ()}, "have no bio and no role: claims"),
        ({"followers": None}, "have no follower count: who is famous"),
    ],
)
def test_a_gap_is_told_with_its_share_and_remedy(good: Registry, missing: dict[str, object], said: str) -> None:
    (line,) = told(good, **missing)
    assert said in line
    assert "; add " in line
    share = float(line.split(" %")[0])
    assert 84.0 <= share < 100.0


def test_a_name_that_repeats_the_handle_is_none(good: Registry) -> None:
    copied = Registry(replace(one, display_name=one.handle.upper()) for one in good)
    assert any("no name beside their handle" in line for line in shortcomings(copied))


def test_too_few_entries_and_equal_names_are_told(good: Registry) -> None:
    (line,) = shortcomings(Registry(list(good)[:300]))
    assert line.startswith("it has 300 entries, and a certificate takes 428")
    alike = Registry(replace(one, display_name=f"Northwind {n % 50}") for n, one in enumerate(good))
    assert any("another entry's name" in line for line in shortcomings(alike))
