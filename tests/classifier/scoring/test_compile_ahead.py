"""A first start compiles in two processes, and leaves nothing to compile; every other start compiles nothing."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from classifier.features.encoded_account import copied
from classifier.features.feature_list import FEATURES
from classifier.features.kernel import compare_numbers, compare_texts
from classifier.registry.registry import Registry
from classifier.retrieval.candidate_index import CandidateIndex
from classifier.scoring import compile_ahead as module
from classifier.scoring.compile_ahead import compile_ahead, compile_comparing
from classifier.simulation.population import invent_registry

ROOT = Path(__file__).parents[3]
INDEX = CandidateIndex(Registry(list(invent_registry(20, seed=3))))


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The programs of other processes, none of which is started."""
    found: list[str] = []

    def popen(command: list[str], **_: object) -> SimpleNamespace:
        found.append(command[-1])
        return SimpleNamespace(wait=lambda: 0)

    monkeypatch.setattr(module.subprocess, "Popen", popen)
    return found


def test_what_is_cached_is_not_compiled_again(monkeypatch: pytest.MonkeyPatch, started: list[str]) -> None:
    monkeypatch.setattr(module.jit, "is_missing", lambda _: False)
    assert not compile_ahead(INDEX)
    assert started == []


def test_another_process_compiles_what_compares(monkeypatch: pytest.MonkeyPatch, started: list[str]) -> None:
    monkeypatch.setattr(module.jit, "is_missing", lambda _: True)
    assert compile_ahead(INDEX)
    assert len(started) == 1
    compile(started[0], "program", "exec")
    assert started[0].endswith("compile_comparing()")


def test_who_comes_second_finds_it_compiled(monkeypatch: pytest.MonkeyPatch, started: list[str]) -> None:
    answers = iter([True, False])
    monkeypatch.setattr(module.jit, "is_missing", lambda _: next(answers))
    assert not compile_ahead(INDEX)
    assert started == []


def test_what_compares_is_compiled_for_arrays_in_memory_and_for_mapped_ones() -> None:
    compile_comparing()
    assert len(compare_texts.signatures) == len(compare_numbers.signatures) == 1  # type: ignore[attr-defined]
    assert len(copied.signatures) == 2  # type: ignore[attr-defined]


PROGRAM = """
from numba.core import event
from classifier.accounts.account import Account
from classifier.accounts.normal_forms import View
from classifier.features import compute
from classifier.retrieval.candidate_index import CandidateIndex
from classifier.scoring.compile_ahead import compile_ahead
from classifier.simulation.population import invent_registry

class Watch(event.Listener):
    def on_start(self, found):
        print("compiled", found.data["dispatcher"].py_func.__name__)
    def on_end(self, found):
        pass

index = CandidateIndex(invent_registry(20, seed=3))
assert compile_ahead(index) and not compile_ahead(index)
event.register("numba:compile", Watch())
account = index.registry.accounts[0]
view = View(Account(handle=account.handle + "1", platform="x", display_name="Ada Brask", bio="hello"))
print(compute([(view, one.view) for one in index.find_many([view])[0]]).shape[1])
"""


@pytest.mark.slow
def test_after_it_nothing_is_left_to_compile(tmp_path: Path) -> None:
    environment = os.environ | {"NUMBA_CACHE_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    found = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, env=environment, check=False
    )
    assert found.returncode == 0, found.stderr
    assert found.stdout.split() == [str(len(FEATURES))]
