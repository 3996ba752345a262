"""Statements of reasons, as the EU's DSA transparency database takes them since July 2025.

Rules:

1. A statement is of an action: it is made when the clearance is redeemed, in the same transaction. A check that nobody
   acted on has none.
2. What was stated never changes. An appeal is told apart from it.
3. Nothing is guessed. What the database requires and nobody has said is missing, and is named; it can be given once.
   ``automated_decision`` is "partially" of every action: a score was computed, so it was not without automated means;
   Doublecheck only permits, so it was not fully automated. Whoever lets a program both ask and act has to say so there.
4. No personal data: no name, handle, link or text of an account goes in, neither the reported one's nor the protected
   one's. The database forbids it.

References
----------
Regulation (EU) 2022/2065 (Digital Services Act), articles 17 and 24(5)
DSA Transparency Database, "API and schema": https://transparency.dsa.ec.europa.eu/page/api-documentation
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any, Literal

from sqlalchemy import select

from service.auth.api_keys import Caller
from service.decisions.notices import stated
from service.decisions.recorded import Decision, Read, find_decision
from service.decisions.review_state import find_review
from service.errors import RecordsError, StatementError
from service.limits import Rules
from service.records.tables import clearances, statement_additions, statements
from service.records.transaction import Answer, Transaction
from service.schemas.checks import CheckResponse
from service.schemas.statements import GIVEN, SOURCE_TYPES, YES_NO, Statement, StatementIn

# The database takes no earlier dates.
FIRST_CONTENT, FIRST_APPLICATION = date(2000, 1, 1), date(2020, 1, 1)
_DECISIONS: dict[str, Literal["DECISION_ACCOUNT_SUSPENDED", "DECISION_ACCOUNT_TERMINATED"]] = {
    "suspend": "DECISION_ACCOUNT_SUSPENDED",
    "deactivate": "DECISION_ACCOUNT_SUSPENDED",
    "delete": "DECISION_ACCOUNT_TERMINATED",
}
_EXPLANATION = (
    "The account presents itself as another person or organisation, which the platform protects, without declaring a "
    "parody or being the owner's own."
)


def statement_of(read: Read, decision: Decision, rules: Rules, now: datetime) -> Statement:
    """Return the statement of reasons of a check that is acted on now.

    Raises
    ------
    RecordsError
        If the clock says that it is before 2020: nothing is acted on by such a clock.
    """
    today = now.astimezone(UTC).date()
    if today < FIRST_APPLICATION:
        raise RecordsError("the clock of this machine is wrong: it says that it is before 2020")
    filing, created = rules.filing, _created(decision)
    request = decision.record["request"]
    said = stated(request.get("notice")) | _said(request["report"])
    return Statement(
        decision_account=_DECISIONS[decision.row.action],
        decision_ground_reference_url=filing.terms_url,
        incompatible_content_ground=filing.terms,
        incompatible_content_explanation=_EXPLANATION,
        territorial_scope=filing.territory or None,
        content_date=f"{min(max(created or _checked(decision), FIRST_CONTENT), today)}",
        application_date=f"{today}",
        decision_facts=" ".join(_facts(decision, created, _approved(read, decision, rules, now))),
        source_type=said.get("source_type"),
        automated_detection=said.get("automated_detection"),
        puid=decision.row.id,
    )


def keep_statement(transaction: Transaction, statement: Statement) -> None:
    """Write a statement down: as it will be filed, but for what is missing."""
    missing = [name for name in GIVEN if getattr(statement, name) is None]
    row = {"decision": statement.puid, "at": transaction.stamp, "body": statement.model_dump_json(exclude_none=True)}
    transaction.record(statements, "statement", statement.puid, row | {"missing": " ".join(missing)}, missing=missing)


def find_statement(read: Read, decision: Decision) -> Statement:
    """Return the statement of a check, with what was given since.

    Raises
    ------
    StatementError
        If there is none.
    """
    body = dict.fromkeys(("decision_ground_reference_url", *GIVEN)) | json.loads(_kept(read, decision).body)
    for row in read(select(statement_additions).where(statement_additions.c.decision == decision.row.id)):
        body |= json.loads(row.body)
    return Statement.model_validate(body)


def complete_statement(transaction: Transaction, check_id: str, given: StatementIn, caller: Caller) -> Answer:
    """Add what a statement lacks, once and all of it.

    Raises
    ------
    UnknownCheckError
    StatementError
        If there is no statement, it has what is given already, or would still lack something.
    """
    decision = find_decision(transaction.read, check_id)
    before = find_statement(transaction.read, decision)
    body = given.model_dump(mode="json", exclude_none=True)
    if stated := [name for name in body if getattr(before, name) is not None]:
        raise StatementError(f"{', '.join(stated)}: stated already, and what is stated never changes")
    if lacking := [name for name in GIVEN if name not in body and getattr(before, name) is None]:
        raise StatementError(f"{', '.join(lacking)}: missing too; give all that is missing at once")
    row = {"decision": check_id, "body": json.dumps(body), "actor": caller.actor, "at": transaction.stamp}
    transaction.record(statement_additions, "statement_completed", check_id, row, actor=caller.actor, given=[*body])
    return Answer(Statement.model_validate(before.model_dump() | body).model_dump_json())


def _kept(read: Read, decision: Decision) -> Any:
    rows = read(select(statements).where(statements.c.decision == decision.row.id))
    if rows:
        return rows[0]
    spent = read(
        select(clearances.c.seq).where(clearances.c.decision == decision.row.id, clearances.c.spent.is_not(None))
    )
    if spent:
        raise StatementError("the account was acted on before statements were kept: there is none")
    raise StatementError("nobody acted on this check: there is nothing to state reasons of")


def _said(report: object) -> dict[str, Any]:
    """Return what a report says in the database's own words; anything else in it is for people."""
    told = report if isinstance(report, dict) else {}
    allowed = {"source_type": SOURCE_TYPES, "automated_detection": YES_NO}
    return {name: told[name] for name, values in allowed.items() if told.get(name) in values}


