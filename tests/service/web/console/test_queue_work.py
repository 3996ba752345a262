"""Reviewers work through the queue on the pages: claims, the next check, skips, escalations; what each role sees."""

import re
from datetime import timedelta

import pytest

from service.decisions.queue_search import QueueSearch
from service.web.console import queue_pages
from service.web.console.queue_work import carried, read_search, search_of
from tests.service.conftest import ASSESSMENTS, NOW, body


@pytest.fixture
def service(make_client):
    return make_client(ASSESSMENTS["below_threshold"], total_daily=10**6)


@pytest.fixture
def waiting(service):
    """The addresses of three checks of small accounts, an hour apart."""
    return [ask(service, number) for number in range(3)]


def ask(service, number, **account):
    service.clock.at = NOW + timedelta(hours=number)
    changes = {"account_id": str(7_000 + number), "handle": f"JaneR0e{number}"} | account
    return f"/checks/{service.check(account=body()['account'] | changes).json()['check_id']}"


def where(page):
    return page.response.request.url.raw_path.decode()


def handle(page):
    return re.search(r"@(JaneR0e\d)", page.text)[1]


def test_the_next_loads_by_itself_and_says_what_was_done(service, waiting, person):
    kim = person(service, "kim", "reviewer")
    page = kim.post("/reviews/next", on="/reviews")
    assert where(page).startswith(f"{waiting[0]}?queue=")
    assert "You have claimed this check until" in page.text
    page = kim.send("POST", f"{waiting[0]}/answer", data=page.hidden | {"answer": "decline", "reason": "Another."})
    assert where(page).startswith(f"{waiting[1]}?queue=")
    assert "You declined @JaneR0e0." in page.text
    page = kim.send("POST", f"{waiting[1]}/answer", data=page.hidden | {"answer": "approve", "reason": "Yes."})
    assert "You approved @JaneR0e1." in page.text
    page = kim.send("POST", f"{waiting[2]}/answer", data=page.hidden | {"answer": "decline", "reason": "No."})
    assert where(page).startswith("/reviews?")
    assert "You declined @JaneR0e2." in page.text
    assert "Nothing is left for you here" in page.text


def test_the_form_sent_twice_answers_once_and_leads_to_the_same_next(service, waiting, person):
    kim = person(service, "kim", "reviewer")
    fields = kim.post("/reviews/next", on="/reviews").hidden | {"answer": "decline", "reason": "Another."}
    first = where(kim.send("POST", f"{waiting[0]}/answer", data=fields))
    assert where(kim.send("POST", f"{waiting[0]}/answer", data=fields)) == first


def test_an_answer_that_lacks_its_reason_keeps_the_person_at_the_queue(service, waiting, person):
    kim = person(service, "kim", "reviewer")
    page = kim.post("/reviews/next", on="/reviews")
    page = kim.send("POST", f"{waiting[0]}/answer", data=page.hidden | {"answer": "decline", "reason": ""})
    assert (page.status, page.hidden["queue"]) == (422, "sort=order")


def test_an_answer_from_the_check_itself_stays_there(service, waiting, person):
    kim = person(service, "kim", "reviewer")
    page = kim.post(f"{waiting[0]}/answer", on=waiting[0], answer="decline", reason="Another.")
    assert where(page) == waiting[0]


def test_filters_go_along_from_check_to_check(service, waiting, person):
    large = ask(service, 3, followers=300_000)
    kim = person(service, "kim", "reviewer")
    page = kim.post("/reviews/next", on="/reviews?impact=low&sort=newest")
    assert where(page).startswith(f"{waiting[2]}?queue=sort%3Dnewest%26impact%3Dlow")
    page = kim.send("POST", f"{waiting[2]}/answer", data=page.hidden | {"answer": "decline", "reason": "No."})
    assert where(page).startswith(waiting[1])
    assert large


