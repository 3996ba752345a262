"""The chain: what follows, and what was changed, removed or moved."""

from itertools import pairwise

import pytest

from classifier.utils.hash_chain import GENESIS, HashChain

HASHES = [GENESIS, *(f"{number:064x}" for number in range(1, 6))]
LINKS = list(pairwise(HASHES))  # what an entry names, and its hash


def followed(links: list[tuple[str, str]], last: str | None = GENESIS) -> list[bool]:
    chain = HashChain(last)
    return [chain.add(*link) for link in links]


def test_a_whole_chain_follows() -> None:
    assert all(followed(LINKS))


@pytest.mark.parametrize("gone", range(len(LINKS) - 1))
def test_the_entry_after_one_that_was_removed_does_not_follow_and_those_after_it_do(gone: int) -> None:
    found = followed(LINKS[:gone] + LINKS[gone + 1 :])
    assert [number for number, follows in enumerate(found) if not follows] == [gone]


def test_entries_that_changed_places_do_not_follow() -> None:
    assert followed([LINKS[1], LINKS[0], *LINKS[2:]]) == [False, False, False, True, True]


def test_the_first_of_a_part_may_follow_what_is_not_known() -> None:
    assert not followed(LINKS[2:])[0]
    assert all(followed(LINKS[2:], last=None))
    assert all(followed(LINKS[2:], last=HASHES[2]))
    assert followed([LINKS[2], LINKS[0]], last=None) == [True, False]


def test_an_entry_that_names_nothing_does_not_follow() -> None:
    assert not HashChain().add(None, HASHES[1])
