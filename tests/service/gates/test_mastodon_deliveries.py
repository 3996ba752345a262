"""How reports reach the gate for Mastodon: by webhooks in any order, and by polling for what they missed."""

from datetime import timedelta

import httpx
import pytest

from service.gates.listener import Listener
from tests.service.client.wire import InProcess
from tests.service.gates.fakes.mastodon import RULE
from tests.service.gates.mastodon_rig import PATH, heard, later, make, poll, quick, raw, reported, server

__all__ = ["make", "quick", "server"]  # fixtures


def test_a_delivery_without_a_right_signature_is_refused(make, server):
    gate = make()
    server.add("17")
    body = server.event("report.created", server.report("7", "17"))
    wrong = [{}, {"X-Hub-Signature": ""}, server.sign(body, "other"), server.sign(body + b" "),
             {"X-Hub-Signature": "sha1=" + "0" * 40}, {"X-Hub-Signature": "sha256=zz"}]  # fmt: skip
    for headers in wrong:
        assert raw(gate, body, headers) == 401
    assert gate.book.open() == []
    assert raw(gate, body, server.sign(body), "/elsewhere") == 404
    assert raw(gate, body, server.sign(body)) == 200
    assert len(gate.book.open()) == 1


def test_other_events_and_other_rules_are_answered_and_nothing_else(make, server):
    gate = make()
    server.add("17")
    for event, rules in (("account.created", (RULE,)), ("report.created", ("4",)), ("report.created", ())):
        assert heard(gate, event, server.report("7", "17", rules=rules)) == 200
    assert gate.book.open() == []


@pytest.mark.parametrize("body", [b"[]", b"{", b"\xff", b'{"event": "report.created"}', b"[" * 50_000,
                                  b'{"event": "report.created", "object": {"id": "../7", "target_account": {"id": "1"}}}'])  # fmt: skip # noqa: E501
def test_what_is_signed_and_cannot_be_read_is_refused_for_good(make, server, body):
    gate = make()
    assert raw(gate, body, server.sign(body)) == 400
    assert gate.book.open() == []


def test_duplicates_and_replays_are_one_case(make, server):
    gate = make(acts="cleared")
    server.add("17")
    first = server.report("7", "17")
    for event in ("report.updated", "report.created", "report.created"):
        assert heard(gate, event, first) == 200
    gate.work()
    assert len(server.actions) == 1
    gate.service.clock.at += timedelta(days=2)
    assert heard(gate, "report.created", first) == 200
    gate.work()
    assert len(server.actions) == 1


def test_a_report_that_is_resolved_is_no_case_also_if_its_creation_comes_after(make, server):
    gate = make(acts="cleared")
    server.add("17")
    created = server.report("7", "17")
    assert heard(gate, "report.updated", created | {"action_taken": True}) == 200
    assert heard(gate, "report.created", created) == 200
    gate.work()
    assert (gate.book.counts(), server.actions) == ({}, [])


def test_a_report_that_was_resolved_in_between_is_not_acted_on(make, server):
    gate = make()
    reported(gate)
    gate.review("report-7")
    assert heard(gate, "report.updated", server.seen("7") | {"action_taken": True}) == 200
    gate.work()
    case = gate.case("report-7")
    assert (case.state, server.actions) == ("failed", [])
    assert "resolved" in case.why
    assert gate.spent() == set()


def test_reports_of_one_account_are_one_case(make, server):
    gate = make()
    server.add("17", followers_count=200_000)
    for number in ("7", "8"):
        heard(gate, "report.created", server.report(number, "17", comment=f"Comment {number}."))
    gate.work()
    assert gate.case("report-7").reports == ["Comment 7.", "Comment 8."]
    reported(gate, "9")
    assert [gate.case(f"report-{number}").state for number in "789"] == ["waiting", "joined", "joined"]
    gate.review("report-7")
    gate.work()
    assert len(server.actions) == 1
    assert all(kept["action_taken"] for kept in server.reports.values())


def test_a_report_that_came_too_late_for_a_check_is_checked_once_that_is_over(make, server):
    gate = make()
    reported(gate)
    reported(gate, "9", comment="There is more.")
    gate.review("report-7", "decline")
    gate.work()
    assert [gate.case(f"report-{number}").state for number in "79"] == ["refused", "joined"]
    poll(gate)
    gate.work()
    assert gate.case("report-9").state == "waiting"
    assert gate.case("report-9").reports == ["There is more."]


def test_the_listener_answers_503_when_it_cannot_be_durable(make, server):
    gate = make()
    server.add("17")
    body = server.event("report.created", server.report("7", "17"))
    gate.book.close()
    with httpx.Client(transport=InProcess(Listener(gate.platform, gate.book)), base_url="http://gate") as client:
        assert client.post(PATH, content=body, headers=server.sign(body)).status_code == 503


def test_a_delivery_is_accepted_while_the_service_is_away_and_checked_once_it_is_back(make, server):
    gate = make(lost=range(1, 4))
    reported(gate)
    assert gate.case("report-7").state == "new"
    assert gate.book.open()[0].trouble == "the service cannot be asked"
    for _ in range(4):
        gate.work()
    assert gate.case("report-7").state == "waiting"


# --- polling -------------------------------------------------------------------------------------------------------


def test_polling_finds_what_no_webhook_brought_on_every_page(make, server):
    gate = make()
    for number in range(5):
        server.add(str(20 + number), followers_count=200_000)
        server.report(str(100 + number), str(20 + number), rules=(RULE,) if number != 2 else ("4",))
    poll(gate)
    assert sorted(entry.case.ref for entry in gate.book.open()) == [f"report-{100 + n}" for n in (0, 1, 3, 4)]
    poll(gate)
    assert gate.book.counts() == {"new": 4}


def test_a_long_list_is_read_a_page_a_poll_on_average(make, server):
    gate = make()
    for number in range(5):
        server.add(str(20 + number))
        server.report(str(100 + number), str(20 + number), rules=())
    poll(gate)
    before = len(server.requests)
    poll(gate)
    assert all("reports" not in request for request in server.requests[before:])
    later(gate, 61)
    poll(gate)
    assert sum("reports" in request for request in server.requests) == 6


@pytest.mark.parametrize("failure", [500, 503, 401, 403, ("wait", 7), "timeout", "half"])
def test_a_poll_that_fails_is_tried_again_and_nothing_is_concluded(make, server, failure):
    gate = make()
    poll(gate)
    server.add("17")
    server.report("7", "17")
    server.suspend("17")
    server.reports["7"]["action_taken"] = False
    server.fails += [("GET", "reports", failure), ("GET", "/v2/admin/accounts", failure)]
    poll(gate)
    assert gate.book.counts() == {}
    poll(gate)
    assert gate.book.counts() == {"new": 1, "raised": 1}
