"""Reported accounts are written by those who want not to be found: whatever they hold, there is an answer."""

from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from classifier.accounts.account import Account, ProtectedAccount
from classifier.accounts.normal_forms import View
from classifier.registry.registry import Registry
from classifier.retrieval.candidate_index import CandidateIndex
from classifier.simulation.population import invent_registry

JANE = ProtectedAccount(
    platform="x",
    handle="NorthwindJane",
    display_name="Jane Quillon",
    aliases=("Halvorsen",),
    roles=("Mayor of Tamstad",),
)
SYMBOLS = [ProtectedAccount(platform="x", handle=handle, display_name="🦊🔥") for handle in ("___", "\u2800")]
LIMIT = 7

anything = st.text(st.characters(exclude_categories=()), max_size=60)
said = st.one_of(
    anything,
    st.lists(
        st.sampled_from(
            ["NorthwindJane", "@northwindjane", "Jane Quillon", "Mayor of Tamstad", "\0", "\ud83d", "🦊", "@", " "]
        )
        | anything,
        max_size=6,
    ).map("".join),
)
reported = st.builds(
    Account,
    handle=said,
    display_name=st.none() | said,
    bio=st.none() | said,
    platform=st.sampled_from([None, "x", "bluesky", "mastodon", "", "\ud800"]),
)
HOSTILE = {
    "letters": "a" * 100_000,
    "letters apart": "a " * 50_000,
    "words": "jane quillon mayor tamstad " * 4_000,
    "different words": " ".join(f"word{n}" for n in range(15_000)),
    "mentions": "@northwindjane " * 7_000,
    "at signs": "@" * 100_000,
    "marks": "a" + "\u0301" * 100_000,
    "surrogates": "\ud800\udfff\udfff" * 33_000,
    "NUL": "\0" * 100_000,
    "emoji": "🦊" * 100_000,
    "right-to-left overrides": "\u202eenaj " * 16_000,
    "one character that is many": "\ufdfa" * 100_000,
    "invisible": "\u200b" * 100_000,
    "Han": "".join(map(chr, range(0x4E00, 0x9F00))) * 5,
}


@pytest.fixture(scope="module")
def index() -> CandidateIndex:
    registry = Registry([JANE, *SYMBOLS, *invent_registry(200, seed=37)])
    return CandidateIndex(registry, limit=LIMIT).after(
        registry.changed([ProtectedAccount(platform="x", handle="late")])
    )


def check(index: CandidateIndex, account: Account) -> None:
    found = index.find(account)
    scores = [one.score for one in found]
    assert len(found) <= LIMIT
    assert scores == sorted(scores, reverse=True)
    assert all(0.0 < score <= 1.0 for score in scores)
    assert len({one.view.protected for one in found}) == len(found)
    assert [(one.view.protected, one.score) for one in index.find(account)] == [
        (one.view.protected, one.score) for one in found
    ]


# Once wrong: a handle without any key, such as one of invisible characters, and no name: `_scores` asks for the
# last of no strings and raises IndexError.
@settings(max_examples=200)
@given(reported)
@example(Account(handle=""))
@example(Account(handle="\u200b"))
@example(Account(handle="\u200b", display_name="\u200b", bio="@northwindjane"))
@example(Account(handle="\ud800", display_name="\ud800", bio="\ud800@\ud800"))
@example(Account(handle="NorthwindJane\0", display_name="Jane Quillon\0", bio="@northwindjane\0"))
def test_whatever_an_account_holds_there_are_candidates_in_order(index: CandidateIndex, account: Account) -> None:
    check(index, account)


PLACES: dict[str, Callable[[str], Account]] = {
    "handle": lambda text: Account(handle=text),
    "display_name": lambda text: Account(handle="qzkxvw83", display_name=text),
    "bio": lambda text: Account(handle="qzkxvw83", bio=text),
    "all": lambda text: Account(handle=text, display_name=text, bio=text, platform="x"),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_text_of_a_hundred_thousand_characters_is_answered(index: CandidateIndex, text: str, place: str) -> None:
    check(index, PLACES[place](text))


@pytest.mark.parametrize("text", ["🦊", "\u200b", "\ud800", "\0", "\u202e", "\U000e0041"])
def test_what_stands_before_and_behind_does_not_hide_who_is_imitated(index: CandidateIndex, text: str) -> None:
    account = Account(handle="NorthwidnJane", display_name=f"{text * 3}Jane{text}Quillon{text * 3}")
    assert index.find(account)[0].view.protected == JANE


def test_one_hostile_account_does_not_disturb_those_beside_it(index: CandidateIndex) -> None:
    usual = Account(handle="NorthwidnJane", display_name="Jane Quillon")
    many = [usual, *(Account(handle=text, display_name=text, bio=text) for text in HOSTILE.values()), usual]
    found = index.find_many([View(account) for account in many])
    assert len(found) == len(many)
    alone = [(one.view.protected, one.score) for one in index.find(usual)]
    for one in (found[0], found[-1]):
        assert [(candidate.view.protected, candidate.score) for candidate in one] == alone
