"""The import contracts of pyproject.toml hold, say what ARCHITECTURE.md draws, and hold while a process runs."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from service.cli import main

ROOT = Path(__file__).parents[1]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]


def imported(path: Path) -> set[str]:
    """The absolute module names that a file imports, also inside functions."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide the direction"
            names |= {f"{node.module}.{alias.name}" for alias in node.names} | {str(node.module)}
    return names


def contract(**wanted: Any) -> dict[str, Any]:
    [found] = [one for one in CONTRACTS if wanted.items() <= one.items()]
    return found


def test_the_contracts_hold() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    command = [str(lint), "--no-cache", "--config", str(ROOT / "pyproject.toml")]
    environment = {"PYTHONPATH": f"{ROOT}:{ROOT / 'service' / 'client'}"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("top", ["classifier", "service"])
def test_the_layers_are_in_the_order_that_the_map_draws(top: str) -> None:
    tree = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").split("```text\n")[1].split("```")[0]
    [below] = re.findall(rf"^{top}/.*\n((?:  .*\n)*)", tree, flags=re.MULTILINE)
    drawn = [name for name in re.findall(r"^  (\w+)", below, flags=re.MULTILINE) if name != "client"]
    assert contract(type="layers", containers=[top])["layers"] == drawn[::-1]


SERVING = contract(name="Serving loads nothing that teaches, measures or reports")


def test_a_service_that_runs_has_loaded_nothing_that_teaches() -> None:
    """What is imported by name, while it runs, no contract follows."""
    code = (
        "import sys\n"
        "import service.server.bootstrap, service.server.run, service.uploads.worker, service.web.app\n"
        "print(*sys.modules)"
    )
    environment = {"PYTHONPATH": f"{ROOT}:{ROOT / 'service' / 'client'}"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = done.stdout.split()
    assert "service.web.app" in loaded
    assert not [name for name in loaded if name.startswith(tuple(SERVING["forbidden_modules"]))]


# What takes a tenth of a second and more to import, and scores nothing.
SLOW = ("alembic", "asyncio", "fastapi", "joblib", "jinja2", "matplotlib", "pandas", "pyspark", "scipy.optimize",
        "scipy.special", "scipy.stats", "sklearn", "sqlalchemy", "wordfreq")  # fmt: skip


def test_files_are_scored_without_what_takes_long_to_load() -> None:
    """Start-up is what somebody with one account waits for, and every worker."""
    code = (
        "import sys\n"
        "import classifier.cli.score\n"
        "from classifier.text.information import information, word_information\n"
        "information('orla'), word_information('orla')\n"
        "print(*sys.modules)"
    )
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'service' / 'client'}"}
    for _ in range(2):  # the first makes the table of words where it is not there
        done = subprocess.run(
            [sys.executable, "-c", code], env=environment, cwd=ROOT, capture_output=True, text=True, check=True
        )
    loaded = set(done.stdout.split())
    assert "classifier.batch.run" in loaded
    assert not loaded & set(SLOW)


def test_only_the_command_line_names_modules_in_strings() -> None:
    """An import by a name in a string is seen by no contract; the command line's are loaded by every test of it."""
    scripts = (ROOT / "classifier" / "text" / tables / "regenerate.py" for tables in ("names", "unicode"))
    allowed = {ROOT / "classifier" / "cli" / "main.py", ROOT / "service" / "cli" / "gate.py", *scripts}
    for top in ("classifier", "service"):
        for path in (ROOT / top).rglob("*.py"):
            assert path in allowed or not {"importlib", "importlib.import_module"} & imported(path), path


def test_the_classifier_s_commands_name_no_module_of_the_service() -> None:
    source = (ROOT / "classifier" / "cli" / "main.py").read_text(encoding="utf-8")
    assert not re.findall(r'"service\.\w+', source)
    assert {lazy.target.split(".")[0] for lazy in main.lazy.values()} == {"classifier", "service"}
