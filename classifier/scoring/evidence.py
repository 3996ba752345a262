"""Evidence: what a feature found, in words a support agent reads, with both values kept."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from classifier.accounts.account import Account, ProtectedAccount
from classifier.features import FEATURES, Feature, Kind

# A contribution to the log-odds too small to show: it moves a probability by less than 1.3 percentage points.
NEGLIGIBLE = 0.05


@dataclass(frozen=True, slots=True)
class Evidence:
    """One compared value of a pair.

    Attributes
    ----------
    feature : str
        The feature's name.
    explanation : str
        The first line of the feature's docstring, after "Not so:" where it is a statement that does not hold.
    value : float
        What the feature measured.
    reported, protected : str
        What was compared on either side, as text; empty where that side has no such field or nothing in it.
    contribution : float
        How much it moves the log-odds of impersonation: above 0 for it, below 0 against it.
    kind : str or None
        The feature's kind; ``None`` of what is no feature of the model.
    """

    feature: str
    explanation: str
    value: float
    reported: str
    protected: str
    contribution: float
    kind: Kind | None = None


def gather(
    reported: Account, protected: ProtectedAccount, values: Sequence[float], contributions: Sequence[float]
) -> tuple[Evidence, ...]:
    """Return the evidence of one pair, the weightiest first; missing and negligible features are left out.

    Parameters
    ----------
    values, contributions : sequence of float, length n_features
        One pair's features and what each adds to the log-odds.
    """
    found = _all(reported, protected, values, contributions)
    return tuple(sorted(found, key=lambda evidence: -abs(evidence.contribution)))


def _all(
    reported: Account, protected: ProtectedAccount, values: Sequence[float], contributions: Sequence[float]
) -> Iterator[Evidence]:
    shown: dict[tuple[str, ...], tuple[str, str]] = {}  # many features compare the same fields
    for feature, value, contribution in zip(FEATURES, values, contributions, strict=True):
        if abs(contribution) >= NEGLIGIBLE and not math.isnan(value):
            sides = shown.get(feature.fields)
            if sides is None:
                sides = shown[feature.fields] = _shown(reported, feature.fields), _shown(protected, feature.fields)
            yield Evidence(feature.name, _explained(feature, value), value, *sides, contribution, feature.kind)


def _explained(feature: Feature, value: float) -> str:
    """Say of a statement that does not hold that it does not; "how much" needs no such word."""
    if value > 0 or feature.explanation.startswith("How "):
        return feature.explanation
    return f"Not so: {feature.explanation[0].lower()}{feature.explanation[1:]}"


def _shown(account: Account | ProtectedAccount, fields: Sequence[str]) -> str:
    values = [getattr(account, name, None) for name in fields]
    return " · ".join([_text(value) for value in values if value is not None and value != ()])


def _text(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
