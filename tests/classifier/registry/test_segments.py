import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.accounts.account import ProtectedAccount
from classifier.accounts.identity import identity_keys
from classifier.registry import segments
from classifier.registry.segments import PackedAccounts, Segment, record

# As JSON keeps it: two halves of a surrogate pair that stand side by side would come back as the one character.
texts = st.text(st.characters(exclude_categories=()), max_size=12).map(lambda text: json.loads(json.dumps(text)))
lists = st.lists(texts, max_size=3).map(tuple)
zones = st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30)), timezone(timedelta(hours=-11))])
protected = st.builds(
    ProtectedAccount,
    platform=texts,
    handle=texts,
    account_id=st.none() | texts,
    display_name=st.none() | texts,
    bio=st.none() | texts,
    aliases=lists,
    roles=lists,
    former_handles=lists,
    links=lists,
    secondary_ids=lists,
    secondary_handles=lists,
    followers=st.none() | st.integers(0, 10**12),
    created_at=st.none() | st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=zones),  # noqa: DTZ001 - zones are drawn
    verified=st.none() | st.booleans(),
    avatar_pdq=st.none() | st.just("ab" * 32),
    tier=st.sampled_from(["standard", "high"]),
)
A, B, C, D = (
    ProtectedAccount(platform="x", handle=handle, account_id=account_id)
    for handle, account_id in (("anna", "1"), ("bela", "2"), ("cora", None), ("dana", "4"))
)


@given(st.lists(protected, max_size=6))
def test_packed_accounts_come_back_as_they_were(accounts: list[ProtectedAccount]) -> None:
    packed = PackedAccounts.of(accounts)
    assert len(packed) == len(accounts)
    assert list(packed) == accounts
    assert packed[:] == accounts
    assert packed.blob.tobytes() == b"".join(map(record, accounts))


@given(st.lists(st.sampled_from([A, B, C, D]), max_size=6), st.slices(6))
def test_a_slice_is_that_of_a_list(accounts: list[ProtectedAccount], places: slice) -> None:
    assert PackedAccounts.of(accounts)[places] == accounts[places]


@given(st.lists(st.sampled_from([A, B, C, D]), max_size=5), st.integers(-8, 8))
def test_a_place_is_that_of_a_list_and_beyond_it_there_is_nobody(accounts: list[ProtectedAccount], place: int) -> None:
    packed = PackedAccounts.of(accounts)
    if -len(accounts) <= place < len(accounts):
        assert packed[place] == accounts[place]
    else:
        with pytest.raises(IndexError):
            packed[place]


def test_packed_accounts_can_be_searched_like_a_list() -> None:
    packed = PackedAccounts.of([A, B])
    assert replace(B) in packed
    assert C not in packed
    assert packed.index(B) == 1
    assert list(reversed(packed)) == [B, A]
    assert list(PackedAccounts.of([])) == []


def test_a_record_is_one_line_of_ascii_and_the_same_for_equal_accounts() -> None:
    noon = datetime(2020, 5, 1, 12, tzinfo=UTC)
    one = replace(A, display_name="Änna\n\ud800", created_at=noon)
    same = replace(one, created_at=noon.astimezone(timezone(timedelta(hours=3))))
    assert record(one) == record(same)
    assert record(one).isascii()
    assert b"\n" not in record(one)
    assert record(one) != record(A)


@given(st.lists(protected, max_size=6))
def test_every_account_is_found_by_every_one_of_its_keys_and_no_other(accounts: list[ProtectedAccount]) -> None:
    segment = Segment.of(accounts)
    everybody = {key for account in accounts for key in identity_keys(account)}
    for key in everybody:
        assert [*dict.fromkeys(segment.find(key))] == [
            row for row, account in enumerate(accounts) if key in identity_keys(account)
        ]
    assert list(segment.find(("protected", "handle", "x", "\0 nobody"))) == []


def test_keys_of_equal_hashes_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segments, "hash_of", lambda _: 7)
    segment = Segment.of(PackedAccounts.of([A, B, C, D]))
    assert set(segment.hashes.tolist()) == {7}
    assert list(segment.find(("protected", "handle", "x", "cora"))) == [2]
    assert set(segment.find(("protected", "account_id", "x", "4"))) == {3}  # once for each of its two keys
    assert list(segment.find(("protected", "handle", "mastodon", "cora"))) == []
    assert list(segment.find(("secondary", "handle", "x", "cora"))) == []


def test_hashes_ascend_and_tell_whose_they_are() -> None:
    accounts = [D, B, replace(C, secondary_ids=("7", "8"), secondary_handles=("cc",)), A]
    segment = Segment.of(accounts)
    assert segment.hashes.tolist() == sorted(segment.hashes.tolist())
    assert len(segment.hashes) == len(segment.rows) == sum(len([*identity_keys(account)]) for account in accounts)
    for number, row in zip(segment.hashes.tolist(), segment.rows.tolist(), strict=True):
        assert number in map(segments.hash_of, identity_keys(accounts[row]))


def test_of_several_who_share_a_key_the_rows_come_in_order() -> None:
    sharers = [replace(one, account_id=None, secondary_handles=("shared",)) for one in (D, C, B, A)]
    assert list(Segment.of(sharers).find(("secondary", "handle", "x", "shared"))) == [0, 1, 2, 3]


def test_a_key_is_found_although_its_parts_hold_the_separator_of_another() -> None:
    odd = replace(A, handle="b\0c", account_id=None)
    segment = Segment.of([odd, replace(A, platform="x\0b", handle="c", account_id=None)])
    assert list(segment.find(("protected", "handle", "x", "b\0c"))) == [0]
    assert list(segment.find(("protected", "handle", "x\0b", "c"))) == [1]


def test_nobody_is_found_among_nobody() -> None:
    assert list(Segment.of([]).find(("protected", "handle", "x", "anna"))) == []
