"""Borne words: whose handle, name, alias or organisation stands in a handle, a name or where a link leads; compiled.

Grams find what resembles a whole key. Who calls himself "ceo_roe_5512" shares one short word with Jane Roe and nothing
else: an index of the words that protected accounts may be called by, in their folded form, is looked up with every
piece of the reported texts. What counts is how telling the words are together, and how well known their owner is.

References
----------
The hash is FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from classifier.accounts.account import ProtectedAccount
from classifier.accounts.normal_forms import View
from classifier.retrieval.query import packed
from classifier.text.information import bits
from classifier.text.search_keys import whole_keys
from classifier.utils.jit import compiled, helper

# The shortest and the longest piece of a text that is looked up.
SHORTEST_PIECE, LONGEST_PIECE = 4, 24
# Letters of a text that are read.
LONGEST_TEXT = 40
# Owners that a word leads to at most, the most prominent; owners that are found for a query at most.
OWNERS_OF_A_WORD = 16
MOST_FOUND = 6
# Bits that an owner's words have together at least: one stranger in a thousand has them.
FEWEST_BITS = 10.0
# What ten times the audience is worth, in bits: this project's choice.
BITS_OF_PROMINENCE = 2.0
_SEEN = 1024

_Bytes = NDArray[np.uint8]
_Ints = NDArray[np.uint32]
_Floats = NDArray[np.float32]
_Hashes = NDArray[np.uint64]


def words_of(accounts: Iterable[ProtectedAccount]) -> tuple[_Hashes, _Ints, _Floats]:
    """Return the hashes of what accounts may be called by, ascending; whose each is, in order; and its bits."""
    texts, owners, weights = [], [], []
    for owner, account in enumerate(accounts):
        forms = {key: text for _, text in View(account).bearable for key in whole_keys(text)[:1]}
        for key, text in forms.items():
            texts.append(key)
            owners.append(owner)
            weights.append(bits(text))
    hashes = _hashed(*packed(texts))
    order = np.argsort(hashes, kind="stable")  # the owners of one word stay in order of prominence
    return hashes[order], np.array(owners, np.uint32)[order], np.array(weights, np.float32)[order]


@helper
def _next(before: np.uint64, letter: np.uint8) -> np.uint64:
    return (before ^ np.uint64(letter)) * np.uint64(0x00000100000001B3)


@compiled
def _hashed(blob: _Bytes, starts: _Ints) -> _Hashes:
    found = np.empty(starts.size - 1, np.uint64)
    for text in range(starts.size - 1):
        key = np.uint64(0xCBF29CE484222325)
        for place in range(starts[text], starts[text + 1]):
            key = _next(key, blob[place])
        found[text] = key
    return found


@helper
def _add(
    hashes: _Hashes, owners: _Ints, weights: _Floats, wanted: np.uint64, gone: NDArray[np.bool_],
    seen: NDArray[np.int64], sums: NDArray[np.float64], covered: NDArray[np.float64],
) -> None:  # fmt: skip
    """Add the bits of a word to those of its owners: of words within words the longest counts, so the most is kept.

    ``seen`` is a hash table of owners; ``sums`` what their words have together, ``covered`` their most telling word.
    """
    place = int(np.searchsorted(hashes, wanted))
    stop = min(hashes.size, place + OWNERS_OF_A_WORD)
    while place < stop and hashes[place] == wanted:
        owner = np.int64(owners[place])
        slot, tries = owner & (_SEEN - 1), 0
        while seen[slot] >= 0 and seen[slot] != owner and tries < _SEEN:
            slot, tries = (slot + 1) & (_SEEN - 1), tries + 1
        if (seen[slot] < 0 or seen[slot] == owner) and not gone[owner]:
            seen[slot] = owner
            sums[slot] += weights[place]
            covered[slot] = max(covered[slot], np.float64(weights[place]))
        place += 1


@compiled
def borne(
    hashes: _Hashes, owners: _Ints, weights: _Floats, prominence: _Floats, gone: NDArray[np.bool_],
    pieces: _Bytes, piece_starts: _Ints, piece_firsts: _Ints, words: _Bytes, word_starts: _Ints, word_firsts: _Ints,
) -> tuple[_Ints, _Floats, _Ints]:  # fmt: skip
    """Return for each query the owners whose words its texts bear, the most telling first.

    Parameters
    ----------
    hashes, owners, weights
        As ``words_of`` gives them.
    prominence : ndarray of float32
        By owner, in powers of ten.
    pieces, piece_starts, piece_firsts
        Texts of which every piece is looked up; query i has those from ``piece_firsts[i]`` on.
    words, word_starts, word_firsts
        Texts that are looked up as they are.

    Returns
    -------
    found, scores, firsts : ndarray
        At most ``MOST_FOUND`` a query; scores in bits, prominence counted in.
    """
    queries = piece_firsts.size - 1
    found, scores = np.empty(MOST_FOUND * queries, np.uint32), np.empty(MOST_FOUND * queries, np.float32)
    firsts, count = np.zeros(queries + 1, np.uint32), 0
    for query in range(queries):
        seen = np.full(_SEEN, -1, np.int64)
        sums, covered = np.zeros(_SEEN), np.zeros(_SEEN)
        for text in range(piece_firsts[query], piece_firsts[query + 1]):
            begin, stop = piece_starts[text], min(piece_starts[text + 1], piece_starts[text] + LONGEST_TEXT)
            for start in range(begin, stop):
                key = np.uint64(0xCBF29CE484222325)
                for place in range(start, min(stop, start + LONGEST_PIECE)):
                    key = _next(key, pieces[place])
                    if place - start + 1 >= SHORTEST_PIECE:
                        _add(hashes, owners, weights, key, gone, seen, sums, covered)
        for text in range(word_firsts[query], word_firsts[query + 1]):
            key = np.uint64(0xCBF29CE484222325)
            for place in range(word_starts[text], word_starts[text + 1]):
                key = _next(key, words[place])
            _add(hashes, owners, weights, key, gone, seen, sums, covered)
        first = count
        for slot in range(_SEEN):
            # The same word in name and handle says little more than in one; two words say more than one.
            score = 0.75 * covered[slot] + 0.25 * min(sums[slot], 3.0 * covered[slot])
            if seen[slot] < 0 or score < FEWEST_BITS:
                continue
            score += BITS_OF_PROMINENCE * prominence[seen[slot]]
            place = count
            while place > first and (
                scores[place - 1] < score or (scores[place - 1] == score and found[place - 1] > seen[slot])
            ):
                place -= 1
            if place >= first + MOST_FOUND:
                continue
            count = min(first + MOST_FOUND, count + 1)
            for later in range(count - 1, place, -1):
                found[later], scores[later] = found[later - 1], scores[later - 1]
            found[place], scores[place] = seen[slot], score
        firsts[query + 1] = count
    return found[:count], scores[:count], firsts
