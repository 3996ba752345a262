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
    """One feature: how to compute it, which way it may count, which fields it compares, if of one ``alone``."""

    name: str
    compute: Compute
    explanation: str
    monotone: int
    fields: tuple[str, ...]
    alone: bool


FEATURES: list[Feature] = []


def feature(*fields: str, monotone: int = 0, alone: bool = False) -> Callable[[Compute], Compute]:
    """Put a function of (reported, protected) on the list, explained by the first line of its docstring.

    ``alone`` says that it looks at the reported account only, whatever it is compared with.
    """

    def register(compute: Compute) -> Compute:
        explanation = (compute.__doc__ or "").partition("\n")[0].rstrip(".")
        FEATURES.append(Feature(compute.__name__, compute, explanation, monotone, fields, alone))
        return compute

    return register


def flag(value: bool | None) -> float:
    """Return a flag as a number."""
    return MISSING if value is None else float(value)


def log10(count: int | None) -> float:
    """Return a count in powers of ten, at least 0."""
    return MISSING if count is None else math.log10(1 + count)
