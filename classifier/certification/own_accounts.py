"""The own certificate: what an operator's genuine accounts say of a certified threshold; the stricter holds. Pure.

Rules:

1. An error is what a certificate counts: a genuine account that scores above the tier's threshold, whichever tier it
   resembles. The policy asks more before it clears one; ``cleared`` counts those that pass all of it.
2. The level comes first: alpha and delta are the certificate's, fixed before an account is read.
3. Accounts that resemble no protected one dilute. So whatever is asked of all accounts is asked of those that resemble
   one too, and the stricter answer counts.
4. Own accounts only ever raise a threshold. Too few of them change nothing; where even few contradict the certificate,
   and no other threshold can be certified on them, nothing of the tier is cleared (R9).

References
----------
``neyman_pearson`` for thresholds, ``observed_bound`` for bounds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from classifier.certification.neyman_pearson import Certificate, OwnBound, certify, smallest_sample
from classifier.certification.observed_bound import observed_bound

# The bounds that are named as the next one to reach, the loosest first: 1, 2 and 5 of each power of ten.
RUNGS = tuple(digit / 10**power for power in range(1, 6) for digit in (5, 2, 1))
# How near each account came to being cleared; ``None`` where it resembles no protected account.
Scores = Sequence[float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCertificate:
    """What was certified on somebody's own genuine accounts; it names none of them.

    Attributes
    ----------
    model_id, registry_version, policy_version : str
        What the accounts were scored by.
    at, by : str
        When, RFC 3339, and who certified.
    inputs : tuple of str
        The SHA-256 of each file.
    left_out : mapping of str to int
        Rows that do not count, by reason.
    tiers : mapping of str to OwnBound
    """

    model_id: str
    registry_version: str
    policy_version: str
    at: str
    by: str
    inputs: tuple[str, ...]
    left_out: Mapping[str, int]
    tiers: Mapping[str, OwnBound]

    def plain(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return asdict(self) | {"inputs": list(self.inputs)}

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> OwnCertificate:
        """Return what ``plain`` made; raises TypeError, ValueError or LookupError where it is none."""
        tiers = {tier: OwnBound(**bound) for tier, bound in plain["tiers"].items()}
        return cls(**{**plain, "inputs": tuple(plain["inputs"]), "tiers": tiers})


def own_bound(scores: Scores, certificate: Certificate, *, cleared: int, at: str, registry_version: str) -> OwnBound:
    """Return what own genuine accounts say of one tier's certificate.

    Parameters
    ----------
    scores : sequence of float or None
        One an account, as ``Scores`` says.
    cleared : int
        How many of them the policy would clear in this tier.

    Examples
    --------
    >>> simulated = Certificate(alpha=0.01, delta=0.05, n=300, errors=0, threshold=0.9, population="doctest")
    >>> found = own_bound([0.1] * 299 + [0.95], simulated, cleared=0, at="2026-11-30", registry_version="r")
    >>> found.errors, found.threshold, found.holds
    (1, 0.95, True)
    """
    near = [score for score in scores if score is not None]
    everyone = [score or 0.0 for score in scores]
    errors = sum(score > certificate.threshold for score in near)
    thresholds = [_threshold(some, certificate) for some in (everyone, near)]
    return OwnBound(
        n=len(scores),
        near=len(near),
        errors=errors,
        cleared=cleared,
        bound=observed_bound(errors, len(scores), delta=certificate.delta),
        near_bound=observed_bound(errors, len(near), delta=certificate.delta),
        threshold=max((found for found in thresholds if found is not None), default=None),
        holds=thresholds[1] is not None or not contradicts(errors, len(near), certificate),
        at=at,
        registry_version=registry_version,
    )


def contradicts(errors: int, n: int, certificate: Certificate) -> bool:
    """Tell whether so many errors are too many for the certificate's alpha to be true, at its delta.

    The exact test of the binomial: as many errors or more come with a probability of ``delta`` at most.

    Examples
    --------
    >>> simulated = Certificate(alpha=0.001, delta=0.05, n=2995, errors=0, threshold=0.9, population="doctest")
    >>> contradicts(1, 100, simulated), contradicts(1, 30, simulated), contradicts(0, 0, simulated)
    (False, True, False)
    """
    from scipy.stats import binom  # noqa: PLC0415 - it takes half a second, and serving certifies nothing

    return errors > 0 and float(binom.sf(errors - 1, n, certificate.alpha)) <= certificate.delta


def next_bound(errors: int, n: int, *, delta: float) -> tuple[float, int]:
    """Return the next bound of ``RUNGS`` below the present one, and how many more accounts without error it takes.

    Examples
    --------
    >>> next_bound(0, 500, delta=0.05)
    (0.005, 98)
    """
    present = observed_bound(errors, n, delta=delta)
    rung = next((rung for rung in RUNGS if rung < present), RUNGS[-1])
    return rung, more_for(rung, errors, n, delta=delta)


def more_for(bound: float, errors: int, n: int, *, delta: float) -> int:
    """Return how many more accounts a bound takes if none of them is an error.

    Examples
    --------
    >>> more_for(0.01, 0, 0, delta=0.05), more_for(0.01, 0, 400, delta=0.05), more_for(0.01, 1, 299, delta=0.05)
    (299, 0, 174)
    """
    low, high = n, max(2 * n, smallest_sample(bound, delta))
    while observed_bound(errors, high, delta=delta) > bound:
        low, high = high, 2 * high
    while low < high:
        middle = (low + high) // 2
        if observed_bound(errors, middle, delta=delta) <= bound:
            high = middle
        else:
            low = middle + 1
    return high - n


def strictest(found: Iterable[OwnCertificate]) -> dict[str, OwnBound]:
    """Return by tier the bound that asks most; where none asks anything, the latest."""
    by_tier: dict[str, OwnBound] = {}
    for certificate in sorted(found, key=lambda one: one.at):
        for tier, bound in certificate.tiers.items():
            by_tier[tier] = bound.stricter(by_tier.get(tier))
    return by_tier


def refuted(found: Iterable[OwnCertificate]) -> dict[str, str]:
    """Return by tier why own accounts leave nothing to clear, in a sentence, where they do: the first one counts."""
    by_tier: dict[str, str] = {}
    for certificate in sorted(found, key=lambda one: one.at):
        for tier, bound in certificate.tiers.items():
            if not bound.holds:
                by_tier.setdefault(tier, f"On own genuine accounts, on {bound.at[:10]}, {_refutation(bound)}")
    return by_tier


def _refutation(bound: OwnBound) -> str:
    return (
        f"{bound.errors:,} of {bound.near:,} that resemble a protected account scored above the certified threshold: "
        "more than it promises, and too few accounts to certify another."
    )


def _threshold(scores: Sequence[float], certificate: Certificate) -> float | None:
    found = certify(scores, alpha=certificate.alpha, delta=certificate.delta, population="own")
    return None if found is None else found.threshold
