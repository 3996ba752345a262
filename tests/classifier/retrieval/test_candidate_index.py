from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.accounts.account import Account, ProtectedAccount, as_reported
from classifier.accounts.normal_forms import View
from classifier.registry.registry import Registry
from classifier.retrieval.borne_words import MOST_FOUND
from classifier.retrieval.candidate_index import MIN_SCORE, Candidate, CandidateIndex
from classifier.retrieval.segment_index import MAX_OWNERS
from classifier.simulation.population import invent_registry

JANE = ProtectedAccount(
    platform="x",
    handle="NorthwindJane",
    display_name="Jane Quillon",
    aliases=("J. Q. Halvorsen",),
    roles=("Mayor of Tamstad",),
    former_handles=("HarbourPainter",),
)
SILENT = ProtectedAccount(platform="x", handle="___")
INVENTED = invent_registry(120, seed=31)


@pytest.fixture(scope="module")
def index() -> CandidateIndex:
    return CandidateIndex(Registry([JANE, SILENT, *INVENTED]))


def found(index: CandidateIndex, **fields: str) -> list[str]:
    reported = Account(**{"handle": "qzkxvw83"} | fields)  # type: ignore[arg-type]
    return [one.view.account.handle for one in index.find(reported)]


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"handle": "NorthwidnJane"}, id="a typo in the handle"),
        pytest.param({"handle": "N0rthvvindJane"}, id="letters that look the same"),
        pytest.param({"handle": "NоrthwindJаnе"}, id="Cyrillic letters"),
        pytest.param({"handle": "northwind_jane_official"}, id="a word added to the handle"),
        pytest.param({"handle": "harbour.painter"}, id="a former handle"),
        pytest.param({"display_name": "Jane  QUILLON"}, id="the display name"),
        pytest.param({"display_name": "Jаnе Quіllоn"}, id="the display name in Cyrillic letters"),
        pytest.param({"display_name": "Quillon, Jane"}, id="the display name turned"),
        pytest.param({"display_name": "JQ Halvorsen"}, id="an alias"),
        pytest.param({"display_name": "Tamstad's Mayor of today | Tamstad Mayor"}, id="a role in the name"),
        pytest.param({"bio": "I am the mayor of Tamstad"}, id="a role in the bio"),
        pytest.param({"bio": "Write to Jane Quillon here"}, id="the name in the bio"),
        pytest.param({"bio": "assistant of @Northwind_Jane."}, id="a mention in the bio"),
    ],
)
def test_whoever_is_imitated_is_found_first(index: CandidateIndex, fields: dict[str, str]) -> None:
    assert found(index, **fields)[:1] == [JANE.handle]


def test_a_handle_without_a_letter_is_found_and_resembles_no_other(index: CandidateIndex) -> None:
    assert found(index, handle="____") == ["___"]
    assert found(index, bio="by @___") == ["___"]
    assert CandidateIndex(Registry([SILENT])).find(Account(handle="qzkxvw83")) == []


@pytest.mark.parametrize("fields", [{}, {"display_name": "Ä"}, {"bio": "@"}, {"display_name": "🦊", "bio": "\u200b"}])
def test_whoever_resembles_nobody_has_no_candidates(index: CandidateIndex, fields: dict[str, str]) -> None:
    assert found(index, **fields) == []


def test_nobody_is_a_likelier_candidate_than_the_account_itself(index: CandidateIndex) -> None:
    for protected in INVENTED:
        scores = {one.view.account: one.score for one in index.find(as_reported(protected))}
        assert scores[protected] == max(scores.values())


def test_no_more_than_the_limit_are_returned_and_those_are_the_likeliest() -> None:
    namesakes = [ProtectedAccount(platform="x", handle=f"JaneQuillon{n}") for n in range(12)]
    registry = Registry([JANE, *namesakes])
    reported = Account(handle="JaneQuillon3", bio="@NorthwindJane")
    three = CandidateIndex(registry, limit=3).find(reported)
    assert len(three) == 3
    assert three == CandidateIndex(registry).find(reported)[:3]


def test_scores_fall_and_stay_within_0_and_1(index: CandidateIndex) -> None:
    reported = Account(handle="NorthwindJane1", display_name="Jane Quillon", bio="Mayor of Tamstad @northwindjane")
    scores = [one.score for one in index.find(reported)]
    assert scores == sorted(scores, reverse=True)
    assert all(0.0 < score <= 1.0 for score in scores)


