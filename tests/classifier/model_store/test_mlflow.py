import importlib.util
import json
import os
from pathlib import Path
from typing import Any

import pytest

from classifier.model_store import ModelStore, mlflow
from tests.classifier.cli.asking import SMALL

REQUIRED = os.environ.get("DOUBLECHECK_TEST_MLFLOW") == "required"
needs_mlflow = pytest.mark.skipif(
    importlib.util.find_spec("mlflow") is None and not REQUIRED,
    reason="MLflow is not installed: pip install 'doublecheck[mlflow]'",
)
# MLflow's own use of SQLAlchemy, and what it leaves open.
quietly = pytest.mark.filterwarnings("ignore")


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A tracking store without a server: a SQLite file, artifacts beside it."""
    monkeypatch.chdir(tmp_path)  # where MLflow puts the artifacts
    uri = f"sqlite:///{tmp_path / 'mlflow.db'}"
    monkeypatch.setenv("MLFLOW_TRACKING_URI", uri)
    monkeypatch.setenv("MLFLOW_DISABLE_TELEMETRY", "true")
    return uri


@needs_mlflow
@quietly
def test_a_run_has_the_facts_the_figures_and_the_files_that_people_read(server: str, small_home: Path) -> None:
    from mlflow import MlflowClient  # noqa: PLC0415

    store = ModelStore(small_home)
    model_id = store.current_id()
    manifest = store.verify(model_id)
    run_id = mlflow.log_training(store, model_id, "retraining")
    client = MlflowClient()
    run = client.get_run(run_id)
    assert run.info.status == "FINISHED"
    assert client.get_experiment(run.info.experiment_id).name == "retraining"
    assert run.data.tags["doublecheck.model_id"] == model_id
    assert run.data.tags["doublecheck.code"] == manifest["code"]
    assert run.data.params["seed"] == str(manifest["training"]["seed"])
    assert run.data.params["certificate.standard.alpha"] == str(manifest["certificates"]["standard"]["alpha"])
    figures = manifest["training"]["metrics"]
    assert run.data.metrics["calibrating_pair_auc"] == figures["calibrating_pair_auc"]
    assert run.data.metrics["certificate.standard.n"] == manifest["certificates"]["standard"]["n"]
    logged = sorted(one.path for one in client.list_artifacts(run_id))
    assert logged == ["account.json", "card.html", "card.md", "manifest.json", "manifest.sig"]
    second = mlflow.log_training(store, model_id, "retraining")
    assert client.get_run(second).info.experiment_id == run.info.experiment_id


def test_no_text_of_an_account_is_logged(small_home: Path) -> None:
    """Nor could there be: what is logged is taken from the manifest and from files without any."""
    store = ModelStore(small_home)
    manifest: dict[str, Any] = store.verify(store.current_id())
    logged = json.dumps([mlflow.params(manifest), mlflow.metrics(manifest)])
    assert not [one.handle for one in SMALL.accounts if one.handle in logged]


def test_names_are_dotted_and_lists_and_missing_values_are_left_out() -> None:
    manifest: dict[str, Any] = {
        "training": {"seed": 3, "data": {"fitting": "ab"}, "given": None, "sources": ["x"], "metrics": {"auc": 0.5}},
        "certificates": {"high": {"alpha": 0.001, "delta": 0.05, "n": 9, "errors": 0, "threshold": 0.7, "of": "p"}},
        "libraries": {"numpy": "2"},
    }  # fmt: skip
    assert mlflow.params(manifest) == {
        "seed": "3", "data.fitting": "ab", "certificate.high.alpha": "0.001", "certificate.high.delta": "0.05",
        "library.numpy": "2",
    }  # fmt: skip
    assert mlflow.metrics(manifest) == {
        "auc": 0.5, "certificate.high.n": 9.0, "certificate.high.errors": 0.0, "certificate.high.threshold": 0.7,
    }  # fmt: skip
