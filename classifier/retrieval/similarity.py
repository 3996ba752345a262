"""Likeness: the keys of accounts against those of a query, letter by letter; compiled.

The arrays are those of ``grams``.

References
----------
Longest common subsequence in parallel bits: Hyyro 2004, Bit-parallel LCS-length computation revisited.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifier.utils.jit import compiled, helper

_Bytes = NDArray[np.uint8]
_Shorts = NDArray[np.uint16]
_Ints = NDArray[np.uint32]
_Floats = NDArray[np.float32]
_Masks = NDArray[np.uint64]
_Counts = NDArray[np.int64]

# Accounts compared in all measures at most.
ACCOUNTS = 128
# Places of a table of them: a power of two, most of them free.
_SEEN = 512
_ONE = 255

# What is measured for each of handle-handle, handle-name, name-handle and name-name, each steeper than what it stands
# on, because half alike is hardly better than nothing: letters in common (the cube and the eighth power of their
# share), how much of the key is covered (cubed), and how telling the shared part is times how much of both it is; and
# last, letters in common of the handles as they are written (cubed).
MEASURES = ("alike", "same", "covered", "telling")
FEATURES = 4 * len(MEASURES) + 1
# Bits of a machine word; what stands between the words of a key.
_WORD, _SPACE = 64, 32
# A shared weight of 400 is that of five grams that one key in a million has.
_TELLING = 400.0


@helper
def _tables(blob: _Bytes, starts: _Ints) -> tuple[_Masks, _Masks, _Counts, _Masks, _Counts]:
    """Lay the strings of a query side by side in machine words, so that one pass over a key compares it with several.

    Returns
    -------
    tables : ndarray of uint64, shape (n_words, 256)
        Where each character is; boundaries are left out.
    fences : ndarray of uint64, shape (n_words,)
        A bit above each string: what is carried out of one must not reach the next.
    words : ndarray of int64, shape (n_strings,)
        In which word each string is.
    places : ndarray of uint64, shape (n_strings,)
        Its bits there.
    lengths : ndarray of int64, shape (n_strings,)
        How many characters it has.
    """
    strings = starts.size - 1
    tables, fences = np.zeros((max(1, strings), 256), np.uint64), np.zeros(max(1, strings), np.uint64)
    words, lengths = np.zeros(strings, np.int64), np.zeros(strings, np.int64)
    places = np.zeros(strings, np.uint64)
    word, used = 0, 0
    for q in range(strings):
        lengths[q] = _letters(blob, starts[q], starts[q + 1])
        if used + lengths[q] > _WORD:
            word, used = word + 1, 0
        words[q] = word
        for i in range(starts[q], starts[q + 1]):
            if blob[i] != _SPACE:
                bit = np.uint64(1) << np.uint64(used)
                tables[word, blob[i]] |= bit
                places[q] |= bit
                used += 1
        if used < _WORD:
            fences[word] |= np.uint64(1) << np.uint64(used)
            used += 1
    return tables[: word + 1], fences[: word + 1], words, places, lengths


@helper
def _ones(bits: np.uint64) -> int:
    """Return how many bits are set, added up in pairs, fours and eights: Warren, Hacker's Delight, 5-1."""
    bits -= (bits >> np.uint64(1)) & np.uint64(0x5555555555555555)
    bits = (bits & np.uint64(0x3333333333333333)) + ((bits >> np.uint64(2)) & np.uint64(0x3333333333333333))
    bits = (bits + (bits >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return int((bits * np.uint64(0x0101010101010101)) >> np.uint64(56))


@helper
def _uncommon(tables: _Masks, fences: _Masks, word: int, blob: _Bytes, start: int, stop: int) -> Any:
    """Return a word of strings without the bits of the longest subsequence that each has in common with a key."""
    inside = ~fences[word]
    free = inside
    for i in range(start, stop):
        both = free & tables[word, blob[i]]  # nothing is in common at a boundary
        free = ((free + both) | (free - both)) & inside
    return free


@helper
def _letters(blob: _Bytes, start: int, stop: int) -> int:
    count = 0
    for i in range(start, stop):
        count += blob[i] != _SPACE
    return count


@helper
def _touch(keys: _Ints, starts: _Ints, blob: _Bytes, touched: _Counts) -> None:
    """Read the beginning of every key: loads that wait for nothing else wait for memory together, not one by one.

    What is read is written to ``touched``: what nobody uses the compiler does not read.
    """
    for key in keys:
        if starts[key] < blob.size:
            touched[0] += blob[starts[key]]


@helper
def _sorted(values: _Counts, histogram: _Counts) -> _Counts:
    """Return the places of values in ascending order, by counting sort; equal ones stay in order."""
    at = 0
    for value in range(histogram.size):
        histogram[value], at = at, at + histogram[value]
    places = np.empty(values.size, np.int64)
    for place in range(values.size):
        places[histogram[values[place]]] = place
        histogram[values[place]] += 1
    return places


@compiled
def likeliest(
    query_blob: _Bytes, query_starts: _Ints, strings: _Ints, keys: _Ints, scores: _Bytes, key_firsts: _Ints,
    blob: _Bytes, starts: _Ints, owners: _Ints, gone: NDArray[np.bool_],
) -> tuple[_Ints, _Ints]:  # fmt: skip
    """Return for each query up to ``ACCOUNTS`` owners of the keys found, by what they share and their letters.

    Parameters
    ----------
    keys, scores, key_firsts
        As ``postings.search`` gives them.
    gone : ndarray of bool, shape (m,)
        Owners that are not returned.

    Returns
    -------
    chosen, chosen_firsts : ndarray of uint32
        For query i those from ``chosen_firsts[i]`` on, none twice.
    """
    queries = strings.size - 1
    own, touched = np.empty(keys.size, np.uint32), np.zeros(1, np.int64)
    chosen, chosen_firsts = np.empty(ACCOUNTS * queries, np.uint32), np.zeros(queries + 1, np.uint32)
    count = 0
    for query in range(queries):
        first, stop = key_firsts[query], key_firsts[query + 1]
        _touch(keys[first:stop], starts, blob, touched)
        for c in range(first, stop):
            own[c] = owners[keys[c]]
        quick = _distances(
            query_blob, query_starts[strings[query] : strings[query + 1] + 1], keys[first:stop], scores[first:stop],
            blob, starts,
        )  # fmt: skip
        count = _choose(quick, own[first:stop], gone, chosen, count)
        chosen_firsts[query + 1] = count
    return chosen[:count], chosen_firsts


@helper
def _distances(
    query_blob: _Bytes, query_starts: _Ints, keys: _Ints, scores: _Bytes, blob: _Bytes, starts: _Ints
) -> _Counts:
    """Return how far keys are from a query, in [0, 510]: by their letters and by the grams that they share."""
    tables, fences, words, places, lengths = _tables(query_blob, query_starts)
    free = np.empty(fences.size, np.uint64)
    quick = np.empty(keys.size, np.int64)
    for c in range(keys.size):
        start, stop = starts[keys[c]], starts[keys[c] + 1]
        letters = _letters(blob, start, stop)
        for word in range(fences.size):
            free[word] = _uncommon(tables, fences, word, blob, start, stop)
        best = 0.0
        for q in range(lengths.size):
            common = _ones(~free[words[q]] & places[q])
            best = max(best, 2.0 * common / max(1, lengths[q] + letters))
        quick[c] = int(_ONE * (1.0 - best)) + _ONE - scores[c]
    return quick


@helper
def _choose(quick: _Counts, owners: _Ints, gone: NDArray[np.bool_], chosen: _Ints, count: int) -> int:
    """Append the owners of the nearest keys, none twice; return how many there are."""
    histogram = np.zeros(2 * _ONE + 1, np.int64)
    for distance in quick:
        histogram[distance] += 1
    first = count
    seen = np.full(_SEEN, -1, np.int64)  # a hash table: looking through what is chosen costs far more
    for c in _sorted(quick, histogram):
        owner = np.int64(owners[c])
        place = owner & (_SEEN - 1)
        while seen[place] >= 0 and seen[place] != owner:
            place = (place + 1) & (_SEEN - 1)
        if seen[place] < 0 and not gone[owner]:
            seen[place] = owner
            chosen[count] = owner
            count += 1
            if count == first + ACCOUNTS:
                break
    return count


@compiled
def compare(
    query_blob: _Bytes, query_starts: _Ints, query_is_name: _Bytes, strings: _Ints,
    query_written: _Bytes, query_written_starts: _Ints, together: _Masks, totals: _Ints, lanes: int, lane: int,
    chosen: _Ints, chosen_firsts: _Ints, firsts: _Ints, blob: _Bytes, starts: _Ints, is_name: _Bytes, mass: _Shorts,
    written: _Bytes, written_starts: _Ints,
) -> _Floats:  # fmt: skip
    """Return what chosen owners have in common with the query that they were chosen for.

    Parameters
    ----------
    query_written, query_written_starts, written, written_starts
        The handle of each query as it is written, and for each key of a handle the same; empty for names.
    together, totals, lanes, lane
        As ``grams.shared`` gives them: so many weights in each word, of so many bits.
    chosen, chosen_firsts
        As ``choosing.pooled`` gives them.

    Returns
    -------
    ndarray of shape (n_chosen, FEATURES)
        In [0, 1]; for each pair of kinds the best over its keys of each of ``MEASURES``, then the written handles.
    """
    values = np.zeros((chosen.size, FEATURES), np.float32)
    alike, covered, telling = np.empty(4, np.float64), np.empty(4, np.float64), np.empty(4, np.float64)
    one = np.uint64((1 << lane) - 1)
    touched = np.zeros(1, np.int64)
    at = 0
    for query in range(strings.size - 1):
        first = int(strings[query])
        tables, fences, words, places, lengths = _tables(query_blob, query_starts[first : strings[query + 1] + 1])
        free = np.empty(fences.size, np.uint64)
        own = query_written[query_written_starts[query] : query_written_starts[query + 1]]
        own_tables, own_fences, _, _, _ = _tables(own, np.array([0, own.size], np.uint32))
        _touch(firsts[chosen[chosen_firsts[query] : chosen_firsts[query + 1]]], written_starts, written, touched)
        rows = (lengths.size + lanes - 1) // lanes
        row, shift = np.arange(lengths.size) // lanes, (np.arange(lengths.size) % lanes * lane).astype(np.uint64)
        for c in range(chosen_firsts[query], chosen_firsts[query + 1]):
            alike[:], covered[:], telling[:], own_alike = 0.0, 0.0, 0.0, 0.0
            for k in range(firsts[chosen[c]], firsts[chosen[c] + 1]):
                start, stop = starts[k], starts[k + 1]
                letters = _letters(blob, start, stop)
                for word in range(fences.size):
                    free[word] = _uncommon(tables, fences, word, blob, start, stop)
                for q in range(lengths.size):
                    kinds = 2 * query_is_name[first + q] + is_name[k]
                    common = _ones(~free[words[q]] & places[q])
                    alike[kinds] = max(alike[kinds], 2.0 * common / max(1, lengths[q] + letters))
                    weight = int((together[at + row[q]] >> shift[q]) & one)
                    if weight > 0:
                        covered[kinds] = max(covered[kinds], min(1.0, weight / max(1, mass[k])))
                        both = min(1.0, 2.0 * weight / max(1, mass[k] + totals[first + q]))
                        telling[kinds] = max(telling[kinds], both * min(1.0, weight / _TELLING))
                at += rows
                start, stop = written_starts[k], written_starts[k + 1]
                if start < stop:
                    free_own = _uncommon(own_tables, own_fences, 0, written, start, stop)
                    common = _ones(~free_own & ~own_fences[0])
                    own_alike = max(own_alike, 2.0 * common / (own.size + stop - start))
            for kinds in range(4):
                squared = alike[kinds] * alike[kinds]
                values[c, 4 * kinds] = squared * alike[kinds]
                values[c, 4 * kinds + 1] = squared * squared * squared * squared
                values[c, 4 * kinds + 2] = covered[kinds] ** 3
                values[c, 4 * kinds + 3] = telling[kinds]
            values[c, FEATURES - 1] = own_alike * own_alike * own_alike
    return values
