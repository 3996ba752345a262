"""Grams: what a key is cut into, what that weighs, which keys have it, and how much of it two keys share; compiled.

Plain functions over numpy arrays, compiled by numba on first use and kept beside this file. What a compiled function
calls is in its own file, because numba notices no change in any other. Nothing here knows accounts.

Arrays, for n keys of m accounts ("owners"), both in order of prominence:

- ``blob`` uint8, ``starts`` uint32 (n + 1): the bytes of key i are ``blob[starts[i]:starts[i + 1]]``;
- ``owners`` uint32 (n): whose key i is; ``firsts`` uint32 (m + 1): owner j has keys ``firsts[j]`` to ``firsts[j + 1]``;
- ``is_name`` uint8 (n): 0 for the key of a handle, 1 for that of a name, alias or role;
- ``offsets`` uint32 (2 ** bits + 1), ``postings`` uint32: bucket b holds keys ``postings[offsets[b]:offsets[b + 1]]``,
  ascending, so that what is cut off a long list are the least prominent;
- ``mass`` uint16 (n): the summed weight of the grams of each key.

Queries come many at once, because a call costs more than much of what is computed: of q queries, ``query_blob``,
``query_starts`` and ``query_is_name`` are the same of their strings, and query i has strings ``strings[i]`` to
``strings[i + 1]``. What is found for them is laid out alike, in one array after another. What is found for a query does
not depend on the others.

References
----------
Weights of shared grams: BM25's inverse document frequency without its length terms, Robertson and Zaragoza 2009.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from classifier.utils.jit import compiled, helper

_Bytes = NDArray[np.uint8]
_Shorts = NDArray[np.uint16]
_Ints = NDArray[np.uint32]
_Masks = NDArray[np.uint64]


# Keys up to this length are cut into groups of three too: two slips leave no group of four intact.
SHORT = 9
# A key has at most 64 characters, so 63 groups of four; a short one 8 and 9.
_GRAMS = 80
# Keys up to this length are also found by what is left of them without any one character: a slip in the middle of a
# short key leaves hardly a group intact. Such a hit counts as much as three groups that few keys have.
SLIPPED = 12
_SLIP = 200
# What stands between the words of a key.
_SPACE = 32
# Few enough to stay in the processor's first cache, enough that a gram is seldom taken for another.
_FLAGS = 2048
# Weights of four strings in one word: no key's grams weigh more than 2 ** 16.
LANES, LANE = 4, 16


@helper
def _groups(blob: _Bytes, start: int, stop: int, out: _Ints) -> int:
    """Write the hashes of a key's groups of characters, a boundary at both ends; return how many.

    Multiplicative hashing with 2**64 over the golden ratio: Knuth, The Art of Computer Programming, 6.4.
    """
    size = stop - start
    count = 0
    packed = np.uint64(_SPACE)
    for i in range(size + 1):
        packed = (packed << np.uint64(8)) | (np.uint64(blob[start + i]) if i < size else np.uint64(_SPACE))
        if i >= 2 or i == size:
            four = packed & np.uint64(0xFFFFFFFF)
            out[count] = np.uint32((four * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(32))
            count += 1
        if size <= SHORT and i >= 1:
            three = (packed & np.uint64(0xFFFFFF)) | np.uint64(1 << 40)
            out[count] = np.uint32((three * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(32))
            count += 1
    return count


@helper
def _grams(blob: _Bytes, start: int, stop: int, out: _Ints) -> int:
    """Write the hashes of a key's groups of characters, none twice; return how many."""
    distinct = 0
    for i in range(_groups(blob, start, stop, out)):
        seen = False
        for j in range(distinct):
            if out[j] == out[i]:
                seen = True
                break
        if not seen:
            out[distinct] = out[i]
            distinct += 1
    return distinct


@helper
def _slips(blob: _Bytes, start: int, stop: int, out: _Ints) -> int:
    """Write the hashes of a short key and of it without each of its characters; return how many: 0 for a long key.

    Keys one slip apart, a letter left out, added, changed or swapped with the next, share one: Mor and Fraenkel 1982.
    """
    if stop - start > SLIPPED:
        return 0
    count = 0
    for without in range(start, stop + 1):
        if without > start and without < stop and blob[without] == blob[without - 1]:
            continue
        packed = np.uint64(0)
        for i in range(start, stop):
            if i != without:
                packed = (packed ^ np.uint64(blob[i])) * np.uint64(0x9E3779B97F4A7C15)
        out[count] = np.uint32(packed >> np.uint64(32))
        count += 1
    return count


