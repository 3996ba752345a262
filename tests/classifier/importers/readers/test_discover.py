from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from classifier.errors import FileFormatError
from classifier.importers.readers.discover import find_inputs, fraction_read
from classifier.importers.readers.source import Source


@pytest.fixture(autouse=True)
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Files as exports lie around, in the working directory."""
    for name in (
        "day/b.csv", "day/a.jsonl.gz", "day/deep/er/c.parquet", "day/deep/d.NDJSON", "day/notes.txt", "day/old.json",
        "day/_SUCCESS", "day/.hidden.csv", "day/_part.csv", "day/_temporary/e.csv", "day/.git/f.csv",
        "day/b.csv.summary.json", "day/g.parquet.gz", "odd[1].csv", "accounts.txt",
    ):  # fmt: skip
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("handle\njane\n")
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def names(*given: str, kind: str | None = None) -> list[str]:
    return [source.name for source in find_inputs(given, kind=kind)]


def test_files_keep_the_order_and_the_names_they_were_given() -> None:
    assert names("odd[1].csv", "./day/b.csv", "day/a.jsonl.gz") == ["odd[1].csv", "day/b.csv", "day/a.jsonl.gz"]


def test_a_file_says_what_it_is(directory: Path) -> None:
    (packed,) = find_inputs([str(directory / "day/a.jsonl.gz")])
    assert (packed.name, packed.kind, packed.compression, packed.size) == (
        str(directory / "day/a.jsonl.gz"), "jsonl", "gzip", 12,
    )  # fmt: skip


def test_a_directory_gives_its_files_of_ours_by_path() -> None:
    found = ["day/a.jsonl.gz", "day/b.csv", "day/deep/d.NDJSON", "day/deep/er/c.parquet"]
    assert names("day") == names("day/") == found
    assert names("day", kind="jsonl") == ["day/a.jsonl.gz", "day/deep/d.NDJSON"]
    assert names(".") == [*found, "odd[1].csv"]


def test_a_pattern_gives_its_files_by_path() -> None:
    assert names("day/*.csv") == ["day/_part.csv", "day/b.csv"]
    assert names("day/**/*.parquet") == ["day/deep/er/c.parquet"]
    assert names("day/b.csv*") == ["day/b.csv"]
    assert names("day/[ab].*") == ["day/a.jsonl.gz", "day/b.csv"]


def test_a_kind_that_is_given_counts_more_than_the_ending() -> None:
    (source,) = find_inputs(["accounts.txt"], kind="csv")
    assert [row.values for row in source.read()] == [{"handle": "jane"}]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ([], "nothing to read"),
        (["missing.csv"], r"missing\.csv: there is no such file"),
        (["accounts.txt"], r"unknown ending, use one of .csv, .jsonl, .ndjson, .parquet; .gz or .zst may follow"),
        (["day/g.parquet.gz"], "unknown ending"),
        (["day/*"], "unknown ending"),
        (["nothing*.csv"], "no file has a name like this"),
        (["emp*"], "no file has a name like this"),
        (["empty"], "no file in this directory"),
        (["day/b.csv", "day/../day/b.csv"], "are one file, and its rows would count twice"),
        (["day/b.csv", "day"], r"day/b\.csv is given twice"),
        (["-"], "give --input-kind, one of csv, jsonl, parquet"),
        (["day", "-"], "give - alone"),
    ],
)
def test_what_cannot_be_read_is_said(given: Sequence[str], message: str) -> None:
    with pytest.raises(FileFormatError, match=message):
        find_inputs(given)


def test_an_invented_kind_is_an_error() -> None:
    with pytest.raises(FileFormatError, match="csv, jsonl, parquet"):
        find_inputs(["day"], kind="xlsx")


def test_a_link_to_a_file_is_the_same_file(directory: Path) -> None:
    (directory / "day/latest.csv").symlink_to("b.csv")
    with pytest.raises(FileFormatError, match="one file"):
        find_inputs(["day"])


def test_a_pipe_with_a_name_is_no_file(directory: Path) -> None:
    os.mkfifo(directory / "pipe.csv")
    with pytest.raises(FileFormatError, match="give - to read from a pipe"):
        find_inputs(["pipe.csv"])


def test_a_name_that_is_no_text_is_shown_as_text(directory: Path) -> None:
    (directory / "empty" / "caf\udce9.csv").write_text("handle\njane\n")
    (source,) = find_inputs(["empty"])
    assert source.name == "empty/caf�.csv"
    assert len(list(source.read())) == 1


class Piped:
    """Standard input as a pipe gives it: nobody knows how long it is."""

    def __init__(self, content: bytes) -> None:
        self.buffer = io.BytesIO(content)

    def fileno(self) -> int:
        raise io.UnsupportedOperation


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", Piped(b'{"handle": "jane"}\n'))
    (source,) = find_inputs(["-"], kind="jsonl")
    assert (source.name, source.size, source.path) == ("-", None, None)
    assert [row.values for row in source.read()] == [{"handle": "jane"}]
    assert fraction_read([source]) is None


def test_standard_input_from_a_file_has_a_size(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (directory / "day/b.csv").open() as file:
        monkeypatch.setattr(sys, "stdin", file)
        (source,) = find_inputs(["-"], kind="csv")
        assert source.size == 12


def test_progress_goes_by_the_bytes_of_all_files(directory: Path) -> None:
    (directory / "empty/large.csv").write_text("handle\n" + "jane\n" * 400_000)
    sources = find_inputs(["empty", "day/b.csv"])
    assert fraction_read(sources) == 0
    rows = sources[0].read()
    seen = [fraction_read(sources) for _ in zip(rows, range(200_000), strict=False)]
    assert seen == sorted(seen, key=lambda fraction: fraction or 0)
    assert 0.3 < (seen[-1] or 0) < 0.7
    assert sum(1 for _ in rows) == 199_999
    next(sources[1].read())
    assert fraction_read(sources) == 1, "nobody reads on"
    assert fraction_read([]) == 1


def test_a_source_says_what_it_is_in_a_traceback() -> None:
    assert repr(Source(None, name="-", kind="csv")) == "Source('-', kind='csv', compression=None)"
