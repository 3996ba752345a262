"""Reasons that reviewers give often, to choose instead of writing them. Of high impact they write why."""

from __future__ import annotations

from collections.abc import Mapping

from service.texts.wording import Words

# By the answer that each is for. A code never changes; the text is what is recorded.
COMMON_REASONS: Mapping[str, Words[str, str]] = {
    "approve": Words(
        {
            "copies_profile": "Copies the protected account's name and profile.",
            "asks_in_their_name": "Asks people to message or pay in the protected account's name.",
            "false_support": "Poses as the protected account's support or staff.",
        }
    ),
    "decline": Words(
        {
            "namesake": "A namesake: another person with the same name.",
            "parody_or_fan": "A parody or fan account that says so.",
            "same_owner": "The owner's account, or their organisation's.",
            "too_little": "Too little is known to tell.",
        }
    ),
}


def reason_of(answer: str, chosen: str, written: str) -> str:
    """Return the reason that is recorded: what was chosen, then what was written.

    Raises
    ------
    ValueError
        If the chosen reason is none for this answer.

    Examples
    --------
    >>> reason_of("decline", "namesake", "Both are in the phone book.")
    'A namesake: another person with the same name. Both are in the phone book.'
    """
    if not chosen:
        return written
    offered = COMMON_REASONS.get(answer)
    text = offered.english.get(chosen) if offered else None  # what is recorded is English
    if text is None:
        raise ValueError(f"not a reason to {answer}")
    return f"{text} {written}".rstrip()
