"""What a feature is, and the one ordered list of them that the other files of this package fill."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from classifier.views import View

MISSING = math.nan
Compute = Callable[[View, View], float]


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature: how to compute it, which way it may count, and which fields it compares."""

    name: str
    compute: Compute
    explanation: str
    monotone: int
    fields: tuple[str, ...]


FEATURES: list[Feature] = []


def feature(*fields: str, monotone: int = 0) -> Callable[[Compute], Compute]:
    """Put a function of (reported, protected) on the list, explained by the first line of its docstring."""

    def register(compute: Compute) -> Compute:
        explanation = (compute.__doc__ or "").partition("\n")[0].rstrip(".")
        FEATURES.append(Feature(compute.__name__, compute, explanation, monotone, fields))
        return compute

    return register


def flag(value: bool | None) -> float:
    """Return a flag as a number."""
    return MISSING if value is None else float(value)


def log10(count: int | None) -> float:
    """Return a count in powers of ten, at least 0."""
    return MISSING if count is None else math.log10(1 + count)
