"""Draws: every one is one of the options, as often as said, and the same again from the same seed."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.simulation import vocabulary as say
from classifier.simulation.sampling import LOCALES, Stranger, a_word, ascii_only, chance, draw, pick, stranger
from classifier.text.information import word_bits

seeds = st.integers(0, 2**32)


def rng(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


@given(st.lists(st.integers(), min_size=1), seeds)
def test_a_pick_is_one_of_the_options(options: list[int], seed: int) -> None:
    assert pick(rng(seed), options) in options


def test_every_option_is_picked_as_often_as_the_others() -> None:
    random = rng()
    counts = Counter(pick(random, "abcd") for _ in range(4_000))
    assert set(counts) == set("abcd")
    assert min(counts.values()) > 850


@pytest.mark.parametrize(("probability", "least", "most"), [(0.0, 0, 0), (1.0, 2_000, 2_000), (0.25, 420, 580)])
def test_a_chance_comes_as_often_as_said(probability: float, least: int, most: int) -> None:
    random = rng()
    assert least <= sum(chance(random, probability) for _ in range(2_000)) <= most


@given(st.text(max_size=30))
def test_a_handle_can_be_made_of_any_text(text: str) -> None:
    found = ascii_only(text)
    assert found.isascii()
    assert found.isalnum()


def test_marks_are_taken_off_letters_and_not_the_letters_with_them() -> None:
    assert ascii_only("Şükrü Ağaoğlu-Ødegård") == "SukruAgaogluØdegård".replace("Ø", "").replace("å", "a")
    assert ascii_only("東京") == "user"


def test_words_are_drawn_by_their_frequency() -> None:
    """A stranger hits upon common words: those that are drawn carry less than the words there are."""
    random = rng()
    drawn = [a_word(random) for _ in range(2_000)]
    assert all(word in word_bits() and word.isascii() and 3 <= len(word) <= 10 for word in drawn)
    assert np.mean([word_bits()[word] for word in drawn]) < np.mean(list(word_bits().values())) - 2.0
    assert len(set(drawn)) > 500


@settings(max_examples=60)
@given(seeds)
def test_a_stranger_has_a_handle_that_a_platform_allows_and_a_name(seed: int) -> None:
    found = stranger(rng(seed))
    assert 1 <= len(found.handle) <= 15
    assert found.handle.isascii()
    assert found.handle.replace("_", "").isalnum() or not found.handle.strip("_")
    assert found.name.strip() == found.name != ""
    assert stranger(rng(seed)) == found


def test_strangers_differ() -> None:
    random = rng()
    found: set[Stranger] = {stranger(random) for _ in range(1_000)}
    assert len({one.handle.casefold() for one in found}) > 950


def test_speakers_of_english_are_drawn_most_often() -> None:
    counts = Counter(id(locale) for locale in LOCALES)
    assert counts[id(say.LOCALES[0])] == 7
    assert {counts[id(locale)] for locale in say.LOCALES[1:]} == {1}


def test_options_are_drawn_as_often_as_they_weigh() -> None:
    drawing = rng(3)
    found = [draw(drawing, {"often": 3.0, "seldom": 1.0, "never": 0.0}) for _ in range(4_000)]
    assert found.count("often") / 4_000 == pytest.approx(0.75, abs=0.02)
    assert "never" not in found
