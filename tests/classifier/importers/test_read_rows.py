from __future__ import annotations

import gzip
import io
import pickle
import sys
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from classifier.errors import FileFormatError
from classifier.importers import read_rows
from classifier.importers.read_rows import read_raw
from classifier.importers.readers.discover import find_inputs
from classifier.importers.readers.raw_row import UNREADABLE, RawRow, unreadable_row
from classifier.importers.readers.source import Source

X_V2 = '{"username": "jane", "public_metrics": {}}\n'


def short(rows: Iterable[tuple[int, RawRow, str]]) -> list[tuple[int, int, str]]:
    """Source, number, and the format or the reason."""
    return [(place, row.number, row.error.reason if row.error else known) for place, row, known in rows]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_rows_of_many_files_come_in_order_with_each_files_format() -> None:
    Path("b.csv").write_text("handle\njane\nsam,x\n")
    Path("a.jsonl.gz").write_bytes(gzip.compress(X_V2.encode() * 2))
    pq.write_table(pa.table({"screen_name": ["jane"], "followers_count": [3]}), "c.parquet")
    assert short(read_raw(find_inputs(["b.csv", "a.jsonl.gz", "c.parquet"]))) == [
        (0, 1, "doublecheck"),
        (0, 2, "too_many_fields"),
        (1, 1, "x-v2"),
        (1, 2, "x-v2"),
        (2, 1, "x-v1"),
    ]


def test_a_format_that_is_given_is_taken_for_all() -> None:
    Path("a.csv").write_text("handle\njane\n")
    Path("b.jsonl").write_text(X_V2)
    rows = read_raw(find_inputs(["a.csv", "b.jsonl"]), format="mastodon")
    assert [known for _, _, known in rows] == ["mastodon", "mastodon"]


def test_of_many_files_one_that_cannot_be_read_is_one_error() -> None:
    contents = {
        "a.csv": b"handle\njane\n", "b.parquet": b"PAR1", "c.csv": b"", "d.csv": b"h\xff\njane\n", "e.csv": b"x\ny\n",
        "f.csv": b"handle\n", "g.csv.gz": b"handle\njane\n", "h.jsonl": b"bad\n\nworse\n", "i.csv": b"handle\nsam\n",
    }  # fmt: skip
    for name, content in contents.items():
        Path(name).write_bytes(content)
    sources = find_inputs(["."])
    found = list(read_raw(sources))
    assert short(found) == [
        (0, 1, "doublecheck"),
        *((place, 0, "file_unreadable") for place in range(1, 7)),
        # These are rows and not a file as a whole: each row that was read has its own.
        (7, 1, "not_json"),
        (7, 2, "not_json"),
        (8, 1, "doublecheck"),
    ]
    assert all(row.error and str(row.error).startswith(f"row 0: {sources[at].name}: ") for at, row, _ in found[1:7])


@pytest.mark.parametrize("content", ["", "\n", "handle\n", "foo\njane\n", "handle,handle\na,b\n"])
def test_a_file_alone_that_cannot_be_read_is_an_error_at_once(content: str) -> None:
    Path("a.csv").write_text(content)
    with pytest.raises(FileFormatError, match=r"a\.csv"):
        read_raw(find_inputs(["a.csv"]))


def test_a_file_that_goes_away_meanwhile_is_one_error() -> None:
    for name in ("a.csv", "b.csv", "c.parquet"):
        Path(name).write_text("handle\njane\n")
    sources = find_inputs(["."])
    Path("a.csv").unlink()
    Path("c.parquet").unlink()
    found = list(read_raw(sources))
    assert short(found) == [(0, 0, "file_unreadable"), (1, 1, "doublecheck"), (2, 0, "file_unreadable")]
    assert all("cannot be opened, No such file" in str(row.error) for _, row, _ in (found[0], found[2]))


def test_an_invented_format_is_an_error_at_once() -> None:
    Path("a.csv").write_text("handle\njane\n")
    with pytest.raises(FileFormatError, match="--format"):
        read_raw(find_inputs(["a.csv", "."][:1]) * 2, format="myspace")


def test_endless_rubbish_is_given_up_before_it_fills_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_rows, "UNREADABLE_LIMIT", 100)
    Path("a.jsonl").write_text("rubbish\n" * 101)
    Path("b.jsonl").write_text("rubbish\n" * 99 + X_V2)
    assert short(read_raw(find_inputs(["."])))[:2] == [(0, 0, "file_unreadable"), (1, 1, "not_json")]
    with pytest.raises(FileFormatError, match="not one of its first 100 rows"):
        read_raw(find_inputs(["a.jsonl"]))
    assert short(read_raw(find_inputs(["b.jsonl"])))[-1] == (0, 100, "x-v2")


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
@pytest.mark.parametrize("packing", ["plain", "gzip", "zstd"])
def test_standard_input_may_be_packed(kind: str, packing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    table = io.BytesIO()
    pq.write_table(pa.table({"handle": ["jane"]}), table)
    content = {"csv": b"handle\njane\n", "jsonl": b'{"handle": "jane"}\n', "parquet": table.getvalue()}[kind]
    if packing != "plain" and kind != "parquet":
        packed = pa.BufferOutputStream()
        with pa.CompressedOutputStream(packed, packing) as stream:
            stream.write(content)
        content = packed.getvalue().to_pybytes()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    (found,) = read_raw([Source(None, name="-", kind=kind)])
    assert found == (0, RawRow(1, {"handle": "jane"}), "doublecheck")


def test_raw_rows_survive_pickling() -> None:
    rows = [RawRow(1, {"handle": UNREADABLE}), unreadable_row(2, "not_csv", "the row is not CSV: quote it")]
    good, bad = pickle.loads(pickle.dumps(rows))  # noqa: S301
    assert good.values["handle"] is UNREADABLE
    assert (bad.number, bad.error.reason, bad.error.row, str(bad.error)) == (
        2, "not_csv", 2, "row 2: the row is not CSV: quote it",
    )  # fmt: skip
