"""Finishing a batch: when all rows are answered, count them, hold back what volume forbids, and write the output."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from classifier.batch.campaigns import KEYS, Campaigns
from classifier.batch.checkpoint import Journal
from classifier.batch.score_rows import ANSWER, RULES, SHADOW
from classifier.batch.summary import Summary
from classifier.batch.volume_cap import HeldBack, Target, VolumeCap, cleared_of
from classifier.batch.writers import Output

# What only a batch can say of a row: which file it is from, and the largest campaign it belongs to.
OF_BATCH = pa.schema([("source", pa.string()), ("campaign", pa.int64())])
_TARGET = ("verdict", "target_platform", "target_handle")


def output_schema(*, shadow: bool) -> pa.Schema:
    """Return the columns of the output."""
    return pa.schema([*ANSWER, *OF_BATCH, *(SHADOW if shadow else ()), *RULES])


def finish(journal: Journal, output: Output, *, cap: VolumeCap, shadow: bool) -> Summary:
    """Write the output of a batch whose every row is answered, and return what it came to."""
    cleared, answered, keys = _counted(journal)
    held = cap.held_back(cleared, answered)
    campaigns = Campaigns.of(journal.parts, keys)
    summary = Summary()
    schema = output_schema(shadow=shadow)
    with output.open(schema) as sink:
        for part in journal.parts():
            would_be = part.column("verdict")
            done = _capped(part, held, summary) if held else part
            numbers = campaigns.note(done)
            summary.add(done, would_be)
            sink.write(_projected(done.append_column("campaign", numbers), schema))
    summary.campaigns = campaigns.found
    return summary


def _projected(part: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    return part.select(schema.names).cast(schema)


def _counted(journal: Journal) -> tuple[Counter[Target], int, int]:
    """Return the rows that would be cleared by protected account, the answered rows, and the keys of campaigns."""
    cleared: Counter[Target] = Counter()
    answered = keys = 0
    for part in journal.parts((*_TARGET, *KEYS)):
        answered += len(part) - part.column("verdict").null_count
        keys += sum(_count(part.column(name)) for name in KEYS)
        if pc.any(pc.equal(part.column("verdict"), "cleared")).as_py():
            cleared += cleared_of({name: part.column(name).to_pylist() for name in _TARGET})
    return cleared, answered, keys


def _count(column: pa.Array) -> int:
    return len(column.flatten()) if pa.types.is_list(column.type) else len(column) - column.null_count


def _capped(part: pa.RecordBatch, held: HeldBack, summary: Summary) -> pa.RecordBatch:
    """Return the part with review in the place of every clearance that is held back."""
    columns = {name: part.column(name).to_pylist() for name in (*_TARGET, "reasons")}
    for row, verdict in enumerate(columns["verdict"]):
        target = columns["target_platform"][row], columns["target_handle"][row]
        why = held.why(target) if verdict == "cleared" else None
        if why is not None:
            columns["verdict"][row] = "needs_review"
            reasons: list[dict[str, Any]] = [{"code": why.code, "text": why.text}, *json.loads(columns["reasons"][row])]
            columns["reasons"][row] = json.dumps(reasons, ensure_ascii=False)
            summary.held_back += 1
            summary.why_held_back[why.text] += 1
    for name in ("verdict", "reasons"):
        place = part.schema.get_field_index(name)
        part = part.set_column(place, part.schema.field(place), pa.array(columns[name], pa.string()))
    return part
