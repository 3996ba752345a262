"""Data frames in and out, for notebooks."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from classifier.batch.score_rows import SCHEMA, Answerer
from classifier.importers.formats.native import NOT_READ
from classifier.registry.dataframes import imported_accounts
from classifier.scoring.policy import Policy
from classifier.scoring.scorer import Scorer

# How pandas holds each type of the schema, whatever the data: a column of nothing but missing values has it too.
_DTYPES: dict[pa.DataType, Any] = {
    pa.int64(): np.dtype("int64"),
    pa.float64(): np.dtype("float64"),
    pa.bool_(): pd.BooleanDtype(),
    pa.string(): pd.StringDtype(),
}


def score_frame(
    frame: pd.DataFrame,
    scorer: Scorer,
    *,
    policy: Policy | None = None,
    now: datetime | None = None,
    platform: str | None = None,
    format: str | None = None,  # noqa: A002 - the option's name everywhere else
) -> pd.DataFrame:
    """Score a DataFrame of account columns.

    Parameters
    ----------
    frame : DataFrame
        One row an account, with the columns of ``data/README.md``, of which ``handle`` is required, or those of
        another format.
    platform : str, optional
        For rows that name none.
    format : str, optional
        One of ``importers.FORMATS``; told from the columns where it is not given.

    Returns
    -------
    DataFrame
        The columns of ``SCHEMA``, with the index of ``frame``: "int64", "float64", "boolean" and "string" whatever the
        data, and ``reasons``, which holds lists. In ``attrs``: ``notes``, what was changed or not read and of how many
        rows, and ``counts``, with ``rows``, ``answered``, ``errors`` by reason, and ``relations`` and ``verdicts``.

    Raises
    ------
    FileFormatError
        If the columns are those of no format, or have no names, each once.

    Warns
    -----
    UserWarning
        Once, if there are columns that are not read.
    """
    now = now or datetime.now(UTC)
    imported = imported_accounts(frame, now=now, platform=platform, format=format)
    rows = Answerer(scorer, policy or Policy(), now, platform).rows(imported)
    found = pd.DataFrame({field.name: _column(rows, field) for field in SCHEMA}, index=frame.index)
    found.attrs["notes"] = dict(Counter(note for result in imported for note in result.notes))
    found.attrs["counts"] = _counts(found)
    unread = [note.partition(":")[0] for note in found.attrs["notes"] if note.endswith(NOT_READ)]
    if unread:
        warnings.warn(f"not read, because they are no columns of ours: {', '.join(unread)}", stacklevel=2)
    return found


def _column(rows: Sequence[Mapping[str, Any]], field: pa.Field) -> Any:
    values = [row[field.name] for row in rows]
    if field.name == "reasons":
        return pd.Series(values, dtype=object).to_numpy()
    return pd.array(values, dtype=_DTYPES[field.type])


def _counts(found: pd.DataFrame) -> dict[str, Any]:
    counted = {
        name: found[column].value_counts().to_dict()
        for name, column in (("errors", "error_reason"), ("relations", "relation"), ("verdicts", "verdict"))
    }
    return {"rows": len(found), "answered": int(found["relation"].notna().sum()), **counted}
