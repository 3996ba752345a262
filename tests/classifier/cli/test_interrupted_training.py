"""Ctrl-C and SIGTERM during ``doublecheck train``, at points that nobody chose."""

import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from classifier.model_store import ModelStore
from tests.classifier.cli.asking import SMALL

# What is loaded before the first word takes milliseconds; all else, the command's own modules too, comes behind it.
COMMAND = "import sys; print('begun', flush=True); from service.entry import main; main()"
# Exit statuses of a training that came to its end: two around so few accounts may differ by more than the gate allows.
ENDED = (0, 1)
# What is said of so small a registry, in a line.
ABOUT = "Warning: the registry to train around: "
WHEN = random.SystemRandom()
PATIENCE = 300


def contents(home: Path) -> dict[str, bytes | None]:
    return {str(path.relative_to(home)): path.read_bytes() if path.is_file() else None for path in home.rglob("*")}


def begun(home: Path, protected: Path, seed: int = 4) -> subprocess.Popen[str]:
    child = subprocess.Popen(
        [sys.executable, "-c", COMMAND, "train", "--registry", str(protected), "--seed", str(seed),
         "--home", str(home)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert child.stdout is not None
    assert child.stdout.readline() == "begun\n"
    return child


@pytest.fixture(scope="module")
def protected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("registry") / "r.csv"
    SMALL.save(path)
    return path


@pytest.fixture(scope="module")
def whole(protected: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, float]:
    """A home after one training that nobody interrupted, and how many seconds that took."""
    home, at = tmp_path_factory.mktemp("whole"), time.monotonic()
    _, said = begun(home, protected, seed=3).communicate(timeout=PATIENCE)
    assert said.startswith(ABOUT)
    assert len(said.splitlines()) == 1, "otherwise quiet where nobody looks"
    return home, time.monotonic() - at


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_training_leaves_the_home_to_the_byte(
    tmp_path: Path, protected: Path, whole: tuple[Path, float], number: signal.Signals
) -> None:
    trained, seconds = whole
    home = Path(shutil.copytree(trained, tmp_path / "home"))
    before, stored = contents(home), ModelStore(home).ids()
    for part in (0.1, 0.5, 0.9):  # while it is loaded, compares, fits: somewhere there
        child = begun(home, protected)
        time.sleep(WHEN.uniform(part - 0.1, part + 0.1) * seconds + 0.2)
        child.send_signal(number)
        _, said = child.communicate(timeout=PATIENCE)
        if child.returncode in ENDED:  # it was done already
            assert len(ModelStore(home).ids()) == len(stored) + 1
            home = Path(shutil.copytree(trained, tmp_path / f"home-{part}"))
            continue
        assert child.returncode == 128 + number
        assert "Traceback" not in said
        said = "".join(line for line in said.splitlines() if not line.startswith(ABOUT))
        assert len(said.splitlines()) <= 1
        assert number == signal.SIGTERM or said.startswith("Aborted")
        assert contents(home) == before
    last = begun(home, protected)
    last.communicate(timeout=PATIENCE)
    assert last.returncode in ENDED
    assert len(ModelStore(home).ids()) == len(stored) + 1, "the next one works"
