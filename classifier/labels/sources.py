"""Labelled accounts, read from files: rows with our own columns, and the public sets for the account alone.

Files of our own are read whole or not at all: figures over a part would mislead, and whoever wrote one can correct it.
Nobody can correct a public set, so there a row that cannot be used is counted by reason.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd

from classifier.accounts.account import Account
from classifier.errors import FileFormatError, InputError
from classifier.importers import import_account
from classifier.importers.read_rows import opened
from classifier.importers.readers.raw_row import RawRow
from classifier.importers.readers.source import file_source, read_rows
from classifier.importers.research_sets.detect import beside
from classifier.importers.results import RowError
from classifier.registry.dataframes import FRAME, records

# What labels are read from: a file, or the rows themselves.
Rows = Path | pd.DataFrame


@dataclass(frozen=True, slots=True)
class LabelSource:
    """A file that labels were read from, and what became of its rows.

    Attributes
    ----------
    name : str
        The file's name, without its folder.
    kind : str
        What it was read as.
    rows, used : int
        Rows read, and those of them whose label is used.
    rejected : mapping of str to int
        The others, by reason.
    sha256 : str
        Of the file, in hexadecimal; of a public set that has its labels in a file beside it, of both in a row.
    """

    name: str
    kind: str
    rows: int
    used: int
    rejected: Mapping[str, int]
    sha256: str

    def facts(self) -> dict[str, Any]:
        """Return plain JSON values for a manifest."""
        return {
            "name": self.name,
            "kind": self.kind,
            "rows": self.rows,
            "used": self.used,
            "rejected": dict(sorted(self.rejected.items())),
            "sha256": self.sha256,
        }

    def line(self) -> str:
        """Return the source in one line, for people."""
        rejected = ", ".join(f"{reason} {count:,}" for reason, count in sorted(self.rejected.items()))
        left_out = f"; left out: {rejected}" if rejected else ""
        return f"{self.name} ({self.kind}): {self.rows:,} rows read, {self.used:,} used{left_out}"


def digests(sources: Iterable[Rows]) -> list[str]:
    """Return the SHA-256 of each file, or of the rows as JSON lines, in hexadecimal.

    Raises
    ------
    FileFormatError
        If there is no such file, or one is given twice: its labels would count twice.
    """
    names: dict[str, str] = {}
    for source in sources:
        found = _frame_digest(source) if isinstance(source, pd.DataFrame) else _digest([source, *beside(source)])
        if found in names:
            raise FileFormatError(f"{name_of(source)}: is the same as {names[found]}; leave one out")
        names[found] = name_of(source)
    return list(names)


def name_of(source: Rows) -> str:
    """Return what messages and manifests call a file, without its folder, or a DataFrame."""
    return FRAME if isinstance(source, pd.DataFrame) else source.name


def open_rows(source: Rows) -> tuple[Iterator[RawRow], list[dict[str, Any]]]:
    """Return all rows, and the values of the first readable ones; raises FileFormatError where there are none."""
    if not isinstance(source, pd.DataFrame):
        return opened(file_source(source, name=source.name))
    rows = [RawRow(number, values) for number, values in enumerate(records(source), start=1)]
    if not rows:
        raise FileFormatError(f"{FRAME}: it has no rows")
    return iter(rows), [row.values for row in rows[:1] if row.values is not None]


def _frame_digest(frame: pd.DataFrame) -> str:
    return hashlib.sha256(frame.to_json(orient="records", lines=True, date_format="iso").encode()).hexdigest()


def _digest(paths: Iterable[Path]) -> str:
    hasher = hashlib.sha256()
    for path in paths:
        try:
            with path.open("rb") as file:
                hashlib.file_digest(file, lambda: hasher)
        except OSError as error:
            raise FileFormatError(f"{path.name}: cannot be opened, {error.strerror}") from error
    return hasher.hexdigest()


def named(error: InputError, source: Rows) -> InputError:
    """Return a row's error as one that names the file too: of several, the row alone says little."""
    return type(error)(*_arguments(error, f"{error.message} ({name_of(source)})"), field=error.field, row=error.row)


def _arguments(error: InputError, message: str) -> tuple[str, ...]:
    return (error.reason, message) if isinstance(error, RowError) else (message,)


@dataclass(frozen=True, slots=True)
class LabelledRow:
    """A row of a file of labelled accounts: the account, and the columns beside it as the file has them."""

    number: int
    account: Account
    columns: Mapping[str, Any]

    def text(self, column: str) -> str:
        """Return what the row says in a column that every labelled row needs.

        Raises
        ------
        RowError
            If it is empty or there is no such column.
        """
        found = self.optional(column)
        if found is None:
            message = "is empty or missing; every labelled row needs it"
            raise RowError(f"{column}_missing", message, field=column, row=self.number)
        return found

    def optional(self, column: str) -> str | None:
        """Return what the row says in a column, ``None`` where it is empty or there is no such column."""
        found = self.columns.get(column)
        return None if found is None or not str(found).strip() else str(found).strip()


def labelled_row(raw: RawRow, *, now: datetime, platform: str | None = None) -> LabelledRow:
    """Read one row with the account columns and others.

    Raises
    ------
    InputError
        If it cannot be read or holds no account.
    """
    if raw.values is None:
        raise raw.error or InputError("the row cannot be read", row=raw.number)
    imported = import_account(raw.values, "doublecheck", row_number=raw.number, now=now, default_platform=platform)
    if imported.account is None:
        raise imported.error or InputError("the row holds no account", row=raw.number)
    return LabelledRow(raw.number, imported.account, raw.values)


def read_labelled_rows(source: Rows, *, now: datetime, platform: str | None = None) -> Iterator[LabelledRow]:
    """Yield the rows of a CSV, JSONL or Parquet file, or of a DataFrame, with the account columns and others.

    Parameters
    ----------
    platform : str, optional
        For rows that name none.

    Raises
    ------
    InputError
        If there are no rows or one holds no account: figures over a part would mislead.
    """
    number = 0
    for raw in open_rows(source)[0] if isinstance(source, pd.DataFrame) else read_rows(source):
        number += 1
        yield labelled_row(raw, now=now, platform=platform)
    if not number:
        raise FileFormatError(f"{name_of(source)}: it has no rows")
