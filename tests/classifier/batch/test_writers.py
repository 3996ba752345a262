import csv
import gzip
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.batch import writers
from classifier.batch.writers import Output
from classifier.errors import FileFormatError, InputError

SCHEMA = pa.schema(
    [("row", pa.int64()), ("handle", pa.string()), ("probability", pa.float64()), ("reasons", pa.string())]
)
ENDINGS = [".csv", ".jsonl", ".ndjson", ".parquet", ".CSV", ".csv.gz", ".csv.zst", ".jsonl.gz", ".jsonl.zst"]


def batch(*handles: str | None) -> pa.RecordBatch:
    rows = [{"row": row, "handle": handle, "probability": 0.125, "reasons": '[{"code": "c", "text": "t"}]'}
            for row, handle in enumerate(handles, start=1)]  # fmt: skip
    return pa.RecordBatch.from_pylist(rows, schema=SCHEMA)


def written(path: Path, batches: Iterable[pa.RecordBatch]) -> Path:
    with Output.of(str(path)).open(SCHEMA) as sink:
        for one in batches:
            sink.write(one)
    return path


def content(path: Path) -> str:
    suffix = path.suffix.lower()
    with pa.input_stream(str(path), compression={".gz": "gzip", ".zst": "zstd"}.get(suffix)) as stream:
        return bytes(stream.read()).decode()


def handles(path: Path) -> list[Any]:
    """The handles of a file, as its own tools read it."""
    if ".parquet" in path.name:
        return pq.read_table(path).column("handle").to_pylist()
    if ".csv" in path.name.lower():
        return [row["handle"] for row in csv.DictReader(content(path).splitlines(keepends=True))]
    return [json.loads(line)["handle"] for line in content(path).removesuffix("\n").split("\n")]


HOSTILE = ['a "quoted", name', "line\u2028break", "=1+1", "Ünïcödé 東京", "a;b|c\\d", "'", "NULL", "null", "-"]


@pytest.mark.parametrize("ending", ENDINGS)
def test_handles_come_back_to_the_letter(tmp_path: Path, ending: str) -> None:
    path = written(tmp_path / f"out{ending}", [batch(*HOSTILE[:4]), batch(*HOSTILE[4:])])
    assert handles(path) == HOSTILE


@given(st.lists(st.text(min_size=1).filter(lambda text: "\0" not in text), min_size=1, max_size=5))
def test_any_text_is_kept_in_json(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    path = written(tmp_path_factory.mktemp("any") / "out.jsonl", [batch(*texts)])
    assert [json.loads(line)["handle"] for line in content(path).split("\n")[:-1]] == texts


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_same_answers_are_the_same_bytes(tmp_path: Path, ending: str) -> None:
    one, other = (written(tmp_path / f"{name}{ending}", [batch("a"), batch("b")]) for name in "ab")
    assert one.read_bytes() == other.read_bytes()


def test_gzip_is_what_gzip_reads(tmp_path: Path) -> None:
    path = written(tmp_path / "out.jsonl.gz", [batch("a")])
    assert json.loads(gzip.decompress(path.read_bytes()))["reasons"] == [{"code": "c", "text": "t"}]


def test_row_groups_do_not_depend_on_the_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writers, "_GROUP", 4)
    path = written(tmp_path / "out.parquet", [batch("a")] * 9)
    with pq.ParquetFile(path) as file:
        assert [file.metadata.row_group(at).num_rows for at in range(file.num_row_groups)] == [4, 4, 1]


@pytest.mark.parametrize("ending", [".csv", ".jsonl", ".parquet", ".csv.gz"])
def test_no_rows_make_a_file_too(tmp_path: Path, ending: str) -> None:
    path = written(tmp_path / f"out{ending}", [])
    assert path.exists()


@pytest.mark.parametrize("name", ["out.xlsx", "out", "out.json", "out.parquet.gz", "out.gz"])
def test_an_unknown_ending_is_refused(name: str) -> None:
    with pytest.raises(FileFormatError, match=r"\.csv, \.jsonl or \.parquet"):
        Output.of(name)


def test_a_name_that_does_not_tell_may_be_told(tmp_path: Path) -> None:
    with Output.of(str(tmp_path / "answers"), "jsonl").open(SCHEMA) as sink:
        sink.write(batch("a"))
    assert json.loads((tmp_path / "answers").read_text())["handle"] == "a"


@pytest.mark.parametrize("previous", [None, b"the run before"])
@pytest.mark.parametrize("ending", [".csv", ".jsonl.gz", ".parquet"])
def test_a_file_is_complete_under_its_name_or_not_there(tmp_path: Path, previous: bytes | None, ending: str) -> None:
    path = tmp_path / f"out{ending}"
    if previous is not None:
        path.write_bytes(previous)

    def torn() -> Iterator[pa.RecordBatch]:
        yield batch("a")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        written(path, torn())
    assert [one.name for one in tmp_path.iterdir()] == ([path.name] if previous is not None else [])
    assert previous is None or path.read_bytes() == previous


def test_an_output_that_is_no_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out.csv").mkdir()
    with pytest.raises(InputError, match="regular file"):
        written(tmp_path / "out.csv", [batch("a")])


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
def test_standard_output_takes_every_kind_and_stays_open(capfdbinary: pytest.CaptureFixture[bytes], kind: str) -> None:
    with Output.of("-", kind).open(SCHEMA) as sink:
        sink.write(batch("a"))
    print("after", flush=True)
    out = capfdbinary.readouterr().out
    assert out.endswith(b"after\n")
    assert {"csv": b'1,"a"', "jsonl": b'"handle": "a"', "parquet": b"PAR1"}[kind] in out
