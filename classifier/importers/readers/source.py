"""One thing to read, a file or standard input, and its rows; a row that cannot be read is an error and not the end.

Every row is yielded once, in order. Text is UTF-8, with or without a byte order mark, and may be packed with gzip or
Zstandard. Where a file is damaged the rows before are yielded, then one error; of Parquet, which says how many rows it
has, one error for each row that is lost.
"""

from __future__ import annotations

import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import IO, BinaryIO

from classifier.errors import FileFormatError
from classifier.importers.readers.csv_rows import csv_rows
from classifier.importers.readers.jsonl_rows import jsonl_rows
from classifier.importers.readers.parquet_rows import parquet_rows
from classifier.importers.readers.picture_column import with_hashes
from classifier.importers.readers.raw_row import RawRow
from classifier.importers.readers.streams import Stream
from classifier.pictures import PictureHashes

KINDS = ("csv", "jsonl", "parquet")
_KIND_OF = {".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".parquet": "parquet"}
# Endings of files that are read as these kinds and never written: one JSON document, columns between tabs.
_READ_ONLY = {".json": "jsonl", ".tsv": "csv"}
_COMPRESSION_OF = {".gz": "gzip", ".zst": "zstd"}
ENDINGS = tuple(_KIND_OF)
CHOICES = f"use one of {', '.join(ENDINGS)}; .gz or .zst may follow all but the last"


class Source:
    """One thing to read.

    Parameters
    ----------
    path : Path or None
        ``None`` for standard input.
    name : str
        What it is called in messages and in the output.
    kind : {"csv", "jsonl", "parquet"}
    compression : {"gzip", "zstd"}, optional
        Told from the first bytes where it is not given.

    Attributes
    ----------
    size : int or None
        Its bytes as they are stored, where they are known.
    pictures : PictureHashes or None
        Where the files are that the column ``avatar_file`` names; without it none is read.
    """

    def __init__(self, path: Path | None, *, name: str, kind: str, compression: str | None = None) -> None:
        self.path = path
        self.name = name
        self.kind = kind
        self.compression = compression
        self.size = _size(path)
        self.pictures: PictureHashes | None = None
        self._stream: Stream | None = None
        self._fraction = 0.0

    def __repr__(self) -> str:
        return f"Source({self.name!r}, kind={self.kind!r}, compression={self.compression!r})"

    @property
    def progress(self) -> float | None:
        """How far the reading is, from 0 to 1; ``None`` for a pipe, of which nobody knows the length."""
        if self._stream is None:
            return self._fraction
        return None if self.size is None else min(1.0, self._stream.taken / max(1, self.size))

    def read(self) -> Iterator[RawRow]:
        """Yield all rows.

        Raises
        ------
        FileFormatError
            On the first row, if nothing can be read.
        InputError
            If a row names a picture and the extra that reads it is not installed.
        """
        return self._rows() if self.pictures is None else with_hashes(self._rows(), self.pictures)

    def _rows(self) -> Iterator[RawRow]:
        self._fraction = 0.0
        try:
            if self.kind == "parquet":
                with _table_file(self.path) as table:
                    yield from parquet_rows(table, self.name, self._set_fraction)
            else:
                with self._opened() as file:
                    self._stream = Stream(file, self.compression)
                    yield from csv_rows(self._stream, self.name) if self.kind == "csv" else jsonl_rows(self._stream)
        finally:
            # Also of a file that cannot be read: nothing more comes of it.
            self._stream, self._fraction = None, 1.0

    def _opened(self) -> AbstractContextManager[BinaryIO]:
        if self.path is None:
            return nullcontext(sys.stdin.buffer)
        try:
            return self.path.open("rb")
        except OSError as error:
            raise FileFormatError(f"{self.name}: cannot be opened, {error.strerror}") from error

    def _set_fraction(self, fraction: float) -> None:
        self._fraction = fraction


def _size(path: Path | None) -> int | None:
    """Return the bytes of a regular file; standard input is one where the shell opened it with "<"."""
    try:
        found = path.stat() if path is not None else os.fstat(sys.stdin.fileno())
    except (OSError, ValueError):
        return None
    return found.st_size if stat.S_ISREG(found.st_mode) else None


@contextmanager
def _table_file(path: Path | None) -> Iterator[Path | IO[bytes]]:
    """Give what pyarrow reads Parquet from: it begins at the end, so standard input has to go to the disk first."""
    if path is not None:
        yield path
        return
    with tempfile.TemporaryFile() as file:
        shutil.copyfileobj(sys.stdin.buffer, file)
        yield file


def told_by_ending(path: Path) -> tuple[str | None, str | None]:
    """Return a file's kind and compression as its ending tells them, ``None`` for what it does not tell.

    Examples
    --------
    >>> told_by_ending(Path("a.csv.gz")), told_by_ending(Path("a.parquet")), told_by_ending(Path("a.txt"))
    (('csv', 'gzip'), ('parquet', None), (None, None))
    """
    compression = _COMPRESSION_OF.get(path.suffix.lower())
    kind = _KIND_OF.get((path.with_suffix("") if compression else path).suffix.lower())
    return (None if compression and kind == "parquet" else kind), compression


def read_rows(path: Path) -> Iterator[RawRow]:
    """Yield the rows of a file whose ending tells its format.

    Raises
    ------
    FileFormatError
        At once, or on the first row, if there is no such file, or its ending or content is not one of ours.
    """
    return file_source(path, name=path.name).read()


def file_source(path: Path, *, name: str, kind: str | None = None) -> Source:
    """Return a file as one thing to read.

    Parameters
    ----------
    kind : str, optional
        What to read it as, whatever its ending.

    Raises
    ------
    FileFormatError
        If there is no such file, or nothing tells its kind.
    """
    told, compression = told_by_ending(path)
    told = told or _READ_ONLY.get((path.with_suffix("") if compression else path).suffix.lower())
    if kind is None and told is None:
        raise FileFormatError(f"{name}: unknown ending, {CHOICES}")
    if not path.is_file():
        what = "not a file: give - to read from a pipe" if path.exists() else "there is no such file"
        raise FileFormatError(f"{name}: {what}")
    return Source(path, name=name, kind=kind or told or "", compression=compression)
