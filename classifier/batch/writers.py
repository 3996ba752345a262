"""Writing answers: CSV, JSONL or Parquet, plain or compressed, the same bytes for the same answers every time."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol, cast

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from classifier.errors import FileFormatError
from classifier.importers.readers.source import told_by_ending
from classifier.utils.atomic_files import atomic_path

STANDARD = "-"
# Rows of one row group of a Parquet file: what readers like, and what is held in memory.
_GROUP = 65_536


class Sink(Protocol):
    """What answers are written to."""

    def write(self, batch: pa.RecordBatch) -> None:
        """Write some answers behind those before."""

    def close(self) -> None:
        """Write what is still held back."""


@dataclass(frozen=True, slots=True)
class Output:
    """Where answers go, and in which form.

    Attributes
    ----------
    path : Path or None
        ``None`` for standard output.
    kind : {"csv", "jsonl", "parquet"}
    compression : {"gzip", "zstd"} or None
        Of the whole file; Parquet compresses within.
    """

    path: Path | None
    kind: str
    compression: str | None = None

    @classmethod
    def of(cls, name: str, kind: str | None = None) -> Output:
        """Read the name of an output: its ending tells the form, ``kind`` where it does not; "-" is standard output.

        Raises
        ------
        FileFormatError
            If the form cannot be told.
        """
        if name == STANDARD:
            return cls(None, kind or "jsonl")
        path = Path(name)
        told, compression = told_by_ending(path)
        found = kind or told
        if found is None or (compression and found == "parquet"):
            raise FileFormatError(
                f"'{path.suffix}' is no output format; name a file ending in .csv, .jsonl or .parquet, "
                "the first two also with .gz or .zst behind"
            )
        return cls(path, found, compression)

    @contextmanager
    def open(self, schema: pa.Schema) -> Iterator[Sink]:
        """Yield a sink; the file appears under its name when the block succeeds, and not at all when it fails."""
        with nullcontext(None) if self.path is None else atomic_path(self.path) as path:
            with self._stream(path) as stream:
                sink = _SINKS[self.kind](stream, schema)
                try:
                    yield sink
                finally:  # also when it fails: pyarrow's writers must not outlive the file
                    sink.close()
            if path is None:
                sys.stdout.buffer.flush()

    @contextmanager
    def _stream(self, path: Path | None) -> Iterator[Any]:
        plain = pa.PythonFile(_Unclosed(sys.stdout.buffer), "w") if path is None else pa.OSFile(str(path), "wb")
        with plain, pa.CompressedOutputStream(plain, self.compression) if self.compression else plain as stream:
            yield stream


class _Unclosed:
    """Standard output, which stays open for what the process writes after the answers."""

    closed = False

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def write(self, content: bytes) -> int:
        return self._stream.write(content)

    def flush(self) -> None:
        self._stream.flush()

    def close(self) -> None:
        self._stream.flush()


class _JsonLines:
    """Writes one JSON object a line; lists are lists there."""

    def __init__(self, stream: Any, schema: pa.Schema) -> None:
        self._stream, self._schema = stream, schema

    def write(self, batch: pa.RecordBatch) -> None:
        lines = [_line(row) for row in batch.to_pylist()]
        self._stream.write("".join(lines).encode())

    def close(self) -> None:
        """Nothing is held back."""


def _line(row: dict[str, Any]) -> str:
    return json.dumps(row | {"reasons": json.loads(row["reasons"])}, ensure_ascii=False) + "\n"


class _Csv:
    def __init__(self, stream: Any, schema: pa.Schema) -> None:
        self._writer = pa.csv.CSVWriter(stream, schema)

    def write(self, batch: pa.RecordBatch) -> None:
        self._writer.write_batch(batch)

    def close(self) -> None:
        self._writer.close()


class _Parquet:
    """Writes row groups of one size, whatever the size of the parts."""

    def __init__(self, stream: Any, schema: pa.Schema) -> None:
        self._writer = pa.parquet.ParquetWriter(stream, schema, compression="zstd")
        self._schema = schema
        self._held: list[pa.RecordBatch] = []

    def write(self, batch: pa.RecordBatch) -> None:
        self._held.append(batch)
        if sum(map(len, self._held)) >= _GROUP:
            self._let_go()

    def close(self) -> None:
        if self._held:
            self._let_go()
        self._writer.close()

    def _let_go(self) -> None:
        self._writer.write_table(pa.Table.from_batches(self._held, self._schema), row_group_size=2 * _GROUP)
        self._held = []


_SINKS = cast(dict[str, Any], {"csv": _Csv, "jsonl": _JsonLines, "parquet": _Parquet})
