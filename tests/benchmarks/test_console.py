"""The benchmark of the console runs, over few accounts. What it measures proves nothing here."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks import console, served
from tests.browser.chromium import needs_chromium

ROOT = Path(__file__).parents[2]
pytestmark = needs_chromium


def test_an_answer_is_timed_next_to_the_same_page_made_before(
    small_home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(ROOT)
    monkeypatch.setattr(served, "BODIES", 100)
    monkeypatch.setattr(console, "WARMED", 1)
    console.main(["--answers", "3", "--protected", "50", "--home", str(small_home)])
    printed = capsys.readouterr().out
    rows = [line.split() for line in printed.splitlines() if line.startswith(("paste to", "the same page"))]
    for row in rows:
        p50, p90, p99, server, browser = map(float, row[-6:-1])
        assert 0 < p50 <= p90 <= p99
        assert server > 0
        assert browser > 0
    assert len(rows) == 2
    assert "ratio" in printed
