from datetime import UTC, datetime
from typing import Any

import pytest

from classifier.accounts.account import Account
from classifier.importers import Imported, detect_format, import_account

NOW = datetime(2026, 1, 1, tzinfo=UTC)
BOT_API = {"id": 7550001234, "is_bot": False, "first_name": "Quill", "last_name": "Harbor", "username": "quill_h"}
TELETHON = {
    "_": "User", "id": 7550001234, "first_name": "Quill", "last_name": "Harbor", "username": None,
    "usernames": [{"_": "Username", "username": "quill_h", "active": True}], "verified": False, "scam": False,
}  # fmt: skip
CHAT = {
    "id": -1001, "type": "channel", "title": "Quill Harbor", "active_usernames": ["quill_h"],
    "description": "Ferries. https://quill.example",
}  # fmt: skip


@pytest.mark.parametrize(("row", "verified"), [(BOT_API, None), (TELETHON, False)])
def test_every_field_of_a_user(row: dict[str, Any], verified: bool | None) -> None:
    account = Account(
        handle="quill_h", platform="telegram", account_id="7550001234", display_name="Quill Harbor", verified=verified
    )
    assert import_account(row, "telegram", now=NOW) == Imported(1, account, None)
    assert detect_format([row]) == "telegram"


def test_a_channel() -> None:
    account = import_account(CHAT | {"participants_count": 84}, "telegram", now=NOW).account
    assert account is not None
    assert (account.handle, account.display_name, account.followers) == ("quill_h", "Quill Harbor", 84)
    assert account.links == ("https://quill.example",)
    assert detect_format([CHAT]) == "telegram"


def test_without_a_public_name_it_is_an_error() -> None:
    row = {name: value for name, value in BOT_API.items() if name != "username"}
    assert detect_format([row]) == "telegram"
    assert import_account(row, "telegram", now=NOW).reason == "handle_missing"


def test_a_deleted_account_is_hidden() -> None:
    account = import_account(BOT_API | {"is_deleted": True}, "telegram", now=NOW).account
    assert account is not None
    assert account.platform_labels == ("hidden",)
