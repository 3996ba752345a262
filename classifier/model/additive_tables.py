"""A fitted additive model as plain arrays: an intercept, and a step table and a line for each feature.

This is all that scoring needs, and all that is stored: nothing here fits, and nothing here needs scikit-learn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from classifier.model.additive_kernel import add_up

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AdditiveTables:
    """Log-odds as an intercept plus one contribution a feature; a missing value contributes nothing.

    Attributes
    ----------
    intercept : float
        Log-odds of a pair of which nothing is known.
    edges : tuple of ndarray of shape (n_steps - 1,)
        Where each feature's steps begin, rising; a value equal to an edge belongs to the step above it.
    tables : tuple of ndarray of shape (n_steps,)
        Each step's contribution to the log-odds, relative to missing.
    linear : float
        How much of the line is added, in [0, 1].
    centres, slopes : ndarray of shape (n_features,)
        The line of each feature: ``slopes * (values - centres)``.

    Examples
    --------
    >>> tables = AdditiveTables(
    ...     intercept=-1.0, edges=(np.array([0.5]),), tables=(np.array([-2.0, 3.0]),),
    ...     linear=0.0, centres=np.zeros(1), slopes=np.zeros(1),
    ... )
    >>> tables.log_odds(np.array([[0.1], [0.5], [np.nan]])).tolist()
    [-3.0, 2.0, -1.0]
    """

    intercept: float
    edges: tuple[Floats, ...]
    tables: tuple[Floats, ...]
    linear: float
    centres: Floats
    slopes: Floats
    _padded_edges: Floats = field(init=False, repr=False)
    _padded_tables: Floats = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_padded_edges", _padded(self.edges, np.inf))
        object.__setattr__(self, "_padded_tables", _padded(self.tables, 0.0))

    def contributions(self, values: Floats) -> Floats:
        """Return what each feature adds to the log-odds, shape (n_samples, n_features); 0 where missing.

        Parameters
        ----------
        values : ndarray of float64, shape (n_samples, n_features)
            Not checked: for serving, where checking takes longer than adding.
        """
        added: Floats = add_up(
            np.ascontiguousarray(values),
            self._padded_edges,
            self._padded_tables,
            self.linear,
            self.centres,
            self.slopes,
        )
        return added

    def log_odds(self, values: Floats) -> Floats:
        """Return the log-odds, shape (n_samples,), of values of shape (n_samples, n_features)."""
        total: Floats = self.intercept + self.contributions(values).sum(axis=1)
        return total


def _padded(rows: Sequence[Floats], filling: float) -> Floats:
    """Return rows of several lengths as one array, filled up behind each."""
    padded = np.full((len(rows), max(map(len, rows))), filling)
    for row, values in zip(padded, rows, strict=True):
        row[: len(values)] = values
    return padded
