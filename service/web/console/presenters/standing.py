"""How a check stands now: what decided last, not what was answered first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from service.decisions.case_file import Step
from service.web.console.presenters.words import WORDS

_TONES = {"cleared": "good", "refused": "bad"}
_DECIDED = {
    "upheld": ("Upheld on appeal", "good"),
    "overturned": ("Overturned on appeal", "bad"),
    "lifted": ("Lifted until the appeal is decided", "bad"),
}
_KINDS = {
    "clearance_issued": ("Clearance taken", ""),
    "clearance_redeemed": ("Acted on", "good"),
    "clearance_refused": ("Not done: the clearance did not hold", "bad"),
    "clearance_revoked": ("Clearance void", "bad"),
}


class Standing(NamedTuple):
    """How a check stands, in words, and its tone: "good", "bad" or "" (``timeline.Event``)."""

    text: str
    tone: str

    @property
    def sign(self) -> str:
        """A shape for the tone."""
        return {"good": "✓", "bad": "✕"}.get(self.tone, "?")


def standing(verdict: str, steps: Iterable[Step]) -> Standing:
    """Return how a check stands, of its verdict and all that happened since, in order.

    Examples
    --------
    >>> standing("cleared", []).text
    'Cleared to act'
    """
    now, approvals = Standing(WORDS["verdict"][verdict], _TONES.get(verdict, "")), 0
    for step in steps:
        if step.kind == "approval" and step.data["answer"] == "approve":
            approvals += 1
            now = Standing("Approved once" if approvals == 1 else "Approved", "")
        elif step.kind == "approval":
            now = Standing("Declined", "bad")
        elif step.kind in {"outcome", "appeal_step"}:
            now = Standing(*_DECIDED.get(str(step.data.get("outcome") or step.data.get("step")), now))
        elif step.kind in _KINDS:
            now = Standing(*_KINDS[step.kind])
    return now
