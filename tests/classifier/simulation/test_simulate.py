"""Cases: what is left out does not depend on the label, and what is left says whom an attack means."""

import inspect
import re
from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from classifier.accounts.account import ProtectedAccount
from classifier.accounts.identity import identity_key
from classifier.labels.labelled_case import Case
from classifier.simulation.attacks import ATTACKS
from classifier.simulation.population import invent_registry
from classifier.simulation.simulate import CASES_EACH, FAMILIES, PATTERNS, TIMES, make_case, simulate
from classifier.simulation.target_words import is_told

PROTECTED = invent_registry(250, seed=31).accounts


@cache
def cases() -> tuple[Case, ...]:
    return tuple(simulate(PROTECTED, seed=5, families=[family for family in FAMILIES if family != "neighbour"]))


def pattern(case: Case) -> tuple[bool, ...]:
    account = case.account
    return (
        account.display_name is None, account.bio is None and account.location is None,
        account.followers is None and account.created_at is None, account.default_avatar is None,
    )  # fmt: skip


def shares(found: list[Case]) -> dict[tuple[bool, ...], float]:
    return {shown: count / len(found) for shown, count in Counter(map(pattern, found)).items()}


def test_what_is_missing_does_not_tell_the_label() -> None:
    """Beyond what the accounts themselves leave empty: a name or a bio."""
    attacks = shares([case for case in cases() if case.label == "impersonation"])
    genuine = shares([case for case in cases() if case.label != "impersonation"])
    for shown in attacks | genuine:
        assert attacks.get(shown, 0.0) == pytest.approx(genuine.get(shown, 0.0), abs=0.035), shown


@pytest.mark.parametrize("field", ["followers", "created_at", "verified", "default_avatar", "avatar_pdq", "location"])
def test_single_fields_are_known_alike_for_both_labels(field: str) -> None:
    known = {
        label: np.mean(
            [getattr(case.account, field) is not None for case in cases() if (case.label == "impersonation") is label]
        )
        for label in (True, False)
    }
    assert known[True] == pytest.approx(known[False], abs=0.03)


@pytest.mark.parametrize(
    "field", ["display_name", "bio", "followers", "created_at", "verified", "avatar_pdq", "location"]
)
def test_every_field_is_sometimes_missing_and_sometimes_known(field: str) -> None:
    assert 0.05 < np.mean([getattr(case.account, field) is not None for case in cases()]) < 0.9


def test_patterns_come_as_often_as_said() -> None:
    """Handles alone have nothing else; a name under a placeholder has digits for a handle in most."""
    alone = [
        case.account.display_name is None and case.account.followers is None and case.account.created_at is None
        and case.account.bio is None and case.account.verified is None and case.account.location is None
        for case in cases()
    ]  # fmt: skip
    assert np.mean(alone) == pytest.approx(PATTERNS["handle"], abs=0.03)
    assert sum(PATTERNS.values()) == pytest.approx(1.0)


def test_what_is_left_of_an_attack_says_whom_it_means() -> None:
    told = [is_told(case.account, case.protected) for case in cases() if case.label == "impersonation"]
    assert all(told)


def test_handles_alone_and_names_under_a_placeholder_are_attacks_too() -> None:
    attacks = [case.account for case in cases() if case.label == "impersonation"]
    placeholders = [one for one in attacks if one.handle[0] == "u" and one.handle[1:].isdigit()]
    assert len(placeholders) > 0.03 * len(attacks)
    assert all(one.display_name and one.followers is None for one in placeholders)


def test_no_case_is_the_protected_account_itself() -> None:
    assert not [case for case in cases() if identity_key(case.account.handle) == identity_key(case.protected.handle)]


def test_a_family_depends_on_seed_place_and_its_name_only() -> None:
    some = list(simulate(PROTECTED[:3], seed=5, families=["asks", "clone"]))
    own = {place.handle for place in PROTECTED[:3]}
    everything = [case for case in cases() if case.family in {"asks", "clone"} and case.protected.handle in own]
    assert some == everything


def test_sorts_of_attacks_weigh_about_alike() -> None:
    sorts = {
        "variants": ("handle_variant", "handle_affix"), "support": ("support", "broken"), "clones": ("clone",),
        "claims": ("parts", "name_claim", "title_claim", "organisation_claim", "asks", "bio_claim"),
    }  # fmt: skip
    weights = {sort: sum(TIMES.get(kind, 1) for kind in kinds) for sort, kinds in sorts.items()}
    assert max(weights.values()) <= 3 * min(weights.values())
    assert set(TIMES) <= set(FAMILIES)


def test_the_famous_have_more_imitators_and_the_unfollowed_fewer() -> None:
    famous, known, unfollowed = (
        ProtectedAccount(platform="x", handle="qk_77", display_name="Jane Quillon", followers=followers)
        for followers in (3_000_000, 30_000, 300)
    )

    def number(protected: ProtectedAccount, family: str) -> int:
        return len(list(simulate([protected], seed=3, families=[family], each=100)))

    assert number(famous, "asks") == 2 * number(known, "asks") == 200
    assert 25 <= number(unfollowed, "asks") <= 55
    for family in ("clone", "namesake"):
        assert number(famous, family) == number(known, family) == number(unfollowed, family), family


def test_an_unknown_family_is_refused() -> None:
    with pytest.raises(ValueError, match="hypnosis not in"):
        list(simulate(PROTECTED[:1], seed=1, families=["hypnosis"]))


@pytest.mark.parametrize("handle", ["___", "q", "東京"])
@pytest.mark.parametrize("kind", ATTACKS)
def test_every_kind_makes_a_case_of_whomever(kind: str, handle: str) -> None:
    protected = ProtectedAccount(platform="x", handle=handle)
    assert all(make_case(np.random.default_rng(seed), protected, kind) is not None for seed in range(20))


def test_the_share_of_attacks_is_what_is_said() -> None:
    attacks = sum(TIMES.get(family, 1) for family in ATTACKS)
    source = Path(inspect.getfile(simulate)).read_text(encoding="utf-8")
    assert re.findall(r"(\d+) of (\d+) are attacks", source) == [(str(attacks), str(CASES_EACH))]
