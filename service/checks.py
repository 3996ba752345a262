"""The flow of one check: read the account, score it, apply the policy. Every failure is raised, none is a verdict."""

from __future__ import annotations

import math
from datetime import datetime
from typing import NamedTuple
from uuid import uuid4

from classifier.accounts import Account, digest
from classifier.errors import InputError
from classifier.evidence import Evidence
from classifier.importers import import_account
from classifier.policy import Actor, Policy, Verdict, decide
from classifier.scoring import Assessment, Scorer
from service.schemas import (
    AccountCheckIn,
    CertificateOut,
    CheckResponse,
    EvidenceOut,
    RawCheckIn,
    ReasonOut,
    TargetOut,
)


class Reading(NamedTuple):
    """An account as the importer read it, and what it changed in doing so."""

    account: Account
    notes: tuple[str, ...]


def read_account(request: AccountCheckIn | RawCheckIn, *, now: datetime) -> Reading:
    """Read the account of a request through the door that files go through.

    Raises
    ------
    InputError
        If the account cannot be used.
    """
    given = request.account
    row = given if isinstance(given, dict) else given.model_dump(exclude_none=True)
    imported = import_account(row, request.format, row_number=1, now=now)
    if imported.account is None:
        raise imported.error or InputError("the account cannot be used")
    return Reading(imported.account, imported.notes)


def check(scorer: Scorer, request: AccountCheckIn | RawCheckIn, policy: Policy, now: datetime) -> CheckResponse:
    """Answer one check.

    Parameters
    ----------
    now : datetime
        The time of the check, aware.

    Raises
    ------
    DoublecheckError
        If the account, the model or the registry cannot be used.
    """
    reading = read_account(request, now=now)
    assessment = scorer.assess(reading.account)
    actor = Actor(request.actor.actor_id, request.actor.access_ends_at)
    verdict = decide(assessment, request.action, actor, now=now, policy=policy)
    return _response(assessment, verdict, reading, now)


def _response(assessment: Assessment, verdict: Verdict, reading: Reading, now: datetime) -> CheckResponse:
    target, certificate = assessment.target, assessment.certificate
    return CheckResponse(
        check_id=uuid4(),
        checked_at=now,
        verdict=verdict.verdict,
        reasons=[ReasonOut(code=reason.code, text=reason.text) for reason in verdict.reasons],
        required_approvals=verdict.required_approvals,
        relation=assessment.relation,
        target=target and TargetOut.model_validate(target, from_attributes=True),
        impersonation_probability=assessment.impersonation_probability,
        relation_probabilities=dict(assessment.relation_probabilities),
        inauthentic_probability=assessment.inauthentic_probability,
        inauthentic=assessment.inauthentic,
        inauthentic_reason=assessment.inauthentic_reason,
        evidence=[_evidence(item) for item in assessment.evidence],
        certificate=certificate and CertificateOut.model_validate(certificate, from_attributes=True),
        notes=list(reading.notes),
        account_digest=digest(reading.account),
        model_id=assessment.model_id,
        policy_version=verdict.policy_version,
        registry_version=assessment.registry_version,
    )


def _evidence(item: Evidence) -> EvidenceOut:
    return EvidenceOut(
        feature=item.feature,
        explanation=item.explanation,
        value=item.value if math.isfinite(item.value) else None,
        reported=item.reported,
        protected=item.protected,
        contribution=item.contribution,
    )
