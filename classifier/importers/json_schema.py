"""The columns of account and registry files as JSON Schema: what ``data/schema.json`` holds."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, get_args, get_type_hints

from classifier.accounts.account import PLATFORM_LABELS, TIERS, VERIFICATIONS, Account, ProtectedAccount
from classifier.importers.formats.fields import (
    COUNT_LIMIT,
    HANDLE_LIMIT,
    ID_LIMIT,
    LIST_LIMITS,
    PLATFORM_LIMIT,
    TEXT_LIMITS,
)

DESCRIPTIONS = {
    "platform": "the platform in lower case: x, mastodon, bluesky, ...",
    "account_id": "the platform's own identifier, as text",
    "handle": "the public name in the platform's address, without a leading @",
    "display_name": "the name shown above the handle",
    "bio": "the profile's description of itself",
    "location": "the place the profile names",
    "links": "addresses the profile links to, shorteners resolved where the source does so; never fetched",
    "aliases": "other names of the account's owner",
    "roles": "what the owner is, for example 'CEO of Northwind'",
    "former_handles": "handles the same account had before",
    "secondary_ids": "identifiers of further genuine accounts of the same owner on the same platform",
    "secondary_handles": "handles of further genuine accounts of the same owner on the same platform",
    "followers": "accounts that follow this one",
    "following": "accounts that this one follows",
    "posts": "posts so far",
    "listed": "public lists that this account is on",
    "created_at": "when the account was made; RFC 3339, UTC when no zone is given",
    "verified": "whether the platform vouches for who the account is; a paid check does not",
    "verification": "what the platform's check rests on; it outranks verified",
    "platform_labels": "what the platform itself says of the account: parody; hidden, so that blanks are unknown",
    "leads_to": "accounts of the same owner by the platform's word, as platform:handle: moved to, bridged from",
    "verified_links": "links that the platform found to link back to the account",
    "default_avatar": "whether the account has no picture of its own",
    "avatar_pdq": "PDQ hash of the picture, 256 bits",
    "followed_by_target": "whether the protected account it may imitate follows it",
    "observed_at": "when the profile was read; RFC 3339. Ages are counted up to then",
    "tier": "how much harm a wrong action does; an unknown one is read as high",
}
_KINDS: dict[object, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer", "minimum": 0, "maximum": COUNT_LIMIT},
    bool: {"type": "boolean"},
}


def schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of both kinds of rows."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Doublecheck's columns",
        "$defs": {
            "account": _object(Account, ["handle"]),
            "protected_account": _object(ProtectedAccount, ["platform", "handle"]),
        },
    }


def _object(kind: type[Account] | type[ProtectedAccount], required: list[str]) -> dict[str, Any]:
    hints = get_type_hints(kind)
    properties = {field.name: _property(field.name, hints[field.name]) for field in fields(kind)}
    return {"type": "object", "properties": properties, "required": required}


def _property(name: str, hint: Any) -> dict[str, Any]:
    types = set(get_args(hint)) - {type(None)} or {hint}
    if name in LIST_LIMITS or Ellipsis in types:
        kind = {"type": "array", "items": {"type": "string", **_length(name)}} | _at_most(name)
    else:
        kind = _KINDS.get(next(iter(types)), {"type": "string"}) | _length(name)
    return kind | _SPECIAL.get(name, {}) | {"description": DESCRIPTIONS[name]}


_SPECIAL: dict[str, dict[str, Any]] = {
    "created_at": {"format": "date-time"},
    "observed_at": {"format": "date-time"},
    "avatar_pdq": {"pattern": "^[0-9a-f]{64}$"},
    "tier": {"enum": list(TIERS)},
    "verification": {"enum": list(VERIFICATIONS)},
    "platform_labels": {"items": {"type": "string", "enum": list(PLATFORM_LABELS)}},
}


def _length(name: str) -> dict[str, Any]:
    limits = {"handle": HANDLE_LIMIT, "account_id": ID_LIMIT, "platform": PLATFORM_LIMIT} | TEXT_LIMITS
    return {"maxLength": limits[name]} if name in limits else {}


def _at_most(name: str) -> dict[str, Any]:
    return {"maxItems": LIST_LIMITS[name]} if name in LIST_LIMITS else {}
