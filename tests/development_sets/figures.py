"""What the answers about development sets come to: shares with intervals by target, beside the peer. Pure functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from classifier.evaluation.metrics import CALIBRATION_BINS, calibration_bins
from tests.development_sets.cases import ATTACKS, GENUINE, PARODIES

# Similarities from which the peer flags, loosest last.
JARO_WINKLER = (0.95, 0.90, 0.85)
SHARES = ("found", "called", "called_any", "parody", "cleared", "cleared_as_is")
INTERVAL = 0.90
_DRAWS = 1_000
_SEED = 90
_EXTREMES = 3

Floats = NDArray[np.float64]


def by_set(results: pd.DataFrame, by: tuple[str, ...] = ("set", "label")) -> pd.DataFrame:
    """Return for each part its cases, groups and ``SHARES``, each with ``_low`` and ``_high``.

    ``called_by_group`` weighs every group alike; ``worst`` are the called shares of the three groups that are hit worst:
    the least called of attacks, the most called anything of all others.
    """
    results = results.assign(cleared_as_is=results["verdict"] == "cleared")
    parts = results.groupby(list(by), sort=False)
    return pd.DataFrame([dict(zip(by, names, strict=True)) | _part(part) for names, part in parts])


def _part(part: pd.DataFrame) -> dict[str, Any]:
    attack = part["label"].iloc[0] in ATTACKS
    groups = part.groupby("group")[[*SHARES]].agg(["sum", "count"])
    row: dict[str, Any] = {"n": len(part), "groups": len(groups)}
    for name in SHARES:
        low, high = interval(groups[name]["sum"].to_numpy(), groups[name]["count"].to_numpy())
        row |= {name: float(part[name].mean()), f"{name}_low": low, f"{name}_high": high}
    means = part.groupby("group")["called" if attack else "called_any"].mean()
    worst = means.sort_values(ascending=attack).head(_EXTREMES)
    return row | {"called_by_group": float(means.mean()), "worst": [round(value, 2) for value in worst.tolist()]}


def interval(sums: Floats, counts: Floats) -> tuple[float, float]:
    """Return the bootstrap interval of a share where whole groups are drawn, at ``INTERVAL``.

    Parameters
    ----------
    sums, counts : ndarray of shape (n_groups,)

    Examples
    --------
    >>> interval(np.array([4.0, 4.0]), np.array([4.0, 4.0]))
    (1.0, 1.0)
    """
    rng = np.random.default_rng(_SEED)
    weights = rng.multinomial(len(sums), np.full(len(sums), 1 / len(sums)), size=_DRAWS)
    drawn = (weights @ sums) / (weights @ counts)
    low, high = np.quantile(drawn, [(1 - INTERVAL) / 2, (1 + INTERVAL) / 2])
    return float(low), float(high)


def at_equal_false_alarms(results: pd.DataFrame) -> pd.DataFrame:
    """Return for each set with attacks the share called beside the peer's, at the same share of genuine accounts flagged.

    The genuine accounts of all pooled sets count, each set alike. The peer flags from each of ``JARO_WINKLER``; the
    model's threshold is the lowest with which it flags no larger share of them. Called means: of the right target.
    """
    genuine = results[results["label"].isin(GENUINE) & results["pooled"]]
    attacks = results[results["label"].isin(ATTACKS)]
    if genuine.empty or attacks.empty:
        return pd.DataFrame()
    weights = _each_set_alike(genuine)
    rows = []
    for similarity in JARO_WINKLER:
        flagged = float(weights[(genuine["jw"] >= similarity).to_numpy()].sum())
        threshold = threshold_for(genuine["probability"].to_numpy(), weights, flagged)
        called = attacks["found"] & (attacks["probability"] > threshold)
        peers = attacks["jw_found"] & (attacks["jw"] >= similarity)
        shares = pd.DataFrame({"set": attacks["set"], "called": called, "jw": peers}).groupby("set", sort=False).mean()
        rows += [
            {"set": name, "similarity": similarity, "flagged": flagged, "threshold": threshold, **one}
            for name, one in zip(shares.index, shares.to_dict("records"), strict=True)
        ]
    return pd.DataFrame(rows)


def threshold_for(scores: Floats, weights: Floats, share: float) -> float:
    """Return the lowest score that at most ``share`` of the weight exceeds.

    Examples
    --------
    >>> threshold_for(np.array([0.1, 0.9, 0.5, 0.2]), np.full(4, 0.25), 0.25)
    0.5
    """
    order = np.argsort(-scores, kind="stable")
    above = np.cumsum(weights[order]) > share + 1e-9
    return float(scores[order][above.argmax()]) if above.any() else -1.0


def overall(results: pd.DataFrame) -> dict[str, float]:
    """Return AUC and expected calibration error of attacks against genuine accounts; each set and side weighs alike.

    ``balanced_error`` weighs attacks and genuine accounts alike, ``calibration_error`` each set: what a mix of reports
    would make of it lies between, and neither is the share that anybody's reports have.
    """
    pooled = results[results["pooled"] & results["label"].isin(ATTACKS | GENUINE)]
    attack = pooled["label"].isin(ATTACKS).to_numpy()
    if attack.all() or not attack.any():
        return {}
    probability = pooled["probability"].to_numpy()
    by_set_weight = _each_set_alike(pooled)
    sides = np.zeros(len(pooled))
    for side in (attack, ~attack):
        sides[side] = _each_set_alike(pooled[side]) / 2
    genuine = ~results["label"].isin(ATTACKS)
    return {
        "auc": float(roc_auc_score(attack, probability, sample_weight=sides)),
        "auc_jaro_winkler": float(roc_auc_score(attack, pooled["jw"], sample_weight=sides)),
        "calibration_error": _calibration_error(probability, attack, by_set_weight),
        "balanced_error": _calibration_error(probability, attack, sides),
        "called": float(np.average(pooled["called"][attack], weights=sides[attack])),
        "genuine_flagged": float(np.average(pooled["called_any"][~attack], weights=sides[~attack])),
        "not_attacks": int(genuine.sum()),
        "not_attacks_cleared": int(results.loc[genuine & (results["verdict"] == "cleared")].shape[0]),
        "not_attacks_cleared_completed": int(results.loc[genuine & results["cleared"]].shape[0]),
    }


def _each_set_alike(results: pd.DataFrame) -> Floats:
    """Return weights that add up to 1, those of each set to the same."""
    weights: Floats = (1 / results.groupby("set")["set"].transform("size")).to_numpy(float)
    return weights / weights.sum()


def _calibration_error(probability: Floats, happened: NDArray[np.bool_], weights: Floats) -> float:
    bins = calibration_bins(probability)
    gaps = [
        abs(float(weights[bins == b] @ (probability[bins == b] - happened[bins == b]))) for b in range(CALIBRATION_BINS)
    ]
    return sum(gaps) / float(weights.sum())


def measured(results: pd.DataFrame) -> dict[str, Any]:
    """Return all figures as plain JSON values; nothing of any account is among them."""
    tables: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
        "sets": by_set,
        "kinds": lambda found: by_set(found, ("set", "label", "kind")),
        "equal_false_alarms": at_equal_false_alarms,
    }
    return {name: make(results).to_dict("records") for name, make in tables.items()} | {"overall": overall(results)}


def is_genuine(label: str) -> bool:
    """Tell whether who is labelled so must never be cleared; what is unclear is no side's."""
    return label in GENUINE or label in PARODIES
