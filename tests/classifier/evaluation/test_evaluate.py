import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from classifier.accounts.account import Account, ProtectedAccount, as_reported
from classifier.errors import FileFormatError, InputError
from classifier.evaluation import evaluate
from classifier.evaluation.evaluate import (
    Labelled,
    assess_labelled,
    labelled_cases,
    measured,
    read_labelled,
    simulated_cases,
)
from classifier.evaluation.metrics import by_family, figures
from classifier.evaluation.requirements import parse_bound
from classifier.model_store.training_result import Training
from classifier.registry.registry import Registry
from classifier.scoring.scorer import Scorer
from classifier.simulation import simulate

NOW = datetime(2026, 1, 1, tzinfo=UTC)
COLUMNS = [
    "family", "label", "relation", "probability", "clearing_probability", "right_target", "flagged", "verdict", "above",
    "tier", "identity", "name", "script", "followers", "age", "bio",
]  # fmt: skip


@pytest.fixture(scope="module")
def small(small_training: Training, registry: Registry) -> Scorer:
    return Scorer(small_training.model, "small", registry)


def written(tmp_path: Path, *rows: str, header: str = "platform,handle,target_handle,label,family") -> Path:
    path = tmp_path / "pairs.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def test_assessing_gives_a_row_a_case_in_order_with_no_text_of_an_account(
    small: Scorer, president: ProtectedAccount
) -> None:
    labelled = [
        Labelled(as_reported(president), "OLLIVANDERBRASK", "is_protected", "itself"),
        Labelled(Account(platform="x", handle="qzkxvw83", bio="secret"), "OllivanderBrask", "unrelated", "nobody"),
        *labelled_cases(simulate([president], seed=3)),
    ]
    found = assess_labelled(small, labelled)
    assert list(found.columns) == COLUMNS
    assert found["family"].tolist() == [one.family for one in labelled]
    assert found["label"].tolist() == [one.label for one in labelled]
    first, second = found.iloc[0], found.iloc[1]
    assert (first["relation"], first["right_target"], first["verdict"]) == ("is_protected", True, "refused")
    assert (second["relation"], second["right_target"]) == ("no_target", False)
    assert (first["tier"], second["bio"], second["script"]) == ("high", "with bio", "Latin")
    shown = found.to_csv()
    assert "brask" not in shown.casefold()
    assert "secret" not in shown


