"""Ids: the platform's own identifiers as exact text, however a file or a spreadsheet spells them.

1. An id is read only where every digit of it is sure. What may have been rounded or filled up is no id.
2. Two ids prove two accounts only where both have the platform's form (``prove_two``).
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

from classifier.accounts.canonical.hosts import visible

ROUNDED = "a number that may have been rounded, treated as missing: give it as text"
PLACEHOLDER = "a word or number that stands for no id, treated as missing"
# What people and programs write where they have none, beside the words of ``values.MISSING_WORDS``.
_PLACEHOLDERS = frozenset(
    "unknown unk n/a na #n/a n.a. none null nil nan undefined missing empty tbd todo - -- --- ? ?? . x xx xxx id no-id "
    "noid no_id 0 00 000 -1 false true deleted suspended removed private hidden error #ref! #value! #name? #null! "
    "not_available not_found not_given not_known no_value not_applicable none_given unknown_id tba "
    "redacted — – … ...".split()
)
_BRACKETS = "()[]{}<>"
# Excel and float text: 1.29E+18, 12.5, 12. ; a whole number of few digits is exact all the same.
_FLOATING = re.compile(r"([0-9]+)(?:[.,]([0-9]*))?(?:[eE]\+?[0-9]+)?")
_WHOLE_FLOAT = re.compile(r"([1-9][0-9]{0,14})\.0+")
_FORMULA = re.compile(r"=\s*\"(.*)\"|=\s*'(.*)'")
_PREFIXED = re.compile(
    r"#|(?:(?:user|account|twitter|x)?[\s_-]?u?id[\s_:#=-]*|(?:twitter|tw|x|user)[\s_:#=-]+)", re.IGNORECASE
)
_GROUPED = re.compile(r"[0-9]{1,3}(?:([,'’٬\u00a0\u202f ._])[0-9]{3})(?:\1[0-9]{3})*")
_QUOTES = "\"'`´‘’“”"
# An X id is a positive 64-bit integer.
_X_ID = re.compile(r"[1-9][0-9]{0,18}")
_LARGEST = 2**63 - 1
_LARGEST_NUMBERS = frozenset({2**31 - 1, 2**32 - 1, 2**53 - 1, _LARGEST, 2**64 - 1})
_SHORTEST_TYPED = 5  # one in ten thousand numbers of so many digits looks typed in
_DID = re.compile(r"did:(?:plc:[a-z0-9]+|web:[a-zA-Z0-9._:%-]+)")
# https://web.plc.directory/spec/v0.1/did-plc: 24 characters of base32.
_WHOLE_DID = re.compile(r"did:(?:plc:[a-z2-7]{24}|web:[a-z0-9.-]+\.[a-z0-9-]+)")
# A server's own number, an ActivityPub address, or what other servers' software counts with (ULID, aid, flake).
_FEDIVERSE_ID = re.compile(r"[1-9][0-9]{0,19}|https?://\S+|(?=.*[a-zA-Z])[0-9a-zA-Z]{8,36}")
_FORMS = {"x": _X_ID, "bluesky": _DID, "mastodon": _FEDIVERSE_ID}
_LONGEST = 40  # digits; no platform's number has so many
EXACT_DIGITS = 15  # a spreadsheet keeps so many, and writes 0 for those after them


def read_id(text: str) -> tuple[str | None, str]:
    """Return an id as exact text, or ``None`` and why there is none.

    Examples
    --------
    >>> read_id('="1294030472427835393"'), read_id("ID_1294030472427835393"), read_id("1,294,030,472")
    (('1294030472427835393', ''), ('1294030472427835393', ''), ('1294030472', ''))
    >>> read_id("1.29403E+18")[0], read_id("1294030472427830000")[0], read_id("N/A")[0]
    (None, None, None)
    """
    found = _unwrapped(text)
    if is_placeholder(found):
        return None, PLACEHOLDER
    grouped = _GROUPED.fullmatch(found)
    if grouped and (grouped[1] != "." or found.count(".") > 1):
        found = re.sub(r"[^0-9]", "", found)
    prefix = _PREFIXED.match(found)
    if prefix and _is_digits(found[prefix.end() :]):
        found = found[prefix.end() :]
    if whole := _WHOLE_FLOAT.fullmatch(found):
        return whole[1], ""
    if not _is_digits(found):
        is_number = found[0].isdigit() and _FLOATING.fullmatch(found) and found[-1] in "0123456789."
        return (None, ROUNDED) if is_number else (found, "")
    if not found.strip("0"):
        return None, PLACEHOLDER
    return (None, ROUNDED) if is_rounded(found) else (found, "")


def is_placeholder(text: str) -> bool:
    """Tell a word that people and programs write where they have nothing, as an id or any other name.

    Examples
    --------
    >>> is_placeholder("N / A"), is_placeholder("[deleted]"), is_placeholder("Unknown ID"), is_placeholder("12")
    (True, True, True, False)
    """
    bare = text.casefold().strip(_BRACKETS + " ")
    return not bare or not _PLACEHOLDERS.isdisjoint((bare, "_".join(bare.split()), "".join(bare.split())))


def _unwrapped(text: str) -> str:
    """Return what is in a cell without what a spreadsheet or a person put around it."""
    found = visible(text).strip()
    if formula := _FORMULA.fullmatch(found):
        found = formula[1] or formula[2] or ""
    found = found.strip(_QUOTES).strip()
    return found if found.isascii() else "".join(map(_in_ascii, found))


def _in_ascii(character: str) -> str:
    """Return a digit of any script as ours: keyboards write full-width, Arabic and other digits."""
    return str(unicodedata.decimal(character, character))


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def is_rounded(digits: str) -> bool:
    """Tell whether a number may have been rounded to the digits that a spreadsheet keeps.

    What follows them are zeros then, or, where a program kept the cell in floating point, what that makes of the zeros.

    Examples
    --------
    >>> is_rounded("1294030472427835393"), is_rounded("1294030472427840000"), is_rounded("109348812345679008")
    (False, True, True)
    """
    if len(digits) <= EXACT_DIGITS or len(digits) > _LONGEST:
        return False
    number = int(digits)
    kept = int(Decimal(f"{Decimal(number):.{EXACT_DIGITS - 1}e}"))
    return number in (kept, int(float(kept)))


def is_rounded_number(number: int) -> bool:
    """Tell the same of a number that no text holds: a program that knows only floating point ends it in zeros too.

    Examples
    --------
    >>> is_rounded_number(1294030472427835393), is_rounded_number(1294030472427835400)
    (False, True)
    """
    if number.bit_length() > 64:
        return False  # no platform's, and nothing that floating point rounds to
    return is_rounded(str(abs(number))) or (abs(number) > 2**53 and number % 10 == 0 and _shortest(number) == number)


def _shortest(number: int) -> int:
    """Return the number that the shortest text of its floating point form says."""
    mantissa, _, exponent = f"{float(number)!r}".partition("e+")
    whole, _, fraction = mantissa.partition(".")
    return int(whole + fraction) * 10 ** (int(exponent or 0) - len(fraction)) if exponent else int(float(number))


def fits(account_id: str, platform: str | None) -> bool:
    """Tell whether an id can be one of the platform's; any can be of a platform whose ids we do not know."""
    form = _FORMS.get(platform or "")
    if form is None:
        return True
    return bool(form.fullmatch(account_id)) and not (platform == "x" and int(account_id) > _LARGEST)


