"""Requirements: bounds that figures must keep to for an evaluation to pass."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Literal

from classifier.errors import InputError
from classifier.evaluation.metrics import FIGURES

_BOUND = re.compile(r"\s*(?P<figure>[\w.]+)\s*(?P<sign>>=|<=)\s*(?P<value>[\d.eE+-]+)\s*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Bound:
    """A demand on one of ``metrics.FIGURES``.

    Examples
    --------
    >>> bound = parse_bound("auc >= 0.9")
    >>> str(bound), bound.met({"auc": 0.93}), bound.met({"auc": None})
    ('auc>=0.9', True, False)
    """

    figure: str
    sign: Literal[">=", "<="]
    value: float

    def __str__(self) -> str:
        return f"{self.figure}{self.sign}{self.value}"

    def met(self, figures: Mapping[str, float | int | None]) -> bool:
        """Tell whether the figures keep to it; one that could not be measured never does."""
        found = figures[self.figure]
        if found is None:
            return False
        return found >= self.value if self.sign == ">=" else found <= self.value

    def plain(self, figures: Mapping[str, float | int | None]) -> dict[str, Any]:
        """Return it with what was found, as plain JSON values."""
        return {"bound": str(self), "figure": self.figure, "value": figures[self.figure], "met": self.met(figures)}


def parse_bound(text: str) -> Bound:
    """Return the bound that ``text`` states: the name of a figure, ">=" or "<=", and a number.

    Raises
    ------
    InputError
        If it is written otherwise, or there is no such figure.
    """
    parts = _BOUND.fullmatch(text)
    if parts is None:
        raise InputError(f"{text!r} is no bound: write NAME>=VALUE or NAME<=VALUE, in quotes, such as 'auc>=0.9'")
    if parts["figure"] not in FIGURES:
        near = get_close_matches(parts["figure"], FIGURES, n=1)
        hint = f"did you mean {near[0]}?" if near else f"the figures are {', '.join(FIGURES)}"
        raise InputError(f"there is no figure {parts['figure']!r}: {hint}")
    return Bound(parts["figure"], ">=" if parts["sign"] == ">=" else "<=", _number(parts["value"], text))


def _number(value: str, text: str) -> float:
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise InputError(f"{text!r} is no bound: {value!r} is not a number")
    return number
