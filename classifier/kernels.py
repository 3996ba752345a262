"""The compiled inner loops of retrieval: grams of keys, the inverted index over them, and the comparison of keys.

Plain functions over numpy arrays, compiled by numba on first use and kept beside this file. They are in one file
because numba notices a change only in the file of the function it compiled. Nothing here knows accounts.

Arrays, for n keys of m accounts ("owners"), both in order of prominence:

- ``blob`` uint8, ``starts`` uint32 (n + 1): the bytes of key i are ``blob[starts[i]:starts[i + 1]]``;
- ``owners`` uint32 (n): whose key i is; ``firsts`` uint32 (m + 1): owner j has keys ``firsts[j]`` to ``firsts[j + 1]``;
- ``is_name`` uint8 (n): 0 for the key of a handle, 1 for that of a name, alias or role;
- ``offsets`` uint32 (2 ** bits + 1), ``postings`` uint32: bucket b holds keys ``postings[offsets[b]:offsets[b + 1]]``,
  ascending, so that what is cut off a long list are the least prominent;
- ``mass`` uint16 (n): the summed weight of the grams of each key.

References
----------
Weights of shared grams: BM25's inverse document frequency without its length terms, Robertson and Zaragoza 2009.
Longest common subsequence in parallel bits: Hyyro 2004, Bit-parallel LCS-length computation revisited.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifier.compiled import compiled

_Bytes = NDArray[np.uint8]
_Shorts = NDArray[np.uint16]
_Ints = NDArray[np.uint32]
_Floats = NDArray[np.float32]
_Masks = NDArray[np.uint64]


# Keys up to this length are cut into groups of three too: two slips leave no group of four intact.
SHORT = 9
# A key has at most 64 characters, so 63 groups of four; a short one 8 and 9.
_GRAMS = 80
# Keys up to this length are also found by what is left of them without any one character: a slip in the middle of a
# short key leaves hardly a group intact. Such a hit counts as much as three groups that few keys have.
SLIPPED = 12
_SLIP = 200
# One block of keys: its accumulators stay in the processor's second cache.
BLOCK = 1 << 16
# Postings read for one query at most, the rarest grams first: what bounds the time of any query.
BUDGET = 100_000
# Keys with the most shared weight that are looked at again, and of those the ones that are compared.
SHORTLIST = 2_000
KEYS = 512
# Accounts compared in all measures at most.
ACCOUNTS = 128
# Coverage counts in steps of 1/255; this share of it is of the query's longest string, the rest of the key itself.
_ONE = 255
_QUERY_SHARE = 0.15

# What is measured for each of handle-handle, handle-name, name-handle and name-name, each steeper than what it stands
# on, because half alike is hardly better than nothing: letters in common (the cube and the eighth power of their
# share), how much of the key is covered (cubed), and how telling the shared part is times how much of both it is; and
# last, letters in common of the handles as they are written (cubed).
MEASURES = ("alike", "same", "covered", "telling")
FEATURES = 4 * len(MEASURES) + 1
# Few enough to stay in the processor's first cache, enough that a gram is seldom taken for another.
_FLAGS = 2048
# Weights of four strings in one word: no key's grams weigh more than 2 ** 16.
_LANES, _LANE = 4, 16
# Bits of a machine word; what stands between the words of a key.
_WORD, _SPACE = 64, 32
# A shared weight of 400 is that of five grams that one key in a million has.
_TELLING = 400.0


@compiled
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


@compiled
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


@compiled
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


@compiled
def _weight(gram: np.uint32, offsets: _Ints, keys: int) -> int:
    """How telling a gram is: four times the logarithm of how many keys there are for each that holds it."""
    bucket = np.int64(gram) & (offsets.size - 2)
    holders = max(1, int(offsets[bucket + 1]) - int(offsets[bucket]))
    return int(4.0 * np.log2(1.0 + keys / holders))


@compiled
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
    blob: _Bytes, starts: _Ints, is_name: _Bytes, base_offsets: _Ints, base_keys: int
) -> tuple[_Ints, _Ints, int, int]:
    """Return the grams of all strings of a query, none twice, and what each weighs.

    Returns
    -------
    grams : ndarray of uint32
    weights : ndarray of uint32
        In the lower 16 bits where a string of the handle has the gram, in the upper where one of the name has it.
    heaviest_handle, heaviest_name : int
        The mass of the heaviest string of either kind.
    """
    one = np.empty(_GRAMS, np.uint32)
    grams = np.empty(_GRAMS * (starts.size - 1), np.uint32)
    weights = np.zeros(grams.size, np.uint32)
    count, heaviest_handle, heaviest_name = 0, 0, 0
    for q in range(starts.size - 1):
        mass = 0
        own = _grams(blob, starts[q], starts[q + 1], one)
        for i in range(own + _slips(blob, starts[q], starts[q + 1], one[own:])):
            weight = _weight(one[i], base_offsets, base_keys) if i < own else _SLIP
            mass += weight if i < own else 0
            place = 0
            while place < count and grams[place] != one[i]:
                place += 1
            grams[place] = one[i]
            weights[place] |= np.uint32(weight << (16 * is_name[q]))
            count = max(count, place + 1)
        if is_name[q]:
            heaviest_name = max(heaviest_name, mass)
        else:
            heaviest_handle = max(heaviest_handle, mass)
    return grams[:count], weights[:count], heaviest_handle, heaviest_name


@compiled
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


@compiled
def _gather(
    begins: NDArray[np.int64], ends: NDArray[np.int64], weights: _Ints, postings: _Ints, keys: int,
    sums: _Ints, found: _Ints, shared: _Ints,
) -> int:  # fmt: skip
    """Add up the weights that each key shares with the query, block by block; return how many keys share any."""
    total, block = 0, 0
    while block < keys:
        first, following = total, keys
        for i in range(begins.size):
            p, end = begins[i], ends[i]
            while p < end and np.int64(postings[p]) < block + BLOCK:
                place = np.int64(postings[p]) - block
                found[total] = postings[p]  # counted where it is new: nobody can foretell that, so nothing branches
                total += sums[place] == 0
                sums[place] += weights[i]
                p += 1
            begins[i] = p
            if p < end:
                following = min(following, int(postings[p]))
        for i in range(first, total):
            place = np.int64(found[i]) - block
            shared[i] = sums[place]
            sums[place] = 0
        block = following // BLOCK * BLOCK if following < keys else keys
    return total


@compiled
def _cut(histogram: NDArray[np.int64], most: int) -> int:
    """Return the lowest value above 0 that at most ``most`` things reach; one beyond the last where that is none."""
    cut, count = histogram.size, 0
    while cut > 1 and count + histogram[cut - 1] <= most:
        cut -= 1
        count += histogram[cut]
    return cut


@compiled
def _counted(shared: _Ints, total: int, kind: int, most: int) -> NDArray[np.int64]:
    """Return how many keys share each weight of a kind, those above ``most`` as that."""
    histogram = np.zeros(most + 1, np.int64)
    for i in range(total):
        weight = int(shared[i] >> kind) & 0xFFFF
        histogram[min(most, weight)] += 1
    return histogram


@compiled
def _select(
    kind: int, heaviest: int, total: int, most: int,
    mass: _Shorts, found: _Ints, shared: _Ints, keys: _Ints, scores: _Bytes, count: int,
) -> int:  # fmt: skip
    """Append the ``most`` keys that share most with handle or name (bits from ``kind`` on); return how many there are.

    First by what of the query they share, which needs no look at the key, then by what of both.
    """
    scale = _ONE / heaviest
    histogram = np.zeros(_ONE + 1, np.int64)
    # Several strings of a kind may together share more than the heaviest of them has.
    weighing = _counted(shared, total, kind, heaviest + 1)
    for weight in range(weighing.size):
        histogram[min(_ONE, int(weight * scale))] += weighing[weight]
    least = _cut(histogram, SHORTLIST)
    room = SHORTLIST - histogram[least:].sum()  # those just below the cut fill what is left, the more prominent first
    lightest, light = 0, 0  # weights from which on a key is taken, and taken while there is room
    while lightest < weighing.size and min(_ONE, int(lightest * scale)) < least:
        light += min(_ONE, int(lightest * scale)) < max(1, least - 1)
        lightest += 1
    histogram[:] = 0
    listed = np.empty(SHORTLIST, np.uint32)
    reached = np.empty(SHORTLIST, np.uint8)
    size = 0
    for i in range(total):
        sum_ = (np.int64(shared[i]) >> kind) & 0xFFFF
        if sum_ < light:
            continue
        if sum_ < lightest:
            if room <= 0:
                continue
            room -= 1
        if size < SHORTLIST:
            whole = _QUERY_SHARE * heaviest + (1.0 - _QUERY_SHARE) * mass[found[i]]
            listed[size], reached[size] = found[i], min(_ONE, int(_ONE * sum_ / whole))
            histogram[reached[size]] += 1
            size += 1
    least = _cut(histogram, most)
    stop = count + most
    for cut in (least, least - 1):  # as above
        for i in range(size):
            if count < stop and (reached[i] >= cut if cut == least else reached[i] == cut):
                keys[count], scores[count] = listed[i], reached[i]
                count += 1
    return count


@compiled
def search(
    grams: _Ints, weights: _Ints, heaviest_handle: int, heaviest_name: int,
    offsets: _Ints, postings: _Ints, mass: _Shorts, sums: _Ints, found: _Ints, shared: _Ints,
) -> tuple[_Ints, _Bytes]:  # fmt: skip
    """Return up to ``KEYS`` keys that share most with handle or name, and how much, in steps of 1/255.

    ``sums`` (``BLOCK`` zeros, left as zeros), ``found`` and ``shared`` (``BUDGET`` each) are a thread's working memory.
    """
    begins, ends, read = _spans(grams, weights, offsets)
    total = _gather(begins, ends, read, postings, mass.size, sums, found, shared)
    keys, scores = np.empty(KEYS, np.uint32), np.empty(KEYS, np.uint8)
    count = 0
    for kind, heaviest in ((0, heaviest_handle), (16, heaviest_name)):
        if heaviest > 0:
            most = KEYS // 2 if heaviest_handle > 0 and heaviest_name > 0 else KEYS
            count = _select(kind, heaviest, total, most, mass, found, shared, keys, scores, count)
    return keys[:count], scores[:count]


@compiled
def _tables(blob: _Bytes, starts: _Ints) -> tuple[_Masks, _Masks, NDArray[np.int64], _Masks, NDArray[np.int64]]:
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


@compiled
def _uncommon(tables: _Masks, fences: _Masks, word: int, blob: _Bytes, start: int, stop: int) -> Any:
    """Return a word of strings without the bits of the longest subsequence that each has in common with a key."""
    inside = ~fences[word]
    free = inside
    for i in range(start, stop):
        both = free & tables[word, blob[i]]  # nothing is in common at a boundary
        free = ((free + both) | (free - both)) & inside
    return free


@compiled
def _ones(bits: np.uint64) -> int:
    """Return how many bits are set, added up in pairs, fours and eights: Warren, Hacker's Delight, 5-1."""
    bits -= (bits >> np.uint64(1)) & np.uint64(0x5555555555555555)
    bits = (bits & np.uint64(0x3333333333333333)) + ((bits >> np.uint64(2)) & np.uint64(0x3333333333333333))
    bits = (bits + (bits >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return int((bits * np.uint64(0x0101010101010101)) >> np.uint64(56))


@compiled
def _letters(blob: _Bytes, start: int, stop: int) -> int:
    count = 0
    for i in range(start, stop):
        count += blob[i] != _SPACE
    return count


@compiled
def _touch(keys: _Ints, starts: _Ints, blob: _Bytes) -> int:
    """Read the beginning of every key: loads that wait for nothing else wait for memory together, not one by one."""
    seen = 0
    for key in keys:
        if starts[key] < blob.size:
            seen += blob[starts[key]]
    return seen


@compiled
def _sorted(values: NDArray[np.int64], histogram: NDArray[np.int64]) -> NDArray[np.int64]:
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
    blob: _Bytes, query_starts: _Ints, keys: _Ints, scores: _Bytes,
    key_blob: _Bytes, starts: _Ints, owners: _Ints, gone: NDArray[np.bool_],
) -> _Ints:  # fmt: skip
    """Return up to ``ACCOUNTS`` owners of the found keys, by what they share and how alike they are in letters."""
    tables, fences, words, places, lengths = _tables(blob, query_starts)
    free = np.empty(fences.size, np.uint64)
    _touch(keys, starts, key_blob)
    own = np.empty(keys.size, np.uint32)
    for c in range(keys.size):
        own[c] = owners[keys[c]]
    quick = np.empty(keys.size, np.int64)
    histogram = np.zeros(2 * _ONE + 1, np.int64)
    for c in range(keys.size):
        start, stop = starts[keys[c]], starts[keys[c] + 1]
        letters = _letters(key_blob, start, stop)
        best = 0.0
        for word in range(fences.size):
            free[word] = _uncommon(tables, fences, word, key_blob, start, stop)
        for q in range(lengths.size):
            common = _ones(~free[words[q]] & places[q])
            best = max(best, 2.0 * common / max(1, lengths[q] + letters))
        quick[c] = int(_ONE * (1.0 - best)) + _ONE - scores[c]
        histogram[quick[c]] += 1
    chosen = np.empty(ACCOUNTS, np.uint32)
    count = 0
    for c in _sorted(quick, histogram):
        seen = gone[own[c]]
        for j in range(count):
            seen |= chosen[j] == own[c]
        if not seen:
            chosen[count] = own[c]
            count += 1
            if count == ACCOUNTS:
                break
    return chosen[:count]


@compiled
def compare(
    blob: _Bytes, query_starts: _Ints, query_is_name: _Bytes, written: _Bytes, base_offsets: _Ints, base_keys: int,
    chosen: _Ints, firsts: _Ints, key_blob: _Bytes, starts: _Ints, is_name: _Bytes, mass: _Shorts,
    key_written: _Bytes, written_starts: _Ints,
) -> _Floats:  # fmt: skip
    """Return what the chosen owners have in common with a query.

    Returns
    -------
    ndarray of shape (n_chosen, FEATURES)
        In [0, 1]; for each pair of kinds the best over its keys of each of ``MEASURES``, then the written handles.
    """
    tables, fences, words, places, lengths = _tables(blob, query_starts)
    free = np.empty(fences.size, np.uint64)
    flags, totals = _flagged(blob, query_starts, base_offsets, base_keys)
    shared = np.empty(len(flags), np.uint64)
    grams = np.empty(_GRAMS, np.uint32)
    own_tables, own_fences, _, _, _ = _tables(written, np.array([0, written.size], np.uint32))
    _touch(firsts[chosen], starts, key_blob)
    _touch(firsts[chosen], written_starts, key_written)
    values = np.zeros((chosen.size, FEATURES), np.float32)
    for c in range(chosen.size):
        for k in range(firsts[chosen[c]], firsts[chosen[c] + 1]):
            start, stop = starts[k], starts[k + 1]
            letters = _letters(key_blob, start, stop)
            for word in range(fences.size):
                free[word] = _uncommon(tables, fences, word, key_blob, start, stop)
            for row in range(len(flags)):
                shared[row] = _shared(grams, _groups(key_blob, start, stop, grams), flags, row)
            for q in range(lengths.size):
                weight = int((shared[q // _LANES] >> np.uint64(_LANE * (q % _LANES))) & np.uint64(0xFFFF))
                alike = 2.0 * _ones(~free[words[q]] & places[q]) / max(1, lengths[q] + letters)
                squared = alike * alike
                covered = min(1.0, weight / max(1, mass[k])) ** 3
                both = min(1.0, 2.0 * weight / max(1, mass[k] + totals[q]))
                at = (2 * query_is_name[q] + is_name[k]) * 4
                values[c, at] = max(values[c, at], squared * alike)
                values[c, at + 1] = max(values[c, at + 1], squared * squared * squared * squared)
                values[c, at + 2] = max(values[c, at + 2], covered)
                values[c, at + 3] = max(values[c, at + 3], both * min(1.0, weight / _TELLING))
            start, stop = written_starts[k], written_starts[k + 1]
            if start < stop:
                common = _ones(~_uncommon(own_tables, own_fences, 0, key_written, start, stop) & ~own_fences[0])
                alike = 2.0 * common / (written.size + stop - start)
                values[c, FEATURES - 1] = max(values[c, FEATURES - 1], alike * alike * alike)
    return values


@compiled
def _flagged(blob: _Bytes, starts: _Ints, base_offsets: _Ints, base_keys: int) -> tuple[_Masks, NDArray[np.int64]]:
    """Return what the grams of a query weigh, by the last bits of their hashes, and the sum of each string.

    Returns
    -------
    flags : ndarray of uint64, shape (n, _FLAGS)
        ``_LANES`` strings in each word, so that one look tells the weight in all of them and one sum adds them up.
    totals : ndarray of int64, shape (n_strings,)
    """
    strings = starts.size - 1
    flags = np.zeros(((strings + _LANES - 1) // _LANES, _FLAGS), np.uint64)
    totals = np.zeros(strings, np.int64)
    out = np.empty(_GRAMS, np.uint32)
    for q in range(strings):
        lane = np.uint64(_LANE * (q % _LANES))
        for i in range(_grams(blob, starts[q], starts[q + 1], out)):
            weight = _weight(out[i], base_offsets, base_keys)
            place = out[i] & (_FLAGS - 1)
            others = flags[q // _LANES, place] & ~(np.uint64(0xFFFF) << lane)
            flags[q // _LANES, place] = others | (np.uint64(weight) << lane)
            totals[q] += weight
    return flags, totals


@compiled
def _shared(grams: _Ints, count: int, flags: _Masks, row: int) -> np.uint64:
    """Return what the grams of a key weigh in strings of a query; no gram counts twice.

    Most grams of most keys weigh nothing, and only those that do are looked at again; they are moved to the front.
    """
    total, hits = np.uint64(0), 0
    for i in range(count):
        weight = flags[row, grams[i] & (_FLAGS - 1)]
        if weight != 0:
            seen = False
            for j in range(hits):
                seen |= grams[j] == grams[i]
            if not seen:
                total += weight
                grams[hits] = grams[i]
                hits += 1
    return total


@compiled
def called(claims: _Masks, claim_owners: _Ints, hashes: _Masks, most: int) -> _Ints:
    """Return whose claims are among ``hashes``, of each claim ``most`` owners at most; ascending, none twice."""
    owners = np.empty(most * hashes.size, np.uint32)
    count = 0
    for claim in hashes:
        place = np.searchsorted(claims, claim)
        stop = min(claims.size, place + most)
        while place < stop and claims[place] == claim:
            owners[count] = claim_owners[place]
            count += 1
            place += 1
    return np.unique(owners[:count]) if count else owners[:0]


@compiled
def merged(owners: _Ints, named: _Ints, claimed: _Ints, spelled: _Ints, gone: NDArray[np.bool_]) -> _Ints:
    """Return all owners but those gone, none twice."""
    together = np.empty(owners.size + named.size + claimed.size + spelled.size, np.uint32)
    count = 0
    for found in (owners, named, claimed, spelled):
        for one in found:
            seen = gone[one]
            for place in range(count):
                seen |= together[place] == one
            if not seen:
                together[count] = one
                count += 1
    return together[:count]


@compiled
def _holds(ascending: _Ints, one: np.uint32) -> bool:
    place = np.searchsorted(ascending, one)
    return bool(place < ascending.size and ascending[place] == one)


@compiled
def rank(
    values: _Floats, shares: _Floats, query_is_named: bool, claimed: _Ints, spelled: _Ints, bonuses: _Floats,
    chosen: _Ints, firsts: _Ints, is_name: _Bytes, most: int, least: float,
) -> tuple[_Ints, _Floats]:  # fmt: skip
    """Return the owners that score highest and their scores in [0, 1], the best first, the more prominent of equals.

    Parameters
    ----------
    values : ndarray of shape (n_chosen, FEATURES)
        As ``compare`` gives them.
    shares : ndarray of shape (2, FEATURES)
        How much each counts where both sides have a name, and where either has none; each row adds up to 1.
    claimed, spelled : ndarray of uint32, ascending
        Owners whose score rises by the first of ``bonuses``, and if not so by the second.
    bonuses : ndarray of shape (2,)
    most, least
        Owners returned at most, and the score that each has at least.
    """
    best, scores = np.empty(most, np.uint32), np.empty(most, np.float32)
    count = 0
    for c in range(chosen.size):
        owner = chosen[c]
        row = 0 if query_is_named and is_name[firsts[owner + 1] - 1] else 1  # names come behind handles
        score: Any = np.float32(0.0)
        if _holds(claimed, owner):
            score = bonuses[0]
        elif _holds(spelled, owner):
            score = bonuses[1]
        for feature in range(values.shape[1]):
            score += values[c, feature] * shares[row, feature]
        score = np.float32(min(1.0, round(score, 6)))
        place = count
        while place > 0 and (scores[place - 1] < score or (scores[place - 1] == score and best[place - 1] > owner)):
            place -= 1
        if score < least or place >= most:
            continue
        count = min(most, count + 1)
        for later in range(count - 1, place, -1):
            best[later], scores[later] = best[later - 1], scores[later - 1]
        best[place], scores[place] = owner, score
    return best[:count], scores[:count]
