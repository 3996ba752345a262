"""Who reports an account and with what authority: the notice of a check, in words. It was never scored."""

from __future__ import annotations

from datetime import UTC, datetime

from service.schemas.notices import NoticeOut, ReporterOut
from service.texts.dates import dated
from service.texts.wording import Words, gettext

_REPORTERS = Words(
    {
        "person": "The person who is imitated",
        "authorised": "Somebody who may act for the person",
        "guardian": "A parent or guardian",
        "employer": "The employer",
        "trusted_flagger": "A trusted flagger",
        "authority": "A public authority",
        "stranger": "Somebody else",
        "own_detection": "The platform itself",
    }
)
_PROOFS = Words(
    {
        "none": "none",
        "id_document": "an identity document",
        "platform_verified": "a verification by the platform",
        "domain": "control of a domain",
        "authorisation": "a written authorisation",
        "court_order": "a court order",
        "other": "another proof",
    }
)
_SAYS = Words(
    {
        "mine": "The account is theirs",
        "not_mine": "The account is not theirs",
        "hijacked": "The account is theirs and was taken over",
    }
)
_GROUNDS = Words({"terms": "The platform's terms", "law": "The law"})
_CIRCUMSTANCES = Words(
    {
        "memorial": "a memorial account",
        "deceased": "the owner has died",
        "minor": "the owner is a minor",
    }
)
_HARMS = Words(
    {
        "fraud": "Fraud",
        "minor": "A minor is involved",
        "election": "An election",
        "emergency": "An emergency",
    }
)


def lines(notice: NoticeOut, reporter: ReporterOut | None) -> list[tuple[str, str]]:
    """Return what a notice says, line by line; what it does not say is left out.

    Parameters
    ----------
    notice : NoticeOut
        As it was given, without the reporter's own account.
    reporter : ReporterOut or None
        What the reporter's own account looks like, where the notice has it.
    """
    found = [
        (gettext("Who reports"), _REPORTERS[notice.reporter]),
        (gettext("The platform's name of the reporter"), notice.reporter_id or ""),
        (gettext("Proof that was seen"), ", ".join(_PROOFS[one] for one in notice.proof)),
        (gettext("The person who is imitated says"), _SAYS.get(notice.owner_says or "", "")),
        (gettext("Ground"), _GROUNDS[notice.ground]),
        (gettext("Harm"), _HARMS.get(notice.harm, "")),
        (gettext("Circumstances"), ", ".join(_CIRCUMSTANCES[one] for one in notice.circumstances)),
        (gettext("Country"), notice.country or ""),
        (gettext("Language"), notice.language or ""),
        (gettext("Received"), _moment(notice.received_at)),
        (gettext("The reporter's own account"), _own(reporter)),
    ]
    return [(label, value) for label, value in found if value]


def _moment(at: datetime | None) -> str:
    return dated(at.astimezone(UTC), "%-d %B %Y, %H:%M UTC") if at else ""


def _own(reporter: ReporterOut | None) -> str:
    if reporter is None:
        return ""
    if reporter.looks_like_imitator:
        return gettext("Looks like the imitator: look at it first")
    return gettext("No sign of imitation")
