"""Metrics: the figures that assessments of labelled accounts come to. Pure functions of one DataFrame.

The DataFrame is that of ``evaluate.assess_labelled``, one row a case. Every share is given with its counts and a
95 % interval; a figure over nothing is ``None`` and never zero. Cases are taken as independent: where several of them
stand around one protected account, intervals over all of them are a little too narrow.

References
----------
E. B. Wilson (1927), "Probable inference, the law of succession, and statistical inference", Journal of the American
Statistical Association 22, 209-212
C. Guo, G. Pleiss, Y. Sun, K. Q. Weinberger (2017), "On calibration of modern neural networks", ICML,
https://arxiv.org/abs/1706.04599 (the calibration error over bins of equal width)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import binomtest
from sklearn.metrics import roc_auc_score

from classifier.scoring.assessment import RELATIONS

CONFIDENCE = 0.95
CALIBRATION_BINS = 10
# Shares of genuine accounts above the threshold at which the share of attacks above it is given.
FALSE_POSITIVE_RATES = (0.001, 0.01, 0.05)
# What a label can say that an answer can say too; any other label counts as genuine and has no place among these.
LABELS = ("impersonation", "same_owner", "parody_or_fan", "unrelated")

FIGURES = {
    "attacks": "cases labelled as impersonation",
    "genuine": "cases labelled as anything else",
    "target_found": "attacks whose protected account was found, whatever was said of them",
    "impersonation_with_right_target": "attacks called impersonation of the right protected account",
    "attacks_cleared_for_suspension": "attacks that the policy would clear for suspension without another person",
    "genuine_called_impersonation": "genuine accounts called impersonation",
    "genuine_cleared_for_suspension": "genuine accounts that the policy would clear for suspension",
    "auc": "area under the ROC curve: how often an attack has a higher probability than a genuine account",
    "calibration_error": "mean distance between the probability said and the share that was so, over ten bins",
    **{
        f"tpr_at_fpr_{rate}": f"attacks above the threshold that at most {100 * rate:g} % of genuine accounts exceed"
        for rate in FALSE_POSITIVE_RATES
    },
    **{f"recall_{label}": f"accounts labelled {label} that were called so" for label in LABELS},
    **{f"precision_{label}": f"accounts called {label} that were labelled so" for label in LABELS},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many.

    Examples
    --------
    >>> Share(81, 263).plain()
    {'count': 81, 'of': 263, 'share': 0.308, 'low': 0.2553, 'high': 0.3662}
    """

    count: int
    of: int

    @property
    def share(self) -> float | None:
        """The share in [0, 1]; ``None`` of nothing."""
        return self.count / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's score interval for the share, at ``CONFIDENCE``; ``None`` of nothing."""
        return wilson(self.count, self.of) if self.of else None

    def plain(self) -> dict[str, float | int | None]:
        """Return it as plain JSON values, rounded to what is ever read."""
        low, high = self.interval or (None, None)
        parts = {"share": self.share, "low": low, "high": high}
        return {"count": self.count, "of": self.of, **{name: x and round(x, 4) for name, x in parts.items()}}


