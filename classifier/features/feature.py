"""What a feature is, and the one ordered list of them that the other files of this package fill."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from classifier.accounts.normal_forms import View

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

    @classmethod
    def of(cls, compute: Compute, *fields: str, monotone: int = 0, alone: bool = False) -> Feature:
        """Describe a function of (reported, protected); the first line of its docstring explains it.

        Examples
        --------
        >>> def same_length(reported: View, protected: View) -> float:
        ...     '''The handles are of the same length.'''
        ...     return float(len(reported.handle) == len(protected.handle))
        >>> Feature.of(same_length, "handle").explanation
        'The handles are of the same length'
        """
        explanation = (compute.__doc__ or "").partition("\n")[0].rstrip(".")
        return cls(compute.__name__, compute, explanation, monotone, fields, alone)


FEATURES: list[Feature] = []


def feature(*fields: str, monotone: int = 0, alone: bool = False) -> Callable[[Compute], Compute]:
    """Put a function of (reported, protected) on the list, explained by the first line of its docstring.

    ``alone`` says that it looks at the reported account only, whatever it is compared with.
    """

    def register(compute: Compute) -> Compute:
        FEATURES.append(Feature.of(compute, *fields, monotone=monotone, alone=alone))
        return compute

    return register


def flag(value: bool | None) -> float:
    """Return a flag as a number."""
    return MISSING if value is None else float(value)


def log10(count: int | None) -> float:
    """Return a count in powers of ten, at least 0."""
    return MISSING if count is None else math.log10(1 + count)
