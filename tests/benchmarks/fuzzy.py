"""What somebody would build in an afternoon: rapidfuzz over all protected accounts, and a pipeline of scikit-learn.

A reported handle and name are compared with each protected handle and name (``process.cdist``, Jaro-Winkler). The
likeliest of them is the target, and five numbers of the pair go to a logistic regression, which is fitted at the start
on simulated accounts. There is no normal form, no direction, no policy and no record.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log10

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from classifier.accounts.account import Account, ProtectedAccount
from classifier.simulation import simulate

# Protected accounts around which the accounts to learn from are simulated.
LEARNED_FROM = 6
Floats = NDArray[np.float64]


class FuzzyModel:
    """Tells how likely an account imitates which of the protected ones."""

    def __init__(self, protected: Sequence[ProtectedAccount], seed: int = 0) -> None:
        self.protected = protected
        self._handles = [one.handle.lower() for one in protected]
        self._names = [(one.display_name or "").lower() for one in protected]
        rng = np.random.default_rng(seed)
        some = [protected[place] for place in rng.integers(0, len(protected), LEARNED_FROM)]
        cases = list(simulate(some, seed=seed))
        found = [self._nearest(case.account)[1] for case in cases]
        is_attack = [case.label == "impersonation" for case in cases]
        self._pipeline: Pipeline = make_pipeline(StandardScaler(), LogisticRegression()).fit(found, is_attack)

    def ask(self, account: Account) -> tuple[ProtectedAccount, float]:
        """Return the likeliest target of an account, and how likely it is that the account imitates it."""
        target, numbers = self._nearest(account)
        return target, float(self._pipeline.predict_proba(numbers[np.newaxis])[0, 1])

    def _nearest(self, account: Account) -> tuple[ProtectedAccount, Floats]:
        handles = _likeness(account.handle, self._handles)
        names = _likeness(account.display_name, self._names)
        place = int((handles + names).argmax())
        target = self.protected[place]
        known = (account.followers, account.posts, target.followers)
        return target, np.array([handles[place], names[place], *(log10(1 + (count or 0)) for count in known)])


def _likeness(text: str | None, others: Sequence[str]) -> Floats:
    found: Floats = process.cdist([(text or "").lower()], others, scorer=JaroWinkler.similarity, dtype=np.float64)[0]
    return found
