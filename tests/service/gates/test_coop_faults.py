"""The gate for Coop where accounts change, and platform, service or Coop fail."""

from datetime import timedelta

import pytest

from service.gates.case import Case
from service.gates.first_step import FirstStep
from tests.service.conftest import body
from tests.service.gates.coop_rig import coop, environment, gate, only, post
from tests.service.gates.fakes.coop import API_KEY
from tests.service.gates.fakes.loopback import Answer
from tests.service.gates.test_worker import LARGE

__all__ = ["coop", "environment", "gate"]  # fixtures


@pytest.mark.parametrize("fault", ["silence", "half", 500, 503, 429, 401, 302, Answer(200, b'{"handle": '),
                                   Answer(200, []), Answer(200, {"nothing": "known"}),
                                   Answer(200, {"platform": "x", "handle": "Other", "account_id": "77"})])  # fmt: skip
def test_a_profile_that_does_not_come_whole_is_read_again(gate, coop, fault):
    one = gate(acts="cleared")
    coop.faults["GET /users"] = [fault]
    assert post(one, coop.decision("9001")).status_code == 202
    assert only(one).state == "new"
    assert one.book.open()[0].trouble
    one.work()
    assert (only(one).state, len(coop.done)) == ("done", 1)


def test_it_waits_as_long_as_it_is_asked_to(gate, coop):
    one = gate(acts="cleared")
    coop.faults["GET /users"] = [Answer(429, headers={"Retry-After": "120"})]
    post(one, coop.decision("9001"))
    entry = one.book.open()[0]
    assert entry.next_at - one.book.now() == 120


def test_an_account_that_is_gone_is_not_acted_on(gate, coop):
    one = gate(acts="cleared")
    coop.accounts.clear()
    answered = post(one, coop.decision("9001"))
    assert (answered.status_code, answered.json()["reasons"][0]["text"]) == (409, "The account is gone.")
    assert (only(one).state, coop.done) == ("failed", {})


def test_an_account_that_goes_before_the_action_is_not_acted_on(gate, coop):
    one = gate(acts="cleared")
    post(one, coop.decision("9001"))
    coop.accounts.clear()
    one.work()
    assert (only(one).state, coop.done, one.spent()) == ("failed", {}, set())


@pytest.mark.parametrize("change", [{"handle": "JaneR0e_2"}, {"verified": True}, {"followers": 400_000}])
def test_an_account_that_changed_before_the_action_is_checked_anew(gate, coop, change):
    coop.accounts["9001"] |= LARGE
    one = gate(acts="approved")
    post(one, coop.decision("9001"))
    one.review(only(one).ref)
    coop.accounts["9001"] |= change
    one.work()
    assert (coop.done, only(one).round, only(one).state) == ({}, 1, "waiting")


@pytest.mark.parametrize("fault", ["silence", "half", "after", "late", 500, 503, 408, 429, 302])
def test_an_action_is_asked_for_under_one_key_until_it_is_answered(gate, coop, fault):
    one = gate(acts="cleared")
    coop.faults["POST /users"] = [fault, fault]
    post(one, coop.decision("9001"))
    for _ in range(3):
        one.work()
    one.restart()
    one.work()
    assert only(one).state == "done"
    asked = [request for request in coop.asked if request.method == "POST"]
    assert len({(request.headers["idempotency-key"], request.body) for request in asked}) == 1
    assert set(coop.done) == one.spent()


def test_an_action_whose_answer_is_unknown_for_long_is_asked_for_under_the_same_key(gate, coop):
    one = gate(acts="cleared")
    coop.faults["POST /users"] = ["late"]
    post(one, coop.decision("9001"))
    one.work()
    assert only(one).state == "redeemed"
    one.service.clock.at += timedelta(hours=2)
    one.work()
    assert (only(one).state, only(one).round, len(coop.done)) == ("done", 0, 1)


def test_an_action_that_was_surely_not_taken_is_checked_anew_when_it_is_late(gate, coop):
    one = gate(acts="cleared")
    coop.faults["POST /users"] = [429]
    post(one, coop.decision("9001"))
    one.work()
    coop.accounts["9001"] |= LARGE
    one.service.clock.at += timedelta(hours=2)
    one.work()
    assert (only(one).state, only(one).round, coop.done) == ("waiting", 1, {})


@pytest.mark.parametrize("status", [400, 403, 409, 422])
def test_what_the_platform_refuses_is_closed_and_visible(gate, coop, status):
    one = gate(acts="cleared")
    coop.faults["POST /users"] = [status]
    post(one, coop.decision("9001"))
    one.work()
    assert (only(one).state, coop.done) == ("failed", {})
    assert only(one).why == f"The platform does not take the action ({status})."


def test_a_service_that_is_away_is_asked_later(gate, coop):
    one = gate(acts="cleared", lost=range(1, 3))
    assert post(one, coop.decision("9001")).status_code == 202
    assert one.book.open()[0].trouble == "the service cannot be asked"
    for _ in range(3):
        one.work()
    assert (only(one).state, len(coop.done)) == ("done", 1)


def test_a_service_that_is_slow_does_not_keep_coop_waiting(gate, coop):
    one = gate(acts="cleared")
    one.platform.first_step = FirstStep(one.worker.first_step, within=0.05)
    coop.faults["GET /users"] = ["silence"]
    assert post(one, coop.decision("9001")).status_code == 202
    one.platform.first_step.close()
    one.work()
    assert len(coop.done) == 1


@pytest.mark.parametrize("account", ["a/b", "a b", "?x=1", "did:plc:quux", "ä"])
def test_an_id_is_encoded_in_addresses(gate, coop, account):
    coop.accounts[account] = {name: value for name, value in body()["account"].items() if name != "account_id"}
    one = gate(acts="cleared")
    assert post(one, coop.decision(account)).status_code == 202
    assert (only(one).account, only(one).state) == (account, "waiting")
    one.platform.act(Case("r", account, "suspend", "agent-17", check_id="c-1", clearance_id="k-1"))
    assert [given["account_id"] for given in coop.done.values()] == [account]


def test_what_needs_review_is_pushed_into_coops_queue(gate, coop, environment):
    environment.setenv("DOUBLECHECK_GATE_COOP_URL", coop.url)
    environment.setenv("DOUBLECHECK_GATE_COOP_API_KEY", API_KEY)
    coop.accounts["9001"] |= LARGE
    one = gate(acts="approved")
    coop.faults["POST /api"] = [500]
    post(one, coop.decision("9001"))
    assert only(one).state == "answered"
    one.work()
    assert only(one).state == "waiting"
    [report] = coop.reports
    assert report["reportedItem"] == {"id": "9001", "typeId": "t-user", "data": {}}
    assert only(one).check_id in report["reportedForReason"]["reason"]


def test_a_queue_that_does_not_take_it_is_in_nobodys_way(gate, coop, environment, caplog):
    environment.setenv("DOUBLECHECK_GATE_COOP_URL", coop.url)
    environment.setenv("DOUBLECHECK_GATE_COOP_API_KEY", "other-key")
    coop.accounts["9001"] |= LARGE
    one = gate(acts="approved")
    post(one, coop.decision("9001"))
    assert only(one).state == "waiting"
    assert "9001" not in caplog.text
