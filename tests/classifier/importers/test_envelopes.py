import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from classifier.errors import FileFormatError
from classifier.importers import read_accounts
from classifier.importers.envelopes import accounts_in, users_under
from classifier.importers.results import RowError

NOW = datetime(2026, 1, 1, tzinfo=UTC)
FAKE = {"id": "2", "username": "qui11", "acct": "qui11@lol.example"}
REPORTER = {"id": "1", "username": "nora", "acct": "nora@home.example"}
ADMIN_FAKE, ADMIN_REPORTER = (
    {"id": one["id"], "username": one["username"], "account": one} for one in (FAKE, REPORTER)
)
REPORT = {"id": "7", "comment": "a fake", "account": ADMIN_REPORTER, "target_account": ADMIN_FAKE, "statuses": []}
X = {"id": "2", "username": "qui11", "name": "Quill"}
TWEET = {"id": "5", "text": "Hello", "author_id": "2"}
SKY = {"did": "did:plc:quillharborquillharbor22", "handle": "qui11.example"}
MISSKEY = {"id": "9q", "username": "qui11", "host": "isle.example", "notesCount": 3}
TELEGRAM = {"id": 7, "is_bot": False, "first_name": "Q"}
DISCORD = {"id": "12", "username": "qui11", "global_name": "Quill"}


@pytest.mark.parametrize(
    ("row", "found"),
    [
        (X, [X]),
        (ADMIN_FAKE, [ADMIN_FAKE]),
        ({"data": X}, [X]),
        ({"data": [X, X | {"id": "3"}], "meta": {"result_count": 2}}, [X, X | {"id": "3"}]),
        ({"data": [TWEET], "includes": {"users": [X]}}, [X]),
        ({"data": TWEET, "includes": {"users": [X]}}, [X]),
        ({"data": {"user": {"result": {"rest_id": "2", "legacy": {}}}}}, [{"rest_id": "2", "legacy": {}}]),
        ({"data": {"users": [{"result": {"rest_id": "2"}}]}}, [{"rest_id": "2"}]),
        ({"users": [X], "next_cursor": 0}, [X]),
        ({"accounts": [FAKE], "statuses": [], "hashtags": []}, [FAKE]),
        ({"actors": [SKY], "cursor": "a"}, [SKY]),
        ({"subject": SKY | {"handle": "other.example"}, "followers": [SKY]}, [SKY]),
        ({"ok": True, "result": TELEGRAM}, [TELEGRAM]),
        (REPORT, [ADMIN_FAKE]),
        ({"event": "report.created", "object": REPORT}, [ADMIN_FAKE]),
        ({"event": "account.created", "object": ADMIN_FAKE}, [ADMIN_FAKE]),
        ({"id": "9", "type": "admin.report", "account": REPORTER, "report": {"target_account": FAKE}}, [FAKE]),
        ({"id": "9", "type": "admin.sign_up", "account": FAKE}, [FAKE]),
        ({"reports": [{"account": FAKE, "actor": REPORTER, "content": "fake", "state": "open"}], "total": 1}, [FAKE]),
        ({"id": "a", "comment": "fake", "reporter": {"username": "nora"}, "targetUser": MISSKEY}, [MISSKEY]),
        ({"type": "abuseReport", "body": {"targetUser": MISSKEY, "reporter": {"username": "nora"}}}, [MISSKEY]),
        ({"reports": [{"id": 1, "reportType": "r", "reportedBy": "did:plc:nora",
                       "subject": {"type": "account", "subject": SKY["did"], "repo": SKY}}]}, [SKY]),
        ({"id": 1, "event": {"$type": "#modEventReport"}, "subject": {"$type": "#repoRef", "did": SKY["did"]},
          "createdBy": "did:plc:nora", "creatorHandle": "nora.example", "subjectHandle": "qui11.example"},
         [{"$type": "#repoRef"} | SKY]),
        ({"type": "account", "subject": SKY["did"], "repo": SKY | {"moderation": {}},
          "profile": SKY | {"displayName": "Q"}},
         [SKY | {"moderation": {}, "displayName": "Q"}]),
        ({"reporter": {"acct": "nora@home.example"}, "reported": FAKE}, [FAKE]),
        ({"data": {"user_result_by_screen_name": {"result": {"rest_id": "2"}}}}, [{"rest_id": "2"}]),
        ({"reportedItem": {"id": "2", "typeId": "u", "data": X}, "reporter": {"id": "1"}}, [X]),
        ({"repos": [SKY | {"relatedRecords": []}]}, [SKY | {"relatedRecords": []}]),
        ({"user": DISCORD, "nick": "Quill", "roles": []}, [DISCORD]),
        ({"op": 0, "t": "GUILD_MEMBER_ADD", "d": {"user": DISCORD, "guild_id": "1"}}, [DISCORD]),
        ({"type": 2, "member": {"user": {"id": "1", "username": "nora", "global_name": "N"}},
          "data": {"type": 2, "target_id": "12", "resolved": {"users": {"12": DISCORD}}}}, [DISCORD]),
    ],
)  # fmt: skip
def test_the_reported_account_is_taken_out(row: dict[str, Any], found: list[object]) -> None:
    assert accounts_in(row) == found


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({"id": "8", "content": "<p>hi</p>", "account": REPORTER}, "under account"),
        ({"type": "mention", "account": REPORTER, "status": {}}, "notification"),
        (TWEET, "includes.users"),
        ({"id": "7", "category": "other", "comment": "a fake", "account": REPORTER}, "target_account"),
        ({"id": "5", "content": "hi", "author": DISCORD}, "under author"),
        ({"message_id": 1, "text": "/report", "from": {"id": 1, "first_name": "Nora"}}, "under from"),
        ({"rawContent": "hi", "user": {"username": "nora", "displayname": "N"}}, "under user"),
        ({"id_str": "5", "full_text": "hi", "user": {"screen_name": "nora"}}, "under user"),
        ({"item": {"id": "2", "typeId": "user"}, "action": {"id": "a"}, "policies": []}, "item.id"),
        ({"update_id": 5, "message": {"from": {"id": 1, "first_name": "Nora"}}}, "message.from"),
        ({"data": []}, "holds no account"),
        ({"user": {"username": "nora"}, "offender": {"username": "qui11"}}, "several"),
        ({"data": {"target_id": "13", "resolved": {"users": {"12": DISCORD}}}}, "no user as its target"),
        ({"id": 1, "event": {}, "subject": {"did": "did:plc:a"}, "creatorHandle": "nora.example"}, "getProfile"),
    ],
)
def test_what_is_no_account_is_an_error_that_says_what_to_do(row: dict[str, Any], says: str) -> None:
    [error] = accounts_in(row)
    assert isinstance(error, RowError)
    assert error.reason == "not_an_account"
    assert says in error.message
    assert "nora" not in error.message


