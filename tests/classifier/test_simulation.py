import json
from collections import Counter
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.accounts.account import Account, ProtectedAccount
from classifier.accounts.identity import identity_key
from classifier.importers import import_account
from classifier.simulation import (
    ATTACKS,
    CASES_EACH,
    FAMILIES,
    GENUINE,
    TIMES,
    Case,
    make_case,
    simulate,
)
from classifier.simulation.coincidences import neighbours
from classifier.simulation.genuine_standing import OBSERVED
from classifier.simulation.population import invent_registry
from classifier.simulation.sample_files import _NOT_SIMULATED, DUMPS
from classifier.simulation.simulate import IMITATORS_OF_FAMOUS

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PROTECTED = invent_registry(150, seed=12).accounts
FEW = PROTECTED[:30]
FULL = next(account for account in PROTECTED if account.roles and account.bio and account.avatar_pdq and account.links)
BARE = ProtectedAccount(platform="x", handle="northwind")
LABELS = dict.fromkeys(ATTACKS, "impersonation") | {name: label for name, (_, label) in GENUINE.items()}
# Whom nobody comes near by chance has no neighbour; an attack on whom nothing calls is none.
MAY_BE_NONE = {"neighbour", *ATTACKS}
families = st.sampled_from(FAMILIES)
seeds = st.integers(0, 2**32)


def cases(protected: ProtectedAccount, family: str, number: int = 60) -> list[Account]:
    rng = np.random.default_rng(5)
    found = (make_case(rng, protected, family) for _ in range(number))
    return [case.account for case in found if case is not None]


def test_every_family_yields_its_label_for_every_protected_account() -> None:
    found = list(simulate(FEW, seed=1))
    assert {case.family: case.label for case in found} == LABELS
    assert set(LABELS) == set(FAMILIES) == {*ATTACKS, *GENUINE}
    assert {case.protected for case in found} == set(FEW)
    for protected in FEW:
        times = Counter(case.family for case in found if case.protected == protected)
        for family in FAMILIES:
            most = TIMES.get(family, 1)
            if family in ATTACKS:  # the famous have more imitators, and those whom nobody follows fewer
                assert times[family] <= most * IMITATORS_OF_FAMOUS
            else:
                assert times[family] == most or (family == "neighbour" and not times[family]), family


def test_the_number_of_cases_of_an_account_is_what_is_said() -> None:
    assert CASES_EACH == sum(TIMES.get(family, 1) for family in FAMILIES) > len(FAMILIES)
    assert set(TIMES) <= set(FAMILIES)


def test_a_stranger_nearby_is_one_of_the_crowd_and_there_is_none_of_a_handle_like_no_other() -> None:
    common = ProtectedAccount(platform="x", handle="daily_news")
    near = {one.handle: one.name for one in neighbours(common.handle)}
    for seed in range(20):
        account = GENUINE["neighbour"][0](np.random.default_rng(seed), common)
        assert account is not None
        assert account.display_name == near[account.handle]
    rare = ProtectedAccount(platform="x", handle="wvqzxkjpbfgh")
    assert make_case(np.random.default_rng(1), rare, "neighbour") is None


def test_no_simulated_account_is_the_protected_account_itself() -> None:
    """Platforms compare handles without regard to case, so "oIivia" is olivia and no imitation of her."""
    for case in simulate(invent_registry(100, seed=9).accounts, seed=4):
        assert identity_key(case.account.handle) != identity_key(case.protected.handle), case.family


@settings(max_examples=20, deadline=None)
@given(seeds)
def test_the_same_seed_gives_the_same_cases_and_another_seed_others(seed: int) -> None:
    assert list(simulate(PROTECTED[:3], seed=seed)) == list(simulate(PROTECTED[:3], seed=seed))
    assert list(simulate(PROTECTED[:3], seed=seed)) != list(simulate(PROTECTED[:3], seed=seed + 1))


@settings(max_examples=30, deadline=None)
@given(seeds, st.lists(families, unique=True, min_size=1))
def test_the_cases_of_a_family_do_not_change_when_others_are_added(seed: int, chosen: list[str]) -> None:
    everything = list(simulate(PROTECTED[:2], seed=seed))
    some = list(simulate(PROTECTED[:2], seed=seed, families=chosen))
    for family in chosen:
        assert [c for c in some if c.family == family] == [c for c in everything if c.family == family]


@settings(max_examples=30, deadline=None)
@given(seeds)
def test_the_cases_of_an_account_do_not_change_when_accounts_or_repetitions_are_added(seed: int) -> None:
    once = list(simulate(PROTECTED[:1], seed=seed))
    assert list(islice(simulate(PROTECTED[:2], seed=seed), len(once))) == once
    twice = list(simulate(PROTECTED[:1], seed=seed, each=2))
    for family in {case.family for case in once}:
        first, both = ([case for case in some if case.family == family] for some in (once, twice))
        assert both[: len(first)] == first
        assert not [case for case in both[len(first) :] if case in first]


