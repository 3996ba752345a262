"""What a check's page says besides its verdict: by when it is due, what the platform asks, and which change fits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from service.schemas.checks import CheckResponse
from service.schemas.reviews import CheckDetail
from service.texts.catalogue import Catalogue

_MET = {True: "Met", False: "Missing", None: "Not known"}


@dataclass(frozen=True, slots=True)
class MilderView:
    """What may be done instead, in words.

    Attributes
    ----------
    due : str
        By when the check should be answered, and why then; empty where nobody knows or it was answered.
    asked : tuple of (str, str)
        What the platform's rule asks of a parody or fan account: whether it is met, and a sentence.
    why : str
        Why a change fits; empty where none does.
    demands : tuple of str
        Which change that is, as the account would be asked for it.
    falls_to : str
        What may be done now that it is overdue; empty where that is nothing.
    """

    due: str
    asked: tuple[tuple[str, str], ...]
    why: str
    demands: tuple[str, ...]
    falls_to: str


def milder(detail: CheckDetail, *, now: datetime) -> MilderView:
    """Return what a check's page says of milder measures and of the clock."""
    check, english = detail.check, Catalogue.of("en")
    kinds = check.offer.demands if check.offer else []
    return MilderView(
        due=_due(check, now) if detail.review.state == "open" else "",
        asked=tuple((_MET[one.met], one.text) for one in check.requirements),
        why=check.offer.why if check.offer else "",
        demands=tuple(english.say(f"demand_{kind}") for kind in kinds),
        falls_to=detail.falls_to.text if detail.falls_to else "",
    )


def _due(check: CheckResponse, now: datetime) -> str:
    if check.due is None:
        return ""
    late = "It is overdue. " if check.due.due_at <= now else ""
    return f"{late}An answer is due by {check.due.due_at:%-d %B %Y, %H:%M %Z}. {check.due.because}"
