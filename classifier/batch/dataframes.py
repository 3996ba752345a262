"""Data frames in and out, for notebooks."""

from __future__ import annotations

import warnings
from collections import Counter
from datetime import UTC, datetime

import pandas as pd

from classifier.batch.score_rows import SCHEMA, Answerer
from classifier.importers.formats.native import NOT_READ
from classifier.registry.dataframes import imported_accounts
from classifier.scoring.policy import Policy
from classifier.scoring.scorer import Scorer


def score_frame(
    frame: pd.DataFrame,
    scorer: Scorer,
    *,
    policy: Policy | None = None,
    now: datetime | None = None,
    platform: str | None = None,
) -> pd.DataFrame:
    """Score a DataFrame of account columns.

    Parameters
    ----------
    frame : DataFrame
        One row an account, with the columns of ``data/README.md``; ``handle`` is required.
    platform : str, optional
        For rows that name none.

    Returns
    -------
    DataFrame
        The columns of ``SCHEMA``, with the index of ``frame``; ``reasons`` holds lists. ``attrs["notes"]`` says
        what was changed or not read, and of how many rows.

    Warns
    -----
    UserWarning
        Once, if there are columns that are not read.
    """
    now = now or datetime.now(UTC)
    imported = imported_accounts(frame, now=now, platform=platform)
    rows = Answerer(scorer, policy or Policy(), now, platform).rows(imported)
    found = pd.DataFrame(rows, columns=SCHEMA.names).set_index(frame.index)
    found.attrs["notes"] = dict(Counter(note for result in imported for note in result.notes))
    unread = [note.partition(":")[0] for note in found.attrs["notes"] if note.endswith(NOT_READ)]
    if unread:
        warnings.warn(f"not read, because they are no columns of ours: {', '.join(unread)}", stacklevel=2)
    return found
