import csv
import json
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier import batch
from classifier.accounts import Account, ProtectedAccount, as_reported
from classifier.batch import SCHEMA, Summary, score_file, score_frame, score_rows
from classifier.errors import FileFormatError, InputError
from classifier.importers import Imported
from classifier.importers.results import RowError
from classifier.policy import Policy, decide
from classifier.registry import Registry
from classifier.scoring import Assessment, Scorer
from classifier.simulation import simulate
from classifier.training import Training

NOW = datetime(2026, 1, 1, tzinfo=UTC)
POLICY = Policy()
ENDINGS = [".csv", ".jsonl", ".ndjson", ".parquet", ".CSV"]
TARGET = ProtectedAccount(platform="x", handle="JaneQuillon", account_id="7")


class FakeScorer:
    """Answers every account with itself, and can fail at one."""

    model_id = "fake"

    def __init__(self, fails_at: str | None = None, failure: type[BaseException] = KeyboardInterrupt) -> None:
        self.fails_at, self.failure = fails_at, failure
        self.sizes: list[int] = []

    def assess_many(self, accounts: list[Account], *, explain: bool) -> list[Assessment]:  # noqa: ARG002
        self.sizes.append(len(accounts))
        if any(account.handle == self.fails_at for account in accounts):
            raise self.failure
        return [
            Assessment(account=account, relation="unrelated", target=TARGET, impersonation_probability=0.125,
                       model_id="fake", registry_version="r")
            for account in accounts
        ]  # fmt: skip


def good(row: int, handle: str = "") -> Imported:
    return Imported(row, Account(platform="x", handle=handle or f"h{row}", account_id=str(row)), None)


def bad(row: int) -> Imported:
    return Imported(row, None, RowError("handle_missing", "the handle is missing", field="handle", row=row))


def imported(pattern: Iterable[bool]) -> list[Imported]:
    return [good(row) if readable else bad(row) for row, readable in enumerate(pattern, start=1)]


@pytest.fixture(scope="module")
def small(small_training: Training, registry: Registry) -> Scorer:
    return Scorer(small_training.model, "small", registry)


@pytest.fixture(scope="module")
def rows(president: ProtectedAccount, registry: Registry) -> list[Imported]:
    """The president, attacks and genuine cases around some accounts, and rows that cannot be read."""
    known = [president, *registry.accounts[:3]]
    accounts = [as_reported(president), *(case.account for case in simulate(known, seed=6))]
    found = [Imported(row, account, None) for row, account in enumerate(accounts, start=1)]
    return [bad(one.row) if one.row % 9 == 0 else one for one in found]


def scored(rows: Iterable[Imported], scorer: Any) -> list[dict[str, Any]]:
    return [row for chunk in score_rows(rows, scorer, policy=POLICY, now=NOW) for row in chunk]


def written(rows: Iterable[Imported], output: Path, scorer: Any) -> Summary:
    return list(score_file(rows, output, scorer, policy=POLICY, now=NOW))[-1]


def read(path: Path) -> list[dict[str, Any]]:
    """The content of a file in plain Python values, as its own tools read it."""
    if path.suffix == ".parquet":
        return [row | {"reasons": json.loads(row["reasons"])} for row in pq.read_table(path).to_pylist()]
    if path.suffix.lower() == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            return [_typed(row) for row in csv.DictReader(file)]
    return [json.loads(line) for line in path.read_text(encoding="utf-8").removesuffix("\n").split("\n")]


def _typed(row: dict[str, str]) -> dict[str, Any]:
    kinds: dict[str, Any] = {"row": int, "impersonation_probability": float, "inauthentic_probability": float,
                             "inauthentic": json.loads, "reasons": json.loads}  # fmt: skip
    return {name: kinds.get(name, str)(text) if text else None for name, text in row.items()}


@given(st.lists(st.booleans(), max_size=9))
def test_one_row_comes_out_for_every_row_in_order(pattern: list[bool]) -> None:
    found = scored(imported(pattern), FakeScorer())
    assert [row["row"] for row in found] == list(range(1, len(pattern) + 1))
    assert [row["error"] is None for row in found] == pattern
    for row, readable in zip(found, pattern, strict=True):
        assert list(row) == SCHEMA.names
        assert row["model_id"] == "fake"
        assert row["handle"] == (f"h{row['row']}" if readable else None)


