"""Batches of checks: what the policy would say of each, without a decision and without a clearance."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

from pydantic import TypeAdapter, ValidationError

from classifier.errors import InputError
from classifier.scoring.policy import Actor, decide
from service.auth.api_keys import Caller
from service.decisions.check import CheckIn, read_aside
from service.decisions.check_service import Desk
from service.records.transaction import Answer, Idempotency, Transaction
from service.schemas.checks import CheckRequest, EntryOut, ReasonOut
from service.schemas.reviews import BatchIn, BatchResponse, BatchRow
from service.web.problems import field_faults

_CHECK: TypeAdapter[CheckIn] = TypeAdapter(CheckRequest)
# Accounts of a batch that are asked for at once: few enough that single checks get their turn in between.
AT_ONCE = 64


async def answer_batch(desk: Desk, batch: BatchIn, caller: Caller, idempotency: Idempotency | None) -> Answer:
    """Answer every row, in order, and log how many of each verdict there were."""
    rows: list[BatchRow] = []
    for start in range(0, len(batch.checks), AT_ONCE):
        some = enumerate(batch.checks[start : start + AT_ONCE], start + 1)
        rows += await asyncio.gather(*(_answer_row(desk, number, given) for number, given in some))
    scorer, counts = desk.current(), Counter(str(row.verdict or "error") for row in rows)

    def record(transaction: Transaction) -> Answer:
        entry = transaction.log("batch", "batch", actor=caller.actor, key=caller.key_id, rows=len(rows), **counts)
        response = BatchResponse(
            results=rows,
            model_id=scorer.model_id,
            policy_version=desk.rules.policy.version,
            registry_version=scorer.registry.version,
            entry=EntryOut(seq=entry.seq, hash=entry.hash),
        )
        return Answer(response.model_dump_json())

    return await desk.record_batch(record, caller, idempotency)


async def _answer_row(desk: Desk, number: int, given: Any) -> BatchRow:
    try:
        asked = _CHECK.validate_python(given)
        reading = await read_aside(asked.account, asked.format, now=desk.clock())
    except ValidationError as error:
        return BatchRow(row=number, error=_fault(error))
    except InputError as error:
        return BatchRow(row=number, error=str(error))
    assessment = await desk.assess(reading.account)
    actor = Actor(asked.actor.actor_id, asked.actor.access_ends_at)
    verdict = decide(assessment, asked.action, actor, now=desk.clock(), policy=desk.rules.policy)
    target = assessment.target
    return BatchRow(
        row=number,
        verdict=verdict.verdict,
        reasons=[ReasonOut(code=reason.code, text=reason.text) for reason in verdict.reasons],
        required_approvals=verdict.required_approvals,
        relation=assessment.relation,
        target_handle=target and target.handle,
        target_id=target and target.account_id,
        impersonation_probability=assessment.impersonation_probability,
    )


def _fault(error: ValidationError) -> str:
    """Return the first fault as a sentence, without any value that was sent."""
    fault = field_faults(error.errors())[0]
    return f"field '{fault.field}': {fault.message}" if fault.field else fault.message
