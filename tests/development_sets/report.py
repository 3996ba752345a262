"""The figures as text and as plain values; nothing of any account is among them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from tests.development_sets.cases import ATTACKS, PARODIES
from tests.development_sets.false_alarms import at_equal_false_alarms, flagged_when_left_out
from tests.development_sets.figures import by_set, overall
from tests.development_sets.goals import judged

_FEWEST_OF_A_KIND = 5
_HEADS = {"found": "found", "called": "called", "called_any": "any", "parody": "parody", "own": "own",
          "cleared": "cleared"}  # fmt: skip
_ABOUT_A_TARGET = ATTACKS | PARODIES | {"same name"}
_LEGEND = """\
[low high]: 90 % by bootstrap over groups. called: impersonation of the right target; any: of anybody; own: called the
owner's; cleared: as it is, or with ids, audience and dates completed; by group: called (genuine: any) with each group
alike; worst: the three groups that are hit worst."""

_Row = Mapping[Any, Any]


def measured(results: pd.DataFrame) -> dict[str, Any]:
    """Return all figures as plain JSON values."""
    sets, kinds = (by_set(results, by).to_dict("records") for by in (("set", "label"), ("set", "label", "kind")))
    return {
        "sets": sets,
        "kinds": kinds,
        "goals": judged(sets, kinds),
        "equal_false_alarms": at_equal_false_alarms(results).to_dict("records"),
        "left_out": flagged_when_left_out(results).to_dict("records"),
        "overall": overall(results),
    }


def lines(found: Mapping[str, Any]) -> Iterator[str]:
    """Yield what people read of figures."""
    yield f"model {found['model']}, registry {found['registry']}\n\n{_LEGEND}\n"
    yield _table(_line(row, ("set", "label")) for row in found["sets"])
    kinds = [row for row in found["kinds"] if row["n"] >= _FEWEST_OF_A_KIND]
    yield "\nBy kind:\n\n" + _table(_line(row, ("set", "label", "kind")) for row in kinds)
    if found["equal_false_alarms"]:
        yield _EQUAL + _equal(found["equal_false_alarms"])
    if found["left_out"]:
        yield _LEFT_OUT + _left_out(found["left_out"])
    yield "\nGoals (for sealed sets of these kinds):\n\n" + _table(map(_goal, found["goals"]))
    yield "\nAll pooled sets:\n\n" + "\n".join(
        f"{name.replace('_', ' '):30} {_number(value)}" for name, value in found["overall"].items()
    )


_EQUAL = """
Called / by Jaro-Winkler, at the same share of genuine accounts flagged (each set alike); + and - where the interval of
the difference leaves out zero:

"""

_LEFT_OUT = """
Flagged / by Jaro-Winkler, above thresholds that flag such a share of the genuine accounts of all other sources:

"""


def _table(rows: Iterator[dict[str, str]]) -> str:
    return pd.DataFrame(list(rows)).to_string(index=False)


def _line(row: _Row, names: tuple[str, ...]) -> dict[str, str]:
    line = {name: str(row[name])[:40] for name in names} | {"n": str(row["n"]), "groups": str(row["groups"])}
    for name, head in _HEADS.items():
        shown = row["label"] in _ABOUT_A_TARGET or name not in {"found", "called"}
        line[head] = f"{share(row[name])} [{share(row[f'{name}_low'])} {share(row[f'{name}_high'])}]" if shown else ""
    return line | {"by group": share(row["by_group"]), "worst": " ".join(map(share, row["worst"]))}


def share(value: float) -> str:
    """Return a share as text; 1 and 0 only where it is that.

    Examples
    --------
    >>> share(0.5), share(0.999), share(1.0), share(0.001), share(0.0)
    ('.50', '.999', '1', '.001', '0')
    """
    if value in (0.0, 1.0):
        return str(int(value))
    return f"{value:.2f}"[1:] if 0.005 <= value < 0.995 else f"{value:.3f}".removeprefix("0")


def _equal(rows: Sequence[_Row]) -> str:
    table: dict[str, dict[str, str]] = {}
    for row in rows:
        low, high = row["difference"]
        sign = "+" if low > 0 else "-" if high < 0 else " "
        head = f"{row['at']} ({row['flagged']:.2f})"
        table.setdefault(row["set"], {})[head] = f"{share(row['called'])} / {share(row['jw'])} {sign}"
    return pd.DataFrame(table).T.to_string()


def _left_out(rows: Sequence[_Row]) -> str:
    table: dict[tuple[str, str], dict[str, str]] = {}
    for row in rows:
        shown = f"{share(row['flagged'])} / {share(row['jw'])}"
        table.setdefault((row["set"], row["label"]), {})[row["at"]] = shown
    return pd.DataFrame(table).T.rename_axis(["set", "label"]).reset_index().to_string(index=False)


def _goal(row: _Row) -> dict[str, str]:
    named = {name: row[name] for name in ("set", "label", "kind", "share", "goal")}
    return named | {"figure": share(row["value"]), "": "" if row["met"] else "NOT MET"}


def _number(value: float) -> str:
    return str(value) if isinstance(value, int) else f"{value:.3f}"


def changes(found: Mapping[str, Any], before: Mapping[str, Any]) -> Iterator[str]:
    """Yield what changed since figures that were saved; a sign stands where the new one leaves the old interval."""
    yield f"\nAgainst model {before['model']}, registry {before['registry']} (before > now):\n"
    earlier = {(row["set"], row["label"]): row for row in before["sets"]}
    pairs = [(earlier[key], row) for row in found["sets"] if (key := (row["set"], row["label"])) in earlier]
    yield _table(_changed(old, new) for old, new in pairs)
    alarms = {(row["set"], row["at"]): row["called"] for row in before["equal_false_alarms"]}
    table: dict[str, dict[str, str]] = {}
    for row in found["equal_false_alarms"]:
        old = alarms.get((row["set"], row["at"]))
        if old is not None and "JW" not in row["at"]:
            table.setdefault(row["set"], {})[row["at"]] = f"{share(old)} > {share(row['called'])}"
    if table:
        yield "\nCalled at the same share of genuine accounts flagged:\n\n" + pd.DataFrame(table).T.to_string()
    yield "\n" + "\n".join(
        f"{name.replace('_', ' '):30} {_number(before['overall'][name])} > {_number(value)}"
        for name, value in found["overall"].items()
        if name in before["overall"]
    )


def _changed(old: _Row, new: _Row) -> dict[str, str]:
    line = {"set": new["set"], "label": new["label"], "n": str(new["n"])}
    for name, head in _HEADS.items():
        sign = "+" if new[name] > old[f"{name}_high"] else "-" if new[name] < old[f"{name}_low"] else " "
        line[head] = f"{share(old[name])} > {share(new[name])} {sign}"
    return line
