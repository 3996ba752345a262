"""Bulk scoring against what a user would write: ``python -m tests.benchmarks.batch`` prints rates and ratios.

Reports are drawn over an invented registry: attacks and genuine cases of every family, each account once, so nothing
is saved by repeated reports. Every figure is the median of several runs of ``doublecheck score`` from Parquet to
Parquet, each a process of its own; start-up (imports, model, registry) is measured by a run of one row and taken off.
What is compared runs in turn, so that what slows one slows the other. Beside each rate stand the seconds of processor
time that 10,000 rows took, of all processes together: on a machine with other work they tell more than the clock.

``--only`` picks: ``one`` core, what a user would write (``naive``), ``two`` cores, ``spark``, ``repeats`` (each account
reported ten times), ``later`` (further on, when most protected accounts are packed: how much longer twice the rows
take), ``memory`` (peak of many rows against a tenth of them, out of 50,000 accounts), ``start`` (nothing but start-up,
which is measured always). ``--home`` keeps what is drawn for the next time: a million protected accounts take a
quarter of an hour and some gigabytes to invent, ``--protected 1000000 --rows 10000000 --runs 1`` needs it.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from statistics import median
from typing import NamedTuple

import numpy as np
import pandas as pd
import psutil
import pyarrow as pa
import pyarrow.parquet as pq
from rapidfuzz import fuzz, process
from tqdm import tqdm

from classifier.accounts.account import Account, canonical
from classifier.accounts.normal_forms import View
from classifier.features import compute
from classifier.importers import import_account
from classifier.model_store import ModelStore
from classifier.registry.registry import Registry
from classifier.simulation import FAMILIES, simulate
from classifier.simulation.population import invent_registry
from classifier.storage.home import registry_store

ONE, TWO = {0}, {0, 1}
REPORTS = 10
# Accounts that are drawn at most, in memory; of more rows, each stands again so many rows further on.
DISTINCT = 200_000
_TEXT, _COUNT, _FLAG = pa.string(), pa.int64(), pa.bool_()
COLUMNS = pa.schema(
    {"handle": _TEXT, "platform": _TEXT, "account_id": _TEXT, "display_name": _TEXT, "bio": _TEXT,
     "links": pa.list_(_TEXT), "followers": _COUNT, "following": _COUNT, "posts": _COUNT, "created_at": _TEXT,
     "verified": _FLAG, "default_avatar": _FLAG, "avatar_pdq": _TEXT, "followed_by_target": _FLAG,
     "observed_at": _TEXT}
)  # fmt: skip


class Spent(NamedTuple):
    """What a run took: seconds by the clock, seconds of processor time of all its processes, peak memory in MB."""

    seconds: float
    processor: float
    peak: float


def home_of(directory: Path, protected: int) -> Path:
    """Return a home with the default model and an invented registry, made if it is not there."""
    home = directory / f"home-{protected}"
    if not registry_store(home).exists():
        print(f"inventing and indexing {protected:,} protected accounts", flush=True)
        registry_store(home).replace(invent_registry(protected, seed=3))
    ModelStore(home).first_start()
    return home


def reports(home: Path, rows: int, repeats: int) -> Path:
    """Return a Parquet file of reported accounts, each ``repeats`` times with another audience."""
    path = home / f"reports-{rows}-{repeats}.parquet"
    if not path.exists():
        count = min(rows, DISTINCT) if repeats == 1 else max(1, min(rows // repeats, 50_000))
        accounts = drawn(registry_store(home).open().index.registry, count)
        plain = [{name: canonical(one).get(name) for name in COLUMNS.names} for one in tqdm(accounts, disable=None)]
        table = pa.Table.from_pylist(plain, COLUMNS)
        with pq.ParquetWriter(path.with_suffix(".new"), table.schema) as writer:
            for first in range(0, rows, 50_000):
                writer.write_table(taken(table, np.arange(first, min(rows, first + 50_000)), repeats))
        path.with_suffix(".new").rename(path)
    return path


def taken(table: pa.Table, numbers: np.ndarray, repeats: int) -> pa.Table:
    found = table.take(pa.array(numbers // repeats % len(table)))
    followers = pd.Series(found.column("followers").to_pandas(), dtype="Int64") + numbers % repeats
    return found.set_column(found.schema.get_field_index("followers"), "followers", pa.array(followers, pa.int64()))


def drawn(registry: Registry, count: int) -> list[Account]:
    """Return so many simulated accounts of all families, in any order."""
    rng = np.random.default_rng(7)
    rows = rng.integers(len(registry), size=count // 10 + 10)
    cases = simulate([registry.accounts[row] for row in rows.tolist()], seed=7, families=FAMILIES)
    accounts = [case.account for case in cases]
    order = rng.permutation(len(accounts))
    return [accounts[place] for place in np.resize(order, count).tolist()]


def scored(
    source: Path, home: Path, *options: str, cores: set[int] = ONE, workers: int = 1, watched: bool = False
) -> Spent:
    """Return what one run of the command on some cores took; its peak memory only if it is watched."""
    command = [str(Path(sys.executable).with_name("doublecheck")), "score", str(source), "--home", str(home),
               "--workers", str(workers), *options]  # fmt: skip
    with tempfile.TemporaryDirectory() as directory:
        before = os.sched_getaffinity(0)
        os.sched_setaffinity(0, cores)  # the command inherits it
        start, worked = time.perf_counter(), children_worked()
        with Path(directory, "said").open("w+b") as said:
            child = subprocess.Popen([*command, "-o", f"{directory}/answers.parquet"], stdout=said, stderr=said)
            os.sched_setaffinity(0, before)
            peak = peak_of(child) if watched else 0.0
            if child.wait():
                said.seek(0)
                raise SystemExit(said.read().decode())
        return Spent(time.perf_counter() - start, children_worked() - worked, peak)


def children_worked() -> float:
    """Return the processor time of all processes that this one started and that have ended, in seconds."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def peak_of(child: subprocess.Popen[bytes]) -> float:
    """Wait for a process and return the largest memory that it and its children ever had together, in MB."""
    peak = 0
    parent = psutil.Process(child.pid)
    while child.poll() is None:
        with suppress(psutil.Error):  # one that ends meanwhile
            peak = max(peak, sum(own(one) for one in (parent, *parent.children(recursive=True))))
        time.sleep(1)
    return peak / 2**20


