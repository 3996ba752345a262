"""The door for foreign data: rows of CSV, JSONL and Parquet files, or JSON objects, become accounts.

Each platform has a file with two functions: ``looks_like(row)``, for telling the format, and ``read(row, fields)``.
Whatever a row holds, importing it gives an account or an error, never both, and notes on everything that was changed.
Neither errors nor notes contain any text of the account.

One bad row never stops a file. A file of which nothing can be read is an error of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any

from classifier.accounts import Account
from classifier.errors import FileFormatError
from classifier.importers import bluesky, mastodon, native, x_v1, x_v2
from classifier.importers.fields import CLOCK_SLACK, Fields
from classifier.importers.files import ENDINGS, RawRow, read_rows
from classifier.importers.results import Imported, ImportedProtected, ImportReport, RowError

__all__ = [
    "ENDINGS",
    "FORMATS",
    "ImportReport",
    "Imported",
    "ImportedProtected",
    "detect_format",
    "import_account",
    "import_protected",
    "read_accounts",
    "read_protected",
]

DETECTION_ROWS = 20

_READERS: dict[str, Callable[[Mapping[str, Any], Fields], Account]] = {
    "doublecheck": native.read,
    "x-v1": x_v1.read,
    "x-v2": x_v2.read,
    "mastodon": mastodon.read,
    "bluesky": bluesky.read,
}
FORMATS = tuple(_READERS)

# The most particular first: our own columns are a part of many another format's.
_SIGNS: dict[str, Callable[[Mapping[str, Any]], bool]] = {
    "bluesky": bluesky.looks_like,
    "mastodon": mastodon.looks_like,
    "x-v1": x_v1.looks_like,
    "x-v2": x_v2.looks_like,
    "doublecheck": native.looks_like,
}


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


_CHOICES = f"give --format, one of {', '.join(FORMATS)}; doublecheck needs at least a column named handle"


def _format_of(row: Mapping[str, Any]) -> str | None:
    return next((name for name, looks_like in _SIGNS.items() if looks_like(row)), None)


def import_account(
    row: Mapping[str, Any],
    format: str,  # noqa: A002 - the option's name everywhere else
    *,
    row_number: int = 1,
    now: datetime,
    default_platform: str | None = None,
) -> Imported:
    """Make an account of one row. Bad data never raises: it becomes the result's error or a note.

    Parameters
    ----------
    row : mapping
        The row of a file or an API's object.
    format : str
        One of ``FORMATS``.
    row_number : int
        The 1-based row for messages.
    now : datetime
        The clock, aware.
    default_platform : str, optional
        For rows of format "doublecheck" that do not say.

    Raises
    ------
    FileFormatError
        If there is no such format.
    ValueError
        If ``now`` is naive.
    """
    reader = _READERS.get(format)
    if reader is None:
        raise FileFormatError(f"there is no such format: {_CHOICES}")
    fields = Fields(now, default_platform)
    try:
        account = _identified(_dated(reader(_object(row), fields), fields), fields)
    except RowError as error:
        error.row = row_number
        return Imported(row_number, None, error, fields.notes)
    return Imported(row_number, account, None, fields.notes)


def import_protected(row: Mapping[str, Any], *, row_number: int = 1, now: datetime) -> ImportedProtected:
    """Make a protected account of one row of a registry. Bad data never raises."""
    fields = Fields(now)
    try:
        account = native.read_protected_row(_object(row), fields)
    except RowError as error:
        error.row = row_number
        return ImportedProtected(row_number, None, error, fields.notes)
    return ImportedProtected(row_number, account, None, fields.notes)


def _object(row: Mapping[str, Any]) -> Mapping[str, Any]:
    if not isinstance(row, Mapping):
        raise RowError("not_an_object", "the row is no object with named fields")
    return row


def _identified(account: Account, fields: Fields) -> Account:
    """Drop an id that X never gave: compared with the right one it would prove two accounts where there is one."""
    found = account.account_id
    if account.platform != "x" or found is None or (found.isascii() and found.isdigit() and found[0] != "0"):
        return account
    fields.note("account_id", "not a number as X gives them, treated as missing")
    return replace(account, account_id=None)


def _dated(account: Account, fields: Fields) -> Account:
    """Drop a creation after the profile was read: one of the two times is wrong, and ages are counted between them."""
    if account.created_at is None or account.observed_at is None:
        return account
    if account.created_at <= account.observed_at + CLOCK_SLACK:
        return account
    fields.note("created_at", "after observed_at, treated as missing")
    return replace(account, created_at=None)


def read_accounts(
    path: Path,
    *,
    format: str | None = None,  # noqa: A002 - the option's name everywhere else
    now: datetime,
    default_platform: str | None = None,
) -> Iterator[Imported]:
    """Read accounts from a file, one result for every row in order; only a few rows are held in memory.

    Parameters
    ----------
    path : Path
        A file whose name ends in .csv, .jsonl, .ndjson or .parquet.
    format : str, optional
        One of ``FORMATS``; told from the first 20 readable rows where it is not given.

    Raises
    ------
    FileFormatError
        At once, before the first row, if nothing can be read: no such file, an unknown ending, no rows, not a single
        readable row, no recognisable format.
    """
    rows, sample = _opened(path)
    known = detect_format(sample) if format is None else format
    if known not in FORMATS:
        raise FileFormatError(f"there is no such format: {_CHOICES}")
    return (
        Imported(raw.number, None, raw.error)
        if raw.values is None
        else import_account(raw.values, known, row_number=raw.number, now=now, default_platform=default_platform)
        for raw in rows
    )


def read_protected(path: Path, *, now: datetime) -> Iterator[ImportedProtected]:
    """Read a registry from a file, one result for every row in order; raises as ``read_accounts`` does."""
    rows, sample = _opened(path)
    if {"verdict", "relation"} <= set(native.named(sample[0])):
        raise FileFormatError(f"{path.name}: this is what 'doublecheck score' writes, not a registry")
    return (
        ImportedProtected(raw.number, None, raw.error)
        if raw.values is None
        else import_protected(raw.values, row_number=raw.number, now=now)
        for raw in rows
    )


def _opened(path: Path) -> tuple[Iterator[RawRow], list[Mapping[str, Any]]]:
    """Open a file: all its rows, and the first readable ones."""
    rows = read_rows(path)
    seen: list[RawRow] = []
    sample: list[Mapping[str, Any]] = []
    for raw in rows:
        seen.append(raw)
        if raw.values is not None:
            sample.append(raw.values)
        if len(sample) == DETECTION_ROWS:
            break
    if not sample:
        cause = (
            f"not one of its {len(seen):,} rows can be read; the first: {seen[0].error}" if seen else "it has no rows"
        )
        raise FileFormatError(f"{path.name}: {cause}")
    return chain(seen, rows), sample
