"""Readers of single fields: each takes a foreign value and returns one of ours, or ``None`` and a note saying why.

No reader raises on bad data but ``handle``: an account without a usable handle is nobody. A note names the field and
what was done, never the value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from classifier.accounts.account import PLATFORM_LABELS, TIERS, Tier
from classifier.accounts.canonical.ids import ROUNDED, is_rounded_number, read_id
from classifier.accounts.canonical.platforms import KNOWN_PLATFORMS, canonical_platform
from classifier.accounts.columns import COLUMNS, COUNT_LIMIT, HANDLE_LIMIT, ID_LIMIT, PLATFORM_LIMIT, Kind
from classifier.importers.results import RowError
from classifier.importers.values import FLAG_WORDS, MISSING_WORDS, is_missing, moment, split_list, whole_number
from classifier.pictures import UnreadPicture
from classifier.text.normalization import clean

TEXT_LIMITS = {
    name: column.limit for name, column in COLUMNS.items() if column.kind in ("text", "texts") and column.limit
}
LIST_LIMITS = {name: column.most for name, column in COLUMNS.items() if column.most}
EXACT_LIMIT = 2**53  # floating point keeps every whole number below it
CLOCK_SLACK = timedelta(days=1)

# Nothing was created on a platform before it existed.
WEB_FIRST = datetime(1991, 8, 6, tzinfo=UTC)  # the web's first public announcement, for platforms not named here
PLATFORM_FIRST = {
    "x": datetime(2006, 3, 21, tzinfo=UTC),  # the first tweet, https://x.com/jack/status/20
    "mastodon": datetime(2016, 3, 16, tzinfo=UTC),  # first public release, https://github.com/mastodon/mastodon
    "bluesky": datetime(2022, 11, 1, tzinfo=UTC),  # the month of the first identities, https://plc.directory/export
}

# What whoever reads a profile adds to it, in whichever format it is.
OBSERVED = ("avatar_pdq", "followed_by_target", "observed_at", "former_handles", "renamed_at")

_PDQ = re.compile(r"[0-9a-f]{64}")
_CHANGES = {
    "control_characters": "control characters removed",
    "direction_controls": "direction controls removed",
    "unpaired_surrogates": "unpaired surrogates replaced",
    "too_long": "too long, cut",
}


class Fields:
    """The readers for one row; they collect its notes.

    Parameters
    ----------
    now : datetime
        The clock, aware: nothing was created after it.
    default_platform : str, optional
        For rows that do not say.
    """

    def __init__(self, now: datetime, default_platform: str | None = None) -> None:
        if now.utcoffset() is None:
            raise ValueError("now must be an aware datetime")
        self._now = now
        self._default_platform = default_platform
        self._notes: dict[str, None] = {}

    @property
    def now(self) -> datetime:
        """The clock."""
        return self._now

    @property
    def default_platform(self) -> str | None:
        """The platform of rows that do not say, under its one name."""
        return canonical_platform(self._default_platform) or None if self._default_platform else None

    def including(self, notes: Iterable[str]) -> Fields:
        """Return itself, with notes that were made elsewhere."""
        self._notes.update(dict.fromkeys(notes))
        return self

    @property
    def notes(self) -> tuple[str, ...]:
        """Return every note once, in the order they were made."""
        return tuple(self._notes)

    def note(self, field: str, what: str) -> None:
        """Keep a note. ``what`` must not contain any of the value."""
        self._notes[f"{field}: {what}"] = None

    def text(self, field: str, value: object) -> str | None:
        """Read text: cleaned, and cut at the field's limit."""
        if value is None:
            return None
        cleaned = self._cleaned(field, value, TEXT_LIMITS[field])
        return None if cleaned in MISSING_WORDS else cleaned

    def platform(self, value: object) -> str | None:
        """Read a platform's name: each platform under one, however people write it."""
        given = self._cleaned("platform", self._default_platform if is_missing(value) else value)
        if len(given) > PLATFORM_LIMIT:
            self.note("platform", f"longer than {PLATFORM_LIMIT} characters, treated as missing")
            return None
        if given in MISSING_WORDS:
            return None
        name = canonical_platform(given)
        if not name:
            self.note("platform", "no platform, several, or misspelt, treated as missing: give its usual name")
            return None
        if name not in KNOWN_PLATFORMS:
            self.note("platform", "a name that is not known here, taken as it is: write it the same everywhere")
        return name

    def handle(self, value: object) -> str:
        """Read the handle, without a leading "@".

        "null" and its like are kept, with a note: somebody has that handle, and may be protected.

        Raises
        ------
        RowError
            Where there is none, or one longer than any platform's.
        """
        handle = self._cleaned("handle", value).lstrip("@ ")
        if len(handle) > HANDLE_LIMIT:
            message = f"the handle is longer than {HANDLE_LIMIT} characters: correct it, a cut one is another account"
            raise RowError("handle_too_long", message, field="handle")
        if not handle.strip("@/ "):  # what surrounds a copied handle is no handle
            raise RowError("handle_missing", "the handle is missing: every row needs one", field="handle")
        if handle in MISSING_WORDS:
            self.note("handle", "reads like a missing value, kept")
        return handle

    def handles(self, field: str, value: object) -> tuple[str, ...]:
        """Read a list of handles; one longer than any platform's is left out. One called "null" is kept."""
        found = dict.fromkeys(self._cleaned(field, item).lstrip("@ ") for item in self._items(field, value))
        usable = tuple(handle for handle in found if handle.strip("@/ ") and len(handle) <= HANDLE_LIMIT)
        if any(len(handle) > HANDLE_LIMIT for handle in found):
            self.note(field, f"one longer than {HANDLE_LIMIT} characters left out")
        return usable

    def identifier(self, field: str, value: object) -> str | None:
        """Read a platform's identifier as exact text; one that may have been rounded on its way is missing."""
        if is_missing(value):
            return None
        if _is_rounded(value):
            self.note(field, ROUNDED)
            return None
        found = self._cleaned(field, int(value) if isinstance(value, float) else value)
        if len(found) > ID_LIMIT:
            self.note(field, f"longer than {ID_LIMIT:,} characters, treated as missing")
            return None
        account_id, why = (None, "") if found in MISSING_WORDS else read_id(found)
        if why:
            self.note(field, why)
        return account_id

    def identifiers(self, field: str, value: object) -> tuple[str, ...]:
        """Read a list of identifiers; one that cannot be relied on is left out."""
        found = (self.identifier(field, item) for item in self._items(field, value))
        return tuple(dict.fromkeys(item for item in found if item is not None))

    def texts(self, field: str, value: object) -> tuple[str, ...]:
        """Read a list of texts: a real list, or text separated by "|"."""
        return self.gathered(field, self._items(field, value))

    def gathered(self, field: str, values: Iterable[object]) -> tuple[str, ...]:
        """Read texts that an importer has gathered: each once, up to the list's limit."""
        found: dict[str, None] = {}
        for text in (self.text(field, value) for value in values):
            if text is None or text in found:
                continue
            if len(found) == LIST_LIMITS[field]:
                self.note(field, f"more than {LIST_LIMITS[field]}, the rest left out")
                break
            found[text] = None
        return tuple(found)

    def count(self, field: str, value: object) -> int | None:
        """Read a number of people or posts: whole, from 0 to 10,000,000,000."""
        if value is None or (isinstance(value, str) and is_missing(value)):
            return None
        number = whole_number(value)
        if number is None:
            self.note(field, "not a whole number, treated as missing")
        elif number < 0:
            self.note(field, "below zero, treated as missing")
        elif number > COUNT_LIMIT:
            self.note(field, f"above {COUNT_LIMIT:,}, treated as missing")
        else:
            return number
        return None

    def shown(self, field: str, value: object, *, hidden: bool) -> int | None:
        """Read a number that the account or its platform may hide: a hidden zero stands for any number."""
        number = self.count(field, value)
        if hidden and number == 0:
            self.note(field, "hidden, treated as missing")
            return None
        return number

    def labels(self, field: str, value: object) -> tuple[str, ...]:
        """Read what a platform says of an account; what is none of ``PLATFORM_LABELS`` is left out."""
        found = dict.fromkeys(item.strip() if isinstance(item, str) else "" for item in self._items(field, value))
        if not found.keys() <= {*PLATFORM_LABELS, ""}:
            self.note(field, f"one that is none of {', '.join(PLATFORM_LABELS)} left out")
        return tuple(label for label in PLATFORM_LABELS if label in found)

    def time(self, field: str, value: object, *, earliest: datetime = WEB_FIRST) -> datetime | None:
        """Read a time in UTC, from ``earliest`` to now; clocks may differ by a day."""
        if is_missing(value):
            return None
        time = moment(value)
        if time is None:
            self.note(field, "not a time, treated as missing: write it as in RFC 3339")
        elif time < earliest:
            self.note(field, "before the platform existed, treated as missing")
        elif time > self._now + CLOCK_SLACK:
            self.note(field, "in the future, treated as missing")
        else:
            return time
        return None

    def created(self, value: object, platform: str | None) -> datetime | None:
        """Read when an account was created: not before its platform."""
        return self.time("created_at", value, earliest=PLATFORM_FIRST.get(platform or "", WEB_FIRST))

    def flag(self, field: str, value: object) -> bool | None:
        """Read yes or no."""
        if is_missing(value):
            return None
        if isinstance(value, (int, float)) and value in (0, 1):
            return bool(value)
        found = FLAG_WORDS.get(value.strip().casefold()) if isinstance(value, str) else None
        if found is None:
            self.note(field, "neither true nor false, treated as missing")
        return found

    def pdq(self, field: str, value: object) -> str | None:
        """Read a PDQ hash: 64 hexadecimal digits, in lower case."""
        if is_missing(value):
            return None
        if isinstance(value, UnreadPicture):
            self.note("avatar", str(value))
            return None
        digits = value.strip().lower() if isinstance(value, str) else ""
        if _PDQ.fullmatch(digits):
            return digits
        self.note(field, "not 64 hexadecimal digits, treated as missing")
        return None

    def tier(self, field: str, value: object) -> Tier:
        """Read the tier. One we do not know is the stricter one: a mistake must not lower a protection."""
        name = value.strip().casefold() if isinstance(value, str) else value
        if is_missing(name):
            return "standard"
        for tier in TIERS:
            if name == tier:
                return tier
        self.note(field, "unknown, treated as high: use standard or high")
        return "high"

    def read(self, field: str, value: object) -> Any:
        """Read a column by its kind, where the value alone says all: not a handle, a platform or a verification."""
        return _READERS[COLUMNS[field].kind](self, field, value)

    def observed(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Read what no platform's object says; whoever exports one may add it under our own names."""
        return {name: self.read(name, row.get(name)) for name in OBSERVED}

    def _cleaned(self, field: str, value: object, limit: int | None = None) -> str:
        text = self._plain(field, value)
        cleaned, changes = clean(text, limit or max(1, len(text)))
        for change in changes:
            self.note(field, _CHANGES[change])
        return cleaned

    def _plain(self, field: str, value: object) -> str:
        if isinstance(value, str):
            return value
        if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() <= 64:
            return str(value)
        if not is_missing(value):
            self.note(field, "not text, treated as missing")
        return ""

    def _items(self, field: str, value: object) -> list[Any]:
        if value is None:
            return []
        if isinstance(value, (list, tuple)):
            return list(value)
        if isinstance(value, str):
            return [] if is_missing(value) else split_list(value)
        if isinstance(value, int) and not isinstance(value, bool):
            return [value]
        if not is_missing(value):
            self.note(field, "not a list, treated as empty")
        return []


_READERS: dict[Kind, Callable[[Fields, str, object], object]] = {
    "id": Fields.identifier, "text": Fields.text, "count": Fields.count, "time": Fields.time, "flag": Fields.flag,
    "pdq": Fields.pdq, "tier": Fields.tier, "texts": Fields.texts, "handles": Fields.handles,
    "ids": Fields.identifiers, "labels": Fields.labels,
}  # fmt: skip


def _is_rounded(value: object) -> bool:
    """Tell a number that may not be what it was; small whole ones in floating point are, as pandas makes them."""
    if isinstance(value, float):
        return not value.is_integer() or abs(value) >= EXACT_LIMIT
    return isinstance(value, int) and not isinstance(value, bool) and is_rounded_number(value)
