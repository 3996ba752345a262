"""The history finds what was checked, and says what became of it."""

import csv
import io
import json
from datetime import timedelta

import pytest

from service.auth.api_keys import Caller
from service.decisions.history_search import PART_DAYS
from service.decisions.queries import Search, search_rows
from service.web.console import history_pages
from service.web.console.session_guard import COOKIE
from tests.service.conftest import NOW

KNOWN = {"platform": "x", "account_id": "9001", "display_name": "Jane Roe", "followers": "12",
         "created_at": "2026-04-20", "verified": "no", "bio": "Actor."}  # fmt: skip


@pytest.fixture
def service(make_client):
    return make_client(total_daily=10**6)


@pytest.fixture
def agent(service, person):
    return person(service, "agent-17", "agent")


@pytest.fixture
def auditor(service, person):
    return person(service, "aud", "auditor")


def acts(agent, **changes):
    """Take the clearance of the check that was made last, and spend it."""
    path = agent.path
    given = agent.post(f"{path}/clearance", on=path)
    spent = agent.send("POST", f"{path}/redeem", data=given.hidden | KNOWN | {"paste": "JaneR0e"} | changes)
    assert spent.status in (200, 303), spent.text
    agent.path = path


def found(page):
    return [link["href"] for link in page.all("a") if "data-item" in link]


def test_it_shows_what_became_of_each_check(service, agent, auditor, person):
    agent.check(**KNOWN, paste="JaneR0e")
    acts(agent)
    one = person(service, "rev-1", "reviewer")
    one.post(f"{agent.path}/outcome", on=agent.path, outcome="overturned", relation="same_owner", note="Hers.")
    page = auditor.get("/history")
    assert found(page) == [agent.path]
    assert "Asked to suspend it: cleared to act by agent-17" in page.text
    assert "An appeal overturned the decision by rev-1" in page.text
    assert "on x Overturned on appeal" in page.text


def test_it_says_how_a_check_stands_now(agent, auditor):
    agent.check(**KNOWN, paste="JaneR0e")
    assert "on x Cleared to act" in auditor.get("/history").text
    agent.post(f"{agent.path}/clearance", on=agent.path)
    assert "on x Clearance taken" in auditor.get("/history").text


@pytest.mark.parametrize(
    ("query", "number"),
    [("handle=@JANER0E", 2), ("handle=nobody", 0), ("handle=JaneR0e&platform=x", 2), ("platform=bluesky", 0),
     ("account_id=9001", 1), ("actor=agent-17", 3), ("verdict=cleared", 3), ("verdict=refused", 0),
     ("outcome=overturned", 1), ("outcome=upheld", 0), ("", 3)],
)  # fmt: skip
def test_it_is_searched(service, agent, auditor, person, query, number):
    for account_id, handle in (("9001", "JaneR0e"), ("9002", "janer0e"), ("9003", "Other")):
        agent.check(**KNOWN | {"account_id": account_id}, paste=handle)
    acts(agent, paste="Other", account_id="9003")
    one = person(service, "rev-1", "reviewer")
    one.post(f"{agent.path}/outcome", on=agent.path, outcome="upheld", relation="", note="It was.")
    one.post(f"{agent.path}/outcome", on=agent.path, outcome="overturned", relation="unrelated", note="It was not.")
    assert len(found(auditor.get(f"/history?{query}"))) == number


def test_agents_find_their_own_only(service, agent, person):
    agent.check(**KNOWN, paste="JaneR0e")
    other = person(service, "agent-18", "agent").get("/history")
    assert found(other) == []
    assert "Nothing was checked yet." in other.text


def test_older_ones_are_a_page_further(agent, auditor):
    for number in range(27):
        agent.check(**KNOWN | {"account_id": str(number)}, paste=f"JaneR0e{number}")
    first = auditor.get("/history?platform=x")
    assert len(found(first)) == 25
    older = next(link["href"] for link in first.all("a") if "before=" in link["href"])
    assert "platform=x" in older
    assert len(found(auditor.get(older))) == 2


