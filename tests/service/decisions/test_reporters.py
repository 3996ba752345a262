"""Who reported: what became of somebody's notices, counted, and nothing that follows from it by itself."""

from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import event, select

from service.decisions import reporters
from service.decisions.reporters import kind_of
from service.records.tables import log, metadata, notices
from tests.service.conftest import ASSESSMENTS, JUDGE, NOW, acted, appeal, body
from tests.service.test_rules import approve

READER = ("aud", "auditor")
NOTICE = {"reporter": "trusted_flagger", "reporter_id": "Flagger-3"}
_NUMBERS = count(1)


def account(**changes):
    return body()["account"] | {"account_id": f"7{next(_NUMBERS)}", "handle": f"reported{next(_NUMBERS)}"} | changes


def noticed(client, notice=NOTICE, **changes):
    answer = client.check(account=account(**changes), notice=notice)
    assert answer.status_code == 200, answer.text
    return answer.json()


def counted(client, by=READER, **wanted):
    answer = client.get("/v1/reporters", params={"platform": "x", "reporter_id": "flagger-3"} | wanted, by=by)
    assert answer.status_code == 200, answer.text
    return answer.json()


def figures(client, **wanted):
    found = counted(client, **wanted)
    return {name: found[name] for name in ("notices", "open", "acted_on", "not_acted_on", "unfounded") if found[name]}


def declined(client):
    check_id = noticed(client, followers=200_000)["check_id"]
    client.get(f"/v1/checks/{check_id}", by=JUDGE)
    given = {"answer": "decline", "reason": "It is somebody else."}
    assert client.post(f"/v1/checks/{check_id}/approvals", json=given, by=JUDGE).status_code == 200
    return check_id


def test_each_notice_is_counted_once_by_what_became_of_it(recorded):
    assert counted(recorded)["share_unfounded"] is None
    noticed(recorded)
    waiting = noticed(recorded, followers=200_000)["check_id"]
    assert figures(recorded) == {"notices": 2, "open": 2}
    approve(recorded, waiting, JUDGE)
    assert figures(recorded) == {"notices": 2, "open": 2}, "half approved is open"
    declined(recorded)
    right, wrong = (acted(recorded, account=account(), notice=NOTICE) for _ in range(2))
    assert appeal(recorded, wrong).status_code == 200
    found = counted(recorded)
    assert figures(recorded) == {"notices": 5, "open": 2, "acted_on": 1, "unfounded": 2}
    assert found["share_unfounded"] == pytest.approx(2 / 5)
    assert appeal(recorded, wrong, "upheld").status_code == 200
    assert appeal(recorded, right, "overturned").status_code == 200
    assert figures(recorded) == {"notices": 5, "open": 2, "acted_on": 1, "unfounded": 2}
    recorded.clock.at += recorded.check_service.rules.review_time
    assert figures(recorded) == {"notices": 5, "open": 1, "acted_on": 1, "not_acted_on": 1, "unfounded": 2}


@pytest.mark.parametrize("name", ["is_protected", "declared_secondary"])
def test_a_notice_of_a_genuine_account_is_unfounded(make_client, database_url, name):
    client = make_client(ASSESSMENTS[name], database_url=database_url)
    noticed(client)
    assert figures(client) == {"notices": 1, "unfounded": 1}


def test_what_was_refused_for_who_asked_is_not_held_against_the_reporter(recorded):
    gone = {"actor_id": "agent-17", "access_ends_at": (NOW - timedelta(days=1)).isoformat()}
    answer = recorded.check(account=account(), notice=NOTICE, actor=gone).json()
    assert answer["verdict"] == "refused"
    assert figures(recorded) == {"notices": 1, "not_acted_on": 1}


def test_a_reporter_whose_complaint_was_right_is_not_held_to_have_been_wrong():
    assert kind_of("needs_review", is_declined=True, is_right_after_all=True) == "not_acted_on"


def test_a_reporter_is_one_on_a_platform_in_any_spelling(recorded):
    for name in ("Flagger-3", "FLAGGER-3", "flagger-3 "):
        noticed(recorded, NOTICE | {"reporter_id": name})
    noticed(recorded, NOTICE | {"reporter_id": "flagger-4"})
    noticed(recorded, {"reporter": "stranger"})
    noticed(recorded, platform="bluesky", handle="reported.example")
    assert counted(recorded, platform="Twitter")["notices"] == 3
    assert counted(recorded, platform="bluesky")["notices"] == 1
    assert counted(recorded, reporter_id="nobody")["notices"] == 0


def test_a_time_can_be_named_and_is_a_year_otherwise(recorded):
    recorded.clock.at = NOW - timedelta(days=400)
    noticed(recorded)
    recorded.clock.at = NOW
    noticed(recorded)
    recorded.clock.at = NOW + timedelta(days=1)
    found = counted(recorded)
    assert (found["notices"], found["until"]) == (1, "2026-05-02T12:00:00Z")
    assert found["since"] == "2025-05-02T12:00:00Z"
    assert counted(recorded, **{"from": "2025-01-01T00:00:00Z"})["notices"] == 2
    assert counted(recorded, **{"from": "2025-01-01T00:00:00Z", "to": "2026-05-01T12:00:00Z"})["notices"] == 1
    assert recorded.get("/v1/reporters", params={"platform": "x"}, by=READER).status_code == 422


def test_of_very_many_the_newest_are_counted_and_it_says_so(recorded, monkeypatch):
    for number in range(3):
        recorded.clock.at = NOW + timedelta(minutes=number)
        noticed(recorded)
    recorded.clock.at = NOW + timedelta(hours=1)
    assert (counted(recorded)["notices"], counted(recorded)["cut"]) == (3, False)
    monkeypatch.setattr(reporters, "MOST", 2)
    assert (counted(recorded)["notices"], counted(recorded)["cut"]) == (2, True)


def test_it_takes_as_many_queries_for_many_as_for_one(recorded):
    asked = []
    event.listen(recorded.check_service.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))

    def queries():
        asked.clear()
        counted(recorded)
        return len(asked)

    numbers = []
    for _ in range(3):
        noticed(recorded)
        numbers.append(min(queries() for _ in range(3)))  # on a busy machine the key is looked up again, and its person
    assert len(set(numbers)) == 1


def test_the_name_of_the_reporter_is_in_no_table_but_the_checks(recorded):
    noticed(recorded, NOTICE | {"reporter_id": "Quux-Zanzibar"})
    with recorded.check_service.engine.connect() as connection:
        for table in metadata.sorted_tables:
            rows = str([list(map(tuple, connection.execute(select(table))))])
            assert ("Zanzibar" in rows) == (table.name == "decisions"), table.name
        [row] = connection.execute(select(notices)).all()
        entry = connection.execute(select(log).where(log.c.seq == row.seq)).one()
    assert row.kind == "trusted_flagger"
    assert row.reporter not in entry.data, "the log holds no digest that a name could be tried on"


def test_a_check_without_a_reporter_s_name_notes_nobody(recorded):
    noticed(recorded, {"reporter": "person"})
    recorded.check()
    with recorded.check_service.engine.connect() as connection:
        assert connection.execute(select(notices)).all() == []


def test_nothing_follows_from_a_count(recorded):
    for _ in range(3):
        declined(recorded)
    found = counted(recorded)
    assert (found["unfounded"], found["share_unfounded"]) == (3, 1.0)
    assert found["next_step"].startswith("Nothing follows from this by itself")
    assert noticed(recorded)["verdict"] == "cleared"
