"""A person's checks that are not done: in which group, until when, and whose."""

import asyncio
from datetime import timedelta

import pytest

from service.auth.api_keys import Caller
from service.decisions import believed, mine
from tests.service.conftest import NOW, body

ME = Caller("k", "agent-17", frozenset({"agent"}))


def account(number, **changes):
    return body()["account"] | {"account_id": str(number), "handle": f"JaneR0e{number}"} | changes


def ask(client, number, **changes):
    return client.check(account=account(number, **changes)).json()["check_id"]


def answer(client, check_id, *answers):
    for number, one in enumerate(answers):
        by = (f"rev-{number}", "reviewer")
        client.get(f"/v1/checks/{check_id}", by=by)
        client.post(f"/v1/checks/{check_id}/approvals", json={"answer": one, "reason": "x"}, by=by)


def groups(client, caller=ME):
    found = asyncio.run(client.check_service.askers.mine(caller))
    return {one.decision.row.id: (one.group, one.soon) for one in found.checks}


def test_each_check_is_in_its_group_and_what_is_done_in_none(recorded):
    cleared, waiting, declined, approved, spent, withdrawn = (
        ask(recorded, number, **({} if number in {1, 5} else {"followers": 200_000})) for number in range(1, 7)
    )
    answer(recorded, declined, "decline")
    answer(recorded, approved, "approve", "approve")
    token = recorded.post(f"/v1/checks/{spent}/clearance").json()["token"]
    recorded.post("/v1/clearances/redeem", json={"token": token, "account": account(5)})
    recorded.post(f"/v1/checks/{withdrawn}/withdrawal", json={"reason": "mistyped"})
    assert groups(recorded) == {
        cleared: ("ready", False),
        waiting: ("waiting", False),
        declined: ("declined", False),
        approved: ("ready", False),
    }


def test_what_is_about_to_lapse_is_told_and_what_has_lapsed_is_history(make_client):
    client = make_client("impersonation", clearance_minutes=15)
    cleared, waiting = ask(client, 1), ask(client, 2, followers=200_000)
    client.clock.at = NOW + timedelta(minutes=12)
    assert groups(client) == {cleared: ("ready", True), waiting: ("waiting", False)}
    client.clock.at = NOW + timedelta(minutes=15)
    assert groups(client) == {waiting: ("waiting", False)}
    client.clock.at = NOW + timedelta(hours=54)
    assert groups(client) == {waiting: ("waiting", True)}
    client.clock.at = NOW + timedelta(hours=72)
    assert groups(client) == {}


def test_an_approval_that_lapses_ends_it_sooner(make_client):
    client = make_client("impersonation", clearance_minutes=15)
    approved = ask(client, 1, followers=200_000)
    answer(client, approved, "approve", "approve")
    [one] = asyncio.run(client.check_service.askers.mine(ME)).of("ready")
    assert one.ends_at == NOW + client.check_service.rules.approval_time
    client.clock.at = NOW + timedelta(hours=25)
    assert groups(client) == {approved: ("waiting", False)}


def test_nobody_sees_what_others_asked_for(recorded):
    ask(recorded, 1)
    assert groups(recorded, Caller("k", "agent-99", frozenset({"agent"}))) == {}
    assert groups(recorded, Caller("k", "Agent-17", frozenset({"agent"}))), "a name is one in any spelling"


def test_what_a_warning_has_ended_is_not_ready(recorded):
    first, second = ask(recorded, 1), ask(recorded, 1)
    token = recorded.post(f"/v1/checks/{first}/clearance").json()["token"]
    grown = {"token": token, "account": account(1, followers=300_000)}
    assert recorded.post("/v1/clearances/redeem", json=grown).status_code == 409
    assert groups(recorded) == {}, f"{second} cannot be acted on either"


def counted(client):
    return asyncio.run(client.check_service.askers.counted(ME))


def test_the_counters_are_believed_for_a_moment_and_counted_anew_after_a_form_was_sent(make_client, monkeypatch):
    client = make_client("impersonation", clearance_minutes=15)
    seconds = [0.0]
    monkeypatch.setattr(believed.time, "monotonic", lambda: seconds[0])
    ask(client, 1)
    assert counted(client) == ({"ready": 1}, 0)
    ask(client, 2)
    assert counted(client).groups["ready"] == 1, "no page reads them again so soon"
    client.check_service.askers.forget(ME)
    assert counted(client).groups["ready"] == 2
    ask(client, 3)
    seconds[0] += believed.BELIEVED
    assert counted(client).groups["ready"] == 3


@pytest.mark.parametrize("asked", [1, 2, 3])
def test_only_so_many_are_looked_at_and_it_is_said(make_client, monkeypatch, asked):
    monkeypatch.setattr(mine, "LOOKED_AT", 2)
    client = make_client("impersonation", clearance_minutes=15)
    for number in range(asked):
        ask(client, number)
    found = asyncio.run(client.check_service.askers.mine(ME))
    assert len(found.checks) == min(asked, 2)
    assert found.more == (asked >= 2)
