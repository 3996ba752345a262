"""X API v1.1 user objects.

References
----------
https://developer.x.com/en/docs/x-api/v1/data-dictionary/object-model/user
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from classifier.accounts.account import Account
from classifier.importers.formats.fields import Fields
from classifier.importers.formats.verification import kind_on_x, verification
from classifier.importers.values import dig, is_missing, objects, urls_in

MARKERS = frozenset(
    {
        "id_str", "followers_count", "friends_count", "listed_count", "statuses_count", "favourites_count",
        "default_profile_image", "profile_image_url_https",
    }
)  # fmt: skip
# Every account without a picture of its own shows one from this folder.
DEFAULT_AVATAR_PATH = "/default_profile_images/"


def looks_like(row: Mapping[str, Any]) -> bool:
    """Tell whether the row has what only a v1.1 user object has."""
    return "screen_name" in row and not MARKERS.isdisjoint(row)


def read(row: Mapping[str, Any], fields: Fields) -> Account:
    """Read one user object."""
    bio = fields.text("bio", row.get("description"))
    return Account(
        platform="x",
        handle=fields.handle(row.get("screen_name")),
        account_id=fields.identifier("account_id", row.get("id") if is_missing(row.get("id_str")) else row["id_str"]),
        display_name=fields.text("display_name", row.get("name")),
        bio=bio,
        location=fields.text("location", row.get("location")),
        links=fields.gathered("links", links(row, bio)),
        followers=fields.count("followers", row.get("followers_count")),
        following=fields.count("following", row.get("friends_count")),
        posts=fields.count("posts", row.get("statuses_count")),
        listed=fields.count("listed", row.get("listed_count")),
        created_at=fields.created(row.get("created_at"), "x"),
        default_avatar=_default_avatar(row, fields),
        **_verification(row, fields),
        **fields.observed(row),
    )


def _verification(row: Mapping[str, Any], fields: Fields) -> dict[str, Any]:
    """Read the check. In this interface ``verified`` was never said of paid ones, which have fields of their own."""
    kinds = (row.get("verified_type"), row.get("ext_verified_type"))
    kind = next((kind for kind in kinds if not is_missing(kind)), None)
    kind = kind_on_x(kind, row.get("is_blue_verified"), row.get("ext_is_blue_verified"))
    return verification(fields, kind, row.get("verified"), otherwise="legacy")


def _default_avatar(row: Mapping[str, Any], fields: Fields) -> bool | None:
    if is_missing(row.get("default_profile_image")):
        return has_default_avatar(row.get("profile_image_url_https") or row.get("profile_image_url"))
    return fields.flag("default_avatar", row["default_profile_image"])


def has_default_avatar(url: object) -> bool | None:
    """Tell from its picture's address whether an account has no picture of its own."""
    return DEFAULT_AVATAR_PATH in url if isinstance(url, str) and not is_missing(url) else None


def links(row: Mapping[str, Any], bio: str | None) -> list[object]:
    """Return the profile's and the bio's links, each t.co address as what it stands for where the object says so."""
    expanded: dict[str, str] = {}
    for part in ("url", "description"):
        for entity in objects(dig(row, "entities", part, "urls")):
            short, full = entity.get("url"), entity.get("expanded_url")
            if isinstance(full, str):
                expanded[short if isinstance(short, str) else full] = full
    found = [row.get("url"), *urls_in(bio), *expanded]
    return [expanded.get(link, link) if isinstance(link, str) else link for link in found]
