"""What the documentation says is true: commands run, examples answer, files are those that the code writes."""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import doublecheck_client
import pandas as pd
import pytest
from click.testing import CliRunner
from setuptools import find_namespace_packages

from classifier.batch.finalize import output_schema
from classifier.certification.neyman_pearson import smallest_sample
from classifier.labels.accounts import ACCOUNT_LABELS
from classifier.model.account_model import ALPHA, AUDIENCE, DELTA, MIN_STEP_ACCOUNTS
from classifier.model_store import StoredModel
from classifier.registry.registry import Registry
from classifier.scoring.scorer import Scorer
from classifier.simulation import sample_files
from classifier.text.normalization import UNICODE_VERSION
from service.auth.api_keys import ROLES
from service.cli import main
from service.decisions.current_scorer import FixedScorer
from service.settings import PREFIX, Settings
from tests.classifier.workbench.test_workbench import BENCH, CALLS
from tests.service.conftest import Client, Clock

ROOT = Path(__file__).parents[1]
NOW = datetime.now(UTC)
README = (ROOT / "README.md").read_text(encoding="utf-8")
BULK = (ROOT / "classifier" / "batch" / "README.md").read_text(encoding="utf-8")
SERVICE = (ROOT / "service" / "README.md").read_text(encoding="utf-8")


def blocks(language: str, text: str = README) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text, flags=re.DOTALL)


def test_the_first_two_commands_are_the_main_job_and_the_tests() -> None:
    first, second = blocks("sh")[:2]
    assert first.strip().endswith("doublecheck serve")
    assert second.strip().endswith("pytest")


def test_ci_calls_the_test_command_word_for_word() -> None:
    assert blocks("sh")[1].strip() in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


def test_the_lock_file_names_exact_versions_and_no_host() -> None:
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert pins
    assert all(re.match(r"[a-z0-9-]+==[0-9][\w.]*( ; .+)?$", line) for line in pins)
    assert not any("://" in line or "index" in line for line in lines)