def _created(decision: Decision) -> date | None:
    created = decision.record["account"].get("created_at")
    return datetime.fromisoformat(created).date() if created else None


def _checked(decision: Decision) -> date:
    return datetime.fromisoformat(decision.row.at).date()


def _approved(read: Read, decision: Decision, rules: Rules, now: datetime) -> int:
    """Return how many reviewers' approvals count."""
    review = find_review(read, decision, now=now, rules=rules)
    return sum(approval.counts and approval.row.answer == "approve" for approval in review.approvals)


def _facts(decision: Decision, created: date | None, approved: int) -> Iterator[str]:
    check = CheckResponse(**decision.answer)
    yield (
        f"The profile was compared with those of protected accounts: {check.relation.replace('_', ' ')}, with a "
        f"probability of impersonation of {check.impersonation_probability:.4f}{_without_strongest(check)}."
    )
    if check.evidence:
        told = ", ".join(item.feature.replace("_", " ") for item in check.evidence[:3])
        yield f"{len(check.evidence)} compared features were weighed, the most telling: {told}."
    if check.certificate:
        yield (
            f"The threshold {check.certificate.in_force:.4f} was certified so that at most "
            f"{check.certificate.alpha:.1%} of genuine accounts score above it."
        )
    if approved:
        yield f"{approved} reviewers looked at the comparison and approved the action."
    if created is None:
        yield "When the account was created is not known: the content date is that of the comparison."
    elif created < FIRST_CONTENT:
        yield "The account was created before the content date, which is the earliest that can be given."


def _without_strongest(check: CheckResponse) -> str:
    if check.clearing_probability is None:
        return ""
    return f", and of {check.clearing_probability:.4f} without the strongest kind of evidence"
