"""What happened to a check, as a person reads it: one line an entry of the log, each with what proves it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.decisions.account_warnings import ENDS
from service.decisions.queue_marks import Mark
from service.records.proofs import Proof
from service.schemas.reviews import CheckDetail
from service.texts.recorded import recorded
from service.texts.wording import Message, Words, gettext
from service.web.console.presenters.words import WORDS


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened.

    Attributes
    ----------
    tone : str
        "good", "bad" or "": whether it let the action through, stopped it, or neither. ``sign`` says so without colour.
    note : str
        What a person wrote, if somebody did.
    proof : str
        What was verified of the entry just now, in words.
    """

    at: datetime
    what: str
    who: str
    tone: str = ""
    note: str = ""
    seq: int = 0
    hash: str = ""
    proof: str = ""
    proved: bool = True

    @property
    def sign(self) -> str:
        """A shape for the tone."""
        return {"good": "✓", "bad": "✕"}.get(self.tone, "·")


# The tone of what was answered first.
VERDICT_TONES = {"cleared": "good", "refused": "bad"}


def said(kind: str, data: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return what an entry of the log says happened, who did it, and its tone."""
    if kind == "check":
        verdict = data["verdict"]
        tone = VERDICT_TONES.get(verdict, "")
        asked = (_ASKED if data["actor"] else _ASKED_WHETHER)[data["action"]]
        word = WORDS["verdict"][verdict]
        what = gettext(asked, verdict=f"{word[0].lower()}{word[1:]}")
        return what, data["actor"] or data["caller"], tone
    if kind == "approval":
        return _approval(data)
    if kind == "outcome":
        upheld = data["outcome"] == "upheld"
        what = gettext("An appeal upheld the decision") if upheld else gettext("An appeal overturned the decision")
        return what, data["actor"], "good" if upheld else "bad"
    if kind == "clearance_refused":
        reasons = ", ".join(recorded(str(code).replace("_", " ")) for code in data["reasons"])
        return gettext("Refused to act: %(reasons)s", reasons=reasons), data["caller"], "bad"
    if kind == "warning_noted":
        return _NOTED[data["warning"]], "", "good" if data["warning"] in ENDS else "bad"
    if kind == "clearance_revoked" and data.get("because") in _VOID:
        return _VOID[data["because"]], data["actor"], "bad"
    if kind == "downloaded":
        return _DOWNLOADED[data["file"]], data["actor"], ""
    if kind == "queue_mark":
        return _MARKS[data["mark"]], data["actor"], ""
    if kind == "appeal_received":
        return _RECEIVED[data["about"]], data["actor"], ""
    if kind == "asker_step":
        what, tone = _ASKER_STEPS[data["reason"] or data["step"]]
        return what, data["actor"], tone
    if kind == "appeal_step":
        what, tone = _STEPS[data["step"]]
        return what, data["actor"], tone
    words, tone = _KINDS.get(kind, (kind.replace("_", " ").capitalize(), ""))
    return words, str(data.get("actor", "")), tone


def _approval(data: Mapping[str, Any]) -> tuple[str, str, str]:
    if data["answer"] != "approve":
        return gettext("Declined"), data["actor"], "bad"
    if data.get("executor"):
        return gettext("Approved: %(name)s is to act", name=data["executor"]), data["actor"], "good"
    return gettext("Approved"), data["actor"], "good"


_ASKED = {
    "suspend": Message("Asked to suspend it: %(verdict)s"),
    "deactivate": Message("Asked to deactivate it: %(verdict)s"),
    "delete": Message("Asked to delete it: %(verdict)s"),
    "require_change": Message("Asked to have it changed: %(verdict)s"),
}
_ASKED_WHETHER = {
    "suspend": Message("Asked whether somebody may suspend it: %(verdict)s"),
    "deactivate": Message("Asked whether somebody may deactivate it: %(verdict)s"),
    "delete": Message("Asked whether somebody may delete it: %(verdict)s"),
    "require_change": Message("Asked whether somebody may have it changed: %(verdict)s"),
}
_NOTED = Words(
    {
        "overturned": "Later checks of the account take two people",
        "corrected": "Later checks of the account are not warned of this appeal any more",
        "seen": "What was seen of the account is remembered: later checks of it take two people",
        "demand": "The account was asked to change something: later checks of it take two people",
        "demand_answered": "Later checks of the account are not warned of this demand any more",
        "doubted": (
            "Somebody who looked again, not knowing the result, saw no impersonation: later checks take two people"
        ),
        "proven": "An account is known to be genuine: later checks of it are refused, or take two people",
        "proof_ended": "Later checks of an account are not warned of this proof of identity any more",
        "appeal": "An appeal is open: later checks of the account take two people",
        "appeal_decided": "Later checks of the account are not warned of an open appeal any more",
        "appeal_lifted": "The action is lifted for now: what was asked about the account before does not hold",
        "lift_ended": "The action is not lifted for now any more",
    }
)
_VOID = Words(
    {
        "appeal_overturned": "The clearance is void: an appeal was overturned",
        "appeal_lifted": "The clearance is void: an action was lifted until an appeal is decided",
        "finding_made": "The clearance is void: somebody proved that the account is theirs",
        "check_withdrawn": "The clearance is void: the check was withdrawn",
    }
)
_ASKER_STEPS = Words(
    {
        "held": (Message("Nobody was asked to review it: it resembles nobody"), ""),
        "asked": (Message("Asked people to review it"), ""),
        "mistyped": (Message("Withdrew the check: another account was meant"), "bad"),
        "resembles_nobody": (Message("Withdrew the check: it resembles nobody"), "bad"),
        "not_needed": (Message("Withdrew the check: not needed any more"), "bad"),
    }
)
_DOWNLOADED = Words(
    {
        "statement": "Downloaded the statement of reasons",
        "bundle": "Downloaded the record with its proof",
    }
)
_MARKS = Words(
    {
        "claim": "Claimed it in the queue",
        "release": "Released it in the queue",
        "skip": "Skipped it in the queue",
        "escalate": "Escalated it to another reviewer or an admin",
        "settle": "Settled the escalation",
    }
)
_RECEIVED = Words(
    {
        "action": "Handed in an appeal of the person against the action",
        "decline": "Handed in an appeal of the reporter: nothing was done",
    }
)
_STEPS = Words(
    {
        "lifted": (Message("Lifted the action until the appeal is decided"), "bad"),
        "upheld": (Message("Decided the appeal: upheld"), ""),
        "overturned": (Message("Decided the appeal: overturned"), ""),
    }
)
_KINDS = Words(
    {
        "evidence_shown": (Message("Looked at the evidence"), ""),
        "clearance_issued": (Message("Took a clearance"), ""),
        "clearance_redeemed": (Message("Spent the clearance to act"), "good"),
        "clearance_revoked": (Message("Made the clearance void"), "bad"),
        "appeal_code_given": (Message("The person was given a code for complaints"), ""),
        "statement": (Message("The statement of reasons was made"), ""),
        "statement_completed": (Message("Completed the statement of reasons"), ""),
        "finding_made": (Message("Recorded a proof of identity"), "bad"),
        "finding_ended": (Message("Ended what a proof of identity found"), ""),
        "notice_noted": (Message("Who reported it is counted"), ""),
        "second_look_drawn": (Message("Was drawn for a second look by somebody who does not know the answer"), ""),
        "known_case_hidden": (
            Message("This is a known case: an earlier check, asked again to see how reviewers answer"),
            "",
        ),
        "second_look_shown": (Message("Looked at it without knowing the answer"), ""),
        "second_look_answered": (Message("Judged it without knowing the answer"), ""),
        "record_erased": (Message("Erased the account's texts"), ""),
    }
)


def events(detail: CheckDetail, proofs: Mapping[int, Proof], marks: Iterable[Mark] = ()) -> list[Event]:
    """Return all that happened to a check, in order.

    Parameters
    ----------
    marks : iterable of Mark
        What reviewers wrote in the queue, for people who see the queue.
    """
    return list(_events(detail, proofs, {mark.seq: mark.note for mark in marks}))


def _events(detail: CheckDetail, proofs: Mapping[int, Proof], marked: Mapping[int, str]) -> Iterator[Event]:
    reasons = {(approval.reviewer, approval.at): approval.reason for approval in detail.review.approvals}
    notes = {(outcome.actor, outcome.at): outcome.note for outcome in detail.outcomes}
    for line in detail.history:
        what, who, tone = said(line.kind, line.data)
        written = {"approval": reasons, "outcome": notes}.get(line.kind, {})
        proof = proofs[line.seq]
        yield Event(
            line.at,
            what,
            who,
            tone,
            written.get((who, line.at), "") or marked.get(line.seq, ""),
            line.seq,
            line.hash,
            proved(proof),
            not proof.fault,
        )


def proved(proof: Proof | None) -> str:
    """Return what was verified of an entry, in words; ``None``: nothing was, here."""
    if proof is None:
        return gettext("Not verified here, among so many: doublecheck audit verify does.")
    if proof.fault:
        return gettext(
            "This entry does not hold: it %(fault)s. Have the log verified (doublecheck audit verify).",
            fault=recorded(proof.fault),
        )
    if proof.signed_seq == proof.seq:
        return gettext("Verified just now: its hash and its record fit, and key %(key)s signed it.", key=proof.key_id)
    return gettext(
        "Verified just now: its hash and its record fit, so does the chain up to entry %(seq)s, and key %(key)s signed "
        "that entry.",
        seq=proof.signed_seq,
        key=proof.key_id,
    )
