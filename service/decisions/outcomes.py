"""Outcomes: what became of a decision when somebody appealed. They come back as labels that training reads.

So do, if asked for, the answers of reviewers. Whoever labelled goes by a pseudonym.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Engine, case, func, select, union_all

from classifier.importers.values import join_list
from classifier.utils.atomic_files import atomic_path
from classifier.utils.pseudonyms import pseudonym
from service.auth.api_keys import Caller
from service.decisions.queries import outcome_out
from service.decisions.recorded import find_decision
from service.errors import RecordsError, ReviewError
from service.records.database import translated
from service.records.tables import approvals, decisions, outcomes
from service.records.transaction import Answer, Transaction
from service.schemas.checks import EntryOut
from service.schemas.reviews import OutcomeIn

COLUMNS = (
    "platform", "account_id", "handle", "display_name", "bio", "location", "links", "followers", "following", "posts",
    "listed", "created_at", "verified", "default_avatar", "avatar_pdq", "followed_by_target", "observed_at",
    "verification", "platform_labels", "leads_to", "verified_links",
)  # fmt: skip
LABEL_COLUMNS = ("target_handle", "label", "labeller", "labelled_at", "check_id", "outcome")


def record_outcome(transaction: Transaction, check_id: str, given: OutcomeIn, caller: Caller) -> Answer:
    """Record what an appeal found; the latest outcome of a check is the one that counts.

    Raises
    ------
    UnknownCheckError, ReviewError
    """
    decision = find_decision(transaction.read, check_id)
    if decision.row.verdict == "refused":
        raise ReviewError("this check was refused: there was no action that somebody could appeal")
    relation = "impersonation" if given.outcome == "upheld" else given.relation
    row = {"decision": check_id, "outcome": given.outcome, "relation": relation, "note": given.note}
    row |= {"actor": caller.actor, "at": transaction.stamp}
    entry = transaction.record(
        outcomes, "outcome", check_id, row, outcome=given.outcome, relation=relation, actor=caller.actor
    )
    return Answer(outcome_out(SimpleNamespace(**row), EntryOut(seq=entry.seq, hash=entry.hash)).model_dump_json())


def _latest() -> Any:
    """Return the number of the latest outcome of each check."""
    return select(func.max(outcomes.c.seq)).group_by(outcomes.c.decision)


def count_outcomes(engine: Engine) -> dict[str, int]:
    """Return how many checks were upheld and overturned, each counted by its latest outcome."""
    query = select(outcomes.c.outcome, func.count()).where(outcomes.c.seq.in_(_latest())).group_by(outcomes.c.outcome)
    with translated(), engine.connect() as connection:
        found = {str(name): int(count) for name, count in connection.execute(query)}
    return {"upheld": 0, "overturned": 0} | found


def labels(engine: Engine, *, reviews: bool = False) -> Iterator[dict[str, str]]:
    """Yield a labelled case for each check with an outcome and a target: account columns and ``LABEL_COLUMNS``.

    A check whose account's texts were erased is left out.

    Parameters
    ----------
    reviews : bool
        Also one for each answer of a reviewer. Who approves says impersonation; who declines does not say what the
        account is instead, which is "unclear": it stands against an impersonation without naming another relation.
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
        .where(decisions.c.erased.is_(None))
    )
    query = union_all(found, answered) if reviews else found
    with translated(), engine.connect() as connection:
        for row in connection.execute(query.order_by("entry")):
            record = json.loads(row.record)
            if record["target"]:
                yield _case(record["account"]) | {
                    "target_handle": record["target"]["handle"],
                    "label": row.label,
                    "labeller": pseudonym(row.actor),
                    "labelled_at": row.at,
                    "check_id": row.decision,
                    "outcome": row.outcome,
                }


def _said() -> Any:
    return case((approvals.c.answer == "approve", "impersonation"), else_="unclear")


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