def test_the_answers_do_not_depend_on_how_many_are_assessed(
    small: Scorer, president: ProtectedAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    labelled = labelled_cases(simulate([president], seed=3))
    whole = assess_labelled(small, labelled)
    monkeypatch.setattr("classifier.evaluation.evaluate._CHUNK", 3)
    pd.testing.assert_frame_equal(assess_labelled(small, labelled), whole)


def test_simulated_cases_keep_target_label_and_family(president: ProtectedAccount) -> None:
    cases = list(simulate([president], seed=3))
    found = labelled_cases(cases)
    assert [(one.account, one.label, one.family) for one in found] == [(c.account, c.label, c.family) for c in cases]
    assert {(one.target_platform, one.target) for one in found} == {(president.platform, president.handle)}


def test_what_is_measured_is_plain_json_and_names_its_model(small: Scorer, president: ProtectedAccount) -> None:
    results = assess_labelled(small, labelled_cases(simulate([president], seed=3)))
    bounds = [parse_bound("auc>=0.5"), parse_bound("tpr_at_fpr_0.001>=0")]
    found = measured(small, results, source="somewhere", now=NOW, bounds=bounds)
    assert json.loads(json.dumps(found)) == found
    assert (found["model_id"], found["source"], found["measured_at"]) == ("small", "somewhere", NOW.isoformat())
    assert found["registry"] == {"version": small.registry.version, "accounts": len(small.registry)}
    assert set(found["certificates"]) == {"standard"}
    assert found["figures"] == figures(results)
    assert [bound["met"] for bound in found["bounds"]] == [found["figures"]["auc"] >= 0.5, False]
    assert set(found["slices"]) == {"tier", "script", "followers", "age", "bio"}
    assert {part["value"] for part in found["name_slices"]} <= {"common", "less common", "rare", "no known name"}
    cases = sum(part[share]["of"] for part in found["name_slices"] for share in ("found", "flagged"))
    assert cases == sum(part[share]["of"] for part in found["slices"]["bio"] for share in ("found", "flagged"))
    assert "brask" not in json.dumps(found).casefold()


def test_families_keep_their_plain_shares_beside_the_intervals(small: Scorer, president: ProtectedAccount) -> None:
    results = assess_labelled(small, labelled_cases(simulate([president], seed=3)))
    found = {one["family"]: one for one in measured(small, results, source="", now=NOW)["families"]}
    for row in by_family(results).to_dict(orient="records"):
        assert {name: found[row["family"]][name] for name in row} == row
        assert found[row["family"]]["intervals"]["flagged"]["of"] == row["cases"]


def test_certified_thresholds_are_counted_by_tier(small: Scorer, president: ProtectedAccount) -> None:
    cases = list(simulate([president], seed=3))
    attacks = sum(case.label == "impersonation" for case in cases)
    results = assess_labelled(small, labelled_cases(cases))
    high = results.assign(above=[True] * 3 + [False] * (len(results) - 3))
    found = measured(small, high, source="", now=NOW)["above_certified_threshold"]
    assert (found["high"]["attacks"]["count"], found["high"]["attacks"]["of"]) == (3, attacks)
    genuine = len(results) - attacks
    assert (found["high"]["genuine"]["count"], found["high"]["genuine"]["of"]) == (0, genuine)
    assert found["standard"]["attacks"]["share"] is None


def test_a_target_that_is_not_registered_has_no_tier(small: Scorer) -> None:
    found = assess_labelled(small, [Labelled(Account(platform="x", handle="qzkxvw83"), "Nobody", "unrelated", "x")])
    assert (found["tier"].item(), bool(found["above"].item())) == ("not registered", False)


def test_a_namesake_on_another_platform_is_not_the_target(
    small_training: Training, president: ProtectedAccount
) -> None:
    """The reported account imitates the president on X; the label is about somebody of the same handle elsewhere."""
    namesake = replace(president, platform="mastodon", account_id="77", tier="standard")
    scorer = Scorer(small_training.model, "small", Registry([president, namesake]))
    attack = Account(platform="x", handle="0llivanderBrask", display_name=president.display_name)
    here = Labelled(attack, president.handle, "impersonation", "typo")
    elsewhere = replace(here, target_platform="mastodon")
    nowhere = replace(here, target_platform="bluesky")
    found = assess_labelled(scorer, [here, elsewhere, nowhere, here])
    assert found["flagged"].all()
    assert found["right_target"].tolist() == [True, False, False, True]
    assert found["tier"].tolist() == ["high", "standard", "not registered", "high"]
    assert found["identity"].tolist() == [0, 1, 2, 0]


def test_simulated_cases_stand_around_the_registry(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluate, "IDENTITIES", 2)
    found = simulated_cases(registry, seed=3)
    targets = {one.target for one in found}
    assert len(targets) == 2
    assert targets <= {account.handle for account in registry}
    assert found == simulated_cases(registry, seed=3) != simulated_cases(registry, seed=4)


def test_labelled_accounts_are_read_with_their_labels(tmp_path: Path) -> None:
    path = written(tmp_path, "x,jane_q,JaneQuillon,impersonation,typo", ",jane_fan,JaneQuillon,parody_or_fan,")
    assert read_labelled(path, now=NOW, platform="mastodon") == [
        Labelled(Account(platform="x", handle="jane_q"), "JaneQuillon", "impersonation", "typo", place=(0, 1)),
        Labelled(
            Account(platform="mastodon", handle="jane_fan"),
            "JaneQuillon",
            "parody_or_fan",
            "parody_or_fan",
            place=(0, 2),
        ),
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
        read_labelled(written(tmp_path, "x,jane,JaneQuillon,unrelated,typo", "x,jane,JaneQuillon"), now=NOW)
    assert caught.value.row == 2


def test_a_file_without_the_columns_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="target_handle"):
        read_labelled(written(tmp_path, "x,jane", header="platform,handle"), now=NOW)


def test_a_file_without_rows_is_refused_because_there_is_nothing_to_measure(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no rows"):
        read_labelled(written(tmp_path), now=NOW)


def test_a_file_that_cannot_be_read_is_an_error_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(FileFormatError):
        read_labelled(tmp_path / "absent.csv", now=NOW)