def own(process_: object) -> int:
    """Return a process's share of memory: what several map counts once."""
    return process_.memory_full_info().pss  # type: ignore[attr-defined]


class Rate(NamedTuple):
    """Rows a second by the clock, and seconds of processor time for 10,000 rows; the latter where it is known."""

    rows: float
    processor: float | None = None


def rate(source: Path, without: Path, home: Path, rows: int, *options: str, **how: object) -> Rate:
    """Return the rate of what one file has more than another; where that has one row, start-up is apart."""
    whole = scored(source, home, *options, **how)  # type: ignore[arg-type]
    part = scored(without, home, *options, **how)  # type: ignore[arg-type]
    return Rate(rows / (whole.seconds - part.seconds), (whole.processor - part.processor) * 10_000 / rows)


def naive(home: Path, source: Path, sample: int) -> Rate:
    """Return rows a second of a plain script: pandas rows, rapidfuzz over all names, one prediction a row."""
    os.sched_setaffinity(0, ONE)
    model = ModelStore(home).load().model
    accounts = list(registry_store(home).open().index.registry.accounts)
    names = [one.handle.lower() for one in accounts] + [(one.display_name or "").lower() for one in accounts]
    now = pd.Timestamp.now("UTC").to_pydatetime()
    start = time.perf_counter()
    for row in pd.read_parquet(source).head(sample).to_dict("records"):
        account = import_account({k: v for k, v in row.items() if v is not None}, "doublecheck", now=now).account
        if account is None:
            continue
        texts = filter(None, (account.handle, account.display_name))
        found = [one for text in texts for one in process.extract(text.lower(), names, scorer=fuzz.ratio, limit=10)]
        best = max(found, key=lambda one: one[1])[2] % len(accounts)
        model.impersonation.log_odds(compute([(View(account), View(accounts[best]))]))
    spent = time.perf_counter() - start
    os.sched_setaffinity(0, TWO)
    return Rate(sample / spent)


