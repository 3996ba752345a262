"""A database with as many decisions as somebody has after years, of whose log each entry holds.

``DOUBLECHECK_TEST_DECISIONS`` says how many; ten million take hours to make.
"""

from __future__ import annotations

import json
import os
import random
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text

from service.records.tables import answers, approvals, clearances, decision_targets, decisions, outcomes, stamp, usage
from service.records.transaction import Answer, Transaction, Unit, commit, minute_of

COUNT = int(os.environ.get("DOUBLECHECK_TEST_DECISIONS", "15000"))
# A tool asks for most, one person acts in many, and one platform has few.
TOOL, BUSY, RARE = "gate-tool", "agent-0", "tiny.example"
PLATFORMS = ("x", "mastodon.example", "bsky")
_TOGETHER = 2_000
_YEAR = timedelta(days=365)


def fill(client: Any, count: int = COUNT) -> None:
    """Add decisions of the last year to a service's database, with what became of them."""
    chance = random.Random(7)  # noqa: S311 -- the same database each time
    now = client.clock.at
    client.clock.at = _time(0, count, now)
    template = _template(client)
    for first in range(0, count, _TOGETHER):
        numbers = range(first, min(first + _TOGETHER, count))
        client.clock.at = _time(numbers[-1], count, now)
        [done] = commit(
            client.check_service.engine,
            client.check_service.signer,
            [Unit(lambda transaction, of=numbers: _add(transaction, of, count, now, template, chance))],
            now=client.clock,
        )
        if isinstance(done, Exception):
            raise done
    client.clock.at = now
    analyze(client.check_service.engine)


def analyze(engine: Any) -> None:
    """Let PostgreSQL look at what is in it, as it does by itself in service; SQLite keeps no statistics."""
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("SET statement_timeout = 0"))
            connection.execute(text("VACUUM ANALYZE"))
            connection.invalidate()


def _template(client: Any) -> dict[str, Any]:
    """Return the record of a check, without its evidence: so that many fit onto a disk."""
    answer = client.check().json()
    with client.check_service.engine.connect() as connection:
        query = decisions.select().where(decisions.c.id == answer["check_id"])
        record = json.loads(connection.execute(query).one().record)
    record["answer"]["evidence"] = []
    return record


def _time(number: int, count: int, now: datetime) -> datetime:
    return now - _YEAR + number * (_YEAR / count)


def _add(
    transaction: Transaction,
    numbers: range,
    count: int,
    now: datetime,
    template: dict[str, Any],
    chance: random.Random,
) -> Answer:
    for number in numbers:
        _decide(transaction, number, _time(number, count, now), template, chance)
    rows = [{"actor": f"agent-{n}", "minute": minute_of(_time(n, count, now)), "cleared": 1} for n in numbers]
    for row in rows:
        transaction.add(usage, **row)
    return Answer("")


def _decide(
    transaction: Transaction, number: int, at: datetime, template: dict[str, Any], chance: random.Random
) -> None:
    check_id, verdict = str(UUID(int=number)), chance.choices(_VERDICTS, (60, 30, 10))[0]
    actor = BUSY if chance.random() < 0.2 else f"agent-{chance.randrange(1, 300)}"
    row = {
        "id": check_id,
        "at": stamp(at),
        "caller": TOOL if chance.random() < 0.5 else actor,
        "key_id": "k",
        "actor": actor,
        "action": "suspend",
        "verdict": verdict,
        "platform": RARE if number % 20_000 == 7 else PLATFORMS[number % 10 % len(PLATFORMS)],
        "account_id": str(number // 2),
        "handle": f"janer0e{number // 2}",
        "record": json.dumps(template | {"answer": template["answer"] | {"required_approvals": 2}, "number": number}),
        "due": stamp(at + timedelta(hours=24)),
    }
    seq = transaction.record(decisions, "check", check_id, row, **_said(row)).seq
    transaction.add(decision_targets, entry=seq, handle=f"target{number % 500}" if number % 3 else "janeroe")
    transaction.add(answers, caller="tool", key=check_id, request="r", status=200, body="{}", at=stamp(at))
    if verdict == "needs_review" and chance.random() < 0.9:
        _answer(transaction, check_id, at, chance)
    if verdict == "cleared" or (verdict == "needs_review" and chance.random() < 0.5):
        _act(transaction, check_id, at)
        if chance.random() < 0.01:
            _appeal(transaction, check_id, at, chance)


_VERDICTS = ("cleared", "needs_review", "refused")


def _said(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("actor", "caller", "action", "verdict")}


def _answer(transaction: Transaction, check_id: str, at: datetime, chance: random.Random) -> None:
    answer = chance.choices(("approve", "decline"), (80, 20))[0]
    for reviewer in chance.sample(range(40), 2):
        row = {"decision": check_id, "actor": f"rev-{reviewer}", "key_id": "k", "answer": answer, "reason": "Looked."}
        row |= {"at": stamp(at + timedelta(hours=1))}
        transaction.record(approvals, "approval", check_id, row, actor=row["actor"], answer=answer)


def _act(transaction: Transaction, check_id: str, at: datetime) -> None:
    """Give a clearance and spend it."""
    row = {"id": f"c{check_id[1:]}", "decision": check_id, "issued_at": stamp(at), "taken_by": "k"}
    row |= {"expires_at": stamp(at + timedelta(minutes=15))}
    transaction.record(clearances, "clearance_issued", check_id, row, clearance=row["id"])
    spent = transaction.log("clearance_redeemed", check_id, clearance=row["id"]).seq
    transaction.change(_SPEND, which=row["id"], entry=spent)


_SPEND = text("UPDATE clearances SET spent = :entry WHERE id = :which")


def _appeal(transaction: Transaction, check_id: str, at: datetime, chance: random.Random) -> None:
    found = chance.choice(("upheld", "overturned"))
    row = {"decision": check_id, "outcome": found, "relation": "unrelated", "note": "Looked.", "actor": "judge"}
    row |= {"at": stamp(at + timedelta(days=2))}
    transaction.record(outcomes, "outcome", check_id, row, actor="judge", outcome=found)
