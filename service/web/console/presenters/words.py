"""Words that several pages use for the same thing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.texts.wording import Words

WORDS: Mapping[str, Words[Any, str]] = {
    "verdict": Words({"refused": "Do not act", "needs_review": "Needs approval", "cleared": "Cleared to act"}),
    "action": Words(
        {
            "suspend": "Suspend",
            "deactivate": "Deactivate",
            "delete": "Delete",
            "require_change": "Require a change",
        }
    ),
    # As in "may suspend this account".
    "verb": Words(
        {
            "suspend": "suspend",
            "deactivate": "deactivate",
            "delete": "delete",
            "require_change": "require_change",
        }
    ),
    "role": Words(
        {
            "agent": "agent",
            "reviewer": "reviewer",
            "admin": "admin",
            "auditor": "auditor",
            "executor": "executor",
        }
    ),
    # What the check of a verified account rests on.
    "verification": Words(
        {
            "paid": "paid",
            "legacy": "legacy",
            "organisation": "organisation",
            "government": "government",
            "platform": "platform",
        }
    ),
    "tier": Words({"standard": "standard", "high": "high"}),
    "side": Words({"reported": "Reported", "protected": "Protected"}),
    "impact": Words({"high": "High impact", "unknown": "Impact not known"}),
    "relation": Words(
        {
            "is_protected": "Is",
            "impersonation": "Imitates",
            "same_owner": "Same owner as",
            "parody_or_fan": "Parody or fan of",
            "unrelated": "Resembles",
            "no_target": "Resembles nobody",
        }
    ),
    # What an account that is no impersonation can be to the target.
    "instead": Words(
        {
            "unrelated": "unrelated, or a namesake",
            "same_owner": "another account of the same owner",
            "parody_or_fan": "a parody or fan account",
        }
    ),
    "outcome": Words({"upheld": "upheld", "overturned": "overturned"}),
    "appeal": Words(
        {
            "open": "not decided",
            "lifted": "not decided, the action is lifted",
            "upheld": "upheld",
            "overturned": "overturned",
        }
    ),
    # What an import does to accounts.
    "part": Words({"add": "Added", "replace": "Changed", "withdraw": "Withdrawn"}),
}
