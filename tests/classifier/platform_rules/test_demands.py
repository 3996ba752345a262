"""What meets a demand, and what tells nothing."""

from dataclasses import replace
from typing import Any

import pytest

from classifier.accounts.account import Account, ProtectedAccount
from classifier.platform_rules.demands import DEMANDS, DemandKind, is_met
from classifier.platform_rules.requirements import requirements
from classifier.platform_rules.rule_files import shipped_rules

TARGET = ProtectedAccount(platform="x", account_id="1", handle="NorthwindJane", display_name="Jane Quillon")
RULE = shipped_rules().of("x")
THEN = Account(
    platform="x", account_id="2", handle="N0rthwindJane", display_name="Jane Quillon", bio="Chair.",
    avatar_pdq=f"{0:064x}",
)  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "change", "met"),
    [
        ("label_at_start", {"display_name": "Parody: Jane Quillon"}, True),
        ("label_at_start", {"display_name": "Jane Quillon is great says this fan page"}, False),
        ("label_at_start", {"display_name": None}, None),
        ("label_in_bio", {"bio": "Fan account. Nothing here is hers."}, True),
        ("label_in_bio", {"bio": "I only share the name: not the real one."}, True),
        ("label_in_bio", {"bio": "Chair."}, False),
        ("label_in_bio", {"bio": None}, None),
        ("declare_operator", {"bio": "Run by Jo Bloggs."}, True),
        ("declare_operator", {"bio": "Betrieben von Jo Bloggs."}, True),
        ("declare_operator", {"bio": "Chair."}, False),
        ("declare_operator", {"bio": None}, None),
        ("other_picture", {"avatar_pdq": f"{2**256 - 1:064x}"}, True),
        ("other_picture", {}, False),
        ("other_picture", {"avatar_pdq": None}, None),
        ("other_picture", {"avatar_pdq": None, "default_avatar": True}, True),
        ("other_name", {"display_name": "Bob Marlowe"}, True),
        ("other_name", {"display_name": "J\u0430ne Quillon"}, False),
        ("other_name", {"display_name": "The Jane Quillon"}, False),
        ("other_name", {"display_name": None}, None),
        ("other_handle", {"handle": "bobmarlowe"}, True),
        ("other_handle", {"handle": "northwind_jane1"}, False),
        ("other_handle", {}, False),
    ],
)
def test_a_demand_is_met_by_what_the_profile_says(kind: DemandKind, change: dict[str, Any], met: bool | None) -> None:
    assert is_met(kind, THEN, replace(THEN, **change), TARGET, RULE) is met


@pytest.mark.parametrize("kind", DEMANDS)
def test_an_account_that_changed_nothing_has_met_nothing(kind: DemandKind) -> None:
    assert is_met(kind, THEN, THEN, TARGET, RULE) is False


@pytest.mark.parametrize("kind", [kind for kind in DEMANDS if kind != "other_handle"])
def test_an_empty_profile_tells_nothing(kind: DemandKind) -> None:
    assert is_met(kind, THEN, Account(handle="N0rthwindJane"), TARGET, RULE) is None


def test_the_domain_of_a_handle_is_no_part_of_it() -> None:
    target = replace(TARGET, platform="bluesky", handle="quillon.bsky.social")
    then = replace(THEN, platform="bluesky", handle="qui11on.bsky.social")
    assert is_met("other_handle", then, replace(then, handle="bobmarlowe.bsky.social"), target, RULE) is True
    assert is_met("other_handle", then, replace(then, handle="qui11on.example"), target, RULE) is False


def test_what_is_offered_as_missing_is_not_met_and_what_meets_it_is_not_offered_again() -> None:
    name = "Jane Quillon (parody)"
    for display_name in (name, "Parody of Jane Quillon"):
        now = replace(THEN, display_name=display_name, bio="A parody.")
        [position] = [one for one in requirements(now, TARGET, "parody_or_fan", RULE) if one.code == "label_position"]
        assert is_met("label_at_start", THEN, now, TARGET, RULE) is position.met is (display_name != name)
