"""How a check stands now: what weighs most of all that happened, not what was answered first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from service.decisions.case_file import Step
from service.texts.wording import Message, Words, gettext
from service.web.console.presenters.timeline import VERDICT_TONES
from service.web.console.presenters.words import WORDS

# What an appeal found weighs more than an action, an action more than clearances, and these more than approvals: what
# follows from an appeal, such as clearances that it makes void, does not hide it. Of equal weight the later one counts.
_APPROVED, _CLEARED, _ACTED, _WITHDRAWN, _APPEALED = range(1, 6)
_LAPSED = Message("Lapsed: nobody acted in time")


class Standing(NamedTuple):
    """How a check stands, in words, and its tone: "good", "bad" or "" (``timeline.Event``)."""

    text: str
    tone: str

    @property
    def sign(self) -> str:
        """A shape for the tone."""
        return {"good": "✓", "bad": "✕"}.get(self.tone, "?")


_APPEALS = Words(
    {
        "upheld": Standing(Message("Upheld on appeal"), "good"),
        "overturned": Standing(Message("Overturned on appeal"), "bad"),
        "lifted": Standing(Message("Lifted until the appeal is decided"), "bad"),
    }
)
_CLEARANCES = Words(
    {
        "clearance_issued": Standing(Message("Clearance taken"), ""),
        "clearance_refused": Standing(Message("Not done: the clearance did not hold"), "bad"),
        "clearance_revoked": Standing(Message("Clearance void"), "bad"),
    }
)


def standing(verdict: str, steps: Iterable[Step], *, is_late: bool = False) -> Standing:
    """Return how a check stands, of its verdict and all that happened since, in order.

    Parameters
    ----------
    is_late : bool
        Whether it is too old to be approved or cleared any more.

    Examples
    --------
    >>> standing("cleared", []).text
    'Cleared to act'
    """
    now, weight, approvals = Standing(WORDS["verdict"][verdict], VERDICT_TONES.get(verdict, "")), 0, 0
    for step in steps:
        approvals += step.kind == "approval" and step.data["answer"] == "approve"
        found = _found(step, approvals)
        if found and found[0] >= weight:
            weight, now = found
    is_open = weight < _ACTED and now.tone != "bad"
    return Standing(gettext(_LAPSED), "") if is_late and is_open else now


def _found(step: Step, approvals: int) -> tuple[int, Standing] | None:
    """Return the weight of a step, and how a check stands after it; ``None`` where it changes nothing."""
    if step.kind == "approval":
        if step.data["answer"] != "approve":
            return _APPROVED, Standing(gettext("Declined"), "bad")
        return _APPROVED, Standing(gettext("Approved once") if approvals == 1 else gettext("Approved"), "")
    if step.kind in _CLEARANCES:
        return _CLEARED, _CLEARANCES[step.kind]
    if step.kind == "asker_step" and step.data["step"] == "withdrawn":
        return _WITHDRAWN, Standing(gettext("Withdrawn"), "bad")
    if step.kind == "clearance_redeemed":
        return _ACTED, Standing(gettext("Acted on"), "good")
    said = str(step.data.get({"outcome": "outcome", "appeal_step": "step"}.get(step.kind, "")))
    return (_APPEALED, _APPEALS[said]) if said in _APPEALS else None