def test_every_package_and_its_files_are_in_the_distribution() -> None:
    """An editable install finds what a wheel would lack."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    found = find_namespace_packages(str(ROOT), **told["packages"]["find"])
    for path in [path for top in ("classifier", "service") for path in (ROOT / top).rglob("*")]:
        inside = path.relative_to(ROOT)
        if path.is_dir() or "__pycache__" in path.parts or path.name == "README.md" or inside.parts[1] == "client":
            continue
        package = next(folder for folder in path.parents if (folder / "__init__.py").exists())
        name = ".".join(package.relative_to(ROOT).parts)
        assert name in found, path
        if path.suffix == ".py":
            assert package == path.parent, f"{path.parent} has no __init__.py"
        else:
            patterns = told["package-data"].get(name, [])
            assert any(path in package.glob(pattern) for pattern in patterns), path


def test_the_http_example_is_answered(stored: StoredModel) -> None:
    body = json.loads(re.search(r"-d '(.*?)'", README, flags=re.DOTALL)[1])
    registry, _ = Registry.load(ROOT / "data" / "registry.csv", now=NOW)
    scorer = Scorer(stored.model, stored.model_id, registry)
    called = Client(FixedScorer(scorer), Settings(), Clock(NOW))
    answer = called.post("/v1/checks", json=body, by=(body["actor"]["actor_id"], "agent"))
    called.check_service.close()
    assert answer.status_code == 200, answer.text
    assert (answer.json()["relation"], answer.json()["target"]["handle"]) == ("impersonation", "manuelbarrora")


def test_the_notebook_example_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "data").symlink_to(ROOT / "data")
    monkeypatch.chdir(tmp_path)
    exec(compile(blocks("python")[0], "README.md", "exec"), {})  # noqa: S102 - our own README
    assert "is_protected" in capsys.readouterr().out


def test_the_batch_example_runs(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    arguments = shlex.split(blocks("sh")[3])[1:]
    arguments[arguments.index("answers.csv")] = str(tmp_path / "answers.csv")
    result = CliRunner().invoke(main, arguments, env={"DOUBLECHECK_HOME": str(home)})
    assert result.exit_code == 0, result.output
    assert len(pd.read_csv(tmp_path / "answers.csv")) == len(pd.read_csv(ROOT / "data" / "reported.csv"))


def test_the_page_on_bulk_scoring_names_every_option_and_its_example_runs(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for parameter in main.lazy["score"].load().params:
        assert parameter.opts[0] in ("-o", "--home", "inputs") or f"`{parameter.opts[0]}" in BULK, parameter.opts
    (tmp_path / "data").symlink_to(ROOT / "data")
    (tmp_path / ".doublecheck").symlink_to(home)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    exec(compile(blocks("python", BULK)[0], "README.md", "exec"), {})  # noqa: S102 - our own page
    assert len(pd.read_csv("answers.csv")) == len(pd.read_csv("data/reported.csv"))


def test_every_command_is_in_the_readme() -> None:
    for name, command in main.lazy.items():
        assert name in README
        for below in getattr(command.load(), "commands", {}):
            assert below in README


def test_the_page_on_retraining_gives_each_command_its_call() -> None:
    page = (ROOT / "notebooks" / "README.md").read_text(encoding="utf-8")
    for command, call in CALLS.items():
        if call.startswith(BENCH):
            assert f"{call.rpartition('.')[2]}(" in page, command
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        assert f"({path.name})" in page


def test_every_setting_is_in_the_table() -> None:
    """As ``service/README.md`` gives it: variable, default, what it sets."""
    table = [line for line in SERVICE.splitlines() if line.startswith(f"| `{PREFIX}")]
    defaults = {name: field.default for name, field in Settings.model_fields.items()}
    shown = [
        f"| `{PREFIX}{name.upper()}` | {'none' if default is None else f'`{default}`'} | "
        f"{Settings.model_fields[name].description} |"
        for name, default in defaults.items()
    ]
    assert table == shown


def test_every_role_and_audit_command_is_explained() -> None:
    for name in ROLES:
        assert f"| `{name}` |" in SERVICE
    for name in main.lazy["audit"].load().commands:
        assert f"doublecheck audit {name}" in SERVICE


def test_the_client_example_is_the_clients_own() -> None:
    example = blocks("python", SERVICE)[0]
    assert 'doublecheck.redeem(answer.token, account_as_it_is_now, "suspend", actor="agent-17")' in example
    assert (
        'doublecheck.redeem(answer.token, account_as_it_is_now, "suspend", actor="agent-17")'
        in doublecheck_client.__doc__
    )


def test_the_score_command_has_the_options_others_rely_on() -> None:
    names = {name for parameter in main.lazy["score"].load().params for name in (*parameter.opts, parameter.name)}
    assert {"-o", "--registry", "--format", "--engine"} <= names


def test_the_unicode_version_is_stated() -> None:
    assert f"version {UNICODE_VERSION}" in README


def test_the_sample_files_are_what_the_command_writes(tmp_path: Path) -> None:
    for written in sample_files.write(tmp_path):
        assert (ROOT / "data" / written.name).read_bytes() == written.read_bytes(), (
            f"run 'doublecheck sample': {written.name}"
        )


def test_the_data_card_names_every_column_of_answers_and_every_label() -> None:
    card = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    for name in (*output_schema(shadow=True).names, *ACCOUNT_LABELS):
        assert f"`{name}`" in card, name


def test_the_documents_say_what_the_account_alone_needs_and_cannot_do() -> None:
    card = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    assert f"{smallest_sample(ALPHA, DELTA):,} genuine accounts that {AUDIENCE} people or more follow" in card
    assert f"and {MIN_STEP_ACCOUNTS} accounts with each of" in card
    assert f"genuine accounts with fewer than {AUDIENCE} followers one in five is flagged" in README


def test_every_picture_of_the_console_is_shown_and_none_is_heavy() -> None:
    for path in (ROOT / "tests" / "browser" / "screenshots").glob("*.png"):
        shown = f"tests/browser/screenshots/{path.name})"
        assert f"({shown}" in README or f"(../{shown}" in SERVICE
        assert path.stat().st_size < 150_000, path
