"""One check: read the account, score it, apply the policy, record the decision, and only then give a clearance.

Every failure is raised, none is a verdict. What is recorded is enough to answer the same question again with the same
model: the request, the account as read, the target, the answer.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import math
from datetime import datetime
from typing import Any, NamedTuple
from uuid import uuid4

from classifier.accounts.account import Account, ProtectedAccount, canonical, digest
from classifier.accounts.identity import identity_key
from classifier.certification.neyman_pearson import Certificate
from classifier.errors import InputError
from classifier.importers import import_account
from classifier.pictures import hash_base64
from classifier.platform_rules.requirements import offer, requirements
from classifier.platform_rules.rule_files import PlatformRules, shipped_rules
from classifier.scoring.assessment import Assessment
from classifier.scoring.evidence import Evidence
from classifier.scoring.policy import Actor, Verdict, decide
from service.auth.api_keys import Caller
from service.decisions import account_warnings, asker_steps, findings, notices, quotas, reporters, second_looks, triage
from service.decisions.clearance_token import Clearance, account_name, token_of
from service.decisions.history_search import note_target
from service.decisions.notices import ReporterSeen
from service.limits import Rules
from service.records.remembered import subject_of
from service.records.tables import clearances, decisions, stamp
from service.records.transaction import Answer, Logged, Transaction
from service.schemas.checks import (
    AccountCheckIn,
    ActorIn,
    CheckResponse,
    ClearanceOut,
    OwnCertificateOut,
    RawCheckIn,
    RequirementOut,
    TargetOut,
)
from service.schemas.values import Wire
from service.signing import Signer

CheckIn = AccountCheckIn | RawCheckIn
# 1: of this version.
RECORD_FORMAT = 1
# What an assessment says of the registry's latest changes, which its version does not.
LATELY = ("registered_at", "unprotected_at")


class Reading(NamedTuple):
    """An account as the importer read it, and what it changed in doing so."""

    account: Account
    notes: tuple[str, ...]


class Checked(NamedTuple):
    """A check that was scored and is to be decided."""

    request: CheckIn
    reading: Reading
    assessment: Assessment
    reporter: ReporterSeen | None = None


def read_account(given: Any, format_: str, *, now: datetime) -> Reading:
    """Read an account of a request through the door that files go through.

    Raises
    ------
    InputError
        If the account cannot be used.
    """
    row = given if isinstance(given, dict) else with_picture(given.model_dump(exclude_none=True))
    imported = import_account(row, format_, row_number=1, now=now)
    if imported.account is None:
        raise imported.error or InputError("the account cannot be used")
    return Reading(imported.account, imported.notes)


async def read_aside(given: Any, format_: str, *, now: datetime) -> Reading:
    """Read an account as ``read_account`` does; one with a picture in another thread, because that takes long."""
    if getattr(given, "avatar", None) is None:
        return read_account(given, format_, now=now)
    return await asyncio.to_thread(read_account, given, format_, now=now)


def emptied(given: Any) -> frozenset[str]:
    """Return the columns that an account of a request says are empty, rather than leaving them out.

    Only our own columns say so: of other formats nobody knows which of their fields a blank stands for.
    """
    if isinstance(given, dict):
        return frozenset()
    said = ((name, getattr(given, name)) for name in given.model_fields_set)
    return frozenset(name for name, value in said if value == [] or (isinstance(value, str) and not value.strip()))


def with_picture(row: dict[str, Any]) -> dict[str, Any]:
    """Return an account's columns with the hash of its picture in the place of the picture.

    Raises
    ------
    InputError
        If there is a picture and the extra that reads it is not installed.
    """
    avatar = row.pop("avatar", None)
    return row if avatar is None else row | {"avatar_pdq": hash_base64(avatar)}


def record(
    transaction: Transaction,
    checked: Checked,
    caller: Caller,
    rules: Rules,
    signer: Signer,
    *,
    give: bool = True,
    hold: bool = False,
) -> Answer:
    """Decide a check and write it down; give a clearance where it is cleared.

    The clearance is written in the same transaction as the decision, or later (``reviews.clear``): never before.

    Parameters
    ----------
    give : bool
        Whether the clearance is given at once, as tools want it. People ask for it when they are about to act.
    hold : bool
        Whether a check that resembles nobody stays out of the queue until its asker asks people.
    """
    request, assessment = checked.request, checked.assessment
    actor = acting(transaction, request.actor, caller)
    verdict = decide(assessment, request.action, actor, now=transaction.now, policy=rules.policy)
    warned = account_warnings.standing(transaction, subject_of(checked.reading.account))
    verdict = account_warnings.with_warnings(verdict, warned, rules.policy)
    verdict = findings.with_findings(transaction.read, verdict, checked.reading.account, warned)
    reporter = notices.reporter_out(checked.reporter, checked.reading.account)
    verdict = notices.with_notice(verdict, request.notice, reporter, rules.policy)
    verdict = triage.with_triage(verdict, rules.policy) if request.triage else verdict
    verdict = quotas.within(transaction, verdict, (actor.actor_id, caller.actor), rules.quotas, rules.policy)
    due = notices.due_out(request.notice, transaction.now, rules.due_times)
    response = answer(checked.reading, assessment, verdict, transaction.now, rules.platform_rules)
    response = response.model_copy(update={"reporter": reporter, "due": due})
    text = response.model_dump_json(exclude={"clearance", "entry"})
    entry = _write(transaction, checked, response, record_text(checked, text, actor), caller)
    if assessment.target:
        note_target(transaction, entry.seq, assessment.target.handle)
    if not request.triage:
        transaction.name_actor(actor.actor_id)
    reporters.note(transaction, str(response.check_id), checked.reading.account.platform, request.notice)
    if hold:
        asker_steps.hold(transaction, response, caller)
    clearance = None
    if verdict.verdict == "cleared":
        transaction.count_cleared(actor.actor_id, caller.actor)
        clearance = issue(
            transaction, str(response.check_id), checked.reading.account, actor.actor_id, request.action, assessment,
            rules, signer, caller,
        ) if give else None  # fmt: skip
    second_looks.draw(transaction, response, rules.second_look_share)  # last: numbers of entries do not tell of it
    return Answer(with_receipt(text, entry, clearance), labels=(response.verdict, response.relation))


def acting(transaction: Transaction, named: ActorIn | Actor | None, caller: Caller) -> Actor:
    """Return who acts, whether a request or a record names the actor; of a triage an actor without a name.

    The earliest end that is known of the actor's or the caller's access is the one that counts.
    """
    if named is None:
        return Actor("", transaction.access_end(caller.actor))
    known = (
        named.access_ends_at, transaction.access_end(named.actor_id), transaction.access_end(caller.actor)
    )  # fmt: skip
    return Actor(named.actor_id, min((end for end in known if end), default=None))


def issue(
    transaction: Transaction,
    check_id: str,
    account: Account,
    actor: str,
    action: str,
    assessment: Assessment,
    rules: Rules,
    signer: Signer,
    caller: Caller,
    *,
    given_to: str | None = None,
) -> ClearanceOut:
    """Write a clearance down and return its token.

    Parameters
    ----------
    account : Account
        As it was checked: what the clearance is bound to.
    assessment : Assessment
        Whose model and registry it is bound to.
    caller : Caller
        Whose key gets it, and may spend it.
    given_to : str, optional
        The actor again, of a triage: its check names none.
    """
    issued = transaction.now.replace(microsecond=0)
    clearance = Clearance(
        clearance_id=str(uuid4()),
        check_id=check_id,
        account=account_name(account),
        snapshot=digest(account),
        action=action,
        actor=actor,
        model_id=assessment.model_id,
        policy_version=rules.policy.version,
        registry_version=assessment.registry_version,
        issued_at=issued,
        expires_at=issued + rules.clearance_time,
    )
    row = {
        "id": clearance.clearance_id,
        "decision": check_id,
        "issued_at": stamp(clearance.issued_at),
        "expires_at": stamp(clearance.expires_at),
        "taken_by": caller.key_id,
        "given_to": given_to,
    }
    transaction.record(
        clearances, "clearance_issued", check_id, row, clearance=clearance.clearance_id, actor=actor, action=action,
        snapshot=clearance.snapshot, expires_at=row["expires_at"],
    )  # fmt: skip
    token = token_of(clearance, signer.present())
    return ClearanceOut(clearance_id=clearance.clearance_id, token=token, expires_at=clearance.expires_at)


def _write(transaction: Transaction, checked: Checked, response: CheckResponse, text: str, caller: Caller) -> Logged:
    account, check_id = checked.reading.account, str(response.check_id)
    row = {
        "id": check_id,
        "at": transaction.stamp,
        "caller": caller.actor,
        "key_id": caller.key_id,
        "actor": checked.request.actor.actor_id if checked.request.actor else "",
        "action": checked.request.action,
        "verdict": response.verdict,
        "platform": account.platform or "",
        "account_id": account.account_id or "",
        "handle": identity_key(account.handle),
        "record": text,
        "due": response.due and stamp(max(response.due.due_at, transaction.now)),
    }
    return write_row(transaction, row, response)


def write_row(transaction: Transaction, row: dict[str, Any], response: CheckResponse) -> Logged:
    """Write a decision down: its row, and the log's entry that vouches for it."""
    return transaction.record(
        decisions, "check", row["id"], row, actor=row["actor"], caller=row["caller"], key=row["key_id"],
        action=row["action"], verdict=response.verdict, reasons=[reason.code for reason in response.reasons],
        record=hashlib.sha256(row["record"].encode()).hexdigest(), snapshot=response.account_digest,
        model=response.model_id, policy=response.policy_version, registry=response.registry_version,
    )  # fmt: skip


