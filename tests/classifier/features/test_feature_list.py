"""Every feature of the list: when it is missing, what bounds it, how it explains itself."""

import math
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.accounts.account import Account, ProtectedAccount
from classifier.accounts.normal_forms import View
from classifier.errors import InputError
from classifier.features import FEATURE_NAMES, FEATURES, MONOTONE, named
from classifier.features.feature import KINDS
from classifier.text.information import MOST
from tests.classifier.features.accounts import plain_protected, plain_reported, protected_accounts, reported_accounts

# What a pair must have for a feature to compare anything, of the (r)eported and the (p)rotected account: each of the
# words, in one of its parts; with "-", what it must lack; with "!", what must hold too. Nothing else may make a feature
# missing.
KNOWN_AUDIENCE = "p.followers|p.verified!"
NEEDS: dict[str, str] = {
    "name_spelled": "p.display_name|p.aliases",
    "name_similarity": "r.display_name p.display_name",
    "name_kept": "r.display_name p.display_name|p.aliases",
    "name_covered": "r.display_name p.display_name|p.aliases",
    "name_look_alike": "r.display_name p.display_name",
    "name_spells_handle": "r.display_name -p.display_name",
    "name_fits_own_handle": "r.display_name",
    "name_claim_added": "r.display_name",
    "office_declared": "r.display_name|r.bio",
    "role_in_name": "r.display_name p.roles",
    "role_in_profile": "r.display_name|r.bio p.roles",
    "name_in_bio": "r.bio p.display_name|p.aliases",
    "bears_and_lures": "r.display_name|r.bio",
    "bears_and_links_away": "r.links",
    "bears_and_speaks": "r.display_name|r.bio",
    "bears_and_copies": "r.bio p.bio",
    "bears_and_declares": "r.display_name|r.bio",
    "bio_similarity": "r.bio p.bio",
    "bio_copied": "r.bio p.bio",
    "bio_kept": "r.bio p.bio",
    "mentions_target": "r.bio",
    "parody_declared": "r.display_name|r.bio",
    "lure": "r.display_name|r.bio",
    "name_asks": "r.display_name",
    "same_domain": "r.links p.links",
    "messenger_link": "r.links",
    "avatar_similarity": "r.avatar_pdq p.avatar_pdq",
    "default_avatar": "r.default_avatar",
    "followed_by_target": "r.followed_by_target",
    "verified": "r.verified",
    "followers": "r.followers",
    "followers_relative": "r.followers p.followers",
    "created_later": "r.created_at p.created_at",
    "age": "r.created_at r.observed_at",
    "posts": "r.posts",
    "prominence": KNOWN_AUDIENCE,
    "name_bears": "r.display_name",
    "handle_bears_organisation": "p.roles",
    "name_bears_organisation": "r.display_name p.roles",
    "name_says_else": "r.display_name",
    "other_names": "r.display_name",
    "bio_bears": "r.bio",
    "borne_anywhere": "p.display_name|p.aliases",
    "links_bear": "r.links",
    "handle_of_the_famous": KNOWN_AUDIENCE,
    "name_of_the_famous": f"r.display_name {KNOWN_AUDIENCE}",
    "bio_of_the_famous": f"r.bio {KNOWN_AUDIENCE}",
    "near_but_called_otherwise": "r.display_name",
    "handle_of_another_name": "r.display_name",
    "borne_twice": "r.display_name",
    "bears_and_asks": "r.display_name|r.bio",
    "new_and_named_so": "r.display_name p.display_name|p.aliases r.created_at r.observed_at",
    "lone_handle_near": "-r.display_name -r.bio",
    "lone_handle_claims": "-r.display_name -r.bio",
}
# A handle is always there.
HANDLE_ONLY = {
    "handle_bears", "handle_says_else", "handle_claims_beside", "handle_ends_in_digits", "handle_numbered",
    "handle_beyond_chance", "handle_look_alike", "handle_reads_worse", "handle_starts_otherwise",
    "handle_number_changed", "handle_claim_added", "handle_office_differs", "handle_extended", "mixed_scripts",
}  # fmt: skip

