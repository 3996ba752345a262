"""A fact is told only where its sentence is true of what was measured."""

import json
from pathlib import Path
from typing import NamedTuple

import pytest

import service.texts
from classifier.features.feature_list import FEATURE_NAMES
from service.texts.facts import CODES, FEATURES, STANDING, facts

ENGLISH = json.loads((Path(service.texts.__file__).parent / "en.json").read_text(encoding="utf-8"))


class Item(NamedTuple):
    feature: str
    value: float | None
    contribution: float


def test_every_code_has_a_sentence_and_every_sentence_a_code() -> None:
    said = {key.removeprefix("fact_") for key in ENGLISH if key.startswith("fact_")}
    assert said == CODES
    assert STANDING < CODES


def test_every_feature_that_is_named_is_on_the_list() -> None:
    assert set(FEATURE_NAMES) >= FEATURES


def test_the_three_weightiest_of_a_side_are_told_each_once() -> None:
    evidence = [
        Item("name_kept", 9.0, 1.0),
        Item("handle_bears", 12.0, 2.0),
        Item("name_similarity", 1.0, 3.0),
        Item("lure", 2.0, 0.5),
        Item("messenger_link", 1.0, 0.4),
        Item("verified", 1.0, -9.0),
    ]
    assert facts(evidence, "for") == ("name_alike", "handle_alike", "asks")
    assert facts(evidence, "for", untold=frozenset({"name_alike"})) == ("handle_alike", "asks", "link")
    assert facts(evidence, "against") == ("verified",)


@pytest.mark.parametrize(
    ("feature", "value", "contribution", "side", "told"),
    [
        ("parody_declared", 0.0, 0.3, "for", ("no_label",)),
        ("parody_declared", 1.0, 0.3, "for", ()),
        ("parody_declared", 1.0, -2.0, "against", ("label",)),
        ("parody_declared", 0.0, -2.0, "against", ()),
        ("avatar_similarity", 0.98, 2.0, "for", ("picture_alike",)),
        ("avatar_similarity", 0.3, 0.1, "for", ()),
        ("avatar_similarity", 0.1, -0.4, "against", ("picture_differs",)),
        ("avatar_similarity", 0.98, -0.4, "against", ()),
        ("age", 0.1, 0.8, "for", ("young",)),
        ("age", 5.0, 0.8, "for", ()),
        ("age", 5.0, -0.8, "against", ("old",)),
        ("followers", 2.0, -0.8, "against", ()),
        ("followers", 5.0, -0.8, "against", ("followers",)),
        ("followers_relative", -4.0, 0.8, "for", ("few_followers",)),
        ("followers_relative", 1.0, 0.8, "for", ()),
        ("lure", 0.0, -0.8, "against", ("asks_nothing",)),
        ("lure", 1.0, -0.8, "against", ()),
        ("same_domain", None, -0.8, "against", ()),
        ("prominence", 6.0, 0.8, "for", ()),
    ],
)
def test_what_would_be_untrue_is_not_told(feature, value, contribution, side, told) -> None:
    assert facts([Item(feature, value, contribution)], side) == told
