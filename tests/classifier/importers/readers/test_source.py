from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from classifier.errors import FileFormatError
from classifier.importers.readers.raw_row import UNREADABLE, RawRow
from classifier.importers.readers.source import read_rows


@pytest.fixture
def path(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    return tmp_path / f"accounts{request.param}"


csv_file = pytest.mark.parametrize("path", [".csv"], indirect=True)
jsonl_file = pytest.mark.parametrize("path", [".jsonl", ".ndjson", ".JSONL"], indirect=True)
parquet_file = pytest.mark.parametrize("path", [".parquet"], indirect=True)


def summary(path: Path) -> list[object]:
    """The rows of a file: the values of a readable one, the reason of another. Numbers are checked by the way."""
    rows = list(read_rows(path))
    assert [row.number for row in rows] == list(range(1, len(rows) + 1))
    assert all((row.values is None) == (row.error is not None) for row in rows)
    assert all(row.error is None or row.error.row == row.number for row in rows)
    return [row.values if row.error is None else row.error.reason for row in rows]


@csv_file
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("newline", [b"\n", b"\r\n", b"\r"])
def test_csv(path: Path, mark: bytes, newline: bytes) -> None:
    path.write_bytes(
        mark + newline.join([b"handle, bio ", b'jane,"Oslo, Bergen"', "sam,Tromsø".encode(), b'kim,"a ""b"""'])
    )
    assert summary(path) == [
        {"handle": "jane", "bio": "Oslo, Bergen"},
        {"handle": "sam", "bio": "Tromsø"},
        {"handle": "kim", "bio": 'a "b"'},
    ]


@csv_file
def test_csv_values_may_hold_lines(path: Path) -> None:
    path.write_text('handle,bio\njane,"one\ntwo, three\n\nfour"\nsam,x\n')
    assert summary(path) == [{"handle": "jane", "bio": "one\ntwo, three\n\nfour"}, {"handle": "sam", "bio": "x"}]


@csv_file
def test_csv_blank_lines_are_no_rows(path: Path) -> None:
    path.write_text("handle,bio\n\njane,x\n\r\n\nsam,y\n\n")
    assert summary(path) == [{"handle": "jane", "bio": "x"}, {"handle": "sam", "bio": "y"}]


@csv_file
@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"kim", "too_few_fields"),
        (b"kim,a,b", "too_many_fields"),
        (b'kim,"a"b', "not_csv"),
        (b"kim,\xff\xfe", "not_utf8"),
        (b'kim,"one\n\xff"', "not_utf8"),
        (b"kim," + b"a" * 200_000, "not_csv"),
    ],
)
def test_one_bad_csv_row_does_not_stop_the_file(path: Path, line: bytes, reason: str) -> None:
    path.write_bytes(b"handle,bio\njane,x\n" + line + b"\nsam,y\n")
    assert summary(path) == [{"handle": "jane", "bio": "x"}, reason, {"handle": "sam", "bio": "y"}]


@csv_file
@pytest.mark.parametrize("rest", ["", 'lou,"z"\n', "lou,z\n" * 50_000])
def test_a_quote_that_is_never_closed_costs_one_row(path: Path, rest: str) -> None:
    path.write_text('handle,bio\njane,x\nkim,"open\nsam,y\n' + rest)
    first, second, third, *others = summary(path)
    assert (first, second, third) == ({"handle": "jane", "bio": "x"}, "not_csv", {"handle": "sam", "bio": "y"})
    assert others == [{"handle": "lou", "bio": "z"}] * rest.count("lou")


@csv_file
@pytest.mark.parametrize("header", [b"", b"\n", b",,\n", b"handle,handle\n", b'"handle\n', b"\xff\xfeh\x00\n"])
def test_a_csv_file_needs_columns(path: Path, header: bytes) -> None:
    path.write_bytes(header)
    with pytest.raises(FileFormatError):
        list(read_rows(path))