def test_it_is_searched_by_part_protected_account_person_and_time(service, agent, auditor, person):
    for account_id, handle in (("9001", "JaneR0e"), ("9002", "janer0e_tv"), ("9003", "Other")):
        agent.check(**KNOWN | {"account_id": account_id}, paste="", handle=handle)
    large = agent.check(**KNOWN | {"account_id": "9004", "followers": "900000"}, paste="JaneRoeNews")
    assert large.status == 200
    one = person(service, "rev-1", "reviewer")
    one.post(f"{agent.path}/answer", on=agent.path, answer="decline", reason="It is hers.")
    for query, number in {
        "part=NER0": 2,
        "part=e_t": 1,
        "part=r_e": 0,  # no wildcards
        "part=j%25e": 0,
        "part=%40": 4,
        "part=roe&target=JaneRoe": 1,
        "target=%40janeroe": 4,
        "target=nobody": 0,
        "person=rev-1": 1,
        "person=agent-17": 4,
        "person=agent-18": 0,
        "actor=rev-1": 0,
        "since=2026-05-01&until=2026-05-01": 4,
        "since=2026-05-02": 0,
        "until=2026-04-30": 0,
        "part=jane&until=2026-04-30": 0,
        "until=9999-12-31": 4,
        "part=jane&since=0001-01-01&until=0001-01-02": 0,
    }.items():
        page = auditor.get(f"/history?{query}")
        assert (page.status, len(found(page))) == (200, number), query


def test_it_says_in_which_days_a_part_of_a_handle_was_looked_for(service, agent, person):
    agent.check(**KNOWN, paste="JaneR0e")
    service.clock.at += timedelta(days=PART_DAYS)
    auditor = person(service, "aud", "auditor")
    try:
        page = auditor.get("/history?part=jane")
        assert "within 92 days: here from 1 May 2026 to 1 August 2026, 12:00 UTC. Choose other dates" in page.text
        assert len(found(page)) == 1
        service.clock.at += timedelta(minutes=1)
        assert found(auditor.get("/history?part=jane")) == []
        earlier = auditor.get("/history?part=jane&since=2026-05-01&until=2026-05-03")
        assert len(found(earlier)) == 1
        assert "Choose other dates" not in earlier.text
    finally:
        service.clock.at -= timedelta(days=PART_DAYS, minutes=1)


def test_searches_rest_on_indexes(service):
    plans = {
        "part": ("ix_decisions_at", {"part": "jane", "since": NOW, "until": NOW, "before": 9}),
        "target": ("ix_decision_targets_handle", {"target": "JaneRoe"}),
        "person": ("ix_approvals_actor", {"person": "rev-1"}),
    }
    caller = Caller("0" * 16, "aud", frozenset({"auditor"}))
    with service.check_service.engine.connect() as connection:
        for index, wanted in plans.values():
            queries = []

            def read(query, queries=queries):
                queries.append(query)
                return connection.execute(query).all()

            search_rows(read, Search(**wanted), caller)
            text = str(queries[-1].compile(connection, compile_kwargs={"literal_binds": True}))
            plan = "\n".join(
                row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text.replace('%', '%%')}")
            )
            assert index in plan, plan
            assert "SCAN decisions" not in plan, plan


def fetched(who, path):
    return who.client.get(path, by=None, headers={"cookie": f"{COOKIE}={who.cookie}"})


