"""How much harm a wrong action would do: high, unknown or low. High and unknown impact take two people (R6)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from classifier.accounts.account import Account
from classifier.scoring.policy_numbers import Policy
from classifier.scoring.reason import Reason

Impact = Literal["high", "unknown", "low"]
# Where the platform verifies accounts, not knowing whether it did is not knowing the impact.
BADGE_PLATFORMS = frozenset({"x", "bluesky"})
# Codes of the reasons that say that an impact is high; the others say that it is not known.
_HIGH = frozenset({"high_impact_verified", "high_impact_audience", "followed_by_target"})


def impact(account: Account, policy: Policy) -> Iterator[Reason]:
    """Yield why an account is of high or of unknown impact, so that two people must agree; nothing where it is not."""
    if account.verified:
        yield Reason("high_impact_verified", "The reported account is verified: two people must agree.")
    elif account.verification == "paid":
        yield Reason("verification_paid", "It has a paid check, which does not tell whether it is of high impact.")
    elif account.verified is None and account.platform in BADGE_PLATFORMS:
        yield Reason("verification_unknown", "Whether the reported account is verified is not given.")
    if account.followed_by_target:
        yield Reason("followed_by_target", "The protected account follows it: two people must agree.")
    if account.followers is None:
        yield Reason("audience_unknown", "The reported account's followers are not given, so its impact is unknown.")
    elif account.followers >= policy.high_impact_followers:
        yield Reason(
            "high_impact_audience", f"{account.followers:,} people follow this account: two people must agree."
        )


def impact_level(reasons: Sequence[Reason]) -> Impact:
    """Return how high an impact is; unknown is neither high nor low.

    Parameters
    ----------
    reasons : sequence of Reason
        What ``impact`` says.

    Examples
    --------
    >>> impact_level(list(impact(Account(handle="a", followers=33, verified=False), Policy())))
    'low'
    >>> impact_level(list(impact(Account(handle="a", verified=True), Policy())))
    'high'
    """
    if any(reason.code in _HIGH for reason in reasons):
        return "high"
    return "unknown" if reasons else "low"
