"""Alternative designs of candidate retrieval compared in one run: how fast is each, how much memory, what is found?

Run as ``python -m tests.benchmarks.designs [--size 100000] [--each 10] [--seed 1] [--only brute,numpy]``. All designs
answer an attack before the next one is asked, so that a busy machine hurts them alike. All but brute force and what is
built search the same keys, and both building and asking include making them. "most" is the longest answer.
"""

from __future__ import annotations

import argparse
import ctypes
import gc
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from importlib import import_module
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from sklearn.feature_extraction.text import TfidfVectorizer

from classifier.accounts.account import Account, ProtectedAccount
from classifier.text.search_keys import handle_keys, joined, name_keys
from tests.benchmarks.attacks import Attack, draw_attacks
from tests.benchmarks.population import draw_population

GRAM, KEPT = 4, 100  # characters; protected accounts a design returns at most
PER_KEY = 200  # keys it keeps for one key of a query: an account has several
Entry = tuple[bytes, int]  # a key and the place of the account it belongs to


def entries_of(protected: Sequence[ProtectedAccount]) -> list[Entry]:
    """Return the keys that are searched: of each account one of the handle, and all of the display name."""
    return [
        (key, place)
        for place, account in enumerate(protected)
        for key in dict.fromkeys((*map(joined, name_keys(account.handle)[:1]), *name_keys(account.display_name or "")))
    ]


def query_keys(account: Account) -> list[bytes]:
    """Return the keys by which a reported account is looked up."""
    return list(dict.fromkeys((*handle_keys(account.handle), *name_keys(account.display_name or ""))))


def best_owners(scored: Iterable[tuple[int, float]]) -> list[int]:
    """Return the owners by the best score of each, at most ``KEPT``."""
    best: dict[int, float] = {}
    for owner, score in scored:
        best[owner] = max(score, best.get(owner, score))
    return sorted(best, key=lambda owner: (-best[owner], owner))[:KEPT]


class Design:
    """One way to search keys: its ``build`` takes all, ``nearest`` gives owners and scores for one that is asked."""

    name = label = package = ""

    def __init__(self, protected: Sequence[ProtectedAccount]) -> None:
        self.build(entries_of(protected))

    def find_account(self, account: Account) -> list[int]:
        return self.find(query_keys(account))

    def find(self, keys: Sequence[bytes]) -> list[int]:
        return best_owners(pair for key in keys for pair in self.nearest(key))


class BruteForce(Design):
    """Every handle and every name, lower-cased, by rapidfuzz's ratio: what one writes first."""

    name, label = "brute", "brute force (rapidfuzz)"

    def __init__(self, protected: Sequence[ProtectedAccount]) -> None:
        self._handles = [account.handle.lower() for account in protected]
        self._names = [(account.display_name or "").lower() for account in protected]

    def find_account(self, account: Account) -> list[int]:
        asked = ((account.handle, self._handles), (account.display_name, self._names))
        found = (process.extract(text.lower(), known, scorer=fuzz.ratio, limit=KEPT) for text, known in asked if text)
        return best_owners((place, score) for rows in found for _, score, place in rows)


class NumpyPostings(Design):
    """Postings of boundary-padded 4-grams in numpy arrays; cosine of their idf weights."""

    name, label = "numpy", "numpy postings, 4-grams"

    def build(self, entries: list[Entry]) -> None:
        self._owners = np.array([owner for _, owner in entries], dtype=np.int32)
        grams, places = _grams([key for key, _ in entries])
        pairs = np.unique(grams.astype(np.uint64) << 32 | places.astype(np.uint64))  # by gram, then by key, each once
        self._keys = (pairs & 0xFFFFFFFF).astype(np.int32)
        self._vocabulary, starts, counts = np.unique(pairs >> 32, return_index=True, return_counts=True)
        self._ends = np.append(starts, len(pairs))
        self._squared = (np.log(len(entries) / counts) + 1) ** 2
        self._norms = np.sqrt(np.bincount(self._keys, np.repeat(self._squared, counts), len(entries)))

    def nearest(self, key: bytes) -> Iterable[tuple[int, float]]:
        grams = np.unique(_grams([key])[0]).astype(np.uint64)
        at = np.searchsorted(self._vocabulary, grams)
        at = at[self._vocabulary[np.minimum(at, len(self._vocabulary) - 1)] == grams]
        lists = [self._keys[self._ends[i] : self._ends[i + 1]] for i in at]
        if not lists:
            return ()
        # Quicker than a bincount over all keys, and than the best of scores that are mostly nought.
        hit, which = np.unique(np.concatenate(lists), return_inverse=True)
        scores = np.bincount(which, np.repeat(self._squared[at], list(map(len, lists)))) / self._norms[hit]
        if len(hit) > PER_KEY:
            top = np.argpartition(scores, -PER_KEY)[-PER_KEY:]
            hit, scores = hit[top], scores[top]
        scores /= np.sqrt(self._squared[at].sum() + (len(grams) - len(at)) * (np.log(len(self._norms)) + 1) ** 2)
        return zip(self._owners[hit].tolist(), scores.tolist(), strict=True)