def test_what_was_found_is_taken_away_as_files(monkeypatch, service, agent, auditor, person):
    monkeypatch.setattr(history_pages, "TOGETHER", 2)  # so that it takes several pages
    for number, handle in enumerate(("JaneR0e", "=cmd", "janer0e_tv", "Other"), 1):
        account = {
            "platform": "forum" if number == 2 else "x",
            "handle": handle,
            "account_id": "=9002" if number == 2 else f"900{number}",
            "followers": 12,
        }
        account |= {"verified": False, "created_at": "2026-04-20T08:00:00Z"}
        assert service.check(account=account).status_code == 200, handle
    agent.check(**KNOWN | {"account_id": "9009", "followers": "900000"}, paste="JaneRoeNews")
    one = person(service, "rev-1", "reviewer")
    one.post(f"{agent.path}/answer", on=agent.path, answer="decline", reason="It is hers.")
    page = auditor.get("/history?target=JaneRoe")
    files = [link["href"] for link in page.all("a") if "download" in link]
    assert files == ["/history/export/checks.csv?target=JaneRoe", "/history/export/checks.jsonl?target=JaneRoe"]
    answer = fetched(auditor, files[0])
    assert answer.headers["content-disposition"] == 'attachment; filename="checks.csv"'
    assert answer.headers["cache-control"] == "no-store"
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["handle"] for row in rows] == ["JaneRoeNews", "Other", "janer0e_tv", "'=cmd", "JaneR0e"]
    assert rows[3]["account_id"] == "'=9002"
    assert (rows[0]["stands"], rows[0]["declined_by"]) == ("Declined", '["rev-1"]')
    lines = [json.loads(line) for line in fetched(auditor, files[1]).text.splitlines()]
    assert [f"/checks/{line['check_id']}" for line in lines] == found(page)
    assert (lines[3]["handle"], lines[3]["target_handle"]) == ("=cmd", "JaneRoe")
    assert (lines[0]["stands"], lines[0]["approved_by"], lines[0]["declined_by"]) == ("Declined", [], ["rev-1"])
    kind = f"part=tv&verdict={lines[2]['verdict']}"
    some = fetched(auditor, f"/history/export/checks.jsonl?{kind}").text.splitlines()
    assert len(some) == 1
    noted = auditor.get("/history").text
    assert "Downloads of the history, the latest 3" in noted
    assert "got checks.jsonl, searched by Part of a handle, Verdict" in noted, "which fields, not what for"


def test_a_file_has_what_its_reader_may_see_and_nothing_else(service, agent, person):
    agent.check(**KNOWN, paste="JaneR0e")
    other = person(service, "agent-18", "agent")
    assert fetched(other, "/history/export/checks.jsonl").text == ""
    assert len(fetched(agent, "/history/export/checks.jsonl").text.splitlines()) == 1
    assert "Downloads of the history" not in agent.get("/history").text
    assert "agent-17 got checks.jsonl, all checks" in person(service, "aud", "auditor").get("/history").text
    assert agent.get("/history/export/keys.csv").status == 404
    assert agent.get("/history/export/checks.csv?before=x").status == 422
    assert person(service).get("/history/export/checks.csv").text.startswith("Sign in")


@pytest.mark.parametrize(
    "query",
    ["since=2026-13-01", "until=x", "part=%00", "verdict=maybe", "before=0", "before=x", "handle=%00", "outcome=lost"],
)
def test_what_cannot_be_searched_is_said(auditor, query):
    assert auditor.get(f"/history?{query}").status == 422


def test_no_text_becomes_markup(agent, auditor):
    script = "<script>alert(1)</script>"
    agent.check(**KNOWN | {"platform": script, "account_id": script}, paste=script)
    for path in ("/history", "/history?handle=%3Cscript%3Ealert(1)%3C/script%3E&actor=%22%3E%3Cscript%3E"):
        assert "<script>alert" not in auditor.get(path).response.text


def test_what_is_too_old_to_be_acted_on_has_lapsed(make_client, person):
    client = make_client(total_daily=10**6)
    person(client, "agent-17", "agent").check(**KNOWN, paste="JaneR0e")
    client.clock.at += client.check_service.rules.review_time
    assert "on x Lapsed: nobody acted in time" in person(client, "aud", "auditor").get("/history").text
