"""The benchmark of uploads runs: one short round over few accounts. What it measures proves nothing here."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks import served, uploads

ROOT = Path(__file__).parents[2]


def test_checks_are_measured_beside_an_upload(
    small_home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(ROOT)  # the generator's process imports what it is to run from there
    monkeypatch.setattr(served, "BODIES", 100)
    uploads.main(
        ["--seconds", "0.5", "--rounds", "1", "--protected", "50", "--rows", "20000", "--small", "20", "--home",
         str(small_home)]
    )  # fmt: skip
    printed = capsys.readouterr().out
    assert printed.startswith("20 rows: ")
    assert "rows a second" in printed
    assert "nan" not in printed
