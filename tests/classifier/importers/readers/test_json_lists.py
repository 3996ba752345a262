"""A list of any size is read element by element; what is damaged costs what comes after it and nothing before."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.errors import FileFormatError
from classifier.importers.readers import json_lists
from classifier.importers.readers.json_lists import list_rows

NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
OBJECTS = st.lists(
    st.dictionaries(st.text(max_size=4), st.one_of(st.text(max_size=30), st.none(), st.lists(st.integers() | NUMBERS))),
    max_size=12,
)


@given(OBJECTS, st.sampled_from([None, 1]), st.integers(1, 40))
def test_every_element_is_read_once_and_in_order_wherever_the_blocks_end(
    tmp_path_factory: pytest.TempPathFactory, objects: list[dict[str, Any]], indent: int | None, block: int
) -> None:
    path = tmp_path_factory.mktemp("lists") / "a.json"
    path.write_text(json.dumps(objects, indent=indent, ensure_ascii=False), encoding="utf-8", errors="surrogatepass")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_lists, "BLOCK", block)
        rows = list(list_rows(path))
    assert [row.values for row in rows] == objects
    assert [row.number for row in rows] == list(range(1, len(objects) + 1))


def test_a_packed_list_is_read_too(tmp_path: Path) -> None:
    (tmp_path / "a.json.gz").write_bytes(gzip.compress(b'\xef\xbb\xbf[{"id": "u1"}]'))
    assert [row.values for row in list_rows(tmp_path / "a.json.gz")] == [{"id": "u1"}]


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        ('[{"a": 1}, {"a": 2}, {"a"', ["", "", "file_damaged"]),
        ('[{"a": 1}, {"a": 2}', ["", "", "file_damaged"]),
        ('[{"a": 1} {"a": 2}]', ["", "file_damaged"]),
        ('[{"a": 1}, nonsense, {"a": 2}]', ["", "file_damaged"]),
        ('[{"a": 1}, 7, {"a": 2}]', ["", "not_an_object", ""]),
        ("[", ["file_damaged"]),
        ("[]", []),
        ('[{"a": 1}] [', ["", "file_damaged"]),
        ('[{"a": 1}, {"a": NaN}]', ["", "file_damaged"]),
    ],
)
def test_what_is_damaged_is_one_error_after_all_that_came_before(tmp_path: Path, text: str, reasons: list[str]) -> None:
    (tmp_path / "a.json").write_text(text)
    rows = list(list_rows(tmp_path / "a.json"))
    assert [row.error.reason if row.error else "" for row in rows] == reasons


def test_what_is_no_list_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"a": 1}')
    with pytest.raises(FileFormatError, match=r"a\.json: is no JSON list"):
        list(list_rows(tmp_path / "a.json"))
    with pytest.raises(FileFormatError, match="cannot be opened"):
        list(list_rows(tmp_path / "absent.json"))


def test_bytes_that_are_no_text_cost_a_character_and_no_row(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b'[{"a": "x\xff"}, {"a": 2}]')
    assert [row.values for row in list_rows(tmp_path / "a.json")] == [{"a": "x\ufffd"}, {"a": 2}]


def test_an_element_that_never_ends_is_damage_and_fills_no_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_lists, "ELEMENT_LIMIT", 1_000)
    monkeypatch.setattr(json_lists, "BLOCK", 100)
    small = ['{"a": "' + "x" * 300 + '"}'] * 20  # together beyond the limit, each below it
    (tmp_path / "a.json").write_text(f"[{', '.join(small)}, " + '{"a": "' + "x" * 5_000 + '"}, {"a": 1}]')
    rows = list(list_rows(tmp_path / "a.json"))
    assert [row.error.reason if row.error else "" for row in rows] == [""] * 20 + ["file_damaged"]


def test_an_element_nested_too_deeply_costs_itself_only(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('[{"a": 1}, {"a": ' + "[" * 50_000 + "]" * 50_000 + '}, {"a": 2}]')
    rows = list(list_rows(tmp_path / "a.json"))
    assert [row.error.reason if row.error else "" for row in rows] == ["", "too_deep", ""]
