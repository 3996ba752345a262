"""The programs beside the tests fit the code: they can be loaded, and mutations find the line that they break."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.mutations import MUTATIONS, Mutation

ROOT = Path(__file__).parents[1]
PROGRAMS = sorted(
    f"tests.{'.'.join(path.relative_to(ROOT / 'tests').with_suffix('').parts)}"
    for folder in (ROOT / "tests", ROOT / "tests" / "benchmarks")
    for path in folder.glob("*.py")
    if not path.name.startswith(("test_", "__init__", "conftest"))
)


def test_every_program_can_be_loaded() -> None:
    """In a process of its own: as it is started, and nothing that it loads stays here."""
    wrong = """
import importlib, sys, traceback
for name in sys.argv[1:]:
    try:
        importlib.import_module(name)
    except Exception:
        traceback.print_exc(limit=-1)
        print(name)
"""
    assert len(PROGRAMS) > 20
    run = subprocess.run([sys.executable, "-c", wrong, *PROGRAMS], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout == "", run.stderr


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda one: f"rule {one.rule}, {one.file}")
def test_what_a_mutation_breaks_is_there(mutation: Mutation) -> None:
    assert mutation.line in (ROOT / mutation.file).read_text(encoding="utf-8")
    assert mutation.broken != mutation.line
    assert (ROOT / mutation.tests.split()[0]).exists()
