"""The case file of a check: all that a person needs to answer it, and what this person may do about it.

What may be done is worked out from the same functions that refuse it when it is tried: a button that is not there, and
a request that is refused, have one reason.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import and_, or_, select

from classifier.accounts.account import Account, ProtectedAccount, protected_from
from classifier.scoring.assessment import Assessment
from classifier.scoring.impact import impact
from classifier.scoring.policy import Actor, Verdict, decide
from classifier.utils.percent import percent
from service.auth.api_keys import Caller
from service.decisions import account_warnings, findings, known_cases, second_looks, triage
from service.decisions.outcomes import why_no_outcome
from service.decisions.queue_marks import UNMARKED, Marks, find_marks
from service.decisions.recorded import SEES_ALL, Decision, Read, askers, is_triage, is_visible, on_platform
from service.decisions.redemption import may_spend
from service.decisions.review_state import Review, find_review
from service.decisions.reviews import is_spent, why_not_reviewed, why_not_reviewer
from service.decisions.withdrawal import why_not_withdrawn
from service.limits import Rules
from service.records.proofs import Proof, prove
from service.records.tables import WAS_ASKED, decisions, log, moment
from service.schemas.reviews import CheckDetail

# Later checks of the same account that are looked at.
LATER = 5
# Entries of a history that are proved, the last ones: a check has a handful, unless somebody tries it over and over.
PROVED = 50
# A probability that moved by less is the same to a reader.
MOVED = 0.005
_COMPARED = (
    "handle",
    "display_name",
    "bio",
    "links",
    "followers",
    "created_at",
    "verified",
    "account_id",
    "avatar_pdq",
)


class Change(NamedTuple):
    """Something that is not as it was when the check was made.

    Attributes
    ----------
    check_id : str
        The later check that tells so, if one does.
    """

    what: str
    then: str
    now: str
    check_id: str = ""


@dataclass(frozen=True, slots=True)
class Permissions:
    """What this person may do about this check now. ``why_no_answer`` says why not, where a reviewer would wonder.

    ``ask`` is to let people into a check that is held.
    """

    answer: bool
    clear: bool
    redeem: bool
    revoke: bool
    outcome: bool
    withdraw: bool
    ask: bool
    why_no_answer: str


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A check, its accounts, what changed since, what proves its history, and what this person may do.

    Attributes
    ----------
    impact : tuple of str
        Why the account is of high impact; empty where it is not.
    again : Verdict or None
        What the policy says if the account as it was checked is asked about now; ``None`` if it cannot be asked.
    proofs : dict of int to Proof
        By the numbers of the history's last entries.
    marks : Marks
        Who has claimed, skipped or escalated it in the queue, for people who see the queue.
    """

    detail: CheckDetail
    account: Account
    target: ProtectedAccount | None
    impact: tuple[str, ...]
    again: Verdict | None
    changes: tuple[Change, ...]
    proofs: dict[int, Proof]
    may: Permissions
    marks: Marks = UNMARKED


def case_file(
    read: Read,
    decision: Decision,
    detail: CheckDetail,
    fresh: Assessment | None,
    caller: Caller,
    *,
    now: datetime,
    rules: Rules,
    trusted: Mapping[str, Ed25519PublicKey],
) -> CaseFile:
    """Return the case file of a check as this person sees it.

    Parameters
    ----------
    fresh : Assessment or None
        Of the account as it was checked, made now; ``None`` where that failed.
    trusted : mapping of str to Ed25519PublicKey
        The keys that sign the log.
    """
    account, target = decision.account(), decision.record["target"]
    actor = Actor(decision.row.actor, decision.named_end)
    warned = known_cases.warnings_of(read, decision)
    again = decide(fresh, decision.row.action, actor, now=now, policy=rules.policy) if fresh else None
    again = account_warnings.with_warnings(again, warned, rules.policy) if again else None
    again = findings.with_findings(read, again, account, warned) if again else None
    again = triage.with_triage(again, rules.policy) if again and is_triage(decision.row) else again
    return CaseFile(
        detail,
        account,
        protected_from(target) if target else None,
        tuple(reason.text for reason in impact(account, rules.policy)),
        again,
        tuple(_changes(read, decision, account, fresh, again, caller)),
        prove(read, [line.seq for line in detail.history[-PROVED:]], trusted),
        _permissions(read, decision, detail, caller, now, rules),
        _marks(read, decision, now, rules) if caller.roles & SEES_ALL else UNMARKED,
    )


def _marks(read: Read, decision: Decision, now: datetime, rules: Rules) -> Marks:
    review = find_review(read, decision, now=now, rules=rules)
    found = find_marks(read, {decision.row.id: review}, now=now)[decision.row.id]
    return found if review.state == "open" else Marks(all=found.all)


