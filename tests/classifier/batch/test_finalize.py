import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from classifier.batch.checkpoint import Journal
from classifier.batch.finalize import finish, output_schema
from classifier.batch.score_rows import Asked
from classifier.batch.summary import Summary
from classifier.batch.volume_cap import VolumeCap
from classifier.batch.writers import Output
from tests.classifier.batch.rows import FakeScorer, asked, part, unreadable

BIO = "Join my channel today for a surprise"


def finished(
    tmp_path: Path, blocks: Sequence[list[Asked]], *, shadow: Any = None, **limits: Any
) -> tuple[list[dict[str, Any]], Summary]:
    journal = Journal(tmp_path, {})
    for number, block in enumerate(blocks):
        journal.write(number, part(block, shadow=shadow))
    path = tmp_path / "out.jsonl"
    summary = finish(journal, Output.of(str(path)), cap=VolumeCap(**limits), shadow=shadow is not None)
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()], summary


def test_the_output_has_a_row_a_row_and_what_only_a_batch_knows(tmp_path: Path) -> None:
    rows, summary = finished(
        tmp_path,
        [
            [asked(1, "fake1", "a.csv", bio=BIO), unreadable(2, "a.csv")],
            [asked(1, "fake3", "b.csv", account_id="9", bio=BIO)],
        ],
    )
    assert [(row["source"], row["row"]) for row in rows] == [("a.csv", 1), ("a.csv", 2), ("b.csv", 1)]
    assert [row["campaign"] for row in rows] == [1, None, 1]
    assert [list(row) for row in rows] == [output_schema(shadow=False).names] * 3
    assert (summary.rows, summary.answered, summary.sources) == (3, 2, {"a.csv": 2, "b.csv": 1})
    assert summary.verdicts == {"cleared": 2}
    assert [one.count for one in summary.errors.values()] == [1]


@pytest.mark.parametrize("order", [[0, 1, 2], [2, 1, 0]])
def test_above_the_cap_every_row_needs_review_not_only_those_that_come_last(tmp_path: Path, order: list[int]) -> None:
    blocks = [[asked(1, "fake1"), asked(2, "fake2ada")], [asked(3, "fake3"), asked(4, "h4")], [asked(5, "fake5")]]
    rows, summary = finished(tmp_path, [blocks[place] for place in order], per_target=2)
    verdicts = {row["row"]: row["verdict"] for row in rows}
    assert verdicts == {1: "needs_review", 2: "cleared", 3: "needs_review", 4: "needs_review", 5: "needs_review"}
    held = next(row for row in rows if row["row"] == 3)
    assert [reason["code"] for reason in held["reasons"]] == ["volume_target", "certified_impersonation"]
    assert (summary.would_be_cleared, summary.held_back) == (4, 3)
    assert summary.verdicts == {"needs_review": 4, "cleared": 1}
    assert sum(summary.why_held_back.values()) == 3
    assert any(line.startswith("held back, 3 rows: This batch would clear 3 rows") for line in summary.lines())


def test_a_second_model_is_compared_before_anything_is_held_back(tmp_path: Path) -> None:
    shadow = FakeScorer(model_id="other", doubts="fake2")
    rows, summary = finished(tmp_path, [[asked(1, "fake1"), asked(2, "fake2"), asked(3)]], shadow=shadow, total=0)
    assert [row["verdict"] for row in rows] == ["needs_review"] * 3
    assert [row["shadow_verdict"] for row in rows] == ["cleared", "needs_review", "needs_review"]
    assert summary.shadow_verdicts == {
        ("cleared", "cleared"): 1, ("cleared", "needs_review"): 1, ("needs_review", "needs_review"): 1
    }  # fmt: skip
    assert {what: one.first for what, one in summary.differing.items()} == {
        "verdict: cleared -> needs_review": [("in.csv", 2)],
        "relation: impersonation -> unrelated": [("in.csv", 2)],
    }


def test_nothing_at_all_is_a_complete_output(tmp_path: Path) -> None:
    rows, summary = finished(tmp_path, [])
    assert (rows, summary.rows) == ([], 0)
