"""MLServer around a plain scikit-learn model, for comparison: in a virtual environment and a process of its own.

The model is a logistic regression over as many columns as a pair of accounts has compared features. A request is one
row in the Open Inference Protocol (V2) over HTTP and asks for probabilities. One process answers
(``parallel_workers`` 0), nothing is logged for each request, as with the others.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError

import numpy as np

from classifier.features import FEATURE_NAMES
from tests.benchmarks.load import request_of
from tests.benchmarks.served import START, Server, stop

PATH = "/v2/models/pairs/infer"
_PACKAGES = ("mlserver", "mlserver-sklearn")
_FIT = """
import sys, joblib, numpy
from sklearn.linear_model import LogisticRegression
rows = numpy.random.default_rng(0).normal(size=(2_000, int(sys.argv[1])))
joblib.dump(LogisticRegression().fit(rows, rows.sum(axis=1) > 0), sys.argv[2])
"""


class UnavailableError(Exception):
    """MLServer cannot be run here."""


def installed(python: str, directory: Path) -> Path:
    """Return an interpreter that has MLServer: the one given, or one of an environment made from it.

    Raises
    ------
    UnavailableError
        If it cannot be installed; says why.
    """
    if subprocess.run([python, "-c", "import mlserver_sklearn"], capture_output=True, check=False).returncode == 0:
        return Path(python)
    made = directory / "mlserver-venv"
    for command in (
        [python, "-m", "venv", str(made)],
        [str(made / "bin" / "python"), "-m", "pip", "install", "-q", *_PACKAGES],
    ):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise UnavailableError(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "no reason given")
    return made / "bin" / "python"


def requests(count: int = 500) -> list[bytes]:
    """Return inference requests, each of one row."""
    rows = np.random.default_rng(1).normal(size=(count, len(FEATURE_NAMES))).round(6).tolist()
    asked = {"name": "predict", "shape": [1, len(FEATURE_NAMES)], "datatype": "FP32"}
    return [
        request_of(
            PATH, json.dumps({"inputs": [asked | {"data": row}], "outputs": [{"name": "predict_proba"}]}).encode()
        )
        for row in rows
    ]


@contextmanager
def running(python: Path, directory: Path) -> Iterator[Server]:
    """Run MLServer until the end of the block."""
    folder = directory / "pairs"
    folder.mkdir(exist_ok=True)
    subprocess.run([python, "-c", _FIT, str(len(FEATURE_NAMES)), folder / "model.joblib"], check=True)
    http, grpc, metrics = _free_ports(3)
    settings = {"host": "127.0.0.1", "http_port": http, "grpc_port": grpc, "metrics_port": metrics}
    model = {
        "name": "pairs",
        "implementation": "mlserver_sklearn.SKLearnModel",
        "parameters": {"uri": "./model.joblib"},
    }
    (folder / "settings.json").write_text(json.dumps(settings | {"parallel_workers": 0, "debug": False}))
    (folder / "model-settings.json").write_text(json.dumps(model))
    command = [str(python.with_name("mlserver")), "start", str(folder)]
    with (
        (directory / "mlserver.log").open("wb") as log,
        subprocess.Popen(command, stdout=log, stderr=log, text=True, env=_environment()) as process,
    ):
        try:
            _wait_until_ready(f"http://127.0.0.1:{http}/v2/models/pairs/ready", process)
            yield Server(http, process.pid)
        finally:
            stop(process)


def _environment() -> dict[str, str]:
    """Return the environment without this project's own code on the path."""
    return {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}


def _wait_until_ready(url: str, process: subprocess.Popen[str]) -> None:
    until = time.monotonic() + START
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=1):  # noqa: S310 -- of this machine
                return
        except (URLError, OSError):
            time.sleep(0.2)
    raise UnavailableError("MLServer did not start")


def _free_ports(count: int) -> list[int]:
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports
