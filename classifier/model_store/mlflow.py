"""Tracking: a stored model logged to an MLflow server, for people who compare their experiments there.

An extra, ``pip install 'doublecheck[mlflow]'``; nothing else needs it. Which server is MLflow's own affair, by its
variable ``MLFLOW_TRACKING_URI``. What is logged is what the manifest says and the files beside it that people read, so
there is no account's text in it; the model itself stays in the store, where nobody loads it unverified.

References
----------
MLflow, Tracking: https://mlflow.org/docs/latest/ml/tracking/
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from classifier.errors import TrackingError
from classifier.model_store import ModelStore, artifacts

# Unless somebody chose otherwise: a server that is down is said to be in seconds, not in MLflow's four minutes; and
# nothing is told to MLflow's makers.
_DEFAULTS = {"MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2", "MLFLOW_DISABLE_TELEMETRY": "true"}


def require() -> None:
    """Raise TrackingError if MLflow is not installed: asked before training, not after."""
    if find_spec("mlflow") is None:
        raise TrackingError("logging to MLflow needs its extra: pip install 'doublecheck[mlflow]'")


def log_training(store: ModelStore, model_id: str, experiment: str) -> str:
    """Log a stored model as one run and return the run's id.

    Parameters
    ----------
    experiment : str
        The name of the experiment; it is made if there is none.

    Raises
    ------
    TrackingError
        If MLflow is not installed, or its server cannot be reached or refuses.
    ModelError
        If the model is not in the store or is damaged.
    """
    require()
    for name, value in _DEFAULTS.items():
        os.environ.setdefault(name, value)
    manifest = store.verify(model_id)
    with tempfile.TemporaryDirectory() as temporary:
        store.copy_to(Path(temporary), model_id)
        directory = Path(temporary) / model_id
        (directory / artifacts.MODEL).unlink()
        try:
            return _logged(manifest, model_id, experiment, directory)
        except Exception as error:  # MLflow's, its database's, its transport's: whatever it is, training is not undone
            raise TrackingError(f"MLflow did not take it ({type(error).__name__}): {_first_line(error)}") from error


def _logged(manifest: Mapping[str, Any], model_id: str, experiment: str, directory: Path) -> str:
    from mlflow import MlflowClient  # noqa: PLC0415 - an extra, and it takes seconds

    client = MlflowClient()
    found = client.get_experiment_by_name(experiment)
    experiment_id = client.create_experiment(experiment) if found is None else found.experiment_id
    tags = {"doublecheck.model_id": model_id, "doublecheck.code": str(manifest["code"])}
    run: str = client.create_run(experiment_id, run_name=model_id, tags=tags).info.run_id
    try:
        for name, value in params(manifest).items():
            client.log_param(run, name, value)
        for name, number in metrics(manifest).items():
            client.log_metric(run, name, number)
        client.log_artifacts(run, str(directory))
    except BaseException:
        client.set_terminated(run, "FAILED")
        raise
    client.set_terminated(run)
    return run


def params(manifest: Mapping[str, Any]) -> dict[str, str]:
    """Return what a model was made from: its facts but the metrics, its certificates' terms and its libraries."""
    facts = {name: value for name, value in manifest["training"].items() if name != "metrics"}
    terms = {tier: {name: one[name] for name in ("alpha", "delta")} for tier, one in manifest["certificates"].items()}
    found = _flat({**facts, "certificate": terms, "library": manifest["libraries"]})
    return {name: str(value) for name, value in found if value is not None}


def metrics(manifest: Mapping[str, Any]) -> dict[str, float]:
    """Return what was measured: the facts' metrics and what each certificate counted and found."""
    counted = {
        tier: {name: one[name] for name in ("n", "errors", "threshold")}
        for tier, one in manifest["certificates"].items()
    }
    return {name: float(value) for name, value in _flat({**manifest["training"]["metrics"], "certificate": counted})}


def _flat(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the numbers and texts of nested mappings under dotted names; lists stay what the manifest is for."""
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        elif isinstance(value, str | int | float):
            yield f"{prefix}{name}", value


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0][:300]
