import time
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.accounts.account import Account
from classifier.importers import Imported, detect_format, import_account
from classifier.importers.formats.mastodon import plain_text

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ACCOUNT: dict[str, Any] = {
    "id": "108965278956942133",
    "username": "jane",
    "acct": "jane@social.example",
    "display_name": "Jane Roe",
    "created_at": "2022-09-08T00:00:00.000Z",
    "note": '<p>Chair of <a href="https://northwind.example/">Northwind</a></p><p>With <span class="h-card">'
    '<a href="https://social.example/@sam" class="u-url mention">@<span>sam</span></a></span><br>Tea &amp; rain</p>',
    "avatar": "https://social.example/avatars/original/missing.png",
    "followers_count": 1000,
    "following_count": 20,
    "statuses_count": 400,
    "fields": [
        {"name": "Site", "value": '<a href="https://jane.example/a" rel="me"><span class="invisible">https://</span>'
         '<span class="">jane.example/a</span></a>', "verified_at": "2022-10-01T00:00:00Z"},
        {"name": "Pronouns", "value": "she/her", "verified_at": None},
        {"name": "Text", "value": "https://plain.example", "verified_at": None},
    ],
}  # fmt: skip
EXPECTED = Account(
    handle="jane@social.example",
    platform="mastodon",
    account_id="108965278956942133",
    display_name="Jane Roe",
    bio="Chair of Northwind With @sam Tea & rain",
    links=("https://jane.example/a", "https://plain.example", "https://northwind.example/"),
    followers=1000,
    following=20,
    posts=400,
    created_at=datetime(2022, 9, 8, tzinfo=UTC),
    default_avatar=True,
    verified_links=("https://jane.example/a",),
)
ADMIN = {"id": "1", "username": "jane", "domain": "social.example", "email": "jane@mail.example", "account": ACCOUNT}


@pytest.mark.parametrize("row", [ACCOUNT, ADMIN])
def test_every_field_of_both_entities(row: dict[str, Any]) -> None:
    assert import_account(row, "mastodon", now=NOW) == Imported(1, EXPECTED, None)
    assert detect_format([row]) == "mastodon"


@pytest.mark.parametrize(("avatar", "default"), [("https://a.example/b.png", False), (None, None), (7, None)])
def test_the_avatar(avatar: object, default: bool | None) -> None:
    account = import_account(ACCOUNT | {"avatar": avatar}, "mastodon", now=NOW).account
    assert account is not None
    assert account.default_avatar is default


@pytest.mark.parametrize("fields", [None, "a", [None, 3, {}, {"value": 7}, {"value": None}]])
def test_malformed_fields_give_no_links(fields: object) -> None:
    account = import_account(ACCOUNT | {"fields": fields}, "mastodon", now=NOW).account
    assert account is not None
    assert account.links == ("https://northwind.example/",)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>one</p><p>two</p>", "one\ntwo"),
        ("one<br>two<br/>three", "one\ntwo\nthree"),
        ("a &lt; b &#39;c&#39;", "a < b 'c'"),
        ("1 < 2 > 0", "1 < 2 > 0"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("<!-- hidden --> shown", "<!-- hidden --> shown"),
        ("<![if wrong", "<![if wrong"),
        ("<p unfinished", "<p unfinished"),
        ("<a href=>x</a>", "x"),
        ("", ""),
    ],
)
def test_plain_text(html: str, text: str) -> None:
    assert plain_text(html)[0] == text


@pytest.mark.parametrize("href", ["javascript:alert(1)", "mailto:jane@mail.example", "/relative", "", "data:https://a"])
def test_only_web_links_are_links(href: str) -> None:
    assert plain_text(f'<a href="{href}">x</a>') == ("x", [])


pieces = [
    "<",
    ">",
    "<p",
    "<a",
    "</a",
    " href=",
    "'",
    '"',
    "<!",
    "<![",
    "<?",
    "&",
    "&#",
    ";",
    "/",
    "--",
    "script",
    "x",
    " ",
]
html_pieces = st.lists(st.sampled_from(pieces)).map("".join)


@given(html_pieces | st.text())
def test_any_html_can_be_read(html: str) -> None:
    text, links = plain_text(html)
    assert isinstance(text, str)
    assert all(link.lower().startswith("http") for link in links)