@helper
def _weight(gram: np.uint32, offsets: _Ints, keys: int) -> int:
    """How telling a gram is: four times the logarithm of how many keys there are for each that holds it."""
    bucket = np.int64(gram) & (offsets.size - 2)
    holders = max(1, int(offsets[bucket + 1]) - int(offsets[bucket]))
    return int(4.0 * np.log2(1.0 + keys / holders))


@helper
def _entries(blob: _Bytes, start: int, stop: int, out: _Ints) -> int:
    """Write all hashes under which a key is listed; return how many."""
    grams = _grams(blob, start, stop, out)
    return grams + _slips(blob, start, stop, out[grams:])


@compiled
def build(blob: _Bytes, starts: _Ints, bits: int) -> tuple[_Ints, _Ints]:
    """Return ``offsets`` and ``postings`` of keys, by counting sort."""
    keys, size = starts.size - 1, 1 << bits
    out = np.empty(_GRAMS, np.uint32)
    offsets = np.zeros(size + 1, np.uint32)
    for k in range(keys):
        for i in range(_entries(blob, starts[k], starts[k + 1], out)):
            offsets[(np.int64(out[i]) & (size - 1)) + 1] += 1
    for b in range(size):
        offsets[b + 1] += offsets[b]
    at = offsets[:-1].copy()
    postings = np.empty(offsets[size], np.uint32)
    for k in range(keys):
        for i in range(_entries(blob, starts[k], starts[k + 1], out)):
            bucket = np.int64(out[i]) & (size - 1)
            postings[at[bucket]] = k
            at[bucket] += 1
    return offsets, postings


@compiled
def masses(blob: _Bytes, starts: _Ints, base_offsets: _Ints, base_keys: int) -> _Shorts:
    """Return ``mass``, by the weights that grams have in the base."""
    out = np.empty(_GRAMS, np.uint32)
    mass = np.zeros(starts.size - 1, np.uint16)
    for k in range(mass.size):
        total = 0
        for i in range(_grams(blob, starts[k], starts[k + 1], out)):
            total += _weight(out[i], base_offsets, base_keys)
        mass[k] = total
    return mass


@compiled
def query_grams(
    query_blob: _Bytes, query_starts: _Ints, query_is_name: _Bytes, strings: _Ints, base_offsets: _Ints, base_keys: int
) -> tuple[_Ints, _Ints, _Ints, _Ints]:
    """Return the grams of all strings of each query, none twice, and what each weighs.

    Returns
    -------
    grams : ndarray of uint32
    weights : ndarray of uint32
        In the lower 16 bits where a string of the handle has the gram, in the upper where one of the name has it.
    gram_firsts : ndarray of uint32, shape (n_queries + 1,)
        Query i has grams ``gram_firsts[i]`` to ``gram_firsts[i + 1]``.
    heaviest : ndarray of uint32, shape (n_queries, 2)
        The mass of the heaviest string of the handle, and of the name.
    """
    one = np.empty(_GRAMS, np.uint32)
    grams = np.empty(_GRAMS * (query_starts.size - 1), np.uint32)
    weights = np.zeros(grams.size, np.uint32)
    gram_firsts = np.zeros(strings.size, np.uint32)
    heaviest = np.zeros((strings.size - 1, 2), np.uint32)
    count = 0
    for query in range(strings.size - 1):
        first = count
        for q in range(strings[query], strings[query + 1]):
            mass = 0
            own = _grams(query_blob, query_starts[q], query_starts[q + 1], one)
            for i in range(own + _slips(query_blob, query_starts[q], query_starts[q + 1], one[own:])):
                weight = _weight(one[i], base_offsets, base_keys) if i < own else _SLIP
                mass += weight if i < own else 0
                place = first
                while place < count and grams[place] != one[i]:
                    place += 1
                grams[place] = one[i]
                weights[place] |= np.uint32(weight << (16 * query_is_name[q]))
                count = max(count, place + 1)
            heaviest[query, query_is_name[q]] = max(heaviest[query, query_is_name[q]], mass)
        gram_firsts[query + 1] = count
    return grams[:count], weights[:count], gram_firsts, heaviest


@helper
def _flag(
    blob: _Bytes, starts: _Ints, first: int, stop: int, base_offsets: _Ints, base_keys: int,
    flags: _Masks, totals: _Ints,
) -> None:  # fmt: skip
    """Note what the grams of strings ``first`` to ``stop`` weigh, by the last bits of their hashes, and their sums."""
    out = np.empty(_GRAMS, np.uint32)
    for q in range(first, stop):
        row, lane = (q - first) // LANES, np.uint64(LANE * ((q - first) % LANES))
        for i in range(_grams(blob, starts[q], starts[q + 1], out)):
            weight = _weight(out[i], base_offsets, base_keys)
            place = out[i] & np.uint32(_FLAGS - 1)
            flags[row, place] = flags[row, place] & ~(np.uint64(0xFFFF) << lane) | (np.uint64(weight) << lane)
            totals[q] += weight


