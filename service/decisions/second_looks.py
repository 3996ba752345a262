"""Second looks: people judge a sample of checks again, blind: without knowing what was answered.

Rules:

1. A check with a target, unless the account is the protected one, is drawn with the probability
   ``second_look_share``, by the system's random numbers, whatever its verdict. The log's entry of it comes after all
   others of the check. Neither the answer nor the history tells it to those who ask, act or judge: ``may_know``.
2. Nobody looks blind who asked for the check or acts in it, who was shown its evidence or answered it, or who has
   looked and answered already, under whatever name. Two people answer at most. What lists of checks tell of a verdict
   is recorded nowhere, so it keeps nobody away.
3. Who looks is shown both accounts and the report, nothing that was answered. An answer comes after the look, and not
   after the evidence. Whoever has answered may review the check as anybody may: that takes nobody's place, and the
   figures compare with answers of other people only.
4. An answer can only add caution. One that calls genuine what the model, or an approval, takes for an impersonation
   warns of the account (``account_warnings``): that ends the check, and later ones take two people.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from secrets import SystemRandom
from typing import Any

from sqlalchemy import Column, ColumnElement, Row, Select, Table, exists, func, select

from service.auth.api_keys import Caller
from service.decisions import account_warnings, downloads
from service.decisions.recorded import MARKED, SEES_ALL, Decision, Read, askers, find_decision
from service.errors import ErasedError, SecondLookError, UnknownSecondLookError
from service.records.tables import (
    approvals,
    clearances,
    decisions,
    log,
    moment,
    second_look_answers,
    second_look_views,
    second_looks,
    views,
)
from service.records.transaction import Answer, Transaction
from service.schemas.checks import CheckResponse, EntryOut, TargetOut
from service.schemas.second_looks import (
    BlindOut,
    SecondAnswered,
    SecondAnswerIn,
    SecondAnswerOut,
    SecondLookLine,
    SecondLookPage,
    SecondLookState,
)

# Entries of the log that tell that a check was drawn, or that it is a known case.
KINDS = frozenset({"second_look_drawn", "second_look_shown", "second_look_answered", "known_case_hidden"})
# Second answers that call the account genuine.
GENUINE = frozenset({"parody_or_fan", "same_owner", "unrelated"})
# How many people judge a check.
PEOPLE = 2
# Checks that are looked through for somebody who may judge them, the newest first.
LOOKED_AT = 1_000
_CHANCE: Callable[[], float] = SystemRandom().random


def may_know(caller: Caller) -> bool:
    """Tell whether somebody may know which checks were drawn: rule 1."""
    return bool(caller.roles & {"admin", "auditor"}) and not caller.roles & {"agent", "executor", "reviewer"}


def told(about: ColumnElement[bool], caller: Caller) -> Select[Any]:
    """Return the query of the log's entries, in order, that this person may see: rule 1, who works on it, audits."""
    query = select(log).where(about).order_by(log.c.seq)
    query = query if caller.roles & downloads.READERS else query.where(log.c.kind != downloads.KIND)
    query = query if caller.roles & SEES_ALL else query.where(log.c.kind != MARKED)
    return query if may_know(caller) else query.where(log.c.kind.not_in(KINDS))


# --- drawing ---------------------------------------------------------------------------------------------------------


def is_drawn(response: CheckResponse, share: float, chance: Callable[[], float] = _CHANCE) -> bool:
    """Tell whether a check belongs to the sample: rule 1.

    Parameters
    ----------
    share : float
        With which probability, in [0, 1].
    chance : callable
        Gives a random number in [0, 1).
    """
    if response.target is None or response.relation in {"no_target", "is_protected"}:
        return False
    return chance() < share


def draw(transaction: Transaction, response: CheckResponse, share: float) -> None:
    """Write down that a check belongs to the sample, if chance will have it. It comes last of what is written."""
    if is_drawn(response, share):
        row = {"decision": str(response.check_id), "at": transaction.stamp}
        transaction.record(second_looks, "second_look_drawn", row["decision"], row)


# --- looking and answering -------------------------------------------------------------------------------------------


