"""Telegram's users and chats: of the Bot API, of Telethon and of Pyrogram.

References
----------
https://core.telegram.org/bots/api#user, https://core.telegram.org/bots/api#chatfullinfo
https://core.telegram.org/constructor/user
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from classifier.accounts.account import Account
from classifier.importers.formats.fields import Fields
from classifier.importers.formats.verification import verification
from classifier.importers.values import dig, is_missing, objects, urls_in

_OF_A_USER = frozenset(
    {"is_bot", "language_code", "is_premium", "is_self", "is_deleted", "access_hash", "active_usernames"}
)
_KINDS = frozenset({"User", "Channel", "Chat"})
_TYPES = frozenset({"private", "group", "supergroup", "channel"})


def looks_like(row: Mapping[str, Any]) -> bool:
    """Tell whether the row has what only a user or a chat of Telegram has."""
    named = "first_name" in row or "title" in row
    kind = row.get("_")
    if row.get("@type") == "user":  # TDLib
        return named and "id" in row
    chat = isinstance(row.get("type"), str) and row["type"] in _TYPES
    return (
        named and "id" in row and (not _OF_A_USER.isdisjoint(row) or chat or (isinstance(kind, str) and kind in _KINDS))
    )


def read(row: Mapping[str, Any], fields: Fields) -> Account:
    """Read one user or chat; one without a public name has no handle and is an error."""
    bio = fields.text("bio", _first(row, "bio", "description", "about"))
    return Account(
        platform="telegram",
        handle=fields.handle(_username(row)),
        account_id=fields.identifier("account_id", row.get("id")),
        display_name=fields.text("display_name", _name(row)),
        bio=bio,
        links=fields.gathered("links", urls_in(bio)),
        followers=fields.count("followers", _first(row, "participants_count", "members_count", "member_count")),
        default_avatar=is_missing(row["photo"]) if "photo" in row else None,
        platform_labels=("hidden",) if True in (row.get("deleted"), row.get("is_deleted")) else (),
        **verification(fields, None, _verified(row), otherwise="platform"),
        **fields.observed(row),
    )


def _username(row: Mapping[str, Any]) -> object:
    names = row.get("active_usernames") or dig(row.get("usernames"), "active_usernames")
    several = [
        *(names if isinstance(names, list) else []),
        *(entry.get("username") for entry in objects(row.get("usernames"))),
    ]
    return next((username for username in (row.get("username"), *several) if not is_missing(username)), None)


def _verified(row: Mapping[str, Any]) -> object:
    found = _first(row, "is_verified", "verified")
    return dig(row, "verification_status", "is_verified") if found is None else found


def _name(row: Mapping[str, Any]) -> object:
    if not is_missing(row.get("title")):
        return row["title"]
    return " ".join(part for part in (row.get("first_name"), row.get("last_name")) if isinstance(part, str)).strip()


def _first(row: Mapping[str, Any], *names: str) -> object:
    return next((row[name] for name in names if not is_missing(row.get(name))), None)