@helper
def _push(packed: np.uint64, flags: _Masks, hits: _Ints, count: int) -> int:
    """Append the hash of a group if it weighs something; nobody can foretell that, so nothing branches."""
    hits[count] = np.uint32((packed * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(32))
    return count + int(flags[hits[count] & np.uint32(_FLAGS - 1)] != 0)


@helper
def _hits(blob: _Bytes, start: int, stop: int, flags: _Masks, hits: _Ints) -> int:
    """Write the hashes of a key's groups that weigh something, as ``_groups`` makes them; return how many."""
    count, size = 0, stop - start
    packed = np.uint64(_SPACE)
    for i in range(min(2, size)):
        packed = (packed << np.uint64(8)) | np.uint64(blob[start + i])
    begun = packed
    for i in range(start + 2, stop):
        packed = (packed << np.uint64(8)) | np.uint64(blob[i])
        count = _push(packed & np.uint64(0xFFFFFFFF), flags, hits, count)
    packed = (packed << np.uint64(8)) | np.uint64(_SPACE)
    count = _push(packed & np.uint64(0xFFFFFFFF), flags, hits, count)
    if 1 <= size <= SHORT:
        packed = begun
        if size >= 2:
            count = _push((packed & np.uint64(0xFFFFFF)) | np.uint64(1 << 40), flags, hits, count)
        for i in range(start + 2, stop):
            packed = (packed << np.uint64(8)) | np.uint64(blob[i])
            count = _push((packed & np.uint64(0xFFFFFF)) | np.uint64(1 << 40), flags, hits, count)
        packed = (packed << np.uint64(8)) | np.uint64(_SPACE)
        count = _push((packed & np.uint64(0xFFFFFF)) | np.uint64(1 << 40), flags, hits, count)
    return count


@helper
def _weighed(hits: _Ints, count: int, flags: _Masks) -> np.uint64:
    """Return what grams weigh in strings of a query; none counts twice."""
    total = np.uint64(0)
    for i in range(count):
        is_new = True
        for j in range(i):
            is_new &= hits[j] != hits[i]
        if is_new:
            total += flags[hits[i] & np.uint32(_FLAGS - 1)]
    return total


@compiled
def shared(
    query_blob: _Bytes, query_starts: _Ints, strings: _Ints, base_offsets: _Ints, base_keys: int,
    chosen: _Ints, chosen_firsts: _Ints, firsts: _Ints, blob: _Bytes, starts: _Ints,
) -> tuple[_Masks, _Ints]:  # fmt: skip
    """Return what the keys of chosen owners share with each string of the query that they were chosen for.

    Parameters
    ----------
    chosen, chosen_firsts : ndarray of uint32
        For query i the owners ``chosen[chosen_firsts[i]:chosen_firsts[i + 1]]``.

    Returns
    -------
    together : ndarray of uint64
        Summed weights, key after key, ``LANES`` strings in each word, so that one look tells the weight in all of them
        and one sum adds them up: for each key as many words as the query's strings need.
    totals : ndarray of uint32
        The sum of each string of the queries.
    """
    size, most = 0, 0
    for query in range(strings.size - 1):
        rows = (int(strings[query + 1]) - int(strings[query]) + LANES - 1) // LANES
        most = max(most, rows)
        for c in range(chosen_firsts[query], chosen_firsts[query + 1]):
            size += rows * (int(firsts[chosen[c] + 1]) - int(firsts[chosen[c]]))
    together = np.empty(size, np.uint64)
    totals = np.zeros(query_starts.size - 1, np.uint32)
    flags = np.empty((most, _FLAGS), np.uint64)
    hits = np.empty(_GRAMS + 1, np.uint32)
    at = 0
    for query in range(strings.size - 1):
        first, stop = int(strings[query]), int(strings[query + 1])
        rows = (stop - first + LANES - 1) // LANES
        flags[:rows] = 0
        _flag(query_blob, query_starts, first, stop, base_offsets, base_keys, flags, totals)
        for c in range(chosen_firsts[query], chosen_firsts[query + 1]):
            for k in range(firsts[chosen[c]], firsts[chosen[c] + 1]):
                for row in range(rows):
                    count = _hits(blob, starts[k], starts[k + 1], flags[row], hits)
                    together[at] = _weighed(hits, count, flags[row])
                    at += 1
    return together, totals
