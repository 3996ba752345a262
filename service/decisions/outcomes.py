"""Outcomes: what became of an action when somebody appealed. They come back as labels that training reads.

Rules, each a reason to refuse:

1. There is an outcome only of a check whose clearance was redeemed: nobody appeals against what was not done. One that
   a version before 0003 of the tables took nevertheless warns of its account, and can be corrected to ``upheld``.
2. Whoever asked for the action, or acted, does not say what the appeal found. Nor does whoever approved it where the
   account is of high impact, and nobody who approved it changes an outcome. A tool says what somebody found on the
   platform, and this person is who must be another. Where it names nobody, it may only add caution: it overturns, and
   upholds what nobody has overturned.
3. Of several outcomes of a check the latest counts. Those before stay, each with who said it, when and why.
4. While an appeal about the action is open, its decision is what writes the outcome (``appeals``): nothing else does.

An overturned outcome ends, in the same transaction, every clearance of the account that could still be redeemed, and
warns whoever decides about it later (``account_warnings``). One that is corrected to ``upheld`` ends the warning.

Labels are also, if asked for, the answers of reviewers. Whoever labelled goes by a pseudonym.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple, cast

from sqlalchemy import Engine, case, func, select, union_all

from classifier.importers.values import join_list
from classifier.scoring.impact import impact
from classifier.scoring.reason import Reason
from classifier.utils.atomic_files import atomic_path
from classifier.utils.pseudonyms import pseudonym
from service.auth.api_keys import Caller
from service.decisions import account_warnings, triage
from service.decisions.appeal_records import open_appeal
from service.decisions.outstanding import outstanding, void_all
from service.decisions.queries import outcome_out
from service.decisions.recorded import LATEST_OUTCOMES, Decision, Read, find_decision
from service.decisions.reviews import is_spent
from service.errors import RecordsError, ReviewError
from service.limits import Rules
from service.records.database import translated
from service.records.people import people_by, people_of
from service.records.tables import WAS_ASKED, approvals, clearances, decisions, outcomes, warnings
from service.records.transaction import Answer, Transaction
from service.schemas.checks import EntryOut
from service.schemas.reviews import OutcomeIn, OutcomeName, OutcomeOut

COLUMNS = (
    "platform", "account_id", "handle", "display_name", "bio", "location", "links", "followers", "following", "posts",
    "listed", "created_at", "verified", "default_avatar", "avatar_pdq", "followed_by_target", "observed_at",
    "verification", "platform_labels", "leads_to", "verified_links", "former_handles", "renamed_at",
)  # fmt: skip
LABEL_COLUMNS = ("target_handle", "label", "labeller", "labelled_at", "check_id", "outcome")


def record_outcome(transaction: Transaction, check_id: str, given: OutcomeIn, caller: Caller, rules: Rules) -> Answer:
    """Record what an appeal found.

    Raises
    ------
    UnknownCheckError, ReviewError
    """
    decision = find_decision(transaction.read, check_id)
    who = given.actor if is_a_tool(caller) else caller.actor
    if against := tuple(why_no_outcome(transaction.read, decision, who, rules, upholds=given.outcome == "upheld")):
        raise ReviewError(against)
    written = write_outcome(transaction, decision, Found(given.outcome, given.relation, given.note), caller, who)
    return Answer(written.model_dump_json())


class Found(NamedTuple):
    """What an appeal found: ``relation`` is what the account is to the target instead, where it was overturned."""

    outcome: OutcomeName
    relation: str
    note: str


def write_outcome(
    transaction: Transaction, decision: Decision, given: Found, caller: Caller, said_by: str | None = None
) -> OutcomeOut:
    """Write down what an appeal found, with all that follows from it. Whether it may be written was looked at before.

    Of a unit of work that writes something else as well, this comes first: it reads.

    Parameters
    ----------
    said_by : str, optional
        Who says it, where that is not the caller.
    """
    account_warnings.standing(transaction, decision.subject)  # read before anything is written
    voided = outstanding(transaction, decision.subject) if given.outcome == "overturned" else []
    relation = _found(decision) if given.outcome == "upheld" else given.relation
    row = {"decision": decision.row.id, "outcome": given.outcome, "relation": relation, "note": given.note}
    row |= {"actor": said_by or caller.actor, "at": transaction.stamp}
    entry = transaction.record(
        outcomes, "outcome", decision.row.id, row, outcome=given.outcome, relation=relation, actor=row["actor"],
        key=caller.key_id,
    )  # fmt: skip
    kind = account_warnings.CORRECTED if given.outcome == "upheld" else account_warnings.OVERTURNED
    account_warnings.remember(transaction, decision, kind)
    void_all(transaction, voided, caller.actor, "appeal_overturned")
    return outcome_out(SimpleNamespace(**row), EntryOut(seq=entry.seq, hash=entry.hash))


def is_a_tool(caller: Caller) -> bool:
    """Tell whether a key is a tool's, which judges nothing itself."""
    return "executor" in caller.roles and not caller.roles & {"reviewer", "admin"}


