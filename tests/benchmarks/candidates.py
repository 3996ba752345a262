"""Retrieval against what a user would write: ``python -m tests.benchmarks.candidates`` prints the figures.

For each size: a registry is drawn (``population``), written to a file and opened, attacks on it are drawn (``attacks``,
families that nothing was tuned on), and each query is answered by ``CandidateIndex.find`` and, every so often, by
rapidfuzz over all handles and names, in one run, so that what slows one slows the other. Then the registry is changed
ten thousand times while queries go on.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from rapidfuzz import fuzz, process
from tqdm import tqdm

from classifier.accounts.account import Account, ProtectedAccount
from classifier.registry.registry import Registry
from classifier.retrieval.candidate_index import CandidateIndex
from classifier.storage.registry_store import Opened, RegistryStore
from service.server.run import SWITCH_INTERVAL
from tests.benchmarks.attacks import Attack, draw_attacks
from tests.benchmarks.population import draw_population

# Changes applied, in how many steps, and how many queries a second go on meanwhile.
CHANGES, STEP, QUERIES = 10_000, 500, 500


class BruteForce:
    """What a user would write: rapidfuzz ``process.extract`` with ``fuzz.ratio`` over all handles and names."""

    def __init__(self, protected: Sequence[ProtectedAccount]) -> None:
        self.handles = [one.handle for one in protected]
        self.texts = [one.lower() for one in self.handles] + [(one.display_name or "").lower() for one in protected]

    def find(self, account: Account) -> list[str]:
        """Return the handles of the ten most alike, the best first."""
        best: dict[str, float] = {}
        for text in filter(None, (account.handle, account.display_name)):
            for _, score, place in process.extract(text.lower(), self.texts, scorer=fuzz.ratio, limit=10):
                handle = self.handles[place % len(self.handles)]
                best[handle] = max(score, best.get(handle, 0.0))
        return sorted(best, key=lambda handle: -best[handle])[:10]


def timed(call: Callable[[], Any]) -> tuple[Any, float]:
    """Return what a call returns, and its milliseconds."""
    start = time.perf_counter()
    answer = call()
    return answer, (time.perf_counter() - start) * 1e3


def resident() -> str:
    """Return this process's resident memory, in all and its own part of it, where the system tells."""
    status = Path("/proc/self/status")
    lines = status.read_text(encoding="utf-8").splitlines() if status.exists() else []
    found = {line.split(":")[0]: int(line.split()[1]) / 1024 for line in lines if line.startswith(("VmRSS", "RssAnon"))}
    return f"{found['VmRSS']:,.0f} MB, of which {found['RssAnon']:,.0f} MB its own" if found else "unknown"


def work(directory: Path, accounts: Sequence[Account]) -> None:
    """Print the memory of a worker: a process that opens the registry and answers queries."""
    before = resident()
    index = RegistryStore(directory).open().index
    for account in accounts:
        index.find(account)
    print(f"  a worker's memory: {before} before it opens the registry; {resident()} after {len(accounts):,} queries")


def in_process(call: Callable[..., None], *arguments: Any) -> multiprocessing.process.BaseProcess:
    """Start a call in a process of its own."""
    process = multiprocessing.get_context("spawn").Process(target=call, args=arguments)
    process.start()
    return process


def built(protected: Sequence[ProtectedAccount], directory: Path) -> RegistryStore:
    """Index accounts and write them, telling how long that takes."""
    registry, checked = timed(lambda: Registry(protected))
    store = RegistryStore(directory)
    _, indexed = timed(lambda: store.replace(registry))
    size = sum(path.stat().st_size for path in directory.iterdir()) / 1e6
    print(f"  checked in {checked / 1e3:.1f} s, indexed and written in {indexed / 1e3:.1f} s, {size:,.0f} MB on disk")
    return store


def recall(index: CandidateIndex, brute: BruteForce, attacks: Sequence[Attack], every: int) -> None:
    """Print times and recall, over all and by family; brute force answers every ``every``-th attack."""
    times: dict[str, list[float]] = defaultdict(list)
    hits: dict[str, list[tuple[float, ...]]] = defaultdict(list)
    brute_hits: dict[str, list[tuple[float, ...]]] = defaultdict(list)
    for number, attack in enumerate(tqdm(attacks, unit="query", disable=None)):
        found, spent = timed(lambda attack=attack: index.find(attack.account))  # type: ignore[misc]
        times["index"].append(spent)
        handles = [one.view.account.handle for one in found]
        pool = attack.target.handle in among(index, attack.account)
        hits[attack.family].append((handles[:1] == [attack.target.handle], attack.target.handle in handles, pool))
        if number % every == 0:
            best, spent = timed(lambda attack=attack: brute.find(attack.account))  # type: ignore[misc]
            times["brute"].append(spent)
            brute_hits[attack.family].append((best[:1] == [attack.target.handle], attack.target.handle in best))
    report(times, hits, brute_hits)


def among(index: CandidateIndex, account: Account) -> set[str]:
    """Return the handles of all accounts that are compared, before the best are chosen."""
    return {one.handle for one in index.compared(account)}