def record_text(checked: Checked, answered: str, actor: Actor) -> str:
    """Return the decision's record as JSON: what the log holds the digest of. ``answered`` is the answer's JSON."""
    request, assessment = checked.request, checked.assessment
    ends = actor.access_ends_at and stamp(actor.access_ends_at)
    demanded = {"demands": request.demands, "time_limit_hours": request.time_limit_hours} if request.demands else {}
    parts = {
        "format": str(RECORD_FORMAT),
        "request": _json(
            {
                "action": request.action,
                "actor": {"actor_id": actor.actor_id, "access_ends_at": ends},
                "report": request.report,
            }
            | demanded
            | _noticed(request)
            | _of_the_platform(request)
        ),
        "account": _json(canonical(checked.reading.account)),
        "target": (target := _json(_plain(assessment.target))),
        "likeliest": target if assessment.likeliest is assessment.target else _json(_plain(assessment.likeliest)),
        "steadiest": target if assessment.steadiest is assessment.target else _json(_plain(assessment.steadiest)),
        "others": _json(list(map(canonical, assessment.others))),
        "answer": answered,
    }
    if lately := {name: stamp(at) for name in LATELY if (at := getattr(assessment, name))}:
        parts["lately"] = _json(lately)
    return "{" + ",".join(f'"{name}":{text}' for name, text in parts.items()) + "}"


