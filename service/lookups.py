"""Reading what was recorded of checks: one with its history, or many by account, actor, verdict and time."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Select, func, select

from classifier.accounts.account import Account
from classifier.accounts.identity import identity_key
from classifier.importers import import_account
from service.auth.api_keys import Caller, same_person
from service.errors import RecordsError, UnknownCheckError
from service.records.tables import access, approvals, clearances, decisions, keys, log, moment, outcomes, stamp
from service.rules import Rules
from service.schemas.checks import ActorIn, CheckResponse, EntryOut
from service.schemas.reviews import (
    ApprovalOut,
    CheckDetail,
    CheckLine,
    CheckPage,
    ClearanceState,
    ClearanceStatus,
    HistoryLine,
    OutcomeOut,
    ReviewOut,
    ReviewState,
)

# Runs a query: within a unit of work or outside of one.
Read = Callable[[Select[Any]], Sequence[Row[Any]]]
# May see the checks that others asked for.
SEES_ALL = frozenset({"reviewer", "admin", "auditor"})


@dataclass(frozen=True, slots=True)
class Decision:
    """A recorded decision: its row, and its record taken apart."""

    row: Row[Any]
    record: dict[str, Any]

    @classmethod
    def of(cls, row: Row[Any]) -> Decision:
        """Return the decision of a row."""
        return cls(row, json.loads(row.record))

    @property
    def answer(self) -> dict[str, Any]:
        """What was answered, without the clearance."""
        answer: dict[str, Any] = self.record["answer"]
        return answer

    @property
    def codes(self) -> frozenset[str]:
        """The codes of the verdict's reasons."""
        return frozenset(reason["code"] for reason in self.answer["reasons"])

    def account(self) -> Account:
        """Return the account as it was checked: its record goes through the importers' door, as it did then.

        Raises
        ------
        RecordsError
            If it cannot be read any more.
        """
        imported = import_account(self.record["account"], "doublecheck", now=moment(self.row.at))
        if imported.account is None:
            raise RecordsError("the account of this check's record cannot be read any more")
        return imported.account

    @property
    def named_end(self) -> datetime | None:
        """When the actor's access ends, as it was known at the check."""
        end = self.record["request"]["actor"]["access_ends_at"]
        return end and moment(end)


class Approval(NamedTuple):
    """A reviewer's answer, and whether it counts now."""

    row: Any
    counts: bool


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
        approvals = (*self.approvals, Approval(row, counts=True))
        return Review(_review_state(decision, approvals, now, rules), approvals)


def reader(connection: Connection) -> Read:
    """Return a reader outside of a unit of work."""
    return lambda query: connection.execute(query).all()


def find_decision(read: Read, check_id: str) -> Decision:
    """Return a recorded decision.

    Raises
    ------
    UnknownCheckError
    """
    rows = read(select(decisions).where(decisions.c.id == check_id))
    if not rows:
        raise UnknownCheckError("there is no check with this number")
    return Decision.of(rows[0])


def require_visible(decision: Decision, caller: Caller) -> None:
    """Refuse to show a check to an agent who neither asked for it nor acts in it.

    Raises
    ------
    UnknownCheckError
        As if there were none.
    """
    own = any(same_person(caller.actor, one) for one in (decision.row.actor, decision.row.caller))
    if not own and not caller.roles & SEES_ALL:
        raise UnknownCheckError("there is no check with this number")


def find_review(read: Read, decision: Decision, *, now: datetime, rules: Rules) -> Review:
    """Return how far the review of a decision has come, as ``find_reviews``."""
    return find_reviews(read, [decision], now=now, rules=rules)[decision.row.id]


def find_reviews(read: Read, found: Sequence[Decision], *, now: datetime, rules: Rules) -> dict[str, Review]:
    """Return how far the reviews of decisions have come, by their checks' numbers.

    An approval counts while it is fresh, its reviewer's key is in force, and the reviewer's access neither has ended
    nor is about to.
    """
    query = (
        select(approvals, keys.c.revoked, access.c.access_ends_at)
        .join(keys, keys.c.id == approvals.c.key_id)
        .outerjoin(access, access.c.actor == approvals.c.actor)
        .where(approvals.c.decision.in_([one.row.id for one in found]))
        .order_by(approvals.c.seq)
    )
    given: dict[str, list[Approval]] = {one.row.id: [] for one in found}
    for row in read(query):
        given[row.decision].append(Approval(row, _counts(row, now, rules)))
    states = {one.row.id: _review_state(one, given[one.row.id], now, rules) for one in found}
    return {check_id: Review(states[check_id], tuple(answers)) for check_id, answers in given.items()}


def _counts(row: Row[Any], now: datetime, rules: Rules) -> bool:
    fresh = now - moment(row.at) < rules.approval_time
    return fresh and row.revoked is None and not leaving(row.access_ends_at, now, rules)


def leaving(ends_at: str | None, now: datetime, rules: Rules) -> bool:
    """Tell whether somebody's access has ended or is about to."""
    return ends_at is not None and moment(ends_at) - now <= rules.policy.access_margin


