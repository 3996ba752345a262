"""The queue: what waits, in which order, and how much of it there is."""

import asyncio
from datetime import timedelta

import pytest

from service.auth.api_keys import Caller
from service.decisions import review_queue
from tests.service.conftest import ASSESSMENTS, NOW, body

REVIEWER = Caller("k", "rev-1", frozenset({"reviewer"}))


@pytest.fixture
def service(make_client, database_url):
    return make_client(ASSESSMENTS["below_threshold"], database_url=database_url)


def ask(service, hours, **account):
    service.clock.at = NOW + timedelta(hours=hours)
    return service.check(account=body()["account"] | account).json()["check_id"]


def queue(service, caller=REVIEWER):
    return asyncio.run(service.check_service.waiting(caller))


def ids(found):
    return [one.decision.row.id for one in found]


def test_high_impact_comes_first_then_an_unknown_one_then_the_rest(service):
    small, unknown, large = ask(service, 0), ask(service, 1, verified=None), ask(service, 2, followers=200_000)
    found = queue(service)
    assert ids(found.mine) == [large, unknown, small]
    assert [one.impact for one in found.mine] == ["high", "unknown", "low"]
    assert found.total == 3


def test_what_will_soon_be_too_old_comes_first_and_then_is_gone(service):
    small, _ = ask(service, 0), ask(service, 30, followers=200_000)
    service.clock.at = NOW + timedelta(hours=54)
    assert ids(queue(service).mine)[0] == small
    service.clock.at = NOW + timedelta(hours=72)
    assert small not in ids(queue(service).mine)


def test_what_was_declined_or_acted_on_waits_no_more(make_client, database_url):
    service = make_client(database_url=database_url)
    declined, spent, _ = (ask(service, 0, followers=200_000, account_id=str(number)) for number in range(3))
    for check_id, answers in ((declined, ["decline"]), (spent, ["approve", "approve"])):
        for number, answer in enumerate(answers):
            reviewer = (f"rev-{number}", "reviewer")
            service.get(f"/v1/checks/{check_id}", by=reviewer)
            service.post(f"/v1/checks/{check_id}/approvals", json={"answer": answer, "reason": "x"}, by=reviewer)
    token = service.post(f"/v1/checks/{spent}/clearance").json()["token"]
    account = body()["account"] | {"followers": 200_000, "account_id": "1"}
    assert service.post("/v1/clearances/redeem", json={"token": token, "account": account}).status_code == 200
    found = queue(service, Caller("k", "rev-9", frozenset({"reviewer"})))
    assert len(found.mine) == found.total == 1


def test_what_is_due_first_is_seen_however_many_older_ones_wait(service, monkeypatch):
    monkeypatch.setattr(review_queue, "LOOKED_AT", 2)
    old = [ask(service, hours) for hours in range(4)]
    notice = {"reporter": "stranger", "harm": "emergency"}
    late = service.check(notice=notice).json()["check_id"]
    found = queue(service)
    assert (ids(found.mine), found.total) == ([late, *old[:2]], 5)
    page = service.get("/v1/checks", params={"sort": "due", "limit": 1}, by=("rev-1", "reviewer")).json()
    assert [line["check_id"] for line in page["checks"]] == [late]


def test_what_was_due_before_it_was_asked_comes_first_too(service, monkeypatch):
    monkeypatch.setattr(review_queue, "LOOKED_AT", 1)
    service.clock.at = NOW + timedelta(days=9)
    ask_at = service.check().json()["check_id"]
    received = {"reporter": "stranger", "received_at": "2026-05-01T12:00:00Z"}
    late = service.check(notice=received).json()["check_id"]
    found = queue(service)
    assert ids(found.mine) == [late, ask_at]
    assert [one.escalated for one in found.mine] == [True, False]


def test_only_the_oldest_are_put_in_order_and_all_are_counted(service, monkeypatch):
    monkeypatch.setattr(review_queue, "LOOKED_AT", 2)
    first, second, _ = (ask(service, hours) for hours in range(3))
    found = queue(service)
    assert (ids(found.mine), found.total) == ([first, second], 3)


@pytest.mark.parametrize(
    ("actor", "roles", "ends"),
    [("agent-17", {"reviewer"}, None), ("aud", {"auditor"}, None), ("rev-1", {"reviewer"}, timedelta(hours=1))],
)
def test_what_somebody_cannot_answer_waits_for_others(service, actor, roles, ends):
    check_id = ask(service, 0)
    found = queue(service, Caller("k", actor, frozenset(roles), ends and NOW + ends))
    assert (found.mine, ids(found.others)) == ([], [check_id])
