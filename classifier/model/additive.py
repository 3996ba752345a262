"""Additive classifiers: one step table and one line a feature, with the signs that R7 asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import check_is_fitted, validate_data

from classifier.model.additive_tables import AdditiveTables, Floats
from classifier.model.signed_logistic import SignedLogistic

# Log-odds that the line of a single feature adds at most, before calibration: odds of 150 to 1.
MOST_WEIGHT = 5.0


class LogOddsClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn is untyped
    """A boosted binary classifier that says log-odds, NaN allowed; what follows from them is written here once."""

    max_iter: int
    classes_: NDArray[np.generic]

    def decision_function(self, X: ArrayLike) -> Floats:  # noqa: N803
        """Return the log-odds of the second class, shape (n_samples,)."""
        raise NotImplementedError

    def predict_proba(self, X: ArrayLike) -> Floats:  # noqa: N803
        """Return the probabilities of both classes, shape (n_samples, 2)."""
        positive = expit(self.decision_function(X))
        return np.column_stack([1.0 - positive, positive])

    def predict(self, X: ArrayLike) -> NDArray[np.generic]:  # noqa: N803
        """Return the likelier class of each row, shape (n_samples,)."""
        is_second = self.decision_function(X) > 0
        likelier: NDArray[np.generic] = self.classes_[is_second.astype(int)]
        return likelier

    @property
    def n_iter_(self) -> int:
        """How many rounds of boosting were done: all, because none stops early."""
        return self.max_iter

    def __sklearn_tags__(self):  # type: ignore[no-untyped-def]
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.classifier_tags.multi_class = False
        return tags


class AdditiveClassifier(LogOddsClassifier):
    """Binary classifier whose log-odds are an intercept plus one step function a feature.

    Parameters
    ----------
    monotone : sequence of {-1, 0, 1}, optional
        For each feature whether the log-odds may only fall (-1), only rise (1) or both (0, default) with it.
    steps : int
        Steps a feature has at most, between 2 and 255.
    linear : float
        How much of a logistic regression with the same signs is mixed in, in [0, 1]: the log-odds are the weighted mean
        of both. Steps follow what they were fitted on closely and carry over less; lines the other way round.
    max_iter, learning_rate, min_samples_leaf, l2_regularization
        As in ``sklearn.ensemble.HistGradientBoostingClassifier``.
    random_state : int or RandomState, optional
        Which rows are binned where there are more than scikit-learn bins; of fewer, fitting is deterministic.

    Attributes
    ----------
    intercept_ : float
        Log-odds of a pair of which nothing is known.
    edges_ : list of ndarray of shape (n_steps - 1,)
        Where each feature's steps begin; a value equal to an edge belongs to the step above it.
    tables_ : list of ndarray of shape (n_steps,)
        Each step's contribution to the log-odds, relative to missing.
    line_ : SignedLogistic
        The logistic regression that is mixed in.
    fitted_ : AdditiveTables
        All of it as it is stored and served.

    Examples
    --------
    >>> X, y = [[0.0], [0.1], [0.9], [1.0]] * 20, [0, 0, 1, 1] * 20
    >>> AdditiveClassifier().fit(X, y).predict([[0.0], [1.0]])
    array([0, 1])
    """

    def __init__(
        self,
        *,
        monotone: Sequence[int] | None = None,
        steps: int = 32,
        linear: float = 0.0,
        max_iter: int = 200,
        learning_rate: float = 0.1,
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

    def fit(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> Self:  # noqa: N803
        """Fit on X of shape (n_samples, n_features), NaN where missing, and y of two classes."""
        values, labels = validate_data(self, X, y, ensure_all_finite="allow-nan", dtype=float)
        self.classes_ = two_classes(labels, type(self).__name__)
        self.edges_ = [_edges(column, self.steps) for column in values.T]
        boosting = HistGradientBoostingClassifier(
            interaction_cst="no_interactions",
            monotonic_cst=self.monotone,
            max_iter=self.max_iter,
            learning_rate=self.learning_rate,
            min_samples_leaf=self.min_samples_leaf,
            max_leaf_nodes=8,
            l2_regularization=self.l2_regularization,
            early_stopping=False,
            random_state=self.random_state,
        )
        is_second = labels == self.classes_[1]
        boosting.fit(self._steps_of(values), is_second, sample_weight=sample_weight)
        self._read_out(boosting)
        self._mix_in(values, is_second, np.ones(len(values)) if sample_weight is None else np.asarray(sample_weight))
        self.fitted_ = self._fitted()
        return self

    def contributions(self, X: ArrayLike) -> Floats:  # noqa: N803
        """Return what each feature adds to the log-odds, shape (n_samples, n_features); 0 where missing."""
        check_is_fitted(self)
        values = validate_data(self, X, ensure_all_finite="allow-nan", dtype=float, reset=False)
        return self.fitted_.contributions(values)

    def decision_function(self, X: ArrayLike) -> Floats:  # noqa: N803
        """Return the log-odds of the second class, shape (n_samples,)."""
        check_is_fitted(self)
        return self.fitted_.log_odds(validate_data(self, X, ensure_all_finite="allow-nan", dtype=float, reset=False))

    def _steps_of(self, values: Floats) -> Floats:
        steps = np.column_stack([np.searchsorted(e, c, "right") for c, e in zip(values.T, self.edges_, strict=True)])
        missing = np.isnan(values)
        # A feature that no row has is one step: boosting refuses a column without a value.
        return np.where(missing & ~missing.all(axis=0), np.nan, steps)

    def _read_out(self, boosting: HistGradientBoostingClassifier) -> None:
        unknown = np.full((1, len(self.edges_)), np.nan)
        base = float(boosting.decision_function(unknown)[0])
        self.intercept_, self.tables_ = base, []
        for steps in self._steps_alone(boosting, base):
            # Missing is neither match nor mismatch: never beyond the known values it stands between.
            missing = float(np.clip(0.0, steps.min(), steps.max()))
            self.intercept_ += missing
            self.tables_.append(steps - missing)

    def _steps_alone(self, boosting: HistGradientBoostingClassifier, base: float) -> list[Floats]:
        """Return what each step of each feature adds by itself, asked at once: every question runs all trees."""
        sizes = [len(edges) + 1 for edges in self.edges_]
        probes = np.full((sum(sizes), len(sizes)), np.nan)
        probes[np.arange(len(probes)), np.repeat(np.arange(len(sizes)), sizes)] = np.concatenate(
            [np.arange(size) for size in sizes]
        )
        return np.split(boosting.decision_function(probes) - base, np.cumsum(sizes)[:-1])

    def _mix_in(self, values: Floats, is_second: NDArray[np.bool_], weights: Floats) -> None:
        if self.linear == 0.0:
            return
        signs = [0] * values.shape[1] if self.monotone is None else self.monotone
        self.line_ = _bounded(SignedLogistic.fit(values, is_second, signs, weights), values)
        self.intercept_ = (1.0 - self.linear) * self.intercept_ + self.linear * self.line_.intercept
        self.tables_ = [(1.0 - self.linear) * table for table in self.tables_]

    def _fitted(self) -> AdditiveTables:
        nothing = np.zeros(len(self.edges_))
        return AdditiveTables(
            intercept=self.intercept_,
            edges=tuple(self.edges_),
            tables=tuple(self.tables_),
            linear=float(self.linear),
            centres=self.line_.centres if self.linear else nothing,
            slopes=self.line_.slopes if self.linear else nothing,
        )


def _bounded(line: SignedLogistic, values: Floats) -> SignedLogistic:
    """Return a line whose features add ``MOST_WEIGHT`` at most, for or against, among the values it was fitted on.

    What separates the simulation perfectly is a fault of the simulation: no feature may decide by itself.
    """
    reach = np.abs(np.nan_to_num(values - line.centres)).max(axis=0)
    most = np.divide(MOST_WEIGHT, reach, out=np.full(len(reach), np.inf), where=reach > 0.0)
    return replace(line, slopes=np.clip(line.slopes, -most, most))


def two_classes(labels: ArrayLike, name: str) -> NDArray[np.generic]:
    """Return the two classes among labels, sorted; refuse other targets in the words that scikit-learn looks for.

    Raises
    ------
    ValueError
        If the target is continuous or has one class or more than two.
    """
    check_classification_targets(labels)
    classes = np.unique(labels)
    if len(classes) > 2:
        kind = type_of_target(labels)
        raise ValueError(f"Only binary classification is supported, exactly two classes. The target is {kind}.")
    if len(classes) < 2:
        raise ValueError(f"{name} needs exactly two classes, and there is one class only")
    found: NDArray[np.generic] = classes
    return found


def _edges(column: Floats, steps: int) -> Floats:
    known = np.unique(column[~np.isnan(column)])
    if len(known) <= 1:
        return np.empty(0)
    if len(known) <= steps:
        return (known[1:] + known[:-1]) / 2
    # Half of the edges part the rows evenly, half the distinct values: where most rows share one value, such as "far
    # apart", the few that differ are what matters.
    of_rows, of_values = (np.linspace(0, 1, count + 2)[1:-1] for count in (steps // 2, (steps - 1) // 2))
    return np.unique(np.concatenate([np.quantile(column[~np.isnan(column)], of_rows), np.quantile(known, of_values)]))
