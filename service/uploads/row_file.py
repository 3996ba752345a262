"""The rows of an upload as one file that pages search: what was answered of each, and the account as it was read.

It is written in groups of ``TOGETHER`` rows, so that a page reads the columns it filters by, and of the rest only the
groups of the rows that it shows.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from classifier.accounts.account import Account, canonical
from classifier.text.normalization import skeleton
from classifier.utils.atomic_files import atomic_path

ROWS = "rows.parquet"
TOGETHER = 1_000
# What stands for verdict and relation of a row that has no answer.
ERROR = "error"
SCHEMA = pa.schema(
    [
        ("row", pa.int64()),
        ("platform", pa.string()),
        ("handle", pa.string()),
        ("searched", pa.string()),  # the handle in small letters, and with letters that look alike as one
        ("relation", pa.string()),
        ("target_handle", pa.string()),
        ("probability", pa.float64()),
        ("verdict", pa.string()),
        ("campaign", pa.int64()),
        ("why", pa.list_(pa.string())),  # the verdict's reasons, or why there is no answer
        ("account", pa.string()),  # JSON, as ``canonical`` makes it; null where the row could not be read
    ]
)


def write_rows(answers: Iterable[Mapping[str, Any]], accounts: Iterable[Account | None], directory: Path) -> None:
    """Write the file of an upload's rows.

    Parameters
    ----------
    answers : iterable of mapping
        As ``answers.jsonl`` has them, in order.
    accounts : iterable of Account or None
        What each row was read as; ``None`` where it could not be read.
    """
    rows = (_row(answer, account) for answer, account in zip(answers, accounts, strict=True))
    with (
        atomic_path(directory / ROWS, private=True) as path,
        pq.ParquetWriter(path, SCHEMA, compression="zstd") as writer,
    ):
        while group := list(islice(rows, TOGETHER)):
            writer.write_table(pa.Table.from_pylist(group, SCHEMA), row_group_size=TOGETHER)


def searched(text: str) -> Iterator[str]:
    """Yield the forms of a handle, or of a part of one, in which it is searched for."""
    yield text.casefold()
    yield skeleton(text).casefold()


def _row(answer: Mapping[str, Any], account: Account | None) -> dict[str, Any]:
    handle = answer["handle"]
    return {
        "row": answer["row"],
        "platform": answer["platform"],
        "handle": handle,
        "searched": " ".join(searched(handle)) if handle else None,
        "relation": answer["relation"] or ERROR,
        "target_handle": answer["target_handle"],
        "probability": answer["impersonation_probability"],
        "verdict": answer["verdict"] or ERROR,
        "campaign": answer["campaign"],
        "why": [reason["text"] for reason in answer["reasons"]] or [answer["error"] or ""],
        "account": account and json.dumps(canonical(account), ensure_ascii=False),
    }
