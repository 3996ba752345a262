"""What a check's page says besides its verdict: by when it is due, what the platform asks, and which change fits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from service.schemas.checks import CheckResponse
from service.schemas.reviews import CheckDetail
from service.texts.catalogue import catalogued
from service.texts.dates import dated
from service.texts.recorded import recorded
from service.texts.wording import Words, gettext

_MET: Mapping[bool | None, str] = Words({True: "Met", False: "Missing", None: "Not known"})


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
    check = detail.check
    kinds = check.offer.demands if check.offer else []
    return MilderView(
        due=_due(check, now) if detail.review.state == "open" else "",
        asked=tuple((_MET[one.met], recorded(one.text)) for one in check.requirements),
        why=recorded(check.offer.why) if check.offer else "",
        demands=tuple(catalogued(f"demand_{kind}") for kind in kinds),
        falls_to=recorded(detail.falls_to.text) if detail.falls_to else "",
    )


def _due(check: CheckResponse, now: datetime) -> str:
    if check.due is None:
        return ""
    at = dated(check.due.due_at, "%-d %B %Y, %H:%M UTC")
    due = gettext("An answer is due by %(at)s.", at=at)
    if check.due.due_at <= now:
        due = gettext("It is overdue. An answer is due by %(at)s.", at=at)
    return f"{due} {recorded(check.due.because)}"
