"""The formats of foreign accounts, and which of them a row or a file has: told by what is a format's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, get_args

from classifier.accounts.account import Account
from classifier.accounts.columns import REPORTED
from classifier.errors import FileFormatError
from classifier.importers.envelopes import users_under
from classifier.importers.formats import (
    bluesky,
    discord,
    mastodon,
    misskey,
    native,
    ozone,
    snscrape,
    telegram,
    twarc,
    x_v1,
    x_v2,
    x_web,
)
from classifier.importers.formats.fields import Fields

NATIVE = "doublecheck"
# The formats of other interfaces, by the names that callers give; ours is ``NATIVE``.
RawFormat = Literal[
    "x-v1", "x-v2", "mastodon", "bluesky", "x-web", "snscrape", "twarc", "misskey", "ozone", "discord", "telegram"
]
FORMATS: tuple[str, ...] = (NATIVE, *get_args(RawFormat))
READERS: dict[str, Callable[[Mapping[str, Any], Fields], Account]] = {
    NATIVE: native.read,
    "x-v1": x_v1.read,
    "x-v2": x_v2.read,
    "mastodon": mastodon.read,
    "bluesky": bluesky.read,
    "x-web": x_web.read,
    "snscrape": snscrape.read,
    "twarc": twarc.read,
    "misskey": misskey.read,
    "ozone": ozone.read,
    "discord": discord.read,
    "telegram": telegram.read,
}

# The most particular first: our own columns are a part of many another format's.
_SIGNS: dict[str, Callable[[Mapping[str, Any]], bool]] = {
    "ozone": ozone.looks_like,
    "bluesky": bluesky.looks_like,
    "mastodon": mastodon.looks_like,
    "x-web": x_web.looks_like,
    "snscrape": snscrape.looks_like,
    "misskey": misskey.looks_like,
    "discord": discord.looks_like,
    "telegram": telegram.looks_like,
    "x-v1": x_v1.looks_like,
    "twarc": twarc.looks_like,
    "x-v2": x_v2.looks_like,
    NATIVE: native.looks_like,
}
# What each calls an account by.
_CALLED = {
    NATIVE: "handle", "x-v1": "screen_name", "x-v2": "username", "mastodon": "acct", "bluesky": "handle",
    "x-web": "screen_name", "snscrape": "username", "twarc": "username", "misskey": "username", "ozone": "handle",
    "discord": "username", "telegram": "username",
}  # fmt: skip
# Formats of which one reads the other: ours has X's names too, Ozone's view is a profile with more beside it.
_ALIKE = ({NATIVE, "x-v1"}, {NATIVE, "x-v2"}, {"ozone", "bluesky"})
# So many names that are none of ours make a row another format's.
_FOREIGN = 3
_OWN_NAMES = frozenset({"handle", "platform"})
_OURS = frozenset(REPORTED)
_CHOICES = f"give --format, one of {', '.join(FORMATS)}; {NATIVE} needs at least a column named handle"


def format_of(row: Mapping[str, Any]) -> str | None:
    """Return the format of a row, ``None`` where it has none that we know."""
    if row.keys() <= _OURS and "handle" in row:  # as most tables have; none of these is a sign of another format
        return NATIVE
    return next((name for name, looks_like in _SIGNS.items() if looks_like(row)), None)


def format_among(row: Mapping[str, Any], others: str) -> str:
    """Return the format of a row in a file of which most rows have the format ``others``.

    A row is of another format only where it says so itself: one with little in it has what all formats have.
    """
    found = format_of(row)
    if found is None or (found == NATIVE and _OWN_NAMES.isdisjoint(row)):
        return others
    return found


def detect_format(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return the format that most of the rows have.

    Raises
    ------
    FileFormatError
        If no row has a known one.
    """
    found = [name for name in map(format_of, rows) if name is not None]
    if not found:
        raise FileFormatError(f"cannot tell the format of the accounts{_hint(rows)}: {_CHOICES}")
    return max(_SIGNS, key=found.count)


def check_format(name: str) -> str:
    """Return a format's name.

    Raises
    ------
    FileFormatError
        If there is no such format.
    """
    if name not in READERS:
        raise FileFormatError(f"there is no such format: {_CHOICES}")
    return name


def other_format(row: Mapping[str, Any], known: str) -> str | None:
    """Return the format that a row has in place of the one it is said to have, ``None`` where it may have that one.

    It may where it has the name by which that format calls an account, and the format that it seems to be of does not
    use that name. Our own columns may stand beside a few of others'.
    """
    if known != NATIVE and _SIGNS[known](row):
        return None
    found = format_of(row)
    if found in (None, known, NATIVE) or {known, found} in _ALIKE:
        return None
    if known == NATIVE:
        is_ours = native.looks_like(row) and len(native.unread(row)) < _FOREIGN
        return None if is_ours else found
    name = _CALLED[known]
    return None if name in row and name != _CALLED[found] else found


def _hint(rows: Sequence[Mapping[str, Any]]) -> str:
    path = next(filter(None, map(users_under, rows)), None)
    return f"; users seem to be under {path}: give these, one a row" if path else ""
