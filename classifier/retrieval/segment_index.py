"""The key index: which accounts of a segment have keys like those of a reported account.

Arrays only, so that it is the same in memory and mapped from a file; the loops are in ``ngrams``, ``postings``,
``similarity``, ``ranking`` and ``borne_words``. Four ways lead to an account. *Grams*: an inverted index of the keys'
groups of four characters, the rarest read first. *Slips*: a short key is also listed by what is left of it without any
one character. *Claims*: a name, alias, role or handle that is written out in a reported name or bio, in any order of
its words, found by the sum of the hashes of its words. *Borne words*: a word of its handle, name, alias or organisation
that stands anywhere in a reported handle, name or link, or as a word of the bio; the most telling come first.

What else could do this was measured in one run at a million accounts (``python -m tests.benchmarks.designs``; median
milliseconds a query, recall at 1 and at 10 over 31 kinds of attack): brute force 415, .55, .73; postings in numpy 4.4,
.60, .85; product of sparse TF-IDF matrices 6.7, .59, .81; deletion neighbourhood 6.2, .53, .73 and 2 GB; the search
engine tantivy 3.4, .62, .86; this 2.2, .75, .93.
"""

from __future__ import annotations

import math
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from classifier.accounts.account import ProtectedAccount
from classifier.accounts.normal_forms import View
from classifier.accounts.phrases import PHRASE_WORDS
from classifier.retrieval import borne_words, mentions, ngrams, postings, ranking, similarity
from classifier.retrieval.query import NO_KEY, WORD_LETTERS, Queries, packed, telling, word_hash
from classifier.text.search_keys import name_keys, whole_keys, written_key

# Buckets per key: with two, most groups of four characters have a bucket of their own.
_BUCKETS_PER_KEY = 2
_FEWEST_BITS, _MOST_BITS = 12, 24
# Of those who share a name, alias or role, the most prominent that a claim leads to.
MAX_OWNERS = 25
_WRAP = 2**64
# What stands between a title and its organisation.
_OF = re.compile(r" (?:of|at|for|de|del|di|du|von|für|bei|@|-|,) |, ", re.IGNORECASE)
_WATCHED = 1_000
_Hashes = NDArray[np.uint64]
_Places = NDArray[np.uint32]
# 0 for the key of a handle and 1 for others, the key, and the handle as it is written.
_Key = tuple[int, bytes, bytes]


