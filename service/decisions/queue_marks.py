"""Marks on checks that wait: who looks at one now, who put one off and why, and which needs another.

Rules:

1. A mark gives no right and takes none away: no answer, clearance or redemption reads it. It only tells the others.
2. A reviewer marks, and only a check that waits. Who claims or skips one could answer it. An escalation says why;
   another reviewer, or an admin, settles it.
3. While somebody has claimed a check of an account, nobody else claims one of that account. A claim ends when its time
   is up, and when its reviewer releases, skips, escalates or answers the check.
4. Marks are written one after the other (``records.transaction``): of two people who claim at once, the second is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import Row, select

from service.auth.api_keys import Caller
from service.decisions import account_warnings
from service.decisions.recorded import MARKED, Decision, Read, find_decision, on_platform
from service.decisions.review_state import Review, find_review, find_reviews
from service.decisions.reviews import why_not_reviewed, why_not_reviewer
from service.errors import ReviewError
from service.limits import Rules
from service.records.people import People, people_of
from service.records.tables import decisions, moment, queue_marks, stamp
from service.records.transaction import Answer, Transaction

MarkKind = Literal["claim", "release", "skip", "escalate", "settle"]
# What puts a check at the end of its reviewer's queue, and ends the reviewer's claim.
_PUT_OFF = frozenset({"skip", "escalate"})


class Mark(NamedTuple):
    """One mark: what somebody did, when, and what the person wrote. ``ends_at`` is of a claim."""

    seq: int
    kind: MarkKind
    actor: str
    note: str
    at: datetime
    ends_at: datetime | None

    @classmethod
    def of(cls, row: Row[Any]) -> Mark:
        """Return the mark of a row."""
        ends_at = moment(row.ends_at) if row.ends_at else None
        return cls(row.seq, row.kind, row.actor, row.note, moment(row.at), ends_at)


@dataclass(frozen=True, slots=True)
class Marks:
    """What holds of a check now, and all marks of it in order.

    Attributes
    ----------
    claim : Mark or None
        Who looks at it now.
    escalation : Mark or None
        Who says that it needs another reviewer, or an admin; ``None`` once that was settled.
    """

    claim: Mark | None = None
    escalation: Mark | None = None
    all: tuple[Mark, ...] = ()

    def put_off(self, caller: Caller) -> datetime | None:
        """Return when this person last skipped or escalated it, ``None`` where the person did not."""
        found = [mark.at for mark in self.all if mark.kind in _PUT_OFF and caller.is_called(mark.actor)]
        return found[-1] if found else None

    def settled_by(self, caller: Caller) -> bool:
        """Tell whether this person may settle the escalation: rule 2."""
        if self.escalation is None or not caller.roles & {"reviewer", "admin"}:
            return False
        return "admin" in caller.roles or not caller.is_called(self.escalation.actor)


UNMARKED = Marks()


def find_marks(read: Read, reviews: Mapping[str, Review], *, now: datetime) -> dict[str, Marks]:
    """Return what was marked of some checks, by their numbers, of which the reviews are given."""
    query = select(queue_marks).where(queue_marks.c.decision.in_(list(reviews))).order_by(queue_marks.c.seq)
    marked: dict[str, list[Mark]] = {check_id: [] for check_id in reviews}
    for row in read(query):
        marked[row.decision].append(Mark.of(row))
    people = people_of(read)
    return {check_id: _standing(found, reviews[check_id], people, now) for check_id, found in marked.items()}


def _standing(found: Sequence[Mark], review: Review, people: People, now: datetime) -> Marks:
    held = Marks(all=tuple(found))
    for mark in found:
        if mark.kind == "claim":
            held = replace(held, claim=mark)
        elif held.claim and people.same(held.claim.actor, mark.actor):
            held = replace(held, claim=None)
        if mark.kind in {"escalate", "settle"}:
            held = replace(held, escalation=mark if mark.kind == "escalate" else None)
    claim = held.claim
    has_ended = claim and (claim.ends_at is None or claim.ends_at <= now or _has_answered(claim.actor, review, people))
    return replace(held, claim=None) if has_ended else held


def _has_answered(actor: str, review: Review, people: People) -> bool:
    return any(people.same(actor, approval.row.actor) for approval in review.approvals)


# --- marking ---------------------------------------------------------------------------------------------------------


def claim_first(transaction: Transaction, check_ids: Sequence[str], caller: Caller, rules: Rules) -> Answer:
    """Claim the first of some checks that this person can claim; the answer is its number, or empty.

    Raises
    ------
    UnknownCheckError
    """
    for check_id in check_ids:
        if not _why_no_claim(transaction, find_decision(transaction.read, check_id), caller, rules):
            return _marked(transaction, "claim", check_id, caller, ends_at=stamp(transaction.now + rules.claim_time))
    return Answer("")


def mark(
    transaction: Transaction, kind: MarkKind, check_id: str, caller: Caller, rules: Rules, note: str = ""
) -> Answer:
    """Record a mark.

    Raises
    ------
    UnknownCheckError, ReviewError
    """
    decision = find_decision(transaction.read, check_id)
    if kind == "claim":
        why = _why_no_claim(transaction, decision, caller, rules)
        ends_at = stamp(transaction.now + rules.claim_time)
    else:
        why, ends_at = _why_no_mark(transaction, kind, decision, caller, rules), None
    if why:
        raise ReviewError(why)
    return _marked(transaction, kind, check_id, caller, note=note, ends_at=ends_at)


def _marked(
    transaction: Transaction,
    kind: MarkKind,
    check_id: str,
    caller: Caller,
    *,
    note: str = "",
    ends_at: str | None = None,
) -> Answer:
    row: dict[str, Any] = {"decision": check_id, "kind": kind, "note": note}
    row |= {"actor": caller.actor, "key_id": caller.key_id}
    row |= {"at": transaction.stamp, "ends_at": ends_at}
    transaction.record(queue_marks, MARKED, check_id, row, actor=caller.actor, key=caller.key_id, mark=kind)
    return Answer(check_id, labels=(kind,))


def _why_no_claim(transaction: Transaction, decision: Decision, caller: Caller, rules: Rules) -> str:
    """Return why this person cannot claim a check, empty where the person can."""
    review = find_review(transaction.read, decision, now=transaction.now, rules=rules)
    if why := _why_not_answered(transaction, decision, review, caller, rules):
        return why
    for marks in _of_account(transaction, decision, rules).values():
        if (held := marks.claim) and held.ends_at and not caller.is_called(held.actor):
            return f"{held.actor} has claimed this account until {held.ends_at:%H:%M} UTC"
    return ""


def _of_account(transaction: Transaction, decision: Decision, rules: Rules) -> dict[str, Marks]:
    """Return the marks of all checks of an account that may be reviewed."""
    row = decision.row
    same = decisions.c.account_id == row.account_id if row.account_id else decisions.c.handle == row.handle
    query = select(decisions).where(
        same,
        on_platform(row.platform),
        decisions.c.verdict == "needs_review",
        decisions.c.at > stamp(transaction.now - rules.review_time),
    )
    found = [Decision.of(one) for one in transaction.read(query)]
    reviews = find_reviews(transaction.read, found, now=transaction.now, rules=rules)
    return find_marks(transaction.read, reviews, now=transaction.now)


def _why_not_answered(
    transaction: Transaction, decision: Decision, review: Review, caller: Caller, rules: Rules
) -> str:
    """Return why this person could not answer a check, or why it does not wait; empty where the person could."""
    warned = account_warnings.standing(transaction, decision.subject)
    if any(True for _ in account_warnings.since(warned, decision)):
        return account_warnings.ENDED
    return _why_not_waiting(transaction, decision, review) or why_not_reviewer(
        decision, review, caller, transaction.access_end(caller.actor), now=transaction.now, rules=rules
    )


def _why_not_waiting(transaction: Transaction, decision: Decision, review: Review) -> str:
    if why := why_not_reviewed(transaction.read, decision, review):
        return why
    return "" if review.state == "open" else "enough people have approved this check: it does not wait any more"


def _why_no_mark(transaction: Transaction, kind: MarkKind, decision: Decision, caller: Caller, rules: Rules) -> str:
    """Return why this person cannot release, skip, escalate or settle a check, empty where the person can."""
    review = find_review(transaction.read, decision, now=transaction.now, rules=rules)
    if kind == "skip":
        return _why_not_answered(transaction, decision, review, caller, rules)
    if why := _why_not_waiting(transaction, decision, review):
        return why
    marks = find_marks(transaction.read, {decision.row.id: review}, now=transaction.now)[decision.row.id]
    if kind == "release" and not (marks.claim and caller.is_called(marks.claim.actor)):
        return "you have not claimed this check, or the claim has lapsed"
    if kind == "escalate" and marks.escalation:
        return "this check is escalated already"
    return _why_not_settled(marks, caller) if kind == "settle" else ""


def _why_not_settled(marks: Marks, caller: Caller) -> str:
    if not marks.escalation:
        return "nobody has escalated this check"
    return "" if marks.settled_by(caller) else "you escalated this check: another reviewer or an admin settles that"
