"""Kill ``doublecheck score`` at a random point, resume it, and see that the output is the same to the byte.

``python -m tests.interruptions --rounds 50`` prints a line a round and fails if an output differs, if anything but the
output and its summary is left, or if an output was under its name before it was complete. Killed is the parent process
alone, or with its workers; some rounds are killed several times. With few rounds the tests run it too.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tqdm import tqdm

from classifier.accounts.account import canonical
from classifier.simulation import simulate
from classifier.simulation.population import invent_registry
from classifier.storage.home import registry_store

ENDINGS = (".parquet", ".csv.gz", ".jsonl.zst", ".csv", ".jsonl")
ROWS, BLOCK = 3_000, 100
# When it happens is nobody's choice.
RANDOM = random.SystemRandom()
# Smaller blocks than the command's own: there is more to be torn.
COMMAND = (
    "import sys; from classifier.batch import chunks; from service.cli import main; "
    f"chunks.ROWS = {BLOCK}; main(sys.argv[1:])"
)


def prepare(home: Path, directory: Path, rows: int) -> Path:
    """Return a file of reported accounts, every ninth row broken, around the accounts of the home's new registry."""
    registry = invent_registry(400, seed=5)
    registry_store(home).replace(registry)
    cases = [case.account for case in simulate(registry.accounts[: rows // 20 + 1], seed=5)][:rows]
    lines = [json.dumps(canonical(one)) for one in cases]
    path = directory / "reported.jsonl"
    path.write_text("\n".join("{" if row % 9 == 8 else line for row, line in enumerate(lines)), encoding="utf-8")
    return path


def started(source: Path, output: Path, home: Path, *options: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", COMMAND, "score", str(source), "-o", str(output), "--home", str(home),
               "--workers", "2", "--resume", *options]  # fmt: skip
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True)


def finished(child: subprocess.Popen[bytes]) -> None:
    _, said = child.communicate()
    assert child.returncode == 0, said.decode()


def killed(child: subprocess.Popen[bytes], after: float, *, alone: bool) -> bool:
    """Kill a run after some seconds; tell whether it was still running."""
    try:
        child.wait(after)
    except subprocess.TimeoutExpired:
        if alone:
            child.kill()
        else:
            os.killpg(child.pid, signal.SIGKILL)
    child.communicate()
    return child.returncode != 0


def interrupted(source: Path, whole: Path, home: Path, *, longest: float) -> int:
    """Interrupt a run one to three times, resume it, compare; return how often it was interrupted."""
    times = 0
    with tempfile.TemporaryDirectory() as directory:
        output = Path(directory) / f"out{''.join(whole.suffixes)}"
        for _ in range(RANDOM.choice((1, 1, 2, 3))):
            child = started(source, output, home)
            if killed(child, RANDOM.uniform(0.2, longest), alone=RANDOM.random() < 0.5):
                times += 1
                assert not output.exists() or output.read_bytes() == whole.read_bytes(), (
                    "an output that is not complete"
                )
        finished(started(source, output, home))
        assert output.read_bytes() == whole.read_bytes(), "resumed, it gives other bytes"
        assert sorted(one.name for one in Path(directory).iterdir()) == [output.name, f"{output.name}.summary.json"]
    return times


def campaign(home: Path, rounds: int, rows: int = ROWS) -> int:
    """Run rounds; return how often a run was interrupted."""
    with tempfile.TemporaryDirectory() as directory:
        source = prepare(home, Path(directory), rows)
        wholes: list[tuple[Path, float]] = []
        for ending in ENDINGS[:rounds]:
            start = time.monotonic()
            whole = Path(directory) / f"whole{ending}"
            finished(started(source, whole, home))
            wholes.append((whole, time.monotonic() - start))
        longest = min(took for _, took in wholes)
        return sum(
            interrupted(source, wholes[number % len(wholes)][0], home, longest=longest)
            for number in tqdm(range(rounds), unit="round", disable=None)
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=50)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        home = Path(directory)
        times = campaign(home, asked.rounds)
    print(f"{asked.rounds} rounds, interrupted {times} times: every output the same to the byte, nothing left behind")


if __name__ == "__main__":
    main()
