"""Edits: what is found between known handles, how it is weighed, and that no text breaks it."""

import math
import sys
import unicodedata
from array import array

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from classifier.text import edit_distance as edits_module
from classifier.text import information as rarity
from classifier.text.edit_distance import (
    EFFORT,
    EFFORTS,
    FAR,
    MOST,
    Kind,
    beyond_chance,
    edits,
    nearness,
    separators_changed,
    spelling,
)
from classifier.text.edit_distance_kernel import (
    HAS_NUMBER,
    IN_DOUBT,
    LONGEST,
    STARTS_OTHERWISE,
    compare_packed,
    editops,
)
from classifier.text.information import information
from classifier.text.normalization import LOOK_ALIKE, PROTOTYPES

hostile = st.text(st.characters(exclude_categories=("Cs",)), max_size=25)
handles = st.from_regex(r"[a-z0-9]{1,20}", fullmatch=True)


@pytest.mark.parametrize(
    ("reported", "protected", "kinds"),
    [
        ("0llivander", "ollivander", ("look_alike",)),
        ("northvvind", "northwind", ("look_alike",)),
        ("modern", "modem", ("look_alike",)),
        ("ornega", "omega", ("look_alike",)),
        ("olllivander", "ollivander", ("doubled",)),
        ("olivander", "ollivander", ("doubled",)),  # a double letter written once
        ("oollivander", "ollivander", ("doubled",)),
        ("ollivandre", "ollivander", ("swapped",)),
        ("lolivander", "ollivander", ("swapped",)),
        ("ollivnder", "ollivander", ("dropped",)),
        ("ollivanxder", "ollivander", ("inserted",)),
        ("ollivamder", "ollivander", ("changed",)),
        ("ollivander7", "ollivander", ("number",)),
        ("ollivander77", "ollivander", ("number", "number")),
        ("ollivander78", "ollivander77", ("number",)),
        ("xollivander", "ollivander", ("before",)),
        ("ollivanderx", "ollivander", ("after",)),
    ],
)
def test_what_was_done_to_a_handle_has_a_name(reported: str, protected: str, kinds: tuple[Kind, ...]) -> None:
    assert edits(reported, protected).kinds == kinds


@pytest.mark.parametrize(
    ("reported", "otherwise"),
    [("llivander", True), ("xllivander", True), ("0llivander", False), ("xollivander", False), ("ollivandr", False)],
)
def test_a_handle_starts_otherwise_when_its_first_letter_is_left_out_or_looks_another(
    reported: str, otherwise: bool
) -> None:
    assert edits(reported, "ollivander").starts_otherwise == otherwise


@given(hostile)
def test_nothing_leads_from_a_handle_to_itself(handle: str) -> None:
    found = edits(handle, handle)
    assert (found.kinds, found.effort, found.starts_otherwise) == ((), 0.0, False)
    assert found.kept == pytest.approx(sum(information(handle)))


@given(hostile, hostile)
def test_no_text_breaks_it_and_every_figure_is_within_its_bounds(reported: str, protected: str) -> None:
    found = edits(reported, protected)
    assert set(found.kinds) <= set(EFFORT)
    assert 0.0 <= found.effort <= MOST
    assert found.effort == pytest.approx(min(MOST, sum(EFFORT[kind] for kind in found.kinds)))
    # Letters that together look like one are read as one, which may carry more than the two.
    assert found.kept >= 0.0
    assert found.kept <= sum(information(protected)) + 1e-9 or "look_alike" in found.kinds
    assert -MOST <= beyond_chance(reported, protected) <= rarity.MOST
    assert math.isfinite(beyond_chance(reported, protected))


@given(hostile, hostile)
def test_other_handles_have_edits(reported: str, protected: str) -> None:
    """Otherwise a handle that is another would count as the very same one."""
    assert (edits(reported, protected).kinds == ()) == (reported == protected)


@given(handles, handles)
def test_nothing_is_further_beyond_chance_than_the_handle_itself(reported: str, protected: str) -> None:
    own = beyond_chance(protected, protected)
    assert beyond_chance(reported, protected) <= own + rarity.LETTER  # "rn" read as "m" may carry a little more


@pytest.mark.parametrize(
    "steps",
    [
        ("ollivander", "olllivander", "olllivandre", "oxllivandre", "oxlliqandre"),
        ("ollivander", "ollivander1", "ollivander12", "ollivander123", "ollivander1234"),
        ("ollivander", "0llivander", "0lIivander".lower(), "0llvander", "llvander"),
        ("cryptojunky", "cryptojunkyx", "cryptojunkyxy", "acryptojunkyxy"),
    ],
)
def test_each_further_edit_brings_a_handle_nearer_to_what_chance_gives(steps: tuple[str, ...]) -> None:
    found = [beyond_chance(step, steps[0]) for step in steps]
    assert found == sorted(found, reverse=True)
    assert found[0] > found[-1]


