"""Grams against the same in plain Python, over small sets of keys of few letters, which share much."""

import math
from collections import defaultdict

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from classifier.retrieval import ngrams
from tests.classifier.text.keys_drawn import key_lists, keys, packed

BITS = 12
_GOLDEN, _WRAP = 0x9E3779B97F4A7C15, 2**64


def grams_of(key: bytes) -> set[int]:
    """Hashes of every four characters of a key with a boundary at both ends, and of every three of a short one."""
    text = b" " + key + b" "
    fours = {text[i : i + 4] for i in range(max(1, len(text) - 3))}
    threes = {text[i : i + 3] for i in range(len(text) - 2)} if len(key) <= ngrams.SHORT else set()
    numbers = [int.from_bytes(four) for four in fours] + [int.from_bytes(three) | 1 << 40 for three in threes]
    return {number * _GOLDEN % _WRAP >> 32 for number in numbers}


def slips_of(key: bytes) -> set[int]:
    """Hashes of a short key and of it without each one character."""
    if len(key) > ngrams.SLIPPED:
        return set()
    hashes = set()
    for left in {key, *(key[:i] + key[i + 1 :] for i in range(len(key)))}:
        number = 0
        for byte in left:
            number = (number ^ byte) * _GOLDEN % _WRAP
        hashes.add(number >> 32)
    return hashes


def bucket(number: int) -> int:
    return number % 2**BITS


@given(key_lists)
def test_a_bucket_lists_exactly_the_keys_that_have_one_of_its_groups_or_slips(parts: list[bytes]) -> None:
    expected: dict[int, list[int]] = defaultdict(list)
    for number, key in enumerate(parts):
        for entry in [*grams_of(key), *slips_of(key)]:
            expected[bucket(entry)].append(number)
    offsets, postings = ngrams.build(*packed(parts), BITS)
    assert len(offsets) == 2**BITS + 1
    assert offsets[-1] == len(postings)
    spans = zip(offsets.tolist(), offsets[1:].tolist(), strict=False)
    listed = {place: postings[a:b].tolist() for place, (a, b) in enumerate(spans) if a < b}
    assert {place: sorted(set(one)) for place, one in listed.items()} == {
        place: sorted(set(one)) for place, one in expected.items()
    }
    assert all(one == sorted(one) for one in listed.values())


def weights_of(parts: list[bytes], offsets: NDArray[np.uint32]) -> dict[int, int]:
    """What each group of any of the keys weighs."""
    holders = np.diff(offsets.astype(np.int64)).tolist()
    return {
        gram: int(4 * math.log2(1 + len(parts) / max(1, holders[bucket(gram)])))
        for key in parts
        for gram in grams_of(key)
    }


@given(key_lists)
def test_the_mass_of_a_key_is_the_weight_of_its_groups(parts: list[bytes]) -> None:
    offsets, _ = ngrams.build(*packed(parts), BITS)
    weights = weights_of(parts, offsets)
    expected = [sum(weights[gram] for gram in grams_of(key)) for key in parts]
    assert ngrams.masses(*packed(parts), offsets, len(parts)).tolist() == expected


queries = st.lists(st.tuples(st.lists(keys, max_size=3), st.lists(keys, max_size=3)), min_size=1, max_size=4)


@given(key_lists, queries)
def test_the_grams_of_a_query_are_those_of_its_strings_whatever_the_company(
    parts: list[bytes], asked: list[tuple[list[bytes], list[bytes]]]
) -> None:
    offsets, _ = ngrams.build(*packed(parts), BITS)
    blob, starts = packed([key for handles, names in asked for key in (*handles, *names)])
    is_name = np.array([kind for handles, names in asked for kind in [0] * len(handles) + [1] * len(names)], np.uint8)
    strings = np.cumsum([0, *(len(handles) + len(names) for handles, names in asked)]).astype(np.uint32)
    found, weights, firsts, heaviest = ngrams.query_grams(blob, starts, is_name, strings, offsets, len(parts))
    assert len(firsts) == len(asked) + 1
    assert firsts[-1] == len(found) == len(weights)
    for number, of_one in enumerate(asked):
        own = found[firsts[number] : firsts[number + 1]].tolist()
        assert sorted(own) == sorted({entry for key in (*of_one[0], *of_one[1]) for entry in entries_of(key)})
        for kind, own_keys in enumerate(of_one):
            masses = ngrams.masses(*packed(own_keys), offsets, len(parts)).tolist()
            assert heaviest[number, kind] == max(masses, default=0)


def entries_of(key: bytes) -> set[int]:
    return grams_of(key) | slips_of(key)


@given(st.lists(keys, min_size=1, max_size=9), key_lists)
def test_what_a_key_shares_with_each_string_is_the_weight_of_the_groups_that_both_have(
    strings: list[bytes], parts: list[bytes]
) -> None:
    """Or groups that are told apart from those by the last bits of their hashes only."""
    offsets, _ = ngrams.build(*packed([*parts, *strings]), BITS)
    number = len(parts) + len(strings)
    of_strings = np.array([0, len(strings)], np.uint32)
    owners = np.arange(len(parts), dtype=np.uint32)
    together, totals = ngrams.shared(
        *packed(strings), of_strings, offsets, number,
        owners, np.array([0, len(parts)], np.uint32), np.arange(len(parts) + 1, dtype=np.uint32), *packed(parts),
    )  # fmt: skip
    assert totals.tolist() == ngrams.masses(*packed(strings), offsets, number).tolist()
    rows = -(-len(strings) // ngrams.LANES)
    assert len(together) == rows * len(parts)
    weights = weights_of([*parts, *strings], offsets)
    flags = [{gram % 2048: weights[gram] for gram in grams_of(string)} for string in strings]
    for place, key in enumerate(parts):
        for q, string in enumerate(strings):
            word = int(together[place * rows + q // ngrams.LANES])
            found = word >> ngrams.LANE * (q % ngrams.LANES) & 0xFFFF
            if len(flags[q]) == len(grams_of(string)):  # no two of its own groups are taken for each other
                assert found == sum(flags[q].get(gram % 2048, 0) for gram in grams_of(key))