def wilson(count: int, of: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Return Wilson's score interval for a share of ``count`` in ``of``, which is above 0.

    Examples
    --------
    >>> [round(bound, 4) for bound in wilson(0, 20)]
    [0.0, 0.1611]
    """
    found = binomtest(count, of).proportion_ci(confidence, method="wilson")
    share = count / of  # rounding must not lead past it
    return max(0.0, min(share, float(found.low))), min(1.0, max(share, float(found.high)))


def share_of(values: Any) -> Share:
    """Return the share of true ones among ``values``, a boolean Series."""
    return Share(int(values.sum()), len(values))


def is_attack(results: pd.DataFrame) -> pd.Series:
    """Tell for each case whether it is an attack."""
    return results["label"] == "impersonation"


def is_found(results: pd.DataFrame) -> pd.Series:
    """Tell for each case whether it was called impersonation of the account that its label is about."""
    return results["flagged"] & results["right_target"]


def figures(results: pd.DataFrame, *, attacks: float | None = None) -> dict[str, float | int | None]:
    """Return all ``FIGURES`` of a whole set, shares in [0, 1]; ``None`` where there is nothing to measure.

    Parameters
    ----------
    attacks : float, optional
        The share of attacks that ``calibration_error`` is to count, in (0, 1); by default that of the results.
    """
    attack = is_attack(results)
    shares = {name: share.share for name, share in figure_shares(results).items()}
    found = {
        "attacks": int(attack.sum()),
        "genuine": int((~attack).sum()),
        "auc": auc(results),
        "calibration_error": calibration_error(results["probability"].to_numpy(), attack.to_numpy(), attacks),
        **shares,
    }
    return {name: found[name] for name in FIGURES}


def figure_shares(results: pd.DataFrame) -> dict[str, Share]:
    """Return those of ``FIGURES`` that are shares, with what they are shares of."""
    attack = is_attack(results)
    attacks, genuine = results[attack], results[~attack]
    return {
        "target_found": share_of(attacks["right_target"]),
        "impersonation_with_right_target": share_of(is_found(attacks)),
        "attacks_cleared_for_suspension": share_of(attacks["verdict"] == "cleared"),
        "genuine_called_impersonation": share_of(genuine["flagged"]),
        "genuine_cleared_for_suspension": share_of(genuine["verdict"] == "cleared"),
        **{f"tpr_at_fpr_{point.rate}": point.attacks for point in roc(results)},
        **{f"recall_{told.relation}": told.recall for told in relations(results)},
        **{f"precision_{told.relation}": told.precision for told in relations(results)},
    }


def auc(results: pd.DataFrame) -> float | None:
    """Return the area under the ROC curve; ``None`` where a class is missing."""
    attack = is_attack(results)
    return float(roc_auc_score(attack, results["probability"])) if attack.nunique() == 2 else None


def by_family(results: pd.DataFrame) -> pd.DataFrame:
    """Return for each label and family the number of cases and the shares, in [0, 1], of what was said of them."""
    results = results.assign(found=is_found(results), cleared=results["verdict"] == "cleared")
    grouped = results.groupby(["label", "family"], sort=False)
    shares = grouped[["right_target", "flagged", "found", "cleared"]].mean()
    return shares.assign(cases=grouped.size())[["cases", "right_target", "flagged", "found", "cleared"]].reset_index()


@dataclass(frozen=True, slots=True)
class Family:
    """What was said of one kind of cases; ``found`` is called impersonation of the right protected account."""

    label: str
    family: str
    right_target: Share
    flagged: Share
    found: Share
    cleared: Share


def families(results: pd.DataFrame) -> list[Family]:
    """Return every family: attacks by the share found, lowest first, then genuine ones by the share flagged."""
    results = results.assign(found=is_found(results), cleared=results["verdict"] == "cleared")
    names = ("right_target", "flagged", "found", "cleared")
    found = [
        Family(str(label), str(family), **{name: share_of(part[name]) for name in names})
        for (label, family), part in results.groupby(["label", "family"], sort=False)
    ]
    return sorted(found, key=_worst_first)


def _worst_first(family: Family) -> tuple[bool, float, float]:
    found, flagged, cleared = (share.share or 0.0 for share in (family.found, family.flagged, family.cleared))
    genuine = family.label != "impersonation"
    return genuine, -flagged if genuine else found, -cleared


@dataclass(frozen=True, slots=True)
class RocPoint:
    """One point of the ROC curve.

    Attributes
    ----------
    rate : float
        The share of genuine accounts that may be above the threshold, in (0, 1).
    threshold : float or None
        The lowest that keeps to it, in [0, 1]; ``None`` where there are fewer than 1 / ``rate`` genuine accounts, of
        which such a share cannot be measured.
    attacks, genuine : Share
        Those strictly above the threshold; of nothing where there is none.
    """

    rate: float
    threshold: float | None
    attacks: Share
    genuine: Share


def roc(results: pd.DataFrame) -> list[RocPoint]:
    """Return the left edge of the ROC curve, at ``FALSE_POSITIVE_RATES``; targets play no part in it."""
    attack = is_attack(results)
    return [_roc_point(results.loc[attack, "probability"], results.loc[~attack, "probability"], rate)
            for rate in FALSE_POSITIVE_RATES]  # fmt: skip


def _roc_point(attacks: pd.Series, genuine: pd.Series, rate: float) -> RocPoint:
    allowed = int(rate * len(genuine) + 1e-9)  # 1e-9: 0.07 * 100 is not quite 7 in binary
    if not allowed:
        return RocPoint(rate, None, Share(0, 0), Share(0, 0))
    threshold = float(np.sort(genuine.to_numpy())[::-1][allowed])
    return RocPoint(rate, threshold, share_of(attacks > threshold), share_of(genuine > threshold))


@dataclass(frozen=True, slots=True)
class RelationFigures:
    """How well one relation is told.

    Attributes
    ----------
    recall : Share
        Of the accounts labelled so, those called so.
    precision : Share
        Of the accounts called so, those labelled so.
    answered : dict of str to int
        What was said of the accounts labelled so, by ``RELATIONS``.
    """

    relation: str
    recall: Share
    precision: Share
    answered: dict[str, int]


def relations(results: pd.DataFrame) -> list[RelationFigures]:
    """Return precision and recall of each of ``LABELS``, over the cases that have one of these labels.

    An unrelated account for which no target is found is rightly answered. The target is not asked for here.
    """
    known = results[results["label"].isin(LABELS)]
    said = known["relation"].replace("no_target", "unrelated")
    return [
        RelationFigures(
            label,
            recall=share_of(said[known["label"] == label] == label),
            precision=share_of(known["label"][said == label] == label),
            answered={name: int(((known["label"] == label) & (known["relation"] == name)).sum()) for name in RELATIONS},
        )
        for label in LABELS
    ]


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """The cases whose probability is in [``low``, ``high``): the mean of it, and how many were impersonation."""

    low: float
    high: float
    said: float
    happened: Share


def calibration(results: pd.DataFrame) -> list[CalibrationBin]:
    """Return the bins that hold a case, lowest first."""
    probability = results["probability"].to_numpy(dtype=float)
    bins, attack = calibration_bins(probability), is_attack(results).to_numpy()
    return [
        CalibrationBin(
            float(b) / CALIBRATION_BINS,
            float(b + 1) / CALIBRATION_BINS,
            float(probability[bins == b].mean()),
            share_of(attack[bins == b]),
        )
        for b in np.unique(bins)
    ]


def calibration_bins(probability: Any) -> Any:
    """Return the place of each probability's bin; 1 belongs to the last."""
    return np.minimum((probability * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)


def calibration_error(
    probability: Sequence[float] | Any, happened: Sequence[bool] | Any, share: float | None = None
) -> float:
    """Return the expected calibration error over ``CALIBRATION_BINS`` bins of equal width, in [0, 1].

    Parameters
    ----------
    probability, happened : sequence of length n
    share : float, optional
        Count what happened as this share of all, in (0, 1): simulated attacks come as often as they are simulated, and
        probabilities are meant for another mix.

    Examples
    --------
    >>> calibration_error([0.0, 1.0], [False, True])
    0.0
    """
    probability, happened = np.asarray(probability, dtype=float), np.asarray(happened, dtype=float)
    if not len(probability):
        return 0.0
    bins, weights = calibration_bins(probability), mixed(happened, share)
    gaps = (abs(float(weights[bins == b] @ (probability[bins == b] - happened[bins == b]))) for b in np.unique(bins))
    return float(sum(gaps))


def mixed(happened: NDArray[np.float64], share: float | None) -> NDArray[np.float64]:
    """Return weights that add up to 1 and give what happened, 0 or 1 for each of n, its share; without one, equal ones.

    Examples
    --------
    >>> mixed(np.array([1.0, 0.0, 0.0]), 0.5).round(6).tolist()
    [0.5, 0.25, 0.25]
    """
    found = float(happened.mean())
    if share is None or found in (0.0, 1.0):
        return np.full(len(happened), 1.0 / len(happened))
    weights: NDArray[np.float64] = np.where(happened > 0.0, share / found, (1.0 - share) / (1.0 - found))
    return weights / len(happened)
