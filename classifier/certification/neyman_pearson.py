"""Certified thresholds: how high a score must be so that wrongly clearing a genuine account has a proved bound.

The Neyman-Pearson umbrella algorithm takes scores of genuine accounts that nothing was fitted on, and returns the
smallest order statistic that keeps the false positive rate at or below ``alpha`` with confidence ``1 - delta``,
whatever the score's distribution. It returns ``None`` where there are too few genuine accounts: no certificate is an
answer, a guessed threshold is not.

References
----------
X. Tong, Y. Feng, J. J. Li (2018), "Neyman-Pearson classification algorithms and NP receiver operating
characteristics", Science Advances 4(2), eaao1659, https://doi.org/10.1126/sciadv.aao1659 (proposition 1, algorithm 1)
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import ArrayLike


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnBound:
    """What an operator's own genuine accounts say of a certificate, as ``own_accounts.own_bound`` finds it.

    Attributes
    ----------
    n, near : int
        Own genuine accounts, and those of them that resemble a protected account.
    errors : int
        How many score above the certificate's threshold.
    cleared : int
        How many the policy would have cleared in this tier.
    bound, near_bound : float
        With confidence 1 - delta at most this share scores above the certificate's threshold: of accounts like all
        ``n``, and of those like the ``near``. 1 where nothing is known.
    threshold : float or None
        What they ask for at the certificate's alpha and delta; ``None`` where they are too few to ask for anything.
    at, registry_version : str
        When it was certified, RFC 3339, and against which registry.
    holds : bool
        Whether anything of the tier may be cleared.
    """

    n: int
    near: int
    errors: int
    cleared: int
    bound: float
    near_bound: float
    threshold: float | None
    at: str
    registry_version: str
    holds: bool = True

    def __post_init__(self) -> None:
        """Refuse what no count gives: a threshold that is no number would be as good as none."""
        if not 0 <= max(self.errors, self.cleared) <= self.near <= self.n or type(self.holds) is not bool:
            raise ValueError("own accounts: counts that do not fit")
        if self.threshold is not None and not 0.0 <= self.threshold <= 1.0:  # also false for NaN
            raise ValueError("own accounts: a threshold that is no probability")

    def stricter(self, other: OwnBound | None) -> OwnBound:
        """Return the one of two that asks more, this one where both ask the same."""
        return self if other is None or self.least >= other.least else other

    @property
    def least(self) -> float:
        """What a probability must be above to be cleared: nothing is above 1."""
        if not self.holds:
            return 1.0
        return 0.0 if self.threshold is None else self.threshold


@dataclass(frozen=True, slots=True)
class Certificate:
    """The measured bound on wrongful clearance.

    Attributes
    ----------
    alpha : float
        The share of genuine accounts of the population that may score above the threshold, in (0, 1).
    delta : float
        The probability, over the draw of the ``n`` accounts, that the true share is above ``alpha``, in (0, 1).
    n : int
        Genuine accounts the threshold was certified on, one an identity, none of them trained on.
    errors : int
        How many of the ``n`` score above the threshold.
    threshold : float
        An account is above when its probability is *strictly* greater, in [0, 1].
    population : str
        What the ``n`` accounts were drawn from; the bound says nothing about others.
    own : OwnBound or None
        What the operator's own accounts say of it. It is stored beside the model, and never part of what was trained.
    """

    alpha: float
    delta: float
    n: int
    errors: int
    threshold: float
    population: str
    own: OwnBound | None = None

    @property
    def in_force(self) -> float:
        """The threshold that counts: the stricter of its own and that of the operator's accounts."""
        return self.threshold if self.own is None else max(self.threshold, self.own.least)

    def covers(self, probability: float) -> bool:
        """Tell whether ``probability`` is above the threshold in force. Not a number, or out of [0, 1], is not.

        Examples
        --------
        >>> Certificate(alpha=0.01, delta=0.05, n=300, errors=0, threshold=0.9, population="doctest").covers(0.95)
        True
        """
        return 0.0 <= probability <= 1.0 and probability > self.in_force

    def plain(self) -> dict[str, Any]:
        """Return what was trained and is stored with the model, as plain JSON values."""
        return {field.name: getattr(self, field.name) for field in fields(self) if field.name != "own"}


def smallest_sample(alpha: float, delta: float) -> int:
    """Return how many genuine accounts a certificate needs at least: the smallest n with (1 - alpha)^n <= delta.

    Examples
    --------
    >>> smallest_sample(0.01, 0.05), smallest_sample(0.001, 0.05)
    (299, 2995)
    """
    _check_rates(alpha, delta)
    return math.ceil(math.log(delta) / math.log1p(-alpha))


def certify(scores: ArrayLike, *, alpha: float, delta: float, population: str) -> Certificate | None:
    """Certify the lowest threshold that the scores of genuine accounts allow.

    Parameters
    ----------
    scores : array-like of shape (n,)
        Probabilities of impersonation of n independent genuine accounts, each in [0, 1].
    alpha, delta : float
        The bound and the probability of missing it, both in (0, 1).
    population : str
        What the accounts were drawn from.

    Returns
    -------
    Certificate or None
        ``None`` when n is below ``smallest_sample(alpha, delta)``.

    Raises
    ------
    ValueError
        If a rate is outside (0, 1) or a score is not a number in [0, 1].

    Examples
    --------
    >>> certify([0.1] * 298, alpha=0.01, delta=0.05, population="doctest") is None
    True
    >>> certify([0.1] * 298 + [0.7], alpha=0.01, delta=0.05, population="doctest").threshold
    0.7
    """
    from scipy.stats import binom  # noqa: PLC0415 - it takes half a second, and serving certifies nothing

    ordered = np.sort(np.asarray(scores, dtype=float))
    if not np.all((ordered >= 0.0) & (ordered <= 1.0)):  # also false for NaN
        raise ValueError("every score must be a number in [0, 1]")
    n = len(ordered)
    if n < smallest_sample(alpha, delta):
        return None
    # P(true rate above alpha | threshold = k-th smallest score) = P(Binomial(n, 1 - alpha) >= k), falling in k.
    violation = binom.sf(np.arange(n), n, 1.0 - alpha)
    # The highest score always holds here; that its probability may be rounded to just above delta must not undo it.
    rank = min(n, 1 + int(np.sum(violation > delta)))
    threshold = float(ordered[rank - 1])
    errors = int(np.sum(ordered > threshold))
    return Certificate(alpha=alpha, delta=delta, n=n, errors=errors, threshold=threshold, population=population)


def _check_rates(alpha: float, delta: float) -> None:
    if not (0.0 < alpha < 1.0 and 0.0 < delta < 1.0):
        raise ValueError("alpha and delta must lie strictly between 0 and 1")
