"""Which of some languages a browser asks for (RFC 9110, section 12.5.4)."""

from __future__ import annotations

import re
from collections.abc import Collection

_RANGE = re.compile(r"\s*([A-Za-z]{1,8})(?:-[A-Za-z0-9]{1,8})*\s*(?:;\s*q\s*=\s*([01](?:\.[0-9]{0,3})?)\s*)?")
# A header lists a handful; what comes after is no browser's.
_MOST = 20


def preferred(header: str, offered: Collection[str], otherwise: str) -> str:
    """Return the language that is asked for first, whatever its region.

    Parameters
    ----------
    offered : collection of str
        Primary tags of BCP 47.
    otherwise : str
        Where none of them is asked for.

    Examples
    --------
    >>> preferred("da, en-GB;q=0.8, de;q=0.9", {"en", "de"}, "en")
    'de'
    >>> preferred("*;q=0.5", {"en", "de"}, "en"), preferred("de;q=0", {"en", "de"}, "en")
    ('en', 'en')
    """
    found: dict[str, float] = {}
    for part in header.split(",")[:_MOST]:
        asked = _RANGE.fullmatch(part)
        if asked and asked[1].lower() in offered:
            weight = float(asked[2]) if asked[2] else 1.0
            found[asked[1].lower()] = max(weight, found.get(asked[1].lower(), 0.0))
    best = max(found, key=lambda language: found[language], default=otherwise)
    return best if found.get(best) else otherwise
