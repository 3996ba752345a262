"""Agreement of people who put the same things into kinds that have no order.

References
----------
K. Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability", https://repository.upenn.edu/asc_papers/43
A. F. Hayes, K. Krippendorff (2007), "Answering the call for a standard reliability measure for coding data",
Communication Methods and Measures 1(1), https://doi.org/10.1080/19312450709336664
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence


def krippendorff_alpha(units: Iterable[Sequence[Hashable]]) -> float | None:
    """Return Krippendorff's alpha for nominal values: 1 - observed / expected disagreement.

    Of unit u with m_u >= 2 values, n_uc of them c; n values in all such units, n_c of them c::

        observed  = sum over u of (m_u^2 - sum over c of n_uc^2) / (m_u - 1) / n
        expected  = (n^2 - sum over c of n_c^2) / (n (n - 1))

    Parameters
    ----------
    units : iterable of sequences
        The values that each unit was given, by however many labellers; a unit with fewer than two says nothing.

    Returns
    -------
    float or None
        At most 1; ``None`` without two values of one unit, or where all values are the same: without variation nothing
        shows that labellers could tell values apart.

    References
    ----------
    Krippendorff (2011), part C (nominal data, any number of observers, missing data).

    Examples
    --------
    >>> krippendorff_alpha(["aa", "bb", "ab"])  # one of three pairs disagrees: 1 - 5 * 2 / 18
    0.4444444444444444
    """
    totals: Counter[Hashable] = Counter()
    disagreement = 0.0
    for unit in units:
        if len(unit) < 2:
            continue
        counts = Counter(unit)
        totals.update(counts)
        disagreement += _different_pairs(counts) / (len(unit) - 1)
    expected = _different_pairs(totals)
    return 1.0 - (totals.total() - 1) * disagreement / expected if expected else None


def _different_pairs(counts: Counter[Hashable]) -> int:
    """Return how many ordered pairs of values differ."""
    return counts.total() ** 2 - sum(count**2 for count in counts.values())
