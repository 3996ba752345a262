"""Numbers and dates as the language of whoever reads writes them: a format for ``strftime`` is translated too."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from classifier.utils import percent as in_english
from service.texts.recorded import recorded
from service.texts.wording import Message, translated

_MONTHS: Sequence[Message] = (
    Message("January"), Message("February"), Message("March"), Message("April"), Message("May"), Message("June"),
    Message("July"), Message("August"), Message("September"), Message("October"), Message("November"),
    Message("December"),
)  # fmt: skip
# Three letters, or what else is usual in a narrow column.
_SHORT_MONTHS: Sequence[Message] = (
    Message("Jan"), Message("Feb"), Message("Mar"), Message("Apr"), Message("May"), Message("Jun"), Message("Jul"),
    Message("Aug"), Message("Sep"), Message("Oct"), Message("Nov"), Message("Dec"),
)  # fmt: skip
# A number that shows what stands between thousands.
_GROUPED = Message("1,234")
_SEPARATOR = re.compile(r"1(\D?)234")


def dated(at: datetime, form: str) -> str:
    """Return a time as a format of ``strftime`` says, with months in the language that is spoken.

    Examples
    --------
    >>> dated(datetime(2026, 5, 8, 14, 30), "%-d %b %Y, %H:%M UTC")
    '8 May 2026, 14:30 UTC'
    """
    month, short = (translated(names[at.month - 1]).replace("%", "%%") for names in (_MONTHS, _SHORT_MONTHS))
    return at.strftime(translated(form).replace("%B", month).replace("%b", short))


def percent(probability: float, digits: int = 1) -> str:
    """Return a probability in per cent as ``classifier.utils.percent`` writes it."""
    return recorded(in_english.percent(probability, digits))


def share_percent(share: float | None) -> str:
    """Return a counted share in per cent as ``classifier.utils.percent`` writes it."""
    return recorded(in_english.share_percent(share))


def number(value: int) -> str:
    """Return a whole number with its thousands apart.

    Examples
    --------
    >>> number(2412345)
    '2,412,345'
    """
    separator = _SEPARATOR.search(translated(_GROUPED))
    return f"{value:,}".replace(",", separator[1] if separator else ",")
