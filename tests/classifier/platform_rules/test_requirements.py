from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.accounts.account import Account, ProtectedAccount
from classifier.platform_rules.requirements import offer, requirements
from classifier.platform_rules.rule_files import shipped_rules
from classifier.scoring import platform_says
from classifier.scoring.assessment import RELATIONS, Assessment
from classifier.scoring.evidence import Evidence

PICTURE, OTHER = "f0" * 32, "0f" * 32
TARGET = ProtectedAccount(platform="x", handle="JaneRoe", display_name="Jane Roe", avatar_pdq=PICTURE)
PARODY = Account(
    platform="x", handle="JaneRoeLaughs", display_name="Jane Roe (Parody)", bio="Jokes. Parody.", avatar_pdq=PICTURE
)
PROVED = Evidence(platform_says.FEATURE, "It is theirs.", 1.0, "", "", 0.0)


def met(account, relation="parody_or_fan", platform="x"):
    rule = shipped_rules().of(platform)
    return {one.code: one.met for one in requirements(account, TARGET, relation, rule)}


def offered(account, relation, **more):
    assessment = Assessment(
        account=account, target=TARGET, relation=relation, model_id="m", registry_version="r", **more
    )
    rule = shipped_rules().of(account.platform)
    found = offer(assessment, requirements(account, TARGET, relation, rule), rule)
    return None if found is None else found.demands


def test_a_label_at_the_end_and_the_same_picture_are_missing() -> None:
    assert met(PARODY) == {"label_position": False, "picture_same": False, "platform_label": None}
    assert offered(PARODY, "parody_or_fan") == ("label_at_start", "other_picture")
    assert offered(replace(PARODY, bio="Hello."), "parody_or_fan") == (
        "label_at_start", "label_in_bio", "other_picture",
    )  # fmt: skip


def test_an_account_that_meets_all_is_offered_nothing() -> None:
    right = replace(PARODY, display_name="Parody Jane Roe", avatar_pdq=OTHER, platform_labels=("parody",))
    assert met(right) == {"label_position": True, "picture_same": True, "platform_label": True}
    assert offered(right, "parody_or_fan") is None


def test_unknown_is_neither_met_nor_missing() -> None:
    unknown = Account(platform="x", handle="JaneRoeLaughs")
    assert set(met(unknown).values()) == {None}
    assert offered(unknown, "parody_or_fan") is None


@pytest.mark.parametrize(
    ("platform", "name", "bio", "handle", "found"),
    [
        ("bluesky", "Jane Roe (parody)", "Parody.", "a.example", True),
        ("bluesky", "Jane Roe (parody)", "Hello.", "a.example", False),
        ("mastodon", "Jane Roe", "Parody.", "a", True),
        ("mastodon", "Jane Roe", None, "a", None),
        ("youtube", "Jane Roe", "Parody.", "a", False),
        ("youtube", "Jane Roe", None, "jane_roe_fan", True),
        ("elsewhere", "Jane Roe", "Hello.", "a", "nothing"),
    ],
)
def test_each_platform_asks_for_its_position(platform, name, bio, handle, found) -> None:
    account = Account(platform=platform, handle=handle, display_name=name, bio=bio)
    assert met(account, platform=platform).get("label_position", "nothing") is found or found == "nothing"
    assert bool(met(account, platform=platform)) is (found != "nothing")


def test_a_second_account_and_a_namesake() -> None:
    namesake = Account(platform="x", handle="jroe77", display_name="jané roe", bio="Baker.")
    assert offered(namesake, "same_owner") == ("declare_operator",)
    assert offered(namesake, "unrelated") == ("label_in_bio",)
    assert offered(replace(namesake, bio="Baker. No relation to the senator."), "unrelated") is None
    assert offered(replace(namesake, display_name="Somebody"), "unrelated") is None
    assert offered(replace(namesake, platform="mastodon"), "unrelated") is None
    assert offered(namesake, "impersonation") is None


@given(st.sampled_from(RELATIONS), st.sampled_from(["protected", "declared", "proved", "withdrawn"]))
def test_nothing_is_offered_to_whom_it_is_known_to_belong(relation, why) -> None:
    """R1: a demand against a protected account is none."""
    more = {
        "protected": {}, "declared": {"declared_secondary": True}, "proved": {"evidence": (PROVED,)},
        "withdrawn": {"unprotected_at": datetime(2026, 1, 1, tzinfo=UTC)},
    }[why]  # fmt: skip
    relation = {"protected": "is_protected", "proved": "same_owner"}.get(why, relation)
    assert offered(PARODY, relation, **more) is None
