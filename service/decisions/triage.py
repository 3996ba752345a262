"""Triage: a check that names nobody who acts. Two people agree that something is done, and somebody is named to do it.

Rules:

1. A triage permits nobody anything by itself: what would be cleared takes two people. What is refused stays so.
2. An approval may name who is to act. That is nobody who answers: nobody approves what they are to do themselves, in
   whatever order they were named and answered, and whoever turns out later to be such a person.
3. The clearance is bound to one person, who is named when it is asked for: whom the approvals name, where they name
   somebody. All that is asked of an actor is asked of this person: access, keys, and to be another than who approved.
4. Approvals count as in any review: not those of the check's caller, and not those of anybody who is named to act (R6).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import select

from classifier.scoring.policy import Policy, Verdict
from classifier.scoring.reason import Reason
from service.decisions.recorded import Decision, Read, askers, is_triage
from service.decisions.review_state import Review
from service.errors import ClearanceError
from service.records.people import People
from service.records.tables import clearances, keys

CODE = "triage"
_REASON = Reason(CODE, "Nobody is named who acts: two people must agree, and name who acts.")


def with_triage(verdict: Verdict, policy: Policy) -> Verdict:
    """Return a verdict as it is where nobody is named who acts: rule 1.

    Examples
    --------
    >>> cleared = Verdict("cleared", (Reason("above_threshold", "..."),), 0, "9")
    >>> found = with_triage(cleared, Policy())
    >>> found.verdict, found.required_approvals, found.reasons[0].code
    ('needs_review', 2, 'triage')
    """
    if verdict.verdict == "refused":
        return verdict
    doubts = verdict.reasons if verdict.verdict == "needs_review" else ()
    approvals = max(policy.approvals, verdict.required_approvals)
    return Verdict("needs_review", (*doubts, _REASON), approvals, verdict.policy_version)


def acting_of(decision: Decision, given: Any) -> str:
    """Return who acts by a clearance: of a triage whom it was given to, else the check's actor.

    Parameters
    ----------
    given : Row
        Of ``clearances``.
    """
    return str(given.given_to or decision.row.actor)


def named_for(decision: Decision, named: str | None, people: People) -> str:
    """Return who is to act by a clearance that is asked for: rule 3.

    Parameters
    ----------
    named : str or None
        Whom the request names.

    Raises
    ------
    ClearanceError
        With ``no_actor`` where nobody is known, ``other_actor`` where the check names somebody else.
    """
    if is_triage(decision.row):
        if named is None:
            raise ClearanceError([Reason("no_actor", "The check is a triage: name who acts, as actor.")])
        return named
    if named is not None and not people.same(named, decision.row.actor):
        raise ClearanceError([Reason("other_actor", "The check names who acts, and that is somebody else.")])
    return str(decision.row.actor)


def why_not_executor(decision: Decision, review: Review, executor: str | None, people: People) -> str:
    """Return why an approval cannot name this person to act, empty where it can: rule 2, but for who names."""
    if executor is None:
        return ""
    if not is_triage(decision.row):
        return "this check names who acts: an executor is named of a triage only"
    if any(people.same(executor, approval.row.actor) for approval in review.approvals):
        return "whoever is named to act has approved this check: name somebody else"
    if any(not people.same(executor, name) for name in _named(review)):
        return "another approval names somebody else to act: name the same person, or nobody"
    return ""


def against(decision: Decision, review: Review, acts: str, people: People) -> Iterator[Reason]:
    """Yield what speaks against this person's acting by a clearance of a triage: rules 2 and 3."""
    if not is_triage(decision.row):
        return
    if any(people.same(acts, approval.row.actor) for approval in review.approvals):
        yield Reason("own_approval", "Whoever acts has answered this check: somebody else must act.")
    if any(not people.same(acts, name) for name in _named(review)):
        yield Reason("other_actor", "The approvals name somebody else who is to act.")


def without_right(read: Read, acts: str, used: Iterable[str | None], people: People) -> Iterator[Reason]:
    """Yield that a key is not in force any more: one of those ``used``, by their ids, or who acts has no other."""
    asked = read(select(keys.c.revoked).where(keys.c.id.in_([key for key in used if key])))
    own = read(select(keys.c.revoked, keys.c.roles).where(keys.c.actor.in_(people.spellings(acts))))
    in_force = [key for key in own if key.revoked is None and "agent" in key.roles.split()]
    if any(key.revoked is not None for key in asked) or (own and not in_force):
        yield Reason(
            "actor_without_right",
            "The key that it was asked for or got with, or its actor's, is not in force any more.",
        )


def took_part_in(read: Read, decision: Decision) -> tuple[str, ...]:
    """Return the names of all who asked for an action: with them, of a triage, whoever got a clearance."""
    given = read(select(clearances.c.given_to).where(clearances.c.decision == decision.row.id))
    return (*askers(decision.row), *(row.given_to for row in given if row.given_to))


def _named(review: Review) -> set[str]:
    """Return whom the approvals that count name to act."""
    return {
        approval.row.executor
        for approval in review.approvals
        if approval.counts and approval.row.answer == "approve" and approval.row.executor
    }
