"""Trained models that all tests share, also those of other processes and later runs.

A home with a model is made once for each state of the code that trains it and stays in pytest's cache directory;
``pytest --cache-clear`` forgets it. Each run gets a copy, so that no test writes into what the next run reads.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest

from classifier.model_store import artifacts

CLASSIFIER = Path(__file__).parents[1] / "classifier"


def trained_home(config: pytest.Config, name: str, make: Callable[[Path], object], copy: Path) -> Path:
    """Fill ``copy`` with the home that ``make`` makes, and return it; of several processes one makes it.

    Parameters
    ----------
    name : str
        What the home is called, among those of the same code.
    make : callable
        Trains into the empty directory it is called with.
    copy : Path
        A directory that is there.
    """
    assert config.cache is not None, "pytest's cache plugin is switched off"
    directory = config.cache.mkdir("trained")
    home = directory / f"{name}-{code_digest()}"
    with _alone(directory / f"{name}.lock"):
        if not home.exists():
            for old in directory.glob(f"{name}-*"):
                shutil.rmtree(old)
            staging = Path(tempfile.mkdtemp(dir=directory))
            make(staging)
            os.replace(staging, home)
        shutil.copytree(home, copy, dirs_exist_ok=True)
    return copy


@cache
def code_digest() -> str:
    """Return a digest of all that training depends on: every file of the classifier, and the libraries."""
    files = sorted(path for path in CLASSIFIER.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    content = hashlib.sha256(repr(sorted(artifacts.libraries().items())).encode())
    for path in files:
        content.update(f"{path.relative_to(CLASSIFIER)}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return content.hexdigest()[:16]


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    with path.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # given back when the file is closed, also by a crash
        yield
