"""The queue is filtered, sorted and grouped by account; what no index finds is said to be searched in part."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import event

from service.decisions import review_queue
from service.decisions.queue_search import QueueSearch
from tests.service.conftest import ASSESSMENTS, NOW, body
from tests.service.decisions.test_queue_marks import KIM, LEE, answer, caller, marked


@pytest.fixture
def service(make_client):
    return make_client(ASSESSMENTS["below_threshold"])


def ask(service, handle, *, hours=0, action="suspend", actor="agent-17", **account):
    service.clock.at = NOW + timedelta(hours=hours)
    changes = {"handle": handle, "account_id": str(abs(hash(handle)) % 10**9)} | account
    asked = body(account=body()["account"] | changes, action=action, actor={"actor_id": actor})
    return service.post("/v1/checks", json=asked, by=(actor, "agent")).json()["check_id"]


def find(service, by=KIM, **wanted):
    return asyncio.run(service.check_service.queue.find(caller(service, by), QueueSearch(**wanted)))


def shown(service, by=KIM, **wanted):
    return [group.first.account.handle for group in find(service, by, **wanted).groups]


def test_checks_of_one_account_stand_together(service):
    ask(service, "JaneR0e", account_id="7")
    ask(service, "Roe_Jane", hours=1)
    ask(service, "JaneR0e_renamed", hours=2, account_id="7")
    ask(service, "Roe.Jane", hours=3, account_id="")
    ask(service, "roe.jane", hours=4, account_id="")
    groups = find(service).groups
    assert [len(group.items) for group in groups] == [2, 1, 2]
    assert [item.account.handle for item in groups[0].items] == ["JaneR0e", "JaneR0e_renamed"]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"q": "bravo"}, ["Bravo_Roe"]),
        ({"q": "@BRAVO_r"}, ["Bravo_Roe"]),
        ({"q": "roe official"}, ["Alpha_Roe"]),
        ({"q": "%"}, []),
        ({"platform": "bluesky"}, ["charlie.example"]),
        ({"action": "delete"}, ["Bravo_Roe"]),
        ({"reason": "high_impact_audience"}, ["Bravo_Roe"]),
        ({"reason": "no_such_code"}, []),
        ({"impact": "high"}, ["Bravo_Roe"]),
        ({"impact": "unknown"}, ["charlie.example"]),
        ({"impact": "low"}, ["Alpha_Roe", "Kim_Roe"]),
        ({"who": "mine", "impact": "low"}, ["Alpha_Roe"]),
        ({"who": "others"}, ["Kim_Roe"]),
        ({"claimed": "me"}, ["Alpha_Roe"]),
        ({"claimed": "others"}, ["Bravo_Roe"]),
        ({"claimed": "nobody"}, ["charlie.example", "Kim_Roe"]),
        ({"sort": "newest"}, ["Kim_Roe", "charlie.example", "Bravo_Roe", "Alpha_Roe"]),
        ({"sort": "oldest"}, ["Alpha_Roe", "Bravo_Roe", "charlie.example", "Kim_Roe"]),
        ({"sort": "handle"}, ["Alpha_Roe", "Bravo_Roe", "charlie.example", "Kim_Roe"]),
        ({"sort": "audience"}, ["Bravo_Roe", "Alpha_Roe", "Kim_Roe", "charlie.example"]),
        ({"sort": "due"}, ["Alpha_Roe", "Bravo_Roe", "charlie.example", "Kim_Roe"]),
        ({"sort": "probability"}, ["Alpha_Roe", "Bravo_Roe", "charlie.example", "Kim_Roe"]),
        ({}, ["Bravo_Roe", "charlie.example", "Alpha_Roe", "Kim_Roe"]),
    ],
)
def test_what_is_asked_for_is_shown(service, wanted, expected):
    first = ask(service, "Alpha_Roe", display_name="Jane Roe Official", followers=12)
    second = ask(service, "Bravo_Roe", hours=1, followers=300_000, action="delete")
    ask(service, "charlie.example", hours=2, platform="bluesky", followers=None, account_id="did:plc:abcdefghijklmnop")
    ask(service, "Kim_Roe", hours=3, actor="kim", followers=5)
    marked(service, "claim", first)
    marked(service, "claim", second, LEE)
    assert shown(service, **wanted) == expected


def test_handles_platforms_and_actions_are_found_however_many_wait(service, monkeypatch):
    monkeypatch.setattr(review_queue, "LOOKED_AT", 1)
    ask(service, "Alpha_Roe", display_name="Ann")
    ask(service, "Bravo_Roe", hours=1, display_name="Bea", action="delete")
    assert shown(service) == ["Alpha_Roe"]
    assert shown(service, q="brav") == shown(service, action="delete") == ["Bravo_Roe"]
    assert shown(service, q="bea") == []
    found = find(service)
    assert (found.looked_at, found.total) == (1, 2), "the page says that names are searched in part"


def test_what_was_answered_comes_after_what_can_be_answered(service):
    large = ask(service, "Bravo_Roe", followers=300_000)
    ask(service, "Alpha_Roe", hours=1)
    assert answer(service, large, answer="approve").status_code == 200
    assert shown(service) == ["Alpha_Roe", "Bravo_Roe"]
    assert find(service).mine.isdisjoint({large})


def test_more_rows_take_no_more_queries(service):
    asked = []
    event.listen(service.check_service.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    counts = []
    for number in range(6):
        marked(service, "claim", ask(service, f"Roe_{number}", hours=number))
        asked.clear()
        find(service, q="roe")
        counts.append(len(asked))
    assert len(set(counts[1:])) == 1, counts
