"""Labelled accounts, fake or genuine whoever they may imitate: the sets that teach the account model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from classifier.accounts.account import Account
from classifier.errors import FileFormatError, InputError
from classifier.importers.research_sets.detect import read_public, set_of
from classifier.importers.results import RowError
from classifier.labels.sources import LabelledRow, LabelSource, Rows, digests, name_of, named, read_labelled_rows
from classifier.utils.progress import bar

# What the column ``label`` of labelled accounts may say, and whether that is bought, spam or automated.
ACCOUNT_LABELS = {"fake": True, "inauthentic": True, "genuine": False}
# The kind of a file with our own columns.
OWN = "accounts"
# A source is named in the manifest and in certificates.
SOURCE_LENGTH = 100


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
        those of ``importers.research_sets``.
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
    file_digests, kinds = (
        digests(files),
        [None if isinstance(rows_source, pd.DataFrame) else set_of(rows_source) for rows_source in files],
    )
    rejected: list[Counter[str]] = [Counter() for _ in files]
    entries: list[_Entry] = []
    with bar(desc="reading accounts", unit="row", shown=progress) as seen:
        for index, (rows_source, kind) in enumerate(zip(files, kinds, strict=True)):
            if kind is None or isinstance(rows_source, pd.DataFrame):
                found: Iterator[_Entry | str] = _own(index, rows_source, now, platform)
            else:
                found = _public(index, rows_source, kind, now, label)
            for entry in found:
                seen.update()
                if isinstance(entry, str):
                    rejected[index][entry] += 1
                else:
                    entries.append(entry)
    unique = _once(entries, files, rejected)
    used = Counter(entry.file for entry in unique)
    read = tuple(
        LabelSource(
            name_of(rows_source),
            kind or OWN,
            used[index] + rejected[index].total(),
            used[index],
            rejected[index],
            digest,
        )
        for index, (rows_source, kind, digest) in enumerate(zip(files, kinds, file_digests, strict=True))
    )
    for source in read:
        if not source.used:
            raise FileFormatError(f"not one row can be used: {source.line()}")
    return LabelledAccounts(
        tuple(entry.account for entry in unique),
        tuple(entry.is_fake for entry in unique),
        tuple(entry.source for entry in unique),
        read,
    )


def _own(index: int, source: Rows, now: datetime, platform: str | None) -> Iterator[_Entry]:
    try:
        for row in read_labelled_rows(source, now=now, platform=platform):
            if row.account.platform is None:  # the head answers for the platforms it learned from, and for no others
                message = "is empty or missing; give it, or --platform for all"
                raise InputError(message, field="platform", row=row.number)
            yield _Entry(index, row.number, row.account, _is_fake(row), _source(row), public=False)
    except FileFormatError:
        raise
    except InputError as error:
        raise named(error, source) from error


def _public(index: int, path: Path, kind: str, now: datetime, label: str | None) -> Iterator[_Entry | str]:
    for row in read_public(path, kind, now=now, label=label):
        if row.account is not None:
            yield _Entry(index, row.number, row.account, row.is_fake, row.source, public=True)
        else:
            yield row.error.reason if isinstance(row.error, RowError) else "unreadable"


def _once(entries: Sequence[_Entry], files: Sequence[Rows], rejected: Sequence[Counter[str]]) -> list[_Entry]:
    """Leave out what came before, and every account that is called both fake and genuine."""
    firsts: dict[tuple[str | None, str], _Entry] = {}
    contradicted: set[tuple[str | None, str]] = set()
    unique: list[_Entry] = []
    for entry in entries:
        key = _key(entry)
        first = firsts.setdefault(key, entry)
        if first is entry:
            unique.append(entry)
            continue
        if not entry.public:
            where = "" if first.file == entry.file else f" of {name_of(files[first.file])}"
            message = f"is that of row {first.row}{where} again; leave one out"
            raise named(InputError(message, field="handle", row=entry.row), files[entry.file])
        if entry.is_fake != first.is_fake:
            contradicted.add(key)
        rejected[entry.file]["contradicted" if entry.is_fake != first.is_fake else "repeated"] += 1
    for entry in unique:
        if _key(entry) in contradicted:
            rejected[entry.file]["contradicted"] += 1
    return [entry for entry in unique if _key(entry) not in contradicted]


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
