"""Bearing: what is contained is found whole, edits cost what ``EFFORT`` says, and what stands around costs nothing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numba import njit
from numpy.typing import NDArray

from classifier.text import bearing
from classifier.text.bearing import LONGEST, Borne, at_most, borne, looks
from classifier.text.edit_distance import EFFORT, letters_of
from classifier.text.information import LETTER, information

Ints, Floats = NDArray[np.int64], NDArray[np.float64]

hostile = st.text(st.characters(exclude_categories=("Cs",)), max_size=30)
handles = st.from_regex(r"[a-z0-9]{1,20}", fullmatch=True)
# Letters none of which looks like another, and others that stand around them.
wanted_texts = st.lists(st.sampled_from("abdefghk"), min_size=5, max_size=8, unique=True).map("".join)
around = st.text("qwxyz", max_size=12)


@njit
def compiled_borne(wanted: Ints, bits: Floats, text: Ints) -> Borne:
    return borne(wanted, bits, text)


@njit
def compiled_at_most(wanted: Ints, bits: Floats, text: Ints) -> float:
    return at_most(wanted, bits, looks(text))


def read(text: str) -> Ints:
    return np.array(letters_of(text), np.int64)


def found(wanted: str, text: str) -> Borne:
    return borne(read(wanted), np.array(information(wanted)), read(text))


def bound(wanted: str, text: str) -> float:
    return at_most(read(wanted), np.array(information(wanted)), looks(read(text)))


def left(wanted: str, text: str) -> float:
    """What is left where every letter carries as much as one that is in no word."""
    return borne(read(wanted), np.full(len(wanted), LETTER), read(text)).bits


@given(handles, hostile, hostile)
def test_what_a_text_contains_is_found_whole_whatever_stands_around(wanted: str, before: str, behind: str) -> None:
    before, behind = before[:20], behind[:20]
    text = before + wanted + behind
    bits, start, stop = found(wanted, text)
    assert bits == pytest.approx(sum(information(wanted)))
    assert text[start:stop] == wanted


def cost(wanted: str, text: str) -> float:
    return LETTER * len(wanted) - left(wanted, text)


@given(wanted_texts, st.data(), around, around)
def test_each_kind_of_edit_costs_its_effort_and_what_it_takes_away(
    wanted: str, data: st.DataObject, before: str, behind: str
) -> None:
    place = data.draw(st.integers(1, len(wanted) - 2))
    head, letter, tail = wanted[:place], wanted[place], wanted[place + 1 :]

    def costs(middle: str) -> float:
        return cost(wanted, before + head + middle + tail + behind)

    assert costs(letter) == pytest.approx(0.0)
    assert costs(letter + letter) == pytest.approx(EFFORT["doubled"])
    assert costs("") == pytest.approx(EFFORT["dropped"] + LETTER)
    assert costs(letter + "m") == pytest.approx(EFFORT["inserted"])
    assert costs("m") == pytest.approx(EFFORT["changed"] + LETTER)
    swapped = head + tail[0] + letter + tail[1:]
    assert cost(wanted, before + swapped + behind) == pytest.approx(EFFORT["swapped"])


@pytest.mark.parametrize(("letter", "alike"), [("o", "0"), ("l", "1"), ("a", "\u0430"), ("e", "\u0435")])
@given(wanted=wanted_texts, place=st.integers(0, 8), before=around, behind=around)
def test_a_letter_that_looks_the_same_costs_that(
    letter: str, alike: str, wanted: str, place: int, before: str, behind: str
) -> None:
    head, tail = wanted[:place].replace(letter, ""), wanted[place:].replace(letter, "")
    text = before + head + alike + tail + behind
    assert cost(head + letter + tail, text) == pytest.approx(EFFORT["look_alike"])


@given(wanted_texts, st.integers(0, 7), around, around)
def test_a_double_letter_written_once_costs_no_more_than_one_doubled(
    wanted: str, place: int, before: str, behind: str
) -> None:
    letter = wanted[place % len(wanted)]
    assert cost(wanted.replace(letter, letter * 2), before + wanted + behind) == pytest.approx(EFFORT["doubled"])


@given(hostile, hostile)
def test_what_is_left_lies_between_nothing_and_all_and_never_above_the_quick_bound(wanted: str, text: str) -> None:
    bits, start, stop = found(wanted, text)
    assert 0.0 <= bits <= bound(wanted, text) + 1e-9 <= sum(information(wanted)) + 2e-9
    assert 0 <= start <= stop <= len(text)
    assert (bits == 0.0) or stop > start


@given(handles, handles, around, around)
def test_more_around_a_text_takes_nothing_away(wanted: str, text: str, before: str, behind: str) -> None:
    assert found(wanted, before + text + behind).bits >= found(wanted, text).bits - 1e-9


@given(handles, handles)
def test_the_quick_bound_holds_of_what_resembles(wanted: str, other: str) -> None:
    text = other[:3] + wanted[1:] + other
    assert found(wanted, text).bits <= bound(wanted, text) + 1e-9


@given(hostile, hostile)
def test_compiled_and_plain_python_find_the_same(wanted: str, text: str) -> None:
    letters, bits, others = read(wanted), np.array(information(wanted)), read(text)
    assert compiled_borne(letters, bits, others) == borne(letters, bits, others)
    assert compiled_at_most(letters, bits, others) == at_most(letters, bits, looks(others))


@given(hostile, hostile, st.floats(0.0, 60.0))
def test_a_search_that_is_ended_early_misses_nothing_above_the_floor(wanted: str, text: str, floor: float) -> None:
    letters, bits, others = read(wanted), np.array(information(wanted)), read(text)
    whole = borne(letters, bits, others)
    assert borne(letters, bits, others, True, floor) == whole or whole.bits <= floor


@given(handles, st.data())
def test_nothing_near_is_missed_above_the_floor_either(wanted: str, data: st.DataObject) -> None:
    letters = list(wanted)
    for _ in range(data.draw(st.integers(0, 3))):  # letters swapped, doubled, left out
        place = data.draw(st.integers(0, max(0, len(letters) - 1)))
        letters[place : place + 2] = data.draw(
            st.sampled_from([letters[place : place + 2][::-1], letters[place : place + 1] * 2, []])
        )
    bits, others = np.array(information(wanted)), read("".join(letters))
    whole = borne(read(wanted), bits, others)
    for floor in (0.0, whole.bits / 2, whole.bits * 0.999):
        assert borne(read(wanted), bits, others, True, floor) == whole or whole.bits == 0.0


def test_nothing_is_borne_where_there_is_nothing() -> None:
    for wanted, text in (("", "janeroe"), ("janeroe", ""), ("", ""), ("janeroe", "xkqv")):
        assert found(wanted, text) == Borne(0.0, 0, 0)


def test_texts_are_read_up_to_a_length() -> None:
    assert found("janeroe", "x" * (LONGEST - 7) + "janeroe").bits > 0.0
    assert found("janeroe", "x" * LONGEST + "janeroe").bits == 0.0
    assert bearing.LONGEST >= 30, "handles of the longest platform are read whole"


@given(st.permutations("abdefgh"))
def test_which_looks_a_text_has_does_not_depend_on_their_order(letters: list[str]) -> None:
    assert looks(read("".join(letters))) == looks(read("abdefgh"))
    assert looks(read("0")) == looks(read("o"))
