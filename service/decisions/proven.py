"""Proofs of identity: a person proved that an account is theirs, and which other accounts are.

Rules:

1. It is made at a check, by a reviewer who was shown its evidence and did not ask for it. It says of the account of the
   check, and of each other account that it names, that it is genuine as it is now (``findings``).
2. Every account has a platform and an id: a handle alone may be another's by now (R8). Nothing is found of an account
   that the registry protects: that is more.
3. In the same transaction every clearance of these accounts that could still be redeemed is void, and whoever decides
   about one of them later is warned (``account_warnings``).
4. Somebody else than who made it may end it, neither the one who asked for the action: then the accounts are decided
   like any other. A finding never clears anything, and neither does its end.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Row, bindparam, or_, select, update

from classifier.accounts.account import Account, canonical
from classifier.accounts.canonical.platforms import canonical_platform
from classifier.registry.registry import Registry
from service.auth.api_keys import Caller
from service.decisions import account_warnings, triage
from service.decisions.outstanding import outstanding
from service.decisions.recorded import Decision, Read, find_decision
from service.decisions.reviews import has_seen, void
from service.errors import FindingError, UnknownFindingError
from service.records.remembered import Subject, about, subject_of
from service.records.tables import findings, log, moment
from service.records.transaction import Answer, Logged, Transaction
from service.schemas.checks import EntryOut
from service.schemas.findings import FindingEndIn, FindingIn, FindingOut, FindingPage, ProofOut

_END = update(findings).where(findings.c.id == bindparam("which")).values(ended=bindparam("entry"))


# --- making one ------------------------------------------------------------------------------------------------------


def make(
    transaction: Transaction, given: FindingIn, related: Sequence[Account], registry: Registry, caller: Caller
) -> Answer:
    """Record that somebody proved who they are: rules 1 to 3.

    Parameters
    ----------
    related : sequence of Account
        The other accounts, as they are now.
    registry : Registry
        As it is now.

    Raises
    ------
    UnknownCheckError
    ErasedError
        If the texts of the check's account were erased.
    FindingError
        If this person may not make it, or it cannot be made of one of the accounts.
    """
    decision = find_decision(transaction.read, str(given.check_id))
    accounts = (decision.account(), *related)
    subjects = [subject_of(account) for account in accounts]
    for why in (*_why_not_by(transaction, decision, caller), *_why_not_of(accounts, subjects, registry)):
        raise FindingError(why)
    void_now = {row.id: row.decision for subject in subjects for row in outstanding(transaction, subject)}
    for subject in subjects:
        account_warnings.standing(transaction, subject)  # read before anything is written
    proven = str(uuid4())
    found = [
        _write(transaction, decision, given, account, subject, proven, caller)
        for account, subject in zip(accounts, subjects, strict=True)
    ]
    for clearance, check_id in void_now.items():
        void(transaction, clearance, check_id, caller.actor, because="finding_made")
    return Answer(ProofOut(findings=found, revoked=len(void_now)).model_dump_json())


def _write(
    transaction: Transaction,
    decision: Decision,
    given: FindingIn,
    account: Account,
    subject: Subject,
    proven: str,
    caller: Caller,
) -> FindingOut:
    profile = json.dumps(canonical(account), separators=(",", ":"))
    row = {"id": str(uuid4()), "proven": proven, "decision": decision.row.id, "proof": given.proof, "profile": profile}
    row |= {**subject._asdict(), "note": given.note, "actor": caller.actor, "key_id": caller.key_id}
    row |= {"at": transaction.stamp}
    entry = transaction.record(
        findings, "finding_made", decision.row.id, row, finding=row["id"], proven=proven, proof=given.proof,
        actor=caller.actor, key=caller.key_id,
    )  # fmt: skip
    account_warnings.remember(transaction, decision, account_warnings.PROVEN, about=subject, finding=row["id"])
    return _out(row, entry=_receipt(entry))


def _why_not_by(transaction: Transaction, decision: Decision, caller: Caller) -> Iterator[str]:
    if _asked_for(transaction, decision, caller):
        yield "whoever asks for an action does not say whose account it is"
    if not has_seen(transaction.read, decision.row.id, caller):
        yield f"look at the evidence first: GET /v1/checks/{decision.row.id}"


def _asked_for(transaction: Transaction, decision: Decision, caller: Caller) -> bool:
    return any(transaction.people.same(caller.actor, name) for name in triage.took_part_in(transaction.read, decision))


def _why_not_of(accounts: Sequence[Account], subjects: Sequence[Subject], registry: Registry) -> Iterator[str]:
    """Yield why nothing can be found of some accounts: rule 2. The first is the check's."""
    for place, (account, subject) in enumerate(zip(accounts, subjects, strict=True)):
        named = f"related account {place}" if place else "the check's account"
        if not is_identified(subject):
            yield f"{named} has no platform and id: a handle alone may be another's by now"
        if registry.identify(account) is not None:
            yield f"{named} is protected already: nothing more is needed to keep it"
    if len({(subject.platform, subject.account_id) for subject in subjects}) < len(subjects):
        yield "an account is named twice"


def is_identified(subject: Subject) -> bool:
    """Tell whether it is known which account it is; on Mastodon an id counts within its server only.

    Examples
    --------
    >>> is_identified(Subject("x", "17", "jane")), is_identified(Subject("x", "", "jane"))
    (True, False)
    >>> is_identified(Subject("mastodon", "17@", "jane"))
    False
    """
    return bool(subject.platform and subject.account_id) and not subject.account_id.endswith("@")