def _grams(keys: Sequence[bytes]) -> tuple[NDArray[np.uint32], NDArray[np.int32]]:
    """Return the 4-grams of each key between two spaces, as numbers, and which key each is of."""
    text = np.frombuffer(b"\0".join(map(_padded, keys)), dtype=np.uint8).astype(np.uint32)
    places = np.cumsum(text == 0, dtype=np.int32)
    within = (places[:-3] == places[3:]) & (text[:-3] != 0)  # no gram reaches into the next key
    grams = text[:-3] << 24 | text[1:-2] << 16 | text[2:-1] << 8 | text[3:]
    return grams[within], places[:-3][within]


def _padded(key: bytes) -> bytes:
    return b" %b " % key.ljust(GRAM - 2)


class SparseProduct(Design):
    """scikit-learn's TF-IDF of 4-grams within words, and the sparse product that keeps the best of each row."""

    name, label, package = "sparse", "sparse TF-IDF product", "sparse_dot_topn"

    def build(self, entries: list[Entry]) -> None:
        self._product = import_module(self.package).sp_matmul_topn
        self._owners = np.array([owner for _, owner in entries])
        how = {"analyzer": "char_wb", "ngram_range": (GRAM, GRAM), "encoding": "latin-1", "dtype": np.float32}
        self._vectorizer = TfidfVectorizer(**how)
        self._postings = self._vectorizer.fit_transform([key for key, _ in entries]).T.tocsr()

    def find(self, keys: Sequence[bytes]) -> list[int]:
        return self.find_many([keys])[0]

    def find_many(self, queries: Sequence[Sequence[bytes]]) -> list[list[int]]:
        asked = self._vectorizer.transform([key for keys in queries for key in keys])
        # The product copies the indices of its right side at every call: give it only the rows that are asked.
        used = np.unique(asked.indices)
        found = self._product(asked[:, used], self._postings[used], top_n=PER_KEY)
        ends = found.indptr[np.cumsum([0, *map(len, queries)])].tolist()
        owners, scores = self._owners[found.indices].tolist(), found.data.tolist()
        return [best_owners(zip(owners[i:j], scores[i:j], strict=True)) for i, j in pairwise(ends)]


class Deletions(Design):
    """Symmetric deletion (SymSpell): whatever is within two edits of a key written as one word."""

    name, label, package = "symspell", "deletion neighbourhood", "symspellpy"

    def build(self, entries: list[Entry]) -> None:
        module = import_module(self.package)
        self._all, self._dictionary = module.Verbosity.ALL, module.SymSpell(max_dictionary_edit_distance=2)
        self._owners: dict[str, list[int]] = defaultdict(list)
        for key, owner in entries:
            self._owners[joined(key).decode("latin-1")].append(owner)
        for word in self._owners:
            self._dictionary.create_dictionary_entry(word, 1)

    def find(self, keys: Sequence[bytes]) -> list[int]:
        words = dict.fromkeys(joined(key).decode("latin-1") for key in keys)
        found = (item for word in words for item in self._dictionary.lookup(word, self._all))
        return best_owners((owner, -item.distance) for item in found for owner in self._owners[item.term])


class Engine(Design):
    """An existing search engine: tantivy, in memory, BM25 over a field of 4-grams."""

    name, label, package = "tantivy", "search engine (tantivy)", "tantivy"

    def build(self, entries: list[Entry]) -> None:
        self._module = tantivy = import_module(self.package)
        self._analyzer = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.ngram(GRAM, GRAM)).build()
        builder = tantivy.SchemaBuilder().add_text_field("key", tokenizer_name="grams", index_option="freq")
        self._schema = builder.add_integer_field("owner", fast=True).build()
        index = tantivy.Index(self._schema)
        index.register_tokenizer("grams", self._analyzer)
        writer = index.writer(num_threads=1)
        for key, owner in entries:
            writer.add_document(tantivy.Document(key=_padded(key).decode("latin-1"), owner=owner))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        self._searcher = index.searcher()

    def nearest(self, key: bytes) -> Iterable[tuple[int, float]]:
        query, should = self._module.Query, self._module.Occur.Should
        grams = dict.fromkeys(self._analyzer.analyze(_padded(key).decode("latin-1")))
        terms = [(should, query.term_query(self._schema, "key", gram, "freq")) for gram in grams]
        # Without the count the engine may skip what cannot come among the best.
        hits = self._searcher.search(query.boolean_query(terms), limit=PER_KEY, count=False).hits
        owners = self._searcher.fast_field_values("owner", [address for _, address in hits])
        return zip(owners, (score for score, _ in hits), strict=True)


