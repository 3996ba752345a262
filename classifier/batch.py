"""Batch scoring: a file of reported accounts in, a file of assessments out, one row for one row and in order.

Rows are scored in chunks, so memory does not grow with the file. A row that cannot be read keeps its place and carries
its error; the output appears under its name only when it is complete. A batch says what the policy would say and
never issues a clearance.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from classifier.errors import FileFormatError
from classifier.files import atomic_path
from classifier.importers import Imported, import_account
from classifier.policy import Policy, decide
from classifier.scoring import Assessment, Scorer

CHUNK = 1_000
# The output's columns, in order; ``reasons`` is a JSON list of {"code", "text"}.
SCHEMA = pa.schema(
    [
        ("row", pa.int64()),
        ("platform", pa.string()),
        ("account_id", pa.string()),
        ("handle", pa.string()),
        ("relation", pa.string()),
        ("target_handle", pa.string()),
        ("target_id", pa.string()),
        ("impersonation_probability", pa.float64()),
        ("inauthentic_probability", pa.float64()),
        ("inauthentic", pa.bool_()),
        ("inauthentic_reason", pa.string()),
        ("verdict", pa.string()),
        ("reasons", pa.string()),
        ("model_id", pa.string()),
        ("error", pa.string()),
    ]
)


@dataclass(slots=True)
class Summary:
    """What a batch came to: rows in all, by relation and verdict, and in error."""

    rows: int = 0
    relations: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[str] = field(default_factory=Counter)
    errors: int = 0

    def add(self, row: Mapping[str, Any]) -> None:
        """Count one output row."""
        self.rows += 1
        if row["error"] is not None:
            self.errors += 1
            return
        self.relations[row["relation"]] += 1
        self.verdicts[row["verdict"]] += 1


def score_rows(
    imported: Iterable[Imported], scorer: Scorer, *, policy: Policy, now: datetime
) -> Iterator[list[dict[str, Any]]]:
    """Yield output rows in chunks, one row for each imported row, in order."""
    rows = iter(imported)
    while chunk := list(islice(rows, CHUNK)):
        assessments = iter(scorer.assess_many([one.account for one in chunk if one.account is not None], explain=False))
        yield [
            _row(one, next(assessments), policy, now) if one.account is not None else _failed(one, scorer)
            for one in chunk
        ]


def score_frame(
    frame: pd.DataFrame,
    scorer: Scorer,
    *,
    policy: Policy | None = None,
    now: datetime | None = None,
    platform: str | None = None,
) -> pd.DataFrame:
    """Score a DataFrame of account columns, for notebooks.

    Parameters
    ----------
    frame : DataFrame
        One row an account, with the columns of ``data/README.md``; ``handle`` is required.
    platform : str, optional
        For rows that name none.

    Returns
    -------
    DataFrame
        The columns of ``SCHEMA``, with the index of ``frame``; ``reasons`` holds lists.
    """
    now = now or datetime.now(UTC)
    names, known = list(map(str, frame.columns)), frame.astype(object).where(frame.notna(), None)
    records = (dict(zip(names, values, strict=True)) for values in known.itertuples(index=False, name=None))
    rows = (
        import_account(record, "doublecheck", row_number=number, now=now, default_platform=platform)
        for number, record in enumerate(records, start=1)
    )
    chunks = score_rows(rows, scorer, policy=policy or Policy(), now=now)
    return pd.DataFrame([row for chunk in chunks for row in chunk], columns=SCHEMA.names).set_index(frame.index)


def score_file(
    imported: Iterable[Imported], output: Path, scorer: Scorer, *, policy: Policy, now: datetime
) -> Iterator[Summary]:
    """Score rows into a file, yielding the summary so far after every chunk, for a progress bar.

    Parameters
    ----------
    imported : iterable of Imported
        As ``classifier.importers.read_accounts`` gives it.
    output : Path
        CSV, JSONL or Parquet by its ending; written only when the last row is done.

    Raises
    ------
    FileFormatError
        If the ending is not one of the three, before anything is read.
    """
    write = writer_of(output)
    summary = Summary()
    with atomic_path(output) as path, write(path) as sink:
        for chunk in score_rows(imported, scorer, policy=policy, now=now):
            sink.write(chunk)
            for row in chunk:
                summary.add(row)
            yield summary


def _row(one: Imported, assessment: Assessment, policy: Policy, now: datetime) -> dict[str, Any]:
    verdict = decide(assessment, "suspend", None, now=now, policy=policy)
    account, target = assessment.account, assessment.target
    return {
        "row": one.row,
        "platform": account.platform,
        "account_id": account.account_id,
        "handle": account.handle,
        "relation": assessment.relation,
        "target_handle": target and target.handle,
        "target_id": target and target.account_id,
        "impersonation_probability": assessment.impersonation_probability,
        "inauthentic_probability": assessment.inauthentic_probability,
        "inauthentic": assessment.inauthentic,
        "inauthentic_reason": assessment.inauthentic_reason,
        "verdict": verdict.verdict,
        "reasons": [asdict(reason) for reason in verdict.reasons],
        "model_id": assessment.model_id,
        "error": None,
    }


def _failed(one: Imported, scorer: Scorer) -> dict[str, Any]:
    return dict.fromkeys(SCHEMA.names) | {
        "row": one.row,
        "model_id": scorer.model_id,
        "reasons": [],
        "error": str(one.error),
    }


class _JsonLines:
    """Writes one JSON object a line."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w", encoding="utf-8", newline="\n")

    def write(self, rows: list[dict[str, Any]]) -> None:
        self._file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)

    def __enter__(self) -> _JsonLines:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


class _Arrow:
    """Writes Arrow record batches as CSV or Parquet."""

    def __init__(self, path: Path, make: Any) -> None:
        self._writer = make(path, SCHEMA)

    def write(self, rows: list[dict[str, Any]]) -> None:
        flat = [row | {"reasons": json.dumps(row["reasons"], ensure_ascii=False)} for row in rows]
        self._writer.write_batch(pa.RecordBatch.from_pylist(flat, schema=SCHEMA))

    def __enter__(self) -> _Arrow:
        return self

    def __exit__(self, *_: object) -> None:
        self._writer.close()


def writer_of(output: Path) -> Any:
    """Return what opens a sink for ``output`` by its ending.

    Raises
    ------
    FileFormatError
        If the ending is not .csv, .jsonl or .parquet.
    """
    writers = {
        ".csv": lambda path: _Arrow(path, pa.csv.CSVWriter),
        ".jsonl": _JsonLines,
        ".ndjson": _JsonLines,
        ".parquet": lambda path: _Arrow(path, pa.parquet.ParquetWriter),
    }
    if output.suffix.lower() not in writers:
        raise FileFormatError(f"'{output.suffix}' is no output format; name a file ending in .csv, .jsonl or .parquet")
    return writers[output.suffix.lower()]
