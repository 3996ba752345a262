from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from classifier.accounts.account import Account, ProtectedAccount
from classifier.accounts.normal_forms import View
from classifier.retrieval import similarity
from classifier.retrieval.query import Queries
from classifier.retrieval.segment_index import MAX_OWNERS, PHRASE_WORDS, KeyIndex, prominence_of
from classifier.simulation.population import invent_registry

JANE = ProtectedAccount(
    platform="x",
    handle="NorthwindJane",
    display_name="Jane Quillon",
    aliases=("Halvorsen",),
    roles=("Mayor of the city of Tamstad",),
    former_handles=("HarbourPainter",),
)
OTHERS = list(invent_registry(60, seed=19))
ACCOUNTS = [*OTHERS[:30], JANE, *OTHERS[30:]]
# By what somebody is called, as ``choosing.called`` lists them.
KINDS = ("named", "claimed", "spelled")


@pytest.fixture(scope="module")
def index() -> KeyIndex:
    return KeyIndex.of(ACCOUNTS)


def query(**said: str) -> Queries:
    return Queries.of([View(Account(**{"handle": "qzkxvw83", "platform": "x"} | said))])  # type: ignore[arg-type]


def owners_called(index: KeyIndex, made: Queries, kind: str) -> NDArray[np.uint32]:
    owners, firsts = index.called(made)
    place = KINDS.index(kind)
    return owners[firsts[place] : firsts[place + 1]]


def called(index: KeyIndex, made: Queries, kind: str) -> list[str]:
    return [ACCOUNTS[row].handle for row in index.rows[owners_called(index, made, kind)].tolist()]


def equal(one: KeyIndex, other: KeyIndex) -> bool:
    return all(
        getattr(one, field.name).dtype == getattr(other, field.name).dtype
        and np.array_equal(getattr(one, field.name), getattr(other, field.name))
        for field in fields(KeyIndex)
    )


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        pytest.param("named", {"display_name": "Quillon, Jane"}, id="the name turned"),
        pytest.param(
            "named", {"display_name": "Fans of Jаnе Quіllоn"}, id="the name within a name, in Cyrillic letters"
        ),
        pytest.param(
            "named", {"display_name": "Tamstad City Mayor"}, id="a role in another order, without small words"
        ),
        pytest.param("claimed", {"bio": "Here writes QUILLON JANE, honestly"}, id="the name in a bio, turned"),
        pytest.param("claimed", {"bio": "Tamstad's own: mayor of city Tamstad"}, id="a role in a bio"),
        pytest.param("claimed", {"bio": "assistant of @Northwind_Jane and others"}, id="a mention"),
        pytest.param("spelled", {"bio": "my halvorsen days"}, id="a name of one word in a bio"),
        pytest.param("spelled", {"bio": "northwindjane was taken"}, id="the handle as a word of a bio"),
    ],
)
def test_whoever_a_text_names_is_found_in_whatever_order_of_words(
    index: KeyIndex, kind: str, said: dict[str, str]
) -> None:
    assert called(index, query(**said), kind) == [JANE.handle]


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"bio": "Jane met Quillon"},
        {"bio": "quillon"},
        {"bio": "@northwind"},
        {"display_name": "Mayor of Tamstad"},
        {"bio": "northwind jane"},
        {"display_name": "🦊"},
    ],
)
def test_a_part_of_a_name_names_nobody(index: KeyIndex, said: dict[str, str]) -> None:
    made = query(**said)
    assert not any(called(index, made, kind) for kind in KINDS)


@given(st.permutations(["Mayor", "city", "Tamstad"]), st.sampled_from(["of", "the", "of the", "-"]))
def test_the_order_of_the_words_and_small_words_between_them_do_not_matter(
    index: KeyIndex, words: list[str], between: str
) -> None:
    said = f" {between} ".join(words)
    assert called(index, query(bio=f"once {said} again"), "claimed") == [JANE.handle]
    assert called(index, query(display_name=said), "named") == [JANE.handle]


def test_a_name_of_more_words_than_are_looked_for_is_no_claim() -> None:
    words = "aron bela cora dana egon fritz greta".split()
    for size in (PHRASE_WORDS, PHRASE_WORDS + 1):
        owner = ProtectedAccount(platform="x", handle="qqq", display_name=" ".join(words[:size]))
        found = owners_called(KeyIndex.of([owner]), query(bio=" ".join(words[:size])), "claimed")
        assert len(found) == (size == PHRASE_WORDS)


def test_of_those_who_share_a_name_the_most_prominent_are_meant_and_no_more() -> None:
    sharers = [
        ProtectedAccount(platform="x", handle=f"a{n}bcdefgh"[::-1], display_name="Ann Lee", followers=10 * n)
        for n in range(MAX_OWNERS + 20)
    ]
    index = KeyIndex.of(sharers)
    found = owners_called(index, query(bio="friend of Ann Lee"), "claimed")
    assert index.rows[found].tolist() == list(range(MAX_OWNERS + 19, 19, -1))


def test_an_owner_that_is_claimed_twice_is_found_once(index: KeyIndex) -> None:
    made = query(bio="Jane Quillon, Quillon Jane, @NorthwindJane, @northwind_jane")
    assert called(index, made, "claimed") == [JANE.handle]