def show(transaction: Transaction, check_id: str, caller: Caller) -> Answer:
    """Show a check blind. The first showing is recorded: seconds count from it.

    Raises
    ------
    UnknownSecondLookError
        If the check was not drawn.
    SecondLookError
        If this person may not judge it: rule 2.
    ErasedError
        If the account's texts were erased.
    """
    decision = _open(transaction.read, check_id, caller)
    shown_at = _shown_at(transaction.read, check_id, caller)
    if shown_at is None:
        shown_at = transaction.stamp
        row = {"decision": check_id, "actor": caller.actor, "at": shown_at}
        transaction.record(second_look_views, "second_look_shown", check_id, row, actor=caller.actor)
    blind = BlindOut(
        check_id=decision.row.id,
        shown_at=moment(shown_at),
        account=decision.record["account"],
        target=TargetOut(**decision.answer["target"]),
        report=decision.record["request"]["report"],
        reports=decision.record["request"].get("reports"),
    )
    return Answer(blind.model_dump_json())


def answer(transaction: Transaction, check_id: str, given: SecondAnswerIn, caller: Caller) -> Answer:
    """Record what somebody who looked blind takes the account for.

    Raises
    ------
    UnknownSecondLookError, SecondLookError, ErasedError
        As ``show``; also if this person was not shown it blind.
    """
    decision = _open(transaction.read, check_id, caller)
    shown_at = _shown_at(transaction.read, check_id, caller)
    if shown_at is None:
        raise SecondLookError(f"look at it first: GET /v1/second-looks/{check_id}")
    doubted = given.relation in GENUINE and _is_taken_for_impersonation(transaction.read, decision)
    account_warnings.standing(transaction, decision.subject)  # read before anything is written
    seconds = max(0, int((transaction.now - moment(shown_at)).total_seconds()))
    row: dict[str, Any] = {"decision": check_id, "actor": caller.actor, "key_id": caller.key_id}
    row |= {"relation": given.relation, "reason": given.reason, "seconds": seconds, "at": transaction.stamp}
    entry = transaction.record(
        second_look_answers, "second_look_answered", check_id, row,
        actor=caller.actor, key=caller.key_id, relation=given.relation, seconds=seconds,
    )  # fmt: skip
    if doubted:
        account_warnings.remember(transaction, decision, account_warnings.DOUBTED)
    answered = SecondAnswered(
        check_id=decision.row.id,
        relation=given.relation,
        seconds=seconds,
        answered_at=transaction.now,
        entry=EntryOut(seq=entry.seq, hash=entry.hash),
    )
    return Answer(answered.model_dump_json(), labels=(given.relation,))


def _open(read: Read, check_id: str, caller: Caller) -> Decision:
    """Return a check that was drawn and that this person may judge now."""
    if not read(select(second_looks.c.seq).where(second_looks.c.decision == check_id)):
        raise UnknownSecondLookError("no second look is asked for at a check with this number")
    decision = find_decision(read, check_id)
    answered = _names(read, second_look_answers, [check_id])[check_id]
    if why := _why_not(decision.row, answered, _informed(read, [check_id])[check_id], caller):
        raise SecondLookError(why)
    if decision.is_erased:
        raise ErasedError("the texts of this check's account were erased: there is nothing to look at any more")
    return decision


def _why_not(check: Row[Any], answered: Sequence[str], informed: Iterable[str], caller: Caller) -> str:
    """Return why somebody may not judge a check blind, empty where somebody may: rule 2."""
    if any(map(caller.is_called, askers(check))):
        return "whoever asks for an action does not judge it"
    if any(map(caller.is_called, answered)):
        return "you have already answered: a different reviewer must judge"
    if any(map(caller.is_called, informed)):
        return "this person has been shown the evidence: only somebody who has not can look blind"
    if len(answered) >= PEOPLE:
        return "two people have answered already"
    return ""


def _informed(read: Read, check_ids: Sequence[str]) -> dict[str, list[str]]:
    """Return who knows what was answered: who was shown the evidence, who has answered, and who acts, by check."""
    seen, given = _names(read, views, check_ids), _names(read, approvals, check_ids)
    acts = _names(read, clearances, check_ids, clearances.c.given_to)
    return {check_id: seen[check_id] + given[check_id] + acts[check_id] for check_id in check_ids}


