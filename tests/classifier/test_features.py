"""Every feature: what it says of known pairs, what it does without its fields, and that no text can break it."""

import math
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.accounts import Account, ProtectedAccount
from classifier.features import FEATURE_NAMES, FEATURES, MONOTONE, Feature, compute
from classifier.views import View

Fields = dict[str, Any]

# Without surrogates, as the importers give it, and with everything else there is.
hostile = st.text(st.characters(exclude_categories=("Cs",)), max_size=25) | st.sampled_from(
    [
        "",
        " ",
        "___",
        "@",
        "\u202eenaJ",
        "\u200b\u200c",
        "🦊🦊",
        "e" + "\u0301" * 40,
        "А́lі",
        "ﷺ" * 9,
        "http://[",
        "٣٣",
        "İ",
    ]
)
lists = st.lists(hostile, max_size=3).map(tuple)
times = st.none() | st.datetimes(timezones=st.just(UTC))
counts = st.none() | st.integers(0, 10**10)
flags = st.none() | st.booleans()
hashes = st.none() | st.binary(min_size=32, max_size=32).map(bytes.hex)
shared: dict[str, Any] = {
    "platform": st.sampled_from(["x", "mastodon", "bluesky"]), "handle": hostile.filter(str.strip),
    "display_name": st.none() | hostile, "bio": st.none() | hostile, "links": lists, "followers": counts,
    "created_at": times, "verified": flags, "avatar_pdq": hashes,
}  # fmt: skip
reported_accounts = st.builds(
    Account, **shared, posts=counts, default_avatar=flags, followed_by_target=flags, observed_at=times
)
protected_accounts = st.builds(ProtectedAccount, **shared, aliases=lists, roles=lists, former_handles=lists)

# What a pair must have for a feature to compare anything, of the (r)eported and the (p)rotected account: each of the
# words, in one of its parts. Nothing else may make a feature missing.
NEEDS: dict[str, str] = {
    "name_in_handle": "p.display_name",
    "name_similarity": "r.display_name p.display_name",
    "name_same": "r.display_name p.display_name",
    "name_look_alike": "r.display_name p.display_name",
    "name_contained": "r.display_name p.display_name|p.aliases|p.roles",
    "name_spells_handle": "r.display_name",
    "name_fits_own_handle": "r.display_name",
    "name_claim_added": "r.display_name",
    "office_declared": "r.display_name|r.bio",
    "role_claimed": "p.roles r.display_name|r.bio",
    "name_claimed": "p.display_name|p.aliases r.display_name|r.bio",
    "claims_made": "p.display_name|p.aliases|p.roles r.display_name|r.bio",
    "claims_and_lures": "r.display_name|r.bio",
    "bio_similarity": "r.bio p.bio",
    "bio_copied": "r.bio p.bio",
    "mentions_target": "r.bio",
    "parody_declared": "r.display_name|r.bio",
    "lure": "r.display_name|r.bio",
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
}
# A handle is always there.
HANDLE_ONLY = {
    "handle_similarity", "handle_look_alike", "handle_edits", "handle_same_letters", "handle_contained",
    "handle_remainder", "handle_length", "handle_same_start", "handle_claim_added", "handle_office_added",
    "handle_digits_added", "mixed_scripts",
}  # fmt: skip

some_name = st.none() | st.sampled_from(["Jane Roe", "Northwind Bank", "Ada Brask"])
some_bio = st.none() | st.sampled_from(["Painter of small harbours", "Mayor of Tamstad. Writes to you"])
some_links = st.sampled_from([(), ("https://northwind.example",), ("https://brask.example", "https://tamstad.example")])
some: dict[str, Any] = {
    "display_name": some_name, "bio": some_bio, "links": some_links, "followers": counts, "created_at": times,
    "verified": flags, "avatar_pdq": hashes,
}  # fmt: skip
plain_reported = st.builds(
    Account, handle=st.sampled_from(["jane", "n0rthwind"]), posts=counts, default_avatar=flags,
    followed_by_target=flags, observed_at=times, **some,
)  # fmt: skip
plain_protected = st.builds(
    ProtectedAccount, platform=st.just("x"), handle=st.sampled_from(["jane", "northwind"]),
    roles=st.sampled_from([(), ("Mayor of Tamstad",)]), **some,
)  # fmt: skip


def has_what_it_needs(name: str, reported: Account, protected: ProtectedAccount) -> bool:
    sides = {"r": reported, "p": protected}

    def known(part: str) -> bool:
        side, _, field = part.partition(".")
        return getattr(sides[side], field) not in (None, ())

    return all(any(map(known, word.split("|"))) for word in NEEDS.get(name, "").split())


