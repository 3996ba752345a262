"""Chunks, blocks of rows: consecutive rows of the input that are answered together and kept together.

Where a block ends depends on the rows alone, so that a run that is resumed finds the same ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from classifier.batch.score_rows import Asked

# A block is small enough that an interrupted run loses seconds, and large enough that its overhead is nothing.
ROWS = 2_000
# Long before the lines of a hostile file fill the memory.
CHARACTERS = 16_000_000


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
    if isinstance(value, str):
        return len(value)
    if isinstance(value, Mapping):
        return sum(map(_characters, value.values()))
    return sum(map(_characters, value)) if isinstance(value, list) else 1
