"""Erasing the texts of accounts from what was recorded: because a person asks (GDPR, article 17), or by age.

Rules:

1. What goes: the reported account's texts (handle as written, display name, bio, location, links, picture's hash), the
   report, the notes of the import, the reported side of the evidence, and what reviewers, appeals and second looks
   wrote: also what was said in an appeal, and why it was decided so; of proofs of identity made at the check the notes,
   and the profiles of all accounts that they name.
2. What stays, because decisions rest on it or are proved by it: who asked and acted, the verdict with its reasons,
   numbers, times and versions; the protected account; and what identifies the account (platform, id, the handle in its
   search form), so that an appeal that was overturned still stops the next check. A person may have that erased too,
   but not of a check that later ones are warned by, nor of one that was acted on: an appeal may still overturn it.
3. An entry of the log says who asked for it, why, and what is left. The log stays verifiable; an erasure that no entry
   vouches for is tampering.
4. Nothing is decided on an erased check any more: it cannot be approved, cleared, redeemed or replayed, and its
   clearances are void. Answers kept for idempotency keys go too; by age they went before, a day after they were given.
5. A person's wish goes before everything. By age, open checks wait until they are closed, those with an appeal until
   somebody decides it; overturned ones stay, and those at which a proof of identity was made that stands.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Row, Table, bindparam, delete, select, union, update

from classifier.accounts.canonical.handles import read_handle
from classifier.accounts.canonical.platforms import canonical_platform
from classifier.accounts.columns import COLUMNS, Kind
from classifier.accounts.identity import identity_key
from classifier.errors import InputError
from service.decisions.appeal_records import WITH_OPEN_APPEAL
from service.decisions.proven import of_account
from service.decisions.recorded import Decision, Read, clearance_state, find_decision, on_platform, with_latest_outcome
from service.decisions.reviews import void
from service.limits import Rules
from service.records.log_chain import row_digest
from service.records.tables import (
    ERASABLE,
    answers,
    appeal_steps,
    appeals,
    approvals,
    clearances,
    decisions,
    findings,
    known_cases,
    outcomes,
    queue_marks,
    second_look_answers,
    stamp,
    warnings,
)
from service.records.transaction import Answer, Transaction
from service.records.verification import ERASED

# Columns of an account that hold no text that somebody wrote.
KEPT: frozenset[Kind] = frozenset({"platform", "id", "count", "time", "flag", "verification", "labels"})
# Checks that are erased in one transaction: checks that wait for their turn meanwhile wait for milliseconds.
TOGETHER = 50
# Who asks where the setting does.
RETENTION = "retention"


class Order(NamedTuple):
    """Who asked for an erasure, why, and whether what identifies the account goes too."""

    by: str
    because: str
    identifiers: bool = False


class Left(NamedTuple):
    """What is left of one row: the table, the row's number, its changed columns, and the digest of the row then."""

    table: Table
    seq: int
    values: dict[str, str]
    digest: str


# --- what to erase ---------------------------------------------------------------------------------------------------


def checks_of(
    read: Read, *, platform: str | None, account_id: str | None, handle: str | None, check_id: str | None
) -> list[Decision]:
    """Return the checks of one account, in order; or one check.

    A handle is compared as it was written, but for case: the search form takes look-alikes for the same, and an
    impostor's checks are not the owner's to erase. Checks at which a person proved that the account is theirs as well
    are among them: the proof has its profile.

    Raises
    ------
    InputError
        If neither one check nor one account is named.
    UnknownCheckError
    """
    if check_id and not (platform or account_id or handle):
        return [find_decision(read, check_id)]
    if check_id or not platform or not (account_id or handle):
        raise InputError("name one check, or a platform with an account id or a handle")
    named = select(decisions).where(on_platform(canonical_platform(platform) or platform.lower()))
    found: dict[int, Decision] = {}
    if account_id:
        named_too = select(findings.c.decision).where(*of_account(platform, account_id))
        its_own = named.where(decisions.c.account_id == account_id)
        for query in (its_own, select(decisions).where(decisions.c.id.in_(named_too))):
            found |= {row.seq: Decision.of(row) for row in read(query)}
    if handle:
        wanted = read_handle(handle).handle
        alike = map(Decision.of, read(named.where(decisions.c.handle == identity_key(wanted))))
        found |= {one.row.seq: one for one in alike if _written(one).casefold() == wanted.casefold()}
    return [found[seq] for seq in sorted(found)]


def _written(decision: Decision) -> str:
    return str(decision.record["account"].get("handle", ""))


