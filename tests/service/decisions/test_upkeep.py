"""What the service does by itself: it notes what is in force, and is ready or says why not."""

import asyncio
from datetime import timedelta

from sqlalchemy import select

from service.records.tables import answers, log, usage
from service.records.transaction import minute_of
from service.settings import Settings
from service.web.app import _keep_house
from tests.service.conftest import Client, body


def noted(client):
    with client.check_service.engine.connect() as connection:
        return list(connection.execute(select(log.c.kind).where(log.c.subject == "registry")).scalars())


def test_what_is_in_force_is_noted_once_and_again_when_it_changes(recorded, monkeypatch):
    asyncio.run(recorded.upkeep.note_versions())
    asyncio.run(recorded.upkeep.note_versions())
    assert noted(recorded) == ["in_force"]
    monkeypatch.setattr(recorded.scorer, "model_id", "another")
    asyncio.run(recorded.upkeep.note_versions())
    assert noted(recorded) == ["in_force", "in_force"]


def test_a_second_worker_does_not_note_it_again(recorded, database_url):
    asyncio.run(recorded.upkeep.note_versions())
    other = Client(
        recorded.check_service.current, Settings(home=recorded.settings.home, database_url=database_url), recorded.clock
    )
    asyncio.run(other.upkeep.note_versions())
    other.check_service.close()
    assert noted(recorded) == ["in_force"]


def test_housekeeping_goes_on_whatever_fails(recorded, monkeypatch, caplog):
    calls = []

    async def fail():
        calls.append(1)
        raise ZeroDivisionError("Zanzibar-Quux")

    monkeypatch.setattr(recorded.upkeep, "note_versions", fail)
    monkeypatch.setattr("service.web.app.NOTED", 0.001)

    async def keep():
        task = asyncio.ensure_future(_keep_house(recorded.upkeep, None, recorded.check_service))
        while len(calls) < 3:
            await asyncio.sleep(0.001)
        task.cancel()

    asyncio.run(keep())
    assert "ZeroDivisionError" in caplog.text
    assert "Zanzibar" not in caplog.text


def test_what_another_home_withdrew_is_withdrawn_here_by_housekeeping(recorded, monkeypatch):
    """It is in the log that both share; beside the model of this home it is not."""
    restored = []
    monkeypatch.setattr("service.web.app.NOTED", 0.001)

    class Watching:
        def restore(self, model_id):
            restored.append(model_id)

    async def keep():
        task = asyncio.ensure_future(_keep_house(recorded.upkeep, Watching(), recorded.check_service))
        while len(restored) < 2:
            await asyncio.sleep(0.001)
        task.cancel()

    asyncio.run(keep())
    assert set(restored) == {recorded.scorer.model_id}


def test_not_ready_while_the_database_cannot_be_written(recorded, monkeypatch):
    assert recorded.get("/readyz").status_code == 200

    def fail(*_, **__):
        raise OSError("no space left on device")

    monkeypatch.setattr("service.records.group_commit.commit", fail)
    assert recorded.get("/readyz").status_code >= 500
    assert recorded.get("/healthz").status_code == 200


def test_the_same_answer_to_an_approval_sent_twice(recorded):
    account = {"platform": "x", "account_id": "9001", "handle": "JaneR0e", "followers": 10**6, "verified": False}
    check_id = recorded.check(account=account).json()["check_id"]
    by = ("rev-1", "reviewer")
    recorded.get(f"/v1/checks/{check_id}", by=by)
    sent = {"json": {"answer": "approve", "reason": "It is."}, "headers": {"Idempotency-Key": "a-1"}, "by": by}
    first, again = (recorded.post(f"/v1/checks/{check_id}/approvals", **sent) for _ in range(2))
    assert first.status_code == 200
    assert first.content == again.content


def counted(client, name):
    """What a counter says, by its labels, of what happened: all labels are there from the start, at 0."""
    lines = client.get("/metrics").text.splitlines()
    found = (line.removeprefix(name).rpartition(" ") for line in lines if line.startswith(name + "{"))
    return {labels: float(count) for labels, _, count in found if float(count)}


def test_what_is_only_repeated_is_counted_once(recorded):
    asked = {"json": body(), "headers": {"Idempotency-Key": "c-1"}}
    answers = [recorded.post("/v1/checks", **asked).json() for _ in range(3)]
    spent = {"json": {"token": answers[0]["clearance"]["token"], "account": body()["account"]}}
    for _ in range(3):
        assert recorded.post("/v1/clearances/redeem", **spent, headers={"Idempotency-Key": "r-1"}).status_code == 200
    assert recorded.post("/v1/clearances/redeem", **spent).status_code == 409
    assert counted(recorded, "doublecheck_checks_total") == {'{relation="impersonation",verdict="cleared"}': 1}
    events = counted(recorded, "doublecheck_clearances_total")
    assert events == {'{event="issued"}': 1, '{event="redeemed"}': 1, '{event="refused"}': 1}


def test_what_is_kept_for_a_day_is_forgotten_some_rows_at_a_time(recorded, monkeypatch):
    """All writers wait for each of the batches, and for no more."""
    monkeypatch.setattr("service.records.pruning.TOGETHER", 10)
    monkeypatch.setattr("service.decisions.upkeep.BETWEEN_BATCHES", 0)

    def keep(transaction):
        for number in range(25):
            transaction.add(
                answers, caller="ana", key=f"k{number}", request="r", status=200, body="", at=transaction.stamp
            )
            transaction.add(usage, actor=f"a{number}", minute=minute_of(transaction.now), cleared=1)

    recorded.commit(keep)
    assert asyncio.run(recorded.upkeep.prune()) == 0
    recorded.clock.at += timedelta(days=1, seconds=1)
    assert asyncio.run(recorded.upkeep.prune()) == 3  # the counts of whole minutes are needed for a little longer
    recorded.clock.at += timedelta(hours=1, minutes=1)
    assert asyncio.run(recorded.upkeep.prune()) == 3
    with recorded.check_service.engine.connect() as connection:
        assert not [*connection.execute(select(answers)), *connection.execute(select(usage))]
