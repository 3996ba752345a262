"""Files of some kilobytes that unpack to gigabytes: they are read at a bounded cost and what is wrong is said."""

import gzip
import subprocess
import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from classifier.errors import FileFormatError
from classifier.importers.readers import parquet_rows, streams
from classifier.importers.readers.source import read_rows

MEGABYTE = 1 << 20


def packed(path, content):
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(content))
    else:
        with pa.CompressedOutputStream(str(path), "zstd") as out:
            out.write(content)
    return path


def alike(count, value):
    """A column in which one value that stands once in the file is that of every row."""
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(count, dtype=np.int32)), pa.array([value]))


@pytest.mark.parametrize("ending", [".gz", ".zst"])
@pytest.mark.parametrize("unit", [b"a", b"\n", b"someone\n"])
def test_what_unpacks_without_end_ends(tmp_path, monkeypatch, ending, unit):
    monkeypatch.setattr(streams, "UNPACKED_FREE", 4 * MEGABYTE)
    content = b"handle\n" + unit * (64 * MEGABYTE // len(unit))
    path = packed(tmp_path / f"bomb.csv{ending}", content)
    assert path.stat().st_size < MEGABYTE // 10
    last = None
    count = 0
    for count, last in enumerate(read_rows(path), 1):  # noqa: B007
        pass
    assert last.error.reason == "file_damaged"
    assert "unpacks to more than 500 times its bytes" in last.error.message
    assert count < 32 * MEGABYTE // 8


@pytest.mark.parametrize("ending", [".gz", ".zst"])
def test_accounts_that_are_nearly_all_alike_are_read_whole(tmp_path, monkeypatch, ending):
    monkeypatch.setattr(streams, "UNPACKED_FREE", MEGABYTE)
    lines = "".join(f"someone{number},The same bio of everybody again and again\n" for number in range(40_000))
    path = packed(tmp_path / f"alike.csv{ending}", f"handle,bio\n{lines}".encode())
    assert sum(row.error is None for row in read_rows(path)) == 40_000


# In a process of its own: others have memory to give that they need not ask for.
READING = """
import sys
from pathlib import Path

from classifier.importers.readers import parquet_rows
from classifier.importers.readers.source import read_rows

parquet_rows.BATCH_BYTES = 24 << 20
print({row.error and row.error.reason for row in read_rows(Path(sys.argv[1]))})
"""


@pytest.mark.parametrize(
    "table",
    [
        lambda: pa.table({"handle": alike(200, "someone"), "bio": alike(200, "x" * MEGABYTE)}),
        lambda: pa.table({"handle": ["a"], "aliases": pa.array([["x"] * (4 * MEGABYTE)], pa.list_(pa.string()))}),
    ],
    ids=["one value in all rows", "one row with millions of values"],
)
def test_parquet_that_asks_for_more_memory_than_is_granted_costs_its_rows(tmp_path, table):
    path = tmp_path / "bomb.parquet"
    pq.write_table(table(), path, compression="zstd")
    assert path.stat().st_size < MEGABYTE
    done = subprocess.run([sys.executable, "-c", READING, path], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "{'too_large'}\n"), done.stderr


def test_parquet_that_has_more_rows_than_bytes_is_refused_at_once(tmp_path, monkeypatch):
    monkeypatch.setattr(parquet_rows, "ROWS_FREE", 1_000)
    path = tmp_path / "bomb.parquet"
    pq.write_table(pa.table({"handle": alike(1_000_000, "someone")}), path)
    with pytest.raises(FileFormatError, match="1,000,000 rows"):
        list(read_rows(path))


def test_parquet_of_accounts_that_differ_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(parquet_rows, "ROWS_FREE", 0)
    path = tmp_path / "accounts.parquet"
    pq.write_table(pa.table({"handle": [f"someone{number}" for number in range(20_000)]}), path, compression="zstd")
    assert sum(row.error is None for row in read_rows(path)) == 20_000
