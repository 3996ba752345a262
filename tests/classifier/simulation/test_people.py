"""People: names as often as they are borne, handles as people choose them, and one name written in many ways."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.simulation.people import (
    LONGEST,
    draw_name,
    draw_person,
    invented_family,
    latin,
    neighbours_of,
    ordered,
    own_handle,
    written_otherwise,
)
from classifier.text.name_frequency import family_share, is_given, languages
from classifier.text.spelling import spelled

seeds = st.integers(0, 2**32)


def test_names_are_drawn_as_often_as_they_are_borne() -> None:
    rng = np.random.default_rng(1)
    drawn = Counter(draw_name(rng, "en", "family").native for _ in range(20_000))
    told = {name.native: name.share for name in languages()["en"].family}
    covered = sum(told.values())
    for name in ("Smith", "Johnson", "Garcia"):
        assert drawn[name] / 20_000 == pytest.approx(told[name] / covered, rel=0.25)
    assert drawn["Smith"] > drawn["Fisher"] > 0


def test_languages_are_drawn_as_often_as_they_are_spoken() -> None:
    rng = np.random.default_rng(2)
    drawn = Counter(draw_person(rng).language for _ in range(5_000))
    for code in ("en", "es", "ar"):
        assert drawn[code] / 5_000 == pytest.approx(languages()[code].share, abs=0.03)
    assert set(drawn) == set(languages())


def test_of_some_people_the_family_name_is_like_no_other() -> None:
    rng = np.random.default_rng(3)
    shares = [family_share(draw_person(rng, rare=rare).family) for rare in (0.0, 1.0) for _ in range(400)]
    assert np.mean([share > 0 for share in shares[:400]]) > 0.95
    assert np.mean([share == 0 for share in shares[400:]]) > 0.6


@settings(max_examples=80)
@given(seeds)
def test_a_person_has_latin_names_and_a_handle_that_a_platform_allows(seed: int) -> None:
    rng = np.random.default_rng(seed)
    person = draw_person(rng)
    assert person.given.isascii()
    assert person.family.isascii()
    assert person.name.strip() == person.name != ""
    handle = own_handle(rng, person.given, person.family)
    assert 1 <= len(handle) <= LONGEST
    assert handle.isascii()
    assert handle.replace("_", "").isalnum() or not handle.strip("_")


def test_handles_are_chosen_as_they_were_counted() -> None:
    rng = np.random.default_rng(4)
    handles = [own_handle(rng, "Tamsin", "Quillon").casefold() for _ in range(3_000)]
    plain = np.mean([handle.replace("_", "") in ("tamsinquillon", "quillontamsin") for handle in handles])
    nothing = np.mean(["tam" not in handle and "quil" not in handle and "tq" not in handle for handle in handles])
    assert 0.15 < plain < 0.35
    assert 0.15 < nothing < 0.4
    assert 0.08 < np.mean(["_" in handle for handle in handles]) < 0.4
    assert 0.08 < np.mean([handle[-2:].isdigit() for handle in handles]) < 0.3


@settings(max_examples=100)
@given(seeds, st.text(min_size=1, max_size=20))
def test_a_name_written_otherwise_is_written_otherwise(seed: int, name: str) -> None:
    assert written_otherwise(np.random.default_rng(seed), name) != name


def test_accents_capitals_scripts_and_spellings_vary() -> None:
    rng = np.random.default_rng(5)
    found = {written_otherwise(rng, "José Müller") for _ in range(200)}
    assert {"Jose Muller", "JOSÉ MÜLLER", "josé müller", "Müller José"} <= found
    assert any(spelled(name) == "Jose Muller" and name not in ("Jose Muller", "José Müller") for name in found)
    assert "Иван Петров" in {written_otherwise(rng, "Ivan Petrov") for _ in range(200)}
    assert "Ivan Petrov" in {written_otherwise(rng, "Иван Петров") for _ in range(200)}


@pytest.mark.parametrize("name", ["Maria", "Neil", "Jon", "Anna"])
def test_neighbours_of_a_name_are_names(name: str) -> None:
    found = neighbours_of(name, "given")
    assert found
    assert name not in found
    assert all(is_given(other) for other in found)


def test_names_stand_in_the_order_of_their_language() -> None:
    assert ordered("健太", "佐藤", "ja") == "佐藤健太"
    assert ordered("Kenta", "Sato", "ja") == "Kenta Sato"
    assert ordered("Иван", "Петров", "ru") == "Иван Петров"


def test_a_name_like_no_other_sounds_as_its_language() -> None:
    rng = np.random.default_rng(6)
    assert all(latin(invented_family(rng, code).native) for code in languages() for _ in range(5))
