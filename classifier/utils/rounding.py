"""Rounding: what an optimiser found, to as many digits as every processor agrees on.

An optimiser adds up by BLAS, which has other kernels for other processors, and these add in another order. What it
finds differs from the fourteenth digit on, and the bytes of a model, and so its id, would differ with it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

DIGITS = 7


def rounded(value: float) -> float:
    """Return a number to ``DIGITS`` significant digits.

    Examples
    --------
    >>> rounded(1.358526320297455) == rounded(1.3585263202974578) == 1.358526
    True
    """
    return float(f"{value:.{DIGITS}g}")


def all_rounded(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return an array of shape (n,) with each number rounded."""
    return np.array([rounded(value) for value in values.tolist()], np.float64)
