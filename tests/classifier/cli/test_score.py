import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from classifier.batch import chunks
from classifier.importers import FORMATS
from classifier.importers.readers import parquet_rows, streams
from classifier.model_store import ModelStore
from classifier.scoring.assessment import Assessment
from classifier.scoring.scorer import Scorer
from tests.classifier.cli.asking import SMALL, Run, failed, lines, succeeded


def test_score_writes_a_row_a_row_and_says_what_it_found(
    run: Run, small_home: Path, input_file: Path, tmp_path: Path
) -> None:
    result = run("score", input_file, "-o", tmp_path / "out.jsonl", home=small_home)
    succeeded(result, "4 rows read, 3 accepted, 1 rejected", "is_protected", "refused", "4 rows -> ")
    found = lines(tmp_path / "out.jsonl")
    assert [row["row"] for row in found] == [1, 2, 3, 4]
    assert [row["relation"] for row in found] == ["is_protected", "impersonation", None, "no_target"]
    assert found[2]["error"] == "row 3, field 'handle': the handle is missing: every row needs one"
    assert {row["model_id"] for row in found} == {ModelStore(small_home).current_id()}


@pytest.mark.parametrize("unit", [b"\n", b"a"])
def test_score_reads_what_unpacks_without_end_at_a_bounded_cost(
    run: Run, small_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unit: bytes
) -> None:
    monkeypatch.setattr(streams, "UNPACKED_FREE", 4 << 20)
    bomb = tmp_path / "bomb.csv.zst"
    bomb.write_bytes(pa.compress(b"handle\njane_roe\n" + unit * (64 << 20), "zstd", asbytes=True))
    assert bomb.stat().st_size < 100_000
    result = run("score", bomb, "-o", tmp_path / "out.jsonl", home=small_home)
    succeeded(result, "2 rows read, 1 accepted, 1 rejected")
    assert "unpacks to more than 500 times its bytes" in lines(tmp_path / "out.jsonl")[1]["error"]


def test_score_of_parquet_that_asks_for_all_memory_says_so(
    run: Run, small_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet_rows, "BATCH_BYTES", 24 << 20)
    columns = {"handle": "someone", "bio": "x" * (1 << 20)}
    rows = pa.array(np.zeros(500, dtype=np.int32))
    alike = {name: pa.DictionaryArray.from_arrays(rows, pa.array([one])) for name, one in columns.items()}
    pq.write_table(pa.table(alike), tmp_path / "bomb.parquet", compression="zstd")
    result = run("score", tmp_path / "bomb.parquet", "-o", tmp_path / "out.jsonl", home=small_home)
    failed(result, "unpacks to more memory than is granted")
    assert not (tmp_path / "out.jsonl").exists()


def test_score_takes_a_registry_file_and_a_platform(
    run: Run, small_home: Path, input_file: Path, tmp_path: Path
) -> None:
    SMALL.save(tmp_path / "small.csv")
    (tmp_path / "bare.csv").write_text(f"handle\n{SMALL.accounts[0].handle}\n", encoding="utf-8")
    output = tmp_path / "out.jsonl"
    options = ("-o", output, "--registry", tmp_path / "small.csv")
    succeeded(run("score", tmp_path / "bare.csv", *options, "--platform", "mastodon", home=small_home))
    assert [row["platform"] for row in lines(output)] == ["mastodon"]
    succeeded(run("score", tmp_path / "bare.csv", *options, "--platform", "x", home=small_home))
    assert [row["relation"] for row in lines(output)] == ["is_protected"]


