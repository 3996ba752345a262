"""The columns of accounts and what may stand in each: the table that files, the HTTP interface and schemas go by.

A column stands here once. The importer reads it by its kind (``importers.formats.fields``), the HTTP interface takes it
by its kind (``service.schemas.accounts``), and ``data/schema.json`` describes it (``importers.json_schema``).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal

from classifier.accounts.account import Account, ProtectedAccount

Kind = Literal[
    "platform", "handle", "id", "text", "count", "time", "flag", "verification", "pdq", "tier",
    "texts", "handles", "ids", "labels",
]  # fmt: skip

# A handle is never cut: that would make another account of it. 253 characters is the longest host name (RFC 1035,
# section 2.3.4), which is what a Bluesky handle is; the other platforms' handles are shorter.
HANDLE_LIMIT = 253
ID_LIMIT = 2_048  # AT Protocol's longest identifier, https://atproto.com/specs/did; the other platforms' are shorter
PLATFORM_LIMIT = 50
COUNT_LIMIT = 10**10  # no audience is larger than mankind


@dataclass(frozen=True, slots=True)
class Column:
    """What may stand in a column.

    Attributes
    ----------
    kind : str
        What its values are, and so how they are read.
    meaning : str
        What it says of the account, for people.
    limit : int or None
        Characters of a text, or of each of several.
    most : int or None
        Texts of a list.
    """

    kind: Kind
    meaning: str
    limit: int | None = None
    most: int | None = None


# In the order in which people are shown them, and notes are made.
COLUMNS: dict[str, Column] = {
    "handle": Column("handle", "the public name in the platform's address, without a leading @", HANDLE_LIMIT),
    "platform": Column("platform", "the platform in lower case: x, mastodon, bluesky, ...", PLATFORM_LIMIT),
    "account_id": Column("id", "the platform's own identifier, as text", ID_LIMIT),
    "display_name": Column("text", "the name shown above the handle", 200),
    "bio": Column("text", "the profile's description of itself", 5_000),
    "location": Column("text", "the place the profile names", 500),
    "links": Column(
        "texts",
        "addresses the profile links to, shorteners resolved where the source does so; never fetched",
        2_000,
        50,
    ),
    "followers": Column("count", "accounts that follow this one"),
    "following": Column("count", "accounts that this one follows"),
    "posts": Column("count", "posts so far"),
    "listed": Column("count", "public lists that this account is on"),
    "created_at": Column("time", "when the account was made; RFC 3339, UTC when no zone is given"),
    "verified": Column("flag", "whether the platform vouches for who the account is; a paid check does not"),
    "verification": Column("verification", "what the platform's check rests on; it outranks verified"),
    "default_avatar": Column("flag", "whether the account has no picture of its own"),
    "platform_labels": Column(
        "labels", "what the platform itself says of the account: parody; hidden, so that blanks are unknown"
    ),
    "leads_to": Column(
        "texts",
        "accounts of the same owner by the platform's word, as platform:handle: moved to, bridged from",
        320,
        50,
    ),
    "verified_links": Column("texts", "links that the platform found to link back to the account", 2_000, 50),
    "avatar_pdq": Column("pdq", "PDQ hash of the picture, 256 bits"),
    "followed_by_target": Column("flag", "whether the protected account it may imitate follows it"),
    "observed_at": Column("time", "when the profile was read; RFC 3339. Ages are counted up to then"),
    "former_handles": Column("handles", "handles the same account had before"),
    "renamed_at": Column("time", "when the account took the handle it has now; RFC 3339"),
    "aliases": Column("texts", "other names of the account's owner", 200, 200),
    "roles": Column("texts", "what the owner is, for example 'CEO of Northwind'", 200, 200),
    "secondary_ids": Column(
        "ids", "identifiers of further genuine accounts of the same owner on the same platform"
    ),
    "secondary_handles": Column(
        "handles", "handles of further genuine accounts of the same owner on the same platform"
    ),
    "tier": Column("tier", "how much harm a wrong action does; an unknown one is read as high"),
}  # fmt: skip


def _of(kind: type[Account] | type[ProtectedAccount]) -> tuple[str, ...]:
    names = {field.name for field in fields(kind)}
    if missing := names - COLUMNS.keys():
        raise TypeError(f"COLUMNS has no {', '.join(sorted(missing))}, which {kind.__name__} has")
    return tuple(name for name in COLUMNS if name in names)


# The columns of a reported account and of a protected one, and those that only one of the two has.
REPORTED, PROTECTED = _of(Account), _of(ProtectedAccount)
ONLY_REPORTED = tuple(name for name in REPORTED if name not in PROTECTED)
ONLY_PROTECTED = tuple(name for name in PROTECTED if name not in REPORTED)
