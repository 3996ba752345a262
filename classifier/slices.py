"""Slices: parts of the labelled accounts that a figure over all of them may hide, told by the account itself.

A slice is a column of the DataFrame of ``evaluation.assess_labelled``; its values are bands and kinds, never texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pandas as pd

from classifier.accounts import Account
from classifier.measures import Share, auc, is_attack, is_found, share_of
from classifier.text.normalization import scripts

UNKNOWN = "unknown"
# Each name with the least it holds; ends are this project's choice: one a power of ten, as audiences are spread.
FOLLOWERS = (
    (100_000, "100,000 or more"), (10_000, "10,000 to 99,999"), (1_000, "1,000 to 9,999"), (100, "100 to 999"),
    (0, "below 100"),
)  # fmt: skip
AGES = (
    (timedelta(days=5 * 365), "5 years or more"),
    (timedelta(days=365), "1 to 5 years"),
    (timedelta(days=30), "30 days to 1 year"),
    (timedelta.min, "below 30 days"),
)
# Beyond these most frequent ones, mixtures of scripts are one value: real handles mix them in ever other ways.
_SCRIPTS = 8

TITLES = {
    "tier": "Tier of the protected account",
    "script": "Script of handle and name",
    "followers": "Followers",
    "age": "Age of the account",
    "bio": "Bio",
}
_ORDERED = {
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


def slice_values(account: Account) -> dict[str, str]:
    """Return the value of each slice that the account itself tells.

    Examples
    --------
    >>> slice_values(Account(handle="jane", display_name="Жанна", followers=120))
    {'script': 'Cyrillic + Latin', 'followers': '100 to 999', 'age': 'unknown', 'bio': 'without bio'}
    """
    return {
        "script": " + ".join(sorted(scripts(f"{account.handle} {account.display_name or ''}"))) or "no letters",
        "followers": _band(account.followers, FOLLOWERS),
        "age": _band(_age(account), AGES),
        "bio": "with bio" if account.bio else "without bio",
    }


def _age(account: Account) -> timedelta | None:
    if account.created_at is None or account.observed_at is None:
        return None
    return account.observed_at - account.created_at


def _band(value: Any, bands: Sequence[tuple[Any, str]]) -> str:
    return UNKNOWN if value is None else next(name for least, name in bands if value >= least)


def by_slice(results: pd.DataFrame) -> dict[str, list[Slice]]:
    """Return the figures of each part of each slice: bands in their order, anything else with the worst first."""
    return {name: _in_order(name, _parts(_few(name, results[name]), results)) for name in TITLES}


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