def report(times: dict[str, list[float]], hits: dict[str, Any], brute_hits: dict[str, Any]) -> None:
    """Print what ``recall`` measured."""
    (median, slow), (brute, brute_slow) = (np.percentile(times[name], [50, 99]) for name in ("index", "brute"))
    print(f"  brute force   p50 {brute:8.2f} ms  p99 {brute_slow:8.2f} ms")
    print(f"  index         p50 {median:8.3f} ms  p99 {slow:8.3f} ms  ({slow / median:.1f} times the median)")
    print(f"  ratio of medians {brute / median:.0f}")
    for title, found in (("index", hits), ("brute force", brute_hits)):
        means = np.mean([np.mean(family, axis=0) for family in found.values()], axis=0)
        print(f"  recall, {title:12}" + " ".join(f"{value:.3f}" for value in means) + "  at 1, at 10, among all")
    for family, found in hits.items():
        own = " ".join(f"{value:5.2f}" for value in np.mean(found, axis=0))
        other = " ".join(f"{value:5.2f}" for value in np.mean(brute_hits[family], axis=0)) if brute_hits[family] else ""
        print(f"    {family:26} {own}   brute force {other}")


def nobody(index: CandidateIndex, seed: int) -> None:
    """Print how long it takes to find nobody: random handles, no name."""
    rng = np.random.default_rng(seed)
    letters = np.array(list("abcdefghijklmnopqrstuvwxyz0123456789"))
    asked = [Account(handle="".join(rng.choice(letters, 14))) for _ in range(500)]
    found = [timed(lambda account=account: index.find(account)) for account in asked]  # type: ignore[misc]
    spent = np.percentile([one for _, one in found], [50, 99])
    empty = np.mean([not candidates for candidates, _ in found])
    print(f"  random handles: {empty:.0%} have no candidate, p50 {spent[0]:.3f} ms, p99 {spent[1]:.3f} ms")


def write_changes(directory: Path, accounts: Sequence[ProtectedAccount]) -> None:
    """Apply changes as another process does."""
    store = RegistryStore(directory)
    opened = store.open()
    for first in range(0, len(accounts), STEP):
        opened = store.change(accounts[first : first + STEP], since=opened)


def ask(held: list[Opened], attacks: Sequence[Attack], done: threading.Event, spent: list[float]) -> None:
    """Query at a steady rate, always the registry that is held now."""
    number = 0
    while not done.is_set():
        due = time.perf_counter() + 1 / QUERIES
        account = attacks[number % len(attacks)].account
        spent.append(timed(lambda account=account: held[0].index.find(account))[1])  # type: ignore[misc]
        number += 1
        time.sleep(max(0.0, due - time.perf_counter()))


def changing(store: RegistryStore, attacks: Sequence[Attack], seed: int) -> None:
    """Print how long queries take while another process makes ten thousand changes that this one follows."""
    sys.setswitchinterval(SWITCH_INTERVAL)
    held, spent, done = [store.open()], [], threading.Event()
    fresh = [replace(one, handle=f"{one.handle}_{n}"[-20:]) for n, one in enumerate(draw_population(CHANGES, seed))]
    asker = threading.Thread(target=ask, args=(held, attacks, done, spent))
    asker.start()
    writer = in_process(write_changes, store.directory, fresh)
    start = time.perf_counter()
    while (writing := writer.is_alive()) or store.follow(held[0]) is not held[0]:
        held[0] = store.follow(held[0])
        time.sleep(0.02 if writing else 0)
    took = time.perf_counter() - start
    done.set()
    asker.join()
    asked = fresh[:: CHANGES // 100]
    seen = sum(held[0].index.find(Account(handle=one.handle))[0].view.account.handle == one.handle for one in asked)
    print(
        f"  {CHANGES:,} changes followed in {took:.1f} s while {len(spent) / took:.0f} queries a second were answered: "
        f"p50 {np.median(spent):.2f} ms, longest {max(spent):.1f} ms; {seen} of {len(asked)} new ones found first"
    )


def measure(size: int, seed: int, each: int, every: int) -> None:
    """Print everything for one size."""
    print(f"{size:,} protected accounts")
    protected = draw_population(size, seed)
    attacks = draw_attacks(protected, seed=seed, each=each)
    np.random.default_rng(seed).shuffle(attacks)  # type: ignore[arg-type]
    brute = BruteForce(protected)
    with tempfile.TemporaryDirectory() as directory:
        store = built(protected, Path(directory))
        opened, spent = min((timed(store.open) for _ in range(5)), key=lambda one: one[1])
        print(f"  opened, every byte checked, in {spent:.1f} ms", flush=True)
        in_process(work, Path(directory), [attack.account for attack in attacks[:1_000]]).join()
        for attack in attacks[:20]:
            opened.index.find(attack.account)
        recall(opened.index, brute, attacks, every)
        nobody(opened.index, seed)
        changing(store, attacks, seed + 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--seed", type=int, default=20_261_124)
    parser.add_argument("--each", type=int, default=100, help="attacks of each family")
    parser.add_argument("--every", type=int, default=10, help="brute force answers one attack in so many")
    asked = parser.parse_args()
    for size in asked.size:
        measure(size, asked.seed, asked.each, asked.every)


if __name__ == "__main__":
    main()