@dataclass(frozen=True, slots=True)
class Pool:
    """The owners that are compared with each query.

    Attributes
    ----------
    owners, firsts : ndarray of uint32
        Those of query i from ``firsts[i]`` on.
    saying : ndarray of uint8
        How the bio names each: 0 or ``ranking.CLAIMED`` or ``SPELLED``.
    """

    owners: _Places
    firsts: _Places
    saying: NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class KeyIndex:
    """The arrays of ``ngrams``, for the m accounts of a segment in order of prominence ("owners").

    Attributes
    ----------
    rows : ndarray of uint32, shape (m,)
        Which row of the segment each owner is.
    prominence : ndarray of float32, shape (m,)
    written, written_starts : ndarray
        For each key of a handle, the handle as it is written; empty for names.
    claims, claim_owners : ndarray of uint64, of uint32
        Hashes of what an owner is called or is, ascending, and whose each is, the most prominent first.
    words, word_owners, word_bits : ndarray of uint64, of uint32, of float32
        As ``borne_words.words_of`` gives them.
    """

    blob: NDArray[np.uint8]
    starts: NDArray[np.uint32]
    owners: NDArray[np.uint32]
    firsts: NDArray[np.uint32]
    is_name: NDArray[np.uint8]
    offsets: NDArray[np.uint32]
    postings: NDArray[np.uint32]
    mass: NDArray[np.uint16]
    rows: NDArray[np.uint32]
    prominence: NDArray[np.float32]
    written: NDArray[np.uint8]
    written_starts: NDArray[np.uint32]
    claims: NDArray[np.uint64]
    claim_owners: NDArray[np.uint32]
    words: NDArray[np.uint64]
    word_owners: NDArray[np.uint32]
    word_bits: NDArray[np.float32]

    @classmethod
    def of(
        cls,
        accounts: Sequence[ProtectedAccount],
        base: KeyIndex | None = None,
        *,
        watch: Callable[[int], object] = int,
    ) -> KeyIndex:
        """Index accounts; what a gram weighs is read from ``base``, by default from these accounts themselves."""
        prominence = np.array([prominence_of(account) for account in accounts], np.float32)
        rows = np.argsort(-prominence, kind="stable")
        ordered = [accounts[row] for row in rows.tolist()]
        keys = [_keys(account) for account in _watched(ordered, watch)]
        blob, starts = packed(key for own in keys for _, key, _ in own)
        written, written_starts = packed(text for own in keys for _, _, text in own)
        bits = int(np.clip(np.ceil(np.log2(max(2, _BUCKETS_PER_KEY * (len(starts) - 1)))), _FEWEST_BITS, _MOST_BITS))
        offsets, postings = ngrams.build(blob, starts, bits)
        base_offsets, base_keys = (offsets, len(starts) - 1) if base is None else (base.offsets, len(base.mass))
        counts = [len(own) for own in keys]
        claims, claim_owners = _claims(zip(ordered, keys, strict=True))
        words, word_owners, word_bits = borne_words.words_of(ordered)
        index = cls(
            blob=blob,
            starts=starts,
            owners=np.repeat(np.arange(len(ordered), dtype=np.uint32), counts),
            firsts=np.concatenate([[0], np.cumsum(counts)]).astype(np.uint32),
            is_name=np.array([is_name for own in keys for is_name, _, _ in own], np.uint8),
            offsets=offsets,
            postings=postings,
            mass=ngrams.masses(blob, starts, base_offsets, base_keys),
            rows=rows.astype(np.uint32),
            prominence=prominence[rows],
            written=written,
            written_starts=written_starts,
            claims=claims,
            claim_owners=claim_owners,
            words=words,
            word_owners=word_owners,
            word_bits=word_bits,
        )
        for field in fields(cls):  # as those mapped from a file are: numba compiles for either kind by itself
            getattr(index, field.name).setflags(write=False)
        return index

    def pool(self, queries: Queries, gone: NDArray[np.bool_], base: KeyIndex) -> Pool:
        """Return whom to compare with queries: those nearest and those named; ``gone`` is by owner."""
        near, named = self.nearest(queries, gone, base), self.called(queries)
        return Pool(*ranking.pooled(*near, *named, gone))

    def nearest(self, queries: Queries, gone: NDArray[np.bool_], base: KeyIndex) -> tuple[_Places, _Places]:
        """Return the owners that share most with each query, at most ``similarity.ACCOUNTS``, as ``Pool`` lays them."""
        strings = queries.blob, queries.starts
        found = ngrams.query_grams(*strings, queries.is_name, queries.strings, base.offsets, len(base.mass))
        keys, scores, firsts = postings.search(*found, self.offsets, self.postings, self.mass, *_MEMORY.arrays)
        return similarity.likeliest(
            *strings, queries.strings, keys, scores, firsts, self.blob, self.starts, self.owners, gone
        )

    def called(self, queries: Queries) -> tuple[_Places, _Places]:
        """Return the owners whom names and bios of queries name or whose roles they claim: ``mentions.called``."""
        return mentions.called(
            self.claims, self.claim_owners, MAX_OWNERS, PHRASE_WORDS,
            queries.words, queries.word_firsts, queries.is_long, queries.mentions, queries.mention_firsts,
        )  # fmt: skip

    def borne(self, queries: Queries, gone: NDArray[np.bool_]) -> tuple[_Places, NDArray[np.float32], _Places]:
        """Return the owners whose words the texts of queries bear: ``borne_words.borne``."""
        return borne_words.borne(
            self.words, self.word_owners, self.word_bits, self.prominence, gone,
            queries.pieces, queries.piece_starts, queries.piece_firsts,
            queries.told, queries.told_starts, queries.told_firsts,
        )  # fmt: skip

    def compare(self, queries: Queries, pool: Pool, base: KeyIndex) -> NDArray[np.float32]:
        """Return what the owners of a pool have in common with their query, (n_owners, ``similarity.FEATURES``)."""
        strings, owners = (queries.blob, queries.starts), (pool.owners, pool.firsts)
        together, totals = ngrams.shared(
            *strings, queries.strings, base.offsets, len(base.mass), *owners, self.firsts, self.blob, self.starts
        )
        return similarity.compare(
            *strings, queries.is_name, queries.strings, queries.written, queries.written_starts,
            together, totals, ngrams.LANES, ngrams.LANE, *owners, self.firsts,
            self.blob, self.starts, self.is_name, self.mass, self.written, self.written_starts,
        )  # fmt: skip


