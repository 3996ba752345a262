"""Paired bootstrap: how much worse a candidate is than the serving model on the same cases, beyond noise.

Protected accounts are drawn again with all cases around them, because cases around one account resemble each other.
The probability of a difference as large, if none beyond the margin were there, is the share of draws in which the
difference does not exceed the margin.

References
----------
B. Efron, R. J. Tibshirani (1993), "An Introduction to the Bootstrap", chapters 13 and 16
S. Holm (1979), "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6, 65-70
C. Guo, G. Pleiss, Y. Sun, K. Q. Weinberger (2017), "On calibration of modern neural networks", ICML
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from classifier.accounts.slices import TITLES
from classifier.evaluation.metrics import (
    CALIBRATION_BINS,
    calibration_bins,
    calibration_error,
    is_attack,
    is_found,
    mixed,
)
from classifier.evaluation.resampling import LEAST_IDENTITIES, draw_identities
from classifier.simulation import SHARE_OF_ATTACKS

Floats = NDArray[np.float64]

DRAWS = 20_000
EVERYTHING = "all"
# The slices that are compared, where the cases have them: those of ``slices``, the kind of case, the caller's own.
COLUMNS = (EVERYTHING, *TITLES, "family", "slice")
# How much worse a slice may get, in shares of its cases: a little less than the largest difference in any slice between
# models of the same data with different seeds (6.0, 3.1 and 6.7 points, ``python -m tests.benchmarks.gate --first 5``),
# because what is refused must be beyond it and beyond noise. What is about all cases, ``questions`` hold closer.
MARGINS = {"flagged": 0.05, "above": 0.03, "missed": 0.05}
CALIBRATION_MARGIN = 0.02


@dataclass(frozen=True, slots=True)
class Paired:
    """What two models said of the same cases.

    Attributes
    ----------
    candidate, serving : DataFrame
        Of ``evaluate.assess_labelled``, row by row of the same case.
    source : str
        Where the cases are from, as a phrase.
    simulated : bool
        Whether the mix is that of the simulation, on which probabilities are calibrated.
    of_labels : bool
        Whether the cases are labels that the candidate was given.
    """

    candidate: pd.DataFrame
    serving: pd.DataFrame
    source: str
    simulated: bool
    of_labels: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """How one share of one slice differs: the shares are those of the two models, ``p`` is not yet corrected."""

    harm: str
    column: str
    value: str
    cases: int
    serving: float
    candidate: float
    p: float


def differences(paired: Paired, *, seed: int = 0) -> list[Difference]:
    """Compare every slice with enough protected accounts, for every harm of ``MARGINS``."""
    identities, number = _places(paired)
    known = list(_known(paired, identities))
    if not known:
        return []
    margins = np.array([MARGINS[harm] for harm, *_ in known])
    worse = np.array([np.bincount(identities[who], change, number) for _, _, _, who, change, *_ in known])
    cases = np.array([np.bincount(identities[who], minlength=number) for _, _, _, who, *_ in known])
    beyond = np.zeros(len(known))
    for weights in draw_identities(number, draws=DRAWS, rng=np.random.default_rng(seed)):
        beyond += (weights @ (worse - margins[:, None] * cases).T <= 0).sum(axis=0)
    return [
        Difference(harm, column, value, int(who.sum()), before, after, (1 + held) / (1 + DRAWS))
        for (harm, column, value, who, _, before, after), held in zip(known, beyond.tolist(), strict=True)
    ]


def calibration_worse(paired: Paired, *, seed: int = 0) -> tuple[float, float, float]:
    """Return the expected calibration errors of serving model and candidate, and ``p`` of its being worse.

    Simulated attacks count as their share of reported accounts: that is the mix that probabilities are meant for.
    """
    identities, number = _places(paired)
    frames = paired.serving, paired.candidate
    share = SHARE_OF_ATTACKS if paired.simulated else None
    weights = mixed(is_attack(paired.serving).to_numpy(dtype=float), share)
    sums = [_bin_sums(frame, identities, number, weights) for frame in frames]
    cases = np.bincount(identities, weights, minlength=number)
    held = 0
    for drawn in draw_identities(number, draws=DRAWS, rng=np.random.default_rng(seed)):
        before, after = (abs(drawn @ bin_sums).sum(axis=1) / (drawn @ cases) for bin_sums in sums)
        held += int((after - before <= CALIBRATION_MARGIN).sum())
    before, after = (calibration_error(frame["probability"], is_attack(frame), share) for frame in frames)
    return before, after, (1 + held) / (1 + DRAWS)


def rejected(p: Sequence[float], level: float) -> list[bool]:
    """Tell which hypotheses are rejected at ``level`` over all of them together, by Holm's procedure.

    Examples
    --------
    >>> rejected([0.5, 0.001, 0.006], 0.01)
    [False, True, False]
    >>> rejected([0.5, 0.001, 0.004], 0.01)
    [False, True, True]
    """
    answer = [False] * len(p)
    for rank, index in enumerate(sorted(range(len(p)), key=p.__getitem__)):
        if p[index] > level / (len(p) - rank):
            break
        answer[index] = True
    return answer


def _places(paired: Paired) -> tuple[NDArray[np.intp], int]:
    """Return the number of each case's protected account, and how many there are."""
    places, names = pd.factorize(paired.serving["identity"])
    return places, len(names)


_Known = tuple[str, str, str, NDArray[np.bool_], Floats, float, float]


def _known(paired: Paired, identities: NDArray[np.intp]) -> Iterator[_Known]:
    attack = is_attack(paired.serving).to_numpy()
    harms = _harms(paired.serving), _harms(paired.candidate)
    of = {"flagged": ~attack, "above": ~attack, "missed": attack}
    slices = paired.serving.assign(**{EVERYTHING: EVERYTHING})
    for column in (name for name in COLUMNS if name in slices):
        for value in slices[column].dropna().unique():
            inside = (slices[column] == value).to_numpy()
            for harm, concerned in of.items():
                who = inside & concerned
                if len(np.unique(identities[who])) >= LEAST_IDENTITIES:
                    before, after = harms[0][harm][who], harms[1][harm][who]
                    yield harm, column, str(value), who, after - before, float(before.mean()), float(after.mean())


def _harms(results: pd.DataFrame) -> dict[str, Floats]:
    return {
        "flagged": results["flagged"].to_numpy(dtype=float),
        "above": (results["above"] & results["flagged"]).to_numpy(dtype=float),
        "missed": (~is_found(results)).to_numpy(dtype=float),
    }


def _bin_sums(results: pd.DataFrame, identities: NDArray[np.intp], number: int, weights: Floats) -> Floats:
    """Return for each protected account and bin of probability how much was said above what happened."""
    probability = results["probability"].to_numpy(dtype=float)
    sums = np.zeros((number, CALIBRATION_BINS))
    beyond = weights * (probability - is_attack(results).to_numpy(dtype=float))
    np.add.at(sums, (identities, calibration_bins(probability)), beyond)
    return sums
