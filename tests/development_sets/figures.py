"""What the answers about development sets come to: shares with intervals by target. Pure functions of one DataFrame."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from classifier.evaluation.metrics import CALIBRATION_BINS, calibration_bins, wilson
from tests.development_sets.cases import ATTACKS, GENUINE, PARODIES

SHARES = ("found", "called", "called_any", "parody", "own", "cleared", "cleared_as_is")
INTERVAL = 0.90
_DRAWS = 1_000
_SEED = 90
_EXTREMES = 3

Floats = NDArray[np.float64]


def by_set(results: pd.DataFrame, by: tuple[str, ...] = ("set", "label")) -> pd.DataFrame:
    """Return for each part its cases, groups and ``SHARES``, each with ``_low`` and ``_high``.

    ``own`` is called the owner's own account; ``by_group`` is called (what is no attack: called anything) with every
    group alike; ``worst`` the shares of the three groups that are hit worst, without their names.
    """
    results = results.assign(own=results["relation"] == "same_owner", cleared_as_is=results["verdict"] == "cleared")
    parts = results.groupby(list(by), sort=False)
    return pd.DataFrame([dict(zip(by, names, strict=True)) | _part(part) for names, part in parts])


def _part(part: pd.DataFrame) -> dict[str, Any]:
    attack = part["label"].iloc[0] in ATTACKS
    row: dict[str, Any] = {"n": len(part), "groups": part["group"].nunique()}
    for name in SHARES:
        low, high = interval(part[name], part["group"])
        row |= {name: float(part[name].mean()), f"{name}_low": low, f"{name}_high": high}
    means = part.groupby("group")["called" if attack else "called_any"].mean()
    worst = means.sort_values(ascending=attack).head(_EXTREMES)
    return row | {"by_group": float(means.mean()), "worst": [round(value, 3) for value in worst.tolist()]}


def interval(values: pd.Series, groups: pd.Series) -> tuple[float, float]:
    """Return the interval of a mean at ``INTERVAL``, from drawing whole groups again.

    Where all groups say the same, drawing says nothing, and it is Wilson's for that many groups; where there is one
    group only, it is Wilson's for its cases: what another target would be like, nothing tells.

    Parameters
    ----------
    values : Series
        True or false, or parts of it.
    groups : Series

    Examples
    --------
    >>> low, high = interval(pd.Series([True] * 30), pd.Series(range(30)))
    >>> round(low, 2), high
    (0.92, 1.0)
    """
    sums, counts = _sums(values, groups)
    share = sums.sum() / counts.sum()
    if len(sums) == 1:
        return wilson(round(sums[0]), int(counts[0]), INTERVAL)
    if share in (0.0, 1.0):
        return wilson(int(share) * len(sums), len(sums), INTERVAL)
    return quantiles(sums, counts)


def difference(values: pd.Series, others: pd.Series, groups: pd.Series) -> tuple[float, float]:
    """Return the interval of the difference of two means of the same cases, from drawing whole groups again."""
    sums, counts = _sums(values - others, groups)
    return quantiles(sums, counts)


def _sums(values: pd.Series, groups: pd.Series) -> tuple[Floats, Floats]:
    found = values.astype(float).groupby(groups.to_numpy()).agg(["sum", "count"])
    return found["sum"].to_numpy(float), found["count"].to_numpy(float)


def quantiles(sums: Floats, counts: Floats) -> tuple[float, float]:
    """Return the bootstrap interval of a mean of groups with these sums and sizes, each of shape (n_groups,)."""
    rng = np.random.default_rng(_SEED)
    weights = rng.multinomial(len(sums), np.full(len(sums), 1 / len(sums)), size=_DRAWS)
    low, high = np.quantile((weights @ sums) / (weights @ counts), [(1 - INTERVAL) / 2, (1 + INTERVAL) / 2])
    return float(low), float(high)


def overall(results: pd.DataFrame) -> dict[str, float]:
    """Return figures over all pooled sets, and how many that are no attack were cleared in any set.

    Returns
    -------
    dict
        ``auc`` and ``auc_jaro_winkler`` of attacks against genuine accounts, ``called`` of attacks, ``flagged`` of
        genuine accounts: each set alike on its side. ``calibration_error`` weighs each set alike, and
        ``balanced_error`` each side: what is true of anybody's reports depends on their own share of attacks. AUC and
        errors are left out where a side is missing.
    """
    pooled = results[results["pooled"] & results["label"].isin(ATTACKS | GENUINE)]
    attack = pooled["label"].isin(ATTACKS).to_numpy()
    innocent = results["label"].isin(GENUINE | PARODIES)
    cleared = {
        "no_attacks": int(innocent.sum()),
        "no_attacks_cleared_as_is": int((innocent & (results["verdict"] == "cleared")).sum()),
        "no_attacks_cleared": int((innocent & results["cleared"]).sum()),
    }
    if attack.all() or not attack.any():
        return dict(cleared)
    probability, sides = pooled["probability"].to_numpy(float), np.zeros(len(pooled))
    for side in (attack, ~attack):
        sides[side] = each_set_alike(pooled[side]) / 2
    return {
        "auc": float(roc_auc_score(attack, probability, sample_weight=sides)),
        "auc_jaro_winkler": float(roc_auc_score(attack, pooled["jw"], sample_weight=sides)),
        "calibration_error": calibration_error(probability, attack, each_set_alike(pooled)),
        "balanced_error": calibration_error(probability, attack, sides),
        "called": float(np.average(pooled["called"][attack], weights=sides[attack])),
        "flagged": float(np.average(pooled["called_any"][~attack], weights=sides[~attack])),
        **cleared,
    }


def each_set_alike(results: pd.DataFrame) -> Floats:
    """Return weights that add up to 1, those of each set to the same."""
    weights: Floats = (1 / results.groupby("set")["set"].transform("size")).to_numpy(float)
    total: float = weights.sum()
    return weights / total


def calibration_error(probability: Floats, happened: NDArray[np.bool_], weights: Floats) -> float:
    """Return the expected calibration error of weighted cases, in [0, 1]; the weights add up to 1.

    Examples
    --------
    >>> calibration_error(np.array([0.9, 0.9]), np.array([True, False]), np.array([0.9, 0.1])).__round__(9)
    0.0
    """
    bins, gaps = calibration_bins(probability), weights * (probability - happened)
    return float(sum(abs(gaps[bins == number].sum()) for number in range(CALIBRATION_BINS)))
