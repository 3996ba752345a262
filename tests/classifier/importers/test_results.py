from classifier.accounts.account import Account
from classifier.errors import InputError
from classifier.importers import Imported, ImportReport
from classifier.importers.results import RowError


def rejected(row: int, reason: str = "handle_missing") -> Imported:
    return Imported(row, None, RowError(reason, "the handle is missing", row=row), ())


def test_a_report_counts_and_places() -> None:
    report = ImportReport()
    for row in range(1, 31):
        report.add(rejected(row))
    report.add(rejected(31, "not_json"))
    report.add(Imported(32, Account(handle="jane"), None, ("followers: below zero, treated as missing",)))
    assert (report.rows, report.accepted) == (32, 1)
    assert report.rejected == {"handle_missing": 30, "not_json": 1}
    assert report.where["handle_missing"] == list(range(1, 21))
    assert report.lines() == [
        "32 rows read, 1 accepted, 31 rejected",
        f"rejected, handle_missing: 30 (rows {', '.join(map(str, range(1, 21)))}, ...): the handle is missing",
        "rejected, not_json: 1 (row 31): the handle is missing",
        "note, followers: below zero, treated as missing: 1 (row 32)",
    ]


def test_merged_rows_are_reported() -> None:
    assert ImportReport(rows=2, accepted=2, merged=1).lines() == [
        "2 rows read, 2 accepted, 0 rejected",
        "merged, equal to an earlier row: 1",
    ]


def test_reasons() -> None:
    assert Imported(1, Account(handle="jane"), None).reason == ""
    assert Imported(1, None, InputError("bad")).reason == "bad_input"
    assert rejected(1).reason == "handle_missing"
