"""Genuine accounts: every kind makes what its label says, of any protected account, and the same from the same seed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.accounts.account import Account, ProtectedAccount
from classifier.labels.labelled_case import LABELS
from classifier.simulation.genuine import GENUINE, TIMES_GENUINE
from classifier.simulation.genuine_standing import OBSERVED
from classifier.simulation.population import invent_registry
from classifier.text.lexicon import declares_parody

ACCOUNTS = invent_registry(40, seed=21).accounts
JANE = ProtectedAccount(
    platform="x", handle="janequillon", display_name="Jane Quillon", bio="Painter", roles=("CEO of Northwind",),
    links=("https://www.quillon.example",), followers=9_000, avatar_pdq="ab" * 32,
)  # fmt: skip
STRANGE = (
    ProtectedAccount(platform="x", handle="___"),
    ProtectedAccount(platform="x", handle="q"),
    ProtectedAccount(platform="mastodon", handle="東京@social.example", display_name="🦊", bio=".", roles=("?",)),
    ProtectedAccount(platform="x", handle="{name}", display_name="{role} {0}", roles=("{place}",)),
)
kinds = st.sampled_from(sorted(GENUINE))
seeds = st.integers(0, 2**32)


def made(kind: str, protected: ProtectedAccount = JANE, number: int = 300) -> list[Account]:
    rng = np.random.default_rng(4)
    found = (GENUINE[kind][0](rng, protected) for _ in range(number))
    return [account for account in found if account is not None]


def said(accounts: list[Account]) -> Iterator[str]:
    return (f"{account.display_name} {account.bio}".casefold() for account in accounts)


def test_every_kind_has_a_label_and_says_whom_it_stands_for() -> None:
    for kind, (make, label) in GENUINE.items():
        assert make.__doc__, kind
        assert label in LABELS
        assert label != "impersonation"
    assert {label for _, label in GENUINE.values()} == {"same_owner", "parody_or_fan", "unrelated"}
    assert set(TIMES_GENUINE) <= set(GENUINE)
    assert min(TIMES_GENUINE.values()) > 1


@settings(max_examples=60, deadline=None)
@given(kinds, seeds)
def test_the_same_seed_makes_the_same_account(kind: str, seed: int) -> None:
    one, other = (GENUINE[kind][0](np.random.default_rng(seed), JANE) for _ in range(2))
    assert one == other


@pytest.mark.parametrize("protected", [JANE, *STRANGE, *ACCOUNTS[:8]], ids=lambda account: account.handle)
def test_every_kind_makes_an_account_of_whatever_is_known(protected: ProtectedAccount) -> None:
    for kind in GENUINE:
        for account in made(kind, protected, 12):
            assert account.handle, kind
            assert "" not in (account.display_name, account.bio), kind
            assert account.created_at is not None
            assert account.created_at <= OBSERVED - timedelta(days=1)
            assert (account.followers or 0) >= 0


def test_no_placeholder_is_left_in_what_anybody_says() -> None:
    for kind in GENUINE:
        for account in made(kind, number=150):
            assert not {"{", "}"} & set(f"{account.display_name}{account.bio}{account.handle}"), (kind, account)


@pytest.mark.parametrize("kind", [kind for kind, (_, label) in GENUINE.items() if label == "same_owner"])
def test_an_owner_spells_his_name_and_puts_no_long_number_behind_it(kind: str) -> None:
    for account in made(kind):
        digits = "".join(c for c in account.handle if c.isdigit())
        assert len(digits) <= 2, account.handle
        text = f"{account.handle} {account.display_name}".casefold()
        assert any(part in text for part in ("jane", "quillon", "jq", "nequi")) or kind == "second_language", account
    linked = np.mean([account.links == JANE.links or JANE.links[0] in account.links for account in made(kind)])
    assert 0.02 < linked < 0.8


@pytest.mark.parametrize("kind", ["starting_over", "support_desk"])
def test_owners_begin_anew_and_their_desks_are_new_and_tiny_too(kind: str) -> None:
    accounts = made(kind)
    assert np.mean([(account.followers or 0) < 10 for account in accounts]) > 0.15
    assert np.mean([account.created_at > OBSERVED - timedelta(days=90) for account in accounts]) > 0.1  # type: ignore[operator]
    assert np.mean([(account.followers or 0) > 5_000 for account in accounts]) > 0.04


def test_a_desk_asks_for_a_message_as_a_thief_would() -> None:
    words = ("dm", "message", "mensaje", "privad", "privé", "write", "escríb", "schreib", "личные", "whatsapp", "yazın")
    assert np.mean([any(word in text for word in words) for text in said(made("support_desk"))]) > 0.4


def test_most_parodies_declare_themselves_and_comic_names_declare_nothing() -> None:
    declared = np.mean([declares_parody(text) for text in said(made("parody"))])
    comic = np.mean([declares_parody(text) for text in said(made("comic"))])
    assert declared > 0.6
    assert comic < 0.4
    assert all(text.split(" none")[0] != "jane quillon" for text in said(made("comic")) if "bored jane" in text)


def test_a_comic_account_shows_its_jest_in_name_or_handle() -> None:
    jests = ("not", "fake", "bored", "drunk")
    for account in made("comic"):
        plain = account.display_name == JANE.display_name
        assert (
            not plain or any(jest in account.handle.lower() for jest in jests) or "jane" not in account.handle.lower()
        )


@pytest.mark.parametrize("kind", ["fan", "archive", "memorial", "commentary"])
def test_fans_name_whom_they_are_about(kind: str) -> None:
    assert np.mean(["quillon" in text for text in said(made(kind))]) > 0.9


@pytest.mark.parametrize("kind", ["mention", "journalist", "investor", "colleague", "admirer"])
def test_talkers_speak_in_their_own_name(kind: str) -> None:
    for account in made(kind):
        assert "quillon" not in (account.display_name or "").casefold()


def test_ordinary_people_and_repliers_have_nothing_to_do_with_anybody() -> None:
    for kind in ("ordinary", "replier", "known_stranger"):
        assert made(kind, JANE, 40) == made(kind, ACCOUNTS[0], 40)
