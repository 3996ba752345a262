import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.accounts import Account, ProtectedAccount, as_reported
from classifier.errors import FileFormatError, InputError
from classifier.evaluation import (
    Labelled,
    assess_labelled,
    by_family,
    calibration_error,
    figures,
    labelled_cases,
    read_labelled,
    report,
)
from classifier.registry import Registry
from classifier.scoring import Scorer
from classifier.simulation import simulate
from classifier.training import Training

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ROWS = [
    # family, label, relation, probability, right_target, flagged, verdict
    ("typo", "impersonation", "impersonation", 0.95, True, True, "cleared"),
    ("typo", "impersonation", "impersonation", 0.85, False, True, "needs_review"),
    ("cloned_name", "impersonation", "unrelated", 0.15, True, False, "needs_review"),
    ("cloned_name", "impersonation", "no_target", 0.05, False, False, "needs_review"),
    ("fan", "parody_or_fan", "parody_or_fan", 0.25, True, False, "needs_review"),
    ("mention", "unrelated", "impersonation", 0.9, True, True, "cleared"),
]
RESULTS = pd.DataFrame(
    ROWS, columns=["family", "label", "relation", "probability", "right_target", "flagged", "verdict"]
)


@pytest.fixture(scope="module")
def small(small_training: Training, registry: Registry) -> Scorer:
    return Scorer(small_training.model, "small", registry)


def written(tmp_path: Path, *rows: str, header: str = "platform,handle,target_handle,label,family") -> Path:
    path = tmp_path / "pairs.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def test_figures_are_shares_of_attacks_and_of_genuine_accounts() -> None:
    found = figures(RESULTS)
    assert found == {
        "attacks": 4,
        "genuine": 2,
        "target_found": 0.5,
        "impersonation_with_right_target": 0.25,
        "attacks_cleared_for_suspension": 0.25,
        "genuine_called_impersonation": 0.5,
        "genuine_cleared_for_suspension": 0.5,
        "auc": 3 / 8,
        "calibration_error": pytest.approx((2 * 0.425 + 0.15 + 0.85 + 0.95 + 0.25) / 6),
    }


@pytest.mark.parametrize(
    ("label", "absent"),
    [("impersonation", "genuine_called_impersonation"), ("unrelated", "target_found")],
)
def test_a_figure_over_nothing_is_none_and_not_zero(label: str, absent: str) -> None:
    found = figures(RESULTS.assign(label=label))
    assert found["attacks"] == (6 if label == "impersonation" else 0)
    assert (found["auc"], found[absent]) == (None, None)


def test_families_are_told_apart_by_label_and_keep_their_order() -> None:
    found = by_family(RESULTS)
    assert found.to_dict(orient="records") == [
        {"label": "impersonation", "family": "typo", "cases": 2, "right_target": 0.5, "flagged": 1.0, "found": 0.5,
         "cleared": 0.5},
        {"label": "impersonation", "family": "cloned_name", "cases": 2, "right_target": 0.5, "flagged": 0.0,
         "found": 0.0, "cleared": 0.0},
        {"label": "parody_or_fan", "family": "fan", "cases": 1, "right_target": 1.0, "flagged": 0.0, "found": 0.0,
         "cleared": 0.0},
        {"label": "unrelated", "family": "mention", "cases": 1, "right_target": 1.0, "flagged": 1.0, "found": 1.0,
         "cleared": 1.0},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("probability", "happened", "error"),
    [
        ([], [], 0.0),
        ([0.0, 1.0], [False, True], 0.0),
        ([0.0, 1.0], [True, False], 1.0),
        ([0.5, 0.5], [True, False], 0.0),
        ([0.25] * 4, [True, False, False, False], 0.0),
        ([0.3] * 4, [True, False, False, False], 0.05),
        ([0.05, 0.95], [False, False], (0.05 + 0.95) / 2),
        ([0.62, 0.68], [True, False], 0.15),
    ],
)
def test_the_calibration_error_of_known_answers(probability: list[float], happened: list[bool], error: float) -> None:
    assert calibration_error(probability, happened) == pytest.approx(error)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=40), st.randoms())
def test_the_calibration_error_is_a_share_and_does_not_depend_on_the_order(
    answers: list[tuple[float, bool]], random: Any
) -> None:
    found = calibration_error(*zip(*answers, strict=True)) if answers else calibration_error([], [])
    assert 0.0 <= found <= 1.0
    shuffled = random.sample(answers, len(answers))
    again = calibration_error(*zip(*shuffled, strict=True)) if shuffled else 0.0
    assert again == pytest.approx(found)


