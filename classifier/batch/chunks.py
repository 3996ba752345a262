"""Chunks, blocks of rows: consecutive rows of the input that are answered together and kept together.

Where a block ends depends on the rows alone, so that a run that is resumed finds the same ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from classifier.batch.score_rows import Asked

# A block is small enough that an interrupted run loses seconds, and large enough that its overhead is nothing.
ROWS = 2_000
# Long before the lines of a hostile file fill the memory.
CHARACTERS = 16_000_000
# What readers put values into: JSON's, and Parquet's, which gives the same.
_HOLDERS = frozenset({dict, list})


def blocks(rows: Iterable[Asked], most: int | None = None) -> Iterator[list[Asked]]:
    """Yield consecutive blocks of at most ``most`` rows, or else ``ROWS``, and not many more than ``CHARACTERS``."""
    most = most or ROWS
    block: list[Asked] = []
    characters = 0
    for row in rows:
        block.append(row)
        characters += _characters(row.raw.values)
        if len(block) >= most or characters >= CHARACTERS:
            yield block
            block, characters = [], 0
    if block:
        yield block


def _characters(value: object) -> int:
    """Count the characters of texts, and everything else that is in no list and no object as one."""
    if isinstance(value, str):
        return len(value)
    if not isinstance(value, (dict, list)):
        return 1
    inner: Iterable[Any] = value.values() if isinstance(value, dict) else value
    # Nearly all that a row holds are texts, numbers or nothing: they take no call of their own.
    return sum([len(one) if type(one) is str else _characters(one) if type(one) in _HOLDERS else 1 for one in inner])