def _noticed(request: CheckIn) -> dict[str, Any]:
    """Return the notice as it is recorded; the reporter's account, which is somebody else's, is left out."""
    if request.notice is None:
        return {}
    return {"notice": request.notice.model_dump(mode="json", exclude={"account"}, exclude_none=True)}


def _of_the_platform(request: CheckIn) -> dict[str, Any]:
    """Return what the platform says of the case."""
    said = {name: getattr(request, name) for name in ("reports", "external_ref", "subject_url")}
    return {name: value for name, value in said.items() if value is not None}


def with_receipt(answered: str, entry: Logged, clearance: ClearanceOut | None) -> str:
    """Return the answer on the wire: what was recorded, with the log's entry and the clearance."""
    given = "null" if clearance is None else clearance.model_dump_json()
    receipt = f'{{"seq":{entry.seq},"hash":"{entry.hash}"}}'
    return f'{answered[:-1]},"clearance":{given},"entry":{receipt}}}'


def _plain(account: ProtectedAccount | None) -> dict[str, Any] | None:
    return None if account is None else canonical(account)


_json = json.JSONEncoder(separators=(",", ":")).encode  # ``json.dumps`` would make one each time


def answer(
    reading: Reading, assessment: Assessment, verdict: Verdict, now: datetime, platforms: PlatformRules | None = None
) -> CheckResponse:
    """Return the answer to a check, without a clearance.

    Parameters
    ----------
    platforms : PlatformRules, optional
        What platforms ask of parody and fan accounts; by default the rules that ship.
    """
    platforms = platforms or shipped_rules()
    rule = platforms.of(reading.account.platform)
    asked = requirements(reading.account, assessment.target, assessment.relation, rule)
    offered = offer(assessment, asked, rule)
    return CheckResponse.model_validate(
        {
            "check_id": uuid4(),
            "checked_at": now,
            "verdict": verdict.verdict,
            "reasons": [{"code": reason.code, "text": reason.text} for reason in verdict.reasons],
            "required_approvals": verdict.required_approvals,
            "relation": assessment.relation,
            "target": _fields(assessment.target, TargetOut),
            "impersonation_probability": assessment.impersonation_probability,
            "clearing_probability": assessment.clearing_probability,
            "strongest_kind": assessment.strongest_kind,
            "relation_probabilities": assessment.relation_probabilities,
            "inauthentic_probability": assessment.inauthentic_probability,
            "inauthentic": assessment.inauthentic,
            "inauthentic_reason": assessment.inauthentic_reason,
            "evidence": list(map(_evidence, assessment.evidence)),
            "certificate": _certificate(assessment.certificate),
            "requirements": [_fields(one, RequirementOut) for one in asked],
            "offer": offered and {"demands": list(offered.demands), "why": offered.why},
            "platform_rules_version": platforms.version,
            "notes": list(reading.notes),
            "account_digest": digest(reading.account),
            "model_id": assessment.model_id,
            "policy_version": verdict.policy_version,
            "registry_version": assessment.registry_version,
        }
    )


def _certificate(certificate: Certificate | None) -> dict[str, Any] | None:
    if certificate is None:
        return None
    return certificate.plain() | {"own": _fields(certificate.own, OwnCertificateOut)}


def _fields(source: object | None, wire: type[Wire]) -> dict[str, Any] | None:
    return None if source is None else {name: getattr(source, name) for name in wire.model_fields}


def _evidence(item: Evidence) -> dict[str, Any]:
    """Return a compared value as a plain object: of a dozen, pydantic makes its own at once, several times faster."""
    return {
        "feature": item.feature,
        "explanation": item.explanation,
        "value": item.value if math.isfinite(item.value) else None,
        "reported": item.reported,
        "protected": item.protected,
        "contribution": item.contribution,
        "kind": item.kind,
    }
