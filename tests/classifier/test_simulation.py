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
from classifier.accounts.normal_forms import View
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
from classifier.text.edit_distance import beyond_chance

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PROTECTED = invent_registry(150, seed=12).accounts
FEW = PROTECTED[:30]
FULL = next(account for account in PROTECTED if account.roles and account.bio and account.avatar_pdq and account.links)
BARE = ProtectedAccount(platform="x", handle="northwind")
LABELS = {
    "typo": "impersonation", "look_alike": "impersonation", "added_word": "impersonation",
    "decorated": "impersonation", "cloned_name": "impersonation", "claimed_role": "impersonation",
    "cloned_bio": "impersonation", "support": "impersonation", "spokesman": "impersonation",
    "cloned_picture": "impersonation",
} | {name: label for name, (_, label) in GENUINE.items()}  # fmt: skip
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
        assert {family: TIMES.get(family, 1) for family in FAMILIES if family != "neighbour"} == {
            family: number for family, number in times.items() if family != "neighbour"
        }
        assert times["neighbour"] in (0, TIMES["neighbour"]), "all of them, or none where nobody comes near"


def test_the_number_of_cases_of_an_account_is_what_is_said() -> None:
    assert CASES_EACH == sum(TIMES.get(family, 1) for family in FAMILIES) > len(FAMILIES)
    assert set(TIMES) <= set(GENUINE)


def test_a_stranger_nearby_is_one_of_the_crowd_and_there_is_none_of_a_handle_like_no_other() -> None:
    common = ProtectedAccount(platform="x", handle="daily_news")
    near = {one.handle: one.name for one in neighbours(common.handle)}
    for account in cases(common, "neighbour", 20):
        assert account.handle in near
        assert account.display_name in (near[account.handle], None)
    rare = ProtectedAccount(platform="x", handle="wvqzxkjpbfgh")
    assert make_case(np.random.default_rng(1), rare, "neighbour") is None


def test_whoever_plays_on_a_handle_misleads() -> None:
    """A handle nobody would take for the original is no attack by its handle: most are far beyond chance."""
    theirs = View(FULL).handle
    for family in ("typo", "decorated"):
        found = [beyond_chance(View(account).handle, theirs) for account in cases(FULL, family)]
        assert np.mean([distance > 10.0 for distance in found]) > 0.9, family


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
    assert len(twice) == 2 * len(once)
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
        assert family == "neighbour", "only strangers may be nowhere near"
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


@pytest.mark.parametrize("family", ["cloned_name", "claimed_role"])
def test_attacks_by_name_have_a_handle_that_tells_nothing(family: str) -> None:
    parts = [part for part in FULL.handle.lower().replace("_", " ").split() if len(part) > 4]
    for account in cases(FULL, family):
        assert not any(part in account.handle.lower() for part in parts)
        assert account.display_name


def test_a_claimed_role_comes_with_the_role_and_a_lure() -> None:
    for account in cases(FULL, "claimed_role"):
        said = f"{account.display_name} {account.bio}".casefold()
        assert any(word in said for word in FULL.roles[0].casefold().split() if len(word) > 3)
        assert account.bio


def test_a_cloned_bio_is_the_bio() -> None:
    """Whole in most, in part in some: the words that are left are in their order."""
    assert FULL.bio is not None
    bios = [account.bio for account in cases(FULL, "cloned_bio", 200) if account.bio]
    assert sum(bio == FULL.bio for bio in bios) > len(bios) / 2
    for bio in bios:
        theirs = iter(FULL.bio.split())
        assert all(word in theirs for word in bio.split())


def test_copied_pictures_are_within_what_the_standard_calls_a_match() -> None:
    """PDQ calls 31 of 256 bits or fewer the same picture."""
    assert FULL.avatar_pdq is not None
    own = int(FULL.avatar_pdq, 16)
    found = [int(one.avatar_pdq, 16) for one in cases(FULL, "cloned_name", 200) if one.avatar_pdq]
    distances = [(own ^ other).bit_count() for other in found]
    assert min(distances) <= 31
    assert not [distance for distance in distances if 31 < distance < 80], "a copy is near, another picture is far"
    assert 0.4 < np.mean([distance <= 31 for distance in distances]) < 0.8


@pytest.mark.parametrize("family", ["fan", "parody"])
def test_fans_and_parodies_declare_themselves(family: str) -> None:
    words = ("fan", "parod", "not", "fake", "satire", "comment", "пароди", "real one", "❤", "daily")
    said = [f"{one.display_name} {one.bio}".casefold() for one in cases(FULL, family, 200)]
    assert np.mean([any(word in one for word in words) for one in said]) > 0.6


def test_ordinary_accounts_do_not_depend_on_the_protected_one() -> None:
    """The base rate: nobody in particular."""
    for number in range(20):
        one, other = (make_case(np.random.default_rng(number), protected, "ordinary") for protected in (FULL, BARE))
        assert one.account == other.account


def test_impersonators_have_smaller_audiences_than_second_accounts_but_are_not_younger() -> None:
    """Otherwise the simulation would teach that age alone tells, which old renamed accounts prove wrong."""

    def known(family: str, name: str) -> list[Any]:
        found = (getattr(account, name) for account in cases(FULL, family, 400))
        return [value for value in found if value is not None]

    assert np.median(known("typo", "followers")) < np.median(known("secondary", "followers"))
    years = [np.median([time.year for time in known(family, "created_at")]) for family in ("typo", "ordinary")]
    assert abs(years[0] - years[1]) <= 2


def test_every_field_that_sources_leave_out_is_sometimes_unknown_and_sometimes_known() -> None:
    found = [case.account for case in simulate(PROTECTED[:60], seed=2)]
    for field in fields(Account):
        if field.name in {"handle", "platform", "account_id", "location", "listed"} | _NOT_SIMULATED:
            continue
        known = np.mean([getattr(account, field.name) not in (None, ()) for account in found])
        assert 0.05 < known < 0.97, field.name


def bits_apart(family: str) -> list[int]:
    known = [one.avatar_pdq for one in cases(FULL, family) if one.avatar_pdq]
    return [(int(pdq, 16) ^ int(FULL.avatar_pdq or "", 16)).bit_count() for pdq in known]


@pytest.mark.parametrize("family", ["cloned_picture", "admirer"])
def test_a_copied_picture_is_known_and_within_what_counts_as_one(family: str) -> None:
    apart = bits_apart(family)
    assert len(apart) == 60
    assert 0 < max(apart) <= 31  # PDQ's own limit for a match


def test_a_picture_is_copied_as_it_is_or_saved_anew_by_impersonators_and_owners_alike() -> None:
    for family in ("cloned_picture", "secondary"):
        apart = bits_apart(family)
        assert 0 in apart
        assert any(0 < bits <= 31 for bits in apart)


def test_who_copies_the_picture_has_the_name_and_no_handle_or_bio_of_the_protected_account() -> None:
    for account in cases(FULL, "cloned_picture"):
        assert account.display_name == FULL.display_name
        assert account.bio != FULL.bio
        assert beyond_chance(View(account).handle, View(FULL).handle) < 10