def _watched(accounts: Sequence[ProtectedAccount], watch: Callable[[int], object]) -> Iterator[ProtectedAccount]:
    for first in range(0, len(accounts), _WATCHED):
        part = accounts[first : first + _WATCHED]
        yield from part
        watch(len(part))


def prominence_of(account: ProtectedAccount) -> float:
    """Return how likely an account is to be imitated, on a scale of its own: this project's choice, for ties only.

    The power of ten of its audience; a verification counts as ten times, the high tier as a hundred times the audience.
    What is unknown counts as none.
    """
    audience = math.log10(1 + (account.followers or 0))
    return audience + (1.0 if account.verified else 0.0) + (2.0 if account.tier == "high" else 0.0)


def _keys(account: ProtectedAccount) -> list[_Key]:
    """Return an account's keys, none twice, that of its handle first."""
    chosen = (View(account).handle_name, *account.former_handles)
    called = (account.display_name or "", *account.aliases, *account.roles)
    found = [(0, key, written_key(handle)) for handle in chosen for key in whole_keys(handle) or (NO_KEY,)]
    found += [(1, key, b"") for name in called if name for key in name_keys(name)]
    return list(dict.fromkeys(found))


def _claims(keyed: Iterable[tuple[ProtectedAccount, list[_Key]]]) -> tuple[_Hashes, NDArray[np.uint32]]:
    found = [(claim, owner) for owner, one in enumerate(keyed) for claim in _claims_of(*one)]
    claims = np.array([claim for claim, _ in found], np.uint64)
    order = np.argsort(claims, kind="stable")  # the owners of one claim stay in order of prominence
    return claims[order], np.array([owner for _, owner in found], np.uint32)[order]


def _claims_of(account: ProtectedAccount, keys: list[_Key]) -> set[int]:
    handle = keys[0][1]
    claims = {word_hash(b"@" + handle)}
    if len(handle) >= WORD_LETTERS:
        claims.add(word_hash(handle))
    for text in (account.display_name, *account.aliases, *account.roles, *map(_organisation, account.roles)):
        words = telling(text) if text else []
        if 2 <= len(words) <= PHRASE_WORDS or (len(words) == 1 and len(words[0]) >= WORD_LETTERS):
            claims.add(sum(map(word_hash, words)) % _WRAP)
    return claims


def _organisation(role: str) -> str:
    """Return what somebody is the head of: a title is said in many ways, its organisation in one."""
    return _OF.split(role, maxsplit=1)[-1] if _OF.search(role) else ""


class _Memory(threading.local):
    """One thread's working memory, made once: nothing as large is allocated for a query."""

    def __init__(self) -> None:
        self.arrays = (
            np.zeros(postings.BLOCK, np.uint32),
            *(np.empty(postings.BUDGET, np.uint32) for _ in range(4)),
        )


_MEMORY = _Memory()
