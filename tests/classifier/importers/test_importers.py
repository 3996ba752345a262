import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.accounts.account import Account, ProtectedAccount, canonical
from classifier.errors import FileFormatError
from classifier.importers import (
    FORMATS,
    ImportReport,
    detect_format,
    import_account,
    import_protected,
    read_accounts,
    read_protected,
)
from classifier.importers.formats import detect
from classifier.text.normalization import BIDI_CONTROLS

NOW = datetime(2026, 1, 1, tzinfo=UTC)
NAMES = [
    "acct", "account", "account_id", "aliases", "avatar", "avatar_pdq", "bio", "created_at", "createdAt",
    "default_avatar", "default_profile_image", "description", "did", "display_name", "displayName", "entities",
    "fields", "followed_by_target", "followers", "followers_count", "followersCount", "former_handles",
    "friends_count", "handle", "id", "id_str", "links", "listed_count", "location", "name", "note", "observed_at",
    "platform", "posts", "profile_image_url", "public_metrics", "roles", "screen_name", "secondary_handles",
    "secondary_ids", "statuses_count", "tier", "url", "urls", "username", "verification", "verified",
    "verifiedStatus", "value", "expanded_url", "rest_id", "legacy", "core", "displayname", "rawDescription", "host",
    "notesCount", "movedTo", "relatedRecords", "discriminator", "global_name", "first_name", "is_bot", "target_account",
    "subject", "data", "users", "moved", "verified_at", "labels", "val", "author.username", "verified_type", "leads_to",
    "author.public_metrics.followers_count", "public_metrics.followers_count", "entities.url.urls", "platform_labels",
    "hide_collections", "pleroma", "suspended", "report", "type", "object", "verifiedLinks", "blueType", "__typename",
]  # fmt: skip
characters = st.characters(exclude_categories=())
scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(characters, max_size=30), st.just("9" * 300),
    st.datetimes(), st.dates(), st.sampled_from(["jane", "None", "nan", "\x00", "<p>x", "a|b", "2012-02-01", "1e+9"]),
)  # fmt: skip
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4)
)
rows = st.dictionaries(st.sampled_from(NAMES) | st.text(characters, max_size=5), values, max_size=12)


def texts_of(account: Account | ProtectedAccount) -> Iterator[str]:
    for value in canonical(account).values():
        yield from value if isinstance(value, list) else [value] if isinstance(value, str) else []


@settings(deadline=None)
@given(values | rows, st.sampled_from(FORMATS))
def test_any_row_in_any_format_becomes_an_account_or_an_error(row: Any, format: str) -> None:  # noqa: A002
    result = import_account(row, format, row_number=3, now=NOW)
    assert (result.account is None) != (result.error is None)
    assert result.row == 3
    if result.error is not None:
        assert result.error.row == 3
        assert result.reason in {
            "handle_missing", "handle_too_long", "not_an_object", "other_format", "not_an_account", "several_accounts",
            "identity_unusable", "identity_contradicts",
        }  # fmt: skip


@settings(deadline=None)
@given(values | rows)
def test_any_row_becomes_a_protected_account_or_an_error(row: Any) -> None:
    result = import_protected(row, row_number=3, now=NOW)
    assert (result.account is None) != (result.error is None)


@settings(deadline=None)
@given(rows, st.sampled_from(FORMATS))
def test_every_account_is_in_range(row: dict[str, Any], format: str) -> None:  # noqa: A002
    account = import_account(row, format, now=NOW).account
    if account is None:
        return
    assert 0 < len(account.handle) <= 253
    assert all(n is None or 0 <= n <= 10**10 for n in (account.followers, account.following, account.posts))
    assert account.created_at is None or account.created_at <= NOW + timedelta(days=1)
    assert len(account.links) <= 50
    for text in texts_of(account):
        assert text == text.strip()
        assert BIDI_CONTROLS.isdisjoint(text)
        assert text.encode()  # no unpaired surrogates
        assert "\x00" not in text


@settings(deadline=None)
@given(rows)
def test_a_detected_format_is_one_of_ours(row: dict[str, Any]) -> None:
    with suppress(FileFormatError):
        assert detect_format([row]) in FORMATS


def test_the_format_most_rows_have_is_taken() -> None:
    v2 = {"username": "jane", "public_metrics": {}}
    assert detect_format([{}, v2, v2, {"handle": "sam"}]) == "x-v2"