def _permissions(
    read: Read, decision: Decision, detail: CheckDetail, caller: Caller, now: datetime, rules: Rules
) -> Permissions:
    review = find_review(read, decision, now=now, rules=rules)
    ends = caller.access_ends_at
    ended = account_warnings.ENDED if any(warning.after for warning in detail.warnings) else ""
    why = why_not_reviewed(read, decision, review) or why_not_reviewer(
        decision, review, caller, ends, now=now, rules=rules
    )
    why = why or ended
    own = any(map(caller.is_called, askers(decision.row)))
    is_there = not (ends and ends <= now)
    acts = own and "agent" in caller.roles and is_there
    valid = any(clearance.state == "valid" for clearance in detail.clearances)
    allowed = not ended and _is_cleared(decision, review, now, rules) and not is_spent(read, decision.row.id)
    is_alive = not ended and (allowed or valid or review.state == "open")
    judges = bool(caller.roles & {"reviewer", "admin"}) and is_there
    return Permissions(
        answer="reviewer" in caller.roles and not why,
        clear=acts and allowed,
        redeem=acts and valid and not ended and may_spend(read, decision, caller),
        revoke=judges and valid,
        withdraw=acts and is_alive and not why_not_withdrawn(read, decision),
        ask=acts and detail.held and review.state == "open",
        outcome=judges and not any(True for _ in why_no_outcome(read, decision, caller.actor, rules)),
        why_no_answer=why if "reviewer" in caller.roles and review.state == "open" else "",
    )


def _is_cleared(decision: Decision, review: Review, now: datetime, rules: Rules) -> bool:
    if review.state == "withdrawn":
        return False
    if decision.row.verdict == "cleared":
        return now - moment(decision.row.at) < rules.clearance_time
    return review.state == "approved"


def _changes(
    read: Read,
    decision: Decision,
    account: Account,
    fresh: Assessment | None,
    again: Verdict | None,
    caller: Caller,
) -> Iterator[Change]:
    then = decision.answer
    if fresh and again:
        yield from _versions(then, fresh, again)
        before = then["target"] and f"@{then['target']['handle']}"
        after = fresh.target and f"@{fresh.target.handle}"
        if before != after:
            yield Change("It resembles", before or "nobody", after or "nobody")
        if abs(fresh.impersonation_probability - then["impersonation_probability"]) >= MOVED:
            yield Change(
                "Probability", percent(then["impersonation_probability"]), percent(fresh.impersonation_probability)
            )
        if again.verdict != then["verdict"]:
            yield Change("Verdict", then["verdict"].replace("_", " "), again.verdict.replace("_", " "))
    yield from _later(read, decision, account, caller)


def _versions(then: Mapping[str, Any], fresh: Assessment, again: Verdict) -> Iterator[Change]:
    for what, before, now in (
        ("Model", then["model_id"], fresh.model_id),
        ("Registry", then["registry_version"], fresh.registry_version),
        ("Policy", then["policy_version"], again.policy_version),
    ):
        if before != now:
            yield Change(what, before[:12], now[:12])


def _later(read: Read, decision: Decision, account: Account, caller: Caller) -> Iterator[Change]:
    """Yield what later checks of the account that this person may see found different in it, the last check first."""
    row = decision.row
    same = and_(on_platform(row.platform), decisions.c.handle == row.handle)
    if row.account_id:
        same = or_(same, and_(on_platform(row.platform), decisions.c.account_id == row.account_id))
    later_ones = select(decisions).where(same, decisions.c.seq > row.seq, decisions.c.erased.is_(None), WAS_ASKED)
    query = later_ones.order_by(decisions.c.seq.desc()).limit(LATER)
    seen: set[str] = set()
    for later in map(Decision.of, read(query)):
        if not is_visible(later, caller):
            continue
        other = later.account()
        for name in _COMPARED:
            before, after = getattr(account, name), getattr(other, name)
            if before is not None and after is not None and before != after and name not in seen:
                seen.add(name)
                yield Change(name.replace("_", " ").capitalize(), _text(before), _text(after), later.row.id)


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, tuple):
        return " ".join(map(str, value)) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,}" if isinstance(value, int) else str(value)


class Step(NamedTuple):
    """One thing that happened to a check."""

    at: datetime
    kind: str
    data: dict[str, Any]


def steps(read: Read, check_ids: list[str], caller: Caller) -> dict[str, list[Step]]:
    """Return what the log says of each of some checks, in order, as far as this person may know."""
    found: dict[str, list[Step]] = {check_id: [] for check_id in check_ids}
    for row in read(second_looks.told(log.c.subject.in_(check_ids), caller)):
        found[row.subject].append(Step(moment(row.at), row.kind, json.loads(row.data)))
    return found