def test_of_a_name_that_very_many_bear_the_most_prominent_are_meant() -> None:
    """Otherwise one bio with a common name would pull in the whole registry."""
    many = [
        ProtectedAccount(platform="x", handle=f"a{n}bcdefgh"[::-1], aliases=("Ann Lee",), followers=n)
        for n in range(MAX_OWNERS + 5)
    ]
    found = CandidateIndex(Registry(many), limit=50).find(Account(handle="qzkxvw83", bio="I read Ann Lee"))
    assert {one.view.protected.followers for one in found} == set(range(5, MAX_OWNERS + 5))


texts = st.sampled_from(
    ["NorthwindJane", "Jane Quillon", "Mayor of Tamstad", "@northwindjane", "qzkxvw83", "___", "Jаnе", "🦊", "a b c"]
)
accounts = st.builds(
    Account, handle=texts, display_name=st.none() | texts, bio=st.none() | texts, platform=st.sampled_from(["x", None])
)


def same(one: list[Candidate], other: list[Candidate]) -> bool:
    return [(c.view.account, c.score) for c in one] == [(c.view.account, c.score) for c in other]


@given(st.lists(accounts, max_size=6))
def test_what_is_found_does_not_depend_on_the_company(index: CandidateIndex, reported: list[Account]) -> None:
    together = index.find_many([View(account) for account in reported])
    assert len(together) == len(reported)
    assert all(same(many, index.find(account)) for many, account in zip(together, reported, strict=True))


def test_what_is_found_does_not_depend_on_the_order_of_the_registry() -> None:
    backwards = CandidateIndex(Registry(reversed([JANE, *INVENTED])))
    reported = Account(handle="northwindjane_", display_name="Jane Quillon")
    assert same(backwards.find(reported), CandidateIndex(Registry([JANE, *INVENTED])).find(reported))


def test_the_views_of_an_index_are_made_once(index: CandidateIndex) -> None:
    assert index.view_of(JANE) is index.view_of(replace(JANE))
    assert index.find(Account(handle="NorthwindJane_"))[0].view is index.view_of(JANE)


def sharers(count: int) -> list[ProtectedAccount]:
    """Accounts that have a word of their names in common, and hardly a group of letters of their keys."""
    letters = "bcdfghjkmpqrstvwxz"
    return [
        ProtectedAccount(
            platform="x", handle=f"{letters[number]}{letters[-number - 1]}0{number}yk", followers=10**number,
            display_name=f"{letters[number] * 2}axo Ostrella Wetherby {letters[-number - 1]}eko",
        )
        for number in range(count)
    ]  # fmt: skip


@pytest.mark.parametrize("limit", [1, 3, 10])
def test_those_found_by_words_come_behind_the_likeliest_and_no_more_than_their_limit(limit: int) -> None:
    accounts = sharers(MOST_FOUND + 4)
    index = CandidateIndex(Registry([*accounts, *INVENTED, JANE]), limit=limit)
    reported = Account(
        handle="northwind_jane7", display_name="xk", bio="ostrella by wetherby", links=("t.me/ostrella",)
    )
    found = index.find(reported)
    assert found[0].view.account == JANE
    scores = [one.score for one in found]
    assert scores == sorted(scores, reverse=True)
    near, named = ([one for one in found if (one.score >= MIN_SCORE) == alike] for alike in (True, False))
    assert len(near) <= limit
    assert found == [*near, *named]
    others = [one.view.account for one in near]
    prominent = [one for one in reversed(accounts) if one not in others][: MOST_FOUND - len(others)]
    assert [one.view.account for one in named if one.view.account in accounts][: len(prominent)] == prominent
    assert len(named) <= MOST_FOUND
    assert len({id(one.view) for one in found}) == len(found), "nobody twice"


def test_the_limit_of_those_found_by_words_is_of_all_segments_together() -> None:
    accounts = sharers(2 * MOST_FOUND)
    index = CandidateIndex(Registry(accounts[::2]), limit=1)
    index = index.after(index.registry.changed(accounts[1::2]))
    assert len(index.indexes) > 1
    found = index.find(Account(handle="qzkxvw83", bio="ostrella by wetherby"))
    assert {one.view.account for one in found} >= set(accounts[-MOST_FOUND:])
    assert len([one for one in found if one.score < MIN_SCORE]) <= MOST_FOUND


@given(accounts, st.integers(1, 4))
def test_no_more_are_returned_than_both_limits(reported: Account, limit: int) -> None:
    index = CandidateIndex(Registry([JANE, *sharers(8)]), limit=limit)
    assert len(index.find(reported)) <= limit + MOST_FOUND