def test_a_row_in_error_has_no_answer_and_says_what_is_wrong() -> None:
    (row,) = scored([bad(1)], FakeScorer())
    assert row["error"] == "row 1, field 'handle': the handle is missing"
    assert row["reasons"] == []
    for name in ("relation", "verdict", "target_handle", "impersonation_probability"):
        assert row[name] is None


def test_a_row_holds_the_assessment_and_what_the_policy_would_say(small: Scorer, rows: list[Imported]) -> None:
    for one, row in zip(rows, scored(rows, small), strict=True):
        if one.account is None:
            continue
        expected = small.assess(one.account)
        verdict = decide(expected, "suspend", None, now=NOW, policy=POLICY)
        assert (row["relation"], row["verdict"]) == (expected.relation, verdict.verdict)
        assert row["impersonation_probability"] == expected.impersonation_probability
        assert row["inauthentic_probability"] == expected.inauthentic_probability
        assert (row["inauthentic"], row["inauthentic_reason"]) == (expected.inauthentic, expected.inauthentic_reason)
        assert row["target_handle"] == (expected.target.handle if expected.target else None)
        assert row["target_id"] == (expected.target.account_id if expected.target else None)
        assert row["reasons"] == [{"code": reason.code, "text": reason.text} for reason in verdict.reasons]


def test_the_columns_say_of_the_account_alone_whether_and_why_not(small: Scorer) -> None:
    assert SCHEMA.names[8:11] == ["inauthentic_probability", "inauthentic", "inauthentic_reason"]
    people = [Account(platform=platform, handle="qzkxvw83", followers=1, posts=2) for platform in ("x", "mastodon")]
    bought, elsewhere = scored([Imported(row, one, None) for row, one in enumerate(people, start=1)], small)
    assert (bought["inauthentic"], bought["inauthentic_reason"], bought["verdict"]) == (True, None, "needs_review")
    assert (elsewhere["inauthentic"], elsewhere["inauthentic_reason"]) == (None, "out of what it knows: platform")


def test_a_protected_account_is_refused_in_a_batch_too(small: Scorer, president: ProtectedAccount) -> None:
    (row,) = scored([Imported(1, as_reported(president), None)], small)
    assert (row["relation"], row["verdict"], row["target_id"]) == ("is_protected", "refused", president.account_id)


