"""Protected accounts drawn again with all cases around them, because cases around one account resemble each other.

References
----------
C. A. Field, A. H. Welsh (2007), "Bootstrapping clustered data", Journal of the Royal Statistical Society B 69, 369-390
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

# With fewer protected accounts, drawing them again says too little about others.
LEAST_IDENTITIES = 20
_AT_ONCE = 500


def draw_identities(number: int, *, draws: int, rng: np.random.Generator) -> Iterator[NDArray[np.float64]]:
    """Yield how often each protected account is drawn: ``draws`` times ``number`` accounts with replacement.

    Parameters
    ----------
    number : int
        Protected accounts, at least 1.
    draws : int
        A multiple of 500.

    Yields
    ------
    ndarray of shape (500, number)
        Each row adds up to ``number``.

    Examples
    --------
    >>> [part.shape for part in draw_identities(3, draws=1000, rng=np.random.default_rng(0))]
    [(500, 3), (500, 3)]
    """
    for _ in range(draws // _AT_ONCE):
        yield rng.multinomial(number, np.full(number, 1 / number), size=_AT_ONCE).astype(float)
