"""Users of X as snscrape and twscrape write them.

References
----------
https://github.com/JustAnotherArchivist/snscrape/blob/master/snscrape/modules/twitter.py
https://github.com/vladkens/twscrape/blob/main/twscrape/models.py
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from classifier.accounts.account import Account
from classifier.importers.formats.fields import Fields
from classifier.importers.formats.verification import kind_on_x, verification
from classifier.importers.formats.x_v1 import has_default_avatar
from classifier.importers.values import dig, is_missing, objects, urls_in

_MODULE = "snscrape.modules."
_OF_X = "snscrape.modules.twitter.User"
_OTHERS = frozenset({"rawDescription", "renderedDescription", "followersCount", "descriptionLinks", "descriptionUrls"})


def looks_like(row: Mapping[str, Any]) -> bool:
    """Tell whether the row is a user of X by either tool; snscrape writes those of other platforms too."""
    kind = row.get("_type")
    if isinstance(kind, str) and kind.startswith(_MODULE):
        return kind.startswith(_OF_X)
    return "username" in row and "displayname" in row and not _OTHERS.isdisjoint(row)


def read(row: Mapping[str, Any], fields: Fields) -> Account:
    """Read one user."""
    bio = fields.text("bio", _first(row, "rawDescription", "description", "renderedDescription"))
    return Account(
        platform="x",
        handle=fields.handle(row.get("username")),
        account_id=fields.identifier("account_id", _first(row, "id_str", "id")),
        display_name=fields.text("display_name", row.get("displayname")),
        bio=bio,
        location=fields.text("location", row.get("location")),
        links=fields.gathered("links", [*_links(row), *urls_in(bio)]),
        followers=fields.count("followers", row.get("followersCount")),
        following=fields.count("following", row.get("friendsCount")),
        posts=fields.count("posts", row.get("statusesCount")),
        listed=fields.count("listed", row.get("listedCount")),
        created_at=fields.created(row.get("created"), "x"),
        default_avatar=has_default_avatar(row.get("profileImageUrl")),
        **verification(
            fields, kind_on_x(row.get("blueType"), row.get("blue")), row.get("verified"), otherwise="legacy"
        ),
        **fields.observed(row),
    )


def _first(row: Mapping[str, Any], *names: str) -> object:
    return next((row[name] for name in names if not is_missing(row.get(name))), None)


def _links(row: Mapping[str, Any]) -> Iterator[object]:
    yield from (row.get("linkUrl"), dig(row.get("link"), "url"))
    for name in ("descriptionLinks", "descriptionUrls"):
        yield from (link.get("url") for link in objects(row.get(name)))