def prove_two(one: str | None, other: str | None, platform: str | None) -> bool:
    """Tell whether two ids prove that these are two accounts of a platform.

    They do where both have the platform's form and differ by more than rounding would make them differ. Of a platform
    whose ids we do not know, both must look alike in form.

    Examples
    --------
    >>> prove_two("1187340562219843587", "881234567", "x"), prove_two("1187340562219843587", "ID9", "x")
    (True, False)
    >>> prove_two("1294030472427835393", "1294030472427835400", "x"), prove_two("12", None, "x")
    (False, False)
    """
    if not one or not other or one.casefold() == other.casefold() or not platform:
        return False
    if not (_has_form(one, platform) and _has_form(other, platform)):
        return False
    if _is_digits(one) and _is_digits(other):
        return one.lstrip("0") != other.lstrip("0") and not _may_round(one, other)
    # Letters where the other has none are another kind of id: one platform does not give both.
    return platform == "bluesky" or (_is_digits(one) == _is_digits(other) and _shape(one) == _shape(other))


@lru_cache(10_000)
def _has_form(account_id: str, platform: str) -> bool:
    if not fits(account_id, platform) or read_id(account_id) != (account_id, ""):
        return False
    if platform == "bluesky":
        return bool(_WHOLE_DID.fullmatch(account_id))
    return not (_is_digits(account_id) and (account_id.startswith("0") or _is_typed_in(account_id)))


def _is_typed_in(digits: str) -> bool:
    """Tell a number that somebody types for want of an id: 99999, 123456789, or the largest there is."""
    steps = {(int(later) - int(digit)) % 10 for digit, later in pairwise(digits)}
    return (len(digits) >= _SHORTEST_TYPED and steps in ({0}, {1}, {9})) or int(digits) in _LARGEST_NUMBERS


def _may_round(one: str, other: str) -> bool:
    """Tell whether two numbers are one to a program that keeps them in floating point."""
    return len(one) > EXACT_DIGITS and len(one) == len(other) <= _LONGEST and float(one) == float(other)


def _shape(account_id: str) -> str:
    """Return what an id of an unknown platform is made of: its length, and where it has signs."""
    if account_id.startswith(("http://", "https://")):
        return "address"
    return re.sub(r"[^\W_]", "a", account_id)
