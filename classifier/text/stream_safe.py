"""Unicode normalisation at a bounded cost, however many marks are stacked.

References
----------
UAX #15, Unicode Normalization Forms, Stream-Safe Text Format: https://www.unicode.org/reports/tr15/
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

# No more than 30 combining marks in a row mean anything, and normalising more costs the square of their number. No
# combining mark is a letter, a digit or a space, so the pattern finds every run.
_MARKS_IN_A_ROW = 30
_LONG_RUN = re.compile(rf"[^\w\s]{{{_MARKS_IN_A_ROW + 1},}}")


def normalized(form: Literal["NFC", "NFD", "NFKC", "NFKD"], text: str) -> str:
    r"""Return a text in a normal form, without the marks that are too many.

    Examples
    --------
    >>> normalized("NFC", "e\u0301") == "\u00e9"
    True
    """
    if text.isascii():
        return text
    return unicodedata.normalize(form, _LONG_RUN.sub(_stream_safe, text) if len(text) > _MARKS_IN_A_ROW else text)


def _stream_safe(run: re.Match[str]) -> str:
    kept, marks = [], 0
    for char in run[0]:
        marks = marks + 1 if unicodedata.combining(char) else 0
        if marks <= _MARKS_IN_A_ROW:
            kept.append(char)
    return "".join(kept)
