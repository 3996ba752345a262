"""Every feature: what it says of known pairs, what it does without its fields, and that no text can break it."""

import math
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.accounts.account import Account, ProtectedAccount
from classifier.accounts.normal_forms import View
from classifier.features import FEATURE_NAMES, FEATURES, MONOTONE, Feature, compute
from classifier.text.information import MOST

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
# words, in one of its parts; with "-", what it must lack. Nothing else may make a feature missing.
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
    "handle_beyond_chance", "handle_look_alike", "handle_reads_worse", "handle_starts_otherwise",
    "handle_number_changed", "handle_claim_added", "handle_office_differs", "handle_extended", "mixed_scripts",
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
        side, _, field = part.removeprefix("-").partition(".")
        return (getattr(sides[side], field) not in (None, ())) != part.startswith("-")

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
    "name_similarity", "name_covered", "name_spells_handle", "name_fits_own_handle", "role_in_name", "role_in_profile",
    "bears_and_copies", "bears_and_declares", "bio_similarity", "bio_copied", "bio_kept", "parody_declared",
    "avatar_similarity",
}  # fmt: skip
# What a perfect copy has all of; the others speak of more than likeness.
WHOLE_IN_A_COPY = {"name_similarity", "name_covered", "bio_similarity", "bio_copied", "bio_kept", "avatar_similarity"}
STATEMENTS = {
    "handle_look_alike", "handle_starts_otherwise", "handle_number_changed", "handle_claim_added",
    "handle_office_differs", "handle_extended", "mixed_scripts", "name_look_alike", "name_claim_added",
    "office_declared", "name_in_bio", "bears_and_links_away", "bears_and_speaks", "mentions_target", "same_domain",
    "messenger_link", "default_avatar", "followed_by_target", "verified",
}  # fmt: skip


@given(reported_accounts, protected_accounts)
def test_shares_lie_between_0_and_1_and_statements_hold_or_do_not(
    reported: Account, protected: ProtectedAccount
) -> None:
    for name in SHARES | STATEMENTS:
        found = feature(name).compute(View(reported), View(protected))
        assert math.isnan(found) or 0.0 <= found <= 1.0 + 1e-12, name
        assert name in SHARES or math.isnan(found) or found in (0.0, 1.0), name


@given(reported_accounts, protected_accounts)
def test_bits_are_bounded_so_that_no_single_account_stretches_a_scale(
    reported: Account, protected: ProtectedAccount
) -> None:
    bounds = {"handle_beyond_chance": -10.0, "name_spelled": -10.0, "handle_reads_worse": -20.0, "name_kept": 0.0}
    for name, least in bounds.items():
        found = feature(name).compute(View(reported), View(protected))
        assert math.isnan(found) or least <= found <= MOST, name


@given(protected_accounts)
def test_a_perfect_copy_is_as_like_as_can_be(protected: ProtectedAccount) -> None:
    protected = replace(protected, aliases=())  # another name is not in the copy
    both = {field.name for field in fields(Account)} & {field.name for field in fields(ProtectedAccount)}
    copy = View(Account(**{name: getattr(protected, name) for name in both}))
    for name in WHOLE_IN_A_COPY:
        found = feature(name).compute(copy, View(protected))
        assert math.isnan(found) or found == pytest.approx(1.0), name
    for name in STATEMENTS & {one for one in FEATURE_NAMES if one.startswith(("handle_", "name_"))} - {"name_in_bio"}:
        found = feature(name).compute(copy, View(protected))
        assert math.isnan(found) or found == 0.0, name