@pytest.mark.parametrize("sample", [[], [{}], [{"Handel": "jane"}, {"foo": 1}]])
def test_an_unknown_format_is_an_error_that_names_the_choices(sample: list[dict[str, Any]]) -> None:
    with pytest.raises(FileFormatError) as caught:
        detect_format(sample)
    assert all(word in str(caught.value) for word in ("--format", *FORMATS))


def test_an_invented_format_is_an_error() -> None:
    with pytest.raises(FileFormatError, match="--format"):
        import_account({"handle": "jane"}, "myspace", now=NOW)


def test_every_row_gives_one_result_in_order(tmp_path: Path) -> None:
    path = tmp_path / "accounts.jsonl"
    path.write_text('{"bad\n{"handle": "jane"}\n\n[]\n{"handle": ""}\n{"handle": "sam", "followers": -1}\n')
    results = list(read_accounts(path, now=NOW))
    assert [(result.row, result.reason, result.account and result.account.handle) for result in results] == [
        (1, "not_json", None),
        (2, "", "jane"),
        (3, "not_an_object", None),
        (4, "handle_missing", None),
        (5, "", "sam"),
    ]
    report = ImportReport()
    for result in results:
        report.add(result)
    assert (report.rows, report.accepted, report.rejected.total()) == (5, 2, 3)


def test_the_format_is_told_from_the_first_readable_rows(tmp_path: Path) -> None:
    path = tmp_path / "accounts.jsonl"
    lines = ["bad"] * 30 + [json.dumps({"username": f"u{n}", "public_metrics": {}}) for n in range(25)]
    path.write_text("\n".join([*lines, '{"handle": "jane"}']))
    results = list(read_accounts(path, now=NOW))
    assert len(results) == 56
    assert [result.reason for result in results[:30]] == ["not_json"] * 30
    assert all(result.account and result.account.platform == "x" for result in results[30:55])
    assert results[55].account == Account(handle="jane"), "a row that says otherwise is what it says"


def test_a_format_that_is_given_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "accounts.csv"
    path.write_text("screen_name,followers_count\njane,7\n")
    (result,) = read_accounts(path, format="doublecheck", now=NOW, default_platform="Twitter")
    assert result.account == Account(handle="jane", platform="x", followers=7)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("missing.csv", None),
        ("accounts.txt", "handle\njane\n"),
        ("accounts.csv", ""),
        ("accounts.csv", "handle\n"),
        ("accounts.csv", "name_only\njane\n"),
        ("accounts.jsonl", ""),
        ("accounts.jsonl", "\n\n"),
        ("accounts.jsonl", "bad\nworse\n"),
        ("accounts.jsonl", '[{"handle": "jane"},\n{"handle":\n'),
        ("accounts.parquet", "handle\njane\n"),
    ],
)
def test_a_file_of_which_nothing_can_be_read_is_an_error_at_once(
    tmp_path: Path, name: str, content: str | None
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_text(content)
    with pytest.raises(FileFormatError):
        read_accounts(path, now=NOW)


def test_an_invented_format_for_a_file_is_an_error_at_once(tmp_path: Path) -> None:
    (tmp_path / "accounts.csv").write_text("handle\njane\n")
    with pytest.raises(FileFormatError, match="--format"):
        read_accounts(tmp_path / "accounts.csv", format="myspace", now=NOW)


def test_a_registry_file_has_results_of_the_same_shape(tmp_path: Path) -> None:
    path = tmp_path / "registry.csv"
    path.write_text("platform,handle,aliases\nx,jane,J. Roe|Jane R.\n,sam,\nx,kim\n")
    results = list(read_protected(path, now=NOW))
    assert [(result.row, result.reason) for result in results] == [
        (1, ""),
        (2, "platform_missing"),
        (3, "too_few_fields"),
    ]
    assert results[0].account == ProtectedAccount(platform="x", handle="jane", aliases=("J. Roe", "Jane R."))


@settings(deadline=None)
@given(rows)
def test_importing_twice_gives_the_same(row: dict[str, Any]) -> None:
    first = import_protected({"platform": "x", "handle": "jane"} | row, now=NOW).account
    if first is not None:
        assert import_protected(canonical(first), now=NOW).account == first


def test_every_format_has_a_reader_and_signs() -> None:
    assert detect.READERS.keys() == detect._SIGNS.keys() == set(FORMATS)