def show(title: str, found: Sequence[Rate]) -> float:
    rates = [one.rows for one in found]
    worked = [one.processor for one in found if one.processor is not None]
    beside = f", {median(worked):.2f} s of processor time for 10,000" if worked else ""
    print(f"{title:<44}{median(rates):10,.0f} a second   ({min(rates):,.0f} to {max(rates):,.0f}){beside}", flush=True)
    return median(rates)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--protected", type=int, default=100_000)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--sample", type=int, default=100, help="rows of the script a user would write")
    parser.add_argument("--many", type=int, default=5_000_000, help="rows of the memory test")
    parser.add_argument("--home", type=Path)
    parser.add_argument("--only", nargs="+", default=["one", "naive", "two", "spark", "repeats", "later"])
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        measure(asked, asked.home or Path(directory))


def measure(asked: argparse.Namespace, directory: Path) -> None:
    home = home_of(directory, asked.protected)
    source, single = reports(home, asked.rows, 1), reports(home, 1, 1)
    print(
        f"{asked.protected:,} protected accounts, {asked.rows:,} reported ones, {asked.runs} runs, 2 cores", flush=True
    )
    kinds: dict[str, Callable[[], Rate]] = {
        "one": lambda: rate(source, single, home, asked.rows),
        "naive": lambda: naive(home, source, asked.sample),
        "two": lambda: rate(source, single, home, asked.rows, cores=TWO, workers=2),
        "spark": lambda: rate(
            source, single, home, asked.rows, "--engine", "spark", "--master", "local[2]", cores=TWO, workers=2
        ),
        "repeats": lambda: rate(reports(home, asked.rows * 2, REPORTS), single, home, asked.rows * 2),
        "later": lambda: rate(reports(home, asked.rows * 2, 1), source, home, asked.rows),
        "later, two": lambda: rate(reports(home, asked.rows * 2, 1), source, home, asked.rows, cores=TWO, workers=2),
    }
    wanted = [name for name in kinds if name.partition(",")[0] in asked.only]
    starts = [scored(single, home) for _ in range(asked.runs)]
    seconds, worked = (median(values) for values in list(zip(*starts, strict=True))[:2])
    print(f"start-up: {seconds:.2f} s, {worked:.2f} s of processor time", flush=True)
    found: dict[str, list[Rate]] = {name: [] for name in wanted}
    for _ in range(asked.runs):
        for name in wanted:
            found[name].append(kinds[name]())
    medians = {name: show(_TITLES[name], rates) for name, rates in found.items()}
    for over, under in (
        ("one", "naive"), ("two", "one"), ("spark", "two"), ("repeats", "one"), ("later, two", "later")
    ):  # fmt: skip
        if {over, under} <= medians.keys():
            print(f"  {_TITLES[over]} / {_TITLES[under]}: {medians[over] / medians[under]:.2f}")
    if "memory" in asked.only:
        memory(home, asked.many)


_TITLES = {
    "one": "one core", "naive": "the script a user would write", "two": "two cores", "spark": "Spark local[2]",
    "repeats": "one core, each account reported 10 times", "later": "one core, further on",
    "later, two": "two cores, further on",
}  # fmt: skip


def memory(home: Path, many: int) -> None:
    peaks = []
    for rows in (many // 10, many):
        spent = scored(reports(home, rows, REPORTS), home, cores=TWO, workers=2, watched=True)
        peaks.append(spent.peak)
        print(f"{rows:,} rows in {spent.seconds:,.0f} s, peak memory {spent.peak:,.0f} MB", flush=True)
    print(f"  {peaks[1] / peaks[0]:.3f} times")


if __name__ == "__main__":
    main()
