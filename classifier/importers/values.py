"""Foreign values as exports write them: missing words, whole numbers, times, lists in text, nested objects, links.

Every function is pure and total: it takes what JSON, CSV or Parquet can hold and returns ``None`` (or nothing) where
it cannot read a value. ``fields`` adds the limits and the notes.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from classifier.accounts.canonical.hosts import visible

# What str(None), JavaScript, SQL and pandas write where there was nothing. Case matters: "Null" is a surname.
MISSING_WORDS = frozenset({"", "None", "null", "NULL", "nan", "NaN", "NaT", "<NA>"})
FLAG_WORDS = {"true": True, "t": True, "yes": True, "1": True, "1.0": True} | {
    "false": False, "f": False, "no": False, "0": False, "0.0": False,
}  # fmt: skip

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Epoch numbers below are seconds (up to the year 5138), those from it on milliseconds (from March 1973).
FIRST_MILLISECONDS = 10**11
LAST_MILLISECONDS = 10**14

_WHOLE = re.compile(r"([+-]?[0-9]{1,20})(\.0{0,20})?")
_EPOCH_DIGITS = re.compile(r"[0-9]{9,14}")
# X API v1.1: "Wed Feb 01 17:49:30 +0000 2012", in English whatever the locale.
_X_V1_TIME = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d\d) (\d\d:\d\d:\d\d) ([+-]\d\d)(\d\d) (\d{4})", re.ASCII)
_MONTHS = {
    name: number for number, name in enumerate("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), start=1)
}
# Up to the next "|" that has no backslash before it.
_PIECE = re.compile(r"((?:\\[\\|]|[^|])*)(?:\||\Z)")
_URL = re.compile(r"https?://[^\s<>\"'|]+", re.IGNORECASE)


def is_missing(value: object) -> bool:
    """Tell whether there is no value: null, not-a-number, or a word that stands for it."""
    if isinstance(value, str):
        return value.strip() in MISSING_WORDS
    return value is None or (isinstance(value, float) and math.isnan(value))


def whole_number(value: object) -> int | None:
    """Return a number without a fraction, from a number or its decimal text.

    Examples
    --------
    >>> whole_number("12.0"), whole_number(12.5), whole_number(True)
    (12, None, None)
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    if isinstance(value, str):
        match = _WHOLE.fullmatch(value.strip())
        return int(match[1]) if match else None
    return value if isinstance(value, int) else None


def moment(value: object) -> datetime | None:
    """Return a time in UTC from RFC 3339, a date, X API v1.1's form, or epoch seconds or milliseconds.

    A time without a zone is taken for UTC.

    Examples
    --------
    >>> moment("Wed Feb 01 17:49:30 +0000 2012") == moment("2012-02-01T17:49:30Z") == moment(1328118570)
    True
    """
    try:
        if isinstance(value, str):
            return _utc(_parsed(value.strip()))
        if isinstance(value, datetime):
            return _utc(value)
        if isinstance(value, date):
            return datetime(value.year, value.month, value.day, tzinfo=UTC)
        return _from_epoch(value)
    except (ValueError, OverflowError):
        return None


def _parsed(text: str) -> datetime:
    if _EPOCH_DIGITS.fullmatch(text):
        return _from_epoch(int(text))
    match = _X_V1_TIME.fullmatch(text)
    if match and match[1] in _MONTHS:
        text = f"{match[6]}-{_MONTHS[match[1]]:02}-{match[2]}T{match[3]}{match[4]}:{match[5]}"
    return datetime.fromisoformat(text.upper().removesuffix(" UTC"))


def _from_epoch(value: object) -> datetime:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) < LAST_MILLISECONDS:
        raise ValueError("not a time")
    seconds = value if abs(value) < FIRST_MILLISECONDS else value / 1000
    return EPOCH + timedelta(seconds=seconds)


def _utc(time: datetime) -> datetime:
    return time.replace(tzinfo=UTC) if time.utcoffset() is None else time.astimezone(UTC)


def split_list(text: str) -> list[str]:
    r"""Return the parts of text separated by "|"; a backslash keeps the "|" or backslash after it.

    Examples
    --------
    >>> split_list(r"Jane|J. Roe\|Northwind")
    ['Jane', 'J. Roe|Northwind']
    """
    if "\\" not in text:
        return text.split("|")
    return [re.sub(r"\\([\\|])", r"\1", match[1]) for match in _PIECE.finditer(text) if match[0]]


def join_list(items: tuple[str, ...]) -> str:
    r"""Return text that ``split_list`` takes apart again; alone, "null" gets a "|" so that it reads as no missing list.

    Examples
    --------
    >>> join_list(("Jane", "J. Roe|Northwind"))
    'Jane|J. Roe\\|Northwind'
    """
    text = "|".join(item.replace("\\", "\\\\").replace("|", "\\|") for item in items)
    return f"{text}|" if items and text in MISSING_WORDS else text


def urls_in(text: str | None) -> list[str]:
    """Return the http and https links in free text, without the punctuation that ends a sentence.

    Examples
    --------
    >>> urls_in("Chair of Northwind (https://northwind.example/chair).")
    ['https://northwind.example/chair']
    """
    return [url.rstrip(".,;:!?)]}…") for url in _URL.findall(text or "")]


@lru_cache(10_000)
def plain_name(name: str) -> str:
    r"""Return a column's name as ours are written.

    Examples
    --------
    >>> plain_name(" Account ID"), plain_name("user-id\u200b")
    ('account_id', 'user_id')
    """
    return re.sub(r"[\s-]", "_", visible(str(name)).strip()).casefold()


def with_plain_names(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row under plain names; of several columns with one plain name the last counts.

    Examples
    --------
    >>> with_plain_names({"Account ID": "12", "handle": "jane"})
    {'account_id': '12', 'handle': 'jane'}
    """
    return dict(zip(_plain_names(tuple(row)), row.values(), strict=True))


@lru_cache(100)
def _plain_names(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(plain_name, names))  # the rows of a file have the same


def dig(value: Any, *keys: str) -> Any:
    """Return what lies under nested keys, ``None`` where any of them is not there."""
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def objects(value: object) -> list[Mapping[str, Any]]:
    """Return the objects in a list, and nothing of what is no list."""
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, (list, tuple)) else []
