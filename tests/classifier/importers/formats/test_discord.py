from datetime import UTC, datetime
from typing import Any

import pytest

from classifier.accounts.account import Account
from classifier.importers import Imported, detect_format, import_account

NOW = datetime(2026, 1, 1, tzinfo=UTC)
USER: dict[str, Any] = {
    "id": "1203351110224670123", "username": "quillharbor", "discriminator": "0", "global_name": "Quill Harbor",
    "avatar": None, "bot": False, "public_flags": 64, "premium_type": 2, "verified": True,
}  # fmt: skip


def test_every_field() -> None:
    account = Account(
        handle="quillharbor", platform="discord", account_id="1203351110224670123", display_name="Quill Harbor",
        default_avatar=True,
    )  # fmt: skip
    assert import_account(USER, "discord", now=NOW) == Imported(1, account, None)
    assert detect_format([USER]) == "discord"


@pytest.mark.parametrize(
    ("digits", "handle"), [("0420", "quillharbor#0420"), ("0", "quillharbor"), (None, "quillharbor")]
)
def test_four_digits_belong_to_the_handle(digits: str | None, handle: str) -> None:
    account = import_account(USER | {"discriminator": digits}, "discord", now=NOW).account
    assert account is not None
    assert account.handle == handle
