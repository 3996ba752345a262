"""Stability: whether the population has moved away from that of the training.

The population stability index of two samples in the same bins is the sum of (p - q) ln(p / q). Below ``SOME`` it is
usually called stable, from ``MUCH`` on a shift; these are rules of thumb of credit scoring, and blind to how many rows
there are: from few rows the index is large by chance alone. Where nothing has moved, ``index / (1/n + 1/m)`` is about
chi-square with one degree of freedom less than there are bins. A shift is therefore reported only where the index is
above both: large enough to matter, and too large for chance.

References
----------
N. Siddiqi (2006), "Credit Risk Scorecards", Wiley, chapter 9 (the bands)
B. Yurdakul (2018), "Statistical properties of population stability index", dissertation, Western Michigan University,
https://scholarworks.wmich.edu/dissertations/3208 (the distribution)
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtri

SOME, MUCH = 0.1, 0.25
# How often one quantity that has not moved may be above what chance explains.
CHANCE = 0.001
# Parts of about equal size that a quantity is divided into at most, besides "missing".
PARTS = 10
# How much larger than the training's a share has to be to matter: this project's choice.
MORE_OUTSIDE = 0.05


@dataclass(frozen=True, slots=True)
class Spread:
    """How a quantity was spread over bins: plain JSON values by ``asdict``.

    Attributes
    ----------
    n : int
        Values, missing ones included.
    edges : list of float
        Where bins begin, rising; a value equal to an edge belongs to the bin above it.
    shares : list of float
        Of each bin, and last of the missing ones; they add up to 1.
    """

    n: int
    edges: list[float]
    shares: list[float]


@dataclass(frozen=True, slots=True)
class Drift:
    """How far one quantity has moved.

    Attributes
    ----------
    name : str
        The quantity, and among whom.
    index : float
        The population stability index.
    by_chance : float
        What it exceeds with probability ``CHANCE`` if nothing has moved.
    n : int
        Recent values.
    """

    name: str
    index: float
    by_chance: float
    n: int

    @property
    def is_shift(self) -> bool:
        """Whether it is too large to be small, and too large for chance."""
        return self.index >= MUCH and self.index > self.by_chance


@dataclass(frozen=True, slots=True)
class Outside:
    """Recent decisions beyond what the certificates were measured on, against the training's."""

    outside: int
    of: int
    expected: float
    p_value: float

    @property
    def is_more(self) -> bool:
        """Whether there are more of them than the training had, by more than chance and enough to matter."""
        share = self.outside / self.of if self.of else 0.0
        return share > self.expected + MORE_OUTSIDE and self.p_value < CHANCE


def spread(values: ArrayLike) -> Spread:
    """Return how values, NaN where missing, are spread over bins of about equal size."""
    found = np.asarray(values, dtype=float)
    known = found[~np.isnan(found)]
    inner = np.unique(np.round(np.quantile(known, np.linspace(0, 1, PARTS + 1)[1:-1]), 9)) if len(known) else known
    edges = [float(edge) for edge in inner if edge > known.min()]
    counts = _counts(found, edges)
    return Spread(len(found), edges, [round(float(share), 9) for share in counts / max(1, len(found))])


def drift(name: str, then: Spread, values: ArrayLike) -> Drift | None:
    """Return how far recent values have moved from how they were spread; ``None`` where there are none to compare."""
    found = np.asarray(values, dtype=float)
    if not len(found) or not then.n:
        return None
    before, now = np.array(then.shares) * then.n, _counts(found, then.edges)
    filled = (before > 0) | (now > 0)  # "missing" often is empty in both
    before, now = before[filled], now[filled]
    # Half a row more in each bin: one that is empty in one of the samples would make the index infinite.
    p, q = (now + 0.5) / (now.sum() + 0.5 * len(now)), (before + 0.5) / (before.sum() + 0.5 * len(before))
    index = float(np.sum((p - q) * np.log(p / q)))
    noise = float(chdtri(max(1, len(now) - 1), CHANCE)) * (1.0 / then.n + 1.0 / len(found))
    return Drift(name, index, noise, len(found))


def outside(count: int, of: int, then: float, then_of: int) -> Outside:
    """Compare a recent share with the training's, by Fisher's exact test, one-sided.

    Parameters
    ----------
    then : float
        The training's share, of ``then_of`` accounts.
    """
    from scipy.stats import fisher_exact  # noqa: PLC0415 - it takes half a second, and the service starts without

    before = round(then * then_of)
    table = [[count, of - count], [before, then_of - before]]
    p_value = float(fisher_exact(table, alternative="greater").pvalue) if of and then_of else 1.0
    return Outside(count, of, then, p_value)


def spreads(facts: Mapping[str, Any]) -> dict[str, Spread]:
    """Return the spreads that a training kept, by quantity.

    Raises
    ------
    ValueError
        If they are none.
    """
    try:
        found = {name: Spread(int(one["n"]), list(one["edges"]), list(one["shares"])) for name, one in facts.items()}
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError("the training's facts hold no spreads of quantities") from error
    if not all(
        len(known.shares) == len(known.edges) + 2 and all(map(math.isfinite, known.shares)) for known in found.values()
    ):
        raise ValueError("the training's spreads have not one share a bin")
    return found


def _counts(values: NDArray[np.float64], edges: Sequence[float]) -> NDArray[np.float64]:
    """Return how many values fall into each bin, and last how many are missing."""
    known = values[~np.isnan(values)]
    counts = np.bincount(np.searchsorted(edges, known, side="right"), minlength=len(edges) + 1)
    return np.append(counts, len(values) - len(known)).astype(float)
