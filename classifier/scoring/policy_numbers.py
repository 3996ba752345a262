"""The numbers of the policy's rules. Nothing heavy is imported here: settings and the command line read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Any

# How long a registry remembers what was added, changed and withdrawn: no rule can look further back.
REMEMBERED = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Policy:
    """The numbers of the rules.

    Attributes
    ----------
    high_impact_followers : int
        An audience from which a reported account needs two approvers. 100,000 is this project's choice: well below
        any account whose wrongful suspension made the news, well above most impersonators.
    access_margin : timedelta
        How close to the end of an actor's access nothing is cleared any more. The worker of 2017 had an hour left.
    own_or_parody : float
        The highest probability, that the account is the owner's own or a declared parody, with which it is cleared. One
        in a thousand is this project's choice: with the certified threshold none of 2,544 held-out genuine accounts of
        the hardest kinds is cleared (``python -m tests.benchmarks.claims --each 30 --seed 23``).
    recent_registration : timedelta
        How long after a protected account was added, changed or withdrawn a check against it takes two people, at most
        ``REMEMBERED``. Three days are this project's choice: a weekend, in which whose account it is may notice.
    approvals : int
        How many approvers a review needs, the requester not counted.
    change_approvals : int
        How many a demand to change something needs where one person decides (``policy.ONE_PERSON_DECIDES``); never
        fewer than 1 or more than ``approvals``. The account stays up, and its owner may answer by changing it: this
        project's choice.
    """

    version: str = "6"
    high_impact_followers: int = 100_000
    access_margin: timedelta = timedelta(hours=24)
    own_or_parody: float = 0.001
    recent_registration: timedelta = timedelta(hours=72)
    approvals: int = 2
    change_approvals: int = 1

    def plain(self) -> dict[str, Any]:
        """Return the numbers as plain JSON values; times in seconds."""
        return {name: value.total_seconds() if isinstance(value, timedelta) else value for name, value in _items(self)}

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Policy:
        """Return the policy that ``plain`` made.

        Examples
        --------
        >>> Policy.of(Policy(approvals=3).plain()) == Policy(approvals=3)
        True
        """
        known = dict(_items(cls()))
        times = {name: timedelta(seconds=plain[name]) for name, one in known.items() if isinstance(one, timedelta)}
        return cls(**{**plain, **times})


def _items(policy: Policy) -> list[tuple[str, Any]]:
    return [(field.name, getattr(policy, field.name)) for field in fields(policy)]
