"""Batches of checks: what the policy would say of each, without a decision and without a clearance."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any, NamedTuple

from pydantic import TypeAdapter, ValidationError

from classifier.errors import InputError
from classifier.platform_rules.requirements import MET, offer, requirements
from classifier.scoring.assessment import Assessment
from classifier.scoring.policy import decide
from classifier.scoring.scorer import Scorer
from service.auth.api_keys import Caller
from service.decisions import account_warnings, findings, notices, triage
from service.decisions.check import CheckIn, acting, read_aside
from service.decisions.check_service import CheckService
from service.records.remembered import subject_of
from service.records.transaction import Answer, Idempotency, Transaction
from service.schemas.checks import CheckRequest, EntryOut, ReasonOut
from service.schemas.reviews import BatchIn, BatchResponse, BatchRow
from service.web.problems import field_faults

_CHECK: TypeAdapter[CheckIn] = TypeAdapter(CheckRequest)
# Accounts of a batch that are asked for at once: few enough that single checks get their turn in between.
AT_ONCE = 64


class _Scored(NamedTuple):
    """A row that could be read, and what the model says of it."""

    asked: CheckIn
    assessment: Assessment


async def answer_batch(
    check_service: CheckService, batch: BatchIn, caller: Caller, idempotency: Idempotency | None
) -> Answer:
    """Answer every row, in order, and log how many of each verdict there were.

    All rows are scored by one scorer, whose versions the answer names, also where the model or the registry changes in
    the meantime. The policy is asked within the transaction, which knows when actors' access ends and what accounts are
    warned of.
    """
    scorer = check_service.current()
    rows: list[_Scored | str] = []
    for start in range(0, len(batch.checks), AT_ONCE):
        some = batch.checks[start : start + AT_ONCE]
        rows += await asyncio.gather(*(_score_row(check_service, scorer, given) for given in some))

    def record(transaction: Transaction) -> Answer:
        results = [_decide_row(check_service, transaction, number, row, caller) for number, row in enumerate(rows, 1)]
        counts = Counter(str(result.verdict or "error") for result in results)
        entry = transaction.log("batch", "batch", actor=caller.actor, key=caller.key_id, rows=len(rows), **counts)
        response = BatchResponse(
            results=results,
            model_id=scorer.model_id,
            policy_version=check_service.rules.policy.version,
            registry_version=scorer.registry.version,
            entry=EntryOut(seq=entry.seq, hash=entry.hash),
        )
        return Answer(response.model_dump_json())

    actors = {row.asked.actor.actor_id for row in rows if isinstance(row, _Scored) and row.asked.actor}
    about = {subject_of(row.assessment.account) for row in rows if isinstance(row, _Scored)}
    return await check_service.record_batch(
        record, caller, idempotency, actors=tuple(sorted(actors)), about=tuple(sorted(about))
    )


async def _score_row(check_service: CheckService, scorer: Scorer, given: Any) -> _Scored | str:
    """Return what the model says of a row, or why the row cannot be used."""
    try:
        asked = _CHECK.validate_python(given)
        reading = await read_aside(asked.account, asked.format, now=check_service.clock())
    except ValidationError as error:
        return _fault(error)
    except InputError as error:
        return str(error)
    return _Scored(asked, await check_service.assess(reading.account, scorer))


def _decide_row(
    check_service: CheckService, transaction: Transaction, number: int, row: _Scored | str, caller: Caller
) -> BatchRow:
    if isinstance(row, str):
        return BatchRow(row=number, error=row)
    assessment, target = row.assessment, row.assessment.target
    actor = acting(transaction, row.asked.actor, caller)
    policy = check_service.rules.policy
    verdict = decide(assessment, row.asked.action, actor, now=transaction.now, policy=policy)
    warned = account_warnings.standing(transaction, subject_of(assessment.account))
    verdict = account_warnings.with_warnings(verdict, warned, policy)
    verdict = findings.with_findings(transaction.read, verdict, assessment.account, warned)
    verdict = notices.with_notice(verdict, row.asked.notice, None, policy)  # a reporter's account takes a single check
    verdict = triage.with_triage(verdict, policy) if row.asked.triage else verdict
    rule = check_service.rules.platform_rules.of(assessment.account.platform)
    asked = requirements(assessment.account, target, assessment.relation, rule)
    fits = offer(assessment, asked, rule)
    return BatchRow(
        row=number,
        verdict=verdict.verdict,
        reasons=[ReasonOut(code=reason.code, text=reason.text) for reason in verdict.reasons],
        required_approvals=verdict.required_approvals,
        relation=assessment.relation,
        target_handle=target and target.handle,
        target_id=target and target.account_id,
        impersonation_probability=assessment.impersonation_probability,
        clearing_probability=assessment.clearing_probability,
        requirements=" ".join(f"{one.code}={MET[one.met]}" for one in asked) or None,
        offer=list(fits.demands) if fits else [],
    )


def _fault(error: ValidationError) -> str:
    """Return the first fault as a sentence, without any value that was sent."""
    fault = field_faults(error.errors())[0]
    return f"field '{fault.field}': {fault.message}" if fault.field else fault.message
