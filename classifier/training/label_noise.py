"""Contradictions: labels that say "impersonation" where a model is sure that it is none, slice by slice.

Nobody can see in a single label whether it is a mistake, a lie or something new. Over a slice, it shows: honest labels
contradict a model about as often everywhere, and labels that were turned against one group do so there. What is kept
are counts; nothing of any account is among them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from classifier.accounts.normal_forms import View
from classifier.accounts.slices import TITLES, slice_values
from classifier.features import compute
from classifier.labels.labelled_case import GIVEN
from classifier.model.pair_model import PairModel
from classifier.simulation import Case
from classifier.training.pairs import chunks

# Below this probability a model is sure enough that it is none: of simulated genuine accounts 87 % lie below, of
# simulated attacks 1.6 % (700 invented identities, 4,000 cases of a seed that was not trained on).
SURE = 0.05
# Slices that the account and its target tell, and the kind of case where labels name one.
COLUMNS = (*TITLES, "family")

Counts = dict[str, int]
Contradictions = dict[str, dict[str, Counts]]


def contradictions(model: PairModel, given: Iterable[Case]) -> Contradictions:
    """Return, for each value of each slice, how often labels contradict the model.

    Returns
    -------
    dict of str to dict of str to dict
        By slice and value: ``cases``; ``impersonation``, those labelled so; ``sure``, those whose probability towards
        the target of the label is below ``SURE``; and ``contradicted``, those of ``sure`` labelled impersonation.
    """
    frames = [_frame(model, chunk) for chunk in chunks(given)]
    if not frames:
        return {}
    known = pd.concat(frames)
    return {column: _counts(known, column) for column in COLUMNS if known[column].nunique() > 0}


def _frame(model: PairModel, cases: list[Case]) -> pd.DataFrame:
    targets = {id(case.protected): View(case.protected) for case in cases}
    probability = model.probability(compute([(View(case.account), targets[id(case.protected)]) for case in cases]))
    rows = [{**slice_values(case.account), "tier": case.protected.tier, "family": _family(case)} for case in cases]
    is_impersonation = np.array([case.label == "impersonation" for case in cases])
    sure = probability < SURE
    flags = {"cases": True, "impersonation": is_impersonation, "sure": sure, "contradicted": sure & is_impersonation}
    return pd.DataFrame(rows).assign(**flags)


def _family(case: Case) -> str | None:
    return None if case.family == GIVEN else case.family


def _counts(known: pd.DataFrame, column: str) -> dict[str, Any]:
    summed = known.groupby(column)[["cases", "impersonation", "sure", "contradicted"]].sum()
    return {str(value): {name: int(count) for name, count in row.items()} for value, row in summed.iterrows()}
