"""Recorded decisions: one row, its record taken apart, and who may see it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, select

from classifier.accounts.account import Account
from classifier.importers import import_account
from service.auth.api_keys import Caller
from service.errors import ErasedError, RecordsError, UnknownCheckError
from service.records import people
from service.records.remembered import Subject, recorded_subject
from service.records.tables import clearances, decisions, moment, outcomes
from service.schemas.reviews import (
    ClearanceState,
)

Read = people.Read
# The kind of the log's entries of what reviewers do in the queue: who may not see others' checks is not told of them.
MARKED = "queue_mark"
# May see the checks that others asked for.
SEES_ALL = frozenset({"reviewer", "admin", "auditor"})


def on_platform(platform: str) -> ColumnElement[bool]:
    """Return the condition that a check is of a platform, for where something else finds the check.

    A platform has very many, and SQLite, which keeps no statistics, could go through all of them by their index.
    """
    return (decisions.c.platform + "") == platform


@dataclass(frozen=True, slots=True)
class Decision:
    """A recorded decision: its row, and its record taken apart."""

    row: Row[Any]
    record: dict[str, Any]

    @classmethod
    def of(cls, row: Row[Any]) -> Decision:
        """Return the decision of a row."""
        return cls(row, json.loads(row.record))

    @property
    def at(self) -> datetime:
        """When it was checked."""
        return moment(self.row.at)

    @property
    def written_handle(self) -> str:
        """The account's handle as it was when it was checked; empty where it was erased."""
        return str(self.record["account"].get("handle", ""))

    @property
    def answer(self) -> dict[str, Any]:
        """What was answered, without the clearance."""
        answer: dict[str, Any] = self.record["answer"]
        return answer

    @property
    def known(self) -> dict[str, str]:
        """The verdict's reasons: sentences by code."""
        return {reason["code"]: reason["text"] for reason in self.answer["reasons"]}

    @property
    def codes(self) -> frozenset[str]:
        """The codes of the verdict's reasons."""
        return frozenset(self.known)

    @property
    def subject(self) -> Subject:
        """Whom warnings about the account are about; an erasure leaves that."""
        return recorded_subject(self.row)

    @property
    def is_erased(self) -> bool:
        """Whether the texts of its account were erased: then nothing can be decided on it any more."""
        return self.row.erased is not None

    def account(self) -> Account:
        """Return the account as it was checked: its record goes through the importers' door, as it did then.

        Raises
        ------
        ErasedError
            If its texts were erased.
        RecordsError
            If it cannot be read any more.
        """
        if self.is_erased:
            raise ErasedError(f"the texts of this check's account were erased by entry {self.row.erased} of the log")
        return self._read(self.record["account"])

    def remains(self) -> Account:
        """Return the account as far as it is still known: of an erased one counts, times and flags.

        Raises
        ------
        RecordsError
            As ``account``.
        """
        return self._read(self.record["account"] | {"handle": "erased"}) if self.is_erased else self.account()

    def _read(self, row: dict[str, Any]) -> Account:
        imported = import_account(row, "doublecheck", now=moment(self.row.at))
        if imported.account is None:
            raise RecordsError("the account of this check's record cannot be read any more")
        return imported.account

    @property
    def named_end(self) -> datetime | None:
        """When the actor's access ends, as it was known at the check."""
        end = self.record["request"]["actor"]["access_ends_at"]
        return end and moment(end)


def is_triage(row: Row[Any]) -> bool:
    """Tell whether a check named nobody who acts; ``row`` is of ``decisions``."""
    return not row.actor


def askers(row: Row[Any]) -> tuple[str, ...]:
    """Return the names of who asked for an action: its actor, if one was named, and the caller."""
    return (row.caller,) if is_triage(row) else (row.actor, row.caller)


# The number of each check's latest outcome: of several it counts.
LATEST_OUTCOMES = select(func.max(outcomes.c.seq)).group_by(outcomes.c.decision)


def with_latest_outcome(outcome: str) -> Select[Any]:
    """Return the query of the numbers of checks whose latest outcome is ``upheld`` or ``overturned``."""
    return select(outcomes.c.decision).where(outcomes.c.seq.in_(LATEST_OUTCOMES), outcomes.c.outcome == outcome)


def reader(connection: Connection) -> Read:
    """Return a reader outside of a unit of work."""
    return lambda query: connection.execute(query).all()


def find_decision(read: Read, check_id: str) -> Decision:
    """Return a recorded decision.

    Raises
    ------
    UnknownCheckError
    """
    rows = read(select(decisions).where(decisions.c.id == check_id))
    if not rows:
        raise UnknownCheckError("there is no check with this number")
    return Decision.of(rows[0])


def require_visible(read: Read, decision: Decision, caller: Caller) -> None:
    """Refuse to show a check to an agent who neither asked for it nor acts in it.

    Raises
    ------
    UnknownCheckError
        As if there were none.
    """
    if not is_visible(decision, caller) and not _acts_by_clearance(read, decision, caller):
        raise UnknownCheckError("there is no check with this number")


def _acts_by_clearance(read: Read, decision: Decision, caller: Caller) -> bool:
    """Tell whether somebody got a clearance of a triage, which names nobody who acts."""
    if not is_triage(decision.row):
        return False
    given = read(select(clearances.c.given_to).where(clearances.c.decision == decision.row.id))
    return any(row.given_to and caller.is_called(row.given_to) for row in given)


def is_visible(decision: Decision, caller: Caller) -> bool:
    """Tell whether somebody may see a check: an agent only one that the agent asked for or acts in."""
    own = any(map(caller.is_called, askers(decision.row)))
    return own or bool(caller.roles & SEES_ALL)


def clearance_state(row: Row[Any], now: datetime) -> ClearanceState:
    """Return what has become of a clearance."""
    if row.spent is not None:
        return "spent"
    if row.revoked is not None:
        return "revoked"
    return "expired" if moment(row.expires_at) <= now else "valid"
