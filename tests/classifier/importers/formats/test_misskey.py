from datetime import UTC, datetime
from typing import Any

import pytest

from classifier.accounts.account import Account
from classifier.importers import Imported, detect_format, import_account

NOW = datetime(2026, 1, 1, tzinfo=UTC)
USER: dict[str, Any] = {
    "id": "9quillharbor", "name": "Quill Harbor", "username": "quill", "host": "isle.example",
    "avatarUrl": "https://isle.example/identicon/quill@isle.example", "avatarBlurhash": None, "isBot": False,
    "createdAt": "2022-02-01T17:49:30.000Z", "description": "Ferries of Ostmark", "location": "Ostmark",
    "fields": [{"name": "Site", "value": "https://quill.example"}], "verifiedLinks": ["https://quill.example"],
    "followersCount": 84, "followingCount": 3, "notesCount": 9, "url": "https://isle.example/@quill", "uri": None,
    "followersVisibility": "public", "followingVisibility": "public", "isSuspended": False, "movedTo": None,
}  # fmt: skip


def read(**changes: object) -> Account:
    account = import_account(USER | changes, "misskey", now=NOW).account
    assert account is not None
    return account


def test_every_field() -> None:
    account = Account(
        handle="quill@isle.example", platform="mastodon", account_id="9quillharbor", display_name="Quill Harbor",
        bio="Ferries of Ostmark", location="Ostmark", links=("https://quill.example",), followers=84, following=3,
        posts=9, created_at=datetime(2022, 2, 1, 17, 49, 30, tzinfo=UTC), default_avatar=True,
        verified_links=("https://quill.example",),
    )  # fmt: skip
    assert import_account(USER, "misskey", now=NOW) == Imported(1, account, None)
    assert detect_format([USER]) == "misskey"


@pytest.mark.parametrize(("uri", "handle"), [("https://here.example/users/9q", "quill@here.example"), (None, "quill")])
def test_a_local_user_is_of_the_server_that_his_address_names(uri: str | None, handle: str) -> None:
    assert read(host=None, uri=uri, url=None).handle == handle


def test_what_is_hidden_is_unknown() -> None:
    account = read(followersCount=0, followersVisibility="private", followingCount=0)
    assert (account.followers, account.following) == (None, 0)
    assert read(ffVisibility="followers", followersVisibility=None, followersCount=0).followers is None
    stub = read(isSuspended=True, followersCount=0, notesCount=0, name=None)
    assert (stub.followers, stub.posts, stub.platform_labels) == (None, None, ("hidden",))


@pytest.mark.parametrize(
    ("moved", "leads_to"),
    [
        ("https://far.example/@quill", ("mastodon:quill@far.example",)),
        ({"username": "quill", "host": "far.example"}, ("mastodon:quill@far.example",)),
        ("elsewhere", ()),
    ],
)
def test_where_it_moved(moved: object, leads_to: tuple[str, ...]) -> None:
    assert read(movedTo=moved).leads_to == leads_to


def test_a_parody_in_a_field() -> None:
    assert read(fields=[{"name": "About", "value": "Parody account"}]).platform_labels == ("parody",)
