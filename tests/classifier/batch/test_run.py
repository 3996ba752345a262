import gzip
import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from classifier.batch import Batch, Progress, Summary, VolumeCap, chunks, run, score_files
from classifier.errors import FileFormatError, InputError
from classifier.model_store import ModelStore
from classifier.scoring.policy import Policy
from classifier.scoring.scorer import Scorer

Score = Callable[..., Summary]


@pytest.fixture
def score(small_home: Path, monkeypatch: pytest.MonkeyPatch) -> Score:
    """Score in blocks of ten rows, with the small model."""
    monkeypatch.setattr(chunks, "ROWS", 10)

    def call(*inputs: object, output: object, watch: Callable[[Progress], object] = id, **options: Any) -> Summary:
        batch = Batch(inputs=[*map(str, inputs)], output=str(output), home=small_home, **{"workers": 1} | options)
        return score_files(batch, watch=watch)

    return call


def interrupted(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_every_row_has_one_row_in_order_whatever_is_wrong_with_it(
    score: Score, input_file: Path, lines: list[str]
) -> None:
    output = input_file.with_name("out.jsonl")
    summary = score(input_file, output=output)
    found = rows(output)
    assert [row["row"] for row in found] == list(range(1, len(lines) + 1))
    assert [row["error_reason"] for row in found] == ["not_json" if line == "{" else None for line in lines]
    assert {row["source"] for row in found} == {str(input_file)}
    assert (summary.rows, summary.errors["not_json"].count) == (len(lines), lines.count("{"))
    assert sorted(path.name for path in input_file.parent.iterdir()) == [
        "out.jsonl", "out.jsonl.summary.json", "reported.jsonl"
    ]  # fmt: skip


def test_directories_globs_and_packed_files_are_read_one_after_the_other(
    score: Score, tmp_path: Path, lines: list[str]
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.jsonl").write_text("\n".join(lines[:7]), encoding="utf-8")
    (folder / "b.jsonl.gz").write_bytes(gzip.compress("\n".join(lines[7:20]).encode()))
    (folder / "c.csv").write_bytes(b"\xff\xfe\x00")
    output = tmp_path / "out.jsonl"
    summary = score(folder, output=output)
    found = rows(output)
    assert [(Path(row["source"]).name, row["row"]) for row in found] == [
        *(("a.jsonl", row) for row in range(1, 8)), *(("b.jsonl.gz", row) for row in range(1, 14)), ("c.csv", 0)
    ]  # fmt: skip
    assert found[-1]["error_reason"] == "file_unreadable"
    assert len(summary.sources) == 3
    again = tmp_path / "again.jsonl"
    score(folder / "*", output=again)
    assert again.read_bytes() == output.read_bytes()


@pytest.mark.parametrize("ending", [".csv", ".csv.gz", ".jsonl", ".jsonl.zst", ".parquet"])
@pytest.mark.parametrize("interruptions", [1, 3])
def test_a_run_that_is_resumed_gives_the_bytes_of_one_that_was_not_interrupted(
    score: Score, input_file: Path, monkeypatch: pytest.MonkeyPatch, ending: str, interruptions: int
) -> None:
    whole, output = input_file.with_name(f"whole{ending}"), input_file.with_name(f"out{ending}")
    score(input_file, output=whole)
    real = Scorer.assess_many

    def third_fails(self: Scorer, accounts: Any, *rest: Any, **options: Any) -> Any:
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return real(self, accounts, *rest, **options)

    for _ in range(interruptions):
        calls: list[int] = []
        with monkeypatch.context() as patch:
            patch.setattr(Scorer, "assess_many", third_fails)
            with pytest.raises(KeyboardInterrupt):
                score(input_file, output=output, resume=True)
        assert not output.exists(), "an output under its name is complete"
    seen: list[int] = []
    score(input_file, output=output, resume=True, watch=lambda progress: seen.append(progress.resumed))
    assert seen[-1] == interruptions * 20
    assert output.read_bytes() == whole.read_bytes()
    assert not output.with_name(f".{output.name}.doublecheck").exists()


def test_interrupted_before_its_last_step_it_answers_nothing_twice(
    score: Score, input_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, output = input_file.with_name("whole.csv"), input_file.with_name("out.csv")
    score(input_file, output=whole)
    with monkeypatch.context() as patch:
        patch.setattr(run, "finish", interrupted)
        with pytest.raises(KeyboardInterrupt):
            score(input_file, output=output)
    monkeypatch.setattr(Scorer, "assess_many", lambda *_: pytest.fail("answered twice"))
    score(input_file, output=output, resume=True)
    assert output.read_bytes() == whole.read_bytes()


def test_what_changed_since_stops_a_resumed_run(
    score: Score, input_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = input_file.with_name("out.csv")
    with monkeypatch.context() as patch:
        patch.setattr(run, "finish", interrupted)
        with pytest.raises(KeyboardInterrupt):
            score(input_file, output=output)
    input_file.write_text('{"handle": "another"}\n')
    with pytest.raises(InputError, match=r"inputs.*--restart"):
        score(input_file, output=output, resume=True)
    assert score(input_file, output=output, restart=True).rows == 1


def test_a_volume_above_the_cap_needs_review_and_the_summary_says_so(score: Score, input_file: Path) -> None:
    output = input_file.with_name("out.jsonl")
    free = score(input_file, output=output)
    held = score(input_file, output=output, cap=VolumeCap(total=0))
    assert held.verdicts["cleared"] == 0
    assert (held.would_be_cleared, held.held_back) == (free.would_be_cleared,) * 2
    kept = json.loads(output.with_name("out.jsonl.summary.json").read_text())
    assert (kept["volume"]["held_back"], kept["cap"]["total"]) == (held.held_back, 0)


def test_the_same_model_as_its_own_shadow_differs_nowhere(score: Score, input_file: Path, small_home: Path) -> None:
    output = input_file.with_name("out.parquet")
    summary = score(input_file, output=output, shadow=ModelStore(small_home).current_id())
    assert summary.differing == {}
    assert "shadow: the second model answers the same everywhere" in list(summary.lines())
    table = pq.read_table(output)
    assert table.column("shadow_probability").to_pylist() == table.column("impersonation_probability").to_pylist()


def test_progress_grows_to_the_whole(score: Score, input_file: Path, lines: list[str]) -> None:
    seen: list[tuple[int, int | None]] = []
    score(input_file, output=input_file.with_name("o.csv"), watch=lambda one: seen.append((one.rows, one.expected)))
    assert [count for count, _ in seen] == [*range(10, len(lines), 10), len(lines)]
    assert seen[-1][1] == len(lines)


def test_standard_input_and_output_are_a_pipe(
    score: Score, lines: list[str], monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("\n".join(lines).encode())))
    score("-", output="-", input_kind="jsonl")
    assert len(capfdbinary.readouterr().out.splitlines()) == len(lines)
    with pytest.raises(InputError, match="piped"):
        score("-", output="-", input_kind="jsonl", resume=True)


@pytest.mark.parametrize("name", ["out.xlsx", "out.json"])
def test_what_cannot_be_written_is_refused_before_anything_is_read(score: Score, tmp_path: Path, name: str) -> None:
    with pytest.raises(FileFormatError, match="output format"):
        score(tmp_path / "absent.csv", output=tmp_path / name)


def test_an_output_never_replaces_what_is_read(score: Score, input_file: Path) -> None:
    for options in ({"output": input_file}, {"output": input_file.with_name("o.csv"), "summary": input_file}):
        with pytest.raises(InputError, match="name another file"):
            score(input_file, **options)


def test_verdicts_rest_on_the_policy_that_is_given(score: Score, input_file: Path) -> None:
    strict = Policy(version="strict", own_or_parody=-1.0)
    counts = []
    for policy in (Policy(), strict):
        summary = score(input_file, output=input_file.with_name(f"{policy.version}.jsonl"), policy=policy)
        assert summary.facts["policy_version"] == policy.version
        counts.append(summary.verdicts["cleared"])
    assert counts[1] == 0


def test_a_run_that_began_under_another_policy_is_not_gone_on_with(score: Score, input_file: Path) -> None:
    output = input_file.with_name("out.jsonl")
    with pytest.raises(KeyboardInterrupt):
        score(input_file, output=output, watch=interrupted)
    with pytest.raises(InputError, match="policy"):
        score(input_file, output=output, resume=True, policy=Policy(version="other"))


def test_smaller_blocks_give_the_same_answers_and_more_often(score: Score, input_file: Path) -> None:
    seen: list[int] = []
    for rows in (None, 3):
        output = input_file.with_name(f"{rows}.jsonl")
        seen.clear()
        score(input_file, output=output, watch=lambda progress: seen.append(progress.rows), block_rows=rows)
    assert seen[:3] == [3, 6, 9]
    assert input_file.with_name("3.jsonl").read_bytes() == input_file.with_name("None.jsonl").read_bytes()
