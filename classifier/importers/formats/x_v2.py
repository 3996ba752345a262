"""X API v2 user objects, also as research sets distribute them (TwiBot-20 and -22: prefixed ids, words for flags).

References
----------
https://developer.x.com/en/docs/x-api/data-dictionary/object-model/user
https://github.com/LuoUndergradXJTU/TwiBot-22
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from classifier.accounts.account import Account
from classifier.importers.formats.fields import Fields
from classifier.importers.formats.verification import verification
from classifier.importers.formats.x_v1 import has_default_avatar, links
from classifier.importers.values import dig

DEFAULT_FIELDS = frozenset({"id", "name", "username"})
OTHER_FIELDS = frozenset(
    {
        "affiliation", "connection_status", "created_at", "description", "entities", "is_identity_verified", "location",
        "most_recent_tweet_id", "parody", "pinned_tweet_id", "profile_banner_url", "profile_image_url", "protected",
        "public_metrics", "receives_your_dm", "subscription", "subscription_type", "url", "verified",
        "verified_followers_count", "verified_type", "withheld",
    }
)  # fmt: skip
_PREFIXED_ID = re.compile(r"u([0-9]+)")


def looks_like(row: Mapping[str, Any]) -> bool:
    """Tell whether the row has the counts of a v2 user object, or its default fields and no foreign one."""
    if "username" in row and "public_metrics" in row:
        return True
    return row.keys() >= DEFAULT_FIELDS and row.keys() <= DEFAULT_FIELDS | OTHER_FIELDS


def read(row: Mapping[str, Any], fields: Fields) -> Account:
    """Read one user object."""
    bio = fields.text("bio", row.get("description"))
    metrics = row.get("public_metrics")
    return Account(
        platform="x",
        handle=fields.handle(row.get("username")),
        account_id=fields.identifier("account_id", _without_prefix(row.get("id"))),
        display_name=fields.text("display_name", row.get("name")),
        bio=bio,
        location=fields.text("location", row.get("location")),
        links=fields.gathered("links", links(row, bio)),
        followers=fields.count("followers", dig(metrics, "followers_count")),
        following=fields.count("following", dig(metrics, "following_count")),
        posts=fields.count("posts", dig(metrics, "tweet_count")),
        listed=fields.count("listed", dig(metrics, "listed_count")),
        created_at=fields.created(row.get("created_at"), "x"),
        default_avatar=has_default_avatar(row.get("profile_image_url")),
        **verification(fields, row.get("verified_type"), row.get("verified"), mixed=True),
        **fields.observed(row),
    )


def _without_prefix(value: object) -> object:
    match = _PREFIXED_ID.fullmatch(value.strip()) if isinstance(value, str) else None
    return match[1] if match else value
