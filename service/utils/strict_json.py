"""Strict JSON: no member twice, no NaN, no number beyond floating point, bounded depth."""

from __future__ import annotations

import json
import math
from typing import Any, NoReturn

# A profile of any platform nests less than 10 deep; what is deeper aims at whoever walks it.
MAX_DEPTH = 32


def parse_json(body: bytes) -> Any:
    """Return the value of a JSON text.

    Raises
    ------
    ValueError
        If the text is not JSON in UTF-8, names a member twice, holds a number that floating point cannot, or nests
        deeper than ``MAX_DEPTH``.

    Examples
    --------
    >>> parse_json(b'{"a": [1, 2]}')
    {'a': [1, 2]}
    >>> parse_json(b'{"a": 1, "a": 2}')
    Traceback (most recent call last):
    ...
    ValueError: an object names a member twice
    """
    try:
        value = json.loads(
            body.decode("utf-8"), object_pairs_hook=_unique, parse_float=_number, parse_constant=_no_constant
        )
    except UnicodeDecodeError as error:
        raise ValueError("the text is not UTF-8") from error
    except json.JSONDecodeError as error:
        raise ValueError(f"{error.msg} at line {error.lineno}, column {error.colno}") from error
    except RecursionError as error:
        raise ValueError(f"it nests deeper than {MAX_DEPTH}") from error
    if body.count(b"{") + body.count(b"[") > MAX_DEPTH:  # otherwise nothing can nest deeper
        _check_depth(value)
    return value


def _unique(members: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(members)
    if len(value) != len(members):
        raise ValueError("an object names a member twice")
    return value


def _number(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise ValueError("a number is too large")
    return value


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON number")


def _check_depth(value: Any) -> None:
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [child for node in level for child in _children(node)]
    if any(isinstance(node, dict | list) for node in level):
        raise ValueError(f"it nests deeper than {MAX_DEPTH}")


def _children(node: Any) -> list[Any]:
    if isinstance(node, dict):
        return list(node.values())
    return node if isinstance(node, list) else []
