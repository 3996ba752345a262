"""Every kind of damage a file can have: good rows arrive with their numbers, bad ones as errors, nothing else escapes.

No message holds any of the account's text; ``TEXT`` stands for it.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import pickle
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.errors import FileFormatError
from classifier.importers import read_accounts, read_protected
from classifier.importers.readers import streams
from classifier.importers.readers.csv_rows import csv_rows
from classifier.importers.readers.raw_row import UNREADABLE, RawRow
from classifier.importers.readers.source import Source, read_rows

NOW = datetime(2025, 7, 1, tzinfo=UTC)
TEXT = "Kårolaïne"


def zstd(content: bytes) -> bytes:
    packed = pa.BufferOutputStream()
    with pa.CompressedOutputStream(packed, "zstd") as stream:
        stream.write(content)
    return bytes(packed.getvalue())


PACKERS: dict[str, Callable[[bytes], bytes]] = {"": bytes, ".gz": gzip.compress, ".zst": zstd}


def found(path: Path) -> list[object]:
    """A file's rows: the values of the good ones, the reasons of the others. Numbers and messages are checked."""
    rows = list(read_rows(path))
    assert [row.number for row in rows] == list(range(1, len(rows) + 1))
    for row in rows:
        assert (row.values is None) == (row.error is not None)
        if row.error is not None:
            assert row.error.row == row.number
            assert ":" in row.error.message, "what is wrong: what to do about it"
            assert TEXT not in row.error.message
    return [row.values if row.error is None else row.error.reason for row in rows]


def write(path: Path, content: bytes | str) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


# Packed files


@pytest.mark.parametrize("packing", [".gz", ".zst", ".GZ"])
@pytest.mark.parametrize("kind", ["csv", "jsonl", "ndjson"])
def test_packed_files_are_read(tmp_path: Path, kind: str, packing: str) -> None:
    text = "handle\njane\nsam\n" if kind == "csv" else '{"handle": "jane"}\n{"handle": "sam"}\n'
    path = write(tmp_path / f"a.{kind}{packing}", PACKERS[packing.lower()](text.encode()))
    assert found(path) == [{"handle": "jane"}, {"handle": "sam"}]


@pytest.mark.parametrize("packing", [".gz", ".zst"])
def test_files_packed_in_parts_are_read_wholly(tmp_path: Path, packing: str) -> None:
    parts = [f'{{"handle": "u{n}"}}\n'.encode() for n in range(50)]
    path = write(tmp_path / f"a.jsonl{packing}", b"".join(map(PACKERS[packing], parts)))
    assert found(path) == [{"handle": f"u{n}"} for n in range(50)]


@pytest.mark.parametrize("packing", [".gz", ".zst"])
def test_a_packed_file_under_a_plain_name_is_read(tmp_path: Path, packing: str) -> None:
    assert found(write(tmp_path / "a.csv", PACKERS[packing](b"handle\njane\n"))) == [{"handle": "jane"}]