def carry_over(transaction: Transaction) -> Answer:
    """Warn of the accounts whose appeals were overturned before warnings were kept: before 0003 of the tables.

    Also of those that nobody acted on: somebody has said of them that they are genuine.
    """
    warned = select(warnings.c.decision).where(
        warnings.c.kind.in_((account_warnings.OVERTURNED, account_warnings.CORRECTED))
    )
    unknown = (
        select(decisions)
        .join(outcomes, outcomes.c.decision == decisions.c.id)
        .where(outcomes.c.seq.in_(LATEST_OUTCOMES), outcomes.c.outcome == "overturned", decisions.c.id.not_in(warned))
        .order_by(outcomes.c.seq)
    )
    found = [Decision.of(row) for row in transaction.read(unknown)]
    for decision in found:
        account_warnings.standing(transaction, decision.subject)  # all is read before anything is written
    for decision in found:
        account_warnings.remember(transaction, decision, account_warnings.OVERTURNED)
    return Answer("")


def why_no_outcome(
    read: Read, decision: Decision, who: str | None, rules: Rules, *, upholds: bool = False
) -> Iterator[Reason]:
    """Yield why an outcome of a check cannot be recorded.

    Parameters
    ----------
    who : str or None
        Who says it; ``None`` where a tool names nobody.
    upholds : bool
        Whether it is ``upheld``.
    """
    check_id = decision.row.id
    if not is_spent(read, check_id) and not (upholds and latest_outcome(read, check_id)):
        yield Reason("not_acted_on", "No clearance of this check was redeemed: there is no action to appeal against.")
    if waits := open_appeal(read, check_id, "action"):
        yield Reason(
            "appeal_open",
            f"An appeal is open, and its decision is the outcome: POST /v1/appeals/{waits.row.id}/decision.",
        )
    if who is None:
        if upholds and _was_overturned(read, check_id):
            yield Reason("nobody_named", "An appeal overturned it: name who upholds it after all, as actor.")
        return
    people = people_of(read)
    if any(people.same(who, actor) for actor in triage.took_part_in(read, decision)):
        yield Reason("own_action", "Whoever asked for an action does not say what an appeal against it found.")
    gave = read(select(approvals.c.actor).where(approvals.c.decision == check_id, approvals.c.answer == "approve"))
    if not any(people.same(who, row.actor) for row in gave):
        return
    if any(True for _ in impact(decision.remains(), rules.policy)):
        yield Reason(
            "own_approval", "The account is of high impact: somebody else than who approved must say what was found."
        )
    elif latest_outcome(read, check_id):
        yield Reason("own_approval", "Whoever approved the action cannot change what an appeal against it found.")


def _was_overturned(read: Read, check_id: str) -> bool:
    found = outcomes.c.decision == check_id, outcomes.c.outcome == "overturned"
    return bool(read(select(outcomes.c.seq).where(*found).limit(1)))


def _found(decision: Decision) -> str:
    """Return what an upheld action says that the account is: who upholds a demand does not say that it imitates."""
    return str(decision.answer["relation"]) if decision.row.action == "require_change" else "impersonation"


