"""How long a run of watching takes, and how soon and how often it withdraws: ``python -m tests.benchmarks.monitoring``.

The decisions are invented: one record with as much evidence as real ones have, as often as asked.
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import numpy as np
from sqlalchemy import Engine, insert

from classifier.certification.monitoring.error_bound import DELTA, evidence
from classifier.features import FEATURE_NAMES
from classifier.model_store import ModelStore
from classifier.model_store.training_result import Training
from service.monitoring.watcher import Watcher
from service.records.database import open_database, writing
from service.records.tables import clearances, decisions, log, outcomes, stamp
from service.signing import Signer, clearance_keys
from tests.test_rules import CERTIFICATE, gullible

NOW = datetime(2026, 11, 28, tzinfo=UTC)
# Features of which a record shows evidence.
SHOWN = 14
_INSERTED = 1_000
# Who decide appeals: what is known is counted once without each.
PEOPLE = 4


def main() -> None:
    """Print the table of withdrawals, then the time of a run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--decisions", type=int, default=100_000)
    parser.add_argument("--known", type=int, default=5_000, help="of them with an outcome")
    parser.add_argument("--runs", type=int, default=2_000, help="simulated histories; 0 leaves them out")
    given = parser.parse_args()
    for line in simulated(given.runs) if given.runs else ():
        print(line)
    with tempfile.TemporaryDirectory() as directory:
        print(timed(Path(directory), given.decisions, given.known))


def simulated(runs: int) -> Iterator[str]:
    """Yield how often, and after how many genuine accounts, a certificate is withdrawn at rates of mistakes."""
    for alpha, known in ((0.01, 4_000), (0.001, 12_000)):
        for times in (1, 3, 10):
            rng = np.random.default_rng([times, known])
            reached = evidence(rng.random((runs, known)) < times * alpha, alpha) >= 1 / DELTA
            withdrawn = reached.any(axis=1)
            after = reached.argmax(axis=1)[withdrawn] + 1
            half, most = np.quantile(after, [0.5, 0.9]) if len(after) else (np.nan, np.nan)
            yield (
                f"alpha {alpha:g}, rate {times} alpha: {withdrawn.mean():.1%} of {runs:,} histories withdrawn within "
                f"{known:,} genuine accounts; half of these by {half:.0f}, nine in ten by {most:.0f}"
            )


def timed(home: Path, count: int, known: int) -> str:
    """Return what one run over a SQLite database takes."""
    models = ModelStore(home)
    models.promote(models.add(Training(gullible({"high": CERTIFICATE}), {"seed": 1})))
    engine = open_database(f"sqlite:///{home}/records.db")
    _fill(engine, models.current_id(), count, known)
    watcher = Watcher(engine, Signer(clearance_keys(home)), models, lambda: NOW)
    begin, computed = perf_counter(), process_time()
    health = watcher.examine(models.current_id())
    seconds, computed = perf_counter() - begin, process_time() - computed
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    genuine = health.tiers[0].bound.genuine if health.tiers[0].bound else 0
    return (
        f"{health.decisions:,} decisions, {genuine:,} known to be genuine: {seconds:.1f} s, {computed:.1f} s of them "
        f"computing; at most {megabytes:.0f} MB"
    )


def _fill(engine: Engine, model_id: str, count: int, known: int) -> None:
    for start in range(0, count, _INSERTED):
        numbers = range(start + 1, min(count, start + _INSERTED) + 1)
        with writing(engine).begin() as connection:
            connection.execute(insert(log), [_entry(n) for n in (*numbers, *(count + n for n in numbers))])
            connection.execute(insert(decisions), [_decision(n, model_id) for n in numbers])
            told = [n for n in numbers if n <= known]
            if told:
                connection.execute(insert(clearances), [_spent(n) for n in told])
                connection.execute(insert(outcomes), [_outcome(n, count) for n in told])


def _entry(number: int) -> dict[str, Any]:
    return {
        "seq": number, "at": stamp(NOW), "kind": "-", "subject": "-", "data": "{}", "previous": "-", "hash": "-",
    }  # fmt: skip


def _decision(number: int, model_id: str) -> dict[str, Any]:
    return {
        "seq": number, "id": str(number), "at": stamp(NOW), "caller": "-", "key_id": "-", "actor": "-",
        "action": "suspend", "verdict": "needs_review", "platform": "x", "account_id": str(number), "handle": "-",
        "record": json.dumps(_record(number, model_id)),
    }  # fmt: skip


def _spent(number: int) -> dict[str, Any]:
    return {
        "seq": number, "id": str(number), "decision": str(number), "issued_at": stamp(NOW), "expires_at": stamp(NOW),
        "spent": number,
    }  # fmt: skip


def _outcome(number: int, count: int) -> dict[str, Any]:
    return {
        "seq": count + number, "decision": str(number), "outcome": "overturned", "relation": "unrelated", "note": "",
        "actor": f"judge-{number % PEOPLE}", "at": stamp(NOW),
    }  # fmt: skip


def _record(number: int, model_id: str) -> dict[str, Any]:
    shown = [
        {"feature": name, "explanation": "How alike the two are, in words that people read.", "value": number % 7 / 7,
         "reported": "what the reported account says", "protected": "what the protected account says",
         "contribution": 0.5}
        for name in FEATURE_NAMES[:SHOWN]
    ]  # fmt: skip
    account = {
        "platform": "x", "account_id": str(number), "handle": "invented", "bio": "Some words about somebody. " * 4,
        "followers": number % 5_000, "posts": number % 300, "created_at": "2026-04-20T08:00:00Z",
        "observed_at": "2026-11-28T00:00:00Z",
    }  # fmt: skip
    return {
        "account": account,
        "target": {"tier": "high", "platform": "x", "handle": "target", "bio": "Some words about a person. " * 4},
        "answer": {
            "model_id": model_id, "account_digest": str(number), "relation": "impersonation",
            "impersonation_probability": number % 90 / 100,
            "evidence": shown, "certificate": None,
        },
    }  # fmt: skip


if __name__ == "__main__":
    main()