NOW = datetime(2025, 7, 1, tzinfo=UTC)
# What looks at the reported account only.
OF_ONE_ALONE = (
    "name_fits_own_handle", "mixed_scripts", "lure", "messenger_link", "default_avatar", "followed_by_target",
    "verified", "followers", "age", "posts", "handle_ends_in_digits", "handle_numbered", "name_asks",
)  # fmt: skip


def has_what_it_needs(name: str, reported: Account, protected: ProtectedAccount) -> bool:
    sides = {"r": reported, "p": protected}

    def known(part: str) -> bool:
        side, _, field = part.removeprefix("-").removesuffix("!").partition(".")
        value = getattr(sides[side], field)
        return (bool(value) if part.endswith("!") else value not in (None, ())) != part.startswith("-")

    return all(any(map(known, word.split("|"))) for word in NEEDS.get(name, "").split())


@given(reported_accounts, protected_accounts)
def test_every_feature_of_every_pair_is_a_finite_number_or_missing(
    reported: Account, protected: ProtectedAccount
) -> None:
    for one in FEATURES:
        found = one.compute(View(reported), View(protected))
        assert type(found) is float, one.name
        assert not math.isinf(found), one.name


def test_the_table_of_needs_is_complete() -> None:
    assert set(NEEDS) | HANDLE_ONLY == set(FEATURE_NAMES)
    assert not set(NEEDS) & HANDLE_ONLY


@given(plain_reported, plain_protected)
def test_a_feature_is_missing_exactly_when_a_side_lacks_what_it_compares(
    reported: Account, protected: ProtectedAccount
) -> None:
    for one in FEATURES:
        found = one.compute(View(reported), View(protected))
        assert math.isnan(found) != has_what_it_needs(one.name, reported, protected), one.name


SHARES = {
    "name_similarity", "name_covered", "name_spells_handle", "name_fits_own_handle", "role_in_name", "role_in_profile",
    "bears_and_copies", "bears_and_declares", "bio_similarity", "bio_copied", "bio_kept", "parody_declared",
    "avatar_similarity", "borne_anywhere", "new_and_named_so",
}  # fmt: skip
# What a perfect copy has all of; the others speak of more than likeness.
WHOLE_IN_A_COPY = {"name_similarity", "name_covered", "bio_similarity", "bio_copied", "bio_kept", "avatar_similarity"}
STATEMENTS = {
    "handle_look_alike", "handle_starts_otherwise", "handle_number_changed", "handle_claim_added",
    "handle_office_differs", "handle_extended", "mixed_scripts", "name_look_alike", "name_claim_added",
    "office_declared", "name_in_bio", "name_asks", "handle_numbered", "bears_and_links_away",
    "bears_and_speaks", "mentions_target", "same_domain",
    "messenger_link", "default_avatar", "followed_by_target", "verified", "handle_claims_beside",
}  # fmt: skip


@given(reported_accounts, protected_accounts)
def test_shares_lie_between_0_and_1_and_statements_hold_or_do_not(
    reported: Account, protected: ProtectedAccount
) -> None:
    for name in SHARES | STATEMENTS:
        found = named(name).compute(View(reported), View(protected))
        assert math.isnan(found) or 0.0 <= found <= 1.0 + 1e-12, name
        assert name in SHARES or math.isnan(found) or found in (0.0, 1.0), name


@given(reported_accounts, protected_accounts)
def test_bits_are_bounded_so_that_no_single_account_stretches_a_scale(
    reported: Account, protected: ProtectedAccount
) -> None:
    bounds = {"handle_beyond_chance": -10.0, "name_spelled": -10.0, "handle_reads_worse": -20.0, "name_kept": 0.0}
    bounds |= dict.fromkeys(("handle_of_the_famous", "name_of_the_famous", "bio_of_the_famous"), -20.0)
    bounds |= dict.fromkeys(
        [name for name in FEATURE_NAMES if "bear" in name and name.partition("_")[0] != "bears"], 0.0
    )
    bounds |= dict.fromkeys(("handle_says_else", "name_says_else", "bears_and_asks", "borne_twice"), 0.0)
    bounds |= {"lone_handle_near": -10.0, "lone_handle_claims": 0.0}
    bounds |= dict.fromkeys(("near_but_called_otherwise", "handle_of_another_name"), 0.0)
    for name, least in bounds.items():
        found = named(name).compute(View(reported), View(protected))
        assert math.isnan(found) or least <= found <= MOST, name


