import multiprocessing
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from classifier.accounts.account import Account, canonical
from classifier.batch.engines.local import answered
from classifier.batch.score_rows import Asked
from classifier.batch.snapshot import Snapshot
from classifier.errors import BatchError, RegistryError
from classifier.importers.readers.raw_row import RawRow
from tests.classifier.batch.test_snapshot import packed
from tests.interruptions import started


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory, small_home: Path) -> Snapshot:
    return packed(tmp_path_factory.mktemp("snapshot"), small_home)


@pytest.fixture(scope="module")
def blocks(reported: list[Account]) -> list[list[Asked]]:
    rows = [Asked("a", "doublecheck", RawRow(row, canonical(one))) for row, one in enumerate(reported, start=1)]
    return [rows[first : first + 10] for first in range(0, len(rows), 10)]


def test_two_workers_answer_as_one_does_and_in_order(snapshot: Snapshot, blocks: list[list[Asked]]) -> None:
    alone = list(answered(snapshot, blocks, workers=1))
    together = list(answered(snapshot, blocks, workers=2))
    assert together == alone
    assert [batch.column("row")[0].as_py() for batch in together] == [block[0].raw.number for block in blocks]


def test_blocks_are_read_no_further_than_workers_need(snapshot: Snapshot, blocks: list[list[Asked]]) -> None:
    """Memory must not grow with the file."""
    taken: list[int] = []

    def endless() -> Iterator[list[Asked]]:
        while True:
            taken.append(1)
            yield blocks[0][:1]

    found = answered(snapshot, endless(), workers=2)
    for _ in range(5):
        next(found)
    assert len(taken) <= 5 + 2 * 2 + 2
    found.close()  # type: ignore[attr-defined]


def test_no_worker_is_left_behind(snapshot: Snapshot, blocks: list[list[Asked]]) -> None:
    others = set(multiprocessing.active_children())
    found = answered(snapshot, blocks, workers=2)
    next(found)
    workers = [psutil.Process(one.pid) for one in set(multiprocessing.active_children()) - others]
    assert workers
    found.close()  # type: ignore[attr-defined]
    deadline = time.monotonic() + 60
    while any(map(_lives, workers)):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _lives(worker: psutil.Process) -> bool:
    """Look without waiting for it: the pool's own thread does that, and whoever takes its news lets it wait forever."""
    try:
        return worker.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_a_worker_that_is_killed_is_an_error_that_says_what_to_do(
    snapshot: Snapshot, blocks: list[list[Asked]]
) -> None:
    others = set(multiprocessing.active_children())
    found = answered(snapshot, blocks * 50, workers=2)
    next(found)
    (set(multiprocessing.active_children()) - others).pop().kill()
    with pytest.raises(BatchError, match=r"--resume.*--workers"):
        list(found)


def test_a_script_that_runs_itself_again_is_told_what_to_do(tmp_path: Path, small_home: Path) -> None:
    """Without the guard each worker begins with the script, which starts workers of its own."""
    (tmp_path / "in.csv").write_text("handle,platform\n" + "qzkxvw83,x\n" * 4_001)
    script = tmp_path / "script.py"
    paths = [str(tmp_path / "in.csv"), str(tmp_path / "out.csv"), str(small_home)]
    script.write_text(
        "import sys\nfrom classifier.workbench import Workbench\n"
        "print(Workbench(sys.argv[3]).score(sys.argv[1], sys.argv[2], workers=2))\n"
    )
    done = subprocess.run([sys.executable, str(script), *paths], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "if __name__ == '__main__':" in done.stderr.splitlines()[-1]


def test_what_is_wrong_with_the_snapshot_is_said_by_this_process(tmp_path: Path, small_home: Path) -> None:
    snapshot = packed(tmp_path, small_home)
    (tmp_path / "registry" / "current.json").write_text("{}")
    with pytest.raises(RegistryError):
        list(answered(snapshot, [[]], workers=2))


def test_workers_end_when_their_parent_is_killed(tmp_path: Path, lines: list[str], small_home: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text("\n".join(lines * 50), encoding="utf-8")
    parent = started(source, tmp_path / "out.csv", small_home)
    deadline = time.monotonic() + 120
    while len(children := psutil.Process(parent.pid).children()) < 3:  # two workers, and what Python keeps beside them
        assert time.monotonic() < deadline
        time.sleep(0.05)
    parent.kill()
    parent.communicate()
    _, alive = psutil.wait_procs(children, timeout=60)
    assert not alive, "workers outlive their parent"
