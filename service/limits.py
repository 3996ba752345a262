"""The numbers that the service decides by, besides the policy's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from classifier.scoring.policy_numbers import Policy


@dataclass(frozen=True, slots=True)
class Rules:
    """What decisions rest on.

    Attributes
    ----------
    clearance_time : timedelta
        How long a clearance is valid.
    approval_time : timedelta
        How long a reviewer's approval counts.
    review_time : timedelta
        How long after a check it may be reviewed.
    change_time : timedelta
        How long a change of the registry waits for a second admin.
    """

    policy: Policy
    quotas: Quotas
    clearance_time: timedelta = timedelta(minutes=15)
    approval_time: timedelta = timedelta(hours=24)
    review_time: timedelta = timedelta(hours=72)
    change_time: timedelta = timedelta(hours=72)


DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Quotas:
    """Checks that may be cleared within the last 24 hours, and within the last ``burst_minutes``."""

    actor_daily: int = 500
    actor_burst: int = 50
    total_daily: int = 20_000
    total_burst: int = 2_000
    burst_minutes: int = 10
