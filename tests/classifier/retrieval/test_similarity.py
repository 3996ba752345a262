"""Letters in common against rapidfuzz, and what is measured of keys."""

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from rapidfuzz.distance import LCSseq

from classifier.accounts.account import Account, ProtectedAccount
from classifier.accounts.normal_forms import View
from classifier.retrieval import similarity
from classifier.retrieval.query import Queries
from classifier.retrieval.segment_index import KeyIndex, Pool
from classifier.text.search_keys import LONGEST


@pytest.fixture(autouse=True, scope="module")
def modulo() -> Iterator[None]:
    """As plain Python, sums and products of machine words overflow with a warning; compiled they are modulo 2 ** 64."""
    with np.errstate(over="ignore"):
        yield


def packed(parts: list[bytes]) -> tuple[NDArray[np.uint8], NDArray[np.uint32]]:
    starts = np.cumsum([0, *map(len, parts)]).astype(np.uint32)
    return np.frombuffer(b"".join(parts), np.uint8), starts


def pool_of(owners: list[int]) -> Pool:
    """The owners that one query is compared with."""
    return Pool(np.array(owners, np.uint32), np.array([0, len(owners)], np.uint32), np.zeros(len(owners), np.uint8))


longer = st.text("abcdefgh ", min_size=1, max_size=LONGEST).map(str.encode)


def common(strings: list[bytes], key: bytes) -> list[int]:
    """How many letters the kernels find in common of each string of a query and a key."""
    tables, fences, words, places, lengths = similarity._tables(*packed(strings))
    assert lengths.tolist() == [len(one.replace(b" ", b"")) for one in strings]
    blob, _ = packed([key])
    free = [int(similarity._uncommon(tables, fences, word, blob, 0, len(key))) for word in range(len(fences))]
    return [(~free[word] & int(place)).bit_count() for word, place in zip(words, places, strict=True)]


@given(st.lists(longer, min_size=1, max_size=6), longer)
def test_letters_in_common_are_the_longest_common_subsequence_without_spaces(strings: list[bytes], key: bytes) -> None:
    bare = key.replace(b" ", b"")
    assert common(strings, key) == [LCSseq.similarity(one.replace(b" ", b""), bare) for one in strings]


@given(st.integers(0, 2**64 - 1))
def test_set_bits_are_counted(bits: int) -> None:
    assert similarity._ones(np.uint64(bits)) == bits.bit_count()


def test_the_last_bit_of_the_word_counts_in_the_longest_common_subsequence() -> None:
    whole = bytes(ord("a") + i % 26 for i in range(LONGEST))
    assert common([whole], whole) == [LONGEST]
    assert common([whole[:-1], whole[:1]], whole[:-1]) == [LONGEST - 1, 1]
    assert common([whole], whole[-1:]) == [1]


handles = st.text("abcde01._", min_size=1, max_size=80).filter(lambda text: text.strip("._"))
names = st.none() | st.text("abcde ", min_size=1, max_size=90)


@settings(max_examples=60)
@given(st.lists(st.tuples(handles, names), min_size=1, max_size=8), handles, names)
def test_what_owners_have_in_common_with_a_query_stays_within_0_and_1(
    accounts: list[tuple[str, str | None]], handle: str, name: str | None
) -> None:
    index = KeyIndex.of([ProtectedAccount(platform="x", handle=h, display_name=n) for h, n in accounts])
    queries = Queries.of([View(Account(handle=handle, display_name=name))])
    values = index.compare(queries, pool_of(list(range(len(accounts)))), index)
    assert values.shape == (len(accounts), similarity.FEATURES)
    assert np.isfinite(values).all()
    assert ((values >= 0) & (values <= 1)).all()
    nearest = index.nearest(queries, np.zeros(len(accounts), bool), index)[0].tolist()
    assert len(nearest) == len(set(nearest)) <= similarity.ACCOUNTS


def test_keys_as_long_as_a_machine_word_are_found_and_compared() -> None:
    rng = np.random.default_rng(3)
    long = ["".join(rng.choice(list("abdefghjkmnopst"), LONGEST + 30)) for _ in range(20)]
    index = KeyIndex.of([ProtectedAccount(platform="x", handle=handle) for handle in long])
    for number, handle in enumerate(long):
        queries = Queries.of([View(Account(handle=handle[: LONGEST + 20]))])
        (owner,) = np.flatnonzero(index.rows == number).tolist()
        assert index.nearest(queries, np.zeros(len(long), bool), index)[0][0] == owner
        values = index.compare(queries, pool_of([owner]), index)[0]
        assert values[[0, 1, similarity.FEATURES - 1]].tolist() == [1.0, 1.0, 1.0]
        assert values[2] > 0.9  # a few groups of so many fall on the weight of another


accounts = st.lists(st.tuples(handles, names), min_size=1, max_size=6)


@settings(max_examples=40)
@given(accounts, accounts)
def test_what_owners_have_in_common_with_a_query_does_not_depend_on_the_company(
    registered: list[tuple[str, str | None]], asked: list[tuple[str, str | None]]
) -> None:
    index = KeyIndex.of([ProtectedAccount(platform="x", handle=h, display_name=n) for h, n in registered])
    nobody = np.zeros(len(registered), bool)
    queries = Queries.of([View(Account(handle=h, display_name=n)) for h, n in asked])
    pool = index.pool(queries, nobody, index)
    values = index.compare(queries, pool, index)
    for number, (handle, name) in enumerate(asked):
        alone = Queries.of([View(Account(handle=handle, display_name=name))])
        own = slice(pool.firsts[number], pool.firsts[number + 1])
        assert pool.owners[own].tolist() == index.pool(alone, nobody, index).owners.tolist()
        assert np.array_equal(values[own], index.compare(alone, index.pool(alone, nobody, index), index))
