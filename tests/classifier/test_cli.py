import csv
import json
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

from classifier import __version__, batch, cli, evaluation
from classifier.accounts import ProtectedAccount, as_reported, canonical
from classifier.authenticity import NOT_CERTIFIED
from classifier.cli import main
from classifier.home import registry_store
from classifier.importers import FORMATS
from classifier.invention import invent_registry
from classifier.models import ModelStore
from classifier.registry import Registry
from classifier.scorecard import default_account_model
from classifier.scoring import Assessment, Scorer
from classifier.simulation import ATTACKS
from classifier.training import Training

Run = Callable[..., Result]
SMALL = invent_registry(40, seed=14)
COLUMNS = ["platform", "account_id", "handle", "display_name", "bio", "followers"]


@pytest.fixture(scope="module")
def model_home(tmp_path_factory: pytest.TempPathFactory, small_training: Training, registry: Registry) -> Path:
    """A home with a small model and the registry imported; tests only read it."""
    path = tmp_path_factory.mktemp("cli")
    store = ModelStore(path)
    store.promote(store.add(small_training))
    registry_store(path).replace(registry)
    return path


@pytest.fixture
def run() -> Run:
    def call(*arguments: object, home: Path | None = None) -> Result:
        options = ["--home", str(home)] if home else []
        return CliRunner().invoke(main, [*map(str, arguments), *options])

    return call


@pytest.fixture
def input_file(tmp_path: Path, president: ProtectedAccount) -> Path:
    """Four rows: the president, an imitator, a row without a handle, nobody in particular."""
    path = tmp_path / "reported.csv"
    rows = [
        {name: canonical(as_reported(president)).get(name, "") for name in COLUMNS},
        {"platform": "x", "handle": "OIIivanderBrask", "display_name": "Ollivander Brask", "followers": 12,
         "bio": president.bio},
        {"platform": "x", "display_name": "nobody"},
        {"platform": "x", "handle": "qzkxvw83"},
    ]  # fmt: skip
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def failed(result: Result, *texts: str, code: int = 1) -> None:
    """An error is one message on standard error, no traceback, and an exit status above 0."""
    assert result.exit_code == code, result.output
    assert isinstance(result.exception, SystemExit)
    assert "Error: " in result.stderr
    for text in texts:
        assert text in result.stderr


def succeeded(result: Result, *texts: str) -> None:
    assert result.exit_code == 0, result.output + repr(result.exception)
    for text in texts:
        assert text in result.stdout


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


# --- the whole -------------------------------------------------------------------------------------------------------


def test_help_names_every_command(run: Run) -> None:
    result = run("-h")
    succeeded(result, *(f"  {name} " for name in ("score", "train", "evaluate", "registry", "models", "sample")))
    succeeded(run("registry", "--help"), "import", "list", "export")
    succeeded(run("models", "--help"), "list", "show", "verify")


def test_the_version_is_the_packages(run: Run) -> None:
    succeeded(run("--version"), __version__)


@pytest.mark.parametrize("arguments", [["fly"], ["score"], ["models", "fly"], ["train", "--seed", "many"]])
def test_a_wrong_command_line_is_a_usage_error(run: Run, arguments: list[str]) -> None:
    failed(run(*arguments), code=2)


def test_the_home_is_taken_from_the_environment_too(model_home: Path) -> None:
    result = CliRunner().invoke(main, ["models", "list"], env={"DOUBLECHECK_HOME": str(model_home)})
    succeeded(result, ModelStore(model_home).current_id())


def test_a_tilde_in_the_home_is_the_users_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    SMALL.save(tmp_path / "r.csv")
    succeeded(CliRunner().invoke(main, ["registry", "import", "r.csv", "--home", "~/mine"]))
    assert (tmp_path / "mine" / "registry" / "current.json").is_file()


# --- score -----------------------------------------------------------------------------------------------------------


def test_score_writes_a_row_a_row_and_says_what_it_found(
    run: Run, model_home: Path, input_file: Path, tmp_path: Path
) -> None:
    result = run("score", input_file, "-o", tmp_path / "out.jsonl", home=model_home)
    succeeded(result, "4 rows read, 3 accepted, 1 rejected", "is_protected", "refused", "4 rows -> ")
    found = lines(tmp_path / "out.jsonl")
    assert [row["row"] for row in found] == [1, 2, 3, 4]
    assert [row["relation"] for row in found] == ["is_protected", "impersonation", None, "no_target"]
    assert found[2]["error"] == "row 3, field 'handle': the handle is missing: every row needs one"
    assert {row["model_id"] for row in found} == {ModelStore(model_home).current_id()}


