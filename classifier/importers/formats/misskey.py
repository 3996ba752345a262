"""Misskey's ``UserLite`` and ``UserDetailed``, also of Sharkey, Firefish and other kin: accounts of the fediverse.

References
----------
https://misskey-hub.net/en/docs/for-developers/api/
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from classifier.accounts.account import Account
from classifier.importers.formats.fields import LIST_LIMITS, Fields
from classifier.importers.formats.references import host_of, of_address
from classifier.importers.values import is_missing, objects, urls_in
from classifier.text.lexicon import declares_parody
from classifier.text.normalization import normal

MARKERS = frozenset(
    {
        "notesCount", "avatarBlurhash", "isCat", "onlineStatus", "pinnedNoteIds", "followersVisibility",
        "ffVisibility", "avatarDecorations", "badgeRoles",
    }
)  # fmt: skip
_DEFAULT_AVATAR = "/identicon/"


def looks_like(row: Mapping[str, Any]) -> bool:
    """Tell whether the row has what only a Misskey user has."""
    return "username" in row and "host" in row and not MARKERS.isdisjoint(row)


def read(row: Mapping[str, Any], fields: Fields) -> Account:
    """Read one user."""
    bio = fields.text("bio", row.get("description"))
    lines = objects(row.get("fields"))[: LIST_LIMITS["links"]]
    said = [" ".join(str(line.get(name) or "") for name in ("name", "value")) for line in lines]
    verified = row.get("verifiedLinks")
    verified_links: list[object] = list(verified) if isinstance(verified, list) else []
    is_parody = any(declares_parody(normal(text)) for text in said)
    return Account(
        platform="mastodon",
        handle=_handle(row, fields),
        account_id=fields.identifier("account_id", row.get("id")),
        display_name=fields.text("display_name", row.get("name")),
        bio=bio,
        location=fields.text("location", row.get("location")),
        links=fields.gathered("links", [*(url for text in said for url in urls_in(text)), *urls_in(bio)]),
        followers=_audience("followers", row, fields),
        following=_audience("following", row, fields),
        posts=fields.count("posts", row.get("notesCount")),
        created_at=fields.created(row.get("createdAt"), "mastodon"),
        default_avatar=_default_avatar(row.get("avatarUrl")),
        platform_labels=("parody",) if is_parody else (),
        leads_to=fields.gathered("leads_to", map(of_address, verified_links)),
        verified_links=fields.gathered("verified_links", verified_links),
        **fields.observed(row),
    )


def _handle(row: Mapping[str, Any], fields: Fields) -> str:
    """Read the handle. A local user has no host; where his address is given, it names the server."""
    handle = fields.handle(row.get("username"))
    host = row.get("host") if isinstance(row.get("host"), str) else host_of(row.get("uri") or row.get("url"))
    return fields.handle(f"{handle}@{host}") if host and "@" not in handle else handle


def _audience(field: str, row: Mapping[str, Any], fields: Fields) -> int | None:
    visibilities = [row.get(f"{field}Visibility"), row.get("ffVisibility")]
    is_hidden = not {"private", "followers"}.isdisjoint(
        visibility for visibility in visibilities if isinstance(visibility, str)
    )
    return fields.shown(field, row.get(f"{field}Count"), hidden=is_hidden)


def _default_avatar(url: object) -> bool | None:
    return _DEFAULT_AVATAR in url if isinstance(url, str) and not is_missing(url) else None
