"""Edits: what was done to one handle to make it another, and how much of the one it left.

Somebody who imitates a handle changes little and so that it is overlooked: a letter that looks the same, one doubled,
dropped or swapped, one put at the end. Somebody who chose a handle for himself shares what is common with it and has
his own first letter, number or word. Both are weighed in bits: what is left of the protected handle by how rare it is
(``rarity``), what was changed by how many changes of that kind there are to choose from.
"""

from __future__ import annotations

import array
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

import numpy as np
from rapidfuzz.distance import Levenshtein
from xxhash import xxh32_intdigest

from classifier.text import information as rarity
from classifier.text.information import DIGIT, information
from classifier.text.normalization import loose_key

Kind = Literal["look_alike", "doubled", "swapped", "dropped", "inserted", "changed", "number", "before", "after"]
# Bits of one edit: log2 of the about ten places of a handle times the choices at each.
_PLACE = math.log2(10)
EFFORT: dict[Kind, float] = {
    "look_alike": _PLACE,  # hardly more than one choice
    "doubled": _PLACE + 1.0,  # double it, or write a double letter once
    "swapped": _PLACE + 1.5,
    "dropped": _PLACE + 1.5,
    "inserted": _PLACE + math.log2(26),
    "changed": _PLACE + math.log2(26),
    "number": DIGIT + 1.0,  # a digit at the end, or another in place of one
    "before": math.log2(26) + 3.0,  # a letter put before the first
    "after": math.log2(26) + 2.0,
}
# One underscore, dot or dash more or less.
SEPARATOR = 3.0
EFFORTS = np.array(list(EFFORT.values()))
# More than this is another handle, whatever else.
MOST = 64.0
# Below this the handles have nothing in common that a stranger's would not have; how far below says nothing.
FAR = -10.0
# Letters that together look like one: "rn" and "m".
_TOGETHER = (("rn", "m"), ("vv", "w"), ("cl", "d"))
# Numbers of looks from here on are hashes: the others are code points, which are below.
_HASHED = 1 << 30


class _Letters(dict[str, int]):
    """Each character as ``editing`` reads it: its code point and, above it, a number that all share who look the same.

    The number is below 0 for digits, and the same in every process.
    """

    def __missing__(self, char: str) -> int:
        number = _number(_look(char))
        self[char] = (-number if char.isdigit() else number) << 32 | ord(char)
        return self[char]


def _number(look: str) -> int:
    """Return a number of 31 bits above 0 for a look: no two of any characters' have the same, which a test tries."""
    if len(look) == 1:
        return ord(look) + 1
    return _HASHED | xxh32_intdigest(look.encode("utf-8", "surrogatepass")) >> 2


_LETTERS = _Letters()


def letters_of(text: str) -> list[int]:
    """Return the letters of a text as ``edit_distance_kernel`` reads them."""
    return list(map(_LETTERS.__getitem__, text))


@dataclass(frozen=True, slots=True)
class Edits:
    """What was done to a handle.

    Attributes
    ----------
    kinds : tuple of Kind
        One for each edit, in the order of the handle.
    kept : float
        Bits of the protected handle that are left, in [0, its information].
    effort : float
        Bits of the edits, in [0, ``MOST``].
    starts_otherwise : bool
        Whether the first letter is left out or another, one that also looks another.
    """

    kinds: tuple[Kind, ...]
    kept: float
    effort: float
    starts_otherwise: bool


class Nearness(NamedTuple):
    """What features ask of the edits of a pair: ``beyond_chance``, and what is special about them.

    Attributes
    ----------
    beyond : float
        In bits, as ``beyond_chance``.
    starts_otherwise, has_number : bool
        Whether the first letter is left out or another; whether an edit is one of a number.
    """

    beyond: float
    starts_otherwise: bool
    has_number: bool


@lru_cache(20_000)
def edits(reported: str, protected: str) -> Edits:
    """Return what leads from the key of the protected handle to that of the reported one.

    Examples
    --------
    >>> edits("jnaeroe", "janeroe").kinds, edits("janeroe1", "janeroe").kinds
    (('swapped',), ('number',))
    """
    together, reported, protected = _together(reported, protected)
    alike: Iterator[tuple[Kind, int | None]] = (("look_alike", None) for _ in range(together))
    found = [*alike, *_steps(reported, protected)]
    kept = information(protected)
    taken = {place for kind, place in found if kind in ("changed", "dropped", "number") and place is not None}
    kinds = tuple(kind for kind, _ in found)
    effort = min(MOST, sum((EFFORT[kind] for kind in kinds), 0.0))
    return Edits(kinds, max(0.0, sum(kept) - sum(kept[place] for place in taken)), effort, 0 in taken)


def beyond_chance(reported: str, protected: str) -> float:
    """Return how much more two handles' keys share than a stranger's would by chance, in bits; below 0 if less.

    The log of a likelihood ratio: ``kept`` is what a stranger would have had to hit upon, ``effort`` what an imitator
    would have had to choose.
    """
    found = edits(reported, protected)
    return min(rarity.MOST, found.kept) - found.effort


