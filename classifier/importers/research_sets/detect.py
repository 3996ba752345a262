"""The public sets of labelled accounts: each file of one tells its set, and its rows are accounts with a label.

Nobody can correct a published set, so a row that cannot be used is counted by reason and the others are used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from classifier.errors import FileFormatError
from classifier.importers.read_rows import opened
from classifier.importers.readers.json_lists import list_rows
from classifier.importers.readers.source import file_source, told_by_ending
from classifier.importers.research_sets import cresci, twibot20, twibot22
from classifier.importers.research_sets.labelled_row import PublicRow

_SIGNS: dict[str, Callable[[Mapping[str, Any]], bool]] = {
    "cresci": cresci.looks_like,
    "twibot-20": twibot20.looks_like,
    "twibot-22": twibot22.looks_like,
}
SETS = tuple(_SIGNS)


def set_of(path: Path) -> str | None:
    """Return which public set a file is of, ``None`` for one of ours.

    Raises
    ------
    FileFormatError
        If nothing can be read, or a JSON list is of no set that is known.
    """
    is_list = _is_list(path)
    first = _first_of_list(path) if is_list else opened(file_source(path, name=path.name))[1][0]
    found = next((name for name, looks_like in _SIGNS.items() if looks_like(first)), None)
    if found is None and is_list:
        raise FileFormatError(
            f"{path.name}: is of no set that is known ({', '.join(SETS)}); write JSON lines instead, as .jsonl"
        )
    return found


def beside(path: Path) -> list[Path]:
    """Return the other files that are read with a file: where TwiBot-22 has its labels."""
    found = path.with_name(twibot22.LABEL_FILE)
    return [found] if _is_list(path) and found.is_file() else []


def _is_list(path: Path) -> bool:
    return told_by_ending(path)[0] is None and ".json" in path.suffixes


def _first_of_list(path: Path) -> dict[str, Any]:
    for raw in list_rows(path):
        if raw.values is not None:
            return raw.values
    raise FileFormatError(f"{path.name}: not one of its rows can be read")


def read_public(path: Path, name: str, *, now: datetime, label: str | None = None) -> Iterator[PublicRow]:
    """Yield the accounts of a file of a public set, one result for every row.

    Parameters
    ----------
    name : str
        One of ``SETS``.
    label : {"fake", "genuine"}, optional
        For a table that does not say by its name what its accounts are.

    Raises
    ------
    FileFormatError
        If nothing can be read, or nothing tells the label.
    """
    if name == "cresci":
        return cresci.read(path, now=now, label=label)
    return twibot20.read(path, now=now) if name == "twibot-20" else twibot22.read(path, now=now)
