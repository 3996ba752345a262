"""Rows out of Parquet, a batch at a time. A damaged row group costs its own rows; their number is in the footer."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import repeat
from pathlib import Path
from typing import IO, Any, cast

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow.compute import CastOptions

from classifier.errors import FileFormatError
from classifier.importers.readers.csv_rows import check_columns
from classifier.importers.readers.raw_row import UNREADABLE, RawRow, Unreadable, unreadable_row
from classifier.importers.values import EPOCH
from classifier.utils.memory_limit import at_most

PARQUET_ROWS = 1_024
# Most memory that so many rows may take; a thousand full profiles take a hundredth of it.
BATCH_BYTES = 1 << 30
# Of rows that are all the same a byte holds any number. As many as these are believed whatever the size of the file.
ROWS_PER_BYTE, ROWS_FREE = 16, 10_000_000
# Without it pyarrow holds a whole row group's bytes.
_BUFFER = 1024 * 1024
# Parquet's numbers are exact, so that a large one need not be doubted as one of JSON is.
ID_COLUMNS = frozenset({"account_id", "id", "id_str", "user_id"})
_DAMAGED = ("file_damaged", "this part of the Parquet file is damaged and its rows are lost: write the file again")
_TOO_LARGE = (
    "too_large",
    "this part of the Parquet file unpacks to more memory than is granted for it: look for values that are no text of "
    "a profile, or write the file in smaller row groups",
)
# Whatever pyarrow finds in a damaged file, and Python's own words for values that it cannot hold.
_ERRORS = (pa.ArrowException, OSError, ValueError, ArithmeticError, LookupError, TypeError, MemoryError)


def parquet_rows(file: Path | IO[bytes], name: str, progress: Callable[[float], None]) -> Iterator[RawRow]:
    """Yield the rows of a Parquet file, also those that cannot be read.

    Parameters
    ----------
    progress : callable
        Is told the fraction of the rows that were read.

    Raises
    ------
    FileFormatError
        If the footer cannot be read or contradicts itself, or the columns have no names, each once.
    """
    with _opened(file, name) as parquet:
        check_columns(parquet.schema_arrow.names, name)
        total, number = parquet.metadata.num_rows, 0
        if total > max(ROWS_FREE, ROWS_PER_BYTE * _size(file)):
            raise FileFormatError(
                f"{name}: says that it has {total:,} rows, far more than its bytes can hold of accounts that differ"
            )
        for group in range(parquet.metadata.num_row_groups):
            for row in _group_rows(parquet, group):
                number += 1
                if number % PARQUET_ROWS == 0:
                    progress(number / total)
                yield RawRow(number, row) if isinstance(row, dict) else unreadable_row(number, *row)


def _opened(file: Path | IO[bytes], name: str) -> pq.ParquetFile:
    try:
        parquet = pq.ParquetFile(file, buffer_size=_BUFFER, page_checksum_verification=True)
        if _is_consistent(parquet.metadata) and parquet.schema_arrow is not None:
            return parquet
        parquet.close()
    except _ERRORS as error:
        # Only the system's own errors have a number; pyarrow's, about what it read, are of the same class.
        number = error.errno if isinstance(error, OSError) else None
        problem = _NO_FOOTER if number is None else f"cannot be opened, {os.strerror(number)}"
        raise FileFormatError(f"{name}: {problem}") from error
    raise FileFormatError(f"{name}: {_NO_FOOTER}")


def _size(file: Path | IO[bytes]) -> int:
    return (file.stat() if isinstance(file, Path) else os.fstat(file.fileno())).st_size


_NO_FOOTER = "not a Parquet file, or a damaged one: its end, which says where everything is, cannot be read"


def _is_consistent(footer: pq.FileMetaData) -> bool:
    """Tell whether a footer counts rows as its parts do: whoever believes a wrong one counts rows without end.

    Its columns could tell more, but pyarrow ends the whole process when it is asked for a damaged one.
    """
    counts = [footer.row_group(at).num_rows for at in range(footer.num_row_groups)]
    return footer.num_rows == sum(counts) and min(counts, default=0) >= 0


def _group_rows(parquet: pq.ParquetFile, group: int) -> Iterator[dict[str, Any] | tuple[str, str]]:
    """Yield as many rows as a row group should have; reason and message for those that cannot be read."""
    left, why = parquet.metadata.row_group(group).num_rows, _DAMAGED
    try:
        batches = parquet.iter_batches(PARQUET_ROWS, row_groups=[group])
        while rows := _next_rows(batches):
            left -= len(rows)
            yield from rows
    except MemoryError:  # pyarrow's own is one too
        why = _TOO_LARGE
    except _ERRORS:
        pass
    yield from repeat(why, left)


def _next_rows(batches: Iterator[pa.RecordBatch]) -> list[dict[str, Any]]:
    """Return the next rows, none at the end.

    A value that stands once in the file may be that of every row, and a row may have any number of values: kilobytes
    ask for gigabytes, which only reading them shows.
    """
    with at_most(BATCH_BYTES):
        batch = next(batches, None)
        return [] if batch is None else rows_of(batch)


def rows_of(batch: pa.RecordBatch) -> list[dict[str, Any]]:
    """Return the rows of a record batch as every reader gives them."""
    names = batch.schema.names
    columns = [_column(name, column) for name, column in zip(names, batch.columns, strict=True)]
    return [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]


def _column(name: str, column: pa.Array) -> list[Any]:
    """Return a column's values; times as aware ones, exact whole numbers that are identifiers as text."""
    kind = column.type
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        return _times(column, pa.timestamp("us", kind.tz if pa.types.is_timestamp(kind) else None))
    if pa.types.is_decimal(kind) or (pa.types.is_integer(kind) and name in ID_COLUMNS):
        column = column.cast(pa.string())
    try:
        return cast(list[Any], column.to_pylist())
    except MemoryError:
        raise
    except _ERRORS:
        return [_cell(cell) for cell in column]


def _times(column: pa.Array, kind: pa.DataType) -> list[datetime | Unreadable | None]:
    # Cut to microseconds, but never turned over: a far future must not become a likely date.
    cut = CastOptions(kind, allow_time_truncate=True)
    try:
        return [_time(value) for value in column.cast(options=cut).cast(pa.int64()).to_pylist()]
    except pa.ArrowInvalid:
        if len(column) == 1:
            return [UNREADABLE]
        return [value for at in range(len(column)) for value in _times(column.slice(at, 1), kind)]


def _time(microseconds: int | None) -> datetime | Unreadable | None:
    try:
        return None if microseconds is None else EPOCH + timedelta(microseconds=microseconds)
    except OverflowError:
        return UNREADABLE


def _cell(cell: pa.Scalar) -> Any:
    try:
        return cell.as_py()
    except MemoryError:
        raise
    except _ERRORS:
        return UNREADABLE
