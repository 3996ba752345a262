"""Mentions: which protected accounts a text names; compiled."""

from __future__ import annotations

import numpy as np

from classifier.retrieval.ranking import _Bytes, _Ints, _Masks
from classifier.utils.jit import compiled, helper


@helper
def _look_up(claims: _Masks, claim_owners: _Ints, claim: np.uint64, most: int, found: _Ints, count: int) -> int:
    """Append whose a claim is, ``most`` owners at most, to the ascending ``found``, none twice; return how many."""
    place = int(np.searchsorted(claims, claim))
    stop = min(claims.size, place + most)
    while place < stop and claims[place] == claim:
        at = count
        while at > 0 and found[at - 1] > claim_owners[place]:
            at -= 1
        if at == 0 or found[at - 1] != claim_owners[place]:
            for later in range(count, at, -1):
                found[later] = found[later - 1]
            found[at] = claim_owners[place]
            count += 1
        place += 1
    return count


@helper
def _runs(words: _Masks, first: int, stop: int, longest: int, out: _Masks) -> int:
    """Write the sum of every run of two to ``longest`` words, modulo 2 ** 64; return how many."""
    count = 0
    for start in range(first, stop):
        total = words[start]
        for end in range(start + 1, min(stop, start + longest)):
            total += words[end]
            out[count] = total
            count += 1
    return count


@compiled
def called(
    claims: _Masks, claim_owners: _Ints, most: int, longest: int,
    words: _Masks, word_firsts: _Ints, is_long: _Bytes, mentions: _Masks, mention_firsts: _Ints,
) -> tuple[_Ints, _Ints]:  # fmt: skip
    """Return the owners that the names and bios of queries name, or whose roles they claim.

    Parameters
    ----------
    most : int
        Owners that one claim leads to at most.
    longest : int
        Words of the longest run that is looked up.
    words, word_firsts : ndarray of uint64, of uint32
        Hashes: the name of query i has words ``word_firsts[2 * i]`` on, its bio those from ``word_firsts[2 * i + 1]``.
    is_long : ndarray of uint8
        For each word whether it says something by itself.
    mentions, mention_firsts : ndarray of uint64, of uint32
        Hashes of what the bios mention.

    Returns
    -------
    owners, owner_firsts : ndarray of uint32
        For query i three lists, each ascending and none twice: those that the name names, in two words or more; that
        the bio so names or mentions; that the bio names in one word.
    """
    queries = mention_firsts.size - 1
    owners = np.empty(most, np.uint32)
    owner_firsts = np.zeros(3 * queries + 1, np.uint32)
    sums = np.empty(words.size * longest + mentions.size, np.uint64)
    total = 0
    for query in range(queries):
        name, bio, stop = word_firsts[2 * query], word_firsts[2 * query + 1], word_firsts[2 * query + 2]
        mentioned, mention_stop = mention_firsts[query], mention_firsts[query + 1]
        for kind in range(3):
            runs = 0
            if kind == 0:
                runs = _runs(words, name, bio, longest, sums)
            elif kind == 1:
                runs = _runs(words, bio, stop, longest, sums)
                for i in range(mentioned, mention_stop):
                    sums[runs] = mentions[i]
                    runs += 1
            elif kind == 2:
                for i in range(bio, stop):
                    if is_long[i]:
                        sums[runs] = words[i]
                        runs += 1
            count = 0
            for i in range(runs):
                if total + count + most > owners.size:
                    owners = np.concatenate((owners, np.empty(owners.size + most, np.uint32)))
                count = _look_up(claims, claim_owners, sums[i], most, owners[total:], count)
            total += count
            owner_firsts[3 * query + kind + 1] = total
    return owners[:total], owner_firsts