@pytest.mark.parametrize(
    ("name", "reported", "protected", "expected"),
    [
        ("handle_look_alike", "northvvind", "northwind", 1.0),
        ("handle_look_alike", "nоrthwind", "northwind", 1.0),  # Cyrillic о
        ("handle_look_alike", "North_Wind", "northwind", 0.0),
        ("handle_look_alike", "southwind", "northwind", 0.0),
        ("handle_beyond_chance", "zqxjkvbp", "jane", -10.0),
        ("handle_reads_worse", "zqxjkvbp", "northwind", 0.0),  # far from like: nothing to say
        ("handle_reads_worse", "northwind", "northwind", 0.0),
        ("handle_reads_worse", "northwind77", "northwind", 0.0),  # a number breaks no word
        ("handle_starts_otherwise", "ollivandersmith", "bollivandersmith", 1.0),
        ("handle_starts_otherwise", "bollivandersmit", "bollivandersmith", 0.0),
        ("handle_starts_otherwise", "0llivandersmith", "ollivandersmith", 0.0),  # looks the same
        ("handle_starts_otherwise", "zqxjkvbp", "ollivandersmith", 0.0),
        ("handle_number_changed", "ollivandersmith78", "ollivandersmith77", 1.0),
        ("handle_number_changed", "ollivandersmith7", "ollivandersmith", 0.0),  # it had none
        ("handle_number_changed", "ollivandersmith77", "ollivandersmith77", 0.0),
        ("handle_claim_added", "northwind_official", "northwind", 1.0),
        ("handle_claim_added", "realnorthwind", "northwind", 1.0),
        ("handle_claim_added", "NorthWindSupport", "northwind", 1.0),
        ("handle_claim_added", "official_northwind", "official_northwind", 0.0),
        ("handle_claim_added", "northwinds", "northwind", 0.0),
        ("handle_office_differs", "northwindpress", "northwind", 1.0),
        ("handle_office_differs", "northwind", "northwindpress", 1.0),
        ("handle_office_differs", "northwind_press", "northwind_press", 0.0),
        ("handle_office_differs", "northwinds", "northwind", 0.0),
        ("handle_extended", "northwindbank", "northwind", 1.0),
        ("handle_extended", "northwind", "thenorthwindx", 1.0),
        ("handle_extended", "northwinds", "northwind", 0.0),  # one letter is an edit
        ("handle_extended", "northwindofficial", "northwind", 0.0),  # that is a claim
        ("handle_extended", "northwind42", "northwind", 0.0),
        ("handle_extended", "northwind", "northwind", 0.0),
        ("mixed_scripts", "nоrthwind", "northwind", 1.0),  # Cyrillic о
        ("mixed_scripts", "northwind", "nоrthwind", 0.0),
    ],
)
def test_what_features_say_of_handles(name: str, reported: str, protected: str, expected: float) -> None:
    assert handles(name, reported, protected) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("nearer", "further", "protected"),
    [
        ("ollivandersmith", "ollivandersmlth", "ollivandersmith"),
        ("ollivandersmith", "ollivander_smith", "ollivandersmith"),  # a separator costs a little
        ("ollivandersmlth", "ollivandersmqth", "ollivandersmith"),  # looks the same, looks another
        ("ollivandersmth", "ollivanderth", "ollivandersmith"),
        ("ollivandersmiht", "ollivandersmitt_x", "ollivandersmith"),
    ],
)
def test_a_handle_is_the_further_beyond_chance_the_less_was_changed(nearer: str, further: str, protected: str) -> None:
    ours, theirs = (handles("handle_beyond_chance", one, protected) for one in (nearer, further))
    assert ours > theirs


def test_a_rare_handle_is_hit_upon_by_chance_less_often_than_a_common_one_of_its_length() -> None:
    assert handles("handle_beyond_chance", "martyzbent1", "martyzbent") > handles(
        "handle_beyond_chance", "cryptonews1", "cryptonews"
    )


def test_who_copies_a_handle_breaks_its_words() -> None:
    assert handles("handle_reads_worse", "goldenharbvur", "goldenharbour") > 5.0
    assert handles("handle_reads_worse", "goldenharbour", "goldenharbvur") < -5.0


