import json
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.accounts.account import (
    VERIFICATIONS,
    Account,
    Pair,
    ProtectedAccount,
    as_protected,
    as_reported,
    canonical,
    digest,
)

SHARED = ("platform", "handle", "account_id", "display_name", "bio", "links", "followers", "created_at", "verified",
          "avatar_pdq", "verification")  # fmt: skip

texts = st.text(max_size=20)
maybe_texts = st.none() | texts
lists = st.lists(texts, max_size=3).map(tuple)
counts = st.none() | st.integers(0, 10**10)
times = st.none() | st.datetimes(timezones=st.just(UTC))
flags = st.none() | st.booleans()
shared = {
    "platform": st.sampled_from(["x", "mastodon"]), "handle": texts, "account_id": maybe_texts,
    "display_name": maybe_texts, "bio": maybe_texts, "links": lists, "followers": counts, "created_at": times,
    "verified": flags, "avatar_pdq": maybe_texts, "verification": st.sampled_from([None, *VERIFICATIONS]),
}  # fmt: skip
reported_accounts = st.builds(Account, **shared, location=maybe_texts, posts=counts, observed_at=times)
protected_accounts = st.builds(ProtectedAccount, **shared, aliases=lists, roles=lists, secondary_ids=lists)


@given(reported_accounts, protected_accounts)
def test_a_pair_swapped_twice_keeps_what_both_sides_can_have(reported: Account, protected: ProtectedAccount) -> None:
    pair = Pair(reported, protected)
    back = pair.swapped().swapped()
    for name in SHARED:
        assert getattr(back.reported, name) == getattr(reported, name)
        assert getattr(back.protected, name) == getattr(protected, name)


@given(reported_accounts, protected_accounts)
def test_swapping_exchanges_the_sides(reported: Account, protected: ProtectedAccount) -> None:
    swapped = Pair(reported, protected).swapped()
    assert swapped == Pair(as_reported(protected), as_protected(reported))
    assert swapped.reported.handle == protected.handle
    assert swapped.protected.handle == reported.handle


def test_what_only_one_side_can_have_becomes_missing() -> None:
    pair = Pair(
        Account(handle="a", posts=3, location="Oslo"), ProtectedAccount(platform="x", handle="b", roles=("Chair",))
    )
    back = pair.swapped().swapped()
    assert (back.reported.posts, back.reported.location, back.protected.roles) == (None, None, ())


def test_the_shared_fields_are_all_those_of_both() -> None:
    both = {field.name for field in fields(Account)} & {field.name for field in fields(ProtectedAccount)}
    assert both - {"former_handles"} == set(SHARED)


@given(reported_accounts | protected_accounts)
def test_canonical_is_plain_json_without_missing_values(account: Account | ProtectedAccount) -> None:
    plain = canonical(account)
    assert json.loads(json.dumps(plain)) == plain
    assert not any(value is None or value == [] for value in plain.values())


@given(reported_accounts, reported_accounts)
def test_digests_are_equal_for_equal_accounts_only(one: Account, other: Account) -> None:
    assert (digest(one) == digest(other)) == (canonical(one) == canonical(other))
    assert digest(replace(one)) == digest(one)


@given(reported_accounts, st.integers(-23, 23))
def test_a_digest_does_not_depend_on_how_a_time_is_written(account: Account, hours: int) -> None:
    moment = datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)
    elsewhere = moment.astimezone(timezone(timedelta(hours=hours)))
    assert digest(replace(account, created_at=moment)) == digest(replace(account, created_at=elsewhere))


def test_a_digest_is_the_same_tomorrow() -> None:
    account = Account(handle="Jane", platform="x", followers=3, created_at=datetime(2020, 1, 1, tzinfo=UTC))
    assert digest(account) == "c192768aeebc6d9e92055d09b1ebef93f33349dfa19bc60085b1ce0e8b05dc31"


@pytest.mark.parametrize(
    "change", [{"handle": "jane"}, {"followers": 4}, {"links": ("https://northwind.example",)}, {"verified": False}]
)
def test_every_change_changes_the_digest(change: dict[str, object]) -> None:
    account = Account(handle="Jane", platform="x", followers=3)
    assert digest(replace(account, **change)) != digest(account)  # type: ignore[arg-type]


def test_zero_and_no_are_not_missing() -> None:
    assert canonical(Account(handle="a", followers=0, verified=False)) == {
        "handle": "a", "followers": 0, "verified": False,
    }  # fmt: skip
