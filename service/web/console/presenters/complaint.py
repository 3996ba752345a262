"""An appeal in words for who works on it: what it is about, how it stands, what to do now, what can be found."""

from __future__ import annotations

from service.decisions.appeals import reasons_for
from service.schemas.appeals import AppealLine, AppealOut
from service.texts.wording import Words, gettext

STATES = Words(
    {
        "open": "Not decided",
        "lifted": "Not decided, the action is lifted",
        "upheld": "Upheld",
        "overturned": "Overturned",
    }
)
_DONE = Words(
    {
        "suspend": "Account suspended",
        "deactivate": "Account deactivated",
        "delete": "Account deleted",
        "require_change": "Account asked to change",
    }
)
REASONS = Words(
    {
        "impersonation": "it pretends to be somebody else",
        "namesake": "somebody of the same or a similar name",
        "authorised": "run with permission, or the owner's other account",
        "parody": "a parody, fan or commentary account",
        "hijacked": "taken over by somebody else",
        "target_wrong": "it was compared with the wrong account",
    }
)
_CHOICES = Words({"upheld": "Uphold: %(reason)s", "overturned": "Overturn: %(reason)s"})
_HEADS = Words(
    {
        ("action", "upheld"): "Uphold: the action stands",
        ("action", "overturned"): "Overturn: the person was right",
        ("decline", "upheld"): "Uphold: no action was right",
        ("decline", "overturned"): "Overturn: the reporter was right",
    }
)
_NEXT = Words(
    {
        ("open", "action"): "Decide it. Until then a reviewer can lift the action.",
        ("open", "decline"): "Decide it.",
        ("lifted", "action"): "Undo the action on the platform until this is decided. Then decide it.",
        (
            "upheld",
            "action",
        ): "Send the text. If the action was lifted, check the account again before you take it again.",
        ("overturned", "action"): "Undo the action on the platform now. Then send the text.",
        ("upheld", "decline"): "Send the text to the reporter. The account is left as it is.",
        ("overturned", "decline"): "Send the text to the reporter, then check the account again. This decision clears "
        "nothing.",
    }
)


def about(appeal: AppealLine, action: str = "") -> str:
    """Return what somebody complains about.

    Parameters
    ----------
    action : str
        What the check asked for, where it is known.
    """
    if appeal.about == "decline":
        return gettext("No action on a report")
    return _DONE.get(action) or gettext("An action on the account")


def next_step(appeal: AppealOut) -> str:
    """Return what to do now."""
    said = _NEXT.get((appeal.state, appeal.about), "")
    if appeal.reason != "hijacked":
        return said
    secure = gettext("Secure the account before you give it back: somebody else had taken it over.")
    return f"{said} {secure}".lstrip()


def choices(appeal: AppealLine, action: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return what can be found: for each decision its reasons, as values of one field and as words.

    Each names its decision: of what is chosen, a page shows nothing else.

    Examples
    --------
    >>> found_of("upheld impersonation")
    ('upheld', 'impersonation')
    """
    return [
        (
            _HEADS[appeal.about, found],
            [
                (f"{found} {reason}", _CHOICES[found] % {"reason": words})
                for reason, words in REASONS.items()
                if reason in _fits(appeal, found, action)
            ],
        )
        for found in ("upheld", "overturned")
    ]


def found_of(value: str) -> tuple[str, str]:
    """Return the decision and the reason of what was chosen; both empty where nothing was."""
    found, _, reason = value.partition(" ")
    return found, reason


def _fits(appeal: AppealLine, found: str, action: str) -> frozenset[str]:
    return reasons_for(appeal.about, found, action)