@pytest.mark.parametrize("source_format", FORMATS)
def test_score_reads_every_format_that_is_asked_for(
    run: Run, small_home: Path, tmp_path: Path, source_format: str
) -> None:
    row = {"handle": "jane.example", "screen_name": "jane", "username": "jane", "acct": "jane", "did": "did:plc:1"}
    (tmp_path / "in.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    output = tmp_path / "out.jsonl"
    succeeded(run("score", tmp_path / "in.jsonl", "-o", output, "--format", source_format, home=small_home))
    handle = "jane.example" if source_format in ("doublecheck", "bluesky", "ozone") else "jane"
    assert [(row["handle"], row["error"]) for row in lines(output)] == [(handle, None)]


def test_score_never_issues_a_clearance(run: Run, small_home: Path, input_file: Path, tmp_path: Path) -> None:
    run("score", input_file, "-o", tmp_path / "out.jsonl", home=small_home)
    assert not any("clearance" in row for row in lines(tmp_path / "out.jsonl"))


def test_score_without_a_registry_says_how_to_get_one(run: Run, input_file: Path, tmp_path: Path) -> None:
    result = run("score", input_file, "-o", tmp_path / "out.csv", home=tmp_path / "empty")
    failed(result, "doublecheck registry import")
    assert not (tmp_path / "out.csv").exists()


def test_score_refuses_a_registry_with_rejected_rows(
    run: Run, small_home: Path, input_file: Path, tmp_path: Path
) -> None:
    (tmp_path / "r.csv").write_text("platform,handle\nx,Jane\n,Ada\n", encoding="utf-8")
    result = run("score", input_file, "-o", tmp_path / "o.csv", "--registry", tmp_path / "r.csv", home=small_home)
    failed(result, "unprotected", "row 2")


@pytest.mark.parametrize(
    ("name", "content", "output", "message"),
    [
        ("in.csv", "handle\njane\n", "out.xlsx", ".parquet"),
        ("in.txt", "handle\njane\n", "out.csv", "unknown ending"),
        ("in.csv", "colour\nred\n", "out.csv", "--format"),
        ("in.csv", "", "out.csv", "in.csv"),
    ],
)
def test_score_refuses_what_it_cannot_read_or_write_before_anything_is_scored(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: str, output: str, message: str
) -> None:
    monkeypatch.setattr(ModelStore, "load", lambda *_, **__: pytest.fail("loaded for nothing"))
    (tmp_path / name).write_text(content, encoding="utf-8")
    SMALL.save(tmp_path / "r.csv")
    failed(run("score", tmp_path / name, "-o", tmp_path / output, "--registry", tmp_path / "r.csv"), message)
    assert not (tmp_path / output).exists()


def test_score_says_that_a_directory_to_write_to_is_missing(
    run: Run, small_home: Path, input_file: Path, tmp_path: Path
) -> None:
    failed(run("score", input_file, "-o", tmp_path / "absent" / "out.csv", home=small_home), "absent")


@pytest.mark.parametrize("previous", [None, "the run before\n"])
def test_ctrl_c_during_score_leaves_nothing_half_written(
    run: Run, small_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, previous: str | None
) -> None:
    calls: list[int] = []
    real = Scorer.assess_many

    def interrupted(self: Scorer, accounts: Any, **options: Any) -> list[Assessment]:
        calls.append(len(accounts))
        if len(calls) == 3:
            raise KeyboardInterrupt
        return real(self, accounts, **options)

    monkeypatch.setattr(chunks, "ROWS", 2)
    monkeypatch.setattr(Scorer, "assess_many", interrupted)
    (tmp_path / "in.csv").write_text("handle\n" + "jane\n" * 9, encoding="utf-8")
    output = tmp_path / "results" / "out.csv"
    output.parent.mkdir()
    if previous is not None:
        output.write_text(previous)
    result = run("score", tmp_path / "in.csv", "-o", output, "--workers", 1, home=small_home)
    assert (result.exit_code, len(calls)) == (130, 3)
    assert "4 rows are answered and kept: add --resume to go on" in result.stderr
    assert "Aborted" in result.stderr
    names = sorted(path.name for path in output.parent.iterdir())
    assert names == [".out.csv.doublecheck", *([] if previous is None else ["out.csv"])]
    assert previous is None or output.read_text() == previous
    monkeypatch.setattr(Scorer, "assess_many", real)
    failed(run("score", tmp_path / "in.csv", "-o", output, "--workers", 1, home=small_home), "--resume", "--restart")
    succeeded(run("score", tmp_path / "in.csv", "-o", output, "--resume", home=small_home), "9 rows -> ")


def test_an_output_never_replaces_what_the_command_reads(
    run: Run, small_home: Path, input_file: Path, tmp_path: Path
) -> None:
    """The next run would take the answers for the accounts, or the reported for the protected."""
    registry = tmp_path / "registry.csv"
    SMALL.save(registry)
    before = input_file.read_bytes(), registry.read_bytes()
    for output in (input_file, registry):
        failed(run("score", input_file, "-o", output, "--registry", registry, home=small_home), "name another file")
    assert (input_file.read_bytes(), registry.read_bytes()) == before


def test_the_output_of_score_is_no_registry(run: Run, small_home: Path, input_file: Path, tmp_path: Path) -> None:
    SMALL.save(tmp_path / "registry.csv")
    answers = tmp_path / "answers.csv"
    succeeded(run("score", input_file, "-o", answers, "--registry", tmp_path / "registry.csv", home=small_home))
    failed(run("registry", "import", answers, home=tmp_path / "home"), "not a registry")