@pytest.mark.parametrize(
    ("name", "reported", "protected", "expected"),
    [
        ("name_similarity", "Roe, Jane", "Jane Roe", 1.0),
        ("name_similarity", "ＪＡＮＥ  roe", "Jane Roe", 1.0),
        ("name_similarity", "Jаne Rое", "Jane Roe", 1.0),  # Cyrillic
        ("name_covered", "The one and only Jane Roe", "Jane Roe", 1.0),
        ("name_covered", "Roe, Jane", "Jane Roe", 1.0),
        ("name_covered", "Jаne Rое", "Jane Roe", 1.0),
        ("name_covered", "Jack O’Neil", "Jack O’Neil", 1.0),
        ("name_covered", "Ada Brask", "Jane Roe", 0.0),
        ("name_kept", "Ada Brask", "Jane Roe", 0.0),
        ("name_look_alike", "Jаne Rое", "Jane Roe", 1.0),
        ("name_look_alike", "JANE  ROE!", "Jane Roe", 0.0),
        ("name_look_alike", "Jan Roe", "Jane Roe", 0.0),
        ("name_claim_added", "Jane Roe Official", "Jane Roe", 1.0),
        ("name_claim_added", "Jane Roe ✔", "Jane Roe", 1.0),
        ("name_claim_added", "Real Estate Jane", "Real Estate Jane", 0.0),
        ("office_declared", "Jane Roe for Congress", "Jane Roe", 1.0),
        ("office_declared", "Jane Roe Press", "Jane Roe", 0.0),  # a paper may be called so
        ("office_declared", "Northwind Press Office", "Northwind Press Office", 0.0),
        ("parody_declared", "Jane Roe (parody)", "Jane Roe", 1.0),
        ("parody_declared", "Jane Roe Fans", "Jane Roe Fans", 0.0),
        ("bears_and_declares", "Jane Roe (parody)", "Jane Roe", 1.0),
        ("bears_and_declares", "Ada Brask (parody)", "Jane Roe", 0.0),  # of somebody else
        ("lure", "Jane: message me now", "Jane Roe", 1.0),
        ("lure", "Jane: message me on telegram now", "Jane Roe", 2.0),
        ("lure", "Jane", "Jane Roe", 0.0),
        ("bears_and_lures", "Jane Roe, message me now", "Jane Roe", 1.0),
        ("bears_and_lures", "Jane Roe", "Jane Roe", 0.0),
        ("bears_and_lures", "Ada Brask, message me now", "Jane Roe", 0.0),  # anybody may
        ("bears_and_speaks", "Jane Roe (private account)", "Jane Roe", 1.0),
        ("bears_and_speaks", "Ada Brask (private account)", "Jane Roe", 0.0),
        ("mixed_scripts", "Jаne Roe", "Jane Roe", 1.0),
    ],
)
def test_what_features_say_of_names(name: str, reported: str, protected: str, expected: float) -> None:
    assert names(name, reported, protected) == pytest.approx(expected)


def test_a_rare_word_of_a_name_counts_for_more_than_a_common_one() -> None:
    for name in ("name_kept", "name_covered"):
        assert names(name, "Ada Quillon", "John Quillon") > names(name, "John Brask", "John Quillon") > 0.0


def test_a_handle_that_spells_the_protected_name_is_seen_though_the_protected_handle_is_another() -> None:
    known = {"display_name": "Jane Quillon"}
    assert value("name_spelled", {"handle": "janequillon"}, known) > 15.0
    assert value("name_spelled", {"handle": "jane_qui11on"}, known) > 5.0
    assert value("name_spelled", {"handle": "bert_and_ernie"}, known) < 0.0
    assert value("name_spelled", {"handle": "janequillon"}, {"aliases": ("Jane Quillon",)}) > 15.0


DAY = datetime(2020, 1, 1, tzinfo=UTC)
YEAR_LATER = datetime(2020, 12, 31, 6, tzinfo=UTC)  # 365.25 days
BIO = "Painter of small harbours and quiet bays"
ROLES, LURE, AWAY = ("Mayor of Tamstad",), "Message me on Telegram", ("https://t.me/jane",)
ZEROS, ONES, HALF = "00" * 32, "ff" * 32, "0f" * 32


