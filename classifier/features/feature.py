"""What a feature is.

A feature is one function, of a ``Pair`` or of ``Numbers``, or, as a conjunction, of other features' values. numba
compiles it, and it runs as plain Python too. The first line of its docstring is the explanation that people read.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from classifier.accounts.normal_forms import View
from classifier.features import encoding, numeric
from classifier.features.pair_context import Numbers, Pair
from classifier.utils.jit import helper

MISSING = math.nan
# Kinds of evidence: no clearance rests on a single kind (R9). "lures" are links and asks; "standing" is audience, age
# and verification; "target" is what the protected account alone tells, which is no evidence against anybody.
Kind = Literal["handle", "name", "bio", "lures", "picture", "standing", "target"]
KINDS: tuple[Kind, ...] = ("handle", "name", "bio", "lures", "picture", "standing")
Compute = Callable[[View, View], float]


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature.

    Attributes
    ----------
    name : str
    compute : callable
        Takes (reported, protected) views; plain Python.
    explanation : str
        What support agents read.
    monotone : {-1, 0, 1}
        Which way it may move the probability of impersonation: -1 never up, 1 never down, 0 either way.
    fields : tuple of str
        The fields of an account that it compares.
    kind : one of ``KINDS``
        Which kind of evidence it is.
    of_texts, of_numbers, of_values : callable or None
        The function that is compiled: of a ``Pair``, of ``Numbers``, or of other features' values. None of them for
        one that is only tried.
    parts : tuple of str
        The features whose values ``of_values`` takes.
    """

    name: str
    compute: Compute
    explanation: str
    monotone: int
    fields: tuple[str, ...]
    kind: Kind = "name"
    of_texts: Callable[[Pair], float] | None = None
    of_numbers: Callable[[Numbers], float] | None = None
    of_values: Callable[..., float] | None = None
    parts: tuple[str, ...] = ()

    @classmethod
    def of(cls, compute: Compute, *fields: str, monotone: int = 0) -> Feature:
        """Describe a function of (reported, protected) views, to try it: it is not compiled.

        Examples
        --------
        >>> def same_length(reported: View, protected: View) -> float:
        ...     '''The handles are of the same length.'''
        ...     return float(len(reported.handle) == len(protected.handle))
        >>> Feature.of(same_length, "handle").explanation
        'The handles are of the same length'
        """
        return cls(compute.__name__, compute, _explanation(compute), monotone, fields)


def feature(*fields: str, kind: Kind, monotone: int = 0) -> Callable[[Callable[[Pair], float]], Feature]:
    """Make a feature of a function of a ``Pair``: of what follows from the accounts' texts, links and pictures."""

    def described(function: Callable[[Pair], float]) -> Feature:
        def compute(reported: View, protected: View) -> float:
            with np.errstate(over="ignore"):  # sums of hashes are modulo 2 ** 64
                return float(function(encoding.encode_pair(reported, protected)))

        return Feature(
            function.__name__, compute, _explanation(function), monotone, fields, kind, of_texts=helper(function)
        )

    return described


def number_feature(*fields: str, kind: Kind, monotone: int = 0) -> Callable[[Callable[[Numbers], float]], Feature]:
    """Make a feature of a function of ``Numbers``: of audience, age, verification and the like."""

    def described(function: Callable[[Numbers], float]) -> Feature:
        def compute(reported: View, protected: View) -> float:
            return float(function(Numbers(*numeric.rows((reported, protected)))))

        return Feature(
            function.__name__, compute, _explanation(function), monotone, fields, kind, of_numbers=helper(function)
        )

    return described


def conjunction(*parts: Feature, kind: Kind, monotone: int = 0) -> Callable[[Callable[..., float]], Feature]:
    """Make a feature of a function of other features' values, for what says more together than each says alone.

    Parameters
    ----------
    parts : Feature
        Features of texts or of numbers, not conjunctions, whose values the function takes in this order; a missing
        value is NaN. The conjunction compares all of their fields.
    kind : one of ``KINDS``
        The kind of evidence of what it says. It goes away with the kind of any of its parts, too (R9).
    monotone : {-1, 0, 1}
        As of ``Feature``. 1 only where the function never falls when audience, age or verification grow, and none of
        these is what makes it rise (R7).
    """

    def described(function: Callable[..., float]) -> Feature:
        def compute(reported: View, protected: View) -> float:
            return float(function(*(part.compute(reported, protected) for part in parts)))

        return Feature(
            function.__name__, compute, _explanation(function), monotone,
            tuple(dict.fromkeys(field for part in parts for field in part.fields)), kind,
            of_values=helper(function), parts=tuple(part.name for part in parts),
        )  # fmt: skip

    return described


@helper
def flag(holds: bool) -> float:
    """Return whether something holds as a number."""
    return 1.0 if holds else 0.0


def _explanation(function: Callable[..., Any]) -> str:
    return (function.__doc__ or "").partition("\n")[0].rstrip(".")
