"""Sets and texts are compared as Python and rapidfuzz compare them."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from rapidfuzz import fuzz

from classifier.features import words_and_texts as texts
from classifier.utils.jit import compiled


@compiled
def ratio(text: NDArray[np.int64], other: NDArray[np.int64]) -> float:
    return texts_ratio(text, other)


texts_ratio = texts.ratio
sets = st.frozensets(st.integers(-(2**63), 2**63 - 1) | st.integers(0, 9), max_size=12)


def letters(text: str) -> NDArray[np.int64]:
    return np.array([ord(char) for char in text], np.int64)


def sorted_units(words: frozenset[int]) -> NDArray[np.int64]:
    return np.array(sorted(words), np.int64)


@given(st.text("abcd ", max_size=90), st.text("abcd ", max_size=90))
def test_texts_are_as_alike_as_rapidfuzz_says(one: str, other: str) -> None:
    found = ratio(letters(one), letters(other))
    assert found == texts.ratio(letters(one), letters(other)) == fuzz.ratio(one, other)


@given(sets, sets)
def test_sets_are_compared_as_python_compares_them(words: frozenset[int], others: frozenset[int]) -> None:
    ours, theirs = sorted_units(words), sorted_units(others)
    assert texts.shared(ours, theirs) == len(words & others)
    assert texts.is_part(ours, theirs) == (words <= others)
    assert all(texts.has(theirs, word) == (word in others) for word in words)


@given(st.integers(0, 2**64 - 1))
def test_bits_are_counted(bits: int) -> None:
    assert texts.ones(np.uint64(bits)) == bits.bit_count()


@given(st.text("ab", max_size=4), st.text("ab", max_size=9))
def test_a_text_is_found_in_another_where_it_first_stands(short: str, long: str) -> None:
    assert texts.place_of(letters(short), letters(long)) == long.find(short)


def test_words_of_a_phrase_follow_each_other_in_any_order() -> None:
    telling, phrases = np.array([4, 7, 9, 2], np.int64), np.array([2, 16], np.int64)
    assert texts.says(telling, phrases)
    assert not texts.says(telling[[1, 0, 2]], np.array([2, 11 + 2], np.int64)[:0])
    assert not texts.says(telling, np.array([2, 13], np.int64)), "4 and 9 are not next to each other"
    assert not texts.says(telling[:1], phrases)


def test_two_parts_of_a_handle_may_be_one_word() -> None:
    words, ends = letters("realhelp"), np.array([4, 8], np.int64)
    assert texts.is_among(letters("he"), letters("lp"), words, ends)
    assert not texts.is_among(letters("he"), letters("l"), words, ends)
    assert not texts.is_among(letters(""), letters(""), words, ends)
