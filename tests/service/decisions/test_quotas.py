"""Beyond a quota nothing is refused, but it takes two people; and the quota is exact, whatever comes at once."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from service.limits import Quotas
from service.records.tables import decisions, log
from tests.service.conftest import NOW, body


def verdicts(client, number, *, by=("agent-17", "agent"), actor="agent-17"):
    """Ask many checks at once and return how many were cleared, and why the others were not."""
    client.key(*by)

    async def ask():
        sent = (client.send("POST", "/v1/checks", json=body(actor=actor), by=by) for _ in range(number))
        return [response.json() for response in await asyncio.gather(*sent)]

    answers = asyncio.run(ask())
    codes = {reason["code"] for one in answers if one["verdict"] != "cleared" for reason in one["reasons"]}
    assert all((one["verdict"] == "cleared") == (one["clearance"] is not None) for one in answers)
    return sum(one["verdict"] == "cleared" for one in answers), codes


@pytest.mark.parametrize("setting", ["actor_daily", "actor_burst", "total_daily", "total_burst"])
def test_at_twice_the_quota_exactly_the_quota_is_cleared(make_client, database_url, setting):
    client = make_client(database_url=database_url, **{setting: 50})
    assert verdicts(client, 100) == (50, {f"quota_{setting}"})


def test_beyond_the_quota_two_people_may_still_agree_and_it_is_recorded(make_client, database_url):
    client = make_client(database_url=database_url, actor_burst=0)
    answer = client.check().json()
    assert (answer["verdict"], answer["required_approvals"]) == ("needs_review", 2)
    with client.check_service.engine.connect() as connection:
        [row] = connection.execute(select(decisions)).all()
        [entry] = connection.execute(select(log).where(log.c.seq == row.seq)).all()
    assert row.verdict == "needs_review"
    assert "quota_actor_burst" in entry.data


def test_one_actors_quota_is_not_anothers(make_client, database_url):
    client = make_client(database_url=database_url, actor_burst=2)
    assert verdicts(client, 3)[0] == 2
    assert verdicts(client, 3, by=("agent-18", "agent"), actor="agent-18")[0] == 2


def test_naming_others_does_not_stretch_the_callers_quota(make_client, database_url):
    client = make_client(database_url=database_url, actor_burst=2)
    found = [verdicts(client, 1, by=("the-tool", "agent"), actor=f"agent-{number}")[0] for number in range(4)]
    assert found == [1, 1, 0, 0]


def test_asking_by_another_key_does_not_stretch_the_actors_quota(make_client, database_url):
    client = make_client(database_url=database_url, actor_burst=2)
    found = [verdicts(client, 1, by=(f"tool-{number}", "agent"))[0] for number in range(4)]
    assert found == [1, 1, 0, 0]


def test_bursts_pass_and_days_do(make_client):
    client = make_client(actor_burst=1, actor_daily=2, burst_minutes=10)
    assert [client.check().json()["verdict"] for _ in range(2)] == ["cleared", "needs_review"]
    client.clock.at = NOW + timedelta(minutes=11)
    assert [client.check().json()["verdict"] for _ in range(2)] == ["cleared", "needs_review"]
    client.clock.at = NOW + timedelta(minutes=22)
    assert {reason["code"] for reason in client.check().json()["reasons"]} == {"quota_actor_daily"}
    client.clock.at = NOW + timedelta(days=1, minutes=12)
    assert client.check().json()["verdict"] == "cleared"


def test_what_is_not_cleared_costs_nothing(make_client):
    client = make_client("below_threshold", actor_burst=1)
    assert verdicts(client, 3)[1] == {"below_threshold"}


def test_the_quotas_that_hold_without_settings_are_finite():
    assert 0 < Quotas().actor_burst <= Quotas().actor_daily <= Quotas().total_daily