def feature(name: str) -> Feature:
    return FEATURES[FEATURE_NAMES.index(name)]


def value(name: str, reported: Fields, protected: Fields) -> float:
    ours = View(Account(**{"handle": "jane"} | reported))
    theirs = View(ProtectedAccount(**{"platform": "x", "handle": "northwind"} | protected))
    return feature(name).compute(ours, theirs)


def handles(name: str, reported: str, protected: str) -> float:
    return value(name, {"handle": reported}, {"handle": protected})


def names(name: str, reported: str, protected: str) -> float:
    return value(name, {"display_name": reported}, {"display_name": protected})


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
    "handle_similarity", "handle_contained", "handle_same_start", "name_in_handle", "name_similarity", "name_contained",
    "name_spells_handle", "name_fits_own_handle", "bio_similarity", "bio_copied", "avatar_similarity",
}  # fmt: skip


@given(reported_accounts, protected_accounts)
def test_shares_lie_between_0_and_1(reported: Account, protected: ProtectedAccount) -> None:
    for name in SHARES:
        found = feature(name).compute(View(reported), View(protected))
        assert math.isnan(found) or 0.0 <= found <= 1.0, name


@given(protected_accounts)
def test_a_perfect_copy_is_as_like_as_can_be(protected: ProtectedAccount) -> None:
    both = {field.name for field in fields(Account)} & {field.name for field in fields(ProtectedAccount)}
    copy = View(Account(**{name: getattr(protected, name) for name in both}))
    for name in SHARES - {"name_in_handle", "name_spells_handle", "name_fits_own_handle"}:
        found = feature(name).compute(copy, View(protected))
        assert math.isnan(found) or found == pytest.approx(1.0), name
    for name in ("handle_look_alike", "handle_edits", "handle_remainder", "handle_digits_added", "name_look_alike"):
        found = feature(name).compute(copy, View(protected))
        assert math.isnan(found) or found == 0.0, name


