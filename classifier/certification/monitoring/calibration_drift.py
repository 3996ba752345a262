"""Reliability: whether decided probabilities agree with what became of the decisions.

Spiegelhalter's test compares the Brier score with what it would be if every probability were right. Outcomes are a
selected sample: somebody appealed, or reviewed. Who is wrongly suspended appeals more often than who is rightly
so, which makes probabilities look too high; so a deviation warns and never withdraws.

References
----------
D. J. Spiegelhalter (1986), "Probabilistic prediction in patient management and clinical trials", Statistics in Medicine
5(5), 421-433, https://doi.org/10.1002/sim.4780050506
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

BINS = (0.0, 0.5, 0.9, 0.99, 0.999, 1.0)
# How often probabilities that are right may be called wrong by one look.
CHANCE = 0.001


@dataclass(frozen=True, slots=True)
class Bin:
    """Decisions of about the same probability: how many, the mean of what was said, and the share that was so."""

    count: int
    said: float
    happened: float


@dataclass(frozen=True, slots=True)
class Reliability:
    """How decided probabilities agree with outcomes.

    Attributes
    ----------
    n : int
        Decisions with an outcome or reviewers' answer.
    z : float or None
        Spiegelhalter's statistic, about standard normal if the probabilities are right; ``None`` without information.
    p_value : float
        Two-sided.
    bins : tuple of Bin
    """

    n: int
    z: float | None
    p_value: float
    bins: tuple[Bin, ...]

    @property
    def is_off(self) -> bool:
        """Whether chance does not explain how far they are apart."""
        return self.p_value < CHANCE


def reliability(probabilities: ArrayLike, happened: ArrayLike) -> Reliability:
    """Compare probabilities of impersonation with whether it was one.

    Parameters
    ----------
    probabilities : array-like of shape (n,)
    happened : array-like of bool, shape (n,)

    Examples
    --------
    >>> reliability([0.5] * 100, [True, False] * 50).is_off
    False
    >>> reliability([0.9] * 100, [True, False] * 50).is_off
    True
    """
    p, y = np.asarray(probabilities, dtype=float), np.asarray(happened, dtype=float)
    spread = math.sqrt(float(np.sum((1 - 2 * p) ** 2 * p * (1 - p))))
    z = float(np.sum((y - p) * (1 - 2 * p))) / spread if spread > 0 else None
    places = np.searchsorted(BINS[1:-1], p, side="right")
    bins = tuple(
        Bin(int(own.sum()), float(p[own].mean()), float(y[own].mean()))
        for own in (places == place for place in range(len(BINS) - 1))
        if own.any()
    )
    return Reliability(len(p), z, 1.0 if z is None else float(2 * ndtr(-abs(z))), bins)
