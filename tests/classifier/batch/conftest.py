"""A home with a small model, and files of reported accounts, for the tests of this folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from classifier.accounts.account import Account, ProtectedAccount, as_reported, canonical
from classifier.registry.registry import Registry
from classifier.simulation import simulate


@pytest.fixture(scope="session")
def reported(president: ProtectedAccount, registry: Registry) -> list[Account]:
    """The president, and attacks and genuine cases around some accounts."""
    known = [president, *registry.accounts[:5]]
    return [as_reported(president), *(case.account for case in simulate(known, seed=6))]


@pytest.fixture
def lines(reported: list[Account]) -> list[str]:
    """The reported accounts as JSON lines, every ninth of them broken."""
    found = [json.dumps(canonical(one), ensure_ascii=False) for one in reported]
    return ["{" if number % 9 == 8 else line for number, line in enumerate(found)]


@pytest.fixture
def input_file(tmp_path: Path, lines: list[str]) -> Path:
    path = tmp_path / "reported.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