@pytest.mark.parametrize("unit", ["<a ", "<a href='", "<br/", "<a =", "<a>", "<", "&", "<a " + "b " * 1200 + ">"])
def test_the_cost_of_malformed_html_is_bounded(unit: str) -> None:
    html = unit * (400_000 // len(unit))
    start = time.perf_counter()
    plain_text(html)
    assert time.perf_counter() - start < 1.0  # seconds; 0.05 measured, 5 without the bounds


def read(**changes: object) -> Account:
    account = import_account(ACCOUNT | changes, "mastodon", now=NOW).account
    assert account is not None
    return account


@pytest.mark.parametrize(
    "changes",
    [
        {"hide_collections": True, "followers_count": 0},
        {"pleroma": {"hide_followers_count": True, "hide_followers": True}, "followers_count": 0},
        {"pleroma": {"hide_followers": True}, "followers_count": 0},
        {"followers_count": -1},
        {"suspended": True, "followers_count": 0},
    ],
)
def test_a_hidden_audience_is_unknown(changes: dict[str, Any]) -> None:
    """A blank of a stub and a hidden count are missing (R8)."""
    assert read(**changes).followers is None


@pytest.mark.parametrize(
    "changes",
    [{"followers_count": 0}, {"hide_collections": False, "followers_count": 0}, {"pleroma": 7, "followers_count": 0}],
)
def test_an_audience_of_nobody_is_none(changes: dict[str, Any]) -> None:
    assert read(**changes).followers == 0


def test_a_hidden_audience_that_is_shown_is_read() -> None:
    assert read(hide_collections=True).followers == 1000


@pytest.mark.parametrize("row", [ACCOUNT | {"suspended": True}, ADMIN | {"suspended": True}])
def test_a_stub_says_so_and_its_blanks_are_unknown(row: dict[str, Any]) -> None:
    account = import_account(row, "mastodon", now=NOW).account
    assert account is not None
    assert (account.platform_labels, account.default_avatar) == (("hidden",), None)


@pytest.mark.parametrize(
    ("changes", "leads_to"),
    [
        ({"moved": {"acct": "jane@far.example"}}, ("mastodon:jane@far.example",)),
        ({"moved": {"acct": "jane", "url": "https://far.example/@jane"}}, ("mastodon:jane@far.example",)),
        ({"moved": {"url": "https://far.example/users/jane"}}, ("mastodon:jane@far.example",)),
        ({"moved": None}, ()),
        ({"moved": 7}, ()),
        ({"moved": {}}, ()),
        (
            {"uri": "https://bsky.brid.gy/ap/did:plc:janeroejaneroejaneroe22"},
            ("bluesky:did:plc:janeroejaneroejaneroe22",),
        ),
        ({"uri": "https://lol.example/ap/did:plc:janeroejaneroejaneroe22"}, ()),
        (
            {"fields": [{"value": "https://far.example/@jane", "verified_at": "2022-10-01T00:00:00Z"}]},
            ("mastodon:jane@far.example",),
        ),
    ],
)
def test_where_it_leads(changes: dict[str, Any], leads_to: tuple[str, ...]) -> None:
    assert read(**changes).leads_to == leads_to


@pytest.mark.parametrize(
    ("field", "labels"),
    [
        ({"name": "About", "value": "Parody account"}, ("parody",)),
        ({"name": "Parodia", "value": "<p>yes</p>"}, ("parody",)),
        ({"name": "Likes", "value": "big fan of tea"}, ()),
    ],
)
def test_a_parody_declared_in_a_field(field: dict[str, Any], labels: tuple[str, ...]) -> None:
    assert read(fields=[field]).platform_labels == labels


def test_kin_of_mastodon_are_recognised() -> None:
    gotosocial = ACCOUNT | {"enable_rss": True, "role": {"name": "user"}, "hide_collections": False}
    pleroma = ACCOUNT | {
        "pleroma": {"is_admin": False, "ap_id": "https://a.example/users/jane"},
        "fqn": "jane@a.example",
    }
    assert [detect_format([row]) for row in (gotosocial, pleroma)] == ["mastodon"] * 2


@pytest.mark.parametrize(
    ("addresses", "handle"),
    [
        ({"url": "https://home.example/@jane"}, "jane@home.example"),
        ({"uri": "https://Home.Example/users/jane"}, "jane@home.example"),
        ({"url": "https://www.home.example:443/@jane?x=1"}, "jane@home.example"),
        ({"url": "https://käse.example/@jane"}, "jane@xn--kse-qla.example"),
        ({"uri": "https://home.example/users/jane", "url": "https://blog.example/"}, "jane@home.example"),
        ({"url": "https://home.example@evil.example/@jane"}, "jane@home.example@evil.example"),
        ({"url": "home.example/@jane"}, "jane"),
        ({"url": None, "uri": 7}, "jane"),
        ({}, "jane"),
    ],
)
def test_the_addresses_say_the_server_of_a_local_account(addresses: dict[str, Any], handle: str) -> None:
    local = {name: value for name, value in ACCOUNT.items() if name not in ("url", "uri")} | {"acct": "jane"}
    found = import_account(local | addresses, "mastodon", now=NOW)
    if "evil" in handle:  # nobody knows whose address that is
        assert found.account is None or found.account.handle != "jane@home.example"
        return
    assert found.account is not None
    assert found.account.handle == handle


def test_an_acct_with_its_server_is_believed_whatever_its_page_is() -> None:
    found = import_account(ACCOUNT | {"url": "https://pages.example/@jane"}, "mastodon", now=NOW).account
    assert found is not None
    assert found.handle == "jane@social.example"
