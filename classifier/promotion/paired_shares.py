"""Paired shares: how much more often a candidate errs than the serving model on the same cases, with an interval.

Cases around one protected account resemble each other. So all counts are divided by a design effect first: how much
more the difference varies than it would over as many independent cases. What is left is Tango's score interval, which
holds where hardly any case differs, and where none does.

References
----------
T. Tango (1998), "Equivalence test and confidence interval for the difference in proportions for the paired-sample
design", Statistics in Medicine 17, 891-908
J. N. K. Rao, A. J. Scott (1992), "A simple method for the analysis of clustered binary data", Biometrics 48, 577-585
R. J. Connor (1987), "Sample size for testing differences in proportions for the paired-sample design", Biometrics 43,
207-211 (power from the share of cases that differ)
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.stats import norm

from classifier.evaluation.resampling import LEAST_IDENTITIES

# What is told of a difference holds with 95 % on either side.
LEVEL = 0.05
# A share that is worse must be so beyond a chance of 1 %.
HARM_LEVEL = 0.01
POWER = 0.8
_EDGE = 1e-9


@dataclass(frozen=True, slots=True)
class PairedShare:
    """What two models made of the same cases: in how many of them each erred.

    Attributes
    ----------
    cases, identities : int
        Cases, and protected accounts that they are around.
    serving, candidate : float
        The shares of cases in which each errs, in [0, 1].
    only_candidate, only_serving : float
        The shares in which one of them errs and the other does not.
    effective : float
        As how many independent cases they count, at most ``cases``.
    """

    cases: int
    identities: int
    serving: float
    candidate: float
    only_candidate: float
    only_serving: float
    effective: float

    @classmethod
    def of(cls, serving: NDArray[np.bool_], candidate: NDArray[np.bool_], identities: NDArray[np.intp]) -> PairedShare:
        """Compare two models.

        Parameters
        ----------
        serving, candidate : ndarray of bool, shape (n,)
            In which cases each errs; n is at least 1.
        identities : ndarray of int, shape (n,)
            The protected account of each case.

        Examples
        --------
        >>> found = PairedShare.of(np.array([True, False] * 30), np.ones(60, bool), np.arange(60))
        >>> found.serving, found.candidate, found.effective, [round(bound, 2) for bound in found.interval()]
        (0.5, 1.0, 60.0, [0.4, 0.6])
        """
        numbers = np.unique(identities, return_inverse=True)[1]
        change = candidate.astype(float) - serving
        return cls(
            len(change),
            int(numbers.max()) + 1,
            float(serving.mean()),
            float(candidate.mean()),
            float((candidate & ~serving).mean()),
            float((serving & ~candidate).mean()),
            len(change) / _design_effect(change, numbers),
        )

    @property
    def difference(self) -> float:
        """How much more often the candidate errs, in [-1, 1]."""
        return self.only_candidate - self.only_serving

    @property
    def is_enough(self) -> bool:
        """Whether the cases are around enough protected accounts to say anything about others."""
        return self.identities >= LEAST_IDENTITIES

    def interval(self, level: float = LEVEL) -> tuple[float, float]:
        """Return the bounds of the difference, each wrong with a probability of ``level``."""
        z = float(norm.isf(level))
        low = -1.0 if self.difference <= -1 + 2 * _EDGE else self._bound(z, -1 + _EDGE, self.difference + _EDGE)
        high = 1.0 if self.difference >= 1 - 2 * _EDGE else self._bound(-z, self.difference - _EDGE, 1 - _EDGE)
        return low, high

    def p_harm(self) -> float:
        """Return how likely a difference like this is by chance where the candidate errs no more often."""
        return float(norm.sf(self._score(0.0)))

    def refused_at(self, margin: float) -> float:
        """Return the smallest true rise of which the upper bound reaches ``margin`` with a probability of ``POWER``."""
        return max(0.0, margin - float(norm.isf(LEVEL) - norm.ppf(POWER)) * self._error(margin))

    def noticed_at(self, margin: float) -> float:
        """Return the smallest true rise that is seen beyond ``margin`` and chance with a probability of ``POWER``."""
        reach, power = float(norm.isf(HARM_LEVEL) + norm.ppf(POWER)), float(norm.ppf(POWER))
        # Where few cases differ now, more will where the candidate is worse: by as many as the rise.
        beyond_chance = max(reach * self._error(0.0), reach**2 / self.effective)
        return min(1.0, max(beyond_chance, margin + power * self._error(margin)))

    def _bound(self, z: float, low: float, high: float) -> float:
        return float(brentq(lambda bound: self._score(bound) - z, low, high))

    def _error(self, rise: float) -> float:
        """Return the standard error of the difference if it were ``rise``: as many cases differ as now, or as must."""
        return sqrt(max(self.only_candidate + self.only_serving, rise) / self.effective)

    def _score(self, bound: float) -> float:
        """Return Tango's statistic for a true difference of ``bound``; it falls as the bound rises."""
        if bound < 0:
            return -_score(self.only_serving, self.only_candidate, self.effective, -bound)
        return _score(self.only_candidate, self.only_serving, self.effective, bound)


def _score(more: float, less: float, n: float, bound: float) -> float:
    """Return Tango's statistic of two shares of discordant cases, for a bound of at least 0."""
    b = -more - less + (2 - more + less) * bound
    q = (sqrt(max(0.0, b * b + 8 * less * bound * (1 - bound))) - b) / 4
    variance = 2 * q + bound * (1 - bound)
    above = more - less - bound
    return above * sqrt(n / variance) if variance > 0 else 0.0


def _design_effect(change: NDArray[np.float64], numbers: NDArray[np.intp]) -> float:
    """Return by how much more the mean change varies than that of independent cases, at least 1."""
    off = change - change.mean()
    independent = float(off @ off)
    sums = np.bincount(numbers, off)
    cases, clusters = len(change), len(sums)
    if clusters < 2 or independent == 0:
        return 1.0
    return max(1.0, float(sums @ sums) / independent * clusters / (clusters - 1) * (cases - 1) / cases)
