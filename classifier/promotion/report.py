"""What the gate looked at, as lines for a terminal: each question with both figures, and what would be noticed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from classifier.promotion.gate import points
from classifier.promotion.promote import Examination
from classifier.promotion.questions import Answer

_HEAD = ("question", "cases", "serving", "candidate", "difference", "allowed", "answer", "notices")
_NOTE = "shares in %, differences in points between their 95 % bounds; notices: the rise refused 80 times in 100"


def lines(examination: Examination) -> Iterator[str]:
    """Yield the lines: of each source of cases, its questions in the order of harm."""
    if examination.not_compared:
        yield (
            f"the gate compared it with no other model: {examination.not_compared}; "
            "whether it is any good, 'doublecheck evaluate' says"
        )
    for source, answers in groupby(examination.answers, key=lambda answer: answer.source):
        own = list(answers)
        yield f"the gate compared it with the serving model, cases {source}:"
        yield from _table([_HEAD, *map(_row, own)])
        open_ones = [answer for answer in own if answer.said == "cannot tell"]
        if open_ones:
            yield f"  these cases cannot tell whether it is worse: {'; '.join(map(_why, open_ones))}"
    if examination.answers:
        yield f"  ({_NOTE})"


def _row(answer: Answer) -> tuple[str, ...]:
    return (
        answer.question,
        f"{answer.cases:,}",
        f"{100 * answer.serving:.2f}",
        f"{100 * answer.candidate:.2f}",
        points(answer.low, answer.high),
        f"{100 * answer.margin:+g}",
        answer.said,
        "-" if answer.noticed is None else f"{100 * answer.noticed:+.1f}",
    )


def _why(answer: Answer) -> str:
    return f"{answer.question} ({answer.cases:,} cases around {answer.identities:,} protected accounts)"


def _table(rows: list[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for first, *others in rows:
        cells = [cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True)]
        yield "  ".join(("", first.ljust(widths[0]), *cells)).rstrip()
