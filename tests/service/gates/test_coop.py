"""The gate for Coop, over the wire: signed, taken once, checked, answered, and acted on with a clearance."""

import json
import logging
from datetime import timedelta

import pytest

from service.gates.deliveries import REMEMBERED
from tests.service.gates.coop_rig import coop, environment, gate, only, post
from tests.service.gates.fakes.coop import OTHER, TOKEN, FakeCoop
from tests.service.gates.test_worker import LARGE

__all__ = ["coop", "environment", "gate"]  # fixtures


def test_a_decision_that_two_reviewers_agree_with_is_taken_once(gate, coop):
    coop.accounts["9001"] |= LARGE
    one = gate(acts="approved")
    answered = post(one, coop.decision("9001", actorNote="The same picture."))
    assert (answered.status_code, answered.json()) == (202, {"state": "waiting"})
    case = only(one)
    assert (case.state, case.actor, case.action) == ("waiting", "agent-17", "suspend")
    assert case.reports == ["Decided at Coop.\npolicies: Impersonation\nnote: The same picture."]
    one.work()
    assert coop.done == {}
    one.review(case.ref)
    one.work()
    case = only(one)
    assert case.state == "done"
    assert coop.done == {
        case.clearance_id: {
            "account_id": "9001", "action": "suspend", "check_id": case.check_id, "clearance_id": case.clearance_id,
            "actor": "agent-17",
        }
    }  # fmt: skip
    assert set(coop.done) == one.spent()


def test_what_the_policy_clears_is_taken_after_the_answer(gate, coop):
    one = gate(acts="cleared")
    assert post(one, coop.decision("9001")).status_code == 202
    assert coop.done == {}
    one.work()
    assert set(coop.done) == one.spent()
    assert len(coop.done) == 1


def test_off_does_nothing(gate, coop):
    one = gate(acts="off")
    assert post(one, coop.decision("9001")).status_code == 202
    one.work()
    assert (only(one).state, coop.done, one.spent()) == ("stands", {}, set())


def test_what_is_refused_is_answered_with_the_reasons(gate, coop):
    one = gate("is_protected")
    answered = post(one, coop.decision("9001"))
    assert answered.status_code == 409
    assert answered.json()["state"] == "refused"
    assert answered.json()["reasons"][0]["code"] == "is_protected"
    assert "JaneR0e" not in answered.text
    one.work()
    assert coop.done == {}


def test_what_a_reviewer_declines_is_not_taken(gate, coop):
    coop.accounts["9001"] |= LARGE
    one = gate(acts="approved")
    post(one, coop.decision("9001"))
    one.review(only(one).ref, "decline")
    one.work()
    assert (only(one).state, coop.done) == ("refused", {})


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Coop-Signature": ""},
        {"Coop-Signature": "!!"},
        FakeCoop.signed(FakeCoop.decision("9001"), OTHER),
        FakeCoop.signed(FakeCoop.decision("9002")),
    ],
)
@pytest.mark.parametrize("path", ["/coop/action", "/coop/appeal"])
def test_what_is_not_signed_by_coop_is_refused_and_leaves_no_trace(gate, coop, headers, path):
    one = gate()
    assert post(one, coop.decision("9001"), path, headers).status_code == 401
    assert one.book.counts() == {}
    assert one.book._db.execute("SELECT count(*) FROM seen").fetchone() == (0,)
    assert coop.asked == []


def test_the_signature_is_over_the_bytes_that_came(gate, coop):
    one = gate()
    sent = coop.decision("9001")
    reordered = json.dumps(json.loads(sent), indent=1).encode()
    assert post(one, reordered, headers=coop.signed(sent)).status_code == 401
    assert post(one, reordered).status_code == 202


