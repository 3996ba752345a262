"""What watching compares with: how scores and features were spread at training, small and as plain JSON values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from classifier.certification.monitoring.population_drift import spread
from classifier.features import FEATURE_NAMES
from classifier.model.pair_model import CIRCUMSTANCES, PairModel
from classifier.scoring.evidence import NEGLIGIBLE
from classifier.simulation import GENUINE
from classifier.training.pairs import LabelledPairs

# Features that are kept besides the circumstances: those that move the log-odds most.
WEIGHTIEST = 8
_Floats = NDArray[np.float64]


def reference(model: PairModel, pairs: LabelledPairs, scores: Sequence[float]) -> dict[str, Any]:
    """Return how scores and features are spread over held-out cases, and over the genuine ones among them.

    Of each case the pair with the highest probability counts: what the account is judged by. A feature that moves the
    log-odds by less than ``evidence.NEGLIGIBLE`` counts as missing, because records of decisions do not hold it.

    Parameters
    ----------
    model : PairModel
        With its ranges.
    pairs : LabelledPairs
        That nothing but the calibration was fitted on.
    scores : sequence of float
        How near each genuine case of the certificates came to being cleared.
    """
    probability = model.probability(pairs.values)
    rows = _judged_by(probability, pairs.cases)
    values, families = pairs.values[rows], pairs.families[rows].tolist()
    contributions = model.contributions(values)
    is_genuine = np.isin([family.removesuffix("/other") for family in families], list(GENUINE))
    shown = _shown(values, contributions)
    names = [*CIRCUMSTANCES, *_weightiest(contributions)]
    outside = [bool(model.beyond(row)) for row in values.tolist()]
    return {
        "decisions": _spreads({"score": probability[rows]} | {name: shown[name] for name in names}),
        "genuine": _spreads({"score": scores} | {name: shown[name][is_genuine] for name in names}),
        "outside": {"n": len(rows), "share": round(float(np.mean(outside)), 9)},
    }


def _judged_by(probability: _Floats, cases: NDArray[np.int_]) -> NDArray[np.intp]:
    """Return the row of each case that has the highest probability."""
    order = np.lexsort((-probability, cases))
    return order[np.unique(cases[order], return_index=True)[1]]


def _weightiest(contributions: _Floats) -> Iterable[str]:
    order = np.argsort(-np.abs(contributions).mean(axis=0), kind="stable")
    return [FEATURE_NAMES[place] for place in order if FEATURE_NAMES[place] not in CIRCUMSTANCES][:WEIGHTIEST]


def _shown(values: _Floats, contributions: _Floats) -> dict[str, _Floats]:
    """Return each feature's values as records show them; the circumstances are read from the account itself."""
    shown = np.where(np.abs(contributions) >= NEGLIGIBLE, values, np.nan)
    return {name: (values if name in CIRCUMSTANCES else shown)[:, place] for place, name in enumerate(FEATURE_NAMES)}


def _spreads(quantities: Mapping[str, ArrayLike]) -> dict[str, Any]:
    return {name: asdict(spread(values)) for name, values in quantities.items()}
