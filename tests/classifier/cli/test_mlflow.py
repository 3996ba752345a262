from pathlib import Path

import pytest

from classifier.model_store import ModelStore, mlflow
from classifier.model_store.training_result import Training
from classifier.workbench import workbench
from tests.classifier.cli.asking import Run, failed
from tests.classifier.model_store.test_mlflow import needs_mlflow, quietly


@needs_mlflow
@quietly
def test_a_server_that_is_down_costs_the_log_and_not_the_model(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small_training: Training
) -> None:
    monkeypatch.setattr(workbench, "train", lambda *_, **__: small_training)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    result = run("train", "--mlflow", "retraining", home=tmp_path / "home")
    model_id = ModelStore(tmp_path / "home").current_id()
    failed(result, f"model {model_id} is stored, but not logged", "MLflow did not take it")
    assert f"model {model_id} (now serving)" in result.stdout


def test_without_the_extra_it_is_said_before_training(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbench, "train", lambda *_, **__: pytest.fail("trained for nothing"))
    monkeypatch.setattr(mlflow, "find_spec", lambda _: None)
    failed(run("train", "--mlflow", "x", home=tmp_path / "home"), "pip install 'doublecheck[mlflow]'")
