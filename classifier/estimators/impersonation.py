"""The head of impersonation as a scikit-learn classifier over any of the features, calibrated."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from sklearn.base import clone
from sklearn.model_selection import GroupKFold, StratifiedKFold
from sklearn.utils.validation import check_is_fitted, validate_data

from classifier.errors import InputError, TrainingError
from classifier.features import FEATURE_NAMES, MONOTONE
from classifier.model.additive import AdditiveClassifier, LogOddsClassifier, two_classes
from classifier.model.pair_model import IMPERSONATION_HEAD
from classifier.model.platt import Calibration

Floats = NDArray[np.float64]
SIGNS: Mapping[str, int] = dict(zip(FEATURE_NAMES, MONOTONE, strict=True))
CALIBRATING_FOLDS = 3


class ImpersonationClassifier(LogOddsClassifier):
    """Tells impersonation from everything else, calibrated: the head that ``training`` fits, over any of the features.

    More followers, greater age and a verification never raise the probability: columns that are named like a feature
    have its sign, which no parameter changes. Its prediction is the likelier class and clears nobody: that takes
    ``CertifiedClassifier``.

    Parameters
    ----------
    monotone : mapping of str to {-1, 0, 1}, optional
        Signs of further columns, by name.
    steps, linear, max_iter, learning_rate, min_samples_leaf, l2_regularization, random_state
        As in ``AdditiveClassifier``.

    Attributes
    ----------
    head_ : AdditiveClassifier
        Fitted on all rows.
    calibration_ : Calibration or None
        Of log-odds of rows whose identity was not fitted on. ``None`` where they do not rise with the share of
        impersonations: then every probability is that share.
    prior_ : float
        The share of the second class.

    Examples
    --------
    >>> X = pd.DataFrame({"name_similarity": [0.1, 0.2, 0.9, 1.0] * 20, "followers": [1.0, 3.0, 2.0, 4.0] * 20})
    >>> model = ImpersonationClassifier(max_iter=20).fit(X, [0, 0, 1, 1] * 20, groups=[*range(20)] * 4)
    >>> float(model.predict_proba(X)[3, 1]) > 0.9
    True
    """

    def __init__(
        self,
        *,
        monotone: Mapping[str, int] | None = None,
        steps: int = 32,
        linear: float = IMPERSONATION_HEAD["linear"],
        max_iter: int = IMPERSONATION_HEAD["max_iter"],
        learning_rate: float = IMPERSONATION_HEAD["learning_rate"],
        min_samples_leaf: int = 20,
        l2_regularization: float = 1.0,
        random_state: int | np.random.RandomState | None = None,
    ) -> None:
        self.monotone = monotone
        self.steps = steps
        self.linear = linear
        self.max_iter = max_iter
        self.learning_rate = learning_rate
        self.min_samples_leaf = min_samples_leaf
        self.l2_regularization = l2_regularization
        self.random_state = random_state

    def fit(
        self,
        X: ArrayLike,  # noqa: N803
        y: ArrayLike,
        sample_weight: ArrayLike | None = None,
        groups: ArrayLike | None = None,
    ) -> Self:
        """Fit and calibrate.

        Parameters
        ----------
        X : DataFrame or array-like of shape (n_samples, n_features)
            NaN where missing. Only a DataFrame has names, and with them signs.
        groups : array-like of shape (n_samples,), optional
            The identities: calibration is then on others than were fitted on.
        """
        values, labels = validate_data(self, X, y, ensure_all_finite="allow-nan", dtype=float)
        weights = None if sample_weight is None else np.asarray(sample_weight, dtype=float)
        if weights is not None and not weights.all():  # what counts nothing is not there
            kept = weights != 0.0
            if not kept.any():
                raise ValueError("every sample_weight is zero: nothing is left to learn from")
            values, labels, weights = values[kept], labels[kept], weights[kept]
            groups = None if groups is None else np.asarray(groups)[kept]
        self.classes_ = genuine_and_attack(labels, type(self).__name__)
        is_second = labels == self.classes_[1]
        names = ("steps", "linear", "max_iter", "learning_rate", "min_samples_leaf", "l2_regularization")
        head = AdditiveClassifier(
            monotone=self._signs(), random_state=self.random_state, **{name: getattr(self, name) for name in names}
        )
        self.head_ = clone(head).fit(values, is_second, sample_weight=weights)
        self.prior_ = float(np.average(is_second, weights=weights))
        self.calibration_ = _calibrated(head, values, is_second, weights, groups)
        return self

    def _signs(self) -> list[int]:
        names = getattr(self, "feature_names_in_", None)
        if names is None:
            if self.monotone is not None:
                raise InputError("signs go by name: give a DataFrame", field="monotone")
            return [0] * self.n_features_in_
        return [(self.monotone or {}).get(name, 0) if name not in SIGNS else SIGNS[name] for name in names]

    def contributions(self, X: ArrayLike) -> pd.DataFrame:  # noqa: N803
        """Return what each feature adds to the log-odds; 0 where missing."""
        check_is_fitted(self)
        values = validate_data(self, X, ensure_all_finite="allow-nan", dtype=float, reset=False)
        slope = 0.0 if self.calibration_ is None else self.calibration_.slope
        names = getattr(self, "feature_names_in_", None)
        return pd.DataFrame(
            slope * self.head_.fitted_.contributions(values), columns=names, index=getattr(X, "index", None)
        )

    def decision_function(self, X: ArrayLike) -> Floats:  # noqa: N803
        """Return the calibrated log-odds of the second class, shape (n_samples,)."""
        check_is_fitted(self)
        values = validate_data(self, X, ensure_all_finite="allow-nan", dtype=float, reset=False)
        if self.calibration_ is None:
            return np.full(len(values), math.log(self.prior_ / (1.0 - self.prior_)))
        log_odds: Floats = self.calibration_.slope * self.head_.decision_function(values) + self.calibration_.offset
        return log_odds


def genuine_and_attack(labels: ArrayLike, name: str) -> NDArray[np.generic]:
    """Return the two classes among labels, the second of which is the attack, as scikit-learn sorts them.

    Raises
    ------
    ValueError
        As ``two_classes``, and if "impersonation" would be the first: signs and thresholds would be turned round.
    """
    classes = two_classes(labels, name)
    if classes[0] == "impersonation":
        raise ValueError("the attack must be the second class: give y as booleans, labels == 'impersonation'")
    return classes


def _calibrated(
    head: AdditiveClassifier,
    values: Floats,
    is_second: NDArray[np.bool_],
    weights: Floats | None,
    groups: ArrayLike | None,
) -> Calibration | None:
    rarer = int(min(is_second.sum(), (~is_second).sum()))
    folds = min(CALIBRATING_FOLDS, rarer if groups is None else len(np.unique(np.asarray(groups))))
    if folds < 2:
        return None
    cv = StratifiedKFold(folds) if groups is None else GroupKFold(folds)
    unseen = np.empty(len(values))
    for fitting, others in cv.split(values, is_second, None if groups is None else np.asarray(groups)):
        if is_second[fitting].all() or not is_second[fitting].any():
            return None
        own = None if weights is None else weights[fitting]
        fitted = clone(head).fit(values[fitting], is_second[fitting], sample_weight=own)
        unseen[others] = fitted.decision_function(values[others])
    try:
        return Calibration.fit(unseen, is_second)
    except TrainingError:
        return None
