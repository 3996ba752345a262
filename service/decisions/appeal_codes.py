"""Codes with which people complain on a page: whoever has the notice of an action has its code, and nobody guesses it.

Rules:

1. A code is given when an action is taken, where people complain on the page: 80 random bits, one for each check.
2. What is shown of it has ten bits more, out of its digest. They tell a slip of the pen from a code, to anybody, and
   tell nobody whether a code was given.
3. It says which check is meant and allows to complain about it, nothing else. It stands in no log.
"""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from base64 import b32encode

from sqlalchemy import select

from service.decisions.recorded import Read
from service.limits import Rules
from service.records.tables import appeal_codes
from service.records.transaction import Transaction

_RANDOM_BYTES = 10
_SUM = 2
LENGTH = _RANDOM_BYTES * 8 // 5 + _SUM
_GROUP = 6
# Digits that the code does not have, and the letters that they are taken for (RFC 4648).
_TAKEN_FOR = str.maketrans("018", "OIB")


def new_code(read: Read, check_id: str, rules: Rules) -> str | None:
    """Return a code for an action that is taken now, ``None`` where none is to be given: rule 1."""
    if not rules.filing.appeal_codes or code_of(read, check_id):
        return None
    return b32encode(secrets.token_bytes(_RANDOM_BYTES)).decode()


def give(transaction: Transaction, check_id: str, code: str | None) -> None:
    """Record that a code was given, if one was."""
    if code is not None:
        row = {"decision": check_id, "code": code, "at": transaction.stamp}
        transaction.record(appeal_codes, "appeal_code_given", check_id, row)


def code_of(read: Read, check_id: str) -> str | None:
    """Return the code of an action as people are told it, ``None`` where none was given."""
    rows = read(select(appeal_codes.c.code).where(appeal_codes.c.decision == check_id))
    return spelled(rows[0].code) if rows else None


def code_told(read: Read, check_id: str, rules: Rules) -> str | None:
    """Return the code that what people are told carries, ``None`` also where there is no page that asks for it."""
    return code_of(read, check_id) if rules.filing.appeal_codes else None


def check_of(read: Read, code: str) -> str | None:
    """Return the number of the check that a code is of, as ``typed`` gives it; ``None`` where it is of none."""
    rows = read(select(appeal_codes.c.decision).where(appeal_codes.c.code == code))
    return rows[0].decision if rows else None


def spelled(code: str) -> str:
    """Return a code as people are told it: with what tells a slip of the pen, in groups.

    Examples
    --------
    >>> spelled("AAAABBBBCCCCDDDD")
    'AAAABB-BBCCCC-DDDDY4'
    """
    whole = code + _sum(code)
    return "-".join(whole[start : start + _GROUP] for start in range(0, LENGTH, _GROUP))


def typed(text: str) -> str | None:
    """Return the code that somebody typed, ``None`` where it cannot be one: rule 2.

    Examples
    --------
    >>> typed(" aaaabb bbcccc ddddy4 "), typed("AAAABB-BBCCCC-DDDDY5"), typed("")
    ('AAAABBBBCCCCDDDD', None, None)
    """
    plain = unicodedata.normalize("NFKC", text).upper()
    whole = "".join(char for char in plain if char.isalnum()).translate(_TAKEN_FOR)
    code = whole[:-_SUM]
    return code if len(whole) == LENGTH and whole == code + _sum(code) else None


def _sum(code: str) -> str:
    return b32encode(hashlib.sha256(f"appeal code {code}".encode()).digest()).decode()[:_SUM]