def test_an_unknown_family_is_refused() -> None:
    with pytest.raises(ValueError, match="not in"):
        list(simulate(PROTECTED[:1], seed=1, families=["hypnosis"]))


STRANGE = [
    ProtectedAccount(platform="x", handle="___"),
    ProtectedAccount(platform="x", handle="q"),
    ProtectedAccount(platform="mastodon", handle="東京@social.example", display_name="🦊", bio=".", roles=("?",)),
]


@pytest.mark.parametrize("protected", [FULL, BARE, *STRANGE], ids=lambda account: account.handle)
@settings(deadline=None)
@given(family=families, seed=seeds)
def test_whatever_is_known_of_the_protected_account_every_family_makes_a_case(
    protected: ProtectedAccount, family: str, seed: int
) -> None:
    case = make_case(np.random.default_rng(seed), protected, family)
    if case is None:
        assert family in MAY_BE_NONE
        return
    assert case == Case(case.account, protected, LABELS[family], family)  # type: ignore[arg-type]
    account = case.account
    assert account.handle
    assert "" not in (account.display_name, account.bio)
    if account.created_at and account.observed_at:
        assert account.observed_at >= account.created_at + timedelta(days=1)
        assert account.observed_at >= OBSERVED


# --- each format's dump, imported again, is the simulated account ----------------------------------------------------

EVERYWHERE = {"display_name", "bio", "followers", "following", "posts"}
KEPT = {
    "x-v1": EVERYWHERE | {"handle", "account_id", "created_at", "verified", "default_avatar", "platform"},
    "x-v2": EVERYWHERE | {"handle", "account_id", "created_at", "verified", "platform"},
    "mastodon": EVERYWHERE | {"account_id", "links"},  # its handle names the server
    "mastodon-admin": EVERYWHERE | {"account_id", "links"},
    "bluesky": EVERYWHERE,
}


@pytest.mark.parametrize("dump", DUMPS)
def test_simulated_accounts_come_back_from_every_format_without_a_note(dump: str) -> None:
    for number, case in enumerate(simulate(PROTECTED[:25], seed=7)):
        account = replace(case.account, account_id=str(900_000_000 + number))
        row: dict[str, Any] = json.loads(json.dumps(DUMPS[dump](account)))
        imported = import_account(row, dump.removesuffix("-admin"), now=NOW)
        assert imported.error is None
        assert imported.notes == ()
        assert imported.account is not None
        # A profile of a platform cannot be older than the platform: such dates are moved.
        is_recent = account.created_at is None or account.created_at.year >= 2024
        for name in KEPT[dump] | ({"created_at"} if is_recent else set()):
            assert getattr(imported.account, name) == getattr(account, name), (name, case.family)


@pytest.mark.parametrize("dump", DUMPS)
def test_an_account_with_every_field_keeps_its_first_link(dump: str) -> None:
    account = Account(
        handle="jane_roe", platform="x", account_id="7", links=("https://northwind.example",), bio="Painter"
    )
    imported = import_account(DUMPS[dump](account), dump.removesuffix("-admin"), now=NOW)
    assert imported.account is not None
    assert imported.account.links == (() if dump == "bluesky" else account.links)


# --- what the families are about -------------------------------------------------------------------------------------


def test_ordinary_accounts_do_not_depend_on_the_protected_one() -> None:
    """The base rate: nobody in particular."""
    for number in range(20):
        one, other = (make_case(np.random.default_rng(number), protected, "ordinary") for protected in (FULL, BARE))
        assert one.account == other.account


def test_every_field_that_sources_leave_out_is_sometimes_unknown_and_sometimes_known() -> None:
    found = [case.account for case in simulate(PROTECTED[:60], seed=2)]
    for field in fields(Account):
        if field.name in {"handle", "platform", "account_id", "location", "listed"} | _NOT_SIMULATED:
            continue
        known = np.mean([getattr(account, field.name) not in (None, ()) for account in found])
        assert 0.05 < known < 0.97, field.name


def bits_apart(family: str) -> list[int]:
    known = [one.avatar_pdq for one in cases(FULL, family, 300) if one.avatar_pdq]
    return [(int(pdq, 16) ^ int(FULL.avatar_pdq or "", 16)).bit_count() for pdq in known]


@pytest.mark.parametrize("family", ["admirer", "secondary", "clone"])
def test_a_copied_picture_is_within_what_counts_as_one(family: str) -> None:
    """PDQ calls 31 of 256 bits or fewer the same picture; another one is far away."""
    apart = bits_apart(family)
    assert min(apart) <= 31
    assert not [bits for bits in apart if 31 < bits < 80]
    assert family != "admirer" or max(apart) <= 31


def test_owners_show_the_same_picture_or_it_saved_anew() -> None:
    apart = bits_apart("secondary")
    assert 0 in apart
    assert any(0 < bits <= 31 for bits in apart)
