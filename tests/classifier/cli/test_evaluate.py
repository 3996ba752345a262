import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from classifier.accounts.account import ProtectedAccount
from classifier.evaluation import evaluate as evaluation
from classifier.evaluation.evaluate import simulated_cases
from classifier.model_store import ModelStore
from classifier.registry.registry import Registry
from classifier.simulation import ATTACKS
from classifier.simulation.population import invent_registry
from classifier.storage.home import registry_store
from classifier.workbench import workbench
from tests.classifier.cli.asking import Run, failed, succeeded


def test_evaluate_prints_figures_and_writes_them(
    run: Run, small_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evaluation, "IDENTITIES", 20)
    result = run("evaluate", "--seed", 8, "-o", tmp_path / "figures.json", home=small_home)
    succeeded(result, "handle_variant", "genuine_cleared_for_suspension", "calibration_error")
    found = json.loads((tmp_path / "figures.json").read_text())
    assert found["model_id"] == ModelStore(small_home).current_id()
    cases = simulated_cases(invent_registry(20, 8), seed=8)  # the famous have more attacks, the unfollowed fewer
    attacks = sum(case.family in ATTACKS for case in cases)
    assert (found["registry"]["accounts"], found["figures"]["attacks"]) == (20, attacks)
    assert found["figures"]["genuine"] == len(cases) - attacks
    again = run("evaluate", "--seed", 8, home=small_home)
    assert again.stdout == result.stdout


def test_evaluate_measures_on_labelled_accounts(
    run: Run, small_home: Path, registry: Registry, tmp_path: Path, president: ProtectedAccount
) -> None:
    pairs = tmp_path / "pairs.csv"
    pairs.write_text(
        "handle,display_name,target_handle,label\n"
        f"OIIivanderBrask,Ollivander Brask,{president.handle},impersonation\n"
        f"{president.handle},,{president.handle},is_protected\n"
    )
    registry.save(tmp_path / "r.csv")
    options = ("--pairs", pairs, "--platform", "x", "--registry", tmp_path / "r.csv", "-o", tmp_path / "f.json")
    succeeded(run("evaluate", *options, home=small_home), "is_protected")
    found = json.loads((tmp_path / "f.json").read_text())["figures"]
    assert (found["attacks"], found["genuine"], found["target_found"]) == (1, 1, 1.0)


def test_evaluate_takes_several_files_and_leaves_out_what_labellers_disagree_on(
    run: Run, small_home: Path, tmp_path: Path, president: ProtectedAccount
) -> None:
    header = "handle,display_name,target_handle,label,labeller\n"
    case = f"OIIivanderBrask,Ollivander Brask,{president.handle}"
    (tmp_path / "a.csv").write_text(f"{header}{case},impersonation,p\nzorpvex,,{president.handle},unrelated,p\n")
    (tmp_path / "b.csv").write_text(f"{header}{case},unrelated,q\n")
    options = ("--pairs", tmp_path / "a.csv", "--pairs", tmp_path / "b.csv", "--platform", "x")
    result = run("evaluate", *options, "-o", tmp_path / "f.json", home=small_home)
    succeeded(result)
    assert "a.csv (labels): 2 rows read, 2 used" in result.stderr
    assert "unclear, left out 1" in result.stderr
    found = json.loads((tmp_path / "f.json").read_text())
    assert (found["figures"]["attacks"], found["figures"]["genuine"]) == (0, 1)


@pytest.mark.parametrize(
    ("content", "messages"),
    [
        ("handle,target_handle,label\njane,,unrelated\n", ("row 1", "target_handle")),
        ("handle,target_handle,label\n", ("no rows",)),
        ("handle,target_handle\njane,Jane\n", ("row 1", "label")),
    ],
)
def test_evaluate_refuses_labels_it_cannot_use(
    run: Run, small_home: Path, tmp_path: Path, content: str, messages: tuple[str, ...]
) -> None:
    (tmp_path / "pairs.csv").write_text(content)
    failed(run("evaluate", "--pairs", tmp_path / "pairs.csv", home=small_home), *messages)