def remembered_ones(read: Read, check_ids: Sequence[str]) -> set[str]:
    """Return those of some checks that later checks of the account are warned by, or were until it was corrected."""
    rows = read(select(warnings.c.decision).where(warnings.c.decision.in_(check_ids)))
    return {row.decision for row in rows} | overturned_ones(read, check_ids)


def why_identifiers_stay(read: Read, check_ids: Sequence[str]) -> str:
    """Return why what identifies the account of some checks stays, or nothing would stop the next; empty if it may go.

    Of an action an appeal may be written at any time: without an id and a handle it would warn of nobody.
    """
    if kept := remembered_ones(read, check_ids):
        return f"check {min(kept)} warns of its account: what identifies it stays"
    spent = select(clearances.c.decision).where(clearances.c.spent.is_not(None))
    if acted_on := {row.decision for row in read(spent.where(clearances.c.decision.in_(check_ids)))}:
        return f"check {min(acted_on)} was acted on, and an appeal may overturn that: what identifies the account stays"
    return ""


def overturned_ones(read: Read, check_ids: Sequence[str]) -> set[str]:
    """Return those of some checks whose latest outcome is "overturned"."""
    return {row.decision for row in read(_OVERTURNED.where(outcomes.c.decision.in_(check_ids)))}


_OVERTURNED = with_latest_outcome("overturned")
_PROVEN = select(findings.c.decision).where(findings.c.ended.is_(None))
# What may be written of a check after it was erased.
_LATER = (outcomes, appeals, appeal_steps)


def _late(*, before: str | None = None, of: Sequence[str] | None = None) -> Any:
    """Return the query of checks that something was written of after they were erased: before a time, or of some."""
    found = []
    for table in _LATER:
        check = ERASABLE[table]
        query = select(check).join(decisions, decisions.c.id == check)
        query = query.where(table.c.erased.is_(None), decisions.c.erased.is_not(None))
        query = query if before is None else query.where(table.c.at < before)
        found.append(query if of is None else query.where(check.in_(of)))
    return union(*found).subquery()


def too_old(keep: timedelta, rules: Rules, now: datetime) -> Any:
    """Return the query of checks whose texts are not to be kept any longer, the oldest first: ``TOGETHER`` of them.

    What may still lead to an action is not among them, however short texts are kept, nor what an appeal is open about;
    overturned ones are not, and none that a finding stands on.
    """
    open_for = rules.review_time + 2 * rules.clearance_time
    before = now - max(keep, open_for)
    return (
        select(decisions)
        .where(decisions.c.erased.is_(None), decisions.c.at < stamp(before), decisions.c.id.not_in(_OVERTURNED))
        .where(decisions.c.id.not_in(WITH_OPEN_APPEAL), decisions.c.id.not_in(_PROVEN))
        .order_by(decisions.c.at)
        .limit(TOGETHER)
    )


# --- erasing ---------------------------------------------------------------------------------------------------------


def erase(transaction: Transaction, check_ids: Sequence[str], order: Order) -> int:
    """Erase the texts of some checks and of their copies (``known_cases``), and return of how many checks.

    Those that have none any more are left as they are.

    Raises
    ------
    InputError
        If the identifiers of a check are to be erased that must stay.
    """
    check_ids = [*check_ids, *_asked_again(transaction.read, check_ids)]
    query = select(decisions).where(decisions.c.id.in_(check_ids)).order_by(decisions.c.seq)
    found = [Decision.of(row) for row in transaction.read(query)]
    if order.identifiers and (why := why_identifiers_stay(transaction.read, check_ids)):
        raise InputError(why)
    late = {row.decision for row in transaction.read(select(_late(of=check_ids)))}
    wanted = [
        one for one in found if not one.is_erased or one.row.id in late or (order.identifiers and _identifies(one))
    ]
    work = [(one, _left(transaction.read, one, order), _valid(transaction, one)) for one in wanted]
    for decision, left, valid in work:
        _erase(transaction, decision, left, valid, order)
    return len(work)


def _asked_again(read: Read, check_ids: Sequence[str]) -> list[str]:
    """Return the known cases that are copies of some checks: they have the same texts."""
    return [row.decision for row in read(select(known_cases.c.decision).where(known_cases.c.source.in_(check_ids)))]


