from datetime import UTC, datetime
from typing import Any

import pytest

from classifier.accounts.account import Account
from classifier.importers import Imported, detect_format, import_account

NOW = datetime(2026, 1, 1, tzinfo=UTC)
COMMON: dict[str, Any] = {
    "username": "QuillHarbor", "displayname": "Quill Harbor", "rawDescription": "Ferries of Ostmark",
    "created": "2012-02-01T17:49:30+00:00", "followersCount": 84, "friendsCount": 3, "statusesCount": 9,
    "listedCount": 1, "location": "Ostmark", "verified": False, "protected": False,
    "profileImageUrl": "https://abs.twimg.com/sticky/default_profile_images/default_profile_normal.png",
    "descriptionLinks": [{"text": "quill.example", "url": "https://quill.example", "tcourl": "https://t.co/q"}],
}  # fmt: skip
TWSCRAPE = COMMON | {"id": 1690000000000000123, "id_str": "1690000000000000123", "blue": None}
SNSCRAPE = COMMON | {"_type": "snscrape.modules.twitter.User", "id": "1690000000000000123", "link": None}


@pytest.mark.parametrize("row", [TWSCRAPE, SNSCRAPE])
def test_every_field_of_both_tools(row: dict[str, Any]) -> None:
    account = Account(
        handle="QuillHarbor", platform="x", account_id="1690000000000000123", display_name="Quill Harbor",
        bio="Ferries of Ostmark", location="Ostmark", links=("https://quill.example",), followers=84, following=3,
        posts=9, listed=1, created_at=datetime(2012, 2, 1, 17, 49, 30, tzinfo=UTC), verified=False, default_avatar=True,
    )  # fmt: skip
    assert import_account(row, "snscrape", now=NOW) == Imported(1, account, None)
    assert detect_format([row]) == "snscrape"


def test_older_names_and_links() -> None:
    row = {
        "_type": "snscrape.modules.twitter.User", "username": "q", "description": "Ferries",
        "linkUrl": "https://quill.example",
    }  # fmt: skip
    account = import_account(row, "snscrape", now=NOW).account
    assert account is not None
    assert (account.bio, account.links) == ("Ferries", ("https://quill.example",))


def test_users_of_other_platforms_are_not_taken_for_x() -> None:
    row = COMMON | {"_type": "snscrape.modules.instagram.User"}
    assert detect_format([row]) != "snscrape"
