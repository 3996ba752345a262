"""Rarity: common words say little, rare ones much, and no text breaks it or carries more than its letters."""

import array
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.text import word_segmentation
from classifier.text.information import (
    _CARRIED,
    BOUNDARY,
    DIGIT,
    HANDLE_WORD,
    HANDLE_WORDS,
    LETTER,
    MOST,
    NAME,
    bits,
    carried,
    information,
    word_bits,
)
from classifier.text.information import word_information as of_word
from classifier.text.name_frequency import people, shares
from classifier.text.word_segmentation import Words

hostile = st.text(st.characters(exclude_categories=("Cs",)), max_size=40)
keys = st.from_regex(r"[a-z0-9]{0,40}", fullmatch=True)


@pytest.mark.parametrize(
    ("common", "rare"),
    [
        ("news", "xkqv"), ("andreas", "marbent"), ("crypto", "quillo"), ("cryptonews", "ollivander"),
        ("12345", "abcde"), ("goldenharbour", "goldenharbvur"),
    ],
)  # fmt: skip
def test_what_many_have_carries_less_than_what_few_have(common: str, rare: str) -> None:
    assert bits(common) < bits(rare)


@pytest.mark.parametrize("word", sorted(HANDLE_WORDS))
def test_words_that_handles_are_made_of_carry_no_more_than_said(word: str) -> None:
    """Sharing "crypto" or "official" is no sign that one handle was copied from the other."""
    assert word_bits()[word] <= HANDLE_WORD


@given(hostile)
def test_every_character_carries_something_and_none_is_left_out(text: str) -> None:
    found = information(text)
    assert len(found) == len(text)
    assert all(one >= 0.0 for one in found)
    assert information(text) == found


@given(hostile)
def test_no_text_carries_more_than_its_letters_do_one_by_one(text: str) -> None:
    letters = sum(DIGIT if char.isdigit() else LETTER for char in text)
    assert sum(information(text)) <= letters + 1e-9


@given(keys, keys)
def test_two_texts_together_carry_no_more_than_apart(one: str, other: str) -> None:
    """The cheapest reading of both is one of the readings of the whole."""
    assert sum(information(one + other)) <= sum(information(one)) + sum(information(other)) + 1e-9


@given(hostile)
def test_bits_are_bounded(text: str) -> None:
    assert 0.0 <= bits(text) <= MOST
    assert type(bits(text)) is float


def test_the_bound_is_reached_and_nothing_carries_nothing() -> None:
    assert bits("xkqv" * 10) == MOST
    assert bits("") == 0.0
    assert information("") == ()


@given(hostile)
def test_a_word_of_a_name_carries_at_most_its_letters(word: str) -> None:
    assert 0.0 <= of_word(word) <= min(MOST, LETTER * len(word))


def test_a_rare_family_name_carries_more_than_a_common_one() -> None:
    assert of_word("john") < of_word("mehdi") < of_word("quillonberg")
    assert of_word("of") < of_word("petrova")


def test_every_known_word_carries_something_finite() -> None:
    assert len(word_bits()) > 50_000
    assert all(0.0 < found < MOST for found in word_bits().values())


some_words = (
    "news",
    "andreas",
    "crypto",
    "newsroom",
    "tokyo",
    "x",
    "ab",
    "7",
    "\u00fcber",
    "\u043c\u0438\u0440",
    "\u0663",
)


def cheapest(text: str) -> float:
    """What the cheapest reading of a text carries, by trying what it may end with."""
    best = [0.0]
    for end in range(1, len(text) + 1):
        ways = [best[end - 1] + (DIGIT if text[end - 1].isdigit() else LETTER)]
        words = ((start, word_bits().get(text[start:end])) for start in range(max(0, end - 20), end - 2))
        best.append(min([*ways, *(best[start] + bits + BOUNDARY for start, bits in words if bits is not None)]))
    return best[-1]


@given(st.lists(st.sampled_from(some_words), max_size=8).map("".join) | hostile)
def test_a_text_is_read_as_the_cheapest_run_of_words_and_letters(text: str) -> None:
    assert sum(information(text)) == pytest.approx(cheapest(text))


def test_the_letters_of_a_word_share_its_bits() -> None:
    assert information("andreas") == pytest.approx([(word_bits()["andreas"] + BOUNDARY) / 7] * 7)


@given(st.lists(hostile | keys, max_size=6))
def test_texts_carry_in_one_pass_what_each_carries_alone(texts: list[str]) -> None:
    _CARRIED.clear()
    together = {text: tuple(array.array("d", found)) for text, found in carried(texts).items()}
    _CARRIED.clear()
    assert together == {text: information(text) for text in texts}


def test_what_is_forgotten_is_found_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("classifier.text.information._CARRIED_KEPT", 1)
    expected = carried(["news", "andreas", "xkqv"])
    assert carried(["xkqv", "harbour"])["xkqv"] == expected["xkqv"]
    assert carried(["news", "roe"])["news"] == expected["news"]
    assert len(_CARRIED) <= 4


@pytest.mark.parametrize(("common", "rare"), [("maria", "marla"), ("smith", "barnaby"), ("garcia", "ibarzela")])
def test_a_name_that_many_bear_carries_less_than_one_that_few_bear(common: str, rare: str) -> None:
    assert of_word(common) < of_word(rare)


@pytest.mark.parametrize("name", ["garcia", "smith", "mary", "maria", "mohamed", "wei"])
def test_a_name_carries_no_more_than_what_share_of_people_bear_it(name: str) -> None:
    """It may be rare among the words of texts: what counts is how many accounts are called so."""
    assert of_word(name) <= -math.log2(people(name))


@given(st.sampled_from(sorted(shares())))
def test_marks_and_case_of_a_name_make_it_no_rarer_than_its_bearers(name: str) -> None:
    assert of_word(name.upper()) <= max(-math.log2(people(name)), 0.0) + 1e-9
    assert bits(name) <= max(sum(LETTER for _ in name), HANDLE_WORD)


def test_a_name_glued_into_a_handle_costs_that_it_is_a_name_and_its_rarity() -> None:
    for name in ("garcia", "marla"):
        assert word_bits()[name] <= NAME - math.log2(people(name))


def test_a_word_is_worth_what_the_words_say_and_others_their_letters() -> None:
    known = word_bits()
    for word in ("andreas", "crypto", "fitness", "der", "сегодня"):
        assert word in known
        assert of_word(word) == min(MOST, LETTER * len(word), known[word], borne(word))
    for word in ("", "xkqvzz", "andreasx", "x" * 70, "日本"):
        assert word not in known
        assert of_word(word) == min(MOST, LETTER * len(word), borne(word))


def borne(word: str) -> float:
    return -math.log2(people(word)) if people(word) else math.inf


def test_the_words_are_made_once_a_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next process reads them, and then the package that has them is not even loaded."""
    monkeypatch.setattr(word_segmentation, "kept_in", lambda _: tmp_path)
    asked: list[int] = []

    def some() -> dict[str, float]:
        asked.append(1)
        return {"orla": 12.5, "brask": 20.25}

    made, read = Words.kept("one", some), Words.kept("one", some)
    assert asked == [1]
    for one in (made, read):
        assert [one.bits_of(word) for word in ("orla", "brask", "orl", "")] == [12.5, 20.25, math.inf, math.inf]
        assert one.letters.flags.writeable, "one kind of arrays, so that what reads them is compiled once"
    Words.kept("other", some)
    assert asked == [1, 1]