# --- ending one ------------------------------------------------------------------------------------------------------


def end(transaction: Transaction, finding_id: str, given: FindingEndIn, caller: Caller) -> Answer:
    """End a finding, or all of the same proof: rule 4.

    Raises
    ------
    UnknownFindingError
    FindingError
        If it has ended, or this person may not end it.
    """
    named = _find(transaction.read, finding_id)
    decision = find_decision(transaction.read, named.decision)
    together = select(findings).where(findings.c.proven == named.proven).order_by(findings.c.seq)
    stand = [row for row in (transaction.read(together) if given.all else [named]) if row.ended is None]
    for why in _why_not_ended(transaction, named, decision, stand, caller):
        raise FindingError(why)
    for row in stand:
        account_warnings.standing(transaction, about(row))  # read before anything is written
    found = [_end(transaction, decision, row, given, caller) for row in stand]
    return Answer(ProofOut(findings=found, revoked=0).model_dump_json())


def _why_not_ended(
    transaction: Transaction, named: Row[Any], decision: Decision, stand: Sequence[Row[Any]], caller: Caller
) -> Iterator[str]:
    if not stand:
        yield "it has ended already"
    if transaction.people.same(caller.actor, named.actor):
        yield "somebody else than who made it must end it"
    if _asked_for(transaction, decision, caller):
        yield "whoever asks for an action does not end what speaks against it"


def _end(
    transaction: Transaction, decision: Decision, row: Row[Any], given: FindingEndIn, caller: Caller
) -> FindingOut:
    said = {"actor": caller.actor, "reason": given.reason}
    entry = transaction.log("finding_ended", row.decision, finding=row.id, key=caller.key_id, **said)
    transaction.change(_END, which=row.id, entry=entry.seq)
    account_warnings.remember(transaction, decision, account_warnings.PROOF_ENDED, about=about(row), finding=row.id)
    return _out(row._asdict(), _Ended(transaction.stamp, caller.actor, given.reason), _receipt(entry))


# --- reading them ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FindingSearch:
    """Which findings to look for; what is ``None`` does not matter."""

    platform: str | None = None
    account_id: str | None = None
    check_id: str | None = None
    before: int | None = None
    limit: int = 50


def find(read: Read, finding_id: str) -> FindingOut:
    """Return a finding.

    Raises
    ------
    UnknownFindingError
    """
    row = _find(read, finding_id)
    return _out(row._asdict(), _ends(read, [row]).get(row.ended))


def search(read: Read, wanted: FindingSearch) -> FindingPage:
    """Return the findings that fit, the newest first."""
    query = select(findings).order_by(findings.c.seq.desc()).limit(wanted.limit + 1)
    query = query.where(*of_account(wanted.platform, wanted.account_id))
    if wanted.check_id is not None:
        query = query.where(findings.c.decision == wanted.check_id)
    if wanted.before is not None:
        query = query.where(findings.c.seq < wanted.before)
    rows = list(read(query))
    shown = rows[: wanted.limit]
    ends = _ends(read, shown)
    out = [_out(row._asdict(), ends.get(row.ended)) for row in shown]
    return FindingPage(findings=out, next=shown[-1].seq if len(rows) > len(shown) else None)


def of_account(platform: str | None, account_id: str | None) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions that a finding is about an account, its id as the platform gives it."""
    if platform is not None:
        yield findings.c.platform == (canonical_platform(platform) or platform.lower())
    if account_id is not None:  # on Mastodon it stands there with its server
        local = findings.c.account_id.startswith(f"{account_id}@", autoescape=True)
        yield or_(findings.c.account_id == account_id, (findings.c.platform == "mastodon") & local)


@dataclass(frozen=True, slots=True)
class _Ended:
    at: str
    by: str
    because: Any


def _find(read: Read, finding_id: str) -> Row[Any]:
    rows = read(select(findings).where(findings.c.id == finding_id))
    if not rows:
        raise UnknownFindingError("there is no finding with this number")
    return rows[0]


def _ends(read: Read, rows: Sequence[Row[Any]]) -> dict[int | None, _Ended]:
    """Return who ended findings, when and why, by the number of the entry."""
    ended = [row.ended for row in rows if row.ended is not None]
    entries = read(select(log.c.seq, log.c.at, log.c.data).where(log.c.seq.in_(ended))) if ended else ()
    said = {entry.seq: json.loads(entry.data) for entry in entries}
    return {entry.seq: _Ended(entry.at, said[entry.seq]["actor"], said[entry.seq]["reason"]) for entry in entries}


def _receipt(entry: Logged) -> EntryOut:
    return EntryOut(seq=entry.seq, hash=entry.hash)


def _out(row: dict[str, Any], ended: _Ended | None = None, entry: EntryOut | None = None) -> FindingOut:
    profile = json.loads(row["profile"]) if row["profile"] else None
    return FindingOut(
        finding_id=row["id"],
        proven_id=row["proven"],
        check_id=row["decision"],
        proof=row["proof"],
        platform=row["platform"],
        account_id=row["account_id"],
        handle=row["handle"],
        handle_as_written=profile["handle"] if profile else "",
        profile=profile,
        note=row["note"],
        made_by=row["actor"],
        made_at=moment(row["at"]),
        state="ended" if ended else "stands",
        ended_at=ended and moment(ended.at),
        ended_by=ended and ended.by,
        ended_because=ended and ended.because,
        entry=entry,
    )