def erase_old(transaction: Transaction, rules: Rules) -> Answer:
    """Erase the texts of the oldest checks that are too old; the answer has a body if there were any."""
    if rules.keep_texts is None:
        return Answer("")
    ids = [row.id for row in transaction.read(too_old(rules.keep_texts, rules, transaction.now))]
    written = _late(before=stamp(transaction.now - rules.keep_texts))
    late = select(written).where(written.c.decision.not_in(_OVERTURNED), written.c.decision.not_in(WITH_OPEN_APPEAL))
    ids += [row.decision for row in transaction.read(late.limit(TOGETHER))]
    days = rules.keep_texts / timedelta(days=1)
    erase(transaction, ids, Order(RETENTION, f"texts are kept for {days:g} days"))
    return Answer("erased" if ids else "")


def _erase(
    transaction: Transaction, decision: Decision, left: Sequence[Left], valid: Iterable[str], order: Order
) -> None:
    check_id = decision.row.id
    for clearance in valid:
        void(transaction, clearance, check_id, order.by)
    entry = transaction.log(
        ERASED, check_id, by=order.by, because=order.because, identifiers=order.identifiers,
        rows={str(one.seq): one.digest for one in left},
    )  # fmt: skip
    for one in left:
        statement = update(one.table).where(one.table.c.seq == bindparam("which")).values(**_set(one.values))
        transaction.change(statement, which=one.seq, by_entry=entry.seq, **_bound(one.values))
    if order.by != RETENTION:  # it takes reading all answers of a day
        transaction.change(_FORGET, mentions=f"%{check_id}%")


_FORGET = delete(answers).where(answers.c.body.like(bindparam("mentions")))


def _set(values: dict[str, str]) -> dict[str, Any]:
    return {name: bindparam(f"new_{name}") for name in values} | {"erased": bindparam("by_entry")}


def _bound(values: dict[str, str]) -> dict[str, str]:
    return {f"new_{name}": value for name, value in values.items()}


def _valid(transaction: Transaction, decision: Decision) -> list[str]:
    issued = transaction.read(select(clearances).where(clearances.c.decision == decision.row.id))
    return [row.id for row in issued if clearance_state(row, transaction.now) == "valid"]


def _identifies(decision: Decision) -> bool:
    return bool(decision.row.account_id or decision.row.handle)


# --- what is left ----------------------------------------------------------------------------------------------------


def _left(read: Read, decision: Decision, order: Order) -> list[Left]:
    values = {
        "record": json.dumps(without_texts(decision.record, identifiers=order.identifiers), separators=(",", ":"))
    }
    if order.identifiers:
        values |= {"account_id": "", "handle": ""}
    return [_row_left(decisions, decision.row, values), *_written_of(read, decision.row.id)]


def _written_of(read: Read, check_id: str) -> Iterator[Left]:
    """Yield what is left of what people wrote of a check."""
    for table, columns in _WRITTEN.items():
        for row in read(select(table).where(ERASABLE[table] == check_id)):
            yield _row_left(table, row, dict.fromkeys(columns, ""))


# The texts that people wrote, and the profiles that they gave.
_WRITTEN: dict[Table, tuple[str, ...]] = {
    approvals: ("reason",),
    outcomes: ("note",),
    appeals: ("arguments", "contact"),
    appeal_steps: ("note",),
    findings: ("note", "profile"),
    second_look_answers: ("reason",),
    queue_marks: ("note",),
}


def _row_left(table: Table, row: Row[Any], values: dict[str, str]) -> Left:
    return Left(table, row.seq, values, row_digest(row._asdict() | values))


# Of a request: they may name the account.
_OF_THE_PLATFORM = frozenset({"reports", "external_ref", "subject_url"})


def _without_reporter(request: dict[str, Any]) -> dict[str, Any]:
    """Return a request without whom its notice names, and without what the platform says of the account."""
    request = {name: value for name, value in request.items() if name not in _OF_THE_PLATFORM}
    if "notice" not in request:
        return request
    left = {name: value for name, value in request["notice"].items() if name != "reporter_id"}
    return request | {"notice": left}


def without_texts(record: dict[str, Any], *, identifiers: bool) -> dict[str, Any]:
    """Return a decision's record without the texts of its account: rules 1 and 2.

    Parameters
    ----------
    identifiers : bool
        Whether the account's id goes too.
    """
    gone = {"account_id"} if identifiers else set()
    kept = {name for name in record["account"] if COLUMNS[name].kind in KEPT} - gone
    answer = record["answer"]
    return record | {
        "request": _without_reporter(record["request"] | {"report": None}),
        "account": {name: value for name, value in record["account"].items() if name in kept},
        "answer": answer | {"evidence": [item | {"reported": ""} for item in answer["evidence"]], "notes": []},
    }
