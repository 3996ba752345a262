"""What a platform's check says: kinds apart, because only some are given for who somebody is.

A paid check vouches for nobody: with one an account is not verified, so that whoever buys it changes nothing. Where a
platform says "verified" of paid checks and others alike, and the kind is not given, nothing is known.

References
----------
https://docs.x.com/x-api/fundamentals/data-dictionary (``verified_type``)
"""

from __future__ import annotations

from typing import Any

from classifier.accounts.account import VERIFICATIONS, Verification
from classifier.importers.formats.fields import Fields
from classifier.importers.values import FLAG_WORDS, is_missing

# As platforms and people write them.
_WORDS: dict[str, Verification] = {name: name for name in VERIFICATIONS} | {
    "blue": "paid", "premium": "paid", "business": "organisation", "organization": "organisation",
    "gold": "organisation", "gray": "government", "grey": "government", "trusted_verifier": "platform",
}  # fmt: skip
NO_CHECK = "none"


def verification(
    fields: Fields, kind: object, verified: object, *, otherwise: Verification | None = None, mixed: bool = False
) -> dict[str, Any]:
    """Read ``verified`` and ``verification``, the two together.

    Parameters
    ----------
    kind : object
        What the source says the check rests on; it outranks ``verified``.
    otherwise : str, optional
        What a check without a kind rests on.
    mixed : bool
        Whether the platform says "verified" of paid checks as well, so that without a kind nothing is known.
    """
    word = kind.strip().casefold() if isinstance(kind, str) else kind
    named = not is_missing(word) and word != NO_CHECK
    found = _WORDS.get(word) if isinstance(word, str) else None
    if named and found is None:
        fields.note("verification", f"none of {', '.join(VERIFICATIONS)} or {NO_CHECK}, treated as missing")
        return {}
    if found is not None:
        return {"verified": found != "paid", "verification": found}
    flag = fields.flag("verified", verified)
    if word == NO_CHECK:
        return {"verified": None if flag else False}
    if flag and mixed:
        fields.note("verified", "said of paid checks too and the kind is not given, treated as missing")
        return {}
    return {"verified": flag, "verification": otherwise if flag else None}


def kind_on_x(kind: object, *paid: object) -> object:
    """Return the kind of a check on X: the one that is named, or "paid" where any of ``paid`` says yes."""
    if not is_missing(kind):
        return kind
    said = any(flag is True or (isinstance(flag, str) and FLAG_WORDS.get(flag.strip().casefold())) for flag in paid)
    return "paid" if said else None
