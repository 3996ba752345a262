"""Every way to write a protected account leads to it, or to an error that says what is wrong: never to another."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.accounts.account import Account, ProtectedAccount
from classifier.accounts.canonical.ids import prove_two
from classifier.importers import import_account, import_protected
from classifier.registry.registry import Registry

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ACCOUNTS = (
    ProtectedAccount(platform="x", handle="Northwind_Jane", account_id="1187340562219843587"),
    ProtectedAccount(platform="x", handle="SamQuill", account_id="2187340562"),
    ProtectedAccount(
        platform="bluesky", handle="jane.northwind.example", account_id="did:plc:abcdefghijklmnopqrstuvwx"
    ),
    ProtectedAccount(platform="bluesky", handle="käse.example", account_id="did:web:kaese.example"),
    ProtectedAccount(platform="mastodon", handle="jane@social.example", account_id="109348812345678901"),
    ProtectedAccount(
        platform="mastodon", handle="sam@käse.example", account_id="https://xn--kse-qla.example/users/sam"
    ),
)
REGISTRY = Registry(ACCOUNTS)
PLATFORMS = {
    "x": [
        "x",
        "X",
        "Twitter",
        "Twitter/X",
        "X (Twitter)",
        "twitter.com",
        "https://x.com/",
        "𝕏",
        "X (formerly Twitter)",
    ],
    "bluesky": ["bluesky", "Bsky", "bsky.app", "Blue Sky", "BLUESKY\u200b", "bsky.social"],
    "mastodon": ["mastodon", "Mastodon ", "Fediverse", "mastodon.social", "Akkoma", "ActivityPub"],
}
HANDLES = {
    "x": [
        "{h}",
        "@{h}",
        "@@{h}",
        "＠{h}",
        "{h}.",
        "{h}/",
        "'@{h}",
        '="{h}"',
        "https://x.com/{h}",
        "x.com/{h}",
        "{h}@twitter.com",
        "http://www.twitter.com/{h}?lang=en#a",
        "https://mobile.twitter.com/@{h}/",
        "https://twitter.com/#!/{h}",
        "\u200b{h}",
        "https://x.com/intent/user?screen_name={h}",
        "https://x.com/i/user/{id}",
        "twitter.com/i/user/{id}",
        "{H}",
        "{h} ",
        "{h} Official",
        "https://x.com/home",
        "https://www.tiktok.com/@{h}",
    ],
    "bluesky": [
        "{h}",
        "@{h}",
        "{h}.",
        "at://{h}",
        "at://{id}",
        "{id}",
        "https://bsky.app/profile/{h}",
        "{idna}",
        "bsky.app/profile/{id}/",
        "https://bsky.app/profile/{idna}?x=1#y",
        "{H}",
        "\u2066{h}\u2069",
        "at://{h}/app.bsky.actor.profile/self",
        "handle.invalid",
        "https://bsky.app/search",
        "{h} Official",
    ],
    "mastodon": [
        "{h}",
        "@{h}",
        "{h}.",
        "acct:{h}",
        "web+acct:{h}",
        "{idna}",
        "https://{s}/@{u}",
        "https://{s}/users/{u}",
        "{s}/@{u}/1122",
        "https://{s}/users/{u}?a=1#main-key",
        "https://elsewhere.example/@{h}",
        "%40{u}%40{s}",
        "{H}",
        "https://{S}/@{u}/",
        "https://{s}/about",
        "{u} {s}",
    ],
}
IDS = [
    "",
    "{id}",
    "'{id}",
    '="{id}"',
    "ID_{id}",
    " {id}\u200b",
    "\ufeff{id}",
    "unknown",
    "N/A",
    "0",
    "-1",
    "null",
    "1.1873405E+18",
    "000{id}",
    "{grouped}",
    "{rounded}",
]


def _written(account: ProtectedAccount, shape: str) -> str:
    handle, account_id = account.handle, account.account_id or ""
    user, _, server = handle.partition("@")
    idna = handle.replace("käse", "xn--kse-qla")
    digits = account_id.isdigit()
    known = {
        "h": handle,
        "H": handle.upper(),
        "u": user,
        "s": server,
        "S": server.upper(),
        "id": account_id,
        "idna": idna,
        "grouped": f"{int(account_id):,}" if digits else account_id,
        "rounded": str(int(float(f"{float(account_id):.14e}"))) if digits and len(account_id) > 15 else "",
    }
    return shape.format(**known)


@st.composite
def written(draw: st.DrawFn) -> tuple[ProtectedAccount, dict[str, Any]]:
    account = draw(st.sampled_from(ACCOUNTS))
    row = {
        "platform": draw(st.sampled_from(["", *PLATFORMS[account.platform]])),
        "handle": _written(account, draw(st.sampled_from(HANDLES[account.platform]))),
        "account_id": _written(account, draw(st.sampled_from(IDS))),
    }
    return account, {name: value for name, value in row.items() if value}


@given(written())
def test_a_protected_account_is_recognised_however_it_is_written(case: tuple[ProtectedAccount, dict[str, Any]]) -> None:
    account, row = case
    imported = import_account(row, "doublecheck", now=NOW)
    if imported.account is None:
        assert imported.error is not None
        assert imported.error.field == "handle"
        assert imported.error.message
        return
    found = REGISTRY.identify(imported.account)
    if found is None:  # only where nothing names the platform and the handle is no handle of any
        assert "platform" not in row
        assert " " in row["handle"]
        return
    assert found.protected == account


@given(written(), st.sampled_from(["renamed_one", "renamed.example", "renamed@social.example"]))
def test_renamed_it_is_recognised_by_its_id_or_nothing_proves_it_another(
    case: tuple[ProtectedAccount, dict[str, Any]], handle: str
) -> None:
    account, row = case
    row = row | {"handle": handle, "platform": account.platform}
    imported = import_account(row, "doublecheck", now=NOW)
    if imported.account is None:
        return
    found = REGISTRY.identify(imported.account)
    same_server = (
        account.platform != "mastodon" or not (account.account_id or "").isdigit() or handle.endswith("@social.example")
    )
    if found is not None:
        assert found.protected == account
    elif same_server:
        assert not prove_two(imported.account.account_id, account.account_id, account.platform)
        assert imported.account.account_id is None
        assert imported.notes or not row.get("account_id", "").strip("nul ")


@given(written())
def test_the_registry_s_door_refuses_or_reads_the_account(case: tuple[ProtectedAccount, dict[str, Any]]) -> None:
    """It is at least as strict: what is registered is the account, with the id where the row has one."""
    account, row = case
    imported = import_protected(row, now=NOW)
    if imported.account is None:
        assert imported.error is not None
        assert imported.error.field in ("handle", "account_id", "platform")
        return
    registered = Registry([imported.account])
    found = registered.identify(Account(platform=account.platform, handle=account.handle))
    assert found is not None
    if row.get("account_id", "") not in ("", "null"):
        asked = Account(
            platform=account.platform, handle=f"?@{account.handle.partition('@')[2]}", account_id=account.account_id
        )
        assert registered.identify(asked) is not None


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"platform": "x", "handle": "https://x.com/i/user/12", "account_id": "13"}, "handle"),
        ({"handle": "did:plc:abc", "account_id": "did:plc:abd"}, "handle"),
        ({"platform": "x", "handle": "https://x.com/i/user/012"}, "handle"),
    ],
)
def test_a_handle_that_contradicts_the_id_is_an_error(row: dict[str, Any], field: str) -> None:
    imported = import_account(row, "doublecheck", now=NOW)
    assert imported.account is None
    assert imported.error is not None
    assert imported.error.field == field


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"platform": "x", "handle": "https://x.com/i/user/12"}, "handle"),
        ({"platform": "bluesky", "handle": "did:plc:abc"}, "handle"),
        ({"platform": "mastodon", "handle": "jane"}, "handle"),
        ({"platform": "mastodon", "handle": "jane@social.example", "secondary_handles": "jane2"}, "secondary_handles"),
        ({"platform": "X, Bluesky", "handle": "jane"}, "platform"),
        ({"handle": "jane"}, "platform"),
    ],
)
def test_what_no_report_would_lead_to_is_no_protected_account(row: dict[str, Any], field: str) -> None:
    imported = import_protected(row, now=NOW)
    assert imported.account is None
    assert imported.error is not None
    assert imported.error.field == field


def test_a_table_of_several_platforms_is_read_for_the_one_that_is_named() -> None:
    row = {
        "id": 7,
        "full_name": "Jane Roe",
        "twitter": "@jane_roe",
        "twitter_id": "12",
        "mastodon": "jane@social.example",
    }
    found = import_protected(row, now=NOW, default_platform="twitter.com")
    assert found.account == ProtectedAccount(platform="x", handle="jane_roe", account_id="12", display_name="Jane Roe")
    assert {"twitter: read as handle", "twitter_id: read as account_id"} <= set(found.notes)
    found = import_protected(row, now=NOW, default_platform="mastodon")
    assert found.account is not None
    assert found.account.handle == "jane@social.example"
    missing = import_protected(row, now=NOW)
    assert missing.error is not None
    assert "--platform" in missing.error.message


@pytest.mark.parametrize("platform", ["social.example", "https://social.example/", "Social.Example"])
@pytest.mark.parametrize("handle", ["jane@social.example", "@jane@social.example."])
def test_a_server_that_the_handle_names_too_is_of_the_fediverse(platform: str, handle: str) -> None:
    row = {"platform": platform, "handle": handle}
    reported, protected = import_account(row, "doublecheck", now=NOW), import_protected(row, now=NOW)
    assert reported.account is not None
    assert protected.account is not None
    assert reported.account.platform == protected.account.platform == "mastodon"
    assert reported.account.handle == protected.account.handle == "jane@social.example"


def test_another_server_than_the_handles_is_a_platform_of_its_own() -> None:
    found = import_account({"platform": "forum.example", "handle": "jane@social.example"}, "doublecheck", now=NOW)
    assert found.account is not None
    assert found.account.platform == "forum.example"


@pytest.mark.parametrize("platform", ["N/A", "-", "unknown", "other", "Mastadon", "X/Bluesky", ""])
def test_a_registry_refuses_what_names_no_platform_and_a_report_is_compared_on_each(platform: str) -> None:
    row = {"platform": platform, "handle": "SamQuill"}
    refused = import_protected(row, now=NOW)
    assert refused.error is not None
    assert refused.error.field == "platform"
    reported = import_account(row, "doublecheck", now=NOW).account
    assert reported is not None
    found = REGISTRY.identify(reported)
    assert found is not None
    assert found.protected.handle == "SamQuill"


@pytest.mark.parametrize(
    ("platform", "text", "account_id"),
    [
        ("x", "https://x.com/i/user/2187340562", "2187340562"),
        ("x", "x.com/i/user/2187340562?s=20", "2187340562"),
        ("x", "https://twitter.com/intent/user?user_id=2187340562", "2187340562"),
        ("bluesky", "at://did:plc:abcdefghijklmnopqrstuvwx", "did:plc:abcdefghijklmnopqrstuvwx"),
        ("bluesky", "DID:PLC:ABCDEFGHIJKLMNOPQRSTUVWX", "did:plc:abcdefghijklmnopqrstuvwx"),
        ("bluesky", "https://bsky.app/profile/did:plc:abcdefghijklmnopqrstuvwx", "did:plc:abcdefghijklmnopqrstuvwx"),
        ("bluesky", "did:web:KAESE.example", "did:web:kaese.example"),
    ],
)
def test_an_address_that_tells_an_id_is_that_id(platform: str, text: str, account_id: str) -> None:
    handle = "renamed" if platform == "x" else "renamed.example"
    row = {"platform": platform, "handle": handle, "account_id": text}
    reported = import_account(row, "doublecheck", now=NOW).account
    protected = import_protected(row | {"secondary_ids": [text]}, now=NOW).account
    assert reported is not None
    assert protected is not None
    assert reported.account_id == protected.account_id == account_id
    assert protected.secondary_ids == (account_id,)
    assert REGISTRY.identify(reported) is not None