@csv_file
def test_a_file_that_may_not_be_opened(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def deny(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    path.write_text("handle\njane\n")
    monkeypatch.setattr(Path, "open", deny)
    with pytest.raises(FileFormatError, match="Permission denied"):
        list(read_rows(path))


@jsonl_file
def test_jsonl(path: Path) -> None:
    path.write_bytes(b'\xef\xbb\xbf{"a": 1}\r\n\n  \n{"a": "\\u2028\xe2\x80\xa8"}\n{"a": NaN}')
    first, second, third = summary(path)
    assert (first, second) == ({"a": 1}, {"a": "\u2028\u2028"})
    assert isinstance(third, dict)


@jsonl_file
@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"a": ', "not_json"),
        (b"a", "not_json"),
        (b"[" * 100_000, "nested_too_deep"),
        (b'{"a": ' * 200 + b"1" + b"}" * 200, "nested_too_deep"),
        (b'{"a": 1}, {"a": 3}', "not_json"),
        (b'{"a": ' + b"9" * 5_000 + b"}", "not_json"),
        (b"[1]", "not_an_object"),
        (b"null", "not_an_object"),
        (b'"text"', "not_an_object"),
        (b'{"a": "\xff"}', "not_utf8"),
    ],
)
def test_one_bad_jsonl_row_does_not_stop_the_file(path: Path, line: bytes, reason: str) -> None:
    path.write_bytes(b'{"a": 1}\n' + line + b'\n{"a": 2}\n')
    assert summary(path) == [{"a": 1}, reason, {"a": 2}]


@pytest.mark.parametrize("ending", [".csv", ".jsonl"])
def test_an_endless_line_is_one_bad_row(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"accounts{ending}"
    good = ["h\n", "jane\n"] if ending == ".csv" else ['{"h": "jane"}\n'] * 2
    path.write_text("".join([*good, "a" * 10_000_000, "\n", good[-1], "b" * 5_000_000]))
    assert summary(path)[-3:] == ["line_too_long", {"h": "jane"}, "line_too_long"]


@parquet_file
def test_parquet(path: Path) -> None:
    moment = datetime(2012, 2, 1, 17, 49, 30, 5, tzinfo=UTC)
    table = pa.table(
        {
            "handle": ["jane", None],
            "account_id": pa.array([2**62 + 1, 7], pa.int64()),
            "id": pa.array([Decimal(12345678901234567890), None], pa.decimal128(20, 0)),
            "followers": pa.array([3, None], pa.int64()),
            "created_at": pa.array([moment, None], pa.timestamp("us", "Europe/Oslo")),
            "observed_at": pa.array([1328118570000000005, None], pa.timestamp("ns")),
            "day": pa.array([date(2012, 2, 1), None], pa.date32()),
            "links": [["a", "b"], []],
            "public_metrics": [{"followers_count": 3}, None],
        }
    )
    pq.write_table(table, path)
    assert summary(path) == [
        {
            "handle": "jane",
            "account_id": "4611686018427387905",
            "id": "12345678901234567890",
            "followers": 3,
            "created_at": moment,
            "observed_at": moment.replace(microsecond=0),
            "day": datetime(2012, 2, 1, tzinfo=UTC),
            "links": ["a", "b"],
            "public_metrics": {"followers_count": 3},
        },
        dict.fromkeys(table.column_names) | {"account_id": "7", "links": []},
    ]


@parquet_file
def test_parquet_values_that_cannot_be_read_cost_a_value(path: Path) -> None:
    broken = pa.StringArray.from_buffers(2, pa.py_buffer(b"\0\0\0\0\4\0\0\0\6\0\0\0"), pa.py_buffer(b"jane\xff\xfe"))
    late = pa.array([0, 10**18], pa.int64()).cast(pa.timestamp("us"))
    pq.write_table(pa.table({"handle": broken, "created_at": late}), path)
    assert summary(path) == [
        {"handle": "jane", "created_at": datetime(1970, 1, 1, tzinfo=UTC)},
        {"handle": UNREADABLE, "created_at": UNREADABLE},
    ]


@parquet_file
def test_parquet_is_read_in_batches(path: Path) -> None:
    pq.write_table(pa.table({"handle": [f"jane{n}" for n in range(3_000)]}), path)
    rows = read_rows(path)
    assert next(rows) == RawRow(1, {"handle": "jane0"})
    assert sum(1 for _ in rows) == 2_999


@parquet_file
@pytest.mark.parametrize("content", [b"", b"handle\njane\n", b"PAR1 PAR1"])
def test_what_is_no_parquet(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(FileFormatError, match="Parquet"):
        list(read_rows(path))


@parquet_file
def test_damaged_parquet(path: Path) -> None:
    pq.write_table(pa.table({"handle": [f"jane{n}" for n in range(3_000)]}), path)
    content = path.read_bytes()
    path.write_bytes(content[:100] + b"\xff" * 500 + content[600:])
    assert summary(path) == ["file_damaged"] * 3_000


@pytest.mark.parametrize("name", ["accounts", "accounts.txt", "accounts.json", "accounts.csv.gz", "missing.csv", "."])
def test_no_file_of_ours(tmp_path: Path, name: str) -> None:
    (tmp_path / "accounts.txt").write_text("handle\njane\n")
    with pytest.raises(FileFormatError, match=r"ending|no such file"):
        list(read_rows(tmp_path / name))
