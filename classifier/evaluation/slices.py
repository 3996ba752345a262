"""Slices: parts of the labelled accounts that a figure over all of them may hide, told by the account itself.

A slice is a column of the DataFrame of ``evaluate.assess_labelled``; its values are bands and kinds, never texts.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from classifier.accounts.slices import AGES, FOLLOWERS, NAMES, NO_NAME, TITLES, UNKNOWN
from classifier.evaluation.metrics import Share, auc, is_attack, is_found, share_of

# Beyond these most frequent ones, mixtures of scripts are one value: real handles mix them in ever other ways.
_SCRIPTS = 8

_ORDERED = {
    "name": [*(name for _, name in reversed(NAMES)), NO_NAME],
    "followers": [*(name for _, name in reversed(FOLLOWERS)), UNKNOWN],
    "age": [*(name for _, name in reversed(AGES)), UNKNOWN],
}


@dataclass(frozen=True, slots=True)
class Slice:
    """What was measured on one part.

    Attributes
    ----------
    found : Share
        Attacks called impersonation of the right protected account.
    flagged : Share
        Genuine accounts called impersonation.
    auc : float or None
        ``None`` where a class is missing.
    """

    value: str
    found: Share
    flagged: Share
    auc: float | None


def by_slice(results: pd.DataFrame) -> dict[str, list[Slice]]:
    """Return the figures of each part of each slice: bands in their order, anything else with the worst first."""
    return {name: _in_order(name, _parts(_few(name, results[name]), results)) for name in TITLES}


def by_name(results: pd.DataFrame) -> list[Slice]:
    """Return the figures by the column ``name``, the values of ``name_commonness``, the rarest first."""
    return _in_order("name", _parts(results["name"], results))


def _few(name: str, values: pd.Series) -> pd.Series:
    """Keep the most frequent scripts only."""
    if name != "script":
        return values
    return values.where(values.isin(values.value_counts().index[:_SCRIPTS]), "other")


def _parts(values: pd.Series, results: pd.DataFrame) -> list[Slice]:
    return [_slice(str(value), results[values == value]) for value in values.unique()]


def _slice(value: str, part: pd.DataFrame) -> Slice:
    attack = is_attack(part)
    return Slice(value, share_of(is_found(part[attack])), share_of(part.loc[~attack, "flagged"]), auc(part))


def _in_order(name: str, parts: list[Slice]) -> list[Slice]:
    if name in _ORDERED:
        return sorted(parts, key=lambda part: _ORDERED[name].index(part.value))
    return sorted(parts, key=lambda part: (_found(part), -(part.flagged.share or 0.0), part.value))


def _found(part: Slice) -> float:
    return 1.0 if part.found.share is None else part.found.share
