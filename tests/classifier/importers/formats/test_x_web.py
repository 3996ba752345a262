from datetime import UTC, datetime
from typing import Any

import pytest

from classifier.accounts.account import Account
from classifier.importers import Imported, detect_format, import_account

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LEGACY: dict[str, Any] = {
    "screen_name": "QuillHarbor", "name": "Quill Harbor", "description": "Ferries of Ostmark", "location": "Ostmark",
    "followers_count": 84, "friends_count": 3, "statuses_count": 9, "listed_count": 1, "verified": False,
    "created_at": "Wed Feb 01 17:49:30 +0000 2012", "default_profile_image": False, "url": "https://t.co/q",
    "entities": {"url": {"urls": [{"url": "https://t.co/q", "expanded_url": "https://quill.example"}]}},
}  # fmt: skip
OLDER = {"__typename": "User", "rest_id": "1690000000000000123", "is_blue_verified": True, "legacy": LEGACY}
_MOVED = {"screen_name", "name", "created_at", "location", "verified", "description"}
NEWER = {
    "__typename": "User", "rest_id": "1690000000000000123", "is_blue_verified": True,
    "core": {name: LEGACY[name] for name in ("screen_name", "name", "created_at")},
    "location": {"location": "Ostmark"}, "profile_bio": {"description": "Ferries of Ostmark"},
    "avatar": {"image_url": "https://pbs.twimg.com/profile_images/1/a.jpg"}, "verification": {"verified": False},
    "legacy": {name: value for name, value in LEGACY.items() if name not in _MOVED},
}  # fmt: skip
EXPECTED = Account(
    handle="QuillHarbor", platform="x", account_id="1690000000000000123", display_name="Quill Harbor",
    bio="Ferries of Ostmark", location="Ostmark", links=("https://quill.example",), followers=84, following=3, posts=9,
    listed=1, created_at=datetime(2012, 2, 1, 17, 49, 30, tzinfo=UTC), default_avatar=False, verified=False,
    verification="paid",
)  # fmt: skip


@pytest.mark.parametrize("row", [OLDER, NEWER])
def test_every_field_of_both_shapes(row: dict[str, Any]) -> None:
    assert import_account(row, "x-web", now=NOW) == Imported(1, EXPECTED, None)
    assert detect_format([row]) == "x-web"


@pytest.mark.parametrize(("label", "labels"), [("Parody", ("parody",)), ("None", ()), (None, ()), (3, ())])
def test_the_label_of_a_parody(label: object, labels: tuple[str, ...]) -> None:
    account = import_account(OLDER | {"parody_commentary_fan_label": label}, "x-web", now=NOW).account
    assert account is not None
    assert account.platform_labels == labels


def test_an_account_that_x_withholds_is_an_error() -> None:
    row = {"__typename": "UserUnavailable", "reason": "Suspended"}
    assert import_account({"data": {"user": {"result": row}}}, "x-web", now=NOW).reason == "account_withheld"