@given(protected_accounts)
def test_a_perfect_copy_is_as_like_as_can_be(protected: ProtectedAccount) -> None:
    protected = replace(protected, aliases=())  # another name is not in the copy
    both = {field.name for field in fields(Account)} & {field.name for field in fields(ProtectedAccount)}
    copy = View(Account(**{name: getattr(protected, name) for name in both}))
    for name in WHOLE_IN_A_COPY:
        found = named(name).compute(copy, View(protected))
        assert math.isnan(found) or found == pytest.approx(1.0), name
    for name in STATEMENTS & {one for one in FEATURE_NAMES if one.startswith(("handle_", "name_"))} - {"name_in_bio"}:
        found = named(name).compute(copy, View(protected))
        assert math.isnan(found) or found == 0.0, name


def test_r7_more_followers_greater_age_and_a_verification_may_only_lower_the_probability() -> None:
    bound = dict(zip(FEATURE_NAMES, MONOTONE, strict=True))
    standing = ("verified", "followers", "followers_relative", "followed_by_target", "age")
    assert {name: bound[name] for name in standing} == dict.fromkeys(standing, -1)
    assert bound["created_later"] == 1
    assert set(MONOTONE) <= {-1, 0, 1}


@given(reported_accounts, protected_accounts, st.integers(0, 10**9), st.integers(0, 4_000))
def test_r7_no_evidence_of_an_imitator_grows_with_audience_age_or_a_verification(
    reported: Account, protected: ProtectedAccount, more: int, days: int
) -> None:
    reported = replace(
        reported, followers=reported.followers or 0, verified=bool(reported.verified), observed_at=NOW,
        created_at=NOW - timedelta(days=1),
    )  # fmt: skip
    standing = {
        "followers": (reported.followers or 0) + more, "verified": True, "created_at": NOW - timedelta(days=1 + days),
    }  # fmt: skip
    before, after = View(reported), View(replace(reported, **standing))
    for one in FEATURES:
        found = [one.compute(view, View(protected)) for view in (before, after)]
        if one.monotone and not any(map(math.isnan, found)):
            assert one.monotone * (found[1] - found[0]) <= 0.0, one.name


def test_r9_every_feature_is_of_a_kind_and_the_protected_account_alone_is_no_evidence() -> None:
    assert {one.kind for one in FEATURES} == {*KINDS, "target"}
    alone = [one for one in FEATURES if one.kind == "target"]
    assert [one.name for one in alone] == ["prominence"]
    assert [one.monotone for one in alone] == [0]
    standing = {"verified", "followers", "followers_relative", "followed_by_target", "age", "created_later", "posts"}
    assert {named(name).kind for name in standing} == {"standing"}


@given(reported_accounts, st.lists(protected_accounts, min_size=2, max_size=3))
def test_a_feature_of_one_alone_is_the_same_whatever_it_is_compared_with(
    reported: Account, protected: list[ProtectedAccount]
) -> None:
    view = View(reported)
    for name in OF_ONE_ALONE:
        found = [named(name).compute(view, View(other)) for other in protected]
        np.testing.assert_array_equal(found, found[:1] * len(found), name)


def test_every_feature_explains_itself_in_one_sentence_and_names_real_fields() -> None:
    known = {field.name for one in (Account, ProtectedAccount) for field in fields(one)}
    assert len(set(FEATURE_NAMES)) == len(FEATURES) == len({one.explanation for one in FEATURES})
    for one in FEATURES:
        assert one.explanation[:1].isupper(), one.name
        assert not one.explanation.endswith("."), one.name
        assert one.fields, one.name
        assert set(one.fields) <= known, one.name


def test_a_feature_is_found_by_its_name() -> None:
    assert [named(name) for name in FEATURE_NAMES] == list(FEATURES)
    with pytest.raises(InputError, match="no such feature; there are name_similarity"):
        named("no_feature")