class Built(Design):
    """What is built: ``candidate_index``, keys of its own and all that it does beyond retrieval."""

    name, label = "built", "what is built"

    def __init__(self, protected: Sequence[ProtectedAccount]) -> None:
        registry = import_module("classifier.registry.registry").Registry(protected)
        self._index = import_module("classifier.retrieval.candidate_index").CandidateIndex(registry)
        self._places = {account.handle.lower(): place for place, account in enumerate(protected)}

    def find_account(self, account: Account) -> list[int]:
        return [self._places[found.view.account.handle.lower()] for found in self._index.find(account)][:KEPT]


DESIGNS: tuple[type[Design], ...] = (BruteForce, NumpyPostings, SparseProduct, Deletions, Engine, Built)


class Measured:
    """A design that is built, what that took, and what it answered."""

    def __init__(self, design: type[Design], protected: Sequence[ProtectedAccount], warm_up: Account) -> None:
        before, start = resident(), time.perf_counter()
        self.design = design(protected)
        self.seconds = time.perf_counter() - start
        self.growth = "" if before is None else f"{(resident() or 0) - before:.0f}"
        self.design.find_account(warm_up)
        self.times: list[float] = []
        self.ranks: dict[str, list[int]] = defaultdict(list)
        self.longest = 0

    def ask(self, attack: Attack, place: int) -> None:
        start = time.perf_counter()
        found = self.design.find_account(attack.account)
        self.times.append((time.perf_counter() - start) * 1000)
        self.ranks[attack.family].append(found.index(place) + 1 if place in found else KEPT + 1)
        self.longest = max(self.longest, len(found))

    def row(self, brute: Sequence[float]) -> str:
        faster = f"{np.median(np.divide(brute, self.times)):.1f}" if brute else ""
        p50, p99 = np.percentile(self.times, (50, 99))
        recalls = [np.mean([np.mean(np.array(r) <= most) for r in self.ranks.values()]) for most in (1, 10, KEPT)]
        cells = f"{self.design.label:<25}{self.seconds:8.1f}{self.growth:>8}{p50:9.2f}{p99:9.2f}{faster:>9}"
        return cells + "".join(f"{recall:7.3f}" for recall in recalls) + f"{self.longest:6}"


def resident() -> float | None:
    """Return this process's resident memory in MB, after all that is free was given back; ``None`` where unknown."""
    gc.collect()
    if not (status := Path("/proc/self/status")).exists():
        return None
    # What one build left free would else be lent to the next one.
    getattr(ctypes.CDLL(None), "malloc_trim", lambda _: None)(0)
    return int(status.read_text().partition("VmRSS:")[2].split()[0]) / 1024


def main() -> None:
    """Build the designs, ask each every attack, and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    for name, value in (("size", 100_000), ("each", 10), ("seed", 1), ("only", "")):
        parser.add_argument(f"--{name}", type=type(value), default=value)
    options = parser.parse_args()
    protected = draw_population(options.size, options.seed)
    attacks = [one for one in draw_attacks(protected, seed=options.seed, each=options.each) if one.family[:3] != "bio"]
    print(f"{len(protected):,} protected accounts, {len(attacks)} attacks, seed {options.seed}")
    chosen = [design for design in DESIGNS if not options.only or design.name in options.only.split(",")]
    missing = [design for design in chosen if design.package and find_spec(design.package) is None]
    for design in missing:
        print(f"{design.name}: not installed, pip install {design.package}")
    measured = [Measured(design, protected, attacks[0].account) for design in chosen if design not in missing]
    places = {account.handle.lower(): place for place, account in enumerate(protected)}
    # Else a collection that one design causes would walk through the objects of all.
    gc.collect()
    gc.freeze()
    rng = np.random.Generator(np.random.PCG64(options.seed))
    for attack in attacks:
        for i in rng.permutation(len(measured)):  # nobody always comes after the one that empties the caches
            measured[i].ask(attack, places[attack.target.handle.lower()])
    _report(measured, attacks)


def _report(measured: Sequence[Measured], attacks: Sequence[Attack]) -> None:
    brute = next((one.times for one in measured if isinstance(one.design, BruteForce)), [])
    print(f"{'design':<25} build s      MB   ms p50   ms p99  x brute    R@1   R@10  R@100  most")
    print(*(one.row(brute) for one in measured), sep="\n")
    for design in (one.design for one in measured if isinstance(one.design, SparseProduct)):
        start = time.perf_counter()
        design.find_many([query_keys(attack.account) for attack in attacks])
        print(f"{design.label}: {len(attacks) / (time.perf_counter() - start):.0f} queries/s and core in one batch")


if __name__ == "__main__":
    main()
