"""Redeeming: the moment before the action. A clearance counts once, and only if all that it is bound to is still so.

Rules, each a reason to refuse; all that apply are named:

1. It was signed here, is known, and was not spent, revoked or outlived; nor was the database restored since.
2. It is spent by the actor it was given to, or by the caller who asked for it, or in the actor's name; and with the key
   that asked or that got it, or with one of the role ``executor``: to hold a token and name its owner is not enough.
3. The account is the one that was judged, by all that it was judged by (``changes``).
4. The model that serves and the policy are those that cleared it.
5. Asked again now, with the account as it is now and the registry as it is now, the policy would still allow it: nobody
   protected the account since, and the actor neither has lost the right nor is about to.
6. Where reviewers approved it, their approvals still count.
7. No appeal was overturned and nothing was seen of the account since its check (``account_warnings``). What a refused
   redemption sees of it is remembered.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import Row, bindparam, select, update

from classifier.scoring.assessment import Assessment
from classifier.scoring.reason import Reason
from service.auth.api_keys import Caller
from service.decisions import account_warnings, appeal_codes, demands, restoration, triage
from service.decisions.changes import changes
from service.decisions.clearance_token import Clearance
from service.decisions.recorded import Decision, Read, clearance_state, find_decision
from service.decisions.review_state import find_review
from service.decisions.reviews import changed_verdict, void
from service.decisions.statement_of_reasons import keep_statement, statement_of
from service.errors import ClearanceError
from service.limits import Rules
from service.records.tables import clearances
from service.records.transaction import Answer, Transaction
from service.schemas.checks import ActorIn, EntryOut, ReasonOut
from service.schemas.reviews import Redeemed, Refused, Revoked

_SPEND = update(clearances).where(clearances.c.id == bindparam("which")).values(spent=bindparam("entry"))


def redeem(
    transaction: Transaction,
    clearance: Clearance,
    fresh: Assessment,
    named: ActorIn | None,
    caller: Caller,
    rules: Rules,
    *,
    emptied: Collection[str] = (),
) -> Answer:
    """Spend a clearance, or say why not: an answer with status 409, which is recorded too.

    Parameters
    ----------
    clearance : Clearance
        What the token says; its signature was checked.
    fresh : Assessment
        Of the account as it is now, by the model and over the registry of now.
    named : ActorIn, optional
        Who acts, if not the caller.
    emptied : collection of str
        Columns of the account that the redemption says are empty.

    Raises
    ------
    ClearanceError
        If no such clearance was ever given.
    """
    row = find_clearance(transaction, clearance.clearance_id)
    decision = find_decision(transaction.read, row.decision)
    changed = tuple(changes(decision.account(), fresh.account, emptied))
    ends = named.access_ends_at if named else None
    acts = triage.acting_of(decision, row)
    verdict = tuple(changed_verdict(transaction, decision, fresh, acts, caller, rules, named_end=ends))
    warned = tuple(account_warnings.since(account_warnings.standing(transaction, decision.subject), decision))
    hands = tuple(_against(transaction, clearance, row, decision, fresh, named, caller, rules))
    reasons = (*warned, *hands, *changed, *verdict)
    check_id, now = row.decision, transaction.now
    if reasons:
        codes = [reason.code for reason in reasons]
        transaction.log("clearance_refused", check_id, clearance=row.id, caller=caller.actor, reasons=codes)
        if seen := account_warnings.seen(decision.account(), fresh.account, changed, verdict):
            account_warnings.remember(transaction, decision, account_warnings.SEEN, seen)
        refused = Refused(reasons=[ReasonOut(code=reason.code, text=reason.text) for reason in reasons])
        return Answer(refused.model_dump_json(), 409, ("refused",))
    restricts = decision.row.action != "require_change"
    statement = statement_of(transaction.read, decision, rules, now) if restricts else None
    code = appeal_codes.new_code(transaction.read, check_id, rules)
    entry = transaction.log(
        "clearance_redeemed", check_id, clearance=row.id, actor=clearance.actor, caller=caller.actor
    )
    transaction.change(_SPEND, which=row.id, entry=entry.seq)
    if statement is None:
        demands.begin(transaction, decision, rules)
    else:
        keep_statement(transaction, statement)
    appeal_codes.give(transaction, check_id, code)
    redeemed = Redeemed(
        clearance_id=row.id, check_id=check_id, action=decision.row.action, actor=clearance.actor,
        account=clearance.account, redeemed_at=now, entry=EntryOut(seq=entry.seq, hash=entry.hash),
    )  # fmt: skip
    return Answer(redeemed.model_dump_json(), labels=("redeemed",))


def revoke(transaction: Transaction, clearance_id: str, caller: Caller) -> Answer:
    """Make a clearance void; one that was spent stays so.

    Raises
    ------
    ClearanceError
        If no such clearance was ever given, or it was spent or revoked already.
    """
    row = find_clearance(transaction, clearance_id)
    if row.spent is not None or row.revoked is not None:
        raise ClearanceError([_STATES["spent" if row.revoked is None else "revoked"]])
    entry = void(transaction, clearance_id, row.decision, caller.actor)
    return Answer(Revoked(clearance_id=row.id, state="revoked", entry=entry).model_dump_json(), labels=("revoked",))


def find_clearance(transaction: Transaction, clearance_id: str) -> Row[Any]:
    """Return a clearance's row.

    Raises
    ------
    ClearanceError
        If there is none.
    """
    rows = transaction.read(select(clearances).where(clearances.c.id == clearance_id))
    if not rows:
        raise ClearanceError([Reason("unknown_clearance", "No such clearance was given here.")])
    return rows[0]


def _against(
    transaction: Transaction,
    clearance: Clearance,
    row: Row[Any],
    decision: Decision,
    fresh: Assessment,
    named: ActorIn | None,
    caller: Caller,
    rules: Rules,
) -> Iterator[Reason]:
    now = transaction.now
    state = clearance_state(row, now)
    if state != "valid":
        yield _STATES[state]
    yield from restoration.against(transaction.read, clearance.issued_at)
    yield from _other_hands(transaction, row, decision, named, caller)
    if clearance.model_id != fresh.model_id:
        yield Reason("model_withdrawn", "Another model serves now than the one that cleared this.")
    if clearance.policy_version != rules.policy.version:
        yield Reason("policy_withdrawn", "Another policy is in force now than the one that cleared this.")
    if decision.row.verdict == "needs_review":
        review = find_review(transaction.read, decision, now=now, rules=rules)
        if not review.holds(decision):
            yield Reason("approvals_lost", "The approvals that it rests on do not count any more.")
        yield from triage.against(decision, review, triage.acting_of(decision, row), transaction.people)


def _other_hands(
    transaction: Transaction,
    row: Row[Any],
    decision: Decision,
    named: ActorIn | None,
    caller: Caller,
) -> Iterator[Reason]:
    people, acts = transaction.people, named.actor_id if named else caller.actor
    given_to = triage.acting_of(decision, row)
    if not any(people.same(acts, name) for name in {given_to, *(() if named else (decision.row.caller,))}):
        yield Reason("other_actor", "It was given to another actor.")
    if not _is_theirs(row.taken_by, decision, caller):
        yield Reason("other_key", "It was given to another key: for a tool that acts there is the role executor.")
    yield from triage.without_right(transaction.read, given_to, (decision.row.key_id, row.taken_by), people)


def may_spend(read: Read, decision: Decision, caller: Caller) -> bool:
    """Tell whether a key may spend a clearance of a check that was neither spent nor revoked: rule 2."""
    unspent = clearances.c.spent.is_(None) & clearances.c.revoked.is_(None)
    takers = read(select(clearances.c.taken_by).where(clearances.c.decision == decision.row.id, unspent))
    return any(_is_theirs(row.taken_by, decision, caller) for row in takers)


def _is_theirs(taken_by: str | None, decision: Decision, caller: Caller) -> bool:
    """Tell whether a key asked for a clearance, got it, or executes; who got those before 0004 is not known."""
    return "executor" in caller.roles or caller.key_id in {decision.row.key_id, taken_by}


_STATES = {
    "spent": Reason("spent", "The clearance was spent already."),
    "revoked": Reason("revoked", "The clearance was revoked."),
    "expired": Reason("expired", "The clearance has expired: ask for a new check."),
}
