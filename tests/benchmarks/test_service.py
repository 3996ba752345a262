"""The benchmark of the service runs: one short round over few accounts. What it measures proves nothing here."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from classifier.model_store import ModelStore
from classifier.model_store.training_result import Training
from tests.benchmarks import mix, served, service, soak
from tests.benchmarks.load import Measured
from tests.benchmarks.mix import Answered
from tests.benchmarks.soak import Sample

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


def samples(grown: float, jitter: float = 0.0) -> list[Sample]:
    """Samples of three hours, with so many MB an hour more."""
    memory = [300.0 + grown * place / 360 + jitter * (-1) ** place for place in range(3 * 360)]
    return [Sample(place * 10.0, (one,), (one / 2, one / 2), 20, 9) for place, one in enumerate(memory)]


@pytest.mark.parametrize(("grown", "is_flat"), [(0.0, True), (-9.0, True), (4.0, True), (9.0, False)])
def test_the_soak_tells_growth_from_none(grown: float, is_flat: bool) -> None:
    found = soak.slope_of(samples(grown, jitter=5.0))
    assert found.slope == pytest.approx(grown, abs=0.2)
    assert found.is_flat == is_flat


def test_what_grows_only_at_first_is_flat() -> None:
    early = [Sample(place * 10.0, (300.0,), (200.0 + min(place, 30),), 20, 9) for place in range(360)]
    assert soak.slope_of(early).is_flat


def test_answers_that_are_none_count_as_failed_and_refusals_apart() -> None:
    answers = [Answered("check", 200, 0.01)] * 98 + [Answered("check", 503, 1.0), Answered("redeem", 0, 60.0)]
    part = soak.part_of([*answers, Answered("redeem", 409, 0.1)], samples(0.0)[0], 5.0)
    assert (part.requests, part.failed, part.refused) == (101, 2, 1)
    assert part.p50 == pytest.approx(10)


def test_the_soak_asks_for_everything_and_says_whether_memory_is_flat(
    small_home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(served, "BODIES", 100)
    monkeypatch.setattr(soak, "SAMPLED", 0.2)
    monkeypatch.setattr(mix, "FILE_SECONDS", 5.0)
    monkeypatch.setattr(mix, "REGISTRY_SECONDS", 1.0)
    asked = "--minutes 2 --seconds 3 --every 1 --rate 20 --workers 1 --protected 50 --home"
    soak.main([*asked.split(), str(small_home)])
    printed = capsys.readouterr().out
    assert "MB an hour" in printed
    assert "check 200" in printed
    assert "file 200" in printed
    assert "page 200" in printed
