"""Answers to checks as the pages get them, without a service."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

from classifier.accounts.account import canonical
from classifier.scoring.policy import Actor, Policy, decide
from service.decisions.check import Reading, answer
from service.schemas.checks import CheckResponse
from service.schemas.reviews import ActorOut, ApprovalOut, CheckDetail, ClearanceStatus, OutcomeOut, ReviewOut
from service.settings import Settings
from tests.service.conftest import NOW, canned

RULES = Settings().rules()
AGENT = Actor("agent-17")


def response_to(assessment=None, account=None, *, actor=AGENT) -> CheckResponse:
    assessment = assessment or canned()
    account = account or assessment.account
    assessment = replace(assessment, account=account)
    verdict = decide(assessment, "suspend", actor, now=NOW, policy=Policy())
    return answer(Reading(account, ()), assessment, verdict, NOW)


def detail_of(check, account=None, *, state=None, caller="tool", **changes) -> CheckDetail:
    state = state or ("open" if check.verdict == "needs_review" else "not_needed")
    values = {
        "check": check,
        "action": "suspend",
        "actor": ActorOut(actor_id="agent-17", access_ends_at=None),
        "caller": caller,
        "account": canonical(account) if account else {},
        "report": None,
        "review": ReviewOut(
            check_id=check.check_id,
            state=state,
            required=check.required_approvals,
            approvals=changes.pop("approvals", []),
        ),
        "clearances": [],
        "outcomes": [],
        "history": [],
    }
    return CheckDetail(**(values | changes))


def clearance(state, *, minutes):
    return ClearanceStatus(
        clearance_id=uuid4(), issued_at=NOW, expires_at=NOW + timedelta(minutes=minutes), state=state
    )


def approval(reviewer, answer="approve", *, counts=True):
    return ApprovalOut(reviewer=reviewer, answer=answer, reason="Looked.", at=NOW, counts=counts)


def outcome(check, found, relation="unrelated"):
    return OutcomeOut(check_id=check.check_id, outcome=found, relation=relation, note="", actor="auditor", at=NOW)
