"""Known cases: checks whose appeal was decided are asked again in the queue, to see how reviewers answer.

Rules:

1. A known case is a copy of a check that needed review, was acted on, and whose appeal was decided. To approve is right
   where the appeal upheld the action, to decline is right where it overturned it.
2. Nothing is ever done because of one: no clearance is given for it, whatever is answered. It is in no figure, no label
   and no list of whoever asked for the check (``recorded.WAS_ASKED``).
3. For each check that comes to wait, ``known_case_share`` of a known case is hidden, by the system's random numbers,
   within about a minute: half of them overturned ones, as far as there are any.
4. Only whoever may know of second looks may know which checks these are. The page does not tell what the appeal found.
   The original is still in the history: whoever searches for the account finds it.
5. Its texts are erased with those of the original (``erasure``).
6. A check is not asked again within ``RESTED``.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from random import Random, SystemRandom
from typing import Any
from uuid import uuid4

from sqlalchemy import Row, select

from service.decisions import account_warnings
from service.decisions.check import write_row
from service.decisions.recorded import LATEST_OUTCOMES, Decision, Read
from service.records.tables import WAS_ASKED, decisions, known_cases, moment, outcomes, stamp
from service.records.transaction import Answer, Transaction
from service.schemas.checks import CheckResponse

# How long a check rests until it may be asked again: this project's choice, long enough to be forgotten.
RESTED = timedelta(days=30)
# Decided appeals that are looked at, the newest first.
LOOKED_AT = 500
_RIGHT = {"upheld": "approve", "overturned": "decline"}
_RANDOM: Random = SystemRandom()


class KnownCases:
    """Counts how many known cases are due, and hides them.

    Parameters
    ----------
    share : float
        How many for each check that comes to wait, in [0, 1].
    """

    def __init__(self, share: float, *, random: Random = _RANDOM) -> None:
        self._share = share
        self._random = random
        self.due = 0

    def came(self, verdict: str, relation: str) -> None:
        """Note that a check was recorded."""
        waits = verdict == "needs_review" and relation != "no_target"
        if waits and self._random.random() < self._share:
            self.due += 1

    async def hide_due(self, do: Callable[[Callable[[Transaction], Answer]], Awaitable[Answer]]) -> None:
        """Hide what is due, each by a unit of work that ``do`` does; what fails is not tried again."""
        due, self.due = self.due, 0
        for _ in range(due):
            await do(lambda transaction: hide(transaction, self._random))


def hide(transaction: Transaction, random: Random = _RANDOM) -> Answer:
    """Ask a check again, if there is any whose appeal was decided; the answer is the new check's number, or empty."""
    found = _choose(transaction, random)
    if found is None:
        return Answer("")
    source = Decision.of(found)
    asked = source.answer | {"check_id": str(uuid4()), "checked_at": transaction.stamp}
    due = found.due and moment(found.due) + (transaction.now - source.at)
    if due and asked.get("due"):
        asked["due"] = asked["due"] | {"due_at": stamp(due)}
    record = json.dumps(source.record | {"answer": asked}, separators=(",", ":"))
    check_id = asked["check_id"]
    row = {column.name: getattr(found, column.name) for column in decisions.c if column.name not in {"seq", "erased"}}
    row |= {"id": check_id, "at": transaction.stamp, "record": record, "due": due and stamp(due)}
    write_row(transaction, row, CheckResponse.model_validate(asked))
    case = {"decision": check_id, "source": found.id, "right_answer": _RIGHT[found.outcome], "at": transaction.stamp}
    transaction.record(known_cases, "known_case_hidden", check_id, case)
    return Answer(check_id)


def is_known(read: Read, decision: Decision) -> bool:
    """Tell whether a check is a known case."""
    return bool(read(select(known_cases.c.seq).where(known_cases.c.decision == decision.row.id)))


def warnings_of(read: Read, decision: Decision) -> list[Row[Any]]:
    """Return the warnings that stand against a check's account; of a known case only those that came since: rule 4."""
    warned = account_warnings.find_for(read, decision.subject)
    if warned and is_known(read, decision):
        return [row for row in warned if row.seq > decision.row.seq]
    return warned


def _choose(transaction: Transaction, random: Random) -> Row[Any] | None:
    """Return the row of a check to ask again, with its outcome; ``None`` where there is none."""
    rested = select(known_cases.c.source).where(known_cases.c.at > stamp(transaction.now - RESTED))
    query = (
        select(decisions, outcomes.c.outcome)
        .join(outcomes, outcomes.c.decision == decisions.c.id)
        .where(
            outcomes.c.seq.in_(LATEST_OUTCOMES),
            decisions.c.verdict == "needs_review",
            decisions.c.action != "require_change",  # who approves a demand says nothing of an impersonation
            decisions.c.actor != "",  # of a triage, approvals also name who acts
            decisions.c.erased.is_(None),
            decisions.c.id.not_in(rested),
            WAS_ASKED,
        )
        .order_by(outcomes.c.seq.desc())
        .limit(LOOKED_AT)
    )
    by_outcome: dict[str, list[Row[Any]]] = {}
    for row in transaction.read(query):
        by_outcome.setdefault(row.outcome, []).append(row)
    groups = list(by_outcome.values())
    return random.choice(groups[int(random.random() * len(groups))]) if groups else None