def test_owners_are_in_order_of_prominence_and_ties_in_order_of_rows(index: KeyIndex) -> None:
    prominence = [prominence_of(ACCOUNTS[row]) for row in index.rows.tolist()]
    assert index.prominence.tolist() == pytest.approx(prominence)
    assert sorted(index.rows.tolist()) == list(range(len(ACCOUNTS)))
    order = list(zip((-index.prominence).tolist(), index.rows.tolist(), strict=True))
    assert order == sorted(order)


def test_what_is_prominent() -> None:
    unknown = ProtectedAccount(platform="x", handle="a")
    assert prominence_of(unknown) == 0
    ascending = [
        unknown,
        replace(unknown, followers=8),
        replace(unknown, verified=True),
        replace(unknown, followers=1_000, verified=False),
        replace(unknown, followers=1_000, verified=True),
        replace(unknown, followers=1_000, tier="high"),
    ]
    assert [prominence_of(one) for one in ascending] == sorted(prominence_of(one) for one in ascending)


def test_of_accounts_that_are_equally_alike_the_more_prominent_come_first() -> None:
    """More than are compared: the least prominent are left out."""
    twins = [
        ProtectedAccount(platform="x", handle=f"jane{n}", aliases=("Jane Quillon",), followers=n)
        for n in range(similarity.ACCOUNTS + 50)
    ]
    index = KeyIndex.of(twins)
    found, _ = index.nearest(query(display_name="Jane Quillon"), np.zeros(len(twins), bool), index)
    followers = [twins[row].followers for row in index.rows[found].tolist()]
    assert followers == list(range(similarity.ACCOUNTS + 49, 49, -1))


@settings(max_examples=50)
@given(st.sets(st.integers(0, len(ACCOUNTS) - 1)), st.integers(0, len(ACCOUNTS) - 1))
def test_who_is_gone_is_not_among_the_nearest(index: KeyIndex, gone: set[int], asked: int) -> None:
    left_out = np.isin(index.rows, sorted(gone))
    account = ACCOUNTS[asked]
    made = query(handle=account.handle, display_name=account.display_name or "")
    found = index.rows[index.nearest(made, left_out, index)[0]].tolist()
    assert not gone & set(found)
    assert (asked in found) == (asked not in gone)


def test_the_same_accounts_give_the_same_arrays(index: KeyIndex) -> None:
    again = KeyIndex.of([replace(account) for account in ACCOUNTS])
    assert equal(index, again)
    assert equal(KeyIndex.of(OTHERS, index), KeyIndex.of(OTHERS, again))
    assert not equal(index, KeyIndex.of(OTHERS))


def test_whoever_watches_is_told_of_every_account() -> None:
    told: list[int] = []
    many = [ProtectedAccount(platform="x", handle=f"jane{n}") for n in range(2_345)]
    KeyIndex.of(many, watch=told.append)
    assert sum(told) == len(many)
    assert len(told) == 3


def test_an_index_cannot_be_written_to(index: KeyIndex) -> None:
    for field in fields(KeyIndex):
        assert not getattr(index, field.name).flags.writeable


def test_a_key_is_listed_once_an_owner_and_that_of_the_handle_is_first() -> None:
    twice = ProtectedAccount(platform="x", handle="JaneRoe", former_handles=("janeroe",), aliases=("Jane Roe",) * 2)
    index = KeyIndex.of([twice])
    strings = [bytes(index.blob[a:b]) for a, b in zip(index.starts, index.starts[1:], strict=False)]
    assert list(zip(index.is_name.tolist(), strings, strict=True)) == [(0, b"janeroe"), (1, b"jane roe")]
    assert index.firsts.tolist() == [0, 2]


def test_the_weight_of_what_is_shared_is_read_from_the_base() -> None:
    """Otherwise an account put by itself would find everything it shares telling nothing."""
    base = KeyIndex.of(ACCOUNTS)
    alone = [ProtectedAccount(platform="x", handle="qzkxvw8")]
    assert KeyIndex.of(alone, base).mass.sum() > KeyIndex.of(alone).mass.sum()


# Once wrong: "!" is read as l wherever it stands, so whoever ends a sentence with one says another word.
@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("claimed", {"bio": "I am Jane Quillon!"}),
        ("claimed", {"bio": "city Mayor of Tamstad!"}),
        ("named", {"display_name": "Jane Quillon!"}),
    ],
)
def test_an_exclamation_mark_behind_a_name_is_no_letter(index: KeyIndex, kind: str, said: dict[str, str]) -> None:
    assert called(index, query(**said), kind) == [JANE.handle]


# Once wrong: the importers let a handle of nothing but invisible characters pass, and none of the registry can be
# indexed with it: IndexError in `_claims_of`.
@pytest.mark.parametrize("handle", ["\u200b", "\u3164", "\U000e0041"])
def test_a_protected_handle_of_invisible_characters_can_be_indexed(handle: str) -> None:
    assert len(KeyIndex.of([JANE, ProtectedAccount(platform="x", handle=handle)]).rows) == 2
