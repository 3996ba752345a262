"""The search of postings over small sets of keys of few letters, which share much."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from classifier.retrieval import ngrams, postings
from tests.classifier.text.keys_drawn import key_lists, keys, packed

BITS = 12


@pytest.fixture(autouse=True, scope="module")
def modulo() -> Iterator[None]:
    """As plain Python, sums and products of machine words overflow with a warning; compiled they are modulo 2 ** 64."""
    with np.errstate(over="ignore"):
        yield


def entries(key: bytes) -> set[int]:
    """The buckets under which a key is listed."""
    out = np.empty(200, np.uint32)
    return {int(entry) % 2**BITS for entry in out[: ngrams._entries(*packed([key])[:1], 0, len(key), out)]}


class Keys:
    """Keys as an index holds them, each the only one of its owner."""

    def __init__(self, parts: list[bytes]) -> None:
        self.parts = parts
        self.blob, self.starts = packed(parts)
        self.offsets, self.postings = ngrams.build(self.blob, self.starts, BITS)
        self.mass = ngrams.masses(self.blob, self.starts, self.offsets, len(parts))
        for array in (self.starts, self.offsets, self.postings, self.mass):
            array.setflags(write=False)
        self.sums = np.zeros(postings.BLOCK, np.uint32)

    def search(self, handles: list[bytes], names: list[bytes]) -> tuple[list[int], list[int]]:
        [found] = self.search_many([(handles, names)])
        return found

    def search_many(self, asked: list[tuple[list[bytes], list[bytes]]]) -> list[tuple[list[int], list[int]]]:
        blob, starts = packed([key for handles, names in asked for key in (*handles, *names)])
        is_name = b"".join(bytes(len(handles)) + b"\1" * len(names) for handles, names in asked)
        strings = np.cumsum([0, *(len(handles) + len(names) for handles, names in asked)]).astype(np.uint32)
        made = ngrams.query_grams(
            blob, starts, np.frombuffer(is_name, np.uint8), strings, self.offsets, len(self.parts)
        )
        memory = [np.empty(postings.BUDGET, np.uint32) for _ in range(4)]
        found, scores, firsts = postings.search(*made, self.offsets, self.postings, self.mass, self.sums, *memory)
        return [(found[a:b].tolist(), scores[a:b].tolist()) for a, b in pairwise(firsts.tolist())]


def has_repeats(key: bytes) -> bool:
    return any(one == other for one, other in pairwise(key))


short = (
    st.text("abcdefgh", min_size=2, max_size=ngrams.SLIPPED).map(str.encode).filter(lambda key: not has_repeats(key))
)


@st.composite
def slipped(draw: st.DrawFn) -> tuple[bytes, bytes]:
    """A short key and the same with a letter more, less or another, or two neighbours swapped."""
    key = draw(short)
    place, letter = draw(st.integers(0, len(key) - 1)), draw(st.sampled_from([b"a", b"d", b"z"]))
    before, char, after = key[:place], key[place : place + 1], key[place + 1 :]
    other = draw(
        st.sampled_from(
            [
                before + after,
                before + letter + char + after,
                before + letter + after,
                before + after[:1] + char + after[1:],
            ]
        )
    )
    return key, other[: ngrams.SLIPPED]


@given(slipped(), st.lists(short, max_size=40), st.booleans())
def test_every_short_key_within_one_slip_is_found(
    pair: tuple[bytes, bytes], others: list[bytes], as_name: bool
) -> None:
    key, written = pair
    assert OSA.distance(key, written) <= 1 or len(written) == ngrams.SLIPPED
    parts = [*others, key]
    found, _ = Keys(parts).search(*(([], [written]) if as_name else ([written], [])))
    within = [number for number, one in enumerate(parts) if OSA.distance(one, written) <= 1]
    assert set(within) <= set(found)


@given(key_lists, st.lists(keys, max_size=3), st.lists(keys, max_size=3))
def test_a_search_finds_only_keys_that_share_something_and_leaves_its_memory_as_it_was(
    parts: list[bytes], handles: list[bytes], names: list[bytes]
) -> None:
    index = Keys(parts)
    found, scores = index.search(handles, names)
    assert not index.sums.any()
    assert len(found) == len(scores) <= postings.KEYS
    asked = set().union(*map(entries, (*handles, *names)))
    assert all(asked & entries(parts[number]) for number in found)
    if not handles and not names:
        assert found == []


@given(key_lists, st.data())
def test_a_key_that_is_the_query_shares_more_than_any_other(parts: list[bytes], data: st.DataObject) -> None:
    wanted = data.draw(st.sampled_from(parts))
    found, scores = Keys(parts).search([wanted], [])
    reached = dict(zip(found, scores, strict=True))
    assert reached[parts.index(wanted)] == max(scores)


@pytest.mark.parametrize("as_name", [0, 1, 2])
def test_of_more_than_can_be_compared_the_likest_are_returned_and_no_more(as_name: int) -> None:
    rng = np.random.default_rng(5)
    parts = [b"northw" + bytes(rng.integers(97, 123, 5).astype(np.uint8)) for _ in range(postings.SHORTLIST + 500)]
    wanted = 1_900
    index = Keys(parts)
    asked = [[parts[wanted]], []] if as_name == 0 else [[], [parts[wanted]]] if as_name == 1 else [[parts[wanted]]] * 2
    found, _ = index.search(*asked)
    assert len(found) <= postings.KEYS
    assert wanted in found
    assert not index.sums.any()


def test_of_keys_that_are_all_the_same_the_first_are_returned() -> None:
    found, scores = Keys([b"annlee"] * (postings.SHORTLIST + 500)).search([b"annlee"], [])
    assert found == list(range(postings.KEYS))
    assert set(scores) == {max(scores)}


def test_no_query_reads_more_postings_than_the_budget() -> None:
    """Otherwise a common name costs a query all of the registry."""
    index = Keys([b"annlee"] * 30_000)
    assert len(index.postings) > postings.BUDGET
    blob, starts = packed([b"annlee"])
    one = np.array([0, 1], np.uint32)
    found, weights, *_ = ngrams.query_grams(blob, starts, np.zeros(1, np.uint8), one, index.offsets, 30_000)
    begins, ends, _ = postings._spans(found, weights, index.offsets)
    assert (ends - begins).sum() == postings.BUDGET
    index.search([b"annlee", b"ann lee"], [b"lee ann"])
    assert not index.sums.any()


# Once wrong: where more keys than SHORTLIST share the same most of a query, and that is not all of it, `_cut` stops
# above them in the first pass of `_select`, and nothing at all is found: nobody named Ann Lee, because many are.
@pytest.mark.parametrize("names", [0, 1])
def test_a_name_that_very_many_bear_with_a_word_added_still_finds_the_first_of_them(names: int) -> None:
    index = Keys([b"annlee"] * (postings.SHORTLIST + 1))
    asked = [b"annleejones"]
    found, _ = index.search(*(([], asked) if names else (asked, [])))
    assert found == list(range(postings.KEYS))


# Once wrong: one key that shares more hides all of those, and half of what is compared stays unused.
def test_one_key_that_shares_more_does_not_hide_the_very_many_that_share_a_little_less() -> None:
    index = Keys([b"annlee"] * (postings.SHORTLIST + 1) + [b"annleejo"])
    found, _ = index.search([b"annleejones"], [])
    assert len(found) == postings.KEYS
    assert postings.SHORTLIST + 1 in found


def test_keys_in_more_than_one_block_are_found_alike() -> None:
    parts = [b"zzyzx"] + [b"qqqq"] * (postings.BLOCK - 1) + [b"zzyzx", b"zzyzx"]
    index = Keys(parts)
    found, scores = index.search([b"zzyzx"], [])
    assert {0, postings.BLOCK, postings.BLOCK + 1} <= set(found)
    reached = dict(zip(found, scores, strict=True))
    assert reached[0] == reached[postings.BLOCK] == reached[postings.BLOCK + 1]
    assert not index.sums.any()


several = st.lists(st.tuples(st.lists(keys, max_size=3), st.lists(keys, max_size=3)), max_size=5)


@given(key_lists, several)
def test_what_is_found_for_a_query_does_not_depend_on_the_company(
    parts: list[bytes], asked: list[tuple[list[bytes], list[bytes]]]
) -> None:
    index = Keys(parts)
    assert index.search_many(asked) == [index.search(*one) for one in asked]
