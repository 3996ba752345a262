"""What tests of commands share: types, a small registry, and what failing and succeeding look like."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from click.testing import Result

from classifier.simulation.population import invent_registry

Run = Callable[..., Result]
SMALL = invent_registry(40, seed=14)
COLUMNS = ["platform", "account_id", "handle", "display_name", "bio", "followers"]


def failed(result: Result, *texts: str, code: int = 1) -> None:
    """An error is one message on standard error, no traceback, and an exit status above 0."""
    assert result.exit_code == code, result.output
    assert isinstance(result.exception, SystemExit)
    assert "Error: " in result.stderr
    for text in texts:
        assert text in result.stderr


def succeeded(result: Result, *texts: str) -> None:
    assert result.exit_code == 0, result.output + repr(result.exception)
    for text in texts:
        assert text in result.stdout


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
