"""Print the figures of every development set: ``python -m tests.development_sets --help``."""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from classifier.model_store import ModelStore, StoredModel
from tests.development_sets.cases import ATTACKS
from tests.development_sets.figures import measured
from tests.development_sets.run import Runner
from tests.real_data import DATA

_FEWEST_OF_A_KIND = 5


def main(arguments: Sequence[str] | None = None) -> None:
    asked = _parser().parse_args(arguments)
    if not (asked.directory / "registry" / "public_handles.csv").exists():
        raise SystemExit(f"{asked.directory} holds no registry/public_handles.csv: nothing to measure")
    stored, runner = opened(asked.model), Runner(asked.directory)
    unknown = set(asked.set) - set(runner.names)
    if unknown:
        raise SystemExit(f"no set {', '.join(sorted(unknown))}; there are: {', '.join(runner.names)}")
    results = runner.run(stored.model, stored.model_id, registry=asked.registry, only=asked.set, progress=True)
    found = {"model": stored.model_id, "registry": asked.registry, **measured(results)}
    show(found)
    if asked.against:
        show_against(found, json.loads(asked.against.read_text(encoding="utf-8")))
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


def show(found: Mapping[str, Any]) -> None:
    """Print figures."""
    print(f"model {found['model']}, registry {found['registry']}\n")
    print(
        "[low high]: 90 % bootstrap by group. called: impersonation of the right target; any: of anybody; cleared: as"
    )
    print(
        "is or with ids, audience and dates completed; by group: each group alike; worst: the three groups hit worst.\n"
    )
    print(_text(found["sets"], ("set", "label")))
    print("\nBy kind:\n")
    print(_text([row for row in found["kinds"] if row["n"] >= _FEWEST_OF_A_KIND], ("set", "label", "kind")))
    if found["equal_false_alarms"]:
        print("\nCalled / by Jaro-Winkler, at the same share of genuine accounts flagged (each set alike):\n")
        print(_equal(found["equal_false_alarms"]))
    for name, value in found["overall"].items():
        print(f"{name.replace('_', ' '):30} {value if isinstance(value, int) else format(value, '.3f')}")


def _text(rows: Sequence[Mapping[str, Any]], names: tuple[str, ...]) -> str:
    return pd.DataFrame([_line(row, names) for row in rows]).to_string(index=False)


def _line(row: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, str]:
    attack = row["label"] in ATTACKS
    shown = {"found": "found", "called": "called", "called_any": "any", "parody": "parody", "cleared": "cleared"}
    line = {name: str(row[name])[:40] for name in names} | {"n": str(row["n"]), "groups": str(row["groups"])}
    for name, head in shown.items():
        line[head] = f"{_share(row[name])} [{_share(row[f'{name}_low'])} {_share(row[f'{name}_high'])}]"
    if not attack and row["label"] not in {"parody_or_fan", "parody_or_supporter", "same name"}:
        line["found"] = line["called"] = ""
    return line | {"by group": _share(row["called_by_group"]), "worst": " ".join(map(_share, row["worst"]))}


def _share(value: float) -> str:
    return f"{value:.2f}".replace("0.", ".", 1) if value < 1 else "1"


def _equal(rows: Sequence[Mapping[str, Any]]) -> str:
    table: dict[str, dict[str, str]] = {}
    for row in rows:
        head = f"JW >= {row['similarity']:.2f}: {row['flagged']:.3f} flagged, p > {row['threshold']:.3f}"
        table.setdefault(row["set"], {})[head] = f"{_share(row['called'])} / {_share(row['jw'])}"
    return pd.DataFrame(table).T.to_string() + "\n"


def show_against(found: Mapping[str, Any], before: Mapping[str, Any]) -> None:
    """Print what changed since figures that were saved."""
    print(f"\nAgainst model {before['model']}, registry {before['registry']} (before -> now):\n")
    earlier = {(row["set"], row["label"]): row for row in before["sets"]}
    lines = []
    for row in found["sets"]:
        old = earlier.get((row["set"], row["label"]))
        if old is not None:
            changes = {name: _change(old[name], row[name]) for name in _COMPARED}
            lines.append({"set": row["set"], "label": row["label"], "n": _change(old["n"], row["n"]), **changes})
    print(pd.DataFrame(lines).to_string(index=False))
    for name, value in found["overall"].items():
        if name in before["overall"]:
            print(f"{name.replace('_', ' '):30} {before['overall'][name]:.3f} -> {value:.3f}")


_COMPARED = ("found", "called", "called_any", "parody", "cleared")


def _change(old: float, new: float) -> str:
    if isinstance(new, int):
        return str(new) if old == new else f"{old} -> {new}"
    return f"{_share(old)} -> {_share(new)}{'' if abs(new - old) < 0.005 else ' +' if new > old else ' -'}"


if __name__ == "__main__":
    os.environ.setdefault("PYTHONWARNINGS", "default")
    main()