@pytest.mark.parametrize(
    ("name", "reported", "protected", "expected"),
    [
        ("handle_similarity", "northwind", "northwind", 1.0),
        ("handle_similarity", "North_Wind", "northwind", 1.0),
        ("handle_similarity", "northwnid", "northwind", 8 / 9),
        ("handle_similarity", "abc", "xyz", 0.0),
        ("handle_look_alike", "northvvind", "northwind", 1.0),
        ("handle_look_alike", "nоrthwind", "northwind", 1.0),  # Cyrillic о
        ("handle_look_alike", "North_Wind", "northwind", 0.0),
        ("handle_look_alike", "southwind", "northwind", 0.0),
        ("handle_edits", "n0rthwind", "northwind", 0.0),
        ("handle_edits", "northwnid", "northwind", 1.0),
        ("handle_edits", "something_else_altogether", "northwind", 7.0),
        ("handle_same_letters", "northwind", "northwind", 0.0),
        ("handle_same_letters", "NorthWind", "northwind", 0.0),
        ("handle_same_letters", "north_wind", "northwind", 1.0),
        ("handle_same_letters", "norrthwindd", "northwind", 1.0),
        ("handle_same_letters", "northwinds", "northwind", 0.0),
        ("handle_contained", "the_northwind_bank", "northwind", 1.0),
        ("handle_contained", "zzz", "jane", 0.0),
        ("handle_remainder", "northwind_bank", "northwind", 4.0),
        ("handle_remainder", "northwind", "northwind_bank", 0.0),
        ("handle_remainder", "northwind" + "z" * 50, "northwind", 10.0),
        ("handle_length", "j", "jane", 4.0),
        ("handle_length", "j", "jane" * 20, 20.0),
        ("handle_same_start", "janebank", "janeroe", 4 / 7),
        ("handle_same_start", "the_jane", "janeroe", 0.0),
        ("handle_claim_added", "northwind_official", "northwind", 1.0),
        ("handle_claim_added", "realnorthwind", "northwind", 1.0),
        ("handle_claim_added", "NorthWindSupport", "northwind", 1.0),
        ("handle_claim_added", "official_northwind", "official_northwind", 0.0),
        ("handle_claim_added", "northwinds", "northwind", 0.0),
        ("handle_office_added", "northwindpress", "northwind", 1.0),
        ("handle_office_added", "northwind", "northwindpress", 0.0),
        ("handle_digits_added", "northwind42", "northwind", 2.0),
        ("handle_digits_added", "northwind", "northwind2020", -1.0),
        ("handle_digits_added", "northwind" + "7" * 30, "northwind", 8.0),
        ("mixed_scripts", "nоrthwind", "northwind", 1.0),  # Cyrillic о
        ("mixed_scripts", "northwind", "nоrthwind", 0.0),
    ],
)
def test_what_features_say_of_handles(name: str, reported: str, protected: str, expected: float) -> None:
    assert handles(name, reported, protected) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("name", "reported", "protected", "expected"),
    [
        ("name_similarity", "Roe, Jane", "Jane Roe", 0.94),
        ("name_similarity", "ＪＡＮＥ  roe", "Jane Roe", 1.0),
        ("name_same", "JaneRoe", "Jane Roe", 1.0),
        ("name_same", "Jаne Rое", "Jane Roe", 1.0),  # Cyrillic
        ("name_same", "Jan Roe", "Jane Roe", 0.0),
        ("name_same", "★ ★", "🦊", 0.0),
        ("name_same", "🦊", "🦊", 1.0),
        ("name_look_alike", "Jаne Rое", "Jane Roe", 1.0),
        ("name_look_alike", "JANE  ROE!", "Jane Roe", 0.0),
        ("name_look_alike", "Jan Roe", "Jane Roe", 0.0),
        ("name_contained", "The one and only Jane Roe", "Jane Roe", 1.0),
        ("name_claim_added", "Jane Roe Official", "Jane Roe", 1.0),
        ("name_claim_added", "Real Estate Jane", "Real Estate Jane", 0.0),
        ("office_declared", "Jane Roe Press", "Jane Roe", 1.0),
        ("office_declared", "Northwind Press", "Northwind Press", 0.0),
        ("name_claimed", "Jane Roe", "Jane Roe", 1.0),
        ("name_claimed", "Ada Roe", "Jane Roe", 0.0),
        ("parody_declared", "Jane Roe (parody)", "Jane Roe", 1.0),
        ("parody_declared", "Jane Roe Fans", "Jane Roe Fans", 0.0),
        ("lure", "Jane: message me now", "Jane Roe", 1.0),
        ("claims_and_lures", "Jane Roe, DM me", "Jane Roe", 1.0),
        ("claims_and_lures", "Jane Roe", "Jane Roe", 0.0),
        ("mixed_scripts", "Jаne Roe", "Jane Roe", 1.0),
    ],
)
def test_what_features_say_of_names(name: str, reported: str, protected: str, expected: float) -> None:
    assert names(name, reported, protected) == pytest.approx(expected, abs=0.07)


DAY = datetime(2020, 1, 1, tzinfo=UTC)
YEAR_LATER = datetime(2020, 12, 31, 6, tzinfo=UTC)  # 365.25 days
BIO = "Painter of small harbours and quiet bays"
ZEROS, ONES, HALF = "00" * 32, "ff" * 32, "0f" * 32