@pytest.mark.parametrize("packing", [".gz", ".zst"])
@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_a_packed_file_that_was_cut_off_ends_in_one_error(tmp_path: Path, kind: str, packing: str) -> None:
    rows = [{"handle": f"u{n}", "bio": f"{n * 7919 % 1_000_003} lines\nand text, {n}"} for n in range(20_000)]
    whole = PACKERS[packing](content_of(rows, kind))
    for cut in (len(whole) // 2, len(whole) - 1):
        read = found(write(tmp_path / f"a.{kind}{packing}", whole[:cut]))
        assert read[-1] == "file_damaged"
        assert read[:-1] == rows[: len(read) - 1]
        assert len(read) > cut / len(whole) * len(rows) * 0.7
    # The last byte is part of the checksum, all rows are there. (Zstandard gives nothing of an unfinished block.)
    assert len(read) == len(rows) + 1 or packing == ".zst"


@pytest.mark.parametrize("packing", [".gz", ".zst"])
def test_damage_inside_a_packed_file_ends_in_one_error(tmp_path: Path, packing: str) -> None:
    parts = [PACKERS[packing](f'{{"handle": "u{n}"}}\n'.encode()) for n in range(50)]
    path = write(tmp_path / f"a.jsonl{packing}", b"".join([*parts[:30], b"\x00" * 50, *parts[30:]]))
    assert found(path) == [*({"handle": f"u{n}"} for n in range(30)), "file_damaged"]


@pytest.mark.parametrize("content", [b"", b"\x1f\x8b", b"handle\njane\n", gzip.compress(b"", mtime=0)])
def test_a_packed_file_without_a_beginning_cannot_be_read(tmp_path: Path, content: bytes) -> None:
    for name in ("a.csv.gz", "a.jsonl.gz"):
        with pytest.raises(FileFormatError, match=name):
            read_accounts(write(tmp_path / name, content), now=NOW)


def test_a_disk_that_fails_ends_in_one_error() -> None:
    class Failing(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell() >= 12:
                raise OSError(5, "Input/output error")
            return super().read(size)

    with patch.object(streams, "BLOCK", 8):
        *rows, last = csv_rows(streams.Stream(Failing(b"handle\njane\nsam\nlou\n")), "a.csv")
    assert rows == [RawRow(1, {"handle": "jane"})]
    assert last.error is not None
    assert last.error.reason == "file_damaged"


def test_registries_may_be_packed(tmp_path: Path) -> None:
    path = write(tmp_path / "registry.csv.gz", gzip.compress(b"platform,handle\nx,jane\n"))
    (imported,) = read_protected(path, now=NOW)
    assert imported.account is not None


# Parquet


def test_parquet_without_its_footer_cannot_be_read(tmp_path: Path) -> None:
    pq.write_table(pa.table({"handle": ["jane", "sam"]}), tmp_path / "a.parquet")
    whole = (tmp_path / "a.parquet").read_bytes()
    for cut in (0, 3, 8, len(whole) // 2, len(whole) - 1):
        with pytest.raises(FileFormatError, match="Parquet"):
            list(read_rows(write(tmp_path / "a.parquet", whole[:cut])))


@pytest.mark.parametrize("compression", ["snappy", "none"])
def test_a_damaged_row_group_costs_its_own_rows(tmp_path: Path, compression: str) -> None:
    path = tmp_path / "a.parquet"
    table = pa.table({"handle": [f"jane{n:04}" for n in range(4_000)], "followers": range(4_000)})
    pq.write_table(table, path, row_group_size=1_000, compression=compression, write_page_checksum=True)
    start = pq.ParquetFile(path).metadata.row_group(1).column(0).data_page_offset
    content = bytearray(path.read_bytes())
    content[start + 60 : start + 90] = b"\xff" * 30
    read = found(write(path, bytes(content)))
    assert read[1_000:2_000] == ["file_damaged"] * 1_000
    rows = table.to_pylist()
    assert (read[:1_000], read[2_000:]) == (rows[:1_000], rows[2_000:])


def test_a_far_future_in_parquet_is_no_likely_date(tmp_path: Path) -> None:
    moments = pa.array([0, 10**18, None], pa.int64()).cast(pa.timestamp("ms", "Mars/Olympus"))
    pq.write_table(pa.table({"handle": ["a", "b", "c"], "created_at": moments}), tmp_path / "a.parquet")
    values = [row["created_at"] for row in found(tmp_path / "a.parquet") if isinstance(row, dict)]
    assert values == [datetime(1970, 1, 1, tzinfo=UTC), UNREADABLE, None]


@pytest.mark.parametrize(
    "followers",
    [
        pa.array(["7", "many"]),
        pa.array([7.0, float("nan")]),
        pa.array([7.5, float("inf")]),
        pa.array([{"count": 7}, None]),
        pa.array([[7], []]),
        pa.array([b"\x07", b"\xff"]),
        pa.array([True, None]),
        pa.array([10**6, 5], pa.duration("ns")),
        pa.array([1, 5], pa.time64("ns")),
        pa.array([[("a", 1)], []], pa.map_(pa.string(), pa.int64())),
        pa.array([{"at": 10**18}, {"at": None}], pa.struct([("at", pa.timestamp("ms", "Mars/Olympus"))])),
        pa.array(["7", "7"]).dictionary_encode(),
        pa.nulls(2),
    ],
    ids=lambda array: str(array.type),
)
def test_a_column_of_the_wrong_type_costs_a_value(tmp_path: Path, followers: pa.Array) -> None:
    pq.write_table(pa.table({"handle": pa.array([17, 18]), "followers": followers}), tmp_path / "a.parquet")
    imported = list(read_accounts(tmp_path / "a.parquet", now=NOW))
    assert [one.account and one.account.handle for one in imported] == ["17", "18"]
    assert imported[1].account is not None
    assert imported[1].account.followers in (None, 7)


# Text


def test_one_row_in_another_encoding_costs_one_row(tmp_path: Path) -> None:
    content = b"handle,bio\njane,\xc3\xa5\nsam," + TEXT.encode("latin-1") + b"\nlou,x\n"
    assert found(write(tmp_path / "a.csv", content)) == [
        {"handle": "jane", "bio": "å"},
        "not_utf8",
        {"handle": "lou", "bio": "x"},
    ]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_a_file_in_utf_16_cannot_be_read(tmp_path: Path, kind: str, encoding: str) -> None:
    content = content_of([{"handle": "jane", "bio": TEXT}] * 3, kind).decode().encode(encoding)
    with pytest.raises(FileFormatError) as caught:
        read_accounts(write(tmp_path / f"a.{kind}", content), now=NOW)
    assert TEXT not in str(caught.value)


@pytest.mark.parametrize("header", ["handle,bio,handle", "handle, handle", "handle,,", ",", "\n"])
def test_columns_that_are_not_named_once_are_refused(tmp_path: Path, header: str) -> None:
    with pytest.raises(FileFormatError, match="columns need names"):
        list(read_rows(write(tmp_path / "a.csv", f"{header}\njane,x,y\n")))


def test_parquet_columns_that_are_not_named_once_are_refused(tmp_path: Path) -> None:
    table = pa.Table.from_arrays([pa.array(["jane"]), pa.array(["sam"])], names=["handle", "handle"])
    pq.write_table(table, tmp_path / "a.parquet")
    with pytest.raises(FileFormatError, match="columns need names"):
        list(read_rows(tmp_path / "a.parquet"))


def test_a_byte_order_mark_and_stray_quotes(tmp_path: Path) -> None:
    text = f'\ufeff"handle",bio\njane,"{TEXT}" x\nsam,a "quote" inside\nlou,"x"\n"kim","a\nb"\n'
    assert found(write(tmp_path / "a.csv", text)) == [
        "not_csv",
        {"handle": "sam", "bio": 'a "quote" inside'},
        {"handle": "lou", "bio": "x"},
        {"handle": "kim", "bio": "a\nb"},
    ]


@pytest.mark.parametrize("packing", PACKERS)
def test_an_open_quote_in_the_middle_of_a_long_file_costs_one_row(tmp_path: Path, packing: str) -> None:
    rows = [{"handle": f"u{n}", "bio": "a\nb" if n % 100 == 0 else "x"} for n in range(60_000)]
    before, after = content_of(rows[:30_000], "csv"), content_of(rows[30_000:], "csv").removeprefix(b"handle,bio\r\n")
    content = before + f'kim,"{TEXT}\n'.encode() + after
    read = found(write(tmp_path / f"a.csv{packing}", PACKERS[packing](content)))
    assert read == [*rows[:30_000], "not_csv", *rows[30_000:]]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ('x","\n' * 200_000, ["not_csv"] * 200_000),
        ('","\n' * 200_000, ["too_few_fields"] * 200_000),
        ('kim,"open\n' * 100_000, ["not_csv"] * 100_000),
        ('kim,"open\n' + "jane,x\n" * 200_000, ["not_csv", *[{"handle": "jane", "bio": "x"}] * 200_000]),
    ],
    ids=["each line opens a quote and closes one", "pairs", "open", "one"],
)
def test_stray_quotes_everywhere_take_no_quadratic_time(tmp_path: Path, lines: str, expected: list[object]) -> None:
    # Read again from each line, the first of these would take an hour.
    assert found(write(tmp_path / "a.csv", "handle,bio\n" + lines)) == expected


def test_a_quoted_value_without_end_is_given_up_in_time(tmp_path: Path) -> None:
    content = 'handle,bio\nkim,"' + ("b" * 79 + "\n") * 130_000 + '"\njane,x\n'
    read = found(write(tmp_path / "a.csv", content))
    assert read[0] == "not_csv"
    assert read[-1] == {"handle": "jane", "bio": "x"}
    assert {*map(str, read[1:-1])} == {"too_few_fields", "not_csv"}


def test_json_lines_of_ten_megabytes_are_errors(tmp_path: Path) -> None:
    long = json.dumps({"handle": "sam", "bio": TEXT * 1_000_000})
    text = f'{{"handle": "jane"}}\n{long}\n{{"handle": "lou"}}\n{long}'
    assert found(write(tmp_path / "a.jsonl", text)) == [
        {"handle": "jane"},
        "line_too_long",
        {"handle": "lou"},
        "line_too_long",
    ]


@pytest.mark.parametrize("depth", [101, 990, 100_000])
def test_json_nested_without_reason_is_one_error(tmp_path: Path, depth: int) -> None:
    deep = '{"a":' * (depth - 1) + "{}" + "}" * (depth - 1)
    rows = found(write(tmp_path / "a.jsonl", f'{{"handle": "jane"}}\n{deep}\n{{"handle": "lou"}}\n'))
    assert rows == [{"handle": "jane"}, "nested_too_deep", {"handle": "lou"}]


def test_json_with_many_lists_is_no_deep_one(tmp_path: Path) -> None:
    row = {"handle": "jane", "links": [[n] for n in range(500)], "deep": json.loads("[" * 99 + "]" * 99)}
    rows = list(read_rows(write(tmp_path / "a.jsonl", json.dumps(row))))
    assert rows == [RawRow(1, row)]
    assert pickle.loads(pickle.dumps(rows)) == rows  # noqa: S301


def test_two_halves_of_an_object_never_make_one(tmp_path: Path) -> None:
    text = '{"a": [{"b": 1}\n{"c": 2}]}\n{"handle": "jane"}, {"handle": "sam"}\n{"handle": "lou"}\n'
    assert found(write(tmp_path / "a.jsonl", text)) == ["not_json"] * 3 + [{"handle": "lou"}]


@pytest.mark.parametrize("number", ["1e999", "-1e999", "NaN", "Infinity", "1e-999", "-0.0", "9" * 4_000])
def test_numbers_that_are_none_cost_a_value(tmp_path: Path, number: str) -> None:
    text = f'{{"handle": "jane", "followers": {number}, "created_at": {number}, "verified": {number}}}\n' * 2
    for one in read_accounts(write(tmp_path / "a.jsonl", text), now=NOW):
        assert one.account is not None
        assert one.account.followers in (None, 0)


def test_a_number_too_long_for_python_is_one_error(tmp_path: Path) -> None:
    text = f'{{"handle": "jane"}}\n{{"handle": "sam", "followers": {"9" * 5_000}}}\n'
    assert found(write(tmp_path / "a.jsonl", text)) == [{"handle": "jane"}, "not_json"]


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_dates_in_any_form(tmp_path: Path, kind: str) -> None:
    forms = ["2012-02-01T17:49:30Z", "Wed Feb 01 17:49:30 +0000 2012", 1328118570, 1328118570_000, "1328118570"]
    rows = [{"handle": f"u{n}", "created_at": form} for n, form in enumerate(forms)]
    imported = read_accounts(write(tmp_path / f"a.{kind}", content_of(rows, kind)), now=NOW)
    moments = [one.account and one.account.created_at for one in imported]
    assert moments == [datetime(2012, 2, 1, 17, 49, 30, tzinfo=UTC)] * len(forms)


def test_nul_bytes_cost_no_row(tmp_path: Path) -> None:
    imported = list(read_accounts(write(tmp_path / "a.csv", "handle,bio\nja\0ne,x\nsam,\0\n"), now=NOW))
    assert [one.account and one.account.handle for one in imported] == ["jane", "sam"]
    assert found(write(tmp_path / "a.jsonl", '{"handle": "a\0"}\n\0\n{"handle": "sam"}\n')) == [
        "not_json",
        "not_json",
        {"handle": "sam"},
    ]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("last", ["", "end"])
@pytest.mark.parametrize("block", [1, 2, 5, 10_000])
def test_lines_of_csv_end_in_any_way(tmp_path: Path, newline: str, last: str, block: int) -> None:
    text = newline.join(["handle,bio", "jane,x", "", '"sam","a' + newline + 'b"', "kim", "lou,y"])
    path = write(tmp_path / "a.csv", text + (newline if last else ""))
    with patch.object(streams, "BLOCK", block):
        assert found(path) == [
            {"handle": "jane", "bio": "x"},
            {"handle": "sam", "bio": f"a{newline}b"},
            "too_few_fields",
            {"handle": "lou", "bio": "y"},
        ]


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.parquet", "a.csv.gz", "a.jsonl.zst"])
@pytest.mark.parametrize("content", ["", "\n", "\ufeff", "handle,bio\n"])
def test_a_file_without_rows_cannot_be_read(tmp_path: Path, name: str, content: str) -> None:
    packed = PACKERS[path.suffix] if (path := tmp_path / name).suffix in PACKERS else bytes
    with pytest.raises(FileFormatError, match=name):
        read_accounts(write(path, packed(content.encode())), now=NOW)


# Anything at all

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
tables = st.lists(st.fixed_dictionaries({"handle": texts, "bio": texts, "location": texts}), max_size=12)


def content_of(rows: list[dict[str, Any]], kind: str) -> bytes:
    if kind == "parquet":
        file = io.BytesIO()
        schema = pa.schema([(name, pa.string()) for name in ("handle", "bio", "location")])
        pq.write_table(pa.Table.from_pylist(rows, schema=schema), file, row_group_size=5)
        return file.getvalue()
    if kind == "jsonl":
        return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
    text = io.StringIO()
    writer = csv.DictWriter(text, ["handle", "bio", "location"] if not rows else list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


@settings(deadline=None)
@given(
    tables, st.sampled_from(["csv", "jsonl", "parquet"]), st.sampled_from([*PACKERS]), st.sampled_from([3, 50, 9_999])
)
def test_rows_are_read_as_they_were_written(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, str]], kind: str, packing: str, block: int
) -> None:
    packing = "" if kind == "parquet" else packing
    path = write(tmp_path_factory.mktemp("a") / f"a.{kind}{packing}", PACKERS[packing](content_of(rows, kind)))
    with patch.object(streams, "BLOCK", block):
        assert found(path) == rows


