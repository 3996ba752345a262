"""Print the figures of every development set: ``python -m tests.development_sets --help``."""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

from classifier.model_store import ModelStore, StoredModel
from tests.development_sets.report import changes, lines, measured
from tests.development_sets.run import Runner
from tests.real_data import DATA


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print, compare and save.

    Raises
    ------
    SystemExit
        If there is nothing to measure.
    """
    asked = _parser().parse_args(arguments)
    if not (asked.directory / "registry" / "public_handles.csv").exists():
        raise SystemExit(f"{asked.directory} holds no registry/public_handles.csv: nothing to measure")
    before = json.loads(asked.against.read_text(encoding="utf-8")) if asked.against else None
    stored, runner = opened(asked.model), Runner(asked.directory)
    if unknown := sorted({*asked.set} - {*runner.names}):
        raise SystemExit(f"no set {', '.join(unknown)}; there are: {'; '.join(runner.names)}")
    results = runner.run(stored.model, stored.model_id, registry=asked.registry, only=asked.set, progress=True)
    found = {"model": stored.model_id, "registry": asked.registry, **measured(results)}
    for line in (*lines(found), *(changes(found, before) if before else ())):
        print(line)
    if asked.save:
        asked.save.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.development_sets", description=__doc__)
    parser.add_argument("directory", nargs="?", type=Path, default=DATA, help="where the sets are")
    parser.add_argument("--set", action="append", default=[], help="only this set; may be repeated")
    parser.add_argument("--model", type=Path, help="home of the model; by default the one that ships with the package")
    parser.add_argument(
        "--registry", choices=("public", "own"), default="public", help="whom a set's targets are among"
    )
    parser.add_argument("--save", type=Path, help="write the figures to a JSON file")
    parser.add_argument("--against", type=Path, help="compare with figures that were saved")
    return parser


def opened(home: Path | None) -> StoredModel:
    """Open the model that serves in a home, by default the shipped one."""
    if home is not None:
        return ModelStore(home).load()
    with tempfile.TemporaryDirectory() as empty:
        return ModelStore(Path(empty)).load()


if __name__ == "__main__":
    main()