def test_two_people_get_two_checks_and_see_each_other(service, waiting, person):
    kim, lee = person(service, "kim", "reviewer"), person(service, "lee", "reviewer")
    kim.post("/reviews/next", on="/reviews")
    assert where(lee.post("/reviews/next", on="/reviews")).startswith(waiting[1])
    queue = lee.get("/reviews")
    assert "kim, 14:15" in queue.text
    assert "You, 14:15" in queue.text
    shown = lee.get(waiting[0])
    assert "kim has claimed this check until 14:15 UTC. You may answer all the same." in shown.text
    page = lee.post("/reviews/mark", on="/reviews", claim=waiting[0].removeprefix("/checks/"))
    assert (page.status, "Kim has claimed this account until 14:15 UTC" in page.text) == (409, True)


def test_a_claim_is_released_from_the_table_or_the_check(service, waiting, person):
    kim = person(service, "kim", "reviewer")
    number = waiting[1].removeprefix("/checks/")
    page = kim.post("/reviews/mark", on="/reviews", claim=number)
    assert "You claimed @JaneR0e1." in page.text
    page = kim.post("/reviews/mark", on="/reviews?sort=newest", release=number)
    assert "You released @JaneR0e1." in page.text
    assert where(page).startswith("/reviews?sort=newest")
    kim.post(f"{waiting[1]}/mark", on=waiting[1], mark="claim")
    assert "You have claimed this check" in kim.get(waiting[1]).text
    kim.post(f"{waiting[1]}/mark", on=waiting[1], mark="release")
    assert "You have claimed this check" not in kim.get(waiting[1]).text


def test_a_skip_says_why_and_goes_on(service, waiting, person):
    kim = person(service, "kim", "reviewer")
    page = kim.post("/reviews/next", on="/reviews")
    missing = kim.send("POST", f"{waiting[0]}/mark", data=page.hidden | {"mark": "skip", "comment": " "})
    assert (missing.status, "say why" in missing.text) == (422, True)
    page = kim.send("POST", f"{waiting[0]}/mark", data=missing.hidden | {"mark": "skip", "comment": "I know her."})
    assert where(page).startswith(waiting[1])
    assert "You skipped @JaneR0e0." in page.text
    assert [link["href"] for link in kim.get("/reviews").all("a") if "data-item" in link][-1] == waiting[0]
    told = kim.get(waiting[0]).text
    assert "Skipped it in the queue by kim I know her." in told


def test_an_escalation_is_seen_first_by_others_and_settled_by_them(service, waiting, person):
    kim, lee = person(service, "kim", "reviewer"), person(service, "lee", "reviewer")
    kim.post(f"{waiting[2]}/mark", on=waiting[2], mark="escalate", comment="Press office?")
    page = lee.get("/reviews")
    assert "Escalated by kim: Press office?" in page.text
    assert next(link["href"] for link in page.all("a") if "data-item" in link) == waiting[2]
    assert "Escalated by kim: Press office?" in (shown := lee.get(waiting[2]).text)
    assert "Another reviewer is asked to answer it. Another reviewer or an admin may settle the escalation." in shown
    assert "Escalate to another reviewer or an admin" in lee.get(waiting[1]).text
    assert "Settle the escalation" not in kim.get(waiting[2]).text
    assert "Settle the escalation" in person(service, "boss", "admin").get(waiting[2]).text
    lee.post(f"{waiting[2]}/mark", on=waiting[2], mark="settle")
    assert "Settle the escalation" not in lee.get(waiting[2]).text
    refused = lee.post(f"{waiting[2]}/mark", on=waiting[2], mark="settle")
    assert (refused.status, "Nobody has escalated this check" in refused.text) == (409, True)