@pytest.fixture
def evaluate(
    run: Run, small_home: Path, registry: Registry, tmp_path: Path, president: ProtectedAccount
) -> Callable[..., Result]:
    """Evaluate on an attack, the account itself and an attack that nobody can see: an AUC of 3/4."""
    pairs = tmp_path / "pairs.csv"
    pairs.write_text(
        "handle,display_name,target_handle,label\n"
        f"OIIivanderBrask,Ollivander Brask,{president.handle},impersonation\n"
        f"{president.handle},,{president.handle},is_protected\n"
        f"qzkxvw83,,{president.handle},impersonation\n"
    )
    registry.save(tmp_path / "r.csv")
    fixed = ("--pairs", pairs, "--platform", "x", "--registry", tmp_path / "r.csv")
    return lambda *options: run("evaluate", *fixed, *options, home=small_home)


def test_evaluate_writes_every_output_it_is_asked_for(evaluate: Callable[..., Result], tmp_path: Path) -> None:
    succeeded(
        evaluate("-o", tmp_path / "f.json", "-o", tmp_path / "r.html", "--require", "auc>=0.75"), "met      auc>=0.75"
    )
    assert json.loads((tmp_path / "f.json").read_text())["source"] == "labelled accounts of pairs.csv"
    assert "@qzkxvw83" in (tmp_path / "r.html").read_text(encoding="utf-8")


def test_evaluate_can_leave_the_accounts_out(evaluate: Callable[..., Result], tmp_path: Path) -> None:
    succeeded(evaluate("-o", tmp_path / "r.html", "--no-accounts"))
    shown = (tmp_path / "r.html").read_text(encoding="utf-8").casefold()
    assert "brask" not in shown
    assert "qzkxvw83" not in shown


@pytest.mark.parametrize("missed", ["auc<=0.5", "tpr_at_fpr_0.001>=0", "tpr_at_fpr_0.001<=1"])
def test_below_a_bound_evaluate_fails_and_still_writes(
    evaluate: Callable[..., Result], tmp_path: Path, missed: str
) -> None:
    """Also where the figure could not be measured, whatever the bound."""
    result = evaluate("-o", tmp_path / "f.json", "--require", "auc>=0.75", "--require", missed)
    failed(result, "1 of 2 bounds not met")
    assert "NOT MET" in result.stdout
    assert [bound["met"] for bound in json.loads((tmp_path / "f.json").read_text())["bounds"]] == [True, False]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--require", "auc"), "is no bound"),
        (("--require", "acu>=0.9"), "did you mean auc?"),
        (("-o", "report.pdf"), "unknown ending"),
    ],
)
def test_evaluate_refuses_what_it_could_not_answer_before_it_runs(
    evaluate: Callable[..., Result], monkeypatch: pytest.MonkeyPatch, options: tuple[str, str], message: str
) -> None:
    monkeypatch.setattr(workbench, "assess_labelled", lambda *_, **__: pytest.fail("it has run"))
    failed(evaluate(*options), message, code=2)


def test_without_matplotlib_evaluate_refuses_a_page_before_it_runs(
    evaluate: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    succeeded(evaluate("-o", tmp_path / "f.json"))
    monkeypatch.setattr(workbench, "assess_labelled", lambda *_, **__: pytest.fail("it has run"))
    failed(evaluate("-o", tmp_path / "r.html"), "pip install 'doublecheck[report]'", code=2)


def test_evaluate_never_writes_over_what_it_reads(evaluate: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "r.csv").rename(tmp_path / "pairs.json")
    before = (tmp_path / "pairs.json").read_bytes()
    failed(evaluate("--registry", tmp_path / "pairs.json", "-o", tmp_path / "pairs.json"), "name another file")
    assert (tmp_path / "pairs.json").read_bytes() == before


def _kept(home: Path) -> tuple[str, int]:
    registry = registry_store(home).open().index.registry
    return registry.version, len(registry)


def test_labelled_pairs_are_measured_against_a_registry_that_somebody_chose(run: Run, tmp_path: Path) -> None:
    (tmp_path / "pairs.csv").write_text("handle,target_handle,label\nj4ne,jane,impersonation\n", encoding="utf-8")
    failed(run("evaluate", "--pairs", tmp_path / "pairs.csv", home=tmp_path / "empty"), "--registry")