def nearness(reported: str, protected: str) -> Nearness:
    """Return how near two handles' keys are; ``editing.compare_packed`` finds it for many pairs at once.

    Examples
    --------
    >>> found = nearness("janeroe1", "janeroe")
    >>> found.beyond == beyond_chance("janeroe1", "janeroe"), found.starts_otherwise, found.has_number
    (True, False, True)
    """
    found = edits(reported, protected)
    return Nearness(beyond_chance(reported, protected), found.starts_otherwise, "number" in found.kinds)


def spelling(text: str, *, carried: bool) -> array.array[int]:
    """Return a handle's key as ``editing.compare_packed`` reads it, in units of 64 bits.

    First which kinds of letters that look like one it has, then where each of its forms begins and how long it is: the
    form in which nothing is read as one, the one in which the first kind is, and so on. A form is its letters and,
    where ``carried``, the bits that each carries.
    """
    forms = spelled_forms(text)
    kinds, bits = len(forms) - 1, rarity.carried(forms) if carried else {}
    found = array.array("q", [kinds, *[0] * (2 * len(forms))])
    for place, form in enumerate(forms):
        found[1 + 2 * place], found[2 + 2 * place] = len(found), len(form)
        found.extend(map(_LETTERS.__getitem__, form))
        if carried:
            found.frombytes(bits[form])
    return found


def spelled_forms(text: str) -> list[str]:
    """Return the forms of a handle's key that ``spelling`` has; empty where it has no such letters."""
    kinds = 0
    for place, (pair, _) in enumerate(_TOGETHER):
        if pair in text:
            kinds |= 1 << place
    if not kinds:
        return [text]
    return [_read_as_one(text, read) if read & kinds == read else "" for read in range(kinds + 1)]


def _read_as_one(text: str, read: int) -> str:
    for place, (pair, one) in enumerate(_TOGETHER):
        if read >> place & 1:
            text = text.replace(pair, one)
    return text


def _together(reported: str, protected: str) -> tuple[int, str, str]:
    """Read letters that look like one as one where that brings the handles nearer; tell how often."""
    count = 0
    for pair, one in _TOGETHER:
        ours, theirs = reported.replace(pair, one), protected.replace(pair, one)
        if (ours, theirs) != (reported, protected) and (
            Levenshtein.distance(ours, theirs) < Levenshtein.distance(reported, protected)
        ):
            count, reported, protected = count + 1, ours, theirs
    return count, reported, protected


def _steps(reported: str, protected: str) -> Iterator[tuple[Kind, int | None]]:
    """Yield each edit's kind and the place in the protected handle where it takes something away."""
    steps = [(op.tag, op.src_pos, op.dest_pos) for op in Levenshtein.editops(protected, reported)]
    at = 0
    while at < len(steps):
        if at + 1 < len(steps) and _is_swap(steps[at], steps[at + 1], reported, protected):
            yield "swapped", None
            at += 2
            continue
        tag, source, place = steps[at]
        if tag == "replace":
            yield _changed(protected[source], reported[place]), source
        elif tag == "delete":
            yield ("doubled" if _is_doubled(protected, source) else "dropped"), source
        else:
            yield _inserted(reported, place, at_start=source == 0, at_end=source == len(protected)), None
        at += 1


def _is_swap(one: tuple[str, int, int], two: tuple[str, int, int], reported: str, protected: str) -> bool:
    (tag, source, place), (next_tag, next_source, next_place) = one, two
    if tag == next_tag == "replace":
        return (
            next_source == source + 1
            and protected[source] == reported[next_place]
            and protected[next_source] == reported[place]
        )
    near = next_source - source <= 2
    if (tag, next_tag) == ("delete", "insert"):
        return near and protected[source] == reported[next_place]
    return (tag, next_tag) == ("insert", "delete") and near and protected[next_source] == reported[place]


def _changed(before: str, after: str) -> Kind:
    if before.isdigit() and after.isdigit():
        return "number"
    return "look_alike" if _look(before) == _look(after) else "changed"


def _inserted(text: str, place: int, *, at_start: bool, at_end: bool) -> Kind:
    if text[place].isdigit() and (at_end or text[place + 1 : place + 2].isdigit()):
        return "number"
    if _is_doubled(text, place):
        return "doubled"
    return "before" if at_start else "after" if at_end else "inserted"


def _is_doubled(text: str, place: int) -> bool:
    return text[place] in (text[place - 1 : place], text[place + 1 : place + 2])


@lru_cache(4_096)
def _look(char: str) -> str:
    return loose_key(char) or char


def separators_changed(reported: str, protected: str) -> int:
    """Return how many more, or fewer, characters that are neither letter nor digit a handle has."""
    return abs(separators(reported) - separators(protected))


def separators(handle: str) -> int:
    """Return how many characters of a handle are neither letter nor digit."""
    return 0 if handle.isalnum() else sum(not char.isalnum() for char in handle)
