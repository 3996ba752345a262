"""Doublecheck's own columns: reported accounts, and the protected accounts of a registry.

Other common names are taken where, and only where, our own column is absent.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from classifier.accounts.account import Account, ProtectedAccount
from classifier.accounts.canonical.platforms import SPELLINGS
from classifier.accounts.columns import ONLY_PROTECTED, ONLY_REPORTED, PROTECTED, REPORTED
from classifier.importers.formats import statements
from classifier.importers.formats.fields import OBSERVED, Fields
from classifier.importers.formats.verification import kind_on_x, verification
from classifier.importers.results import RowError
from classifier.importers.spreadsheet_cells import plain_text
from classifier.importers.values import urls_in, with_plain_names

ALIASES: dict[str, tuple[str, ...]] = {
    "account_id": ("id_str", "user_id", "id"),
    "handle": (
        "suspended_handle",
        "reported_handle",
        "reported_username",
        "screen_name",
        "username",
        "user_name",
        "profile_url",
        "account_url",
        "profile_link",
    ),
    "display_name": ("name", "full_name", "displayname"),
    "bio": ("description",),
    "links": ("link", "url", "website"),
    "followers": ("followers_count",),
    "following": ("following_count", "friends_count"),
    "posts": ("posts_count", "statuses_count", "tweet_count"),
    "listed": ("listed_count",),
    "created_at": ("created_date",),
    "verification": ("verified_type",),
    "default_avatar": ("default_profile_image",),
    "aliases": ("alias",),
    "roles": ("role",),
    "former_handles": ("former_handle",),
    "secondary_ids": ("secondary_id",),
    "secondary_handles": ("secondary_handle",),
}

# What tables that know several platforms call the columns of each: "twitter", "bluesky_handle", "mastodon_id".
_HANDLE_ENDINGS = ("", "_handle", "_username", "_user_name", "_screen_name", "_account")
_ID_ENDINGS = ("_id", "_user_id", "_did")
_OF_PLATFORMS: dict[str, dict[str, tuple[str, ...]]] = {
    platform: {
        "handle": tuple(name + ending for name in names for ending in _HANDLE_ENDINGS),
        "account_id": tuple(name + ending for name in names for ending in _ID_ENDINGS),
    }
    for platform, names in SPELLINGS.items()
}
_OF_PLATFORMS["bluesky"]["account_id"] += ("did", "subject")  # "subject": whom a record of verification is about
_OF_PLATFORMS["mastodon"]["handle"] += ("acct",)

# Says of an account on X that it pays for its check.
_PAID = "is_blue_verified"
# Columns that are read of a registry's row, and of a reported account's.
_KNOWN = {*PROTECTED, _PAID, *(name for names in ALIASES.values() for name in names)}
_NO_PLATFORM = (
    "the platform is missing or unreadable: every protected account needs one; name it in a column called platform, or "
    "for all rows with --platform"
)
# What no platform's object says of a protected account, and a registry does; and its columns, under every name.
_REGISTERED = (*ONLY_PROTECTED, "former_handles")
OF_A_REGISTRY = frozenset({*_REGISTERED, *(name for one in _REGISTERED for name in ALIASES.get(one, ()))})
_READ = {_PAID, *statements.NAMES, *REPORTED} | {
    one for name, names in ALIASES.items() if name in REPORTED for one in names
}
_OWN_OF_REPORTED = tuple(name for name in ONLY_REPORTED if name not in OBSERVED)
_HANDLES = frozenset({"handle", *ALIASES["handle"]})
# What a note says of a column that is none of these.
NOT_READ = "not a column of ours, not read"
# Named of one row at most.
_MOST_UNREAD = 50
_PLAIN_NAME = re.compile(r"[a-z0-9_]{1,40}")
# What a table has where it has nothing.
_EMPTY = (None, "")
_SEVERAL = re.compile(r"[\s,;]")


def looks_like(row: Mapping[str, Any]) -> bool:
    """Tell whether the row has a handle under our name or another common one."""
    return not _HANDLES.isdisjoint(row) or not _HANDLES.isdisjoint(named(row))


def read(row: Mapping[str, Any], fields: Fields) -> Account:
    """Read one reported account."""
    platform, row = _of_platform(named(row), fields)
    _note_unread(row, _READ, fields)
    return Account(
        platform=platform,
        handle=fields.handle(column(row, "handle")),
        **_read_columns(_OWN_OF_REPORTED, row, fields),
        **_shared(row, fields, platform),
        **fields.observed({name: column(row, name) for name in OBSERVED}),
    )


def read_protected_row(row: Mapping[str, Any], fields: Fields) -> ProtectedAccount:
    """Read one row of a registry.

    Raises
    ------
    RowError
        Also where an id or a handle cannot be used: left out, an account would stay unprotected without a word.
    """
    platform, row = _of_platform(named(row), fields)
    _note_unread(row, _KNOWN, fields)
    if platform is None:
        raise RowError("platform_missing", _NO_PLATFORM, field="platform")
    account = _protected(row, fields, platform)
    _check_identity(account, fields)
    return account


def with_registry_columns(account: ProtectedAccount, row: Mapping[str, Any], fields: Fields) -> ProtectedAccount:
    """Return a protected account, read out of a platform's object, with what only a registry says.

    Raises
    ------
    RowError
        As ``read_protected_row``.
    """
    whole = replace(account, **_only_registered(row, fields))
    _check_identity(whole, fields)
    return whole


def unread(row: Mapping[str, Any]) -> set[str]:
    """Return the columns of a reported account's row that are not read, under plain names."""
    return named(row).keys() - _READ


