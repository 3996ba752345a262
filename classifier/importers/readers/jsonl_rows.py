"""Rows out of JSON lines: one object a line. Lines of white space are no rows.

A line may also be a list, of which each element is a row; and a small file may be one JSON document over many lines.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from itertools import chain, islice, repeat
from typing import Any

from classifier.importers.readers.raw_row import RawRow, unreadable_row
from classifier.importers.readers.streams import Block, Damaged, Stream, line_blocks, undecodable

# No platform's object has a tenth of it, and rows go to other processes: pickling gives up at some hundreds.
DEPTH_LIMIT = 100
_JSON_SPACE = " \t\r\n"
_TOO_DEEP = ("nested_too_deep", f"lists and objects are nested deeper than {DEPTH_LIMIT}: write one account a line")
_NOT_JSON = ("not_json", "the line is not JSON: write one object a line")
# Of a file that is one document, in characters: it is read whole.
DOCUMENT_LIMIT = 64_000_000
_decode = json.JSONDecoder().raw_decode


def jsonl_rows(stream: Stream) -> Iterator[RawRow]:
    """Yield the rows of a file of JSON lines."""
    number = 0
    try:
        blocks = line_blocks(stream, newline="\n")
        held = _held(blocks)
        document = _document(held) if len(held) > 1 or (held and _goes_on(held[0])) else None
        if document is not None:
            yield from _of_values(1, document)
            return
        for lines, clean in chain(held, blocks):
            filled = [text for line in lines if (text := line.strip(_JSON_SPACE)) and not text.isspace()]
            for line, values in zip(filled, _values_together(filled) if clean else repeat(None)):  # noqa: B905
                found = [RawRow(number + 1, values)] if values is not None else _rows(number + 1, line)
                number += len(found)
                yield from found
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


def _held(blocks: Iterator[Block]) -> list[Block]:
    """Return the first blocks: one, or all of a small file whose first line goes on in the next."""
    held = list(islice(blocks, 1))
    if not held or not _goes_on(held[0]):
        return held
    size = sum(map(len, held[0].lines))
    for block in blocks:
        held.append(block)
        size += sum(map(len, block.lines))
        if size > DOCUMENT_LIMIT:
            break
    return held


def _goes_on(block: Block) -> bool:
    """Tell whether the first line begins an object or a list that it does not end."""
    first = next((text for line in block.lines if (text := line.strip())), "")
    if not first.startswith(("{", "[")):
        return False
    try:
        _decode(first)
    except (ValueError, RecursionError):
        return True
    return False


def _document(held: list[Block]) -> object:
    if (
        not all(block.clean for block in held)
        or sum(len(line) for block in held for line in block.lines) > DOCUMENT_LIMIT
    ):
        return None
    try:
        return json.loads("".join(line for block in held for line in block.lines))
    except (ValueError, RecursionError):
        return None


def _rows(number: int, line: str) -> list[RawRow]:
    problem = undecodable(line)
    if problem is not None:
        return [unreadable_row(number, *problem)]
    try:
        values, end = _decode(line)
    except RecursionError:
        return [unreadable_row(number, *_TOO_DEEP)]
    except ValueError:
        return [unreadable_row(number, *_NOT_JSON)]
    return _of_values(number, values) if end == len(line) else [unreadable_row(number, *_NOT_JSON)]


def _of_values(number: int, values: object) -> list[RawRow]:
    """Return the rows of one line: the elements of a list, or the one that it is."""
    several = values if isinstance(values, list) and values else [values]
    return [_of_value(number + place, one) for place, one in enumerate(several)]


def _of_value(number: int, value: Any) -> RawRow:
    problem = _problem(value)
    return RawRow(number, value) if problem is None else unreadable_row(number, *problem)


def _problem(values: object) -> tuple[str, str] | None:
    if not isinstance(values, dict):
        return "not_an_object", "the line is JSON but no object: write one object a line"
    return _TOO_DEEP if _depth(values) > DEPTH_LIMIT else None


def _depth(value: object) -> int:
    """Return how deep lists and objects are nested, as far as just above the limit."""
    level, depth = [value], 0
    while level and depth <= DEPTH_LIMIT:
        inner = [node for node in level if isinstance(node, (dict, list))]
        level = [item for node in inner for item in (node.values() if isinstance(node, dict) else node)]
        depth += bool(inner)
    return depth
