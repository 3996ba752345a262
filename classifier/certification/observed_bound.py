"""What a sample shows of a rate: the highest rate that its errors leave believable.

References
----------
C. J. Clopper, E. S. Pearson (1934), "The use of confidence or fiducial limits illustrated in the case of the binomial",
Biometrika 26(4), 404-413, https://doi.org/10.1093/biomet/26.4.404
"""

from __future__ import annotations


def observed_bound(errors: int, n: int, *, delta: float = 0.05) -> float:
    """Return the one-sided upper bound of Clopper and Pearson on an error rate.

    Parameters
    ----------
    errors, n : int
        Errors, and independent cases, ``0 <= errors <= n``.
    delta : float
        The probability of missing the true rate, at most, in (0, 1).

    Returns
    -------
    float
        In (0, 1]; 1 where nothing was seen, and where all cases are errors.

    Raises
    ------
    ValueError

    Examples
    --------
    >>> round(observed_bound(0, 59), 4), round(observed_bound(1, 20), 4), observed_bound(0, 0)
    (0.0495, 0.2161, 1.0)
    """
    from scipy.special import betaincinv  # noqa: PLC0415 - it loads slowly, and scoring certifies nothing

    if not (0 <= errors <= n and 0.0 < delta < 1.0):
        raise ValueError("errors must lie between 0 and n, delta strictly between 0 and 1")
    return 1.0 if errors == n else float(betaincinv(errors + 1, n - errors, 1.0 - delta))
