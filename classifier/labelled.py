"""Labelled accounts, read from files: rows with our own columns, and the public sets for the account alone.

Files of our own are read whole or not at all: figures over a part would mislead, and whoever wrote one can correct it.
Nobody can correct a public set, so there a row that cannot be used is counted by reason.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
from tqdm import tqdm

from classifier.accounts.account import Account
from classifier.errors import FileFormatError, InputError
from classifier.importers import import_account
from classifier.importers.read_rows import opened
from classifier.importers.readers.raw_row import RawRow
from classifier.importers.readers.source import file_source, read_rows
from classifier.importers.research_sets.detect import beside, read_public, set_of
from classifier.importers.results import RowError
from classifier.registry.dataframes import records

# What labels are read from: a file, or the rows themselves.
Rows = Path | pd.DataFrame
_FRAME = "a DataFrame"
# What the column ``label`` of labelled accounts may say, and whether that is bought, spam or automated.
ACCOUNT_LABELS = {"fake": True, "inauthentic": True, "genuine": False}
# The kind of a file with our own columns.
OWN = "accounts"
# A source is named in the manifest and in certificates.
SOURCE_LENGTH = 100


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
    return _FRAME if isinstance(source, pd.DataFrame) else source.name


def open_rows(source: Rows) -> tuple[Iterator[RawRow], list[dict[str, Any]]]:
    """Return all rows, and the values of the first readable ones; raises FileFormatError where there are none."""
    if not isinstance(source, pd.DataFrame):
        return opened(file_source(source, name=source.name))
    rows = [RawRow(number, values) for number, values in enumerate(records(source), start=1)]
    if not rows:
        raise FileFormatError(f"{_FRAME}: it has no rows")
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
    given: Mapping[str, Any]

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
        found = self.given.get(column)
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


# --- for the account alone -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LabelledAccounts:
    """Accounts that the head for the account alone learns from, all of length n_accounts but ``files``.

    Attributes
    ----------
    labels : tuple of bool
        Whether the account is bought, spam or automated.
    sources : tuple of str
        What the account was collected with.
    files : tuple of LabelSource
        What was read.
    """

    accounts: tuple[Account, ...]
    labels: tuple[bool, ...]
    sources: tuple[str, ...]
    files: tuple[LabelSource, ...]


class _Entry(NamedTuple):
    """One account of one file; ``public`` tells whether it may be left out."""

    file: int
    row: int
    account: Account
    is_fake: bool
    source: str
    public: bool


def read_labelled_accounts(
    sources: Rows | Sequence[Rows],
    *,
    now: datetime,
    platform: str | None = None,
    label: str | None = None,
    progress: bool = False,
) -> LabelledAccounts:
    """Read labelled accounts from files with our own columns and from public sets, each told by its first row.

    Parameters
    ----------
    sources : path or DataFrame, or several
        Our own have the account columns, ``label`` (one of ``ACCOUNT_LABELS``) and ``source``; the public sets are
        those of ``importers.public``.
    platform : str, optional
        For rows of our own columns that name none.
    label : {"fake", "genuine"}, optional
        For a table of a public set whose name does not tell.
    progress : bool
        Show a progress bar on standard error.

    Raises
    ------
    InputError
        If a file cannot be read, or not one of its rows; if a row of our own columns lacks its platform, label or
        source, or has an unknown label; or if an account occurs twice among them: a certificate counts each once. Of
        public sets, an account that came before is left out, and all of it where its labels contradict each other.
    """
    files: list[Rows] = [sources] if isinstance(sources, Path | pd.DataFrame) else list(sources)
    sums, kinds = digests(files), [None if isinstance(one, pd.DataFrame) else set_of(one) for one in files]
    rejected: list[Counter[str]] = [Counter() for _ in files]
    entries: list[_Entry] = []
    with tqdm(desc="reading accounts", unit="row", disable=None if progress else True) as bar:
        for place, (one, kind) in enumerate(zip(files, kinds, strict=True)):
            if kind is None or isinstance(one, pd.DataFrame):
                found: Iterator[_Entry | str] = _own(place, one, now, platform)
            else:
                found = _public(place, one, kind, now, label)
            for entry in found:
                bar.update()
                if isinstance(entry, str):
                    rejected[place][entry] += 1
                else:
                    entries.append(entry)
    kept = _once(entries, files, rejected)
    used = Counter(one.file for one in kept)
    read = tuple(
        LabelSource(name_of(one), kind or OWN, used[place] + rejected[place].total(), used[place], rejected[place], own)
        for place, (one, kind, own) in enumerate(zip(files, kinds, sums, strict=True))
    )
    for source in read:
        if not source.used:
            raise FileFormatError(f"not one row can be used: {source.line()}")
    return LabelledAccounts(
        tuple(one.account for one in kept),
        tuple(one.is_fake for one in kept),
        tuple(one.source for one in kept),
        read,
    )


def _own(place: int, source: Rows, now: datetime, platform: str | None) -> Iterator[_Entry]:
    try:
        for row in read_labelled_rows(source, now=now, platform=platform):
            if row.account.platform is None:  # the head answers for the platforms it learned from, and for no others
                message = "is empty or missing; give it, or --platform for all"
                raise InputError(message, field="platform", row=row.number)
            yield _Entry(place, row.number, row.account, _is_fake(row), _source(row), public=False)
    except FileFormatError:
        raise
    except InputError as error:
        raise named(error, source) from error


def _public(place: int, path: Path, kind: str, now: datetime, label: str | None) -> Iterator[_Entry | str]:
    for row in read_public(path, kind, now=now, label=label):
        if row.account is not None:
            yield _Entry(place, row.number, row.account, row.is_fake, row.source, public=True)
        else:
            yield row.error.reason if isinstance(row.error, RowError) else "unreadable"


def _once(entries: Sequence[_Entry], files: Sequence[Rows], rejected: Sequence[Counter[str]]) -> list[_Entry]:
    """Leave out what came before, and every account that is called both fake and genuine."""
    firsts: dict[tuple[str | None, str], _Entry] = {}
    contradicted: set[tuple[str | None, str]] = set()
    kept: list[_Entry] = []
    for one in entries:
        key = _key(one)
        first = firsts.setdefault(key, one)
        if first is one:
            kept.append(one)
            continue
        if not one.public:
            where = "" if first.file == one.file else f" of {name_of(files[first.file])}"
            message = f"is that of row {first.row}{where} again; leave one out"
            raise named(InputError(message, field="handle", row=one.row), files[one.file])
        if one.is_fake != first.is_fake:
            contradicted.add(key)
        rejected[one.file]["contradicted" if one.is_fake != first.is_fake else "repeated"] += 1
    for one in kept:
        if _key(one) in contradicted:
            rejected[one.file]["contradicted"] += 1
    return [one for one in kept if _key(one) not in contradicted]


def _key(entry: _Entry) -> tuple[str | None, str]:
    return entry.account.platform, entry.account.handle.casefold()


def _is_fake(row: LabelledRow) -> bool:
    found = ACCOUNT_LABELS.get(row.text("label").casefold())
    if found is None:
        raise InputError(f"must be one of {', '.join(ACCOUNT_LABELS)}", field="label", row=row.number)
    return found


def _source(row: LabelledRow) -> str:
    found = row.text("source")
    if len(found) > SOURCE_LENGTH or not found.isprintable():
        message = f"must be the name of a source, of at most {SOURCE_LENGTH} printable characters"
        raise InputError(message, field="source", row=row.number)
    return found
