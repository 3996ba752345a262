import json

from classifier.batch.campaigns import Campaign
from classifier.batch.summary import Summary
from classifier.importers.results import SHOWN_ROWS
from tests.classifier.batch.rows import asked, part, unreadable


def counted(*rows: object, source: str = "in.csv") -> Summary:
    summary = Summary()
    batch = part(rows)  # type: ignore[arg-type]
    summary.add(batch, batch.column("verdict"))
    return summary


def test_errors_are_counted_by_reason_with_their_remedy_and_first_rows() -> None:
    rows = [unreadable(row) for row in range(1, 31)]
    lines = list(counted(*rows, asked(31), asked(32, handle=" ")).lines())
    assert lines[0] == "32 rows read, 1 accepted, 31 rejected"
    shown = ", ".join(map(str, range(1, SHOWN_ROWS + 1)))
    assert lines[1] == f"rejected, not_csv: 30 (rows {shown}, ...): the row is not CSV: quote it"
    assert (
        lines[2] == "rejected, handle_missing: 1 (row 32): field 'handle': the handle is missing: every row needs one"
    )


def test_notes_are_counted_by_kind() -> None:
    lines = list(counted(asked(1, followers=-4), asked(2, followers=-5)).lines())
    assert "note, followers: below zero, treated as missing: 2 (rows 1, 2)" in lines


def test_of_several_files_the_name_stands_with_the_row() -> None:
    lines = list(counted(unreadable(1, "a.csv"), unreadable(1, "b.csv")).lines())
    assert any("(rows a.csv:1, b.csv:1)" in line for line in lines)


def test_what_is_printed_has_no_handle_of_a_reported_account() -> None:
    summary = counted(asked(1, "fakeJane"), asked(2, "secret"))
    summary.campaigns = [
        Campaign(1, 2, "x", "JaneQuillon", "7", 2, {"bio": "hidden words"}, first=[("a", 1, "fakeJane")])
    ]
    printed = "\n".join(summary.lines())
    assert "fakeJane" not in printed
    assert "secret" not in printed
    assert "hidden words" not in printed
    assert "2 accounts, same bio, as @JaneQuillon (row" in printed


def test_the_json_is_json_and_has_everything() -> None:
    found = json.loads(json.dumps(counted(asked(1, "fake1"), unreadable(2)).as_json()))
    assert (found["rows"], found["answered"], found["verdicts"]) == (2, 1, {"cleared": 1})
    assert found["errors"]["not_csv"]["first"] == [{"source": "in.csv", "row": 2}]
    assert found["volume"] == {"would_be_cleared": 1, "held_back": 0, "why": {}}
