"""Bluesky's ``app.bsky.actor.defs#profileViewDetailed``.

References
----------
https://github.com/bluesky-social/atproto/blob/main/lexicons/app/bsky/actor/defs.json
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from classifier.accounts.account import Account
from classifier.importers.formats.fields import Fields
from classifier.importers.values import dig, is_missing, urls_in


def looks_like(row: Mapping[str, Any]) -> bool:
    """Tell whether the row has what only a Bluesky profile has."""
    return "did" in row and "handle" in row


def read(row: Mapping[str, Any], fields: Fields) -> Account:
    """Read one profile."""
    bio = fields.text("bio", row.get("description"))
    return Account(
        platform="bluesky",
        handle=fields.handle(row.get("handle")),
        account_id=fields.identifier("account_id", row.get("did")),
        display_name=fields.text("display_name", row.get("displayName")),
        bio=bio,
        links=fields.gathered("links", [row.get("website"), *urls_in(bio)]),
        followers=fields.count("followers", row.get("followersCount")),
        following=fields.count("following", row.get("followsCount")),
        posts=fields.count("posts", row.get("postsCount")),
        created_at=fields.created(row.get("createdAt"), "bluesky"),
        default_avatar=is_missing(row["avatar"]) if "avatar" in row else None,
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