def test_endless_nesting_ends() -> None:
    row: dict[str, Any] = X
    for _ in range(50):
        row = {"data": row}
    [error] = accounts_in(row)
    assert isinstance(error, RowError)


def test_where_users_seem_to_be() -> None:
    assert users_under({"payload": [{"owner": {"username": "a"}}]}) == "payload.owner"
    assert users_under({"reporter": {"username": "a"}, "of": {"username": "b"}}) == "of"
    assert users_under({"a secret name": {"username": "a"}, "n": 7}) is None


def written(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_each_account_of_a_page_is_a_row(tmp_path: Path) -> None:
    path = written(tmp_path / "pages.jsonl", {"data": [X, X | {"username": "other"}]}, {"update_id": 1}, X)
    found = list(read_accounts(path, now=NOW))
    assert [one.row for one in found] == [1, 2, 3, 4]
    assert [one.account and one.account.handle for one in found] == ["qui11", "other", None, "qui11"]
    assert found[2].error is not None
    assert found[2].error.row == 3


def test_formats_in_one_file_are_each_read_as_what_they_are(tmp_path: Path) -> None:
    path = written(tmp_path / "mixed.jsonl", SKY, FAKE, X, DISCORD, MISSKEY, {"handle": "plain", "platform": "x"})
    platforms = [one.account and one.account.platform for one in read_accounts(path, now=NOW)]
    assert platforms == ["bluesky", "mastodon", "x", "discord", "mastodon", "x"]


def test_a_row_with_little_in_it_is_of_the_format_of_the_others(tmp_path: Path) -> None:
    path = written(tmp_path / "v1.jsonl", *[{"screen_name": "a", "followers_count": 3}] * 2, {"screen_name": "b"})
    assert [one.account and one.account.platform for one in read_accounts(path, now=NOW)] == ["x"] * 3


def test_a_format_that_does_not_fit_is_an_error_of_the_row(tmp_path: Path) -> None:
    path = written(tmp_path / "mixed.jsonl", SKY, FAKE)
    found = list(read_accounts(path, format="bluesky", now=NOW))
    assert [one.reason for one in found] == ["", "other_format"]
    assert "mastodon" in str(found[1].error)
    profile = SKY | {"followersCount": 3, "postsCount": 4}
    path = written(tmp_path / "profile.jsonl", profile, SKY, {"acct": "a@b.example", "id": "1"})
    found = list(read_accounts(path, format="doublecheck", now=NOW))
    assert [one.reason for one in found] == ["other_format", "", "other_format"]


def test_a_file_without_accounts_says_where_they_seem_to_be(tmp_path: Path) -> None:
    path = written(tmp_path / "odd.jsonl", {"payload": {"owner": {"username": "a"}}})
    with pytest.raises(FileFormatError, match=r"users seem to be under payload\.owner"):
        list(read_accounts(path, now=NOW))
