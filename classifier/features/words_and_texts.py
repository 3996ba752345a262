"""Sets of words by their hashes, and texts by their code points: what features compare them by.

References
----------
H. Hyyrö (2004), "Bit-parallel LCS-length computation revisited", 15th Australasian Workshop on Combinatorial Algorithms
"""

from __future__ import annotations

import numpy as np

from classifier.features.encoded_account import Ints
from classifier.utils.jit import helper

_CODE_POINT = 0xFFFFFFFF
_ONE, _TWO, _FOUR = np.uint64(1), np.uint64(2), np.uint64(4)
_EIGHT, _SIXTEEN, _HALF = np.uint64(8), np.uint64(16), np.uint64(32)
_PAIRS, _FOURS = np.uint64(0x5555555555555555), np.uint64(0x3333333333333333)
_EIGHTS, _COUNT = np.uint64(0x0F0F0F0F0F0F0F0F), np.uint64(0x7F)
# A text that fits into a machine word, a bit for what is carried, is compared bit by bit.
_WORD = 63


@helper
def has(words: Ints, word: int) -> bool:
    """Tell whether a word is in a set."""
    low, high = 0, words.size
    while low < high:
        middle = (low + high) >> 1
        if words[middle] < word:
            low = middle + 1
        else:
            high = middle
    return bool(low < words.size and words[low] == word)


@helper
def shared(words: Ints, others: Ints) -> int:
    """Return how many words two sets share."""
    mine, theirs, count = 0, 0, 0
    while mine < words.size and theirs < others.size:
        if words[mine] == others[theirs]:
            mine, theirs, count = mine + 1, theirs + 1, count + 1
        elif words[mine] < others[theirs]:
            mine += 1
        else:
            theirs += 1
    return count


@helper
def is_part(words: Ints, others: Ints) -> bool:
    """Tell whether all of some words are in a set; most often there are none."""
    return words.size == 0 or shared(words, others) == words.size


@helper
def says(telling: Ints, phrases: Ints) -> bool:
    """Tell whether so many words that follow each other are one of the phrases, in any order."""
    for phrase in range(0, phrases.size, 2):
        size, wanted, found = phrases[phrase], phrases[phrase + 1], np.int64(0)
        for place in range(telling.size):
            found += telling[place]
            if place >= size:
                found -= telling[place - size]
            if place >= size - 1 and found == wanted:
                return True
    return False


@helper
def ones(bits: np.uint64) -> int:
    """Return how many bits are set, added up in pairs, fours and eights: Warren, Hacker's Delight, 5-1."""
    bits = bits - ((bits >> _ONE) & _PAIRS)
    bits = (bits & _FOURS) + ((bits >> _TWO) & _FOURS)
    bits = (bits + (bits >> _FOUR)) & _EIGHTS
    bits = bits + (bits >> _EIGHT)
    bits = bits + (bits >> _SIXTEEN)
    return int((bits + (bits >> _HALF)) & _COUNT)


@helper
def longest_common(text: Ints, other: Ints) -> int:
    """Return the length of the longest common subsequence; bit by bit where the shorter text fits into a word."""
    short, long = (text, other) if text.size <= other.size else (other, text)
    if short.size > _WORD:
        row = np.zeros(short.size + 1, np.int64)
        for letter in long:
            crosswise = np.int64(0)
            for place in range(short.size):
                before = row[place + 1]
                row[place + 1] = crosswise + 1 if short[place] == letter else max(before, row[place])
                crosswise = before
        return int(row[short.size])
    mask = (_ONE << np.uint64(short.size)) - _ONE
    state = mask
    for letter in long:
        same = np.uint64(0)
        for place in range(short.size):
            same |= np.uint64(short[place] == letter) << np.uint64(place)
        matched = state & same
        state = ((state + matched) | (state - matched)) & mask
    return short.size - ones(state)


@helper
def ratio(text: Ints, other: Ints) -> float:
    """Return how alike two texts are, as ``rapidfuzz.fuzz.ratio`` reckons it, in [0, 100]."""
    whole = text.size + other.size
    if whole == 0:
        return 100.0
    return (1.0 - (whole - 2 * longest_common(text, other)) / whole) * 100.0


@helper
def place_of(short: Ints, long: Ints) -> int:
    """Return where a text first stands in another, -1 where it does not."""
    for start in range(long.size - short.size + 1):
        place = 0
        while place < short.size and short[place] == long[start + place]:
            place += 1
        if place == short.size:
            return start
    return -1


@helper
def is_among(before: Ints, behind: Ints, word_letters: Ints, ends: Ints) -> bool:
    """Tell whether two parts of a handle, one behind the other, are one of some words, given by their letters."""
    size, start = before.size + behind.size, 0
    for end in ends:
        if end - start == size and size > 0:
            place = 0
            while place < size:
                letter = before[place] if place < before.size else behind[place - before.size]
                if letter & _CODE_POINT != word_letters[start + place]:
                    break
                place += 1
            if place == size:
                return True
        start = end
    return False
