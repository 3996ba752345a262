"""Finding rows of an upload: by part of the handle, verdict, relation, protected account or campaign, a page at a time.

Only the columns that are asked for are read, a group of rows after the other; of the rows that fit only their places
and what they are sorted by is kept. No more than a page of rows is made whole.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from service.uploads.row_file import ROWS, TOGETHER, searched

# By what rows can be sorted: the column, and in which direction.
SORTS = {
    "row": ("row", "ascending"),
    "probability": ("probability", "descending"),
    "handle": ("searched", "ascending"),
    "target": ("target_handle", "ascending"),
}
_SHOWN = ["row", "platform", "handle", "relation", "target_handle", "probability", "verdict", "campaign", "why"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for; what is empty does not matter.

    Attributes
    ----------
    handle, target : str
        A part of the handle, of the reported and of the protected account.
    sort : str
        One of ``SORTS``.
    page : int
        From 1.
    """

    handle: str = ""
    verdict: str = ""
    relation: str = ""
    target: str = ""
    campaign: int | None = None
    sort: str = "row"
    page: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """A row of an upload with its answer, as ``row_file.SCHEMA`` has it."""

    row: int
    platform: str | None
    handle: str | None
    relation: str
    target_handle: str | None
    probability: float | None
    verdict: str
    campaign: int | None
    why: list[str]


@dataclass(frozen=True, slots=True)
class Found:
    """A page of the rows that fit, and how many fit in all."""

    rows: list[Row]
    total: int


def has_rows(directory: Path) -> bool:
    """Tell whether an upload has rows to look at: one that was scored by an earlier version has none."""
    return (directory / ROWS).exists()


def find_rows(directory: Path, wanted: Wanted, limit: int) -> Found:
    """Return a page of the rows that fit, ``limit`` a page."""
    with pq.ParquetFile(directory / ROWS) as file:
        column, direction = SORTS[wanted.sort]
        fitting = _fitting(file, wanted, column)
        order = pc.sort_indices(fitting, sort_keys=[("key", direction), ("place", "ascending")])  # null comes last
        places = fitting["place"].take(order.slice((wanted.page - 1) * limit, limit)).to_pylist()
        return Found([Row(**row) for row in _at(file, places, _SHOWN)], len(fitting))


def find_accounts(directory: Path, numbers: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Return the accounts of some rows, by their numbers, as plain JSON values; rows without one are left out."""
    asked = pa.array(sorted(numbers), pa.int64())
    with pq.ParquetFile(directory / ROWS) as file:
        known = file.read(columns=["row"], use_threads=False)["row"]
        places = np.flatnonzero(pc.is_in(known, asked).to_numpy()).tolist()
        rows = _at(file, places, ["row", "account"])
    return {row["row"]: json.loads(row["account"]) for row in rows if row["account"] is not None}


def _fitting(file: pq.ParquetFile, wanted: Wanted, key: str) -> pa.Table:
    """Return the places of the rows that fit, each with what it is sorted by."""
    columns = sorted({key, "searched", "verdict", "relation", "target_handle", "campaign"})
    empty = pa.schema([("place", pa.int64()), ("key", file.schema_arrow.field(key).type)]).empty_table()
    found, place = [empty], 0
    for batch in file.iter_batches(TOGETHER, columns=columns, use_threads=False):
        places = pa.array(np.arange(place, place + len(batch)))
        place += len(batch)
        found.append(pa.table({"place": places, "key": batch.column(key)}).filter(_fits(batch, wanted)))
    return pa.concat_tables(found)


def _fits(batch: pa.RecordBatch, wanted: Wanted) -> pa.Array:
    """Return which rows of a batch fit; null, where a row does not say, is no."""
    fits = pa.array(np.ones(len(batch), bool))
    for name in ("verdict", "relation", "campaign"):
        if value := getattr(wanted, name):
            fits = pc.and_kleene(fits, pc.equal(batch.column(name), value))
    if wanted.target:
        part = wanted.target.removeprefix("@")
        fits = pc.and_kleene(fits, pc.match_substring(batch.column("target_handle"), part, ignore_case=True))
    if wanted.handle:
        fits = pc.and_kleene(fits, _has_part(batch.column("searched"), wanted.handle.removeprefix("@")))
    return fits


def _has_part(column: pa.Array, part: str) -> pa.Array:
    written, alike = (pc.match_substring(column, form) for form in searched(part))
    return pc.or_kleene(written, alike)


def _at(file: pq.ParquetFile, places: Sequence[int], columns: list[str]) -> list[dict[str, Any]]:
    """Return the rows at some places, in their order; each group that they are in is read once."""
    found: dict[int, dict[str, Any]] = {}
    for number, of_group in groupby(sorted(places), lambda place: place // TOGETHER):
        group = file.read_row_group(number, columns=columns, use_threads=False)
        found |= {place: group.slice(place % TOGETHER, 1).to_pylist()[0] for place in of_group}
    return [found[place] for place in places]
