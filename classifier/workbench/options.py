"""The options that ``Workbench`` hands on: their names and types, for editors and type checkers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypedDict

import pandas as pd

from classifier.batch import VolumeCap
from classifier.labels.dataset import Labels
from classifier.labels.labelled_case import Case
from classifier.model.account_model import AccountModel
from classifier.scoring.policy import Policy

# A file, its path as text, or the rows themselves.
Rows = Path | str | pd.DataFrame


class FitOptions(TypedDict, total=False):
    """What ``Workbench.fit`` takes besides the registry; it explains each."""

    account: AccountModel | Rows | Sequence[Rows] | None
    label: str | None
    pairs: Rows | Sequence[Rows] | Labels | Sequence[Case] | None
    kind: str | None
    platform: str | None
    weight: float
    seed: int
    tell: Callable[[str], object]
    progress: bool


class ScoreOptions(TypedDict, total=False):
    """What ``Workbench.score`` takes besides inputs and output: the attributes of ``batch.Batch``."""

    registry: Path | None
    format: str | None
    platform: str | None
    input_kind: str | None
    output_kind: str | None
    pictures: Path | None
    read_pictures: bool
    shadow: str | None
    cap: VolumeCap
    policy: Policy
    summary: Path | None
    resume: bool
    restart: bool
    engine: str
    workers: int | None
    master: str | None
    block_rows: int | None
