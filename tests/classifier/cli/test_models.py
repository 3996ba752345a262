import json
from pathlib import Path

import pytest

from classifier.models import ModelStore
from classifier.training import Training
from tests.classifier.cli.asking import Run, failed, succeeded


def test_models_list_marks_the_one_that_serves(run: Run, small_home: Path, tmp_path: Path) -> None:
    succeeded(run("models", "list", home=small_home), f"{ModelStore(small_home).current_id()}  serving")
    succeeded(run("models", "list", home=tmp_path / "empty"), "doublecheck train")


def test_models_show_prints_the_manifest(run: Run, small_home: Path) -> None:
    store = ModelStore(small_home)
    for arguments in ([], [store.current_id()]):
        result = run("models", "show", *arguments, home=small_home)
        succeeded(result)
        assert json.loads(result.stdout) == store.verify(store.current_id())


def test_models_verify_says_what_it_checked(run: Run, small_home: Path) -> None:
    current = ModelStore(small_home).current_id()
    for arguments in ([], [current]):
        succeeded(run("models", "verify", *arguments, home=small_home), f"model {current}: signature and digest")


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


def test_a_stored_model_can_be_promoted(run: Run, small_home: Path) -> None:
    model_id = run("models", "list", home=small_home).stdout.split()[0]
    succeeded(run("models", "promote", model_id, home=small_home), f"model {model_id} is now serving")
    failed(run("models", "promote", "0" * 16, home=small_home), "there is no model")
