"""The list of commands: said without loading them, and in the words of each command."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from service.cli import main
from service.records.database import default_url, open_database

HEAVY = ("alembic", "fastapi", "uvicorn", "pandas", "pyarrow", "numba", "numpy", "scipy", "sklearn", "jinja2")
REPORT = (
    "import sys; from service.cli import main\n"
    "try:\n    main(sys.argv[1:])\n"
    "finally:\n    print('loaded', *sys.modules, file=sys.stderr)"
)


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["keys", "--help"], ["keys", "list"]])
def test_what_a_person_waits_for_loads_nothing_heavy(arguments: list[str], tmp_path: Path) -> None:
    open_database(default_url(tmp_path)).dispose()  # whose tables are there, as at every start but the first
    environment = {"DOUBLECHECK_HOME": str(tmp_path), "PYTHONPATH": ":".join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", REPORT, *arguments], check=False, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    loaded = set(done.stderr.split("loaded", 1)[1].split())
    assert "click" in loaded
    assert not loaded & set(HEAVY)


@pytest.mark.parametrize("name", sorted(main.lazy))
def test_the_list_says_of_a_command_what_its_own_help_says(name: str) -> None:
    command = main.get_command(click.Context(main), name)
    assert command is not None
    assert command.name == name
    assert (command.help or "").replace("\n", " ").startswith(main.lazy[name].help.rstrip("."))


def test_every_command_is_listed_and_an_unknown_one_is_refused() -> None:
    listed = CliRunner().invoke(main, ["--help"]).output
    assert all(f"\n  {name} " in listed for name in main.lazy)
    assert "No such command 'nothing'" in CliRunner().invoke(main, ["nothing"]).output
