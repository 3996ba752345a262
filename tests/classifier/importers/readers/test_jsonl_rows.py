import json
from pathlib import Path
from typing import Any

import pytest

from classifier.importers.readers import jsonl_rows
from classifier.importers.readers.source import read_rows

TWO = [{"handle": "quill"}, {"handle": "nora"}]


def read(path: Path, text: str) -> list[Any]:
    path.write_text(text, encoding="utf-8")
    return [(raw.number, raw.values or raw.error) for raw in read_rows(path)]


@pytest.mark.parametrize(
    "text",
    [
        '{"handle": "quill"}\n{"handle": "nora"}\n',
        '[{"handle": "quill"}, {"handle": "nora"}]\n',
        '[{"handle": "quill"}]\n[{"handle": "nora"}]\n',
        json.dumps(TWO, indent=2),
        json.dumps(TWO, indent="\t") + "\n\n",
    ],
)
@pytest.mark.parametrize("name", ["a.jsonl", "a.json"])
def test_lists_and_whole_documents_are_rows(tmp_path: Path, name: str, text: str) -> None:
    assert read(tmp_path / name, text) == [(1, TWO[0]), (2, TWO[1])]


def test_one_object_over_many_lines(tmp_path: Path) -> None:
    assert read(tmp_path / "a.json", json.dumps({"data": TWO}, indent=2)) == [(1, {"data": TWO})]


def test_a_broken_first_line_costs_no_other(tmp_path: Path) -> None:
    found = read(tmp_path / "a.jsonl", '{"handle": "quill",\n{"handle": "nora"}\n[7, {"handle": "b"}]\n')
    assert [number for number, _ in found] == [1, 2, 3, 4]
    assert [getattr(one, "reason", one) for _, one in found] == [
        "not_json", {"handle": "nora"}, "not_an_object", {"handle": "b"},
    ]  # fmt: skip


def test_a_large_file_is_never_read_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonl_rows, "DOCUMENT_LIMIT", 100)
    found = read(tmp_path / "a.jsonl", "{\n" + '{"handle": "nora"}\n' * 50)
    assert len(found) == 51
    assert found[50] == (51, {"handle": "nora"})


def test_an_empty_list_is_no_account(tmp_path: Path) -> None:
    [(number, error)] = read(tmp_path / "a.json", "[]")
    assert (number, error.reason) == (1, "not_an_object")