pieces = st.sampled_from(
    [b'"', b",", b"\n", b"\r", b"\r\n", b"x", b'"x', b'x"', b'""', b"\xff", b"\0", b"\xc3\xa5", b'{"a":1}', b"[", b" "]
)
anything = st.binary(max_size=60) | st.lists(pieces, max_size=40).map(b"".join)


@settings(deadline=None, max_examples=300)
@given(anything, st.sampled_from(["csv", "jsonl", "parquet"]), st.sampled_from([None, "gzip", "zstd"]))
def test_any_bytes_are_rows_errors_or_no_file_of_ours(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, kind: str, compression: str | None
) -> None:
    path = write(tmp_path_factory.mktemp("a") / "a", content)
    try:
        rows = list(Source(path, name="a", kind=kind, compression=compression).read())
    except FileFormatError:
        return
    assert [row.number for row in rows] == list(range(1, len(rows) + 1))
    assert all((row.values is None) == (row.error is not None) for row in rows)
    if kind == "jsonl" and compression is None:
        lines = content.removeprefix(b"\xef\xbb\xbf").decode(errors="surrogateescape").split("\n")
        assert len(rows) == sum(1 for line in lines if line.strip())


@settings(deadline=None, max_examples=300)
@given(st.lists(pieces, max_size=40).map(b"".join), st.integers(1, 20))
def test_csv_is_the_same_in_blocks_of_any_size(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, block: int
) -> None:
    path = write(tmp_path_factory.mktemp("a") / "a.csv", b"a,b\n" + content)
    whole = found(path)
    with patch.object(streams, "BLOCK", block):
        assert found(path) == whole