def test_calibrated_answers_have_almost_no_error() -> None:
    rng = np.random.default_rng(2)
    probability = rng.random(50_000)
    assert calibration_error(probability, rng.random(50_000) < probability) < 0.01
    assert calibration_error(probability, rng.random(50_000) < probability**2) > 0.1


def test_assessing_gives_a_row_a_case_in_order_with_no_text_of_an_account(
    small: Scorer, president: ProtectedAccount
) -> None:
    labelled = [
        Labelled(as_reported(president), "OLLIVANDERBRASK", "is_protected", "itself"),
        Labelled(Account(platform="x", handle="qzkxvw83", bio="secret"), "OllivanderBrask", "unrelated", "nobody"),
        *labelled_cases(simulate([president], seed=3)),
    ]
    found = assess_labelled(small, labelled)
    assert list(found.columns) == list(RESULTS.columns)
    assert found["family"].tolist() == [one.family for one in labelled]
    assert found["label"].tolist() == [one.label for one in labelled]
    first, second = found.iloc[0], found.iloc[1]
    assert (first["relation"], first["right_target"], first["verdict"]) == ("is_protected", True, "refused")
    assert (second["relation"], second["right_target"]) == ("no_target", False)
    shown = found.to_csv()
    assert "brask" not in shown.casefold()
    assert "secret" not in shown


def test_the_answers_do_not_depend_on_how_many_are_assessed(
    small: Scorer, president: ProtectedAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    labelled = labelled_cases(simulate([president], seed=3))
    whole = assess_labelled(small, labelled)
    monkeypatch.setattr("classifier.evaluation._CHUNK", 3)
    pd.testing.assert_frame_equal(assess_labelled(small, labelled), whole)


def test_simulated_cases_keep_target_label_and_family(president: ProtectedAccount) -> None:
    cases = list(simulate([president], seed=3))
    found = labelled_cases(cases)
    assert [(one.account, one.label, one.family) for one in found] == [(c.account, c.label, c.family) for c in cases]
    assert {one.target for one in found} == {president.handle}


def test_a_report_is_plain_json_and_names_model_and_registry(small: Scorer, president: ProtectedAccount) -> None:
    results = assess_labelled(small, labelled_cases(simulate([president], seed=3)))
    found = report(small, results)
    assert json.loads(json.dumps(found)) == found
    assert found["model_id"] == "small"
    assert found["registry"] == {"version": small.registry.version, "accounts": len(small.registry)}
    assert set(found["certificates"]) == {"standard"}
    assert found["figures"] == figures(results)


def test_labelled_accounts_are_read_with_their_labels(tmp_path: Path) -> None:
    path = written(tmp_path, "x,jane_q,JaneQuillon,impersonation,typo", ",jane_fan,JaneQuillon,parody_or_fan,")
    assert read_labelled(path, now=NOW, platform="mastodon") == [
        Labelled(Account(platform="x", handle="jane_q"), "JaneQuillon", "impersonation", "typo"),
        Labelled(Account(platform="mastodon", handle="jane_fan"), "JaneQuillon", "parody_or_fan", "parody_or_fan"),
    ]


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("x,jane,,impersonation,typo", "target_handle"),
        ("x,jane,JaneQuillon,,typo", "label"),
        ("x,,JaneQuillon,unrelated,typo", "handle"),
    ],
)
def test_a_row_that_cannot_be_used_is_named_with_its_field(tmp_path: Path, row: str, field: str) -> None:
    path = written(tmp_path, "x,jane,JaneQuillon,unrelated,typo", row)
    with pytest.raises(InputError) as caught:
        read_labelled(path, now=NOW)
    assert (caught.value.row, caught.value.field) == (2, field)


def test_a_row_that_is_not_csv_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_labelled(written(tmp_path, "x,jane,JaneQuillon"), now=NOW)
    assert caught.value.row == 1


def test_a_file_without_the_columns_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="target_handle"):
        read_labelled(written(tmp_path, "x,jane", header="platform,handle"), now=NOW)


def test_a_file_without_rows_is_refused_because_there_is_nothing_to_measure(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no rows"):
        read_labelled(written(tmp_path), now=NOW)


def test_a_file_that_cannot_be_read_is_an_error_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(FileFormatError):
        read_labelled(tmp_path / "absent.csv", now=NOW)
