"""Compiled code that several processes keep at once is never mixed up: it would compute other numbers, or crash."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from classifier.utils.jit import _alone, compiled, fingerprint, helper, is_missing

ROOT = Path(__file__).parents[3]
# Whoever reads what is kept, and whoever writes to it, dawdles: without a lock both choose the same file, the second's
# name for it counts, and the first's code is in it.
PROGRAM = """
import sys, time
from numba.core.caching import IndexDataCacheFile as Files
import numpy as np
from classifier.utils.jit import compiled

def late(name, before, after):
    own = getattr(Files, name)
    def dawdling(*given):
        time.sleep(before)
        found = own(*given)
        time.sleep(after)
        return found
    setattr(Files, name, dawdling)

@compiled
def total(values):
    found = values[0]
    for value in values[1:]:
        found += value
    return found

kind, second = sys.argv[1], sys.argv[2] == "second"
if sys.argv[2] != "reader":
    late("_load_index", 0, 1)
    late("_save_index", 0.5 * second, 0)
    late("_save_data", 0 if second else 2, 0)
print(total(np.arange(5).astype(kind)))
"""


@pytest.fixture
def run(tmp_path: Path):
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    environment = os.environ | {"NUMBA_CACHE_DIR": str(tmp_path / "kept"), "PYTHONPATH": str(ROOT)}

    def start(kind: str, role: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, str(program), kind, role], stdout=subprocess.PIPE, text=True, env=environment
        )

    return start


def test_code_for_two_kinds_of_arguments_that_is_kept_at_once_stays_apart(run) -> None:
    writers = [run("int64", "first"), run("float64", "second")]
    assert [writer.communicate()[0].strip() for writer in writers] == ["10", "10.0"]
    readers = [run("int64", "reader"), run("float64", "reader")]
    assert [reader.communicate()[0].strip() for reader in readers] == ["10", "10.0"]


def test_what_is_kept_is_used(run, tmp_path: Path) -> None:
    assert run("int64", "reader").communicate()[0].strip() == "10"
    kept = sorted(path.name for path in tmp_path.glob("kept/**/*.nb?"))
    assert len(kept) == 2
    times = [path.stat().st_mtime_ns for path in sorted(tmp_path.glob("kept/**/*.nbc"))]
    assert run("int64", "reader").communicate()[0].strip() == "10"
    assert [path.stat().st_mtime_ns for path in sorted(tmp_path.glob("kept/**/*.nbc"))] == times


def test_where_nobody_can_write_there_is_nothing_to_wait_for() -> None:
    with _alone(Path("/dev/null/compiled.lock")):
        pass


NEARLY = """
import numpy as np
from numba.core.caching import CacheImpl
if "nowhere" in {more!r}:
    CacheImpl._locator_classes = []
from classifier.utils.jit import compiled, helper, is_missing

FACTOR = {factor}

@helper
def times(number):
    return FACTOR * number {more}

@compiled
def total(values):
    found = 0
    for value in values:
        found += times(value)
    return found

print(is_missing(total), total(np.arange(5)))
"""


def run_nearly(tmp_path: Path, factor: int, more: str = "") -> list[str]:
    program = tmp_path / "nearly.py"
    program.write_text(NEARLY.format(factor=factor, more=more))
    os.utime(program, (1, 1))  # numba goes by time and size, which tell nothing of what is called
    known = os.environ | {"NUMBA_CACHE_DIR": str(tmp_path / "kept"), "PYTHONPATH": str(ROOT)}
    found = subprocess.run([sys.executable, str(program)], capture_output=True, text=True, env=known, check=False)
    assert found.returncode == 0, found.stderr
    return found.stdout.split()


def test_cached_code_is_valid_for_what_it_was_made_of(tmp_path: Path) -> None:
    assert run_nearly(tmp_path, 2) == ["True", "20"]
    assert run_nearly(tmp_path, 2) == ["False", "20"]
    assert run_nearly(tmp_path, 3) == ["True", "30"], "another constant, in a file of the same size and time"
    assert run_nearly(tmp_path, 3, "+ 1") == ["True", "35"], "another helper"


def test_where_nothing_can_be_written_code_is_compiled_in_memory(tmp_path: Path) -> None:
    assert run_nearly(tmp_path, 2, "# nowhere") == ["False", "20"]
    assert not list(tmp_path.glob("**/*.nb?"))


@helper
def twice(number: int) -> int:
    return 2 * number


@compiled
def four_times(number: int) -> int:
    return twice(twice(number))


def test_helpers_and_kernels_are_plain_python_too() -> None:
    assert four_times(3) == four_times.py_func(3) == 4 * 3  # type: ignore[attr-defined]
    assert twice(3) == 6
    assert len(fingerprint(four_times)) == 64
    assert not is_missing(twice)
