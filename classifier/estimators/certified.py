"""Certified thresholds for scikit-learn: a classifier that says nothing uncertified, and the figure to rank by."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, MetaEstimatorMixin, clone
from sklearn.exceptions import UndefinedMetricWarning
from sklearn.metrics import make_scorer
from sklearn.model_selection import GroupShuffleSplit, StratifiedShuffleSplit
from sklearn.utils import _safe_indexing, check_array, check_random_state, column_or_1d, get_tags, indexable
from sklearn.utils.validation import check_is_fitted

from classifier.certification.neyman_pearson import certify, smallest_sample
from classifier.estimators.impersonation import genuine_and_attack

Floats = NDArray[np.float64]
# Half of the identities to fit on, half to certify on: a certificate needs as many as it needs.
CERTIFYING_SHARE = 0.5


class CertifiedClassifier(MetaEstimatorMixin, ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Says the second class only above a certified threshold, and of nobody without a certificate.

    Like scikit-learn's ``FixedThresholdClassifier``, with the threshold of ``neyman_pearson.certify``. At most
    ``alpha`` of the genuine accounts of a population like its own are above it, with confidence 1 - ``delta``.

    Parameters
    ----------
    estimator : classifier with ``predict_proba``
        Fitted on one part of the identities; certified on the others.
    alpha, delta : float
        As in ``neyman_pearson.certify``.
    random_state : int, RandomState or None
        Which identities go to which part, and which account of an identity counts.

    Attributes
    ----------
    certificate_ : Certificate or None
        ``None`` where there are fewer genuine identities than ``neyman_pearson.smallest_sample`` asks for: then nobody
        is said to be an impersonator. There is no other threshold to fall back to.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> X, y = [[0.0], [0.1], [0.9], [1.0]] * 40, [0, 0, 1, 1] * 40
    >>> model = CertifiedClassifier(LogisticRegression(), alpha=0.1, random_state=0).fit(X, y)
    >>> model.certificate_.n, model.predict([[1.0]])
    (40, array([1]))
    >>> strict = CertifiedClassifier(LogisticRegression(), alpha=0.001, random_state=0).fit(X, y)
    >>> strict.certificate_, strict.predict([[1.0]])
    (None, array([0]))
    """

    def __init__(
        self,
        estimator: Any,
        *,
        alpha: float = 0.001,
        delta: float = 0.05,
        random_state: int | np.random.RandomState | None = None,
    ) -> None:
        self.estimator = estimator
        self.alpha = alpha
        self.delta = delta
        self.random_state = random_state

    def fit(self, X: Any, y: ArrayLike, groups: ArrayLike | None = None, **fit_params: Any) -> Self:  # noqa: N803
        """Fit the estimator on half of the identities and certify on the other half.

        Parameters
        ----------
        groups : array-like of shape (n_samples,), optional
            The identities, which are never parted; by default every row is its own.
        **fit_params
            For the estimator; of arrays as long as ``X`` its part.
        """
        if y is None:
            raise ValueError(f"{type(self).__name__} requires y to be passed, but the target y is None")
        X, y = indexable(X, y)  # noqa: N806
        labels = column_or_1d(check_array(y, ensure_2d=False, dtype=None, input_name="y"), warn=True)
        smallest_sample(self.alpha, self.delta)  # refuses rates outside (0, 1) before anything is fitted
        self.classes_ = genuine_and_attack(labels, type(self).__name__)
        kind = StratifiedShuffleSplit if groups is None else GroupShuffleSplit
        splitter = kind(n_splits=1, test_size=CERTIFYING_SHARE, random_state=self.random_state)
        owners = None if groups is None else np.asarray(groups)
        fitting, certifying = next(splitter.split(np.zeros(len(labels)), labels, owners))
        params = {name: _part(value, fitting, len(labels)) for name, value in fit_params.items()}
        self.estimator_ = clone(self.estimator).fit(_part(X, fitting, len(labels)), labels[fitting], **params)
        for name in ("n_features_in_", "feature_names_in_"):
            if hasattr(self.estimator_, name):
                setattr(self, name, getattr(self.estimator_, name))
        return self.certify(
            _part(X, certifying, len(labels)), labels[certifying], None if owners is None else owners[certifying]
        )

    def certify(
        self,
        X: Any,  # noqa: N803
        y: ArrayLike,
        groups: ArrayLike | None = None,
        *,
        population: str = "held out",
    ) -> Self:
        """Certify the fitted estimator on other rows: identities that it was not fitted on.

        Parameters
        ----------
        population : str
            What the accounts were drawn from, for the certificate.
        """
        check_is_fitted(self, "estimator_")
        scores, labels = self.predict_proba(X)[:, 1], np.asarray(y)
        genuine = _one_each(scores, labels != self.classes_[1], groups, self.random_state)
        self.certificate_ = certify(genuine, alpha=self.alpha, delta=self.delta, population=population)
        return self

    def predict_proba(self, X: Any) -> Floats:  # noqa: N803
        """Return the estimator's probabilities, shape (n_samples, 2)."""
        check_is_fitted(self, "estimator_")
        probabilities: Floats = self.estimator_.predict_proba(X)
        return probabilities

    def predict(self, X: Any) -> NDArray[np.generic]:  # noqa: N803
        """Return the second class where its probability is above the certified threshold, the first elsewhere."""
        scores = self.predict_proba(X)[:, 1]
        is_second = np.zeros(len(scores), int)
        if self.certificate_ is not None:
            is_second = np.array([self.certificate_.covers(score) for score in scores.tolist()], dtype=int)
        said: NDArray[np.generic] = self.classes_[is_second]
        return said

    def __sklearn_tags__(self):  # type: ignore[no-untyped-def]
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        tags.input_tags = get_tags(self.estimator).input_tags
        return tags


