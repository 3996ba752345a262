"""Importing: one row becomes an account or an error, never both; a file becomes one result a row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from classifier.accounts.account import Account, ProtectedAccount, as_protected
from classifier.errors import FileFormatError
from classifier.importers.canonical_identity import canonical_account, canonical_protected
from classifier.importers.envelopes import accounts_in
from classifier.importers.formats import native
from classifier.importers.formats.detect import (
    NATIVE,
    READERS,
    check_format,
    detect_format,
    format_among,
    format_of,
    other_format,
)
from classifier.importers.formats.fields import CLOCK_SLACK, Fields
from classifier.importers.formats.statements import with_statements
from classifier.importers.formats.verification_records import as_registry_row
from classifier.importers.read_rows import opened
from classifier.importers.readers.source import file_source
from classifier.importers.results import Imported, ImportedProtected, RowError
from classifier.importers.values import is_missing
from classifier.pictures import PictureHashes


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
    reader = READERS[check_format(format)]
    fields = Fields(now, default_platform)
    try:
        found = _of_format(_single(_object(row)), format)
        account = with_statements(reader(found, fields), found, fields)
        account = canonical_account(_dated(account, fields), fields)
    except RowError as error:
        error.row = row_number
        return Imported(row_number, None, error, fields.notes)
    return Imported(row_number, account, None, fields.notes)


def import_protected(
    row: Mapping[str, Any], *, row_number: int = 1, now: datetime, default_platform: str | None = None
) -> ImportedProtected:
    """Make a protected account of one row of a registry. Bad data never raises.

    Parameters
    ----------
    default_platform : str, optional
        For rows that do not say.
    """
    fields = Fields(now, default_platform)
    try:
        account = canonical_protected(_read_protected(as_registry_row(_object(row)), fields))
    except RowError as error:
        error.row = row_number
        return ImportedProtected(row_number, None, error, fields.notes)
    return ImportedProtected(row_number, account, None, fields.notes)


def _read_protected(row: Mapping[str, Any], fields: Fields) -> ProtectedAccount:
    """Read a row in registry columns, or a platform's own object, which says by its form which platform it is of."""
    name = _format_of_object(row)
    if name is not None:
        read = Fields(fields.now)
        account = READERS[name](row, read)
        if fields.default_platform in (None, account.platform):
            columns = {name: value for name, value in native.named(row).items() if name in native.OF_A_REGISTRY}
            return native.with_registry_columns(as_protected(account), columns, fields.including(read.notes))
    return native.read_protected_row(row, fields)


def _format_of_object(row: Mapping[str, Any]) -> str | None:
    if not is_missing(native.named(row).get("platform")):
        return None
    name = format_of(row)
    # Any table of users may have an id, a name and a username: of X are those with what only X counts.
    return None if name == NATIVE or (name == "x-v2" and "public_metrics" not in row) else name


def _object(row: Mapping[str, Any]) -> Mapping[str, Any]:
    if not isinstance(row, Mapping):
        raise RowError("not_an_object", "the row is no object with named fields")
    return row


def _single(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the one account of a row that may be an envelope."""
    found = accounts_in(row)
    if len(found) > 1:
        raise RowError("several_accounts", "the row holds several accounts: give them one by one, or as a file")
    if isinstance(found[0], RowError):
        raise found[0]
    return found[0]


def _of_format(row: Mapping[str, Any], known: str) -> Mapping[str, Any]:
    other = other_format(row, known)
    if other is not None:
        raise RowError("other_format", f"the row is of format {other} and not {known}: name that one, or none")
    return row


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
        A file whose name ends in .csv, .jsonl, .ndjson or .parquet; .gz or .zst may follow all but the last.
    format : str, optional
        One of ``FORMATS``; told from each row where it is not given.

    Raises
    ------
    FileFormatError
        At once, before the first row, if nothing can be read: no such file, an unknown ending, no rows, not a single
        readable row, no recognisable format.
    """
    rows, sample = opened(file_source(path, name=path.name))
    known = detect_format(sample) if format is None else check_format(format)
    return (
        Imported(raw.number, None, raw.error)
        if raw.values is None
        else import_account(
            raw.values,
            format or format_among(raw.values, known),
            row_number=raw.number,
            now=now,
            default_platform=default_platform,
        )
        for raw in rows
    )


def read_protected(
    path: Path, *, now: datetime, default_platform: str | None = None, pictures: Path | None = None
) -> Iterator[ImportedProtected]:
    """Read a registry from a file, one result for every row in order; raises as ``read_accounts`` does.

    Parameters
    ----------
    default_platform : str, optional
        For rows that do not say.
    pictures : Path, optional
        Where the files are that the column ``avatar_file`` names; by default beside the file.
    """
    source = file_source(path, name=path.name)
    source.pictures = PictureHashes(path.parent if pictures is None else pictures)
    rows, sample = opened(source)
    if {"verdict", "relation"} <= set(native.named(sample[0])):
        raise FileFormatError(f"{path.name}: this is what 'doublecheck score' writes, not a registry")
    return (
        ImportedProtected(raw.number, None, raw.error)
        if raw.values is None
        else import_protected(raw.values, row_number=raw.number, now=now, default_platform=default_platform)
        for raw in rows
    )