def test_an_agent_is_not_told_what_reviewers_write_to_each_other(service, waiting, person):
    kim, agent = person(service, "kim", "reviewer"), person(service, "agent-17", "agent")
    kim.post(f"{waiting[0]}/mark", on=waiting[0], mark="escalate", comment="Press office?")
    kim.post(f"{waiting[0]}/mark", on=waiting[0], mark="claim")
    for page in (agent.get(waiting[0]), agent.get("/history")):
        assert page.status == 200
        assert "Press office?" not in page.text
        assert "Escalated" not in page.text
        assert "laimed" not in page.text
    assert agent.get(f"{waiting[1]}?done={waiting[0].removeprefix('/checks/')}").text.count("JaneR0e0") == 0
    history = kim.get("/history").text
    assert "Escalated it" in history
    assert "Claimed it" not in history, "nothing became of it"


@pytest.mark.parametrize(
    ("role", "path", "status"),
    [
        ("agent", "/reviews/next", 403),
        ("auditor", "/reviews/next", 403),
        ("admin", "/reviews/mark", 403),
        ("admin", "{}/mark", 403),
        ("auditor", "{}/mark", 403),
        ("agent", "/reviews/decline", 403),
        ("admin", "/reviews/decline", 403),
    ],
)
def test_only_reviewers_work_through_the_queue(service, waiting, person, role, path, status):
    who = person(service, f"one-{role}", role)
    on = "/history" if role != "agent" else "/"
    page = who.post(path.format(waiting[0]), on=on, mark="claim", claim=waiting[0][-36:], reason="x")
    assert page.status == status
    assert "kim" not in page.text


def test_a_form_of_another_session_marks_nothing(service, waiting, person):
    kim, lee = person(service, "kim", "reviewer"), person(service, "lee", "reviewer")
    taken = lee.get("/reviews").hidden
    assert kim.send("POST", "/reviews/mark", data=taken | {"claim": waiting[0][-36:]}).status == 403
    assert kim.send("POST", "/reviews/next", data=taken).status == 403
    assert "14:15" not in kim.get("/reviews").text


def test_addresses_of_the_queue_can_be_kept(service, waiting, person):
    kim = person(service, "kim", "reviewer")
    page = kim.get("/reviews?q=JaneR0e1&sort=newest&impact=low")
    assert [link["href"] for link in page.all("a") if "data-item" in link] == [waiting[1]]
    chosen = {field["value"] for field in page.all("option") if "selected" in field}
    assert {"newest", "low"} <= chosen
    assert next(field for field in page.all("input") if field.get("name") == "q")["value"] == "JaneR0e1"
    none = kim.get("/reviews?q=nobody")
    assert "No checks match. Clear the filters" in none.text


def test_the_queue_has_pages(service, waiting, person, monkeypatch):
    monkeypatch.setattr(queue_pages, "PAGE", 2)
    kim = person(service, "kim", "reviewer")
    page = kim.get("/reviews?sort=newest")
    assert "Page 1 of 2" in page.text
    [after] = [link["href"] for link in page.all("a") if "page=2" in link["href"]]
    page = kim.get(after)
    assert [link["href"] for link in page.all("a") if "data-item" in link] == [waiting[0]]
    for odd in ("0", "9", "x", "-1", "9" * 50, "\u0663"):
        assert kim.get(f"/reviews?page={odd}").status == 200


def test_unknown_impact_is_drawn_neither_as_high_nor_as_low(service, person):
    ask(service, 0, verified=None, followers=33)
    text = person(service, "kim", "reviewer").get("/reviews").text
    assert "33 impact unknown" in text
    assert "▲" not in text


def test_what_is_typed_into_an_address_becomes_a_search_or_nothing():
    given = {"q": " roe ", "impact": "huge", "sort": "due", "who": "mine", "other": "x", "platform": "x\x00"}
    assert read_search(given) == QueueSearch(q="roe", sort="due", who="mine", platform="x")
    wanted = QueueSearch(q="a&b=c", platform="x", claimed="me", sort="due")
    assert search_of(carried(wanted)) == wanted
    assert search_of("a=1&" * 200) == search_of("nothing") == QueueSearch()
