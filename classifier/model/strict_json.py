"""Reading JSON that must be exactly what this code writes: each value is checked, and what is wrong is named.

All raise ValueError with the path to the value. ``json`` itself would take a name twice and NaN.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from classifier.certification.neyman_pearson import Certificate, smallest_sample

# What ``json`` and the conversions below raise: ValueError, and what nesting or a huge number leads to.
MALFORMED = (ValueError, TypeError, LookupError, ArithmeticError, RecursionError)


def parsed(text: str | bytes) -> Any:
    """Return the value of a JSON text in which no name stands twice and every number is finite."""
    return json.loads(text, parse_constant=_no_constant, object_pairs_hook=_unique)


def fields(value: object, names: str, path: str = "") -> Mapping[str, Any]:
    """Return an object that has exactly these fields, separated by blanks."""
    found = mapping(value, path)
    require(set(found) == set(names.split()), path, f"has other fields than {', '.join(names.split())}")
    return found


def mapping(value: object, path: str = "") -> Mapping[str, Any]:
    """Return an object."""
    if not isinstance(value, Mapping):
        raise ValueError(f"{path}: not an object")
    return value


def sequence(value: object, path: str = "") -> Sequence[Any]:
    """Return a list."""
    if not isinstance(value, list):
        raise ValueError(f"{path}: not a list")
    return value


def number(value: object, path: str = "", *, limit: float = math.inf) -> float:
    """Return a finite number of at most ``limit``, whatever its sign."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not _is_finite(value):
        raise ValueError(f"{path}: not a finite number")
    require(abs(value) <= limit, path, f"beyond {limit:g}")
    return float(value)


def _is_finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number that no float holds
        return False


def count(value: object, path: str = "") -> int:
    """Return a whole number that is not negative."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"{path}: not a count")
    return value


def text(value: object, path: str = "") -> str:
    """Return a text that is not empty."""
    if not isinstance(value, str) or not value:
        raise ValueError(f"{path}: not a text")
    return value


def certificate(value: object, path: str = "certificate") -> Certificate:
    """Return a certificate that its sample can give."""
    plain = fields(value, "alpha delta n errors threshold population", path)
    found = Certificate(
        alpha=number(plain["alpha"], f"{path}.alpha"),
        delta=number(plain["delta"], f"{path}.delta"),
        n=count(plain["n"], f"{path}.n"),
        errors=count(plain["errors"], f"{path}.errors"),
        threshold=number(plain["threshold"], f"{path}.threshold"),
        population=text(plain["population"], f"{path}.population"),
    )
    require(found.n >= smallest_sample(found.alpha, found.delta), path, "of too small a sample")
    require(found.errors <= found.alpha * found.n, path, "with more errors than it allows")
    require(0.0 <= found.threshold <= 1.0, path, "with a threshold that is no probability")
    return found


def require(holds: bool, path: str, otherwise: str) -> None:
    """Raise ValueError unless something holds."""
    if not holds:
        raise ValueError(f"{path}: {otherwise}")


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not a finite number")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice in one object")
    return found
