"""What people open: the answers as CSV that no spreadsheet takes for formulas, and the rows to look at first.

A spreadsheet runs a cell that begins with "=" and some other characters, and in countries where it separates cells by
semicolons also what follows one. Handles and ids are somebody else's text. So an apostrophe goes before such a
character, which a spreadsheet does not show; programs read ``answers.jsonl``, where everything is as it was.

References
----------
OWASP, CSV Injection: https://owasp.org/www-community/attacks/CSV_Injection
"""

from __future__ import annotations

import csv
import heapq
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from classifier.batch.finalize import output_schema
from classifier.utils.atomic_files import atomic_path
from service.uploads.jobs import write_json

SHEET, ATTENTION = "answers.csv", "attention.json"
# Rows of each kind that are shown.
SHOWN = 5
_FORMULA = re.compile(r"(^|[;,|\t\r\n])([\s\ufeff\u200b]*)([=+\-@\uff1d\uff0b\uff0d\uff20])")
_OF_A_ROW = ("row", "platform", "handle", "relation", "target_handle", "impersonation_probability", "verdict")
_Row = Mapping[str, Any]


@dataclass(slots=True)
class Kind:
    """Rows of one kind that want to be looked at.

    Attributes
    ----------
    count : int
    first : list
        The most probable impersonations among them, the first rows of the file where that is the same.
    """

    count: int = 0
    first: list[tuple[float, int, dict[str, Any]]] = field(default_factory=list)

    def add(self, row: _Row) -> None:
        """Count a row, and keep it if it is among the first."""
        self.count += 1
        shown = {name: row[name] for name in _OF_A_ROW} | {"reasons": [reason["text"] for reason in row["reasons"]]}
        entry = (row["impersonation_probability"] or 0.0, -row["row"], shown)
        (heapq.heappush if len(self.first) < SHOWN else heapq.heappushpop)(self.first, entry)

    def as_json(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return {"count": self.count, "first": [shown for _, _, shown in sorted(self.first, reverse=True)]}


def write_sheets(answers: Path, directory: Path) -> None:
    """Read answers once, and write the spreadsheet and what to look at first into a directory."""
    kinds = {"refused": Kind(), "cleared": Kind(), "needs_review": Kind()}
    names = output_schema(shadow=False).names
    with atomic_path(directory / SHEET) as path, path.open("w", encoding="utf-8-sig", newline="") as file:
        sheet = csv.writer(file)
        sheet.writerow(names)
        for row in answers_of(answers):
            sheet.writerow([cell(row.get(name)) for name in names])  # answers of before a column came have none
            if (kind := _kind(row)) is not None:
                kinds[kind].add(row)
    write_json(directory / ATTENTION, {name: kind.as_json() for name, kind in kinds.items()})


def harmless(text: str) -> str:
    """Return text that no spreadsheet runs.

    Examples
    --------
    >>> harmless("=1+1"), harmless("a;  @SUM(1)"), harmless("jane-roe")
    ("'=1+1", "a;  '@SUM(1)", 'jane-roe')
    """
    return _FORMULA.sub(r"\1\2'\3", text)


def answers_of(answers: Path) -> Iterator[dict[str, Any]]:
    """Yield the answers of a file, in order."""
    with answers.open(encoding="utf-8", newline="\n") as file:
        yield from map(json.loads, file)


def cell(value: Any) -> Any:
    """Return a value as a cell of a spreadsheet that runs nothing."""
    if isinstance(value, str):
        return harmless(value)
    if isinstance(value, bool):
        return str(value).lower()
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value


def _kind(row: _Row) -> str | None:
    """Tell why a row wants to be looked at: it may not be acted on, or it is an imitation."""
    if row["verdict"] == "needs_review":
        return "needs_review" if row["relation"] == "impersonation" else None
    verdict: str | None = row["verdict"]
    return verdict
