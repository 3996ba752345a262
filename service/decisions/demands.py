"""Demands: an account is asked to change something instead of being suspended, and somebody looks whether it has.

Rules:

1. A demand begins when the clearance of the action ``require_change`` is redeemed: the platform's tool sends it then.
2. Only a look at the profile answers it. All met, at any time: it is met. Something unmet once the time is up: it is
   unmet. What the profile does not tell answers nothing (R8): a demand that is due stays due until somebody looks.
3. It is withdrawn, never unmet, where the account is a protected one by now (R1). Of another account nothing is taken.
4. Until it is answered, it warns whoever wants to act on the account (``account_warnings``). Unmet, it lowers no bar:
   a fresh check is decided like any other.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Row, and_, func, or_, select

from classifier.accounts.account import digest, protected_from
from classifier.platform_rules.demands import is_met
from classifier.scoring.assessment import Assessment
from service.auth.api_keys import Caller
from service.decisions import account_warnings
from service.decisions.appeal_codes import code_told
from service.decisions.recorded import Decision, Read, find_decision, is_visible
from service.errors import DemandError, UnknownDemandError
from service.limits import Rules
from service.records.remembered import subject_of
from service.records.tables import decisions, demand_looks, demands, moment, stamp
from service.records.transaction import Answer, Transaction
from service.schemas.checks import EntryOut
from service.schemas.demands import DemandOut, DemandPage, DemandResult, DemandState
from service.texts.catalogue import language_or_default
from service.texts.compose import Written, demand_text

CLOSED = frozenset({"met", "unmet", "withdrawn"})
_NEXT: dict[DemandState, str] = {
    "open": "Wait, or look at the profile: POST /v1/demands/{demand_id}/look.",
    "due": "The time is up: read the profile and send it to POST /v1/demands/{demand_id}/look.",
    "met": "Nothing: the case is closed.",
    "unmet": "Ask for a fresh check of the account as it is now, with the action that fits.",
    "withdrawn": "Tell the account that nothing is demanded of it any more: it is a protected account.",
}


def begin(transaction: Transaction, decision: Decision, rules: Rules) -> None:
    """Write down that an account is asked to change something, from now on: rule 1."""
    asked = decision.record["request"]
    hours = asked.get("time_limit_hours")
    due_at = stamp(transaction.now + (timedelta(hours=hours) if hours else rules.demand_time))
    row = {"id": str(uuid4()), "decision": decision.row.id, "at": transaction.stamp, "due_at": due_at}
    transaction.record(
        demands, "demand_made", decision.row.id, row, demand=row["id"], kinds=asked["demands"], due_at=due_at
    )
    account_warnings.remember(transaction, decision, account_warnings.DEMAND)


def look(transaction: Transaction, demand_id: str, fresh: Assessment, caller: Caller, rules: Rules) -> Answer:
    """Record what a profile shows of a demand.

    Parameters
    ----------
    fresh : Assessment
        Of the account as it is now.

    Raises
    ------
    UnknownDemandError
        If there is no such demand, or not for this caller.
    DemandError
        If it is answered already, or the profile is of another account.
    ErasedError
        If the texts of the account were erased.
    """
    demand, decision = _find(transaction.read, demand_id, caller)
    before = _last(transaction.read, demand_id)
    if before is not None and before.state in CLOSED:
        raise DemandError(f"this demand is {before.state} already: nothing is looked for any more")
    account_warnings.standing(transaction, decision.subject)  # read before anything is written
    if not _is_the_account(decision, fresh):
        raise DemandError("the profile is of another account than the demand: send the account that the demand names")
    written = _text(transaction.read, demand, decision, rules)
    results = [] if _is_protected(fresh) else _results(decision, fresh, rules)
    state = _state_after(results, fresh, is_due=moment(demand.due_at) <= transaction.now)
    row = {"demand": demand_id, "at": transaction.stamp, "actor": caller.actor, "state": state}
    row |= {"snapshot": digest(fresh.account), "results": json.dumps([one.model_dump() for one in results])}
    entry = transaction.record(
        demand_looks, "demand_looked_at", decision.row.id, row, demand=demand_id, state=state, actor=caller.actor
    )
    if state in CLOSED:
        account_warnings.remember(transaction, decision, account_warnings.ANSWERED)
    seen = _Look(state, row["results"], transaction.stamp)
    receipt = EntryOut(seq=entry.seq, hash=entry.hash)
    shown = _out(demand, decision, written, seen, transaction.now, receipt)
    return Answer(shown.model_dump_json(), labels=(state,))


def find(read: Read, demand_id: str, caller: Caller, *, now: datetime, rules: Rules) -> DemandOut:
    """Return a demand.

    Raises
    ------
    UnknownDemandError
    """
    demand, decision = _find(read, demand_id, caller)
    return _out(demand, decision, _text(read, demand, decision, rules), _last(read, demand_id), now)


@dataclass(frozen=True, slots=True)
class DemandSearch:
    """Which demands to look for; what is ``None`` does not matter."""

    state: DemandState | None = None
    platform: str | None = None
    account_id: str | None = None
    before: int | None = None
    limit: int = 50


def search(read: Read, wanted: DemandSearch, *, now: datetime, rules: Rules) -> DemandPage:
    """Return the demands that fit, the newest first."""
    latest = select(func.max(demand_looks.c.seq)).group_by(demand_looks.c.demand)
    last = select(demand_looks).where(demand_looks.c.seq.in_(latest)).subquery()
    query = (
        select(demands, last.c.state, last.c.results, last.c.at.label("looked_at"))
        .join(decisions, decisions.c.id == demands.c.decision)
        .outerjoin(last, last.c.demand == demands.c.id)
        .order_by(demands.c.seq.desc())
        .limit(wanted.limit + 1)
    )
    for column, value in ((decisions.c.platform, wanted.platform), (decisions.c.account_id, wanted.account_id)):
        if value is not None:
            query = query.where(column == value)
    if wanted.before is not None:
        query = query.where(demands.c.seq < wanted.before)
    if wanted.state in CLOSED:
        query = query.where(last.c.state == wanted.state)
    elif wanted.state:
        is_due = demands.c.due_at <= stamp(now)
        unanswered = or_(last.c.state.is_(None), last.c.state.not_in(CLOSED))
        query = query.where(and_(unanswered, is_due if wanted.state == "due" else ~is_due))
    rows = list(read(query))
    shown = rows[: wanted.limit]
    about = read(select(decisions).where(decisions.c.id.in_([row.decision for row in shown])))
    by_check = {row.id: Decision.of(row) for row in about}
    texts = [_text(read, row, by_check[row.decision], rules) for row in shown]
    out = [_out(row, by_check[row.decision], text, _looked(row), now) for row, text in zip(shown, texts, strict=True)]
    return DemandPage(demands=out, next=shown[-1].seq if len(rows) > len(shown) else None)


@dataclass(frozen=True, slots=True)
class _Look:
    state: str
    results: str
    at: str


def _looked(row: Row[Any]) -> _Look | None:
    return None if row.state is None else _Look(row.state, row.results, row.looked_at)


def _find(read: Read, demand_id: str, caller: Caller) -> tuple[Row[Any], Decision]:
    rows = read(select(demands).where(demands.c.id == demand_id))
    decision = find_decision(read, rows[0].decision) if rows else None
    if decision is None or not (is_visible(decision, caller) or "executor" in caller.roles):
        raise UnknownDemandError("there is no demand with this number")
    return rows[0], decision


def _last(read: Read, demand_id: str) -> _Look | None:
    newest = demand_looks.c.seq.desc()
    rows = read(select(demand_looks).where(demand_looks.c.demand == demand_id).order_by(newest).limit(1))
    return _Look(rows[0].state, rows[0].results, rows[0].at) if rows else None


def _is_the_account(decision: Decision, fresh: Assessment) -> bool:
    then, now = decision.subject, subject_of(fresh.account)
    if then.account_id != now.account_id:
        return False  # whoever took the handle over, or a profile that does not say whose it is
    return then.matches(now)


def _is_protected(fresh: Assessment) -> bool:
    return fresh.relation == "is_protected" or fresh.declared_secondary


def _results(decision: Decision, fresh: Assessment, rules: Rules) -> list[DemandResult]:
    then, target = decision.account(), protected_from(decision.record["target"])
    kinds = decision.record["request"]["demands"]
    rule = rules.platform_rules.of(then.platform)
    return [DemandResult(kind=kind, met=is_met(kind, then, fresh.account, target, rule)) for kind in kinds]


def _state_after(results: Sequence[DemandResult], fresh: Assessment, *, is_due: bool) -> DemandState:
    if _is_protected(fresh):
        return "withdrawn"
    if all(result.met for result in results):
        return "met"
    if not is_due:
        return "open"
    return "unmet" if any(result.met is False for result in results) else "due"


def _text(read: Read, demand: Row[Any], decision: Decision, rules: Rules) -> Written:
    """Return what the account is told, in the language of the notice where there is a text in it."""
    asked = decision.record["request"]
    language = language_or_default((asked.get("notice") or {}).get("language"))
    code = code_told(read, decision.row.id, rules)
    return demand_text(
        asked["demands"], moment(demand.due_at), language, complaint_url=rules.filing.complaint_url, code=code
    )


def _out(
    demand: Row[Any],
    decision: Decision,
    written: Written,
    seen: _Look | None,
    now: datetime,
    entry: EntryOut | None = None,
) -> DemandOut:
    waiting: DemandState = "due" if moment(demand.due_at) <= now else "open"
    state: Any = seen.state if seen and seen.state in CLOSED else waiting
    return DemandOut(
        demand_id=demand.id,
        check_id=demand.decision,
        platform=decision.row.platform,
        account_id=decision.row.account_id,
        handle=decision.row.handle,
        handle_as_written=decision.written_handle,
        kinds=decision.record["request"]["demands"],
        made_at=moment(demand.at),
        due_at=moment(demand.due_at),
        state=state,
        results=json.loads(seen.results) if seen else [],
        looked_at=moment(seen.at) if seen else None,
        language=written.language,
        direction=written.direction,
        subject=written.subject,
        text=written.text,
        next_step=_NEXT[state].format(demand_id=demand.id),
        entry=entry,
    )
