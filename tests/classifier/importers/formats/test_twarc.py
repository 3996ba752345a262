from datetime import UTC, datetime
from pathlib import Path

from classifier.accounts.account import Account
from classifier.importers import detect_format, import_account, read_accounts

NOW = datetime(2026, 1, 1, tzinfo=UTC)
USER = {
    "id": "1690000000000000123", "created_at": "2012-02-01T17:49:30.000Z", "username": "QuillHarbor",
    "name": "Quill Harbor", "description": r"Ferries\nof Ostmark", "entities.description.urls": "",
    "location": "Ostmark",
    "entities.url.urls": '[{"url": "https://t.co/q", "expanded_url": "https://quill.example"}]',
    "public_metrics.followers_count": "84", "public_metrics.following_count": "3", "public_metrics.listed_count": "1",
    "public_metrics.tweet_count": "9", "url": "https://t.co/q", "verified": "False", "withheld.scope": "",
    "__twarc.retrieved_at": "2023-05-01T12:00:00+00:00",
}  # fmt: skip
EXPECTED = Account(
    handle="QuillHarbor", platform="x", account_id="1690000000000000123", display_name="Quill Harbor",
    bio="Ferries of Ostmark", location="Ostmark", links=("https://quill.example",), followers=84, following=3, posts=9,
    listed=1, created_at=datetime(2012, 2, 1, 17, 49, 30, tzinfo=UTC), verified=False,
    observed_at=datetime(2023, 5, 1, 12, tzinfo=UTC),
)  # fmt: skip


def test_every_field_of_a_users_file() -> None:
    assert import_account(USER, "twarc", now=NOW).account == EXPECTED
    assert detect_format([USER]) == "twarc"


def test_of_posts_the_author_is_read() -> None:
    author = {f"author.{name}": value for name, value in USER.items() if not name.startswith("__")}
    post = author | {
        "id": "7",
        "text": "Hello",
        "public_metrics.like_count": "5",
        "__twarc.retrieved_at": "2023-05-01T12:00Z",
    }
    assert import_account(post, "twarc", now=NOW).account == EXPECTED
    assert detect_format([post]) == "twarc"


def test_links_as_a_plain_list_and_cells_that_are_no_list() -> None:
    for cell, links in (('["https://quill.example"]', ("https://quill.example",)), ("[", ()), ("7", ())):
        row = {"username": "q", "public_metrics.followers_count": "1", "entities.description.urls": cell}
        account = import_account(row, "twarc", now=NOW).account
        assert account is not None
        assert account.links == links


def test_a_column_and_a_part_of_it() -> None:
    row = {"username": "q", "public_metrics": "7", "public_metrics.followers_count": "84"}
    account = import_account(row, "twarc", now=NOW).account
    assert account is not None
    assert account.followers is None


def test_a_file(tmp_path: Path) -> None:
    path = tmp_path / "users.csv"
    path.write_text("id,username,name,public_metrics.followers_count\n17,quill,Quill,84\n")
    [imported] = read_accounts(path, now=NOW)
    assert imported.account is not None
    assert (imported.account.platform, imported.account.followers) == ("x", 84)
