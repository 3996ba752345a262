"""The compiled loop of ``rarity``: the cheapest run of known words and single characters that a text can be read as.

The words are kept in a hash table with open addressing, by their code points: a text's every piece is looked up. Most
pieces are no word, which a filter of one bit a hash tells without waiting for memory: it stays in the second cache.

References
----------
R. E. Bellman (1954), "The theory of dynamic programming"; B. H. Bloom (1970), "Space/time trade-offs in hash coding
with allowable errors"; the hash is FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifier.utils.jit import compiled, helper, kept_in
from classifier.utils.kept_arrays import kept

_Letters = NDArray[np.uint32]
_Ints = NDArray[np.int64]
_Floats = NDArray[np.float64]
_Flags = NDArray[np.uint8]
# Bits of the filter: 512 kB, of which a tenth is set for the words there are.
_FILTER = 1 << 22


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """Words and what each carries, as ``spell_all`` reads them.

    Attributes
    ----------
    letters : ndarray of uint32
        The code points of all words, one behind the other.
    starts : ndarray of int64, shape (n_words + 1,)
    bits : ndarray of float64, shape (n_words,)
    slots : ndarray of int64
        The hash table: the number of a word, or -1; a power of two of them, at least twice as many as words.
    known : ndarray of uint8
        A bit for each of ``_FILTER`` hashes, set where a word has it.
    """

    letters: _Letters
    starts: _Ints
    bits: _Floats
    slots: _Ints
    known: _Flags

    @classmethod
    def kept(cls, made_of: str, bits: Callable[[], Mapping[str, float]]) -> Words:
        """Return the table as it was made before, out of the same sources; made of the words where it was not."""
        directory = kept_in(spell_all)
        path = None if directory is None else directory / "word_segmentation.words.npz"
        return cls(**kept(path, made_of, lambda: cls.of(bits())._arrays()))

    @classmethod
    def of(cls, bits: Mapping[str, float]) -> Words:
        """Return the table of words and their bits."""
        letters = code_points("".join(bits)).copy()  # may be written to, as what a file gives: one kind to compile for
        starts = np.concatenate([[0], np.cumsum([len(word) for word in bits], dtype=np.int64)]).astype(np.int64)
        slots = np.full(1 << (2 * len(bits)).bit_length(), -1, np.int64)
        known = np.zeros(_FILTER >> 3, np.uint8)
        fill(letters, starts, slots, known)
        return cls(letters, starts, np.array(list(bits.values()), np.float64), slots, known)

    def _arrays(self) -> dict[str, NDArray[Any]]:
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def bits_of(self, word: str) -> float:
        """Return what a word carries, infinity where it is none of these."""
        number = find(code_points(word), self.letters, self.starts, self.slots, self.known)
        return float(self.bits[number]) if number >= 0 else math.inf


def code_points(text: str) -> _Letters:
    """Return the code points of a text."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


@helper
def _hashed(before: np.uint64, letter: np.uint32) -> np.uint64:
    """Return the hash of a text and one more letter; the high bits, which hold most, are folded in where it is used."""
    return (before ^ np.uint64(letter)) * np.uint64(0x00000100000001B3)


@helper
def _key(letters: _Letters, start: int, stop: int) -> np.uint64:
    """Return the hash of some letters."""
    key = np.uint64(0xCBF29CE484222325)
    for place in range(start, stop):
        key = _hashed(key, letters[place])
    return key


@compiled
def fill(letters: _Letters, starts: _Ints, slots: _Ints, known: _Flags) -> None:
    """Put each word in the first free slot from that of its hash on, and set its bit."""
    for word in range(starts.size - 1):
        key = _key(letters, starts[word], starts[word + 1])
        folded = np.int64(key ^ (key >> np.uint64(32)))
        bit = folded & (_FILTER - 1)
        known[bit >> 3] |= np.uint8(1 << (bit & 7))
        slot = folded & (slots.size - 1)
        while slots[slot] >= 0:
            slot = (slot + 1) & (slots.size - 1)
        slots[slot] = word


@helper
def _number(
    text: _Letters, start: int, stop: int, key: np.uint64,
    letters: _Letters, starts: _Ints, slots: _Ints, known: _Flags,
) -> int:  # fmt: skip
    """Return the number of the word that stands there, -1 where none does."""
    folded = np.int64(key ^ (key >> np.uint64(32)))
    bit = folded & (_FILTER - 1)
    if not known[bit >> 3] & (1 << (bit & 7)):
        return -1
    slot = folded & (slots.size - 1)
    while slots[slot] >= 0:
        word = slots[slot]
        same = starts[word + 1] - starts[word] == stop - start
        place = start
        while same and place < stop:
            same = letters[starts[word] + place - start] == text[place]
            place += 1
        if same:
            return int(word)
        slot = (slot + 1) & (slots.size - 1)
    return -1


@compiled
def find(word: _Letters, letters: _Letters, starts: _Ints, slots: _Ints, known: _Flags) -> int:
    """Return the number of a word, -1 where it is none of those known."""
    return int(_number(word, 0, word.size, _key(word, 0, word.size), letters, starts, slots, known))


@helper
def _spell(
    text: _Letters, is_digit: _Flags, letters: _Letters, starts: _Ints, bits: _Floats, slots: _Ints, known: _Flags,
    shortest: int, longest: int, letter: float, digit: float, boundary: float, spread: _Floats,
) -> None:  # fmt: skip
    """Write to ``spread`` what each character of a text carries; everything else is as in ``spell_all``."""
    best = np.full(text.size + 1, np.inf)
    origin = np.zeros(text.size + 1, np.int64)
    best[0] = 0.0
    for start in range(text.size):
        key = np.uint64(0xCBF29CE484222325)
        for stop in range(start + 1, min(start + longest, text.size) + 1):
            key = _hashed(key, text[stop - 1])
            cost = np.inf
            if stop == start + 1:
                cost = best[start] + (digit if is_digit[start] else letter)
            elif stop - start >= shortest:
                word = _number(text, start, stop, key, letters, starts, slots, known)
                if word >= 0:
                    cost = best[start] + bits[word] + boundary
            if cost < best[stop]:
                best[stop], origin[stop] = cost, start
    stop = text.size
    while stop > 0:
        start = origin[stop]
        spread[start:stop] = (best[stop] - best[start]) / (stop - start)
        stop = start


@compiled
def spell_all(
    texts: _Letters, are_digits: _Flags, ends: _Ints,
    letters: _Letters, starts: _Ints, bits: _Floats, slots: _Ints, known: _Flags,
    shortest: int, longest: int, letter: float, digit: float, boundary: float,
) -> _Floats:  # fmt: skip
    """Return what each character of many texts carries, in bits; those of a word are spread evenly over its letters.

    Parameters
    ----------
    texts : ndarray of uint32
        One behind the other; text i is ``texts[ends[i]:ends[i + 1]]``.
    are_digits : ndarray of uint8, of the same length
    letters, starts, bits, slots, known
        As in ``Words``.
    shortest, longest
        How many letters a word has at least and at most.
    letter, digit, boundary : float
        What a character outside a word carries, and a word besides its own bits.
    """
    spread = np.zeros(texts.size)
    for text in range(ends.size - 1):
        start, stop = ends[text], ends[text + 1]
        _spell(
            texts[start:stop], are_digits[start:stop], letters, starts, bits, slots, known,
            shortest, longest, letter, digit, boundary, spread[start:stop],
        )  # fmt: skip
    return spread
