"""The error bound, watched: evidence that more genuine accounts score above a threshold than was certified.

A certificate says that at most ``alpha`` of genuine accounts score above its threshold. Every account that became known
to be genuine is one bet against that: capital is staked on a higher rate, at odds that would be fair if the rate were
``alpha``. If it is at most ``alpha``, capital is a supermartingale that begins at 1, and by Ville's inequality the
probability that it *ever* reaches ``1 / delta`` is at most ``delta``, however often somebody looks. This holds for any
rate that changes with time but stays below ``alpha``.

The stake is spread over rates (``MULTIPLES`` of alpha) and over the account at which betting begins (the k-th gets
``1 / (k (k + 1))``, which adds up to 1), so that years without a mistake do not hide the day on which mistakes begin.
One mistake alone never withdraws anything: betting on at most ``MULTIPLES[-1]`` times alpha, it leads to 10 at most.

References
----------
I. Waudby-Smith, A. Ramdas (2024), "Estimating means of bounded random variables by betting", Journal of the Royal
Statistical Society B 86(1), 1-27, https://doi.org/10.1093/jrsssb/qkad009
J. Shin, A. Ramdas, A. Rinaldo (2024), "E-detectors: a nonparametric framework for sequential change detection", New
England Journal of Statistics in Data Science 2(2), 229-260, https://arxiv.org/abs/2203.03532
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

# How often a certificate that holds may be withdrawn, ever: as often as certifying itself may be wrong.
DELTA = 0.05
# The rates that are bet on, as multiples of alpha: this project's choice. Their mean, 10, is what one mistake can lead
# to, below 1 / DELTA.
MULTIPLES = (2.0, 3.0, 5.0, 10.0, 30.0)
# Beyond it nothing is added: less capital than there is only waits longer, and figures stay finite.
_MOST = 1e12


@dataclass(frozen=True, slots=True)
class Bound:
    """What known genuine accounts say of a certificate.

    Attributes
    ----------
    genuine, errors : int
        Accounts known to be genuine, and how many of them scored above the threshold.
    evidence : float
        The capital now: the evidence against the bound; 1 says nothing.
    highest : float
        The highest it ever was, which is what counts.
    delta : float
        ``highest`` reaches ``1 / delta`` with at most this probability if the bound holds.
    """

    genuine: int
    errors: int
    evidence: float
    highest: float
    delta: float

    @property
    def is_broken(self) -> bool:
        """Whether the bound cannot be believed any more."""
        return self.highest >= 1.0 / self.delta


def watch_bound(errors: ArrayLike, alpha: float, *, delta: float = DELTA) -> Bound:
    """Return what accounts known to be genuine say of a bound, in the order in which they became known.

    Parameters
    ----------
    errors : array-like of bool, shape (n,)
        Whether each scored above the threshold.
    alpha : float
        The certified rate, in (0, 1).

    Examples
    --------
    >>> watch_bound([True], alpha=0.01).is_broken
    False
    >>> watch_bound([True, True], alpha=0.01).is_broken
    True
    """
    seen = np.asarray(errors, dtype=bool)
    capital = evidence(seen, alpha)
    now, highest = (float(capital[-1]), float(capital.max())) if len(seen) else (1.0, 1.0)
    return Bound(len(seen), int(seen.sum()), now, max(1.0, highest), delta)


def evidence(errors: ArrayLike, alpha: float) -> NDArray[np.float64]:
    """Return the capital after each account, shape (..., n), of histories of shape (..., n).

    Raises
    ------
    ValueError
        If ``alpha`` is not in (0, 1).
    """
    if not 0.0 < alpha < 1.0:
        raise ValueError("alpha must lie strictly between 0 and 1")
    seen = np.asarray(errors, dtype=bool)
    # Between alpha and 1: betting that every account is a mistake would lose all by the first that is none.
    rates = np.minimum(np.array(MULTIPLES) * alpha, (1.0 + alpha) / 2.0)
    if_error, if_none = rates / alpha, (1.0 - rates) / (1.0 - alpha)
    staked = np.zeros((*seen.shape[:-1], len(rates)))
    capital = np.empty(seen.shape)
    for place in range(seen.shape[-1]):
        staked += 1.0 / ((place + 1.0) * (place + 2.0))
        staked *= np.where(seen[..., place, np.newaxis], if_error, if_none)
        np.minimum(staked, _MOST, out=staked)
        capital[..., place] = staked.mean(axis=-1) + 1.0 / (place + 2.0)  # what has not been staked yet
    return capital
