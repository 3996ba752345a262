"""Pairs as DataFrames, and the transformer that turns them into the features of the classifier."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin

from classifier.accounts.account import Account, ProtectedAccount
from classifier.accounts.normal_forms import View
from classifier.errors import InputError
from classifier.features import FEATURE_NAMES, Feature, compute
from classifier.registry.dataframes import account_frame, accounts_of, protected_of
from classifier.registry.registry import Registry
from classifier.simulation import Case
from classifier.training.pairs import identity

PROTECTED = "protected_"  # how the columns of the protected account begin


def pairs_of(cases: Iterable[Case]) -> pd.DataFrame:
    """Return cases as a DataFrame of pairs, each with the account it was made from; ordinary accounts have none.

    Returns
    -------
    DataFrame
        The account columns, ``target_handle``, ``label`` and ``family``, and ``identity`` for ``groups``.
    """
    kept = [case for case in cases if case.family != "ordinary"]
    frame = account_frame([case.account for case in kept])
    return frame.assign(
        target_handle=[case.protected.handle for case in kept],
        label=[case.label for case in kept],
        family=[case.family for case in kept],
        identity=[identity(case.protected) for case in kept],
    )


def identities(pairs: pd.DataFrame, registry: Registry | None = None, *, platform: str | None = None) -> pd.Series:
    """Return whom each pair is about, for the ``groups`` of scikit-learn's splitters; raises as ``PairFeatures``."""
    found = _protected(pairs, accounts_of(pairs, now=datetime.now(UTC), platform=platform), registry)
    return pd.Series([identity(account) for account in found], index=pairs.index, name="identity")


def _protected(pairs: pd.DataFrame, reported: Sequence[Account], registry: Registry | None) -> list[ProtectedAccount]:
    own = [name for name in map(str, pairs.columns) if name.startswith(PROTECTED)]
    if own:
        frame = pairs[own].rename(columns=lambda name: str(name).removeprefix(PROTECTED))
        try:
            return protected_of(frame, now=datetime.now(UTC))
        except InputError as error:
            raise InputError(error.message, field=f"{PROTECTED}{error.field}", row=error.row) from error
    if registry is None or "target_handle" not in pairs:
        raise InputError(
            f"whom is it compared with? Give target_handle and a registry, or columns that begin with {PROTECTED}",
            field="target_handle",
        )
    given = pairs["target_handle"].astype(object).where(pairs["target_handle"].notna(), None)
    return [
        _target(registry, handle, account.platform, row)
        for row, (handle, account) in enumerate(zip(given, reported, strict=True), start=1)
    ]


def _target(registry: Registry, handle: object, platform: str | None, row: int) -> ProtectedAccount:
    found = None
    if handle is not None and str(handle).strip():
        found = registry.identify(Account(handle=str(handle).strip(), platform=platform))
    if found is None:
        raise InputError("is not in the registry; add that account, or correct it", field="target_handle", row=row)
    return found.protected


class PairFeatures(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn is untyped
    """Turns a DataFrame of pairs into the features of the classifier. Stateless: nothing is learned.

    Parameters
    ----------
    registry : Registry, optional
        Where ``target_handle`` is looked up; not needed where the pairs have columns that begin with ``protected_``.
    features : sequence of str, optional
        Names of the features wanted, in this order; by default all of ``FEATURE_NAMES``.
    extra : sequence of Feature
        Further features to try, of ``Feature.of``; behind the others.
    platform : str, optional
        For rows that name none.

    Examples
    --------
    >>> from classifier.accounts.account import ProtectedAccount
    >>> registry = Registry([ProtectedAccount(platform="x", handle="northwindjane", display_name="Jane North")])
    >>> pairs = pd.DataFrame({"handle": ["n0rthwindjane"], "display_name": ["Jane North"], "platform": ["x"],
    ...                       "target_handle": ["northwindjane"]})
    >>> PairFeatures(registry, features=["name_similarity", "handle_look_alike"]).transform(pairs)
       name_similarity  handle_look_alike
    0              1.0                1.0
    """

    def __init__(
        self,
        registry: Registry | None = None,
        *,
        features: Sequence[str] | None = None,
        extra: Sequence[Feature] = (),
        platform: str | None = None,
    ) -> None:
        self.registry = registry
        self.features = features
        self.extra = extra
        self.platform = platform

    def fit(self, X: pd.DataFrame, y: object = None) -> Self:  # noqa: N803, ARG002
        """Check the parameters; there is nothing to learn."""
        self._places()
        return self

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:  # noqa: N803
        """Return the features, one row a pair under the index of ``X``, NaN where missing.

        Raises
        ------
        InputError
            If a row holds no account or no target, named with its row and field: a transformer cannot leave a row out.
        """
        places = self._places()
        if not isinstance(X, pd.DataFrame):
            raise InputError("pairs are a DataFrame with named columns: at least handle and target_handle")
        reported = accounts_of(X, now=datetime.now(UTC), platform=self.platform)
        protected = _protected(X, reported, self.registry)
        others = {fromkey: View(fromkey) for fromkey in dict.fromkeys(protected)}
        pairs = [(View(one), others[other]) for one, other in zip(reported, protected, strict=True)]
        values = compute(pairs)[:, places]
        further = [[feature.compute(*pair) for feature in self.extra] for pair in pairs]
        table = np.column_stack([values, np.array(further, dtype=float).reshape(len(pairs), len(self.extra))])
        return pd.DataFrame(table, columns=self.get_feature_names_out(), index=X.index)

    def get_feature_names_out(self, input_features: object = None) -> NDArray[np.object_]:  # noqa: ARG002
        """Return the names of the features, in order."""
        wanted = FEATURE_NAMES if self.features is None else self.features
        return np.array([*wanted, *(feature.name for feature in self.extra)], dtype=object)

    def _places(self) -> list[int]:
        wanted = FEATURE_NAMES if self.features is None else tuple(self.features)
        unknown = [name for name in wanted if name not in FEATURE_NAMES]
        names = [*wanted, *(feature.name for feature in self.extra)]
        if unknown or len(set(names)) < len(names):
            raise InputError(
                f"unknown or named twice: {', '.join(unknown) or 'a feature'}; features.FEATURE_NAMES are known"
            )
        return [FEATURE_NAMES.index(name) for name in wanted]

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def __sklearn_tags__(self):  # type: ignore[no-untyped-def]
        tags = super().__sklearn_tags__()
        tags.requires_fit = False
        tags.no_validation = True  # a row of strings, counts and times, not of numbers
        tags.input_tags.two_d_array = False
        tags.input_tags.string = True
        return tags