def test_what_is_overlooked_costs_less_than_what_is_seen() -> None:
    """Who imitates chooses what is overlooked: it must stay the likeliest explanation."""
    assert EFFORT["look_alike"] < EFFORT["doubled"] < EFFORT["swapped"] <= EFFORT["dropped"] < EFFORT["changed"]


def test_a_common_handle_is_hit_upon_by_chance_and_a_rare_one_is_not() -> None:
    assert beyond_chance("andreas1", "andreas") < 15.0 < beyond_chance("ollivander1", "ollivander")
    assert beyond_chance("zqxjkvbp", "ollivander") < -20.0


@pytest.mark.parametrize(
    ("one", "other", "number"),
    [("jane_roe", "janeroe", 1), ("__jane__", "jane", 4), ("jane.roe", "jane-roe", 0), ("jane", "jane", 0)],
)
def test_separators_are_counted(one: str, other: str, number: int) -> None:
    assert separators_changed(one, other) == number


@given(hostile, hostile)
def test_separators_changed_are_the_same_from_either_side(one: str, other: str) -> None:
    assert separators_changed(one, other) == separators_changed(other, one) <= max(len(one), len(other))


few_letters = st.text("abrnvwcldm105áä", max_size=16)


@given(few_letters | handles, few_letters | handles)
def test_the_compiled_way_from_one_text_to_another_is_rapidfuzz_s(source: str, target: str) -> None:
    ops = np.empty((len(source) + len(target), 3), np.int64)
    letters = [np.array([ord(char) for char in text], np.int32) for text in (source, target)]
    count = editops(*letters, ops)
    kinds = ("replace", "delete", "insert")
    found = [(kinds[kind], at, place) for kind, at, place in ops[:count].tolist()]
    assert found == [(op.tag, op.src_pos, op.dest_pos) for op in Levenshtein.editops(source, target)]


def together(pair: tuple[str, str]) -> tuple[float, int]:
    """What the compiled way finds of a pair."""
    own, other = (array("q", [1, 2]) + spelling(text, carried=place == 1) for place, text in enumerate(pair))
    own_units, units = np.array(own), np.array(other)
    start = np.zeros(1, np.int64)
    beyond, _, found = compare_packed(
        own_units, start, units, units.view(np.float64), start, EFFORTS, rarity.MOST, MOST, FAR
    )
    return float(beyond[0]), int(found[0])


joined = st.lists(st.sampled_from(["rn", "m", "vv", "w", "cl", "d", "a", "1"]), min_size=1, max_size=12).map("".join)


@given(st.tuples(few_letters | joined | hostile, few_letters | joined | hostile).filter(all))
def test_the_compiled_way_finds_the_same_to_the_last_digit(pair: tuple[str, str]) -> None:
    beyond, found = together(pair)
    if not found & IN_DOUBT:
        one = nearness(*pair)
        assert max(FAR, beyond) == max(FAR, one.beyond)
        assert (found & STARTS_OTHERWISE > 0, found & HAS_NUMBER > 0) == (one.starts_otherwise, one.has_number)


def test_hardly_any_pair_is_left_in_doubt() -> None:
    rng = np.random.default_rng(5)
    texts = ["".join(chr(97 + one) for one in rng.integers(0, 26, rng.integers(4, 20))) for _ in range(400)]
    pairs = zip(texts, [text[2:] + text[5:6] for text in texts], strict=True)
    assert sum(together(pair)[1] & IN_DOUBT > 0 for pair in pairs) <= 8


def test_a_text_too_long_for_the_compiled_way_is_left_in_doubt() -> None:
    long = "x" * (LONGEST + 1)
    assert together((long, "jane"))[1] == together(("jane", long))[1] == IN_DOUBT
    assert together((long[1:], "jane"))[1] != IN_DOUBT


def test_no_two_looks_have_the_same_number() -> None:
    """Of all characters that may look like another, or like several; what looks like itself has its own number."""
    every = map(chr, range(sys.maxunicode + 1))
    changed = {char for char in every if unicodedata.normalize("NFKD", char) != char or char.lower() != char}
    changed |= {*map(chr, PROTOTYPES), *map(chr, LOOK_ALIKE)}
    looks = {edits_module._look.__wrapped__(char) for char in changed}
    numbers = {edits_module._number(look) for look in looks}
    assert len(looks) > 10_000
    assert len(numbers) == len(looks)
    assert 0 < min(numbers) <= max(numbers) < 1 << 31
