"""A home to read from, a file of reported accounts, and how commands are run."""

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from classifier.accounts.account import ProtectedAccount, as_reported, canonical
from classifier.cli import main
from classifier.promotion import questions
from tests.classifier.cli.asking import COLUMNS, Run


@pytest.fixture
def run() -> Run:
    def call(*arguments: object, home: Path | None = None) -> Result:
        options = ["--home", str(home)] if home else []
        return CliRunner().invoke(main, [*map(str, arguments), *options])

    return call


@pytest.fixture(autouse=True)
def _small_gate(monkeypatch: pytest.MonkeyPatch) -> None:
    """The gate compares on few cases, which show little: what it decides is tested elsewhere."""
    monkeypatch.setattr("classifier.promotion.measurements.IDENTITIES", 25)
    monkeypatch.setattr(questions, "MARGINS", dict.fromkeys(questions.MARGINS, 0.5))


@pytest.fixture
def input_file(tmp_path: Path, president: ProtectedAccount) -> Path:
    """Four rows: the president, an imitator, a row without a handle, nobody in particular."""
    path = tmp_path / "reported.csv"
    rows = [
        {name: canonical(as_reported(president)).get(name, "") for name in COLUMNS},
        {"platform": "x", "handle": "OIIivanderBrask", "display_name": "Ollivander Brask", "followers": 12,
         "bio": president.bio},
        {"platform": "x", "display_name": "nobody"},
        {"platform": "x", "handle": "qzkxvw83"},
    ]  # fmt: skip
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path