def share_found(
    y_true: ArrayLike,
    y_score: ArrayLike,
    *,
    alpha: float = 0.01,
    delta: float = 0.05,
    groups: ArrayLike | None = None,
    random_state: int = 0,
) -> float:
    """Return the share of attacks above the threshold that the genuine accounts allow: what a model is worth here.

    Parameters
    ----------
    y_true : array-like of shape (n_samples,)
        True or the second of two classes for attacks.
    y_score : array-like of shape (n_samples,)
        Probabilities of impersonation.
    alpha, delta : float
        As in ``neyman_pearson.certify``.
    groups : array-like of shape (n_samples,), optional
        The identities, of which one genuine account each is drawn; by default every row is its own.

    Returns
    -------
    float
        In [0, 1]; 0 with an ``UndefinedMetricWarning`` where no threshold can be certified, because then nobody is
        found. To rank models by: a threshold that was chosen and measured on the same attacks' fold certifies nobody.

    Examples
    --------
    >>> share_found([0] * 300 + [1] * 4, [0.1] * 299 + [0.5] + [0.4, 0.6, 0.7, 0.8])
    0.75
    """
    scores, labels = np.asarray(y_score, dtype=float), np.asarray(y_true)
    is_attack = labels == genuine_and_attack(labels, "share_found")[1]
    genuine = _one_each(scores, ~is_attack, groups, random_state)
    certificate = certify(genuine, alpha=alpha, delta=delta, population="a fold")
    if certificate is None:
        warnings.warn(
            f"no certificate, so nobody is found: {len(genuine)} genuine identities, and alpha = {alpha:g} takes "
            f"{smallest_sample(alpha, delta)}; give more, or rank by a larger alpha",
            UndefinedMetricWarning,
            stacklevel=2,
        )
        return 0.0
    return float(np.mean([certificate.covers(score) for score in scores[is_attack].tolist()]))


def found_scorer(*, alpha: float = 0.01, delta: float = 0.05) -> Any:
    """Return ``share_found`` as a scorer for ``GridSearchCV``; it takes ``groups`` after ``set_score_request``."""
    return make_scorer(share_found, response_method="predict_proba", alpha=alpha, delta=delta)


def _one_each(scores: Floats, is_genuine: NDArray[np.bool_], groups: ArrayLike | None, random_state: Any) -> Floats:
    """Return the score of one genuine account of each identity, drawn evenly: a certificate counts independent ones."""
    rows = np.flatnonzero(is_genuine)
    if groups is not None:
        rows = check_random_state(random_state).permutation(rows)
        rows = rows[np.unique(np.asarray(groups)[rows], return_index=True)[1]]
    one_each: Floats = scores[rows]
    return one_each


def _part(value: Any, rows: NDArray[np.intp], n: int) -> Any:
    size = value.shape[0] if hasattr(value, "shape") else len(value) if isinstance(value, Sequence) else None
    is_by_row = size == n and not isinstance(value, str)
    return _safe_indexing(value, rows) if is_by_row else value
