"""The numbers that the service decides by, besides the policy's, and what statements of reasons name."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal, get_args

from classifier.platform_rules.rule_files import PlatformRules, shipped_rules
from classifier.scoring.policy_numbers import Policy
from service.due_times import DEFAULTS, DueTime

# Where a decision may apply, ISO 3166: the European Economic Area, as the EU's database takes it.
Country = Literal[
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS", "IT", "LI", "LT",
    "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
]  # fmt: skip
EEA: tuple[Country, ...] = get_args(Country)
EU = tuple(country for country in EEA if country not in {"IS", "LI", "NO"})


@dataclass(frozen=True, slots=True)
class Filing:
    """What statements of reasons, and notices to people, name that a check does not tell.

    Attributes
    ----------
    terms : str
        The rule that impersonation breaks.
    terms_url : str or None
        Where it can be read.
    territory : tuple of str
        Where decisions apply; empty where nobody has said so.
    complaint_url : str or None
        Where people can complain, as what they are told names it.
    appeal_codes : bool
        Whether they complain on the service's page, with a code that what they are told carries.
    """

    terms: str = "Terms of service: impersonation"
    terms_url: str | None = None
    territory: tuple[Country, ...] = ()
    complaint_url: str | None = None
    appeal_codes: bool = False


def territory(text: str) -> tuple[Country, ...]:
    """Return the countries that a setting names: EU, EEA, or their codes.

    Raises
    ------
    ValueError

    Examples
    --------
    >>> territory("FR, de"), len(territory("EU")), len(territory("EEA"))
    (('DE', 'FR'), 27, 30)
    """
    named = text.upper().replace(",", " ").split()
    if unknown := [name for name in named if name not in {"EU", "EEA", *EEA}]:
        raise ValueError(f"{unknown[0]} is neither EU nor EEA nor the code of one of their countries, such as DE")
    return tuple(one for one in EEA if one in named or "EEA" in named or ("EU" in named and one in EU))


Overdue = Literal["escalate", "require_change"]
# The longest time that a demand may leave somebody: 90 days, after which a profile is another case.
LONGEST_DEMAND_HOURS = 2_160
# The longest that somebody may plan to take over an appeal: 180 days, for which the Digital Services Act keeps the way
# to complain open.
LONGEST_APPEAL_HOURS = 4_320


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
    demand_time : timedelta
        How long an account has to change what is demanded of it, unless the check says so. A week is this project's
        choice: somebody who looks in on Sundays has seen it.
    filing : Filing
        What statements of reasons name.
    keep_texts : timedelta or None
        How long the texts of decisions are kept; ``None``: until somebody erases them.
    platform_rules : PlatformRules
        What platforms ask of parody and fan accounts.
    due_times : tuple of DueTime
        By when checks should be answered.
    second_look_share : float
        The share of checks that somebody judges again blind, in [0, 1]. One of a hundred is this project's choice.
    known_case_share : float
        How many known cases are hidden in the queue for each check that comes to wait, in [0, 1]. None unless somebody
        asks for it: it is reviewers' work.
    overdue : {"escalate", "require_change"}
        What becomes of a check that waits longer: ``decisions.overdue``.
    appeal_time : timedelta
        Within which an appeal should be decided. A week is this project's target: the Digital Services Act, article 20,
        asks for timely decisions and names no time.
    claim_time : timedelta
        How long a claim in the queue lasts. A quarter of an hour is this project's choice: longer than an answer takes.
    """

    policy: Policy
    quotas: Quotas
    clearance_time: timedelta = timedelta(minutes=15)
    approval_time: timedelta = timedelta(hours=24)
    review_time: timedelta = timedelta(hours=72)
    change_time: timedelta = timedelta(hours=72)
    demand_time: timedelta = timedelta(days=7)
    filing: Filing = field(default_factory=Filing)
    keep_texts: timedelta | None = None
    platform_rules: PlatformRules = field(default_factory=shipped_rules)
    due_times: tuple[DueTime, ...] = DEFAULTS
    second_look_share: float = 0.01
    overdue: Overdue = "escalate"
    appeal_time: timedelta = timedelta(days=7)
    claim_time: timedelta = timedelta(minutes=15)
    known_case_share: float = 0.0


DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Quotas:
    """Checks that may be cleared within the last 24 hours, and within the last ``burst_minutes``."""

    actor_daily: int = 500
    actor_burst: int = 50
    total_daily: int = 20_000
    total_burst: int = 2_000
    burst_minutes: int = 10
