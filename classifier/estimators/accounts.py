"""The head for the account alone as a scikit-learn classifier over a DataFrame of accounts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from classifier.model import account_model
from classifier.model.account_model import Authenticity
from classifier.registry.dataframes import accounts_of


class AccountClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn is untyped
    """Tells bought, spam and automated accounts from genuine ones: the scorecard of ``account_model`` over a DataFrame.

    Parameters
    ----------
    alpha, delta : float
        The bound of its certificate and the probability of missing it.
    audience : int
        The certificate speaks of genuine accounts with at least so many followers.
    platform : str, optional
        For rows that name none.

    Attributes
    ----------
    model_ : AccountModel
        What ``Workbench.train(account=...)`` takes.
    classes_ : ndarray of bool

    Examples
    --------
    >>> X = pd.DataFrame({"handle": [f"account{n}" for n in range(400)], "platform": "x",
    ...                   "followers": [1, 2, 900, 5000] * 100, "listed": [0, 0, 5, 40] * 100,
    ...                   "posts": [3, 700, 1, 9000] * 100})
    >>> y, sources = [True, True, False, False] * 100, ["one", "other"] * 200
    >>> model = AccountClassifier(alpha=0.1, audience=0).fit(X, y, sources=sources)
    >>> model.predict(X.head(4)).tolist()
    [True, True, False, False]
    """

    def __init__(
        self,
        *,
        alpha: float = account_model.ALPHA,
        delta: float = account_model.DELTA,
        audience: int = account_model.AUDIENCE,
        platform: str | None = None,
    ) -> None:
        self.alpha = alpha
        self.delta = delta
        self.audience = audience
        self.platform = platform

    def fit(self, X: pd.DataFrame, y: ArrayLike, sources: Sequence[str]) -> Self:  # noqa: N803
        """Learn from accounts; ``sources`` says what each was collected with, two at least.

        Raises
        ------
        InputError, TrainingError
            If a row holds no account, or as ``account_model.fit`` does.
        """
        accounts = accounts_of(X, now=datetime.now(UTC), platform=self.platform)
        labels = np.asarray(y, dtype=bool).tolist()
        self.model_ = account_model.fit(
            accounts, labels, list(sources), alpha=self.alpha, delta=self.delta, audience=self.audience
        )
        self.classes_ = np.array([False, True])
        return self

    def predict_proba(self, X: pd.DataFrame) -> NDArray[np.float64]:  # noqa: N803
        """Return the probabilities of both classes, shape (n_samples, 2); NaN where there is no answer."""
        found = [assessed.probability for assessed in self._assessed(X)]
        second = np.array([np.nan if probability is None else probability for probability in found], dtype=float)
        return np.column_stack([1.0 - second, second])

    def predict(self, X: pd.DataFrame) -> NDArray[np.bool_]:  # noqa: N803
        """Return who is above the certified threshold: nobody without a certificate, nobody without an answer."""
        return np.array([assessed.inauthentic is True for assessed in self._assessed(X)], dtype=bool)

    def _assessed(self, accounts: pd.DataFrame) -> list[Authenticity]:
        check_is_fitted(self)
        return self.model_.assess_many(accounts_of(accounts, now=datetime.now(UTC), platform=self.platform))

    def __sklearn_tags__(self):  # type: ignore[no-untyped-def]
        tags = super().__sklearn_tags__()
        tags.no_validation = True  # rows of strings, counts and times
        tags.input_tags.two_d_array = False
        tags.classifier_tags.multi_class = False
        return tags
