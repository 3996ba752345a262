"""The formats of foreign accounts, and which of them a file has: told from its first readable rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from classifier.accounts.account import Account
from classifier.errors import FileFormatError
from classifier.importers.formats import bluesky, mastodon, native, x_v1, x_v2
from classifier.importers.formats.fields import Fields

READERS: dict[str, Callable[[Mapping[str, Any], Fields], Account]] = {
    "doublecheck": native.read,
    "x-v1": x_v1.read,
    "x-v2": x_v2.read,
    "mastodon": mastodon.read,
    "bluesky": bluesky.read,
}
FORMATS = tuple(READERS)

# The most particular first: our own columns are a part of many another format's.
_SIGNS: dict[str, Callable[[Mapping[str, Any]], bool]] = {
    "bluesky": bluesky.looks_like,
    "mastodon": mastodon.looks_like,
    "x-v1": x_v1.looks_like,
    "x-v2": x_v2.looks_like,
    "doublecheck": native.looks_like,
}
_CHOICES = f"give --format, one of {', '.join(FORMATS)}; doublecheck needs at least a column named handle"


def detect_format(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return the format that most of the rows have.

    Raises
    ------
    FileFormatError
        If no row has a known one.
    """
    found = [name for name in map(_format_of, rows) if name is not None]
    if not found:
        raise FileFormatError(f"cannot tell the format of the accounts: {_CHOICES}")
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


def _format_of(row: Mapping[str, Any]) -> str | None:
    return next((name for name, looks_like in _SIGNS.items() if looks_like(row)), None)
