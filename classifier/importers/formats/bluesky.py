"""Bluesky's ``app.bsky.actor.defs#profileViewDetailed``.

References
----------
https://github.com/bluesky-social/atproto/blob/main/lexicons/app/bsky/actor/defs.json
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from classifier.accounts.account import Account
from classifier.importers.formats.fields import Fields
from classifier.importers.values import dig, is_missing, objects, urls_in

# What a service says of accounts that it does not show, https://docs.bsky.app/docs/advanced-guides/moderation
_HIDING = frozenset({"!takedown", "!hide", "!suspend"})
# Labellers are free in their words: "parody", "satire-account", "fan-account".
_PARODY = re.compile(r"parod|satir|\bfan\b|commentary|role-?play|not-?real", re.IGNORECASE)


def looks_like(row: Mapping[str, Any]) -> bool:
    """Tell whether the row has what only a Bluesky profile has."""
    return "did" in row and "handle" in row


def read(row: Mapping[str, Any], fields: Fields) -> Account:
    """Read one profile."""
    bio = fields.text("bio", row.get("description"))
    said = labels(row.get("labels"))
    hidden = "hidden" in said
    return Account(
        platform="bluesky",
        handle=fields.handle(row.get("handle")),
        account_id=fields.identifier("account_id", row.get("did")),
        display_name=fields.text("display_name", row.get("displayName")),
        bio=bio,
        links=fields.gathered("links", [row.get("website"), *urls_in(bio)]),
        followers=fields.shown("followers", row.get("followersCount"), hidden=hidden),
        following=fields.shown("following", row.get("followsCount"), hidden=hidden),
        posts=fields.shown("posts", row.get("postsCount"), hidden=hidden),
        created_at=fields.created(row.get("createdAt"), "bluesky"),
        default_avatar=is_missing(row["avatar"]) if "avatar" in row else None,
        platform_labels=said,
        **_verification(row),
        **fields.observed(row),
    )


def _verification(row: Mapping[str, Any]) -> dict[str, Any]:
    """Read the badge, which shows where the account is verified, or may itself verify others."""
    verification = row.get("verification")
    statuses = [dig(verification, name) for name in ("verifiedStatus", "trustedVerifierStatus")]
    if not any(isinstance(status, str) for status in statuses):
        return {}
    return {"verified": True, "verification": "platform"} if "valid" in statuses else {"verified": False}


def labels(value: object) -> tuple[str, ...]:
    """Return what labels say of an account; one that was taken back counts no more.

    Examples
    --------
    >>> labels([{"val": "parody"}, {"val": "!takedown"}, {"val": "spam"}])
    ('parody', 'hidden')
    >>> labels([{"val": "parody", "neg": True}])
    ()
    """
    found = [str(one.get("val")).casefold() for one in objects(value) if one.get("neg") is not True]
    said = (("parody", any(map(_PARODY.search, found))), ("hidden", not _HIDING.isdisjoint(found)))
    return tuple(label for label, holds in said if holds)
