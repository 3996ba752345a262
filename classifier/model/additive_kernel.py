"""The compiled loops of ``model``: one step of each feature's table, the straight line beside it, and probabilities."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from classifier.utils.jit import compiled

_Floats = NDArray[np.float64]


@compiled
def add_up(
    values: _Floats, edges: _Floats, tables: _Floats, linear: float, centres: _Floats, slopes: _Floats
) -> _Floats:
    """Return what each feature adds to the log-odds, shape (n_pairs, n_features); 0 where missing.

    Parameters
    ----------
    values : ndarray of shape (n_pairs, n_features)
    edges, tables : ndarray of shape (n_features, ...)
        Where each feature's steps begin, infinity behind the last, and what each adds.
    linear : float
        How much of the line is added: ``slopes * (values - centres)``.
    """
    added = np.zeros(values.shape)
    for row in range(values.shape[0]):
        for feature in range(values.shape[1]):
            value = values[row, feature]
            if not np.isnan(value):
                step = 0
                while step < edges.shape[1] and value >= edges[feature, step]:  # most features have few
                    step += 1
                line = (value - centres[feature]) * slopes[feature]
                added[row, feature] = tables[feature, step] + linear * line
    return added


@compiled
def expit(log_odds: _Floats) -> _Floats:
    """Return probabilities, shape (n_pairs,): to the bit what ``scipy.special.expit`` does, which takes long to import.

    Parameters
    ----------
    log_odds : ndarray of shape (n_pairs,)
    """
    found = np.empty(log_odds.size)
    for pair in range(log_odds.size):
        found[pair] = 1.0 / (1.0 + math.exp(-log_odds[pair]))
    return found
