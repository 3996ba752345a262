"""The compiled choices against the same in plain Python."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from classifier.retrieval import mentions, ranking

Owners = NDArray[np.uint32]
MOST, LONGEST = 3, 3
words = st.lists(st.integers(0, 6), max_size=6)
claim_lists = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 40)))
owners = st.lists(st.integers(0, 40), max_size=20)


def firsts(parts: list[list[int]]) -> Owners:
    return np.cumsum([0, *map(len, parts)]).astype(np.uint32)


def joined(parts: list[list[int]], kind: type) -> NDArray[np.integer]:
    return np.array([one for part in parts for one in part], kind)


def lists(values: NDArray[np.integer], starts: Owners) -> list[list[int]]:
    return [values[a:b].tolist() for a, b in pairwise(starts.tolist())]


@given(claim_lists, st.lists(st.tuples(words, words, words), max_size=4))
def test_of_each_claim_the_first_owners_are_called(
    claims: list[tuple[int, int]], said: list[tuple[list[int], list[int], list[int]]]
) -> None:
    """Words whose hash is 5 or more say something by themselves."""
    ordered = sorted(claims, key=lambda one: one[0])
    told = [part for name, bio, _ in said for part in (name, bio)]
    mentioned_by = [mentioned for _, _, mentioned in said]
    found, starts = mentions.called(
        np.array([claim for claim, _ in ordered], np.uint64), np.array([owner for _, owner in ordered], np.uint32),
        MOST, LONGEST, joined(told, np.uint64), firsts(told),
        np.array([word >= 5 for part in told for word in part], np.uint8),
        joined(mentioned_by, np.uint64), firsts(mentioned_by),
    )  # fmt: skip

    def owned(hashes: list[int]) -> list[int]:
        return sorted({owner for one in hashes for owner in [o for c, o in ordered if c == one][:MOST]})

    def runs(part: list[int]) -> list[int]:
        return [sum(part[a:b]) for a in range(len(part)) for b in range(a + 2, min(len(part), a + LONGEST) + 1)]

    expected = [
        owned(one)
        for name, bio, mentioned in said
        for one in (runs(name), [*runs(bio), *mentioned], [word for word in bio if word >= 5])
    ]
    assert lists(found, starts) == expected


def test_sums_of_hashes_wrap_around() -> None:
    half = 2**63
    told = np.array([half, half + 1], np.uint64)
    found, starts = mentions.called(
        np.array([1], np.uint64), np.array([7], np.uint32), MOST, LONGEST,
        told, np.array([0, 2, 2], np.uint32), np.zeros(2, np.uint8), told[:0], np.array([0, 0], np.uint32),
    )  # fmt: skip
    assert lists(found, starts) == [[7], [], []]


@given(st.lists(st.tuples(owners, owners, owners, owners), max_size=4), owners)
def test_the_owners_of_all_ways_are_put_together_without_those_gone(
    asked: list[tuple[list[int], list[int], list[int], list[int]]], gone: list[int]
) -> None:
    near = [[one for one in dict.fromkeys(found) if one not in gone] for found, *_ in asked]
    named = [sorted(set(found)) for _, *ways in asked for found in ways]
    is_gone = np.isin(np.arange(41), gone)
    together, starts, saying = ranking.pooled(
        joined(near, np.uint32), firsts(near), joined(named, np.uint32), firsts(named), is_gone
    )
    for number, (pool, said) in enumerate(zip(lists(together, starts), lists(saying, starts), strict=True)):
        called, claimed, spelled = named[3 * number : 3 * number + 3]
        assert pool[: len(near[number])] == near[number]
        assert sorted(pool) == sorted({*near[number], *called, *claimed, *spelled} - {*gone})
        kinds = [ranking.CLAIMED if one in claimed else ranking.SPELLED if one in spelled else 0 for one in pool]
        assert said == kinds


scored = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2)), max_size=12)


@given(st.lists(st.tuples(st.booleans(), scored), max_size=4))
def test_the_likeliest_come_first_and_of_equals_the_more_prominent(
    asked: list[tuple[bool, list[tuple[int, int]]]],
) -> None:
    """Of accounts with one measure in quarters, whose bonus is an eighth or a sixteenth."""
    pools = [list(range(len(found))) for _, found in asked]
    flat = [one for _, found in asked for one in found]
    most = max((len(pool) for pool in pools), default=0)
    shares, bonuses = np.array([[1.0], [0.5]], np.float32), np.array([0.125, 0.0625], np.float32)
    best, scores, starts = ranking.rank(
        np.array([[value / 4] for value, _ in flat], np.float32).reshape(-1, 1), shares,
        np.array([named for named, _ in asked], bool), np.array([kind for _, kind in flat], np.uint8), bonuses,
        joined(pools, np.uint32), firsts(pools), np.arange(most + 1, dtype=np.uint32), np.ones(most, np.uint8), 5, 0.2,
    )  # fmt: skip
    for number, (named, found) in enumerate(asked):
        reached = [
            (-(value / 4 * (1.0 if named else 0.5) + (0.0, 0.125, 0.0625)[kind]), owner)
            for owner, (value, kind) in enumerate(found)
        ]
        expected = sorted(one for one in reached if one[0] <= -0.2)[:5]
        own = slice(starts[number], starts[number + 1])
        assert best[own].tolist() == [owner for _, owner in expected]
        assert np.allclose(scores[own], [-score for score, _ in expected], atol=1e-6)