def test_score_takes_a_registry_file_and_a_platform(
    run: Run, model_home: Path, input_file: Path, tmp_path: Path
) -> None:
    SMALL.save(tmp_path / "small.csv")
    (tmp_path / "bare.csv").write_text(f"handle\n{SMALL.accounts[0].handle}\n", encoding="utf-8")
    output = tmp_path / "out.jsonl"
    options = ("-o", output, "--registry", tmp_path / "small.csv")
    succeeded(run("score", tmp_path / "bare.csv", *options, "--platform", "mastodon", home=model_home))
    assert [row["platform"] for row in lines(output)] == ["mastodon"]
    succeeded(run("score", tmp_path / "bare.csv", *options, "--platform", "x", home=model_home))
    assert [row["relation"] for row in lines(output)] == ["is_protected"]


@pytest.mark.parametrize("source_format", FORMATS)
def test_score_reads_every_format_that_is_asked_for(
    run: Run, model_home: Path, tmp_path: Path, source_format: str
) -> None:
    row = {"handle": "jane", "screen_name": "jane", "username": "jane", "acct": "jane", "did": "did:plc:1"}
    (tmp_path / "in.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    output = tmp_path / "out.jsonl"
    succeeded(run("score", tmp_path / "in.jsonl", "-o", output, "--format", source_format, home=model_home))
    assert [(row["handle"], row["error"]) for row in lines(output)] == [("jane", None)]


def test_score_never_issues_a_clearance(run: Run, model_home: Path, input_file: Path, tmp_path: Path) -> None:
    run("score", input_file, "-o", tmp_path / "out.jsonl", home=model_home)
    assert not any("clearance" in row for row in lines(tmp_path / "out.jsonl"))


def test_score_without_a_registry_says_how_to_get_one(run: Run, input_file: Path, tmp_path: Path) -> None:
    result = run("score", input_file, "-o", tmp_path / "out.csv", home=tmp_path / "empty")
    failed(result, "doublecheck registry import")
    assert not (tmp_path / "out.csv").exists()


def test_score_refuses_a_registry_with_rejected_rows(
    run: Run, model_home: Path, input_file: Path, tmp_path: Path
) -> None:
    (tmp_path / "r.csv").write_text("platform,handle\nx,Jane\n,Ada\n", encoding="utf-8")
    result = run("score", input_file, "-o", tmp_path / "o.csv", "--registry", tmp_path / "r.csv", home=model_home)
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
def test_score_refuses_what_it_cannot_read_or_write_before_a_model_is_trained(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: str, output: str, message: str
) -> None:
    monkeypatch.setattr(ModelStore, "current_or_train", lambda *_, **__: pytest.fail("trained for nothing"))
    (tmp_path / name).write_text(content, encoding="utf-8")
    SMALL.save(tmp_path / "r.csv")
    failed(run("score", tmp_path / name, "-o", tmp_path / output, "--registry", tmp_path / "r.csv"), message)
    assert not (tmp_path / output).exists()


def test_score_says_that_a_directory_to_write_to_is_missing(
    run: Run, model_home: Path, input_file: Path, tmp_path: Path
) -> None:
    failed(run("score", input_file, "-o", tmp_path / "absent" / "out.csv", home=model_home), "absent")


@pytest.mark.parametrize("previous", [None, "the run before\n"])
def test_ctrl_c_during_score_leaves_nothing_half_written(
    run: Run, model_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, previous: str | None
) -> None:
    calls: list[int] = []
    real = Scorer.assess_many

    def interrupted(self: Scorer, accounts: Any) -> list[Assessment]:
        calls.append(len(accounts))
        if len(calls) == 3:
            raise KeyboardInterrupt
        return real(self, accounts)

    monkeypatch.setattr(batch, "CHUNK", 2)
    monkeypatch.setattr(Scorer, "assess_many", interrupted)
    (tmp_path / "in.csv").write_text("handle\n" + "jane\n" * 9, encoding="utf-8")
    output = tmp_path / "results" / "out.csv"
    output.parent.mkdir()
    if previous is not None:
        output.write_text(previous)
    result = run("score", tmp_path / "in.csv", "-o", output, home=model_home)
    assert (result.exit_code, len(calls)) == (1, 3)
    assert "Aborted" in result.stderr
    assert [path.name for path in output.parent.iterdir()] == ([] if previous is None else ["out.csv"])
    assert previous is None or output.read_text() == previous


# --- train, models ---------------------------------------------------------------------------------------------------


def test_train_stores_and_promotes_a_model_and_says_what_it_may_clear(run: Run, tmp_path: Path) -> None:
    SMALL.save(tmp_path / "r.csv")
    result = run("train", "--registry", tmp_path / "r.csv", "--seed", 3, home=tmp_path / "home")
    store = ModelStore(tmp_path / "home")
    succeeded(result, f"model {store.current_id()} (now serving)", "tier standard", "tier high", "no certificate")
    again = run("train", "--registry", tmp_path / "r.csv", "--seed", 3, home=tmp_path / "home")
    succeeded(again, store.current_id())
    assert len(store.ids()) == 1


def test_train_prints_the_certificates_it_got(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small_training: Training
) -> None:
    monkeypatch.setattr(cli, "train", lambda *_, **__: small_training)
    result = run("train", home=tmp_path)
    succeeded(result, "at most 1.0% of genuine accounts above it, with 95% confidence (n = 490, above: ")


def labelled_accounts(path: Path, *, genuine: int = 400, fake: int = 400) -> Path:
    """Two sources of both classes, told apart by their audience."""
    rng = np.random.default_rng(8)
    rows = ["platform,handle,followers,listed,posts,label,source"]
    for number in range(genuine + fake):
        label, power = ("genuine", 3.5) if number < genuine else ("fake", 1.5)
        counts = (10 ** rng.normal([power, power - 2, 3.0], 0.2)).astype(int)
        rows.append(f"x,h{number},{','.join(map(str, counts))},{label},{'one' if number % 2 else 'other'}")
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_train_learns_the_account_alone_from_labelled_accounts(run: Run, tmp_path: Path) -> None:
    SMALL.save(tmp_path / "r.csv")
    accounts, home = labelled_accounts(tmp_path / "a.csv"), tmp_path / "home"
    result = run("train", "--registry", tmp_path / "r.csv", "--accounts", accounts, home=home)
    succeeded(result, "account alone  no certificate: nobody will be flagged; give 2,995 or more genuine accounts")
    shown = json.loads(run("models", "show", home=home).stdout)["account"]
    assert shown["certificate"] is None
    assert [(one["source"], one["genuine"], one["inauthentic"]) for one in shown["learned_from"]] == [
        ("one", 200, 200),
        ("other", 200, 200),
    ]
    output = tmp_path / "out.jsonl"
    succeeded(run("score", accounts, "-o", output, "--registry", tmp_path / "r.csv", home=home))
    found = lines(output)
    genuine, fake = ([row["inauthentic_probability"] for row in part] for part in (found[:400], found[400:]))
    assert np.median(genuine) < 0.1
    assert np.median(fake) > 0.9
    assert {(row["inauthentic"], row["inauthentic_reason"]) for row in found} == {(None, NOT_CERTIFIED)}


def test_by_default_train_takes_the_packages_head_for_the_account(run: Run, tmp_path: Path) -> None:
    SMALL.save(tmp_path / "r.csv")
    result = run("train", "--registry", tmp_path / "r.csv", home=tmp_path / "home")
    succeeded(result, "account alone  threshold 0.", "at most 0.1% of genuine accounts above it")
    assert "among genuine accounts that at least 100 people follow, of " in result.stdout
    assert ModelStore(tmp_path / "home").load().model.account == default_account_model()


def test_train_learns_from_labelled_pairs_too(run: Run, tmp_path: Path) -> None:
    SMALL.save(tmp_path / "r.csv")
    rows = [f"zzqqxx{number},{one.handle},impersonation" for number, one in enumerate(SMALL.accounts)]
    (tmp_path / "p.csv").write_text("\n".join(["handle,target_handle,label", *rows]), encoding="utf-8")
    options = ("--registry", tmp_path / "r.csv", "--pairs", tmp_path / "p.csv", "--seed", 3)
    succeeded(run("train", *options, "--platform", "x", home=tmp_path / "home"), "now serving")
    succeeded(run("train", "--registry", tmp_path / "r.csv", "--seed", 3, home=tmp_path / "home"), "now serving")
    assert len(ModelStore(tmp_path / "home").ids()) == 2  # the same model has the same id


@pytest.mark.parametrize(
    ("row", "messages"),
    [
        ("zzqqxx,nobody_known,impersonation", ("row 1", "target_handle", "not in the registry")),
        ("zzqqxx,{target},fake", ("row 1", "label", "impersonation, same_owner, parody_or_fan, unrelated")),
        ("zzqqxx,{target},", ("row 1", "label", "empty")),
    ],
)
def test_train_refuses_labelled_pairs_it_cannot_use_before_it_trains(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, row: str, messages: tuple[str, ...]
) -> None:
    monkeypatch.setattr(cli, "train", lambda *_, **__: pytest.fail("trained for nothing"))
    SMALL.save(tmp_path / "r.csv")
    filled = row.format(target=SMALL.accounts[0].handle)
    (tmp_path / "p.csv").write_text(f"handle,target_handle,label\n{filled}\n", encoding="utf-8")
    options = ("--registry", tmp_path / "r.csv", "--pairs", tmp_path / "p.csv", "--platform", "x")
    failed(run("train", *options, home=tmp_path / "home"), *messages)


@pytest.mark.parametrize(
    ("content", "messages"),
    [
        ("platform,handle,label,source\nx,jane,bot,a\n", ("row 1", "'label'", "fake, inauthentic, genuine")),
        ("platform,handle,label\nx,jane,fake\n", ("row 1", "'source'")),
        ("handle,label,source\njane,fake,a\n", ("row 1", "'platform'", "--platform")),
        ("platform,handle,label,source\n", ("no rows",)),
        ("platform,handle,label,source\nx,jane,fake,a\n", ("one source alone",)),
        ("platform,handle,label,source\nx,jane,fake,a\nx,ada,fake,b\n", ("only one class",)),
        ("platform,handle,label,source\nx,jane,fake,a\nx,ada,genuine,b\n", ("at least 50 accounts with followers",)),
    ],
)
def test_train_refuses_labelled_accounts_it_cannot_use_before_it_trains(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str, messages: tuple[str, ...]
) -> None:
    monkeypatch.setattr(cli, "train", lambda *_, **__: pytest.fail("it has trained"))
    (tmp_path / "a.csv").write_text(content, encoding="utf-8")
    failed(run("train", "--accounts", tmp_path / "a.csv", home=tmp_path / "home"), *messages)


def test_train_can_leave_the_serving_model_alone(run: Run, tmp_path: Path) -> None:
    SMALL.save(tmp_path / "r.csv")
    home = tmp_path / "home"
    succeeded(run("train", "--registry", tmp_path / "r.csv", "--no-promote", home=home), "model ")
    (model_id,) = ModelStore(home).ids()
    result = run("models", "list", home=home)
    succeeded(result, model_id)
    assert "serving" not in result.stdout
    failed(run("models", "show", home=home), "doublecheck train")
    succeeded(run("models", "show", model_id, home=home))


def test_train_refuses_a_registry_that_is_too_small(run: Run, tmp_path: Path) -> None:
    invent_registry(4, seed=1).save(tmp_path / "r.csv")
    failed(run("train", "--registry", tmp_path / "r.csv", home=tmp_path / "home"), "too few")
    assert ModelStore(tmp_path / "home").ids() == []


def test_models_list_marks_the_one_that_serves(run: Run, model_home: Path, tmp_path: Path) -> None:
    succeeded(run("models", "list", home=model_home), f"{ModelStore(model_home).current_id()}  serving")
    succeeded(run("models", "list", home=tmp_path / "empty"), "doublecheck train")


def test_models_show_prints_the_manifest(run: Run, model_home: Path) -> None:
    store = ModelStore(model_home)
    for arguments in ([], [store.current_id()]):
        result = run("models", "show", *arguments, home=model_home)
        succeeded(result)
        assert json.loads(result.stdout) == store.verify(store.current_id())


def test_models_verify_says_what_it_checked(run: Run, model_home: Path) -> None:
    current = ModelStore(model_home).current_id()
    for arguments in ([], [current]):
        succeeded(run("models", "verify", *arguments, home=model_home), f"model {current}: signature and digest")


@pytest.mark.parametrize("command", ["show", "verify"])
@pytest.mark.parametrize(
    ("model_id", "message"), [("../evil", "16 hexadecimal digits"), ("0" * 16, "there is no model"), (None, "train")]
)
def test_models_that_are_not_there_are_errors(
    run: Run, tmp_path: Path, command: str, model_id: str | None, message: str
) -> None:
    failed(run("models", command, *([model_id] if model_id else []), home=tmp_path), message)


@pytest.mark.parametrize("command", [["models", "verify"], ["models", "show"]])
def test_a_model_that_was_tampered_with_is_refused(
    run: Run, small_training: Training, tmp_path: Path, command: list[str]
) -> None:
    store = ModelStore(tmp_path)
    store.promote(store.add(small_training))
    path = tmp_path / "models" / store.current_id() / "model.joblib"
    path.write_bytes(path.read_bytes() + b".")
    failed(run(*command, home=tmp_path), "model.joblib")


# --- evaluate --------------------------------------------------------------------------------------------------------


def test_evaluate_prints_figures_and_writes_them(
    run: Run, model_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evaluation, "IDENTITIES", 20)
    result = run("evaluate", "--seed", 8, "-o", tmp_path / "figures.json", home=model_home)
    succeeded(result, "cloned_name", "genuine_cleared_for_suspension", "calibration_error")
    found = json.loads((tmp_path / "figures.json").read_text())
    assert found["model_id"] == ModelStore(model_home).current_id()
    assert (found["registry"]["accounts"], found["figures"]["attacks"]) == (20, 20 * len(ATTACKS))
    again = run("evaluate", "--seed", 8, home=model_home)
    assert again.stdout == result.stdout


def test_evaluate_measures_on_labelled_accounts(
    run: Run, model_home: Path, registry: Registry, tmp_path: Path, president: ProtectedAccount
) -> None:
    pairs = tmp_path / "pairs.csv"
    pairs.write_text(
        "handle,display_name,target_handle,label\n"
        f"OIIivanderBrask,Ollivander Brask,{president.handle},impersonation\n"
        f"{president.handle},,{president.handle},is_protected\n"
    )
    registry.save(tmp_path / "r.csv")
    options = ("--pairs", pairs, "--platform", "x", "--registry", tmp_path / "r.csv", "-o", tmp_path / "f.json")
    succeeded(run("evaluate", *options, home=model_home), "is_protected")
    found = json.loads((tmp_path / "f.json").read_text())["figures"]
    assert (found["attacks"], found["genuine"], found["target_found"]) == (1, 1, 1.0)


@pytest.mark.parametrize(
    ("content", "messages"),
    [
        ("handle,target_handle,label\njane,,unrelated\n", ("row 1", "target_handle")),
        ("handle,target_handle,label\n", ("no rows",)),
        ("handle,target_handle\njane,Jane\n", ("row 1", "label")),
    ],
)
def test_evaluate_refuses_labels_it_cannot_use(
    run: Run, model_home: Path, tmp_path: Path, content: str, messages: tuple[str, ...]
) -> None:
    (tmp_path / "pairs.csv").write_text(content)
    failed(run("evaluate", "--pairs", tmp_path / "pairs.csv", home=model_home), *messages)


@pytest.fixture
def evaluate(
    run: Run, model_home: Path, registry: Registry, tmp_path: Path, president: ProtectedAccount
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
    return lambda *options: run("evaluate", *fixed, *options, home=model_home)


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
    monkeypatch.setattr(cli, "assess_labelled", lambda *_, **__: pytest.fail("it has run"))
    failed(evaluate(*options), message, code=2)


def test_without_matplotlib_evaluate_refuses_a_page_before_it_runs(
    evaluate: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    succeeded(evaluate("-o", tmp_path / "f.json"))
    monkeypatch.setattr(cli, "assess_labelled", lambda *_, **__: pytest.fail("it has run"))
    failed(evaluate("-o", tmp_path / "r.html"), "pip install 'doublecheck[report]'", code=2)


def test_evaluate_never_writes_over_what_it_reads(evaluate: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "r.csv").rename(tmp_path / "pairs.json")
    before = (tmp_path / "pairs.json").read_bytes()
    failed(evaluate("--registry", tmp_path / "pairs.json", "-o", tmp_path / "pairs.json"), "name another file")
    assert (tmp_path / "pairs.json").read_bytes() == before


def _kept(home: Path) -> tuple[str, int]:
    registry = registry_store(home).open().index.registry
    return registry.version, len(registry)


# --- registry --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", [".csv", ".jsonl", ".parquet"])
def test_a_registry_is_imported_listed_and_exported_unchanged(run: Run, tmp_path: Path, ending: str) -> None:
    SMALL.save(tmp_path / f"in{ending}")
    home = tmp_path / "home"
    succeeded(
        run("registry", "import", tmp_path / f"in{ending}", home=home), "40 protected accounts", SMALL.version[:12]
    )
    listed = run("registry", "list", home=home)
    succeeded(listed, "40 protected accounts", f"@{SMALL.accounts[0].handle}", "and 20 more")
    succeeded(run("registry", "export", "-o", tmp_path / f"out{ending}", home=home), "40 protected accounts")
    assert (tmp_path / f"out{ending}").read_bytes() == (tmp_path / f"in{ending}").read_bytes()


def test_registry_list_shows_as_many_as_asked_for(run: Run, tmp_path: Path) -> None:
    SMALL.save(tmp_path / "r.csv")
    for limit, shown in ((1, 1), (40, 40), (999, 40)):
        result = run("registry", "list", "--limit", limit, "--registry", tmp_path / "r.csv")
        succeeded(result)
        assert result.stdout.count("@") == shown
        assert ("more" in result.stdout) == (limit < 40)
    failed(run("registry", "list", "--limit", 0, "--registry", tmp_path / "r.csv"), code=2)


def test_an_import_with_rejected_rows_changes_nothing_unless_told_to(run: Run, tmp_path: Path) -> None:
    home = tmp_path / "home"
    SMALL.save(tmp_path / "good.csv")
    (tmp_path / "bad.csv").write_text("platform,handle\nx,Jane\n,Ada\n", encoding="utf-8")
    run("registry", "import", tmp_path / "good.csv", home=home)
    before = _kept(home)
    result = run("registry", "import", tmp_path / "bad.csv", home=home)
    failed(result, "nothing was imported", "--skip-rejected")
    assert "platform_missing: 1 (row 2)" in result.stdout
    assert _kept(home) == before
    arguments = ("registry", "import", tmp_path / "bad.csv", "--skip-rejected")
    failed(run(*arguments, home=home), "would be unprotected", "--allow-removals")
    assert _kept(home) == before
    succeeded(run(*arguments, "--allow-removals", home=home), "1 protected accounts")
    assert _kept(home) != before


def test_an_interrupted_import_keeps_the_registry_before(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    SMALL.save(tmp_path / "r.csv")
    run("registry", "import", tmp_path / "r.csv", home=home)
    before = _kept(home)

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupt)
    result = run("registry", "import", tmp_path / "r.csv", home=home)
    assert result.exit_code == 1
    assert _kept(home) == before
    assert len(list((home / "registry").iterdir())) == 3


@pytest.mark.parametrize("command", [["list"], ["export", "-o", "out.csv"]])
def test_without_a_registry_there_is_nothing_to_show(run: Run, tmp_path: Path, command: list[str]) -> None:
    failed(run("registry", *command, home=tmp_path), "doublecheck registry import")


@pytest.mark.parametrize(
    ("content", "message"),
    [("", "r.csv"), ("colour\nred\n", "not one row can be used"), ("platform,handle\nx,Ada\nx,ada\n", None)],
)
def test_an_import_of_an_unusable_file_is_an_error(run: Run, tmp_path: Path, content: str, message: str | None) -> None:
    (tmp_path / "r.csv").write_text(content, encoding="utf-8")
    result = run("registry", "import", tmp_path / "r.csv", home=tmp_path / "home")
    if message is None:
        succeeded(result, "1 protected accounts", "merged")
    else:
        failed(result, message)
        assert not (tmp_path / "home").exists()


def test_an_export_of_an_unknown_ending_is_refused(run: Run, model_home: Path, tmp_path: Path) -> None:
    failed(run("registry", "export", "-o", tmp_path / "out.xlsx", home=model_home), "unknown ending")
    assert not list(tmp_path.glob("out*"))


def test_accounts_are_put_and_withdrawn(run: Run, tmp_path: Path) -> None:
    home = tmp_path / "home"
    SMALL.save(tmp_path / "r.csv")
    run("registry", "import", tmp_path / "r.csv", home=home)
    (tmp_path / "more.csv").write_text("platform,handle,followers\nx,AdaBrask,5\n", encoding="utf-8")
    succeeded(run("registry", "put", tmp_path / "more.csv", home=home), "1 put", "41 protected accounts")
    succeeded(run("registry", "put", tmp_path / "more.csv", home=home), "41 protected accounts")
    result = run("registry", "withdraw", "adabrask", SMALL.accounts[0].handle, "--platform", "x", home=home)
    succeeded(result, "2 withdrawn", "39 protected accounts")
    failed(run("registry", "withdraw", "adabrask", "--platform", "x", home=home), "not registered")
    assert _kept(home)[1] == 39
    run("registry", "export", "-o", tmp_path / "out.csv", home=home)
    assert len(Registry.load(tmp_path / "out.csv", now=datetime.now(UTC))[0]) == 39


def test_a_put_with_a_rejected_row_changes_nothing(run: Run, tmp_path: Path) -> None:
    home = tmp_path / "home"
    SMALL.save(tmp_path / "r.csv")
    run("registry", "import", tmp_path / "r.csv", home=home)
    (tmp_path / "more.csv").write_text("platform,handle\nx,AdaBrask\n,Jane\n", encoding="utf-8")
    failed(run("registry", "put", tmp_path / "more.csv", home=home), "unprotected")
    assert _kept(home) == (SMALL.version, 40)


def test_without_a_registry_nothing_is_put_or_withdrawn(run: Run, tmp_path: Path) -> None:
    SMALL.save(tmp_path / "r.csv")
    failed(run("registry", "put", tmp_path / "r.csv", home=tmp_path / "home"), "doublecheck registry import")
    failed(run("registry", "withdraw", "a", "--platform", "x", home=tmp_path / "home"), "doublecheck registry import")
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("name", ["current.jsonl", "new.csv"])
def test_nothing_is_written_among_the_imported_registry_s_own_files(
    run: Run, model_home: Path, input_file: Path, name: str
) -> None:
    output = registry_store(model_home).directory / name
    failed(run("registry", "export", "-o", output, home=model_home), "another place")
    failed(run("score", input_file, "-o", output, home=model_home), "another place")
    assert not output.exists()


# --- sample ----------------------------------------------------------------------------------------------------------


def test_sample_writes_its_files_and_names_them(run: Run, tmp_path: Path) -> None:
    result = run("sample", "-o", tmp_path / "data")
    succeeded(result)
    assert result.stdout.split() == sorted(map(str, (tmp_path / "data").iterdir()))
    assert (tmp_path / "data" / "registry.csv").is_file()


def test_an_output_never_replaces_what_the_command_reads(
    run: Run, model_home: Path, input_file: Path, tmp_path: Path
) -> None:
    """The next run would take the answers for the accounts, or the reported for the protected."""
    registry = tmp_path / "registry.csv"
    SMALL.save(registry)
    before = input_file.read_bytes(), registry.read_bytes()
    for output in (input_file, registry):
        failed(run("score", input_file, "-o", output, "--registry", registry, home=model_home), "name another file")
    assert (input_file.read_bytes(), registry.read_bytes()) == before


def test_the_output_of_score_is_no_registry(run: Run, model_home: Path, input_file: Path, tmp_path: Path) -> None:
    SMALL.save(tmp_path / "registry.csv")
    answers = tmp_path / "answers.csv"
    succeeded(run("score", input_file, "-o", answers, "--registry", tmp_path / "registry.csv", home=model_home))
    failed(run("registry", "import", answers, home=tmp_path / "home"), "not a registry")


def test_labelled_pairs_are_measured_against_a_registry_that_somebody_chose(run: Run, tmp_path: Path) -> None:
    (tmp_path / "pairs.csv").write_text("handle,target_handle,label\nj4ne,jane,impersonation\n", encoding="utf-8")
    failed(run("evaluate", "--pairs", tmp_path / "pairs.csv", home=tmp_path / "empty"), "--registry")


def test_a_stored_model_can_be_promoted(run: Run, model_home: Path) -> None:
    model_id = run("models", "list", home=model_home).stdout.split()[0]
    succeeded(run("models", "promote", model_id, home=model_home), f"model {model_id} is now serving")
    failed(run("models", "promote", "0" * 16, home=model_home), "there is no model")
