"""Quotas: how many checks may be cleared by one person's decision, in a day and in a burst, per actor and in total.

Beyond a quota nothing is refused: it takes two people. Quotas are counted where decisions are written, one after the
other (``records.transaction``), so that concurrency cannot exceed them.
"""

from __future__ import annotations

from collections.abc import Iterator

from classifier.scoring.policy import Policy, Verdict
from classifier.scoring.reason import Reason
from service.limits import DAY, Quotas
from service.records.transaction import EVERYBODY, Transaction


def within(
    transaction: Transaction, verdict: Verdict, actors: tuple[str, ...], quotas: Quotas, policy: Policy
) -> Verdict:
    """Return the verdict as it is after the quotas: what was cleared may take two people now.

    Parameters
    ----------
    actors : tuple of str
        Whoever the check counts for: the named actor, and the caller who asked in that name.
    """
    if verdict.verdict != "cleared":
        return verdict
    exceeded = tuple(_exceeded(transaction, actors, quotas))
    if not exceeded:
        return verdict
    return Verdict("needs_review", exceeded, policy.approvals, verdict.policy_version)


def _exceeded(transaction: Transaction, actors: tuple[str, ...], quotas: Quotas) -> Iterator[Reason]:
    for names, code, quota, minutes in (
        (actors, "quota_actor_daily", quotas.actor_daily, DAY),
        (actors, "quota_actor_burst", quotas.actor_burst, quotas.burst_minutes),
        ((EVERYBODY,), "quota_total_daily", quotas.total_daily, DAY),
        ((EVERYBODY,), "quota_total_burst", quotas.total_burst, quotas.burst_minutes),
    ):
        if max(transaction.cleared(name, minutes) for name in names) >= quota:
            whose = "for everybody together" if names == (EVERYBODY,) else "for one actor"
            span = "24 hours" if minutes == DAY else f"{minutes} minutes"
            yield Reason(
                code, f"{quota:,} checks within {span} are cleared {whose}, and they are: two people must agree."
            )
