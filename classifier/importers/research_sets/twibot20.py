"""TwiBot-20: ``train.json``, ``dev.json`` and ``test.json``, each a JSON list of ``{ID, profile, tweet, ..., label}``.

``profile`` is an X API v1.1 user object of which every value is text with a blank behind it ("True ", "692 ",
"None "), the nested ones too; ``label`` is "1" for a bot and "0" for a human. The accounts of ``support.json`` and of
the published sample have no label, and some no profile.

References
----------
https://github.com/BunsenFeng/TwiBot-20
S. Feng et al. (2021), "TwiBot-20: a comprehensive Twitter bot detection benchmark",
https://doi.org/10.1145/3459637.3482019
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from classifier.importers.readers.json_lists import list_rows
from classifier.importers.research_sets.labelled_row import PublicRow, public_row

SOURCE = "twibot-20"
_LABELS = {"1": True, "0": False}


def looks_like(row: Mapping[str, Any]) -> bool:
    """Tell whether the row is an element of the set's lists."""
    return row.keys() >= {"ID", "profile"}


def read(path: Path, *, now: datetime) -> Iterator[PublicRow]:
    """Yield the accounts of a file."""
    for raw in list_rows(path):
        row = raw.values or {}
        yield public_row(raw, _values(row), "x-v1", _LABELS.get(str(row.get("label")).strip()), SOURCE, now)


def _values(row: Mapping[str, Any]) -> dict[str, Any] | None:
    profile = row.get("profile")
    if not isinstance(profile, Mapping):
        return None
    return {name: value.strip() if isinstance(value, str) else value for name, value in profile.items()}
