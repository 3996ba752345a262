from datetime import UTC, datetime
from typing import Any

from classifier.accounts.account import Account
from classifier.importers import Imported, detect_format, import_account

NOW = datetime(2026, 1, 1, tzinfo=UTC)
VIEW: dict[str, Any] = {
    "$type": "tools.ozone.moderation.defs#repoViewDetail", "did": "did:plc:quillharborquillharbor22",
    "handle": "quill.example", "email": "q@mail.example", "indexedAt": "2024-01-01T00:00:00.000Z",
    "relatedRecords": [
        {"$type": "app.bsky.feed.post", "text": "Hello"},
        {"$type": "app.bsky.actor.profile", "displayName": "Quill Harbor", "description": "Ferries of Ostmark"},
    ],
    "moderation": {"subjectStatus": {"takendown": False}}, "labels": [],
}  # fmt: skip


def test_the_profile_is_read_of_the_related_records() -> None:
    account = Account(
        handle="quill.example", platform="bluesky", account_id="did:plc:quillharborquillharbor22",
        display_name="Quill Harbor", bio="Ferries of Ostmark",
    )  # fmt: skip
    assert import_account(VIEW, "ozone", now=NOW) == Imported(1, account, None)
    assert detect_format([VIEW]) == "ozone"


def test_what_was_taken_down_is_hidden() -> None:
    for change in ({"moderation": {"subjectStatus": {"takendown": True}}}, {"labels": [{"val": "!takedown"}]}):
        account = import_account(VIEW | change, "ozone", now=NOW).account
        assert account is not None
        assert account.platform_labels == ("hidden",)


def test_without_a_profile_the_name_is_unknown() -> None:
    account = import_account(VIEW | {"relatedRecords": None}, "ozone", now=NOW).account
    assert account is not None
    assert (account.handle, account.display_name) == ("quill.example", None)