def _names(
    read: Read, table: Table, check_ids: Sequence[str], column: Column[str] | None = None
) -> dict[str, list[str]]:
    """Return the actors of a table's rows, by check; or those of another column, where there are any."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    named = table.c.actor if column is None else column
    query = select(table.c.decision, named.label("name")).where(table.c.decision.in_(check_ids), named.is_not(None))
    for row in read(query):
        found[row.decision].append(row.name)
    return found


def _shown_at(read: Read, check_id: str, caller: Caller) -> str | None:
    """Return when this person was first shown a check blind, under whatever name."""
    rows = read(select(second_look_views).where(second_look_views.c.decision == check_id))
    return min((row.at for row in rows if caller.is_called(row.actor)), default=None)


def _is_taken_for_impersonation(read: Read, decision: Decision) -> bool:
    """Tell whether an action may rest on this being an impersonation: by the model, or by whoever approved it.

    An approval of a demand is no such thing: parodies are asked to say what they are.
    """
    if decision.answer["relation"] == "impersonation":
        return True
    approved = approvals.c.decision == decision.row.id, approvals.c.answer == "approve"
    return decision.row.action != "require_change" and bool(read(select(approvals.c.seq).where(*approved)))


# --- finding ---------------------------------------------------------------------------------------------------------


def search(read: Read, caller: Caller, state: SecondLookState | None, limit: int) -> SecondLookPage:
    """Return checks that were drawn, the newest first: for those who judge, the ones that they may judge now."""
    answers = select(second_look_answers.c.seq).where(second_look_answers.c.decision == second_looks.c.decision)
    query = select(decisions, second_looks.c.at.label("drawn_at")).join(
        second_looks, second_looks.c.decision == decisions.c.id
    )
    query = query.order_by(second_looks.c.seq.desc())
    if state is not None:
        query = query.where(exists(answers) if state == "answered" else ~exists(answers))
    if may_know(caller):
        rows = read(query.limit(limit))
        return SecondLookPage(second_looks=_lines(read, rows, told=True))
    counted = select(func.count()).where(second_look_answers.c.decision == second_looks.c.decision).scalar_subquery()
    waiting = query.where(decisions.c.erased.is_(None), counted < PEOPLE)
    rows = _for(read, read(waiting.limit(LOOKED_AT)), caller)
    return SecondLookPage(second_looks=_lines(read, rows[:limit], told=False))


def _for(read: Read, rows: Sequence[Row[Any]], caller: Caller) -> list[Row[Any]]:
    """Return those of some checks that this person may judge."""
    ids = [row.id for row in rows]
    informed, answered = _informed(read, ids), _names(read, second_look_answers, ids)
    return [row for row in rows if not _why_not(row, answered[row.id], informed[row.id], caller)]


def _lines(read: Read, rows: Sequence[Row[Any]], *, told: bool) -> list[SecondLookLine]:
    """Return checks that were drawn as they go on the wire; ``told``: with what was answered."""
    answers = answers_of(read, [row.id for row in rows])
    return [
        SecondLookLine(
            check_id=row.id,
            drawn_at=moment(row.drawn_at),
            state="answered" if answers[row.id] else "open",
            answers=[_answer_out(one) for one in answers[row.id]] if told else [],
        )
        for row in rows
    ]


def answers_of(read: Read, check_ids: Sequence[str]) -> dict[str, list[Row[Any]]]:
    """Return the second answers of some checks, in order."""
    found: dict[str, list[Row[Any]]] = {check_id: [] for check_id in check_ids}
    query = select(second_look_answers).where(second_look_answers.c.decision.in_(check_ids))
    for row in read(query.order_by(second_look_answers.c.seq)):
        found[row.decision].append(row)
    return found


def _answer_out(row: Row[Any]) -> SecondAnswerOut:
    return SecondAnswerOut(
        actor=row.actor, relation=row.relation, reason=row.reason, seconds=row.seconds, at=moment(row.at)
    )
