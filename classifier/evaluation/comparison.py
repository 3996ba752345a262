"""Comparisons: two models on the same cases, and what each alpha costs in missed impersonators.

References
----------
B. Efron, R. Tibshirani (1993), "An Introduction to the Bootstrap", chapter 13 (percentile intervals)
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from classifier.certification.neyman_pearson import certify, smallest_sample
from classifier.errors import InputError
from classifier.evaluation.metrics import CONFIDENCE, Share, is_attack, is_found
from classifier.evaluation.resampling import LEAST_IDENTITIES, draw_identities

DRAWS = 2_000
ALPHAS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1)


def compare(before: pd.DataFrame, after: pd.DataFrame, *, by: str = "family", seed: int = 0) -> pd.DataFrame:
    """Compare two models on the same cases: what each part of them gained or lost, and whether that is noise.

    Parameters
    ----------
    before, after : DataFrame
        Of ``evaluate.assess_labelled`` for the same cases in the same order.
    by : str
        The column that parts them: "family", or one of ``slices.TITLES``.
    seed : int
        Of the bootstrap.

    Returns
    -------
    DataFrame
        Two rows a part, of attacks and of genuine accounts where it has them, the largest change first: ``part``,
        ``kind`` ("attacks found" or "genuine flagged"), ``cases``, ``before`` and ``after`` (shares in [0, 1]),
        ``difference``, ``low`` and ``high`` (its 95 % interval, of a paired bootstrap over the protected accounts, each
        with all its cases) and ``better``: True, False, or ``None`` where the interval holds 0, or where the cases are
        around fewer than ``LEAST_IDENTITIES`` accounts: no interval is given then. Many parts are compared: one in
        twenty differs by chance.

    Raises
    ------
    InputError
        If the two are not about the same cases, or there is no such column.
    """
    cases = ["family", "label", "identity"]
    if by not in before or not before[cases].reset_index(drop=True).equals(after[cases].reset_index(drop=True)):
        raise InputError("give the results of the same cases in the same order, and a column of them", field=by)
    rng = np.random.default_rng(seed)
    attack = is_attack(before)
    rows = []
    for kind, chosen, said in (("attacks found", attack, is_found), ("genuine flagged", ~attack, _flagged)):
        for part, own in before[chosen].groupby(by, sort=True):
            one, other = (said(results.loc[own.index]).to_numpy(dtype=int) for results in (before, after))
            low, high = _interval(other - one, own["identity"], rng)
            gain = 1 if kind == "attacks found" else -1
            better = None if not (low > 0.0 or high < 0.0) else bool(gain * (other - one).mean() > 0)
            rows.append((part, kind, len(own), one.mean(), other.mean(), (other - one).mean(), low, high, better))
    names = ["part", "kind", "cases", "before", "after", "difference", "low", "high", "better"]
    found = pd.DataFrame(rows, columns=names)
    return found.sort_values("difference", key=abs, ascending=False, kind="stable", ignore_index=True)


def _flagged(results: pd.DataFrame) -> pd.Series:
    return results["flagged"]


def _interval(differences: NDArray[np.int_], identities: pd.Series, rng: np.random.Generator) -> tuple[float, float]:
    """Return the interval of the mean difference over cases, when protected accounts are drawn again with theirs."""
    numbers, names = pd.factorize(identities)
    if len(names) < LEAST_IDENTITIES:
        return np.nan, np.nan
    gained, cases = np.bincount(numbers, differences), np.bincount(numbers)
    drawn = [weights @ gained / (weights @ cases) for weights in draw_identities(len(names), draws=DRAWS, rng=rng)]
    low, high = np.quantile(np.concatenate(drawn), [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return float(low), float(high)


def trade_off(
    attacks: ArrayLike, genuine: ArrayLike, *, alphas: Sequence[float] = ALPHAS, delta: float = 0.05
) -> pd.DataFrame:
    """Return what each alpha costs: the attacks above the threshold that is certified for it.

    Parameters
    ----------
    attacks : array-like of shape (n_attacks,)
        Clearing probabilities of attacks; 0 for one of which the wrong account or nothing was said.
    genuine : array-like of shape (n,)
        Of genuine accounts, one an identity, as ``train.genuine_scores`` gives them.
    delta : float
        The probability of missing the bound.

    Returns
    -------
    DataFrame
        One row an alpha, rising: ``alpha``, ``certified``, ``genuine`` (identities given), ``needed`` (at least),
        ``threshold``, ``errors`` (genuine above), ``genuine_above`` and ``found`` with ``found_low`` and
        ``found_high``, shares in [0, 1]. Without a certificate there is no threshold, so the last ones are missing.

    Examples
    --------
    >>> trade_off([0.2, 0.9], [0.1] * 400, alphas=[0.001, 0.01])[["alpha", "certified", "needed", "found"]]
       alpha  certified  needed  found
    0  0.001      False    2995    NaN
    1  0.010       True     299    1.0
    """
    scores, genuine = np.asarray(attacks, dtype=float), np.asarray(genuine, dtype=float)
    rows = []
    for alpha in sorted(alphas):
        row = {"alpha": alpha, "genuine": len(genuine), "needed": smallest_sample(alpha, delta)}
        found = certify(genuine, alpha=alpha, delta=delta, population="a comparison of thresholds")
        if found is not None:
            above = Share(int((scores > found.threshold).sum()), len(scores))
            low, high = above.interval or (np.nan, np.nan)
            row |= {"threshold": found.threshold, "errors": found.errors, "genuine_above": found.errors / found.n}
            row |= {"found": np.nan if above.share is None else above.share, "found_low": low, "found_high": high}
        rows.append(row | {"certified": found is not None})
    names = ["alpha", "certified", "genuine", "needed", "threshold", "errors", "genuine_above", "found", "found_low",
             "found_high"]  # fmt: skip
    return pd.DataFrame(rows, columns=names)