@pytest.mark.parametrize(
    "content",
    [
        FakeCoop.decision("9001", "a-warn"),
        FakeCoop.decision(".."),
        FakeCoop.decision(""),
        FakeCoop.decision("x" * 600),
        FakeCoop.decision("a\nb"),
        FakeCoop.decision("9001", item={"typeId": "t-user"}),
        FakeCoop.decision("9001", action="a-suspend-as-text"),
        b"[]",
        b"{",
        b'{"item": {"id": "1"}, "item": {"id": "2"}, "action": {"id": "a-suspend"}}',
        b"[" * 100_000,
    ],
)
def test_what_cannot_be_read_is_refused_and_not_kept(gate, coop, content):
    one = gate()
    answered = post(one, content)
    assert answered.status_code == 422
    assert answered.json()["error"].endswith(".")
    assert one.book.counts() == {}


def test_other_addresses_are_not_found(gate, coop):
    assert post(gate(), coop.decision("9001"), "/coop/other").status_code == 404


@pytest.mark.parametrize(
    "content",
    [
        FakeCoop.decision("9001", by=None),
        FakeCoop.decision("9001", rules=[{"id": "r-1", "name": "Looks alike"}]),
        FakeCoop.decision("9001", by=None, rules=[]),  # as a strike's threshold does
        FakeCoop.decision("9001", actorEmail=""),
        FakeCoop.decision("9001", actorEmail=7),
        FakeCoop.decision("9001", actorEmail="*"),
        FakeCoop.decision("9001", actorEmail="a\nb"),
        FakeCoop.decision("9001", actorEmail="a" * 201),
    ],
)
def test_what_no_person_decided_is_a_triage(gate, coop, content):
    one = gate(acts="cleared")
    one.platform.first_step = lambda _: None
    assert post(one, content).status_code == 202
    assert only(one).actor is None


def test_the_same_bytes_are_answered_as_before(gate, coop):
    one = gate("is_protected")
    answers = {(reply.status_code, reply.text) for reply in (post(one, coop.decision("9001")) for _ in range(3))}
    assert len(answers) == 1
    assert len([asked for asked in coop.asked if asked.method == "GET"]) == 1
    assert only(one).state == "refused"


def test_the_same_bytes_a_day_later_are_nobodys_decision(gate, coop):
    one = gate(acts="cleared")
    post(one, coop.decision("9001"))
    one.work()
    assert len(coop.done) == 1
    one.platform.first_step = lambda _: None
    for _ in range(2):
        one.service.clock.at += timedelta(seconds=REMEMBERED + 1)
        assert post(one, coop.decision("9001")).status_code == 202
    first, second = (entry.case for entry in one.book._entries("1 ORDER BY number"))
    assert (first.actor, second.actor) == ("agent-17", None)
    assert len(coop.done) == 1


def test_a_delivery_that_comes_again_because_the_gate_died_is_the_same_case(gate, coop):
    one = gate()
    post(one, coop.decision("9001"))
    one.book._db.execute("DELETE FROM seen")  # it died before it had written down what it answers
    assert post(one, coop.decision("9001")).status_code == 202
    assert only(one).reports == ["Decided at Coop.\npolicies: Impersonation"]


def test_another_persons_decision_joins_the_open_case(gate, coop):
    coop.accounts["9001"] |= LARGE
    one = gate(acts="approved")
    for by in ("agent-17", "agent-18", None):
        assert post(one, coop.decision("9001", by=by, decisionReason=f"Said {by}.")).status_code == 202
    case = only(one)
    assert (case.actor, len(case.reports)) == ("agent-17", 3)
    post(one, coop.decision("9001", "a-delete"))
    assert len(one.book.open()) == 2


def test_a_persons_decision_is_not_lost_in_a_rules(gate, coop):
    one = gate(acts="cleared")
    one.platform.first_step = lambda _: None
    post(one, coop.decision("9001", by=None))
    post(one, coop.decision("9001"))
    assert [entry.case.actor for entry in one.book.open()] == [None, "agent-17"]


def test_logs_say_nothing_of_people(gate, coop, caplog):
    caplog.set_level(logging.INFO, "service")
    one = gate(acts="cleared")
    coop.faults["POST /users"] = [500, 400]
    post(one, coop.decision("9001", by="quux@zanzibar.example"))
    post(one, coop.decision("9001"), headers={})
    for _ in range(3):
        one.work()
    assert caplog.text
    for word in ("9001", "JaneR0e", "zanzibar", TOKEN, "Jane Roe"):
        assert word not in caplog.text
