"""Fuzz the HTTP contract until enough cases were tried: ``python -m tests.contract --cases 10000 --seed 7``.

Every round has a seed of its own, the first one the one that is named, so that a round that failed is repeated by its
seed. It prints a line a round, and fails with the report of Schemathesis where an answer is not as the document says.
"""

from __future__ import annotations

import argparse
import secrets
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests.contract.fuzzer import ALONE, WALKS, fuzz
from tests.contract.service import running
from tests.service.databases import KINDS, new_database, postgresql_server

EXAMPLES = 100


def main() -> None:
    """Fuzz as the command line says."""
    parser = argparse.ArgumentParser(prog="python -m tests.contract", description=__doc__.partition("\n")[0])
    parser.add_argument("--cases", type=int, default=1, help="cases to try at least; a round is some thousand")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(2**32), help="of the first round")
    parser.add_argument("--database", choices=KINDS, default="sqlite")
    parser.add_argument("--examples", type=int, default=EXAMPLES, help="cases drawn of each operation in a round")
    given = parser.parse_args()
    tried, seed, failed = 0, given.seed, False
    while tried < given.cases and not failed:
        cases, failed = one_round(seed, given.database, given.examples)
        tried, seed = tried + cases, seed + 1
    print(f"{tried:,} cases tried, {'a failure found' if failed else 'none failed'}")
    sys.exit(failed)


def one_round(seed: int, database: str, examples: int) -> tuple[int, bool]:
    """Fuzz a new service over a new database; return how many cases were tried and whether one failed."""
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="doublecheck-contract-")))
        url = f"sqlite:///{home}/doublecheck.db"
        if database == "postgresql":
            url = new_database(stack.enter_context(postgresql_server()))
        service = stack.enter_context(running(home, url))
        found = [fuzz(service, home, seed=seed, examples=examples, phases=phases) for phases in (ALONE, WALKS)]
    cases, failed = sum(one.cases for one in found), any(one.failed for one in found)
    print(f"seed {seed} | {database} | {cases:,} cases | {'FAILED' if failed else 'ok'}", flush=True)
    for one in found:
        print(one.report, end="")
    return cases, failed


if __name__ == "__main__":
    main()
