"""Who reports an account and with what authority: the notice of a check, in words. It was never scored."""

from __future__ import annotations

from datetime import UTC, datetime

from service.schemas.notices import NoticeOut, ReporterOut

_REPORTERS = {
    "person": "The person who is imitated",
    "authorised": "Somebody who may act for the person",
    "guardian": "A parent or guardian",
    "employer": "The employer",
    "trusted_flagger": "A trusted flagger",
    "authority": "A public authority",
    "stranger": "Somebody else",
    "own_detection": "The platform itself",
}
_PROOFS = {
    "none": "none",
    "id_document": "an identity document",
    "platform_verified": "a verification by the platform",
    "domain": "control of a domain",
    "authorisation": "a written authorisation",
    "court_order": "a court order",
    "other": "another proof",
}
_SAYS = {
    "mine": "The account is theirs",
    "not_mine": "The account is not theirs",
    "hijacked": "The account is theirs and was taken over",
}
_GROUNDS = {"terms": "The platform's terms", "law": "The law"}
_CIRCUMSTANCES = {"memorial": "a memorial account", "deceased": "the owner has died", "minor": "the owner is a minor"}
_HARMS = {"fraud": "Fraud", "minor": "A minor is involved", "election": "An election", "emergency": "An emergency"}


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
        ("Who reports", _REPORTERS[notice.reporter]),
        ("The platform's name of the reporter", notice.reporter_id or ""),
        ("Proof that was seen", ", ".join(_PROOFS[one] for one in notice.proof)),
        ("The person who is imitated says", _SAYS.get(notice.owner_says or "", "")),
        ("Ground", _GROUNDS[notice.ground]),
        ("Harm", _HARMS.get(notice.harm, "")),
        ("Circumstances", ", ".join(_CIRCUMSTANCES[one] for one in notice.circumstances)),
        ("Country", notice.country or ""),
        ("Language", notice.language or ""),
        ("Received", _moment(notice.received_at)),
        ("The reporter's own account", _own(reporter)),
    ]
    return [(label, value) for label, value in found if value]


def _moment(at: datetime | None) -> str:
    return f"{at.astimezone(UTC):%-d %B %Y, %H:%M} UTC" if at else ""


def _own(reporter: ReporterOut | None) -> str:
    if reporter is None:
        return ""
    return "Looks like the imitator: look at it first" if reporter.looks_like_imitator else "No sign of imitation"
