"""TwiBot-22, and the sets that were brought into its form: ``user.json`` and, beside it, ``label.csv``.

The first is a JSON list of X API v2 user objects whose ids begin with "u"; in ``node.json`` of smaller sets posts
follow, which hold no account. The second has the columns ``id`` and ``label``, "human" or "bot".

References
----------
https://github.com/LuoUndergradXJTU/TwiBot-22, descriptions/metadata.md
S. Feng et al. (2022), "TwiBot-22: towards graph-based Twitter bot detection", https://arxiv.org/abs/2206.04564
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from classifier.errors import FileFormatError
from classifier.importers.readers.json_lists import list_rows
from classifier.importers.readers.source import read_rows
from classifier.importers.research_sets.labelled_row import PublicRow, public_row

SOURCE = "twibot-22"
LABEL_FILE = "label.csv"
_LABELS = {"bot": True, "human": False}


def looks_like(row: Mapping[str, Any]) -> bool:
    """Tell whether the row is a v2 user object with the set's own id."""
    return row.keys() >= {"id", "username", "public_metrics"} and str(row["id"]).startswith("u")


def read(path: Path, *, now: datetime) -> Iterator[PublicRow]:
    """Yield the accounts of a file.

    Raises
    ------
    FileFormatError
        On the first row, if there is no ``label.csv`` beside the file.
    """
    labels = _labels(path)
    for raw in list_rows(path):
        row = raw.values or {}
        values = row if "username" in row else None
        yield public_row(raw, values, "x-v2", labels.get(str(row.get("id"))), SOURCE, now)


def _labels(path: Path) -> dict[str, bool]:
    beside = path.with_name(LABEL_FILE)
    if not beside.is_file():
        raise FileFormatError(f"{path.name}: there is no {LABEL_FILE} beside it; copy the set's own into its folder")
    found: dict[str, bool] = {}
    for raw in read_rows(beside):
        if raw.values is None or not {"id", "label"} <= raw.values.keys():
            raise raw.error or FileFormatError(f"{LABEL_FILE}: needs the columns id and label")
        word = str(raw.values["label"]).strip().casefold()
        if word in _LABELS:
            found[str(raw.values["id"])] = _LABELS[word]
    return found
