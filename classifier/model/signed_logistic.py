"""Logistic regression whose coefficients keep a given sign, fitted where known and silent where missing.

scikit-learn's has no constraints on signs. This one is the usual penalised likelihood under bounds.

References
----------
R. H. Byrd, P. Lu, J. Nocedal, C. Zhu (1995), "A limited memory algorithm for bound constrained optimization",
SIAM J. Sci. Comput. 16(5), https://doi.org/10.1137/0916069 (L-BFGS-B)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

from classifier.utils.rounding import all_rounded, rounded

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SignedLogistic:
    """Log-odds as ``intercept + slopes * (x - centres)``, a missing x counting as its centre.

    Attributes
    ----------
    intercept : float
    slopes, centres : ndarray of shape (n_features,)
        A centre is the mean of the known values. Intercept and slopes are rounded (``rounding``).
    """

    intercept: float
    slopes: Floats
    centres: Floats

    @classmethod
    def fit(
        cls,
        values: Floats,
        is_second: NDArray[np.bool_],
        signs: Sequence[int],
        weights: Floats,
        *,
        strength: float = 0.05,
    ) -> SignedLogistic:
        """Fit on values of shape (n_samples, n_features), NaN where missing.

        Parameters
        ----------
        signs : sequence of {-1, 0, 1}
            For each feature whether its slope may be at most 0, anything, or at least 0.
        weights : ndarray of shape (n_samples,)
        strength : float
            The inverse of the penalty, as scikit-learn's ``C``, on features of unit variance.
        """
        known = ~np.isnan(values)
        counts = np.maximum(1, known.sum(axis=0))
        centres = np.where(known, values, 0.0).sum(axis=0) / counts
        centred = np.where(known, values - centres, 0.0)
        scales = np.sqrt((centred**2).sum(axis=0) / counts)
        scales[scales == 0.0] = 1.0
        scaled, labels, shares = centred / scales, is_second.astype(float), weights / weights.sum()
        penalty = 1.0 / (strength * len(values))

        def loss(parameters: Floats) -> tuple[float, Floats]:
            score = parameters[0] + scaled @ parameters[1:]
            gap = shares * (expit(score) - labels)
            value = shares @ (np.logaddexp(0.0, score) - labels * score) + penalty / 2 * (
                parameters[1:] @ parameters[1:]
            )
            return float(value), np.concatenate([[gap.sum()], scaled.T @ gap + penalty * parameters[1:]])

        bounds = [(None, None), *((0.0 if sign > 0 else None, 0.0 if sign < 0 else None) for sign in signs)]
        found = minimize(loss, np.zeros(scaled.shape[1] + 1), jac=True, bounds=bounds, method="L-BFGS-B").x
        return cls(rounded(float(found[0])), all_rounded(found[1:] / scales), centres)

    def contributions(self, values: Floats) -> Floats:
        """Return what each feature adds to the log-odds, shape (n_samples, n_features); 0 where missing."""
        added: Floats = np.where(np.isnan(values), 0.0, (values - self.centres) * self.slopes)
        return added
