import signal
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from classifier import __version__
from classifier.cli import main
from classifier.model_store import ModelStore
from tests.classifier.cli.asking import SMALL, Run, failed, succeeded


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


def test_the_home_is_taken_from_the_environment_too(small_home: Path) -> None:
    result = CliRunner().invoke(main, ["models", "list"], env={"DOUBLECHECK_HOME": str(small_home)})
    succeeded(result, ModelStore(small_home).current_id())


def test_a_tilde_in_the_home_is_the_users_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    SMALL.save(tmp_path / "r.csv")
    succeeded(CliRunner().invoke(main, ["registry", "import", "r.csv", "--home", "~/mine"]))
    assert (tmp_path / "mine" / "registry" / "current.json").is_file()


@pytest.mark.parametrize(("number", "said"), [(signal.SIGINT, "Aborted!\n"), (signal.SIGTERM, "")])
def test_an_interruption_that_became_another_error_is_still_one(
    monkeypatch: pytest.MonkeyPatch, number: signal.Signals, said: str
) -> None:
    """What is raised within a half-loaded module, or in a library that takes any error, comes out as another error."""
    module = sys.modules["classifier.cli.main"]
    monkeypatch.setattr(module, "_received", [])

    @click.command
    def half_loaded() -> None:
        with pytest.raises((KeyboardInterrupt, SystemExit)):
            module._interrupt(number, None)
        raise ImportError("cannot import a name of a half-loaded module")

    group = module.Group(name="group", commands={"half-loaded": half_loaded})
    found = CliRunner().invoke(group, ["half-loaded"])
    assert (found.exit_code, found.stderr) == (128 + number, said)
