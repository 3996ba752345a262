"""What was given before a database was restored gives no permission afterwards, on each kind of database."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from classifier.errors import InputError
from service.decisions.restoration import restore
from service.records.tables import keys, log, sessions
from service.utils.mark import End
from tests.service.conftest import AGENT, body

REVIEWER = ("reviewer-1", "reviewer")


def say(client, kept=None):
    return client.commit(lambda transaction: restore(transaction, None, kept, by="root", because="disk"))


def codes(answer):
    assert answer.status_code == 409, answer.text
    return [reason["code"] for reason in answer.json()["reasons"]]


def test_a_clearance_from_before_does_not_hold(recorded):
    asked = body()
    given = recorded.post("/v1/checks", json=asked).json()
    say(recorded)
    recorded.clock.at += timedelta(seconds=1)
    say_again = {"token": given["clearance"]["token"], "account": asked["account"]}
    assert codes(recorded.post("/v1/clearances/redeem", json=say_again)) == ["restored"]
    assert codes(recorded.post(f"/v1/checks/{given['check_id']}/clearance")) == ["restored"]
    fresh = recorded.post("/v1/checks", json=asked).json()
    token = {"token": fresh["clearance"]["token"], "account": asked["account"]}
    assert recorded.post("/v1/clearances/redeem", json=token).status_code == 200


def test_a_check_from_before_is_not_reviewed(recorded):
    check_id = recorded.check(account=body()["account"] | {"followers": 250_000}).json()["check_id"]
    recorded.get(f"/v1/checks/{check_id}", by=REVIEWER)
    say(recorded)
    answer = recorded.post(
        f"/v1/checks/{check_id}/approvals", json={"answer": "approve", "reason": "seen"}, by=REVIEWER
    )
    assert answer.status_code == 409
    assert "restored" in answer.json()["detail"]


def test_all_keys_are_revoked_but_those_that_are_named(make_client):
    client = make_client(clearance_minutes=14)  # one of its own
    agent, admin = client.key(*AGENT), client.key("admin-1", "admin")
    assert say(client, [agent.split("_")[1]]) == 1
    in_force = client.commit(lambda transaction: transaction.read(select(keys.c.id).where(keys.c.revoked.is_(None))))
    assert [row.id for row in in_force] == [agent.split("_")[1]]
    assert client.get("/v1/checks", by=("admin-1", "admin")).status_code == 401, admin


def test_all_sessions_have_ended(make_client):
    client = make_client(clearance_minutes=13)
    values = {"digest": "d" * 64, "key_id": client.key(*AGENT).split("_")[1], "demo": 0}
    at = "2026-05-01T12:00:00.000000Z"
    client.commit(lambda transaction: transaction.add(sessions, **values, began_at=at, used_at=at))
    say(client)
    [count] = client.commit(lambda transaction: transaction.read(select(func.count()).select_from(sessions)))
    assert count[0] == 0


def test_the_log_says_which_entries_were_lost(make_client):
    client = make_client(clearance_minutes=12)
    client.key(*AGENT)
    end = End("a" * 64, 900, "b" * 64, "2026-05-01T12:00:00.000000Z")
    client.commit(lambda transaction: restore(transaction, end, None, by="root", because="disk"))
    [row] = client.commit(lambda transaction: transaction.read(select(log).where(log.c.kind == "database_restored")))
    assert row.data == '{"because":"disk","by":"root","ended_at":1,"ended_before_at":900}'


def test_a_key_to_keep_has_to_be_in_force(make_client):
    with pytest.raises(InputError, match="nobody is no key in force"):
        say(make_client(), ["nobody"])
