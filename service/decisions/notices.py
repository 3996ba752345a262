"""Notices: what one adds to a verdict, and what it says in a statement of reasons.

Rules:

1. A notice is never scored, and only ever adds caution: what was cleared takes two people, what was refused stays so.
2. Where the reporter looks like the imitator, that is the first reason: of a protected account, or of the account that
   is reported. Of the latter only where the signs say that the reported one is the original (``direction.agreed``).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from classifier.accounts.account import Account, Pair, as_protected
from classifier.scoring.assessment import Assessment
from classifier.scoring.circumstances import circumstances
from classifier.scoring.direction import agreed
from classifier.scoring.policy import Policy, Verdict
from classifier.scoring.reason import Reason
from classifier.text.normalization import handle_key
from service.due_times import DueTime, due
from service.schemas.notices import DueOut, NoticeIn, ReporterOut

# Above this the reporter's account counts as an imitator's: it only ever adds caution.
MAYBE = 0.5
CODES = frozenset(
    {"reporter_may_be_imitator", "owner_says_mine", "maybe_hijacked", "circumstance_memorial", "circumstance_deceased",
     "circumstance_minor"}
)  # fmt: skip


class ReporterSeen(NamedTuple):
    """What the model says of the reporter's own account, towards whom it protects and towards the reported account."""

    assessment: Assessment
    towards_reported: Assessment


def reporter_out(seen: ReporterSeen | None, reported: Account) -> ReporterOut | None:
    """Return what the reporter's own account looks like, ``None`` where it was not given."""
    if seen is None:
        return None
    assessment, target = seen.assessment, seen.assessment.target
    imitates = target is not None and assessment.impersonation_probability > MAYBE
    is_owner = assessment.relation == "is_protected" or assessment.declared_secondary
    return ReporterOut(
        relation=assessment.relation,
        target_handle=target and target.handle,
        probability=assessment.impersonation_probability,
        looks_like_imitator=not is_owner and (imitates or copies(seen, reported)),
    )


def copies(seen: ReporterSeen, reported: Account) -> bool:
    """Tell whether the reporter is a copy of the reported account, as if that were protected.

    Either they have a name or handle in common, or the model takes it for an imitator; and the signs agree that the
    reported account is the original. Of copies that were invented the model finds three times as many as the names do
    (``tests/benchmarks/reporters.py``).
    """
    reporter, towards = seen.assessment.account, seen.towards_reported
    if agreed(Pair(reporter, as_protected(reported))) <= 0:
        return False
    return same_name(reporter, reported) or (
        towards.relation == "impersonation" and towards.impersonation_probability > MAYBE
    )


def same_name(reporter: Account, reported: Account) -> bool:
    """Tell whether two accounts have a name or a handle in common."""
    return handle_key(reporter.handle) == handle_key(reported.handle) or (
        bool(reporter.display_name and reported.display_name)
        and (reporter.display_name or "").casefold().split() == (reported.display_name or "").casefold().split()
    )


def with_notice(verdict: Verdict, notice: NoticeIn | None, reporter: ReporterOut | None, policy: Policy) -> Verdict:
    """Return a verdict as it is under a notice: rule 1."""
    reasons = tuple(_reasons(notice, reporter)) if notice else ()
    if not reasons:
        return verdict
    if verdict.verdict == "refused":
        return Verdict("refused", (*verdict.reasons, *reasons), 0, verdict.policy_version)
    said = {reason.code for reason in reasons}
    known = verdict.reasons if verdict.verdict == "needs_review" else ()
    doubts = tuple(reason for reason in known if reason.code not in said)
    return Verdict("needs_review", (*reasons, *doubts), policy.approvals, verdict.policy_version)


def _reasons(notice: NoticeIn, reporter: ReporterOut | None) -> Iterator[Reason]:
    if reporter and reporter.looks_like_imitator:
        yield Reason(
            "reporter_may_be_imitator",
            "The reporter's own account looks like the imitator: look at that account first.",
        )
    if notice.owner_says == "mine":
        yield Reason("owner_says_mine", "The person who is resembled says that this account is theirs: ask them.")
    if notice.owner_says == "hijacked":
        yield Reason("maybe_hijacked", "The owner says that it was hijacked: secure it, do not suspend it.")
    yield from circumstances(notice.circumstances)


def due_out(notice: NoticeIn | None, now: datetime, rules: tuple[DueTime, ...]) -> DueOut | None:
    """Return by when a check should be answered; a receipt in the time to come counts as now."""
    told = notice.model_dump(include={"reporter", "harm", "ground", "country"}) if notice else {}
    since = min(notice.received_at, now) if notice and notice.received_at else now
    found = due(told, since, rules)
    return found and DueOut(due_at=found[0], because=found[1])


def stated(notice: dict[str, Any] | None) -> dict[str, str]:
    """Return what a recorded notice says in the words of the EU's database.

    Examples
    --------
    >>> stated({"reporter": "trusted_flagger", "ground": "law"})
    {'source_type': 'SOURCE_TRUSTED_FLAGGER', 'automated_detection': 'No'}
    >>> stated(None)
    {}
    """
    if not notice:
        return {}
    if notice["reporter"] == "own_detection":
        return {"source_type": "SOURCE_VOLUNTARY", "automated_detection": "Yes"}
    if notice["reporter"] == "trusted_flagger":
        source = "SOURCE_TRUSTED_FLAGGER"
    else:
        source = "SOURCE_ARTICLE_16" if notice["ground"] == "law" else "SOURCE_TYPE_OTHER_NOTIFICATION"
    return {"source_type": source, "automated_detection": "No"}
