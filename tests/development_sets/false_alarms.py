"""Attacks called at the same share of genuine accounts flagged, by the model and by the peer. Pure functions.

And what a threshold does to genuine accounts of a source that had no part in choosing it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from tests.development_sets.cases import ATTACKS, GENUINE, PARODIES
from tests.development_sets.figures import Floats, difference, each_set_alike, interval

# Similarities from which the peer flags in practice, and shares of genuine accounts that anybody may be ready to flag.
SIMILARITIES = (0.95, 0.90, 0.85)
SHARES = (0.01, 0.02, 0.05)
# Sets of one source, whose names do not begin alike.
_SOURCES = {"campaigns": "congress"}


@dataclass(frozen=True, slots=True)
class Threshold:
    """Flags every score above ``score``, and this ``part`` of those that equal it: many names have similarity 1."""

    score: float
    part: float

    def flags(self, scores: pd.Series) -> pd.Series:
        """Return how far each score is flagged, in [0, 1]."""
        return (scores > self.score) + self.part * (scores == self.score)


def threshold_for(scores: Floats, weights: Floats, share: float) -> Threshold:
    """Return the threshold that flags just ``share`` of the weight, which adds up to 1.

    Examples
    --------
    >>> threshold_for(np.array([0.1, 0.9, 0.5, 0.5]), np.full(4, 0.25), 0.5)
    Threshold(score=0.5, part=0.5)
    """
    order = np.argsort(-scores, kind="stable")
    place = min(int(np.searchsorted(np.cumsum(weights[order]), share)), len(scores) - 1)
    score = float(scores[order][place])
    above, equal = weights[scores > score].sum(), weights[scores == score].sum()
    return Threshold(score, float(np.clip((share - above) / equal, 0, 1)))


def at_equal_false_alarms(results: pd.DataFrame) -> pd.DataFrame:
    """Return for each set of attacks, and all pooled ones alike, what is called at several shares of genuine flagged.

    Genuine accounts of all pooled sets count, each set alike. Both thresholds flag just the share ``flagged`` of them:
    each of ``SHARES``, and what the peer flags from each of ``SIMILARITIES``. Of the set's protected accounts the peer
    is asked only, not of the public ones beside them: an easier question than the model's.

    Returns
    -------
    DataFrame
        ``at`` (in words), ``flagged``, ``threshold`` and ``jw_threshold``, ``set``, ``called`` and ``jw`` (the right
        target, above the threshold) and the intervals of both and of their ``difference``. Empty where a side is
        missing.
    """
    genuine = results[results["label"].isin(GENUINE) & results["pooled"]]
    attacks = results[results["label"].isin(ATTACKS)]
    if genuine.empty or attacks.empty:
        return pd.DataFrame()
    weights = each_set_alike(genuine)
    scores, peers = genuine["probability"].to_numpy(float), genuine["jw"].to_numpy(float)
    practice = {f"JW >= {least:.2f}": float(weights[peers >= least].sum()) for least in SIMILARITIES}
    rows = []
    for at, share in {**{f"{share:.0%} flagged": share for share in SHARES}, **practice}.items():
        ours, theirs = (threshold_for(values, weights, share) for values in (scores, peers))
        shared = {"at": at, "flagged": share, "threshold": ours.score, "jw_threshold": theirs.score}
        rows += [shared | row for row in _rows(attacks, ours, theirs)]
    return pd.DataFrame(rows)


def _rows(attacks: pd.DataFrame, ours: Threshold, theirs: Threshold) -> Iterator[dict[str, Any]]:
    attacks = attacks.assign(
        ours=attacks["found"] * ours.flags(attacks["probability"]),
        theirs=attacks["jw_found"] * theirs.flags(attacks["jw"]),
    )
    for name, part in attacks.groupby("set", sort=False):
        yield {"set": name, **_compared(part["ours"], part["theirs"], part["group"])}
    # Sets stand for sources there: what differs between them is the uncertainty.
    pooled = attacks[attacks["pooled"]].groupby("set")[["ours", "theirs"]].mean()
    if not pooled.empty:
        yield {"set": "all, each set alike", **_compared(pooled["ours"], pooled["theirs"], pd.Series(pooled.index))}


def _compared(ours: pd.Series, theirs: pd.Series, groups: pd.Series) -> dict[str, Any]:
    return {
        "called": float(ours.mean()),
        "called_interval": interval(ours, groups),
        "jw": float(theirs.mean()),
        "jw_interval": interval(theirs, groups),
        "difference": difference(ours, theirs, groups),
    }


def flagged_when_left_out(results: pd.DataFrame) -> pd.DataFrame:
    """Return for each set the share of those who are no attack above thresholds that other sources chose.

    The thresholds flag each of ``SHARES`` of the genuine accounts of all pooled sets but those of the set's source.

    Returns
    -------
    DataFrame
        ``set``, ``label``, ``at``, and ``flagged`` and ``jw`` by the model and the peer, in [0, 1]. Empty where there
        is no other source.
    """
    genuine = results[results["label"].isin(GENUINE) & results["pooled"]]
    innocent = results[results["label"].isin(GENUINE | PARODIES)]
    sources = genuine["set"].map(source_of)
    rows = []
    for (name, label), part in innocent.groupby(["set", "label"], sort=False):
        others = genuine[sources != source_of(str(name))]
        if not others.empty:
            rows += [{"set": name, "label": label, **row} for row in _left_out(part, others)]
    return pd.DataFrame(rows)


def source_of(name: str) -> str:
    """Return what a set shares with others of the same source.

    Examples
    --------
    >>> source_of("campaigns, badge as is"), source_of("congress, 2017"), source_of("repliers")
    ('congress', 'congress', 'repliers')
    """
    first = name.partition(",")[0]
    return _SOURCES.get(first, first)


def _left_out(part: pd.DataFrame, others: pd.DataFrame) -> Iterator[dict[str, Any]]:
    weights = each_set_alike(others)
    for share in SHARES:
        flagged = {
            name: float(threshold_for(others[column].to_numpy(float), weights, share).flags(part[column]).mean())
            for name, column in (("flagged", "probability"), ("jw", "jw"))
        }
        yield {"at": f"{share:.0%} flagged", **flagged}
