import shutil
from pathlib import Path

from tests.interruptions import campaign


def test_a_run_that_is_killed_and_resumed_gives_the_same_bytes(small_home: Path, tmp_path: Path) -> None:
    """The same with many rounds: ``python -m tests.interruptions``."""
    home = Path(shutil.copytree(small_home, tmp_path / "home"))
    campaign(home, rounds=2, rows=800)