def _review_state(decision: Decision, found: Sequence[Approval], now: datetime, rules: Rules) -> ReviewState:
    if decision.row.verdict != "needs_review":
        return "not_needed"
    if any(one.row.answer == "decline" for one in found):
        return "declined"
    if now - moment(decision.row.at) >= rules.review_time:
        return "expired"
    return "approved" if _are_enough(decision, found) else "open"


def _are_enough(decision: Decision, found: Sequence[Approval]) -> bool:
    approved = sum(one.counts for one in found)
    is_declined = any(one.row.answer == "decline" for one in found)
    return not is_declined and approved >= int(decision.answer["required_approvals"])


def clearance_state(row: Row[Any], now: datetime) -> ClearanceState:
    """Return what has become of a clearance."""
    if row.spent is not None:
        return "spent"
    if row.revoked is not None:
        return "revoked"
    return "expired" if moment(row.expires_at) <= now else "valid"


def review_out(decision: Decision, review: Review, entry: EntryOut | None = None) -> ReviewOut:
    """Return a review as it goes on the wire."""
    return ReviewOut(
        check_id=decision.row.id,
        state=review.state,
        required=decision.answer["required_approvals"],
        approvals=[
            ApprovalOut(
                reviewer=one.row.actor,
                answer=one.row.answer,
                reason=one.row.reason,
                at=moment(one.row.at),
                counts=one.counts and one.row.answer == "approve",
            )
            for one in review.approvals
        ],
        entry=entry,
    )


def detail(read: Read, decision: Decision, *, now: datetime, rules: Rules) -> CheckDetail:
    """Return a decision with all that became of it."""
    row, check_id = decision.row, decision.row.id
    request = decision.record["request"]
    history = read(select(log).where(log.c.subject == check_id).order_by(log.c.seq))
    issued = read(select(clearances).where(clearances.c.decision == check_id).order_by(clearances.c.seq))
    found = read(select(outcomes).where(outcomes.c.decision == check_id).order_by(outcomes.c.seq))
    own = next(line for line in history if line.seq == row.seq)
    return CheckDetail(
        check=CheckResponse(**decision.answer, entry=EntryOut(seq=own.seq, hash=own.hash)),
        action=request["action"],
        actor=ActorIn.model_validate(request["actor"]),
        caller=row.caller,
        account=decision.record["account"],
        report=request["report"],
        review=review_out(decision, find_review(read, decision, now=now, rules=rules)),
        clearances=[
            ClearanceStatus(
                clearance_id=one.id,
                issued_at=moment(one.issued_at),
                expires_at=moment(one.expires_at),
                state=clearance_state(one, now),
            )
            for one in issued
        ],
        outcomes=[outcome_out(one) for one in found],
        history=[
            HistoryLine(seq=one.seq, at=moment(one.at), kind=one.kind, data=json.loads(one.data), hash=one.hash)
            for one in history
        ],
    )


def outcome_out(row: Any, entry: EntryOut | None = None) -> OutcomeOut:
    """Return an outcome as it goes on the wire."""
    return OutcomeOut(
        check_id=row.decision,
        outcome=row.outcome,
        relation=row.relation,
        note=row.note,
        actor=row.actor,
        at=moment(row.at),
        entry=entry,
    )


@dataclass(frozen=True, slots=True)
class Search:
    """What to look for; what is ``None`` does not matter."""

    platform: str | None = None
    account_id: str | None = None
    handle: str | None = None
    actor: str | None = None
    verdict: str | None = None
    outcome: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None
    limit: int = 50


def search(read: Read, wanted: Search, caller: Caller) -> CheckPage:
    """Return the checks that fit, the newest first; an agent finds only those that are the agent's own."""
    query = select(decisions).order_by(decisions.c.seq.desc()).limit(wanted.limit + 1)
    for column, value in (
        (decisions.c.platform, wanted.platform and wanted.platform.lower()),
        (decisions.c.account_id, wanted.account_id),
        (decisions.c.handle, wanted.handle and identity_key(wanted.handle)),
        (decisions.c.actor, wanted.actor),
        (decisions.c.verdict, wanted.verdict),
    ):
        if value is not None:
            query = query.where(column == value)
    if wanted.outcome:
        latest = select(func.max(outcomes.c.seq)).group_by(outcomes.c.decision)
        with_it = select(outcomes.c.decision).where(outcomes.c.seq.in_(latest), outcomes.c.outcome == wanted.outcome)
        query = query.where(decisions.c.id.in_(with_it))
    if wanted.since:
        query = query.where(decisions.c.at >= stamp(wanted.since))
    if wanted.until:
        query = query.where(decisions.c.at < stamp(wanted.until))
    if wanted.before is not None:
        query = query.where(decisions.c.seq < wanted.before)
    if not caller.roles & SEES_ALL:
        query = query.where((decisions.c.actor == caller.actor) | (decisions.c.caller == caller.actor))
    rows = list(read(query))
    shown = rows[: wanted.limit]
    return CheckPage(checks=[_line(row) for row in shown], next=shown[-1].seq if len(rows) > len(shown) else None)


def _line(row: Row[Any]) -> CheckLine:
    return CheckLine(
        check_id=row.id,
        checked_at=moment(row.at),
        verdict=row.verdict,
        action=row.action,
        actor=row.actor,
        platform=row.platform,
        account_id=row.account_id,
        handle=row.handle,
        handle_as_written=Decision.of(row).record["account"]["handle"],
    )
