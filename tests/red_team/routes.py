"""Every route by which an account is asked about: each returns how many of its answers are a clearance.

A check over HTTP in our columns and in the platform's own format, the same again after a reviewer declined it, the
batch endpoint, the console's form, an upload and ``doublecheck score``.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import chdir
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from classifier.accounts.account import Account, ProtectedAccount, canonical
from classifier.scoring.policy import Policy
from classifier.scoring.scorer import Scorer
from service.auth.api_keys import Caller
from service.decisions.current_scorer import FixedScorer
from service.settings import Settings
from service.uploads.jobs import Jobs
from service.uploads.worker import ANSWERS, Order, score
from service.web.console.forms import filled
from tests.red_team.formats import raw_formats
from tests.service.conftest import AGENT, NO_HOME, UNLIMITED, Client, Clock
from tests.service.web.console.conftest import Person

REVIEWER = ("rev-1", "reviewer")
# After every date of creation: an account from the future has none.
NOW = datetime(2026, 12, 1, tzinfo=UTC)
_ROWS = 1_000  # of a batch
_UPLOADER = Caller("0123456789abcdef", "agent-17", frozenset({"agent"}))


@dataclass(frozen=True, slots=True)
class Answers:
    """How many answers a route gave, and how many of them were a clearance."""

    asked: int
    cleared: int


def client_of(scorer: Scorer, url: str | None = None) -> Client:
    """Return a service around a scorer, as the tests call one; ``close`` its ``check_service`` when done."""
    return Client(FixedScorer(scorer), Settings(home=NO_HOME, database_url=url, **UNLIMITED), Clock(NOW))


def check(client: Client, accounts: Sequence[Account]) -> Answers:
    """Ask in our columns."""
    return _counted(_asked(client, {"account": canonical(account)}) for account in accounts)


def check_raw(client: Client, accounts: Sequence[Account]) -> Answers:
    """Ask in the platform's own formats."""
    given = [{"account": row, "format": name} for account in accounts for name, row in raw_formats(account).items()]
    return _counted(_asked(client, one) for one in given)


def check_again(client: Client, accounts: Sequence[Account]) -> Answers:
    """Ask, have a reviewer decline it, and ask again; the check that was declined is asked for its clearance too."""
    verdicts = []
    for account in accounts:
        first = client.post("/v1/checks", json=_body({"account": canonical(account)})).json()
        path = f"/v1/checks/{first['check_id']}"
        client.get(path, by=REVIEWER)
        client.post(f"{path}/approvals", json={"answer": "decline", "reason": "Genuine."}, by=REVIEWER)
        verdicts.append(client.post(f"{path}/clearance").status_code == 200)
        verdicts.append(_asked(client, {"account": canonical(account)}))
    return _counted(verdicts)


def batch(client: Client, accounts: Sequence[Account]) -> Answers:
    """Ask by the batch endpoint."""
    found: list[bool] = []
    for start in range(0, len(accounts), _ROWS):
        rows = [_body({"account": canonical(account)}) for account in accounts[start : start + _ROWS]]
        answer = client.post("/v1/checks/batch", json={"checks": rows}).json()
        assert not any(row["error"] for row in answer["results"]), "a row that is not read proves nothing"
        found += [row["verdict"] == "cleared" for row in answer["results"]]
    return _counted(found)


def console(client: Client, accounts: Sequence[Account]) -> Answers:
    """Ask on the console's page, field by field."""
    person = Person(client, *AGENT)
    verdicts = []
    for account in accounts:
        person.check(**filled(account))
        verdicts.append(client.get(f"/v1{person.path}").json()["check"]["verdict"] == "cleared")
    return _counted(verdicts)


SERVED: Mapping[str, Callable[[Client, Sequence[Account]], Answers]] = {
    "check": check,
    "check, platform's format": check_raw,
    "check again after a decline": check_again,
    "batch": batch,
    "console": console,
}


def upload(directory: Path, registry: Sequence[ProtectedAccount], accounts: Sequence[Account], home: Path) -> Answers:
    """Ask by uploading a file, scored as the runner has it scored."""
    job = Jobs(directory).add(io.BytesIO(_lines(map(canonical, accounts))), "reports.jsonl", _UPLOADER, at=NOW)
    order = Order.of(job, home, _written(directory, registry), Policy(), demo=False, rows=len(accounts))
    with chdir(job.directory):
        score(order)
    return _rows(job.directory / ANSWERS)


def score_files(
    directory: Path, registry: Sequence[ProtectedAccount], accounts: Sequence[Account], home: Path
) -> Answers:
    """Ask by ``doublecheck score``."""
    reports, answers = directory / "reports.jsonl", directory / "scored.jsonl"
    reports.write_bytes(_lines(map(canonical, accounts)))
    command = [sys.executable, "-m", "service.entry", "score", reports, "-o", answers, "--registry"]
    subprocess.run(
        [*map(str, command), str(_written(directory, registry))],
        check=True, capture_output=True, env=os.environ | {"DOUBLECHECK_HOME": str(home)},
    )  # fmt: skip
    return _rows(answers)


def _written(directory: Path, registry: Sequence[ProtectedAccount]) -> Path:
    path = directory / "registry.jsonl"
    path.write_bytes(_lines(map(canonical, registry)))
    return path


def _lines(rows: Any) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def _rows(path: Path) -> Answers:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert not any(row["error"] for row in rows), "a row that is not read proves nothing"
    return _counted(row["verdict"] == "cleared" for row in rows)


def _body(given: Mapping[str, Any]) -> dict[str, Any]:
    return {"action": "suspend", "actor": {"actor_id": AGENT[0]}, **given}


def _asked(client: Client, given: Mapping[str, Any]) -> bool:
    response = client.post("/v1/checks", json=_body(given))
    assert response.status_code == 200, response.text
    answer = response.json()
    assert (answer["clearance"] is not None) == (answer["verdict"] == "cleared")
    return bool(answer["verdict"] == "cleared")


def _counted(verdicts: Any) -> Answers:
    found = list(verdicts)
    return Answers(len(found), sum(found))
