"""Calibration: the sigmoid that turns a score into log-odds that mean what they say.

References
----------
J. Platt (1999), "Probabilistic outputs for support vector machines"
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifier.errors import TrainingError
from classifier.utils.rounding import rounded


@dataclass(frozen=True, slots=True)
class Calibration:
    """The sigmoid that turns log-odds into calibrated log-odds: slope * log-odds + offset, slope above 0.

    Both are rounded (``rounding``).
    """

    slope: float
    offset: float

    @classmethod
    def fit(
        cls,
        log_odds: NDArray[np.float64],
        labels: NDArray[np.bool_],
        weights: NDArray[np.float64] | None = None,
    ) -> Calibration:
        """Fit on pairs of identities that the head was not fitted on.

        Parameters
        ----------
        log_odds, labels, weights : ndarray of shape (n,)
            Weights say how many accounts each stands for; by default all alike.

        Raises
        ------
        TrainingError
            If the slope would not be above 0.
        """
        from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - serving fits nothing and goes without

        logistic = LogisticRegression(C=np.inf).fit(log_odds.reshape(-1, 1), labels, weights)
        slope, offset = rounded(float(logistic.coef_[0, 0])), rounded(float(logistic.intercept_[0]))
        if not slope > 0:
            raise TrainingError("the score does not rise with the share of impersonations; add protected accounts")
        return cls(slope, offset)