@pytest.mark.parametrize(
    ("name", "reported", "protected", "expected"),
    [
        ("name_spells_handle", {"display_name": "North Wind"}, {"handle": "northwind"}, 1.0),
        ("name_spells_handle", {"display_name": "North Wind"}, {"display_name": "Northwind"}, math.nan),
        ("name_fits_own_handle", {"handle": "jane_roe_paints", "display_name": "Jane Roe"}, {}, 1.0),
        ("name_fits_own_handle", {"handle": "xq771", "display_name": "Jane Roe"}, {}, 0.0),
        ("role_in_name", {"display_name": "Tamstad Mayor"}, {"roles": ROLES}, 1.0),
        ("role_in_name", {"display_name": "Alcalde Tamstad"}, {"roles": ROLES}, 1.0),
        ("role_in_name", {"display_name": "Jane", "bio": "Mayor of Tamstad"}, {"roles": ROLES}, 0.0),
        ("role_in_name", {"display_name": "Jane Roe"}, {"display_name": "Jane Roe"}, math.nan),
        ("role_in_profile", {"bio": "I am Mayor of Tamstad"}, {"roles": ROLES}, 1.0),
        ("role_in_profile", {"display_name": "Mayor", "bio": "Tamstad"}, {"roles": ROLES}, 1.0),
        ("role_in_profile", {"display_name": "Jane Roe"}, {"roles": ROLES}, 0.0),
        ("name_in_bio", {"bio": "Ask for Roe Quist"}, {"aliases": ("J. Roe Quist",)}, 1.0),
        ("name_in_bio", {"bio": "Ask for Roe"}, {"aliases": ("J. Roe Quist",)}, 0.0),
        ("name_in_bio", {"bio": "Mayor of Tamstad"}, {"display_name": "Jane Roe", "roles": ROLES}, 0.0),
        ("name_covered", {"display_name": "Roe Quist"}, {"aliases": ("J. Roe Quist",)}, 1.0),
        ("bears_and_lures", {"display_name": "Jane Roe", "bio": LURE}, {"display_name": "Jane Roe"}, 2.0),
        ("bears_and_lures", {"display_name": "Mayor of Tamstad", "bio": LURE}, {"roles": ROLES}, 2.0),
        ("bears_and_lures", {"display_name": "Ada", "bio": LURE}, {"display_name": "Jane Roe"}, 0.0),
        ("bears_and_links_away", {"display_name": "Jane Roe", "links": AWAY}, {"display_name": "Jane Roe"}, 1.0),
        ("bears_and_links_away", {"display_name": "Ada", "links": AWAY}, {"display_name": "Jane Roe"}, 0.0),
        ("bears_and_speaks", {"bio": "Backup of @northwind"}, {}, 1.0),
        ("bears_and_speaks", {"bio": "Backup of @somebody"}, {}, 0.0),
        ("bears_and_copies", {"display_name": "Jane Roe", "bio": BIO}, {"display_name": "Jane Roe", "bio": BIO}, 1.0),
        ("bears_and_copies", {"display_name": "Ada", "bio": BIO}, {"display_name": "Jane Roe", "bio": BIO}, 0.0),
        ("bears_and_declares", {"bio": "Parody of Jane Roe"}, {"display_name": "Jane Roe"}, 0.7),
        ("bears_and_declares", {"bio": "Parody of Ada Brask"}, {"display_name": "Jane Roe"}, 0.0),
        ("bears_and_declares", {"bio": "Parody of @northwind"}, {}, 0.7),
        ("bio_kept", {"bio": "quiet bays and small harbours, by a painter"}, {"bio": BIO}, 1.0),
        ("bio_kept", {"bio": "Nothing of it"}, {"bio": BIO}, 0.0),
        ("bio_similarity", {"bio": BIO.upper()}, {"bio": BIO}, 1.0),
        ("bio_copied", {"bio": f"{BIO}. DM me!"}, {"bio": BIO}, 1.0),
        ("bio_copied", {"bio": "Painter of small harbours"}, {"bio": BIO}, 2 / 5),
        ("bio_copied", {"bio": BIO}, {"bio": "Too short"}, math.nan),
        ("mentions_target", {"bio": "ex @North_Wind"}, {}, 1.0),
        ("mentions_target", {"bio": "ex @northwinds"}, {}, 0.0),
        ("parody_declared", {"bio": "Parody account"}, {}, 0.7),
        ("office_declared", {"bio": "Campaign account"}, {"display_name": "Jane Roe"}, 1.0),
        ("lure", {"bio": "Text me on +00 555 0100"}, {}, 2.0),
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
    standing = ("verified", "followers", "followers_relative", "followed_by_target", "age")
    assert {name: bound[name] for name in standing} == dict.fromkeys(standing, -1)
    assert bound["created_later"] == 1
    assert set(MONOTONE) <= {-1, 0, 1}


@given(reported_accounts, st.lists(protected_accounts, min_size=2, max_size=3))
def test_a_feature_of_one_alone_is_the_same_whatever_it_is_compared_with(
    reported: Account, protected: list[ProtectedAccount]
) -> None:
    view = View(reported)
    for one in FEATURES:
        if one.alone:
            found = [one.compute(view, View(other)) for other in protected]
            np.testing.assert_array_equal(found, found[:1] * len(found), one.name)


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
