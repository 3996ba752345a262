"""Ask by every route: ``python -m tests.red_team [PATH] [--model HOME]``; without a path, those that are invented here.

PATH is a file of genuine accounts, or a directory of such files, as ``tests.red_team.cases`` reads them. It fails where
one is cleared.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from tests.red_team.cases import read
from tests.red_team.people import surroundings
from tests.red_team.run import run


def main() -> None:
    """Print what was cleared.

    Raises
    ------
    SystemExit
        With status 1 where anything was.
    """
    parser = argparse.ArgumentParser(prog="python -m tests.red_team", description=__doc__)
    parser.add_argument("path", nargs="?", type=Path, help="a file of genuine accounts, or a directory of them")
    parser.add_argument("--model", type=Path, help="home of the model; by default the one that ships with the package")
    asked = parser.parse_args()
    given = list(read(asked.path)) if asked.path else [*surroundings()]
    with tempfile.TemporaryDirectory() as empty:
        found = run(given, asked.model or Path(empty))
    for line in found.lines():
        print(line)
    raise SystemExit(1 if found.cleared.total() else 0)


if __name__ == "__main__":
    main()
