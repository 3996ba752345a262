"""The compiled pass finds what the features say as plain Python, to the last digit, and whatever it is given."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.accounts.account import Account, ProtectedAccount, as_reported
from classifier.accounts.normal_forms import View
from classifier.features import FEATURES, compute, encoded, encoded_account, kernel
from classifier.retrieval.candidate_index import CandidateIndex
from classifier.simulation import FAMILIES, simulate
from classifier.simulation.population import invent_registry
from tests.classifier.features.accounts import protected_accounts, reported_accounts

REGISTRY = invent_registry(400, seed=31)
ROE = ProtectedAccount(
    platform="x", handle="JaneRoe", display_name="Dr. Jane Roe", bio="Mayor of Tamstad. Painter of small harbours",
    aliases=("J. Q. Roe", "Clara Vorn"), roles=("Mayor of Tamstad", "Painter"), links=("https://roe.example",),
    followers=90_000, created_at=datetime(2010, 5, 1, tzinfo=UTC), verified=True, avatar_pdq="0f" * 32,
)  # fmt: skip


def same_compiled_and_plain(pairs: Sequence[tuple[View, View]]) -> None:
    plain = [[one.compute(reported, protected) for one in FEATURES] for reported, protected in pairs]
    np.testing.assert_array_equal(compute(pairs), np.array(plain).reshape(-1, len(FEATURES)))


@given(st.lists(st.tuples(reported_accounts, protected_accounts), max_size=3))
def test_of_any_pair(pairs: list[tuple[Account, ProtectedAccount]]) -> None:
    views = [(View(reported), View(protected)) for reported, protected in pairs]
    same_compiled_and_plain(views)
    same_compiled_and_plain([(protected.turned, reported.turned) for reported, protected in views])


Changes = list[tuple[int, str, int]]  # a place, what is put there, and how many characters it replaces
changes = st.lists(
    st.tuples(
        st.integers(0, 60),
        st.sampled_from(["", "x", "rn", "vv", "cl", "1", "77", "_", "official", "press", " ", "Roe", "а", "ß", "✅"])
        | st.characters(exclude_categories=("Cs",)),
        st.integers(0, 3),
    ),
    max_size=4,
)


def changed(text: str | None, how: Changes) -> str:
    """A text with some places written otherwise; never empty."""
    found = text or ""
    for place, letters, left_out in how:
        found = found[:place] + letters + found[place + left_out :]
    return found if found.strip() else "x"


@given(protected_accounts | st.just(ROE), st.tuples(changes, changes, changes))
def test_of_an_account_and_what_was_made_of_it(protected: ProtectedAccount, how: Sequence[Changes]) -> None:
    copy = as_reported(protected)
    fake = replace(
        copy, handle=changed(copy.handle, how[0]), display_name=changed(copy.display_name, how[1]),
        bio=changed(copy.bio, how[2]),
    )  # fmt: skip
    same_compiled_and_plain([(View(fake), View(protected))])


def test_of_all_kinds_of_simulated_accounts_and_their_candidates() -> None:
    index = CandidateIndex(REGISTRY)
    accounts = [case.account for case in simulate(list(REGISTRY)[:24], seed=5, families=FAMILIES)]
    found = index.find_many([View(account) for account in accounts])
    pairs = [(View(account), one.view) for account, own in zip(accounts, found, strict=True) for one in own]
    assert len(pairs) > 1000, "of every family some"
    same_compiled_and_plain(pairs)
    same_compiled_and_plain([(protected.turned, reported.turned) for reported, protected in pairs[::5]])


LONG = "jane" * 70


@pytest.mark.parametrize(
    ("reported", "protected"),
    [
        ({"handle": LONG}, {}),
        ({"handle": "jnroe1" * 20}, {"handle": "janeroe" * 20, "aliases": ("Jane Roe 7 " * 15,)}),
        ({"handle": "jxneroe" * 11}, {"handle": "janeroe" * 12}),
        ({"handle": "xjaneroe77y"}, {"handle": LONG + "77", "aliases": (LONG,)}),
        ({"bio": "Painter of small harbours " * 90}, {"bio": "Mayor of Tamstad. Painter of small harbours " * 80}),
        ({"display_name": "Jane Roe " * 20}, {"display_name": "Jane Rowe " * 18}),
        ({"avatar_pdq": "f" * 80}, {}),
        ({}, {"avatar_pdq": "f" * 65}),
        ({"followers": 2**60 + 1}, {"followers": 2**60}),
        ({"created_at": datetime(9999, 1, 1, tzinfo=UTC)}, {"created_at": datetime(1, 1, 1, 1, 1, 1, 7, tzinfo=UTC)}),
        ({"created_at": datetime(2020, 1, 1)}, {"created_at": datetime(2019, 1, 1)}),  # noqa: DTZ001
        ({"bio": "...", "display_name": "***"}, {"bio": "!!!", "display_name": "***"}),
        ({"display_name": "Jane Roe"}, {"display_name": None, "aliases": ()}),
        ({"bio": "Tamstad mayor says hello. Vorn Clara too"}, {}),
    ],
)
def test_of_what_is_odd(reported: dict[str, Any], protected: dict[str, Any]) -> None:
    ours = Account(**{"handle": "janerooe", "bio": ROE.bio, "avatar_pdq": ROE.avatar_pdq} | reported)
    theirs = replace(ROE, **protected)
    same_compiled_and_plain([(View(ours), View(theirs))])


def test_handles_whose_distance_is_in_doubt_are_looked_at_again(monkeypatch: pytest.MonkeyPatch) -> None:
    left: list[View] = []
    known = encoded._nearness

    def nearness(reported: View, protected: View) -> tuple[float, float, int]:
        left.append(reported)
        return known(reported, protected)

    monkeypatch.setattr(encoded, "_nearness", nearness)
    index = CandidateIndex(REGISTRY)
    accounts = [case.account for case in simulate(list(REGISTRY)[:4], seed=6)]
    found = index.find_many([View(account) for account in accounts])
    pairs = [(View(account), one.view) for account, own in zip(accounts, found, strict=True) for one in own]
    compute(pairs)
    assert len(left) < len(pairs) / 20
    compute([(View(Account(handle=LONG)), View(ROE))])
    assert left[-1].account.handle == LONG


def test_every_feature_is_of_texts_or_of_numbers_or_of_the_values_of_such() -> None:
    assert sorted([*kernel.OF_TEXTS, *kernel.OF_NUMBERS, *kernel.OF_VALUES]) == list(range(len(FEATURES)))
    simple = {FEATURES[place].name for place in (*kernel.OF_TEXTS, *kernel.OF_NUMBERS)}
    assert all(simple >= set(FEATURES[place].parts) for place in kernel.OF_VALUES)
    assert len(set(encoded_account.SECTIONS)) == len(encoded_account.SECTIONS)


def test_nothing_is_left_as_it_was_in_memory() -> None:
    nobody, somebody = View(Account(handle="jane")), View(ProtectedAccount(platform="x", handle="northwind"))
    found = compute([(nobody, somebody)] * 50)
    assert {row.tobytes() for row in found} == {found[0].tobytes()}
