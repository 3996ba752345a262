"""Rows out of CSV, JSONL and Parquet files, one at a time; a row that cannot be read is an error and not the end.

Every row of the file is yielded once, in order. Blank lines are no rows: a JSONL line of white space, a CSV line with
nothing on it. Text is UTF-8, with or without a byte order mark.
"""

from __future__ import annotations

import csv
import json
import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any, cast

import pyarrow as pa
import pyarrow.parquet as pq

from classifier.errors import FileFormatError
from classifier.importers.results import RowError
from classifier.importers.values import EPOCH

# A thousand times a profile: one endless line must not fill the memory.
LINE_LIMIT = 4_000_000
PARQUET_ROWS = 1_024
_SURROGATES = re.compile("[\ud800-\udfff]")
_NOT_CSV = ("not_csv", 'the row is not CSV: a quote is never closed or stands inside a value, write "" for that')
# A Parquet value that Python cannot hold: text that is not UTF-8, the year 30000. Every reader notes it as unusable.
UNREADABLE = object()
# Parquet's numbers are exact, so that a large one need not be doubted as one of JSON is.
ID_COLUMNS = frozenset({"account_id", "id", "id_str", "user_id"})
# Stands for a line that was too long to read. Decoding never yields this surrogate, undecodable bytes yield others.
_TOO_LONG = "\ud800"


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row as the file has it, or why it cannot be read."""

    number: int
    values: Mapping[str, Any] | None
    error: RowError | None = None


def read_rows(path: Path) -> Iterator[RawRow]:
    """Yield the rows of a file whose ending tells its format.

    Raises
    ------
    FileFormatError
        At once, or on the first row, if there is no such file, or its ending or content is not one of ours.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise FileFormatError(f"{path.name}: unknown ending, use one of {', '.join(_READERS)}")
    if not path.is_file():
        raise FileFormatError(f"{path.name}: there is no such file")
    return reader(path)


def _csv_rows(path: Path) -> Iterator[RawRow]:
    with _open_text(path, newline="") as stream:
        lines = _Lines(stream)
        # Strict: a quote in the wrong place is an error; the lenient reader would garble the row without a word.
        records = csv.reader(lines, strict=True)
        header = [name.strip() for name in _first(records)]
        _check_columns(path, header, "".join(lines.taken))
        number = 0
        while True:
            lines.taken.clear()
            try:
                record = next(records)
            except StopIteration:
                return
            except csv.Error:
                lines.put_back_all_but_the_first()
                record = None
            if record != []:
                number += 1
                yield _csv_row(number, header, record, lines.taken)


class _Lines:
    """The physical lines of a CSV file, which can be put back.

    A quote that is never closed makes the rest of the file one record. When such a record turns out to be broken only
    its first line is given up, and reading starts again from the second.
    """

    def __init__(self, stream: IO[str]) -> None:
        self._lines = _bounded_lines(stream)
        self._returned: deque[str] = deque()
        self.taken: list[str] = []

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._returned.popleft() if self._returned else next(self._lines)
        self.taken.append(line)
        return line

    def put_back_all_but_the_first(self) -> None:
        self._returned.extendleft(reversed(self.taken[1:]))
        del self.taken[1:]


def _first(records: Iterator[list[str]]) -> list[str]:
    try:
        return next(records, [])
    except csv.Error:
        return []


def _check_columns(path: Path, names: list[str], line: str = "") -> None:
    if _undecodable(line):
        raise FileFormatError(f"{path.name}: not UTF-8, save it as UTF-8")
    if not any(names) or len(set(names)) < len(names):
        raise FileFormatError(f"{path.name}: the columns need names, each once; in CSV the first line gives them")


def _csv_row(number: int, header: list[str], record: list[str] | None, lines: list[str]) -> RawRow:
    undecodable = _undecodable("".join(lines))
    if undecodable or record is None:
        problem = undecodable or _NOT_CSV
        return RawRow(number, None, RowError(*problem, row=number))
    if len(record) != len(header):
        reason, word = ("too_few_fields", "fewer") if len(record) < len(header) else ("too_many_fields", "more")
        message = f"the row has {word} fields than the header: quote values that contain a comma"
        return RawRow(number, None, RowError(reason, message, row=number))
    return RawRow(number, dict(zip(header, record, strict=True)))


