"""The rows of one source or of many, and the format of each source, before accounts are made of them.

Of many files, one that cannot be read is one error and does not stop the others. A file alone that cannot be read is
an error at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from classifier.errors import FileFormatError
from classifier.importers.envelopes import accounts_in
from classifier.importers.formats.detect import check_format, detect_format, format_among
from classifier.importers.readers.raw_row import WHOLE_FILE, RawRow, unreadable_row
from classifier.importers.readers.source import Source
from classifier.importers.results import RowError

DETECTION_ROWS = 20
# Rows are held until a readable one is found. After so many without one, none is expected.
UNREADABLE_LIMIT = 100_000


def read_raw(
    sources: Sequence[Source],
    *,
    format: str | None = None,  # noqa: A002 - the option's name everywhere else
) -> Iterator[tuple[int, RawRow, str]]:
    """Read the rows of all sources, each once and in order; accounts are made of them elsewhere.

    Parameters
    ----------
    format : str, optional
        One of ``FORMATS``; told from each row where it is not given, and from the first 20 readable rows of its source
        where the row does not tell.

    Returns
    -------
    iterator of (int, RawRow, str)
        Which source the row is from, the row, and its format for ``import_account``; empty where no row of it
        has values. Of several sources, one of which nothing can be read has a single row: numbered ``WHOLE_FILE``,
        with the reason "file_unreadable".

    Raises
    ------
    FileFormatError
        At once, if there is no such format, or nothing can be read of a source that is alone.
    """
    if format is not None:
        check_format(format)
    if len(sources) == 1:
        return _rows_of(0, sources[0], format, alone=True)
    return chain.from_iterable(_rows_or_one_error(place, source, format) for place, source in enumerate(sources))


def _rows_or_one_error(
    place: int,
    source: Source,
    known: str | None,
) -> Iterator[tuple[int, RawRow, str]]:
    try:
        return _rows_of(place, source, known, alone=False)
    except FileFormatError as error:
        return iter([(place, unreadable_row(WHOLE_FILE, "file_unreadable", error.message), "")])


def _rows_of(place: int, source: Source, known: str | None, *, alone: bool) -> Iterator[tuple[int, RawRow, str]]:
    rows, sample = opened(source, alone=alone)
    if not sample:
        return ((place, raw, "") for raw in rows)
    if known is not None:
        return ((place, raw, known) for raw in rows)
    most = _detected(source, sample)
    return ((place, raw, most if raw.values is None else format_among(raw.values, most)) for raw in rows)


def _detected(source: Source, sample: Sequence[Mapping[str, Any]]) -> str:
    try:
        return detect_format(sample)
    except FileFormatError as error:
        raise FileFormatError(f"{source.name}: {error.message}") from error


def _unpacked(rows: Iterator[RawRow]) -> Iterator[RawRow]:
    """Yield every account as a row of its own: a page holds many. Rows after a page are numbered on."""
    more = 0
    for raw in rows:
        found = [raw.values] if raw.values is None else accounts_in(raw.values)
        for place, one in enumerate(found):
            number = raw.number + more + place
            if one is None or one is raw.values:
                yield raw if not more else _numbered(raw, number)
            elif isinstance(one, RowError):
                yield _numbered(RawRow(number, None, one), number)
            else:
                yield RawRow(number, dict(one))
        more += len(found) - 1


def _numbered(raw: RawRow, number: int) -> RawRow:
    if raw.error is not None:
        raw.error.row = number
    return raw._replace(number=number)


def opened(source: Source, *, alone: bool = True) -> tuple[Iterator[RawRow], list[dict[str, Any]]]:
    """Open a source.

    Parameters
    ----------
    alone : bool
        Whether rows of which not one can be read are an error for the whole; among many sources they count as rows.

    Returns
    -------
    rows : iterator of RawRow
        All of them.
    sample : list of dict
        The values of the first readable ones.

    Raises
    ------
    FileFormatError
        If there are no rows, or none that can be read.
    """
    rows = _unpacked(source.read())
    seen: list[RawRow] = []
    sample: list[dict[str, Any]] = []
    for raw in rows:
        seen.append(raw)
        if raw.values is not None:
            sample.append(raw.values)
        if len(sample) == DETECTION_ROWS or len(seen) - len(sample) == UNREADABLE_LIMIT:
            break
    if not seen:
        raise FileFormatError(f"{source.name}: it has no rows")
    if not sample and (alone or len(seen) == UNREADABLE_LIMIT):
        raise FileFormatError(
            f"{source.name}: not one of its first {len(seen):,} rows can be read; the first: {seen[0].error}"
        )
    return chain(seen, rows), sample
