"""Review state: which reviewers' answers count, and whether they are enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, select

from service.decisions.asker_steps import WITHDRAWN, steps_of
from service.decisions.recorded import Decision, Read, askers
from service.limits import Rules
from service.records.people import People, people_of
from service.records.tables import approvals, keys, moment
from service.schemas.checks import EntryOut
from service.schemas.reviews import (
    ApprovalOut,
    ReviewOut,
    ReviewState,
)


class Approval(NamedTuple):
    """A reviewer's answer, whether it counts now, and what stands for the person (``People.person``)."""

    row: Any
    counts: bool
    person: str


@dataclass(frozen=True, slots=True)
class Review:
    """How far a review has come."""

    state: ReviewState
    approvals: tuple[Approval, ...]

    def holds(self, decision: Decision) -> bool:
        """Tell whether enough approvals count, and nobody declined, however long ago the check was."""
        return _are_enough(decision, self.approvals)

    def with_answer(self, row: Any, decision: Decision, *, now: datetime, rules: Rules) -> Review:
        """Return the review with one more answer, given now."""
        approvals = (*self.approvals, Approval(row, counts=True, person=row.actor))
        return Review(_review_state(decision, approvals, now, rules), approvals)


def find_review(read: Read, decision: Decision, *, now: datetime, rules: Rules) -> Review:
    """Return how far the review of a decision has come, as ``find_reviews``."""
    return find_reviews(read, [decision], now=now, rules=rules)[decision.row.id]


def find_reviews(read: Read, found: Sequence[Decision], *, now: datetime, rules: Rules) -> dict[str, Review]:
    """Return how far the reviews of decisions have come, by their checks' numbers.

    An approval counts while it is fresh, its reviewer's key is in force, the reviewer's access neither has ended nor is
    about to, and the reviewer is nobody who asked for the action or is named to act, as far as is known now. A check
    that its asker withdrew is that before everything else.
    """
    people = people_of(read)
    query = (
        select(approvals, keys.c.revoked)
        .join(keys, keys.c.id == approvals.c.key_id)
        .where(approvals.c.decision.in_([decision.row.id for decision in found]))
        .order_by(approvals.c.seq)
    )
    given: dict[str, list[Approval]] = {decision.row.id: [] for decision in found}
    answered = read(query)
    asked = {decision.row.id: set(askers(decision.row)) for decision in found}
    for row in answered:
        if row.executor:
            asked[row.decision].add(row.executor)
    for row in answered:
        own = any(people.same(row.actor, name) for name in asked[row.decision])
        counts = not own and _counts(row, people, now, rules)
        given[row.decision].append(Approval(row, counts, people.person(row.actor)))
    states: dict[str, ReviewState] = {
        decision.row.id: _review_state(decision, given[decision.row.id], now, rules) for decision in found
    }
    withdrawn = [check_id for check_id, steps in steps_of(read, list(states)).items() if WITHDRAWN in steps]
    states |= dict.fromkeys(withdrawn, "withdrawn")
    return {check_id: Review(states[check_id], tuple(answers)) for check_id, answers in given.items()}


def _counts(row: Row[Any], people: People, now: datetime, rules: Rules) -> bool:
    fresh = now - moment(row.at) < rules.approval_time
    return fresh and row.revoked is None and not leaving(people.access_end(row.actor), now, rules)


def leaving(ends_at: datetime | None, now: datetime, rules: Rules) -> bool:
    """Tell whether somebody's access has ended or is about to."""
    return ends_at is not None and ends_at - now <= rules.policy.access_margin


def _review_state(decision: Decision, found: Sequence[Approval], now: datetime, rules: Rules) -> ReviewState:
    if decision.row.verdict != "needs_review":
        return "not_needed"
    if any(approval.row.answer == "decline" for approval in found):
        return "declined"
    if now - moment(decision.row.at) >= rules.review_time:
        return "expired"
    return "approved" if _are_enough(decision, found) else "open"


def _are_enough(decision: Decision, found: Sequence[Approval]) -> bool:
    approved = len({approval.person for approval in found if approval.counts})
    is_declined = any(approval.row.answer == "decline" for approval in found)
    return not is_declined and approved >= int(decision.answer["required_approvals"])


def review_out(decision: Decision, review: Review, rules: Rules, entry: EntryOut | None = None) -> ReviewOut:
    """Return a review as it goes on the wire."""
    return ReviewOut(
        check_id=decision.row.id,
        state=review.state,
        required=decision.answer["required_approvals"],
        approvals=[
            ApprovalOut(
                reviewer=approval.row.actor,
                answer=approval.row.answer,
                reason=approval.row.reason,
                at=moment(approval.row.at),
                counts=approval.counts and approval.row.answer == "approve",
                executor=approval.row.executor,
            )
            for approval in review.approvals
        ],
        lapses_at=moment(decision.row.at) + rules.review_time if review.state in {"open", "approved"} else None,
        entry=entry,
    )
