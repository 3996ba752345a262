"""Triggers: which of several patterns can match anywhere in a text, found in one pass before any of them is tried.

Whatever a pattern matches holds one of its *needles*, short strings that are read from the pattern itself. Hardly any
text holds one, and looking for all of them at once costs a fraction of one search. The answer errs on one side only: a
pattern that is not named does not match.

Patterns are those of ``re`` without lookarounds, backreferences and groups that begin with "(?".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import product
from math import prod

import numpy as np
from numpy.typing import NDArray

from classifier.utils.jit import compiled

# Of a needle so many characters are looked for at most.
LONGEST = 6
# Needles are looked up by this many bits of a hash, in two tables: what is in one by chance is seldom in the other.
_BITS = 14
# How many texts have one character by chance, very roughly: which needles of an alternative are rarest.
_ASCII, _OTHER = 1 / 30, 1 / 10_000
# Ways to spell the next characters that are put behind each other before a needle is cut off.
_MOST = 32

_ITEM = re.compile(
    r"(?P<literal>\\[^A-Za-z0-9]|[^\\\[\](){}|.^$*+?])|(?P<place>\\b|[\^$])|(?P<any>\\[wWdDsS]|\.|\[\^?[^\]]+\])",
    re.DOTALL,
)
_REPEAT = re.compile(r"\?|\*|\+|\{(\d*),?\d*\}")
_Texts = frozenset[str]
_NOTHING: _Texts = frozenset([""])


class Triggers:
    r"""Tells which of some patterns may match.

    Parameters
    ----------
    patterns : sequence of str
        Eight at most.

    Raises
    ------
    ValueError
        If a pattern can match without any fixed text, or has something in it that is not read here.

    Examples
    --------
    >>> triggers = Triggers([r"\bfans?\b", r"(press|media) (office|team)"])
    >>> triggers.possible("a coffee fan"), triggers.possible("media team"), triggers.possible("jane roe")
    (1, 2, 0)
    """

    def __init__(self, patterns: Sequence[str]) -> None:
        self._tables = np.zeros((2, LONGEST, 1 << _BITS), np.uint8)
        for number, pattern in enumerate(patterns):
            for needle in needles(pattern):
                codes = _codes(needle[:LONGEST])
                self._tables[(0, 1), len(codes) - 1, _hashes(codes)] |= 1 << number
        self._tables.setflags(write=False)
        self.possible = lru_cache(256)(self._possible)  # the patterns of one text are asked for one by one

    def _possible(self, text: str) -> int:
        """Return the patterns that may match, bit i for pattern i."""
        return _scan(_codes(text), self._tables) if text else 0


def needles(pattern: str) -> _Texts:
    r"""Return strings of which each match of a pattern holds at least one.

    Examples
    --------
    >>> sorted(needles(r"(^|\W)office of |\bfans?\b|n[a\u00e3]o (real|true)"))
    ['fan', 'fans', 'o real', 'o true', 'office of ']
    """
    reader = _Reader(pattern)
    _, found = reader.alternatives()
    if found is None or reader.at != len(pattern):
        raise ValueError(f"this pattern cannot be looked for by fixed texts: {pattern[:40]}")
    return found


class _Reader:
    """Reads a pattern from left to right.

    Each part of it has its *spellings*, all texts that it can match or ``None`` where they are too many, and its
    needles, or ``None``.
    """

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0

    def alternatives(self) -> tuple[_Texts | None, _Texts | None]:
        read = [self._sequence()]
        while self.pattern.startswith("|", self.at):
            self.at += 1
            read.append(self._sequence())
        spelled, found = (_together(part) for part in zip(*read, strict=True))
        return spelled, found

    def _sequence(self) -> tuple[_Texts | None, _Texts | None]:
        options: list[_Texts] = []
        spelled, is_whole = _NOTHING, True
        while self.at < len(self.pattern) and self.pattern[self.at] not in "|)":
            item, found = self._item()
            is_optional, is_repeated = self._repeat()
            if item is not None and is_optional and not is_repeated:
                item, is_optional = item | _NOTHING, False
            if item is None or is_optional or is_repeated or len(spelled) * len(item) > _MOST:
                options += [spelled, *([found] if found is not None and not is_optional else [])]
                # What is repeated begins with itself, so that what stands before goes on into it.
                spelled = _NOTHING if item is None or is_optional or is_repeated else item
                is_whole = False
            else:
                spelled = frozenset(map("".join, product(spelled, item)))
        options.append(spelled)
        usable = [option for option in options if "" not in option]
        return spelled if is_whole else None, min(usable, key=_commonness, default=None)

    def _item(self) -> tuple[_Texts | None, _Texts | None]:
        if self.pattern.startswith("(", self.at) and not self.pattern.startswith("(?", self.at):
            self.at += 1
            read = self.alternatives()
            self.at += 1
            return read
        item = _ITEM.match(self.pattern, self.at)
        if item is None:
            raise ValueError(f"this is not read in a pattern: {self.pattern[self.at : self.at + 10]}")
        self.at = item.end()
        if item["any"]:
            return None, None
        spelled = frozenset([item["literal"][-1]]) if item["literal"] else _NOTHING
        return spelled, spelled

    def _repeat(self) -> tuple[bool, bool]:
        """Return whether what stands before may be missing, and whether it may be there more than once."""
        repeat = _REPEAT.match(self.pattern, self.at)
        if repeat is None:
            return False, False
        self.at, mark = repeat.end(), repeat[0]
        is_optional = mark[:1] in ("?", "*") or (mark[:1] == "{" and int(repeat[1] or 0) == 0)
        return is_optional, mark[:1] in ("*", "+", "{")


def _together(parts: Iterable[_Texts | None]) -> _Texts | None:
    known = list(parts)
    return None if None in known else frozenset().union(*(words for words in known if words is not None))


def _commonness(texts: _Texts) -> float:
    """Return how many places of a text begin one of these, very roughly."""
    return sum(prod(_ASCII if char.isascii() else _OTHER for char in text[:LONGEST]) for text in texts)


def _codes(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


@compiled
def _hashes(codes: NDArray[np.uint32]) -> tuple[int, int]:
    """Return two hashes of a needle, as ``_scan`` makes them."""
    packed = np.uint64(0)
    for code in codes:
        packed = (packed ^ np.uint64(code)) * np.uint64(0x9E3779B97F4A7C15)
    last = np.uint64((1 << _BITS) - 1)
    return int(packed >> np.uint64(64 - _BITS)), int((packed >> np.uint64(64 - 2 * _BITS)) & last)


@compiled
def _scan(codes: NDArray[np.uint32], tables: NDArray[np.uint8]) -> int:
    """Return the bits of all needles in a text, and of what has the same hashes as one."""
    found = 0
    for start in range(codes.size):
        packed = np.uint64(0)
        for size in range(min(tables.shape[1], codes.size - start)):
            packed = (packed ^ np.uint64(codes[start + size])) * np.uint64(0x9E3779B97F4A7C15)
            one = tables[0, size, packed >> np.uint64(64 - _BITS)]
            if one:
                found |= one & tables[1, size, (packed >> np.uint64(64 - 2 * _BITS)) & np.uint64((1 << _BITS) - 1)]
    return found
