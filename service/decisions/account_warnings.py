"""Warnings: what speaks against acting on an account and is remembered across its checks.

Rules:

1. An overturned appeal warns of the account of its check, until the outcome is corrected. So does, for good, what a
   redemption saw that was refused: an audience, a verification, a protection, another profile. So does a demand to
   change something, until a look at the profile has answered it (``demands``). So does a proof of identity, until it
   is ended (``proven``): of every account that it names; and an appeal about an action, until it is decided
   (``appeals``), once more where it lifts the action. So does, for good, somebody who looked at a check again without
   knowing its result and did not take the account for an impersonation (``second_looks``).
2. A check of an account that is warned of needs two people, and says why, whatever the policy says of it.
3. A warning that came after a check ends that check: nobody approves it, no clearance of it is given or spent. Whoever
   wants to act asks for a new one, which shows the warning to all who decide.
4. Warnings are read where decisions are written, one after the other (``records.transaction``): none is overtaken by a
   check that was asked for before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from classifier.accounts.account import Account
from classifier.scoring.policy import Policy, Verdict
from classifier.scoring.reason import Reason
from service.decisions.recorded import Decision, Read
from service.records.remembered import WARNINGS, Subject, asked_of, sorted_by_account, subject_of
from service.records.tables import moment, warnings
from service.records.transaction import Transaction
from service.schemas.reviews import WarningOut

OVERTURNED, CORRECTED, SEEN = "overturned", "corrected", "seen"
DEMAND, ANSWERED = "demand", "demand_answered"
PROVEN, PROOF_ENDED = "proven", "proof_ended"
APPEAL, APPEAL_DECIDED = "appeal", "appeal_decided"
LIFTED, LIFT_ENDED = "appeal_lifted", "lift_ended"
DOUBTED = "doubted"
CODES = {
    OVERTURNED: "appeal_overturned", SEEN: "seen_at_redemption", DEMAND: "demand_open", APPEAL: "appeal_open",
    LIFTED: "appeal_lifted", DOUBTED: "second_look_differs", PROVEN: "identity_proven",
}  # fmt: skip
# Which kind of row ends which warning.
ENDS = {CORRECTED: OVERTURNED, ANSWERED: DEMAND, PROOF_ENDED: PROVEN, APPEAL_DECIDED: APPEAL, LIFT_ENDED: LIFTED}
# What says that an account is genuine comes first.
_FIRST = frozenset({OVERTURNED, PROVEN})
# What a redemption found different and yet saw nothing of: another account, and columns that were not sent.
UNSEEN = frozenset({"other_account", "profile_incomplete"})
# What the policy says of an account because of what the account, or the registry, is: not what a model thinks of it,
# what is not known of it, or who asks.
FACTS = frozenset({
    "is_protected", "declared_secondary", "high_impact_verified", "verification_paid", "followed_by_target",
    "high_impact_audience", "platform_says_parody", "profile_hidden", "owner_may_say_so", "same_handle",
    "former_handle", "same_creation", "same_picture_and_link", "maybe_hijacked",
})  # fmt: skip


# Why nobody answers a check any more, as people are told: rule 3.
ENDED = (
    "an appeal came in or was overturned, somebody proved who they are, or something was seen of the account, since it "
    "was made: its actor may ask anew"
)


def standing(transaction: Transaction, subject: Subject) -> list[Row[Any]]:
    """Return the warnings that stand against an account, in the order of the log."""
    return _standing(transaction.warned(subject))


def find(read: Read, asked: Iterable[Subject]) -> dict[Subject, list[Row[Any]]]:
    """Return the same for some accounts, outside of a transaction."""
    subjects = set(asked)
    rows = read(WARNINGS.params(**asked_of(subjects))) if subjects else ()
    return {subject: _standing(found) for subject, found in sorted_by_account(rows, subjects).items()}


def find_for(read: Read, subject: Subject) -> list[Row[Any]]:
    """Return the same for one account."""
    return find(read, [subject])[subject]


def _standing(rows: Sequence[Row[Any]]) -> list[Row[Any]]:
    found: dict[tuple[str, str, str], Row[Any]] = {}
    for row in rows:
        if row.kind in ENDS:
            found.pop((ENDS[row.kind], row.decision, row.codes), None)
        else:
            found.setdefault((row.kind, row.decision, row.codes), row)
    return sorted(found.values(), key=lambda row: row.seq)


def with_warnings(verdict: Verdict, rows: Sequence[Row[Any]], policy: Policy) -> Verdict:
    """Return a verdict as it is under the warnings that stand: what was cleared takes two people, who read of them."""
    if not rows:
        return verdict
    reasons = tuple(_reasons(rows))
    if verdict.verdict == "refused":
        return Verdict("refused", (*verdict.reasons, *reasons), 0, verdict.policy_version)
    doubts = verdict.reasons if verdict.verdict == "needs_review" else ()
    return Verdict("needs_review", (*reasons, *doubts), policy.approvals, verdict.policy_version)


def _reasons(rows: Sequence[Row[Any]]) -> Iterator[Reason]:
    yield from (Reason(CODES[row.kind], said(row)) for row in sorted(rows, key=lambda row: row.kind not in _FIRST))


def said(row: Row[Any]) -> str:
    """Return what a warning says, as a sentence."""
    return _SAID[row.kind].format(when=_when(row), check=row.decision, what=row.what)


_LOOK = ": two people must agree, and look at that check first ({check})."
_SAID = {
    OVERTURNED: "An appeal overturned an earlier action on this account, {when}" + _LOOK,
    DEMAND: "The account was asked to change something, {when}, and nobody has found yet whether it has" + _LOOK,
    APPEAL: "An appeal against an earlier action on this account is open, received {when}" + _LOOK,
    LIFTED: "An earlier action on this account is lifted, {when}, until the appeal against it is decided" + _LOOK,
    PROVEN: "Somebody proved that this account, or one of its handle, is theirs, {when}" + _LOOK,
    DOUBTED: "Somebody who looked again at an earlier check of this account, without knowing its result, did not take "
    "it for an impersonation, {when}" + _LOOK,
    SEEN: "An action on this account was refused when it was about to be taken, {when}: two people must agree. What "
    "was seen then: {what}",
}


def since(rows: Sequence[Row[Any]], decision: Decision) -> Iterator[Reason]:
    """Yield, of the warnings that stand, those that came after a check: rule 3."""
    for row in rows:
        if row.seq > decision.row.seq:
            yield Reason(CODES[row.kind], _SINCE[row.kind].format(when=_when(row), what=row.what))


_ASK = ": ask for a new check."
_SINCE = {
    OVERTURNED: "An appeal overturned an action on this account after this check, {when}" + _ASK,
    DEMAND: "After this check the account was asked to change something, {when}" + _ASK,
    APPEAL: "After this check an appeal against an action on the account came in, {when}" + _ASK,
    LIFTED: "After this check an action on the account was lifted until an appeal is decided, {when}" + _ASK,
    PROVEN: "After this check somebody proved that the account is theirs, {when}" + _ASK,
    DOUBTED: "After this check somebody who looked again at a check of this account, without knowing its result, did "
    "not take it for an impersonation, {when}" + _ASK,
    SEEN: "After this check an action on the account was refused, {when}" + _ASK + " What was seen then: {what}",
}


def warning_out(row: Row[Any], decision: Decision) -> WarningOut:
    """Return a warning as it goes on the wire, on the page of a check of the account."""
    return WarningOut(
        code=CODES[row.kind], text=said(row), at=moment(row.at), check_id=row.decision, after=row.seq > decision.row.seq
    )


def seen(then: Account, now: Account, changed: Iterable[Reason], against: Iterable[Reason]) -> tuple[Reason, ...]:
    """Return, of what speaks against a redemption, what was seen of the account; nothing if another one was shown.

    Parameters
    ----------
    changed : iterable of Reason
        How the account differs from the one that was judged.
    against : iterable of Reason
        What the policy says of it now.
    """
    if not subject_of(then).matches(subject_of(now)):
        return ()
    different = tuple(reason for reason in changed if reason.code not in UNSEEN)
    return (*different, *(reason for reason in against if reason.code in FACTS))


def remember(
    transaction: Transaction,
    decision: Decision,
    kind: str,
    reasons: Sequence[Reason] = (),
    *,
    about: Subject | None = None,
    finding: str = "",
) -> None:
    """Write a warning down, or that one does not stand any more, unless that is known already.

    A unit of work that has written already must have asked for ``standing`` before.

    Parameters
    ----------
    about : Subject, optional
        Whom it is about, if not the account of the check.
    finding : str
        The number of the finding that a proof of identity made: a check may have several.
    """
    subject = about or decision.subject
    codes = finding or " ".join(sorted({reason.code for reason in reasons}))
    known = {(row.kind, row.decision, row.codes) for row in standing(transaction, subject)}
    stands = (ENDS.get(kind, kind), decision.row.id, codes) in known
    if stands != (kind in ENDS):
        return
    row = {"decision": decision.row.id, "kind": kind, "codes": codes, "name": subject.name, **subject._asdict()}
    row |= {"what": " ".join(reason.text for reason in reasons), "at": transaction.stamp}
    transaction.record(warnings, "warning_noted", decision.row.id, row, warning=kind, codes=codes.split())


def _when(row: Row[Any]) -> str:
    at: datetime = moment(row.at)
    return f"on {at:%-d %B %Y} at {at:%H:%M} UTC"
