"""The benchmark of the service runs: one short round over few accounts. What it measures proves nothing here."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from classifier.model_store import ModelStore
from classifier.model_store.training_result import Training
from tests.benchmarks import served, service, soak
from tests.benchmarks.load import Measured
from tests.benchmarks.soak import Minute

ROOT = Path(__file__).parents[2]


@pytest.fixture
def small_home(small_training: Training, tmp_path: Path) -> Path:
    """A home with a model over few identities."""
    store = ModelStore(tmp_path)
    store.promote(store.add(small_training))
    return tmp_path


def test_the_service_is_measured_next_to_bare_fastapi(
    small_home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(ROOT)  # the generator's process imports what it is to run from there
    monkeypatch.setattr(served, "BODIES", 100)
    monkeypatch.setattr(service, "OVERLOAD", 80)
    service.main(
        ["--seconds", "0.3", "--rounds", "1", "--protected", "50", "--only", "sqlite", "--home", str(small_home)]
    )
    printed = capsys.readouterr().out
    lines = [line for line in printed.splitlines() if line.startswith(("bare FastAPI", "check, SQLite"))]
    assert len(lines) == 2 * 4 + 1
    assert "FAILED" not in printed
    assert "; 0 of neither" in printed


def test_percentiles_are_of_one_status() -> None:
    measured = Measured(np.array([0.001, 0.002, 0.003, 9.0]), np.array([200, 200, 200, 503]), 2.0, 0.1)
    assert measured.rate == 1.5
    assert measured.milliseconds(50) == pytest.approx(2.0)
    assert measured.milliseconds(99, 503) == pytest.approx(9_000)


def test_the_soak_tells_growth_from_none() -> None:
    level = [Minute(300.0, 2.0, 8.0, 10.0, 0)] * 8
    growing = [Minute(300.0 + place, 2.0, 8.0, 10.0, 0) for place in range(8)]
    assert "+0.0 MB an hour" in soak.summary(level, 60)
    assert "+60.0 MB an hour" in soak.summary(growing, 60)
