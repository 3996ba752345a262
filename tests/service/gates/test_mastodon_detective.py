"""What others do at Mastodon: suspended without a clearance, taken back, settled."""

import pytest

from service.gates.errors import LaterError
from tests.service.conftest import JUDGE
from tests.service.gates.mastodon_rig import heard, later, make, poll, quick, reported, server

__all__ = ["make", "quick", "server"]  # fixtures


def test_what_was_suspended_before_the_first_start_is_not_raised(make, server):
    gate = make()
    for number in ("1", "2", "3"):
        server.add(number)
        server.suspend(number)
    poll(gate)
    poll(gate)
    assert gate.book.counts() == {}


def test_an_account_suspended_without_a_clearance_is_raised_once_and_stays_visible(make, server, caplog):
    gate = make()
    poll(gate)
    for number in ("31", "32", "33"):
        server.add(number, domain="other.example" if number == "33" else None)
        server.suspend(number)
    poll(gate)
    later(gate, 100)
    poll(gate)
    gate.restart()
    later(gate, 100)
    poll(gate)
    gate.work()
    assert [entry.case.state for entry in gate.book.open()] == ["raised"] * 3
    assert caplog.text.count("without a clearance of this gate") == 3


def test_a_report_that_was_resolved_by_a_suspension_is_looked_into(make, server):
    gate = make()
    poll(gate)
    server.add("17")
    server.report("7", "17", rules=())
    gate.platform.detective._next = 1e12  # the list is not due
    server.suspend("17")
    assert heard(gate, "report.updated", server.seen("7")) == 200
    poll(gate)
    assert gate.book.counts() == {"raised": 1}


def test_a_report_that_was_resolved_otherwise_or_by_this_gate_is_not_raised(make, server):
    gate = make(acts="cleared")
    poll(gate)
    server.add("17")
    reported(gate)
    assert heard(gate, "report.updated", server.seen("7")) == 200
    server.add("18")
    server.report("8", "18")
    server.reports["8"]["action_taken"] = True
    assert heard(gate, "report.updated", server.seen("8")) == 200
    poll(gate)
    poll(gate)
    assert gate.book.counts() == {"done": 1}


def test_what_was_raised_is_settled_once_it_is_taken_back_and_raised_again_if_it_is_done_again(make, server):
    gate = make()
    poll(gate)
    server.add("31")
    for count in (1, 2):
        server.accounts["31"]["suspended"] = True
        poll(gate)
        assert gate.case(f"suspended-31-{count}").state == "raised"
        server.accounts["31"]["suspended"] = False
        poll(gate)
        assert gate.case(f"suspended-31-{count}").state == "stands"


def test_a_suspension_that_was_taken_back_is_overturned_once_and_the_next_one_raised(make, server, monkeypatch):
    gate = make(acts="cleared")
    server.add("17")
    poll(gate)
    reported(gate)
    later(gate)
    poll(gate)
    given = []
    monkeypatch.setattr(gate.worker.service, "outcome", lambda *asked, **more: given.append((asked, more)))
    server.accounts["17"]["suspended"] = False
    for _ in range(2):
        poll(gate)
        gate.worker.work()
    [(asked, _)] = given
    assert asked[:2] == (gate.case("report-7").check_id, "overturned")
    server.accounts["17"]["suspended"] = True
    poll(gate)
    assert gate.book.counts() == {"done": 1, "raised": 1}


def test_the_service_takes_what_the_gate_says_of_an_appeal(make, server):
    gate = make(acts="cleared")
    server.add("17")
    poll(gate)
    reported(gate)
    server.accounts["17"]["suspended"] = False
    poll(gate)
    assert len(gate.book.outcomes.waiting()) == 1
    gate.work()
    assert gate.book.outcomes.waiting() == []
    found = gate.service.get(f"/v1/checks/{gate.case('report-7').check_id}", by=JUDGE).json()
    assert [one["outcome"] for one in found["outcomes"]] == ["overturned"]


def test_an_account_that_was_erased_later_is_no_appeal(make, server):
    gate = make(acts="cleared")
    server.add("17")
    poll(gate)
    reported(gate)
    del server.accounts["17"]
    poll(gate)
    assert gate.book.outcomes.waiting() == []


def test_a_disabled_account_that_may_log_in_again_is_overturned(make, server):
    gate = make(acts="cleared", more={"gate_mastodon_action": "deactivate"})
    server.add("17")
    poll(gate)
    reported(gate)
    poll(gate)
    assert gate.book.outcomes.waiting() == []
    server.accounts["17"]["disabled"] = False
    poll(gate)
    assert len(gate.book.outcomes.waiting()) == 1


def test_pages_that_lead_in_a_circle_or_elsewhere_are_not_followed(make, server, monkeypatch):
    gate = make()
    monkeypatch.setattr(server, "headers", {"link": '<https://elsewhere.example/x?max_id=1>; rel="next"'})
    with pytest.raises(LaterError, match="circle"):
        list(gate.platform.api.pages("/api/v1/admin/reports", {"resolved": "false"}))
    assert len(server.requests) == 2