def latest_outcome(read: Read, check_id: str) -> OutcomeName | None:
    """Return what the latest appeal found, ``None`` where there was none."""
    of_check = select(outcomes.c.outcome).where(outcomes.c.decision == check_id)
    rows = read(of_check.order_by(outcomes.c.seq.desc()).limit(1))
    return cast(OutcomeName, rows[0].outcome) if rows else None


def _latest() -> Any:
    """Return the number of the latest outcome of each check that was acted on.

    Versions before 0003 of the tables took outcomes of other checks too. They teach nothing.
    """
    acted = select(clearances.c.decision).where(clearances.c.spent.is_not(None))
    return select(func.max(outcomes.c.seq)).where(outcomes.c.decision.in_(acted)).group_by(outcomes.c.decision)


def count_outcomes(engine: Engine) -> dict[str, int]:
    """Return how many checks that were acted on were upheld and overturned, each counted by its latest outcome."""
    query = select(outcomes.c.outcome, func.count()).where(outcomes.c.seq.in_(_latest())).group_by(outcomes.c.outcome)
    with translated(), engine.connect() as connection:
        found = {str(name): int(count) for name, count in connection.execute(query)}
    return {"upheld": 0, "overturned": 0} | found


def labels(engine: Engine, *, reviews: bool = False) -> Iterator[dict[str, str]]:
    """Yield a labelled case for each check with an outcome and a target: account columns and ``LABEL_COLUMNS``.

    A person is one labeller, under whatever names.

    A check whose account's texts were erased is left out.

    Parameters
    ----------
    reviews : bool
        Also one for each answer of a reviewer. Who approves says impersonation. Who declines, or approves a demand to
        change something, does not say what the account is instead, which is "unclear": it stands against an
        impersonation without naming another relation.
    """
    found = (
        select(decisions.c.record, outcomes.c.decision, outcomes.c.actor, outcomes.c.at)
        .add_columns(outcomes.c.outcome, outcomes.c.relation.label("label"), outcomes.c.seq.label("entry"))
        .join(outcomes, outcomes.c.decision == decisions.c.id)
        .where(outcomes.c.seq.in_(_latest()), decisions.c.erased.is_(None))
    )
    answered = (
        select(decisions.c.record, approvals.c.decision, approvals.c.actor, approvals.c.at)
        .add_columns(approvals.c.answer.label("outcome"), _said().label("label"), approvals.c.seq.label("entry"))
        .join(approvals, approvals.c.decision == decisions.c.id)
        .where(decisions.c.erased.is_(None), WAS_ASKED)
    )
    query = union_all(found, answered) if reviews else found
    with translated(), engine.connect() as connection:
        people = people_by(connection)
        for row in connection.execute(query.order_by("entry")):
            record = json.loads(row.record)
            if record["target"]:
                yield _case(record["account"]) | {
                    "target_handle": record["target"]["handle"],
                    "label": row.label,
                    "labeller": pseudonym(min(people.spellings(row.actor), default=row.actor)),
                    "labelled_at": row.at,
                    "check_id": row.decision,
                    "outcome": row.outcome,
                }


def _said() -> Any:
    acts = (approvals.c.answer == "approve") & (decisions.c.action != "require_change")
    return case((acts, "impersonation"), else_="unclear")


def write_labels(engine: Engine, path: Path, *, reviews: bool = False) -> int:
    """Write the labelled cases as CSV, for ``doublecheck train --pairs`` and ``evaluate --pairs``; return how many.

    Raises
    ------
    RecordsError
        If there are none.
    """
    rows = list(labels(engine, reviews=reviews))
    if not rows:
        raise RecordsError("no check with a target has an outcome yet: POST /v1/checks/{id}/outcome records one")
    with atomic_path(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, [*COLUMNS, *LABEL_COLUMNS])
        writer.writeheader()
        writer.writerows(rows)
    return len(rows)


def _case(account: dict[str, Any]) -> dict[str, str]:
    return {name: _text(account.get(name)) for name in COLUMNS}


def _text(value: Any) -> str:
    if isinstance(value, list):
        return join_list(tuple(value))
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