def _jsonl_rows(path: Path) -> Iterator[RawRow]:
    with _open_text(path, newline="\n") as stream:
        filled = (line for line in _bounded_lines(stream) if not line.isspace())
        for number, line in enumerate(filled, start=1):
            yield _jsonl_row(number, line)


def _jsonl_row(number: int, line: str) -> RawRow:
    problem = _undecodable(line)
    if problem is None:
        try:
            values = json.loads(line)
        except (ValueError, RecursionError):
            problem = ("not_json", "the line is not JSON: write one object a line")
        else:
            if isinstance(values, dict):
                return RawRow(number, values)
            problem = ("not_an_object", "the line is JSON but no object: write one object a line")
    return RawRow(number, None, RowError(*problem, row=number))


def _open_text(path: Path, newline: str) -> IO[str]:
    try:
        return path.open(encoding="utf-8-sig", errors="surrogateescape", newline=newline)
    except OSError as error:
        raise FileFormatError(f"{path.name}: cannot be opened, {error.strerror}") from error


def _bounded_lines(stream: IO[str]) -> Iterator[str]:
    while line := stream.readline(LINE_LIMIT):
        whole = line.endswith(("\n", "\r")) or len(line) < LINE_LIMIT
        yield line if whole else _TOO_LONG
        while not whole:
            rest = stream.readline(LINE_LIMIT)
            whole = rest.endswith(("\n", "\r")) or len(rest) < LINE_LIMIT


def _undecodable(text: str) -> tuple[str, str] | None:
    found = None if text.isascii() else _SURROGATES.search(text)
    if found is None:
        return None
    if found[0] == _TOO_LONG:
        return "line_too_long", f"the line is longer than {LINE_LIMIT:,} characters"
    return "not_utf8", "the row is not UTF-8: save the file as UTF-8"


def _parquet_rows(path: Path) -> Iterator[RawRow]:
    try:
        with pq.ParquetFile(path) as file:
            _check_columns(path, file.schema_arrow.names)
            batches = file.iter_batches(batch_size=PARQUET_ROWS)
            rows = (row for batch in batches for row in _batch_rows(batch))
            for number, row in enumerate(rows, start=1):
                yield RawRow(number, row)
    except (pa.ArrowException, OSError) as error:
        raise FileFormatError(f"{path.name}: not a Parquet file, or a damaged one") from error


def _batch_rows(batch: pa.RecordBatch) -> Iterator[dict[str, Any]]:
    names = batch.schema.names
    columns = [_column(name, column) for name, column in zip(names, batch.columns, strict=True)]
    return (dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True))


def _column(name: str, column: pa.Array) -> list[Any]:
    """Return a column's values; times as aware ones, exact whole numbers that are identifiers as text."""
    kind = column.type
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        zone = kind.tz if pa.types.is_timestamp(kind) else None
        return [
            _time(value) for value in column.cast(pa.timestamp("us", zone), safe=False).cast(pa.int64()).to_pylist()
        ]
    if pa.types.is_decimal(kind) or (pa.types.is_integer(kind) and name in ID_COLUMNS):
        column = column.cast(pa.string())
    try:
        return cast(list[Any], column.to_pylist())
    except (ValueError, OverflowError):
        return [_cell(cell) for cell in column]


def _time(microseconds: int | None) -> datetime | object | None:
    try:
        return None if microseconds is None else EPOCH + timedelta(microseconds=microseconds)
    except OverflowError:
        return UNREADABLE


def _cell(cell: pa.Scalar) -> Any:
    try:
        return cell.as_py()
    except (ValueError, OverflowError):
        return UNREADABLE


_READERS: dict[str, Callable[[Path], Iterator[RawRow]]] = {
    ".csv": _csv_rows,
    ".jsonl": _jsonl_rows,
    ".ndjson": _jsonl_rows,
    ".parquet": _parquet_rows,
}
ENDINGS = tuple(_READERS)
