"""Postings: the search of the inverted index for the keys that share most with a query; compiled.

The arrays are those of ``grams``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from classifier.utils.jit import compiled, helper

_Bytes = NDArray[np.uint8]
_Shorts = NDArray[np.uint16]
_Ints = NDArray[np.uint32]
_Counts = NDArray[np.int64]

# One block of keys: its accumulators stay in the processor's second cache.
BLOCK = 1 << 16
# Postings read for one query at most, the rarest grams first: what bounds the time of any query.
BUDGET = 100_000
# Keys with the most shared weight that are looked at again, and of those the ones that are compared.
SHORTLIST = 2_000
KEYS = 512
# Coverage counts in steps of 1/255; this share of it is of the query's longest string, the rest of the key itself.
_ONE = 255
_QUERY_SHARE = 0.15


@helper
def _spans(grams: _Ints, weights: _Ints, offsets: _Ints) -> tuple[NDArray[np.int64], NDArray[np.int64], _Ints]:
    """Return which postings are read: the rarest grams first, up to the budget."""
    size = offsets.size - 1
    holders = np.empty(grams.size, np.int64)
    for i in range(grams.size):
        bucket = np.int64(grams[i]) & (size - 1)
        holders[i] = int(offsets[bucket + 1]) - int(offsets[bucket])
    begins, ends = np.empty(grams.size, np.int64), np.empty(grams.size, np.int64)
    read = np.empty(grams.size, np.uint32)
    left, used = BUDGET, 0
    for i in np.argsort(holders):
        if holders[i] > 0 and left > 0:
            begins[used] = offsets[np.int64(grams[i]) & (size - 1)]
            ends[used] = begins[used] + min(holders[i], left)
            read[used] = weights[i]
            left -= holders[i]
            used += 1
    return begins[:used], ends[:used], read[:used]


@helper
def _gather(
    begins: _Counts, ends: _Counts, weights: _Ints, postings: _Ints, keys: int,
    sums: _Ints, found: _Ints, shared: _Ints, of_handles: _Ints, of_names: _Ints,
) -> int:  # fmt: skip
    """Add up the weights that each key shares with the query, block by block; return how many keys share any.

    ``of_handles`` and ``of_names`` count how many keys share each weight with handle and name, the highest and all
    above it in one.
    """
    total, block = 0, 0
    most_handle, most_name = np.uint32(of_handles.size - 1), np.uint32(of_names.size - 1)
    while block < keys:
        first, following, limit = total, keys, np.uint32(block + BLOCK)
        for i in range(begins.size):
            p, end, weight = begins[i], ends[i], weights[i]
            while p < end:
                key = postings[p]
                if key >= limit:
                    following = min(following, int(key))
                    break
                place = key - np.uint32(block)
                found[total] = key  # counted where it is new: nobody can foretell that, so nothing branches
                before = sums[place]
                total += before == 0
                sums[place] = before + weight
                p += 1
            begins[i] = p
        for i in range(first, total):
            place = found[i] - np.uint32(block)
            weight = sums[place]
            shared[i] = weight
            sums[place] = 0
            of_handles[min(most_handle, weight & np.uint32(0xFFFF))] += 1
            of_names[min(most_name, weight >> np.uint32(16))] += 1
        block = following // BLOCK * BLOCK if following < keys else keys
    return total


@helper
def _cut(histogram: _Counts, most: int) -> int:
    """Return the lowest value above 0 that at most ``most`` things reach; one beyond the last where that is none."""
    cut, count = histogram.size, 0
    while cut > 1 and count + histogram[cut - 1] <= most:
        cut -= 1
        count += histogram[cut]
    return cut


@helper
def _lightest(weighing: _Ints, heaviest: int) -> tuple[int, int, int]:
    """Return from which weights on a key is listed, from which on while there is room, and how many have room."""
    scale = _ONE / heaviest
    histogram = np.zeros(_ONE + 1, np.int64)
    for weight in range(weighing.size):
        histogram[min(_ONE, int(weight * scale))] += weighing[weight]
    least = _cut(histogram, SHORTLIST)
    room = SHORTLIST - histogram[least:].sum()  # those just below the cut fill what is left, the more prominent first
    lightest, light = 0, 0
    while lightest < weighing.size and min(_ONE, int(lightest * scale)) < least:
        light += min(_ONE, int(lightest * scale)) < max(1, least - 1)
        lightest += 1
    return lightest, light, room


@helper
def _heavy(kind: int, light: np.uint32, total: int, found: _Ints, shared: _Ints, listed: _Ints, sums: _Ints) -> int:
    """List the keys that share so much and what they share; return how many. Nothing branches, as in ``_gather``."""
    size = 0
    for i in range(total):
        weight = np.uint32((shared[i] >> np.uint32(kind)) & np.uint32(0xFFFF))
        listed[size], sums[size] = found[i], weight
        size += int(weight >= light)
    return size


@helper
def _with_room(lightest: int, room: int, size: int, listed: _Ints, sums: _Ints) -> int:
    """Leave out of what is listed the lighter keys beyond those that there is room for; return how many are left."""
    kept = 0
    for i in range(size):
        is_light = sums[i] < lightest
        listed[kept], sums[kept] = listed[i], sums[i]
        kept += room > 0 or not is_light
        room -= is_light
    return min(SHORTLIST, kept)


@helper
def _select(
    kind: int, heaviest: int, weighing: _Ints, total: int, most: int,
    mass: _Shorts, found: _Ints, shared: _Ints, listed: _Ints, sums: _Ints, keys: _Ints, scores: _Bytes, count: int,
) -> int:  # fmt: skip
    """Append the ``most`` keys that share most with handle or name (bits from ``kind`` on); return how many there are.

    First by what of the query they share, which needs no look at the key, then by what of both.
    """
    lightest, light, room = _lightest(weighing, heaviest)
    size = _heavy(kind, np.uint32(light), total, found, shared, listed, sums)
    size = _with_room(lightest, room, size, listed, sums)
    histogram = np.zeros(_ONE + 1, np.int64)
    for i in range(size):
        whole = _QUERY_SHARE * heaviest + (1.0 - _QUERY_SHARE) * mass[listed[i]]
        sums[i] = min(_ONE, int(_ONE * np.int64(sums[i]) / whole))
        histogram[sums[i]] += 1
    least = _cut(histogram, most)
    stop = count + most
    for i in range(size):
        if sums[i] >= least:
            keys[count], scores[count] = listed[i], sums[i]
            count += 1
    for i in range(size):  # as above
        if count == stop:
            break
        if sums[i] == least - 1:
            keys[count], scores[count] = listed[i], sums[i]
            count += 1
    return count


@compiled
def search(
    grams: _Ints, weights: _Ints, gram_firsts: _Ints, heaviest: _Ints,
    offsets: _Ints, postings: _Ints, mass: _Shorts,
    sums: _Ints, found: _Ints, shared: _Ints, listed: _Ints, weighed: _Ints,
) -> tuple[_Ints, _Bytes, _Ints]:  # fmt: skip
    """Return for each query up to ``KEYS`` keys that share most with its handle or its name.

    Parameters
    ----------
    grams, weights, gram_firsts, heaviest
        As ``grams.query_grams`` gives them.
    sums, found, shared, listed, weighed
        A thread's working memory: ``BLOCK`` zeros, left as zeros, and ``BUDGET`` each of the others.

    Returns
    -------
    keys, scores, key_firsts : ndarray
        For query i those from ``key_firsts[i]`` on, and how much they share, in steps of 1/255.
    """
    queries = gram_firsts.size - 1
    keys, scores = np.empty(KEYS * queries, np.uint32), np.empty(KEYS * queries, np.uint8)
    key_firsts = np.zeros(queries + 1, np.uint32)
    count = 0
    for query in range(queries):
        first, stop = gram_firsts[query], gram_firsts[query + 1]
        begins, ends, read = _spans(grams[first:stop], weights[first:stop], offsets)
        of_handle, of_name = int(heaviest[query, 0]), int(heaviest[query, 1])
        # Several strings of a kind may together share more than the heaviest of them has.
        of_handles, of_names = np.zeros(of_handle + 2, np.uint32), np.zeros(of_name + 2, np.uint32)
        total = _gather(begins, ends, read, postings, mass.size, sums, found, shared, of_handles, of_names)
        most = KEYS // 2 if of_handle > 0 and of_name > 0 else KEYS
        if of_handle > 0:
            count = _select(
                0, of_handle, of_handles, total, most, mass, found, shared, listed, weighed, keys, scores, count
            )
        if of_name > 0:
            count = _select(
                16, of_name, of_names, total, most, mass, found, shared, listed, weighed, keys, scores, count
            )
        key_firsts[query + 1] = count
    return keys[:count], scores[:count], key_firsts
