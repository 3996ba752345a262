"""What a notice tells of a person's circumstances, as reasons for two people. Pure; no model reads them.

They are said by whoever reports, and unproven: they only ever add caution. They clear nothing and refuse nothing.

References
----------
Digital Services Act, Article 28 (minors): https://eur-lex.europa.eu/eli/reg/2022/2065/oj
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Literal

from classifier.scoring.reason import Reason

Circumstance = Literal["memorial", "deceased", "minor"]
CIRCUMSTANCES: tuple[Circumstance, ...] = ("memorial", "deceased", "minor")
_SAID: dict[Circumstance, str] = {
    "memorial": "It is said to be a memorial account, which its owner cannot speak for: two people must agree.",
    "deceased": "Its owner is said to have died and cannot speak for it: two people must agree.",
    "minor": "Its owner is said to be a minor: two people must agree.",
}


def circumstances(told: Collection[str]) -> Iterator[Reason]:
    """Yield why two people must look, each circumstance once, in the order of ``CIRCUMSTANCES``.

    Raises
    ------
    ValueError
        If one is none of ``CIRCUMSTANCES``: what is not understood must not be passed over.

    Examples
    --------
    >>> [reason.code for reason in circumstances(["minor", "memorial"])]
    ['circumstance_memorial', 'circumstance_minor']
    """
    if not set(CIRCUMSTANCES).issuperset(told):
        raise ValueError(f"unknown circumstance; use some of {', '.join(CIRCUMSTANCES)}")
    for name in CIRCUMSTANCES:
        if name in told:
            yield Reason(f"circumstance_{name}", _SAID[name])
