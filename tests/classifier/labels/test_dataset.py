"""Labels are cases with a protected target, and what a manifest keeps of them holds no account and no name."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from classifier.accounts.account import Account, ProtectedAccount
from classifier.errors import InputError, TrainingError
from classifier.labels.dataset import Labels, read_labels
from classifier.labels.labelled_case import GIVEN
from classifier.registry.registry import Registry
from classifier.simulation import Case
from tests import real_data

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ADA = ProtectedAccount(platform="x", handle="AdaVex", secondary_handles=("AdaTwo",), tier="high")
REGISTRY = Registry([ADA, ProtectedAccount(platform="x", handle="OttoVex")])
HEADER = "platform,handle,followers,target_handle,label,labeller,slice"


def written(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_what_labellers_agree_on_is_learned_and_what_divides_them_is_left_out(tmp_path: Path) -> None:
    first = written(
        tmp_path / "a.csv", HEADER,
        "x,zorp,12,AdaVex,impersonation,Jo Roe,press", "x,zorp2,12,AdaVex,unrelated,Jo Roe,", "x,z3,,OttoVex,unclear,,",
    )  # fmt: skip
    second = written(
        tmp_path / "b.csv", HEADER, "x,ZORP,13,adavex,impersonation,Li,press", "x,zorp2,,AdaVex,impersonation,Li,"
    )
    found = read_labels([first, second], REGISTRY, now=NOW)
    assert [(case.account.handle, case.protected, case.label, case.family) for case in found.cases] == [
        ("ZORP", ADA, "impersonation", GIVEN)
    ]
    facts = found.facts()
    assert json.loads(json.dumps(facts)) == facts
    assert (facts["cases"], facts["labels"], facts["agreement"]["unclear"]) == (1, {"impersonation": 1}, 2)
    assert [(one["name"], one["kind"], one["rows"], one["used"]) for one in facts["sources"]] == [
        ("a.csv", "labels", 3, 3),
        ("b.csv", "labels", 2, 2),
    ]
    assert {"slice": "tier", "value": "high", "cases": 1, "impersonation": 1} in facts["slices"]
    assert {"slice": "slice", "value": "press", "cases": 1, "impersonation": 1} in facts["slices"]
    assert {"slice": "followers", "value": "below 100", "cases": 1, "impersonation": 1} in facts["slices"]
    kept = json.dumps(facts).casefold()
    assert not any(text in kept for text in ("jo roe", "zorp", "adavex")), "nobody's name is kept"
    assert found.lines()[0] == "a.csv (labels): 3 rows read, 3 used"
    assert found.lines()[2] == "1 cases: impersonation 1"
    assert "unclear, left out 2" in found.lines()[3]


def test_a_target_by_its_second_handle_is_the_same_case(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", HEADER, "x,zorp,,AdaVex,unrelated,p,", "x,zorp,,AdaTwo,unrelated,q,")
    [case] = read_labels([path], REGISTRY, now=NOW).cases
    assert case.protected == ADA


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("x,zorp,,nobody,unrelated,,", r"row 1, field 'target_handle': is not in the registry.*\(a\.csv\)"),
        ("x,zorp,,AdaVex,fake,,", "row 1, field 'label': must be one of impersonation, .*, unclear"),
    ],
)
def test_own_rows_that_nothing_can_be_learned_from_are_refused(tmp_path: Path, row: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_labels([written(tmp_path / "a.csv", HEADER, row)], REGISTRY, now=NOW)


def test_outcomes_about_who_is_not_protected_any_more_are_counted(tmp_path: Path) -> None:
    """What was decided cannot be corrected, and the registry has moved on; anything else refuses the file."""
    header = "platform,handle,target_handle,label,check_id"
    path = written(tmp_path / "a.csv", header, "x,zorp,AdaVex,unrelated,1", "x,zorp,nobody,unrelated,2")
    [source] = read_labels([path], REGISTRY, now=NOW).sources
    assert (source.kind, source.used, dict(source.rejected)) == ("outcomes", 1, {"target_unknown": 1})
    with pytest.raises(InputError, match="field 'label'"):
        read_labels([written(path, header, "x,zorp,AdaVex,unrelated,1", "x,zorp,AdaVex,fake,2")], REGISTRY, now=NOW)


def test_labels_that_are_all_unclear_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="not one labelled case is clear"):
        read_labels([written(tmp_path / "a.csv", HEADER, "x,zorp,,AdaVex,unclear,,")], REGISTRY, now=NOW)


def test_cases_from_elsewhere_are_labels_without_files(tmp_path: Path) -> None:
    case = Case(Account(handle="zorp"), ADA, "unrelated", GIVEN)
    found = Labels.of([case])
    assert Labels.of(found) is found
    assert (found.facts()["sources"], found.facts()["agreement"], found.facts()["cases"]) == ([], None, 1)
    assert Labels().lines() == []


@pytest.mark.skipif(not real_data.DATA.is_dir(), reason="the real data (../shared/data) is not here")
def test_real_look_alikes_are_read_and_every_row_is_accounted_for() -> None:
    path = real_data.DATA / "pairs" / "lookalike_handles.csv"
    found = read_labels([path], real_data.public(real_data.DATA), now=datetime.now(UTC), platform="x")
    [source] = found.sources
    assert (source.kind, source.rows) == ("look-alikes", 113)
    assert source.used + source.rejected.get("target_unknown", 0) == source.rows
    assert found.agreement is not None
    assert len(found) + found.agreement.unclear == found.agreement.cases <= source.used
    assert found.agreement.unclear >= 1