@pytest.mark.parametrize("chunk", [1, 2, 7, 1_000])
def test_answers_do_not_depend_on_the_size_of_the_chunks(
    small: Scorer, rows: list[Imported], monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    whole = scored(rows, small)
    monkeypatch.setattr(batch, "CHUNK", chunk)
    assert scored(rows, small) == whole


def test_answers_do_not_depend_on_the_order_of_the_rows(small: Scorer, rows: list[Imported]) -> None:
    assert scored(reversed(rows), small) == scored(rows, small)[::-1]


def test_a_whole_chunk_of_unreadable_rows_is_no_end(small: Scorer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "CHUNK", 2)
    found = scored([bad(1), bad(2), good(3), bad(4)], small)
    assert [row["error"] is None for row in found] == [False, False, True, False]


def test_rows_are_read_no_further_than_the_chunk_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory must not grow with the file."""
    monkeypatch.setattr(batch, "CHUNK", 3)
    taken: list[int] = []

    def endless() -> Iterator[Imported]:
        for row in range(1, 10**9):
            taken.append(row)
            yield good(row)

    chunks = score_rows(endless(), FakeScorer(), policy=POLICY, now=NOW)  # type: ignore[arg-type]
    assert [len(next(chunks)), len(next(chunks))] == [3, 3]
    assert len(taken) == 6


@pytest.mark.parametrize("ending", ENDINGS)
def test_every_format_holds_the_same_content(small: Scorer, rows: list[Imported], tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"out{ending}"
    summary = written(rows, path, small)
    found, expected = read(path), scored(rows, small)
    assert [list(row) for row in found] == [SCHEMA.names] * len(rows)
    assert found == expected
    assert summary.rows == len(rows)


HOSTILE = ['a "quoted", name', "line\u2028break", "=1+1", "Ünïcödé 東京", "a;b|c\\d", "'", "NULL", "null", "-"]


@pytest.mark.parametrize("ending", ENDINGS)
def test_handles_come_back_to_the_letter(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"out{ending}"
    written([good(row, handle) for row, handle in enumerate(HOSTILE, start=1)], path, FakeScorer())
    assert [row["handle"] for row in read(path)] == HOSTILE


@pytest.mark.parametrize("ending", [".csv", ".jsonl", ".parquet"])
@pytest.mark.parametrize("previous", [None, b"the run before"])
@pytest.mark.parametrize("failure", [KeyboardInterrupt, RuntimeError])
def test_an_interrupted_run_leaves_everything_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str, previous: bytes | None, failure: type[BaseException]
) -> None:
    monkeypatch.setattr(batch, "CHUNK", 2)
    path = tmp_path / f"out{ending}"
    if previous is not None:
        path.write_bytes(previous)
    with pytest.raises(failure):
        written(imported([True] * 9), path, FakeScorer(fails_at="h7", failure=failure))
    assert [one.name for one in tmp_path.iterdir()] == ([path.name] if previous is not None else [])
    assert previous is None or path.read_bytes() == previous


def test_a_reader_that_fails_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "CHUNK", 2)

    def torn() -> Iterator[Imported]:
        yield from (good(1), good(2), good(3))
        raise FileFormatError("damaged")

    with pytest.raises(FileFormatError, match="damaged"):
        written(torn(), tmp_path / "out.csv", FakeScorer())
    assert not list(tmp_path.iterdir())


def test_whoever_stops_asking_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "CHUNK", 2)
    steps = score_file(imported([True] * 9), tmp_path / "out.csv", FakeScorer(), policy=POLICY, now=NOW)  # type: ignore[arg-type]
    with closing(steps):  # type: ignore[type-var]
        next(steps)
        assert not (tmp_path / "out.csv").exists(), "an output under its name is complete"
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["out.xlsx", "out", "out.csv.gz", "out.json"])
def test_an_unknown_ending_is_refused_before_anything_is_read(tmp_path: Path, name: str) -> None:
    def unread() -> Iterator[Imported]:
        pytest.fail("read although nothing can be written")
        yield

    with pytest.raises(FileFormatError, match=r"\.csv, \.jsonl or \.parquet"):
        written(unread(), tmp_path / name, FakeScorer())
    assert not list(tmp_path.iterdir())


def test_an_output_that_is_no_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out.csv").mkdir()
    with pytest.raises(InputError, match="regular file"):
        written([good(1)], tmp_path / "out.csv", FakeScorer())


def test_the_summary_counts_what_was_written_and_grows_with_every_chunk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "CHUNK", 2)
    pattern = [True, False, True, True, False]
    seen = [
        (summary.rows, summary.errors)
        for summary in score_file(imported(pattern), tmp_path / "o.csv", FakeScorer(), policy=POLICY, now=NOW)  # type: ignore[arg-type]
    ]
    assert seen == [(2, 1), (4, 1), (5, 2)]
    summary = written(imported(pattern), tmp_path / "o.csv", FakeScorer())
    assert summary.relations == {"unrelated": 3}
    assert summary.verdicts == {"needs_review": 3}


# --- data frames -----------------------------------------------------------------------------------------------------


def test_a_frame_gives_what_a_file_gives_under_its_own_index(small: Scorer, president: ProtectedAccount) -> None:
    frame = pd.DataFrame(
        {"handle": [president.handle, None, "qzkxvw83"], "followers": [5.0, 6.0, float("nan")], "platform": "x"},
        index=["a", "b", "c"],
    )
    found = score_frame(frame, small, now=NOW)
    assert list(found.columns) == SCHEMA.names
    assert found.index.tolist() == ["a", "b", "c"]
    assert found["relation"].dropna().to_dict() == {"a": "is_protected", "c": "no_target"}
    assert found.loc["b", "error"].startswith("row 2, field 'handle'")
    accounts = [Imported(1, Account(platform="x", handle=president.handle, followers=5), None),
                Imported(3, Account(platform="x", handle="qzkxvw83"), None)]  # fmt: skip
    for row, label in zip(scored(accounts, small), ["a", "c"], strict=True):
        assert found.loc[label, "reasons"] == row["reasons"]


def test_a_frame_may_be_given_its_platform(small: Scorer, president: ProtectedAccount) -> None:
    frame = pd.DataFrame({"handle": [president.handle]})
    assert score_frame(frame, small, now=NOW, platform="mastodon")["relation"].item() != "is_protected"
    assert score_frame(frame, small, now=NOW, platform="x")["relation"].item() == "is_protected"


def test_an_empty_frame_gives_an_empty_frame(small: Scorer) -> None:
    found = score_frame(pd.DataFrame({"handle": []}), small, now=NOW)
    assert list(found.columns) == SCHEMA.names
    assert len(found) == 0