@pytest.mark.parametrize(
    ("name", "reported", "protected", "expected"),
    [
        ("name_in_handle", {"handle": "xx_jane_roe_xx"}, {"display_name": "Jane Roe"}, 1.0),
        ("name_spells_handle", {"display_name": "North Wind"}, {"handle": "northwind"}, 1.0),
        ("name_fits_own_handle", {"handle": "jane_roe_paints", "display_name": "Jane Roe"}, {}, 1.0),
        ("role_claimed", {"bio": "I am Mayor of Tamstad"}, {"roles": ("Mayor of Tamstad",)}, 0.5),
        ("role_claimed", {"display_name": "Tamstad Mayor"}, {"roles": ("Mayor of Tamstad",)}, 1.0),
        ("role_claimed", {"display_name": "Jane Roe"}, {"display_name": "Jane Roe"}, math.nan),
        ("role_claimed", {"display_name": "Jane Roe"}, {"roles": ("Mayor of Tamstad",)}, 0.0),
        ("name_claimed", {"display_name": "Roe Quist"}, {"aliases": ("J. Roe Quist",)}, 1.0),
        ("name_claimed", {"bio": "Ask for Roe Quist"}, {"aliases": ("J. Roe Quist",)}, 0.5),
        ("name_claimed", {"display_name": "Mayor of Tamstad"}, {"roles": ("Mayor of Tamstad",)}, math.nan),
        (
            "claims_made",
            {"display_name": "Jane Roe", "bio": "Mayor of Tamstad"},
            {"display_name": "Jane Roe", "roles": ("Mayor of Tamstad",)},
            2.0,
        ),
        ("bio_similarity", {"bio": BIO.upper()}, {"bio": BIO}, 1.0),
        ("bio_copied", {"bio": f"{BIO}. DM me!"}, {"bio": BIO}, 1.0),
        ("bio_copied", {"bio": "Painter of small harbours"}, {"bio": BIO}, 2 / 5),
        ("bio_copied", {"bio": BIO}, {"bio": "Too short"}, math.nan),
        ("mentions_target", {"bio": "ex @North_Wind"}, {}, 1.0),
        ("mentions_target", {"bio": "ex @northwinds"}, {}, 0.0),
        ("parody_declared", {"bio": "Parody account"}, {}, 0.7),
        ("office_declared", {"bio": "Campaign account"}, {"display_name": "Jane Roe"}, 1.0),
        ("lure", {"bio": "Text me on +00 555 0100"}, {}, 1.0),
        ("same_domain", {"links": ("https://a.example/x",)}, {"links": ("http://www.A.example",)}, 1.0),
        ("same_domain", {"links": ("https://b.example",)}, {"links": ("https://a.example",)}, 0.0),
        ("same_domain", {"links": ("https://bit.ly/1",)}, {"links": ("https://bit.ly/2",)}, math.nan),
        ("messenger_link", {"links": ("https://t.me/jane",)}, {}, 1.0),
        ("messenger_link", {"links": ("https://a.example",)}, {}, 0.0),
        ("avatar_similarity", {"avatar_pdq": HALF}, {"avatar_pdq": HALF}, 1.0),
        ("avatar_similarity", {"avatar_pdq": HALF}, {"avatar_pdq": ZEROS}, 0.0),
        ("avatar_similarity", {"avatar_pdq": ONES}, {"avatar_pdq": ZEROS}, 0.0),
        ("avatar_similarity", {"avatar_pdq": "01" + ZEROS[2:]}, {"avatar_pdq": ZEROS}, 1 - 1 / 128),
        ("default_avatar", {"default_avatar": True}, {}, 1.0),
        ("followed_by_target", {"followed_by_target": False}, {}, 0.0),
        ("verified", {"verified": True}, {"verified": False}, 1.0),
        ("followers", {"followers": 999}, {}, 3.0),
        ("followers", {"followers": 0}, {}, 0.0),
        ("followers_relative", {"followers": 9}, {"followers": 99_999}, -4.0),
        ("created_later", {"created_at": YEAR_LATER}, {"created_at": DAY}, 1.0),
        ("created_later", {"created_at": DAY}, {"created_at": YEAR_LATER}, -1.0),
        ("age", {"created_at": DAY, "observed_at": YEAR_LATER}, {"created_at": YEAR_LATER}, 1.0),
        ("posts", {"posts": 99}, {}, 2.0),
    ],
)
def test_what_features_say_of_the_rest(name: str, reported: Fields, protected: Fields, expected: float) -> None:
    assert value(name, reported, protected) == pytest.approx(expected, nan_ok=True)


def test_rule_7_more_followers_greater_age_and_a_verification_may_only_lower_the_probability() -> None:
    bound = dict(zip(FEATURE_NAMES, MONOTONE, strict=True))
    assert {name: sign for name, sign in bound.items() if sign} == {
        "followed_by_target": -1, "verified": -1, "followers": -1, "followers_relative": -1, "created_later": 1,
        "age": -1,
    }  # fmt: skip


def test_every_feature_explains_itself_in_one_sentence_and_names_real_fields() -> None:
    known = {field.name for one in (Account, ProtectedAccount) for field in fields(one)}
    assert len(set(FEATURE_NAMES)) == len(FEATURES) == len({one.explanation for one in FEATURES})
    for one in FEATURES:
        assert one.explanation[:1].isupper(), one.name
        assert not one.explanation.endswith("."), one.name
        assert one.fields, one.name
        assert set(one.fields) <= known, one.name


@given(st.lists(st.tuples(plain_reported, plain_protected), max_size=4))
def test_features_are_computed_in_the_order_of_the_list_one_row_a_pair(
    pairs: list[tuple[Account, ProtectedAccount]],
) -> None:
    views = [(View(reported), View(protected)) for reported, protected in pairs]
    found = compute(views)
    assert found.shape == (len(pairs), len(FEATURES))
    for row, (reported, protected) in zip(found, views, strict=True):
        np.testing.assert_array_equal(row, [one.compute(reported, protected) for one in FEATURES])