def _note_unread(row: Mapping[str, Any], known: Collection[str], fields: Fields) -> None:
    for name in sorted(row.keys() - known)[:_MOST_UNREAD]:
        fields.note(name if _PLAIN_NAME.fullmatch(name) else "a column", NOT_READ)


def _check_identity(account: ProtectedAccount, fields: Fields) -> None:
    for field in ("account_id", "secondary_ids", "secondary_handles"):
        for note in fields.notes:
            if note.startswith(f"{field}: ") and not note.endswith("removed"):
                message = (
                    f"{note.removeprefix(f'{field}: ')}; correct it, or leave it empty: it stays unprotected as it is"
                )
                raise RowError("identity_unusable", message, field=field)
    for field, values in (("secondary_ids", account.secondary_ids), ("secondary_handles", account.secondary_handles)):
        if any(_SEVERAL.search(value) for value in values):
            raise RowError("identity_unusable", 'several in one item: separate them by "|"', field=field)


def _of_platform(row: dict[str, Any], fields: Fields) -> tuple[str | None, dict[str, Any]]:
    """Return the platform, and the row with the columns that are named after it under our names, with a note."""
    platform = fields.platform(row.get("platform"))
    for ours, theirs in _OF_PLATFORMS.get(platform or "", {}).items():
        if row.get(ours) not in _EMPTY:
            continue
        name = next((their for their in theirs if row.get(their) not in _EMPTY), None)
        if name is not None:
            row = {key: value for key, value in row.items() if key != name} | {ours: row[name]}
            fields.note(name, f"read as {ours}")
    return platform, row


def _protected(row: Mapping[str, Any], fields: Fields, platform: str) -> ProtectedAccount:
    return ProtectedAccount(
        platform=platform,
        handle=fields.handle(column(row, "handle")),
        avatar_pdq=fields.pdq("avatar_pdq", row.get("avatar_pdq")),
        **_only_registered(row, fields),
        **_shared(row, fields, platform),
    )


def _only_registered(row: Mapping[str, Any], fields: Fields) -> dict[str, Any]:
    """Read what a registry says and no platform's object does."""
    return _read_columns(_REGISTERED, row, fields)


def _read_columns(names: Iterable[str], row: Mapping[str, Any], fields: Fields) -> dict[str, Any]:
    return {name: fields.read(name, column(row, name)) for name in names}


def named(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the row under plain column names: "Account ID" is account_id. A name that is ours already wins."""
    plain = with_plain_names(row)
    if plain.keys() == row.keys():
        return plain
    return plain | {name: value for name, value in row.items() if name in plain}


def column(row: Mapping[str, Any], name: str) -> Any:
    """Return the value of our column, or of another common name for it where ours is absent or empty."""
    value = row.get(name)
    if value not in _EMPTY:  # most are: the other names are not looked at
        return value
    for alias in ALIASES.get(name, ()):
        value = row.get(alias)
        if value not in _EMPTY:
            return value
    return None


def _shared(row: Mapping[str, Any], fields: Fields, platform: str | None) -> dict[str, Any]:
    bio = fields.text("bio", plain_text(column(row, "bio")))
    return {
        "account_id": fields.identifier("account_id", column(row, "account_id")),
        "display_name": fields.text("display_name", plain_text(column(row, "display_name"))),
        "bio": bio,
        "links": fields.gathered("links", [*fields.texts("links", column(row, "links")), *urls_in(bio)]),
        "followers": fields.count("followers", column(row, "followers")),
        "created_at": fields.created(column(row, "created_at"), platform),
        **verification(fields, kind_on_x(column(row, "verification"), row.get(_PAID)), row.get("verified")),
    }
