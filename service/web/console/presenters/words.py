"""Words that several pages use for the same thing."""

from __future__ import annotations

from typing import Any

WORDS: dict[str, dict[Any, str]] = {
    "verdict": {"refused": "Do not act", "needs_review": "Needs approval", "cleared": "Cleared to act"},
    "action": {
        "suspend": "Suspend",
        "deactivate": "Deactivate",
        "delete": "Delete",
        "require_change": "Require a change",
    },
    "impact": {"high": "High impact", "unknown": "Impact not known"},
    "relation": {
        "is_protected": "Is",
        "impersonation": "Imitates",
        "same_owner": "Same owner as",
        "parody_or_fan": "Parody or fan of",
        "unrelated": "Resembles",
        "no_target": "Resembles nobody",
    },
    # What an account that is no impersonation can be to the target.
    "instead": {
        "unrelated": "unrelated, or a namesake",
        "same_owner": "another account of the same owner",
        "parody_or_fan": "a parody or fan account",
    },
    "outcome": {"upheld": "upheld", "overturned": "overturned"},
}
