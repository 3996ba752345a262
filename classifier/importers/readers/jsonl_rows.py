"""Rows out of JSON lines: one object a line. Lines of white space are no rows."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from itertools import repeat
from typing import Any

from classifier.importers.readers.raw_row import RawRow, unreadable_row
from classifier.importers.readers.streams import Damaged, Stream, line_blocks, undecodable

# No platform's object has a tenth of it, and rows go to other processes: pickling gives up at some hundreds.
DEPTH_LIMIT = 100
_JSON_SPACE = " \t\r\n"
_TOO_DEEP = ("nested_too_deep", f"lists and objects are nested deeper than {DEPTH_LIMIT}: write one account a line")
_decode = json.JSONDecoder().raw_decode


def jsonl_rows(stream: Stream) -> Iterator[RawRow]:
    """Yield the rows of a file of JSON lines."""
    number = 0
    try:
        for lines, clean in line_blocks(stream, newline="\n"):
            filled = [text for line in lines if (text := line.strip(_JSON_SPACE)) and not text.isspace()]
            for line, values in zip(filled, _values_together(filled) if clean else repeat(None)):  # noqa: B905
                number += 1
                yield RawRow(number, values) if values is not None else _row(number, line)
    except Damaged as damage:
        yield unreadable_row(number + 1, "file_damaged", str(damage))


def _values_together(lines: list[str]) -> Iterator[dict[str, Any] | None]:
    """Return the objects of many lines, read at once; ``None`` for those that need a closer look.

    This is faster than line by line, and the objects share their names, which makes them smaller and faster to pickle.
    A separator that no file can know, found between every two objects, proves that each line is whole by itself.
    """
    secret = secrets.token_hex(16)
    try:
        found = json.loads(f'[{f""","{secret}",""".join(lines)}]')
    except (ValueError, RecursionError):
        return repeat(None)
    objects, between = found[::2], found[1::2]
    if len(found) != 2 * len(lines) - 1 or between.count(secret) != len(between):
        return repeat(None)
    return map(_shallow_object, objects, lines)


def _shallow_object(value: Any, line: str) -> dict[str, Any] | None:
    return value if isinstance(value, dict) and line.count("{") + line.count("[") <= DEPTH_LIMIT else None


def _row(number: int, line: str) -> RawRow:
    problem = undecodable(line)
    if problem is None:
        try:
            values, end = _decode(line)
        except RecursionError:
            problem = _TOO_DEEP
        except ValueError:
            problem = ("not_json", "the line is not JSON: write one object a line")
        else:
            problem = _problem(values, whole=end == len(line))
    return RawRow(number, values) if problem is None else unreadable_row(number, *problem)


def _problem(values: object, *, whole: bool) -> tuple[str, str] | None:
    if not whole:
        return "not_json", "the line is not JSON: write one object a line"
    if not isinstance(values, dict):
        return "not_an_object", "the line is JSON but no object: write one object a line"
    return _TOO_DEEP if _depth(values) > DEPTH_LIMIT else None


def _depth(value: object) -> int:
    """Return how deep lists and objects are nested, as far as just above the limit."""
    level, depth = [value], 0
    while level and depth <= DEPTH_LIMIT:
        inner = [one for one in level if isinstance(one, (dict, list))]
        level = [item for one in inner for item in (one.values() if isinstance(one, dict) else one)]
        depth += bool(inner)
    return depth
