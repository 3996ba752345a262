"""The worker: no action without a redeemed clearance, none twice, nothing lost, whatever fails and whenever it dies."""

from datetime import timedelta

import pytest

from service.gates import worker as worker_module
from service.gates.book import Book
from service.gates.case import Case
from service.gates.errors import LaterError, NeverError
from service.gates.platform import Profile
from tests.service.conftest import body

LARGE = {"followers": 200_000}


class Platform:
    """A platform that does as it is told, and fails where it is told to.

    Attributes
    ----------
    fails : dict of str to list
        By method the errors that its next calls raise; ``None`` is a success, "after" an error once it is done.
    """

    name = "invented"

    def __init__(self, **account):
        self.account = body()["account"] | account
        self.acts, self.told, self.fails = [], [], {}

    def _may_fail(self, method):
        planned = self.fails.get(method, [])
        error = planned.pop(0) if planned else None
        if isinstance(error, Exception):
            raise error
        return error

    def poll(self, book):
        pass

    def profile(self, _):
        self._may_fail("profile")
        return Profile("doublecheck", dict(self.account))

    def tell(self, _, event, answer):  # noqa: ARG002 -- as the core calls it
        self._may_fail("tell")
        self.told.append(event)

    def act(self, case):
        after = self._may_fail("act")
        if case.clearance_id not in self.acts:  # as a platform does that takes an id of ours
            self.acts.append(case.clearance_id)
        if after == "after":
            raise LaterError("the answer was lost")

    def has_acted(self, case):
        return case.clearance_id in self.acts

    def missing(self):
        return iter(())


def case(**changes):
    return Case(**{"ref": "report-1", "account": "9001", "action": "suspend", "actor": "agent-17"} | changes)


def test_what_the_policy_clears_is_redeemed_and_done_once(rig):
    gate = rig(Platform())
    gate.take_on(case())
    assert gate.case("report-1").state == "done"
    assert set(gate.platform.acts) == gate.spent()
    assert gate.platform.told == ["checked", "acted"]
    gate.work()
    assert len(gate.platform.acts) == 1


@pytest.mark.parametrize("acts", ["off", "approved"])
def test_what_is_cleared_at_once_stands_where_the_gate_is_not_to_act_on_it(rig, acts):
    gate = rig(Platform(), acts=acts)
    gate.take_on(case())
    assert (gate.case("report-1").state, gate.platform.acts, gate.spent()) == ("stands", [], set())


def test_two_reviewers_approve_and_the_gate_acts(rig):
    gate = rig(Platform(**LARGE), acts="approved")
    gate.take_on(case())
    assert gate.case("report-1").state == "waiting"
    gate.work()
    assert gate.platform.acts == []
    gate.review("report-1")
    gate.work()
    assert gate.case("report-1").state == "done"
    assert set(gate.platform.acts) == gate.spent()
    assert gate.platform.told == ["checked", "approved", "acted"]


def test_a_gate_that_is_off_says_that_it_was_approved_and_does_nothing(rig):
    gate = rig(Platform(**LARGE), acts="off")
    gate.take_on(case())
    gate.review("report-1")
    gate.work()
    assert (gate.case("report-1").state, gate.platform.acts) == ("stands", [])


def test_what_a_reviewer_declines_is_refused(rig):
    gate = rig(Platform(**LARGE), acts="approved")
    gate.take_on(case())
    gate.review("report-1", "decline")
    gate.work()
    assert (gate.case("report-1").state, gate.platform.acts) == ("refused", [])
    assert gate.platform.told == ["checked", "declined"]


def test_what_is_refused_is_told_and_over(rig):
    gate = rig(Platform(), "is_protected")
    gate.take_on(case())
    assert (gate.case("report-1").state, gate.platform.acts) == ("refused", [])
    assert gate.platform.told == ["checked", "refused"]


@pytest.mark.parametrize("change", [{"handle": "JaneR0e_2"}, {"verified": True}, {"followers": 400_000}])
def test_an_account_that_changed_before_the_action_is_checked_anew(rig, change):
    gate = rig(Platform(**LARGE), acts="approved")
    gate.take_on(case())
    gate.review("report-1")
    gate.platform.account |= change
    gate.work()
    assert gate.platform.acts == []
    assert gate.case("report-1").round == 1
    assert gate.case("report-1").state == "waiting"


def test_nothing_is_done_once_the_redemption_is_old(rig):
    gate = rig(Platform())
    gate.platform.fails["act"] = [LaterError("away")]
    gate.take_on(case())
    assert gate.case("report-1").state == "redeemed"
    gate.service.clock.at += timedelta(seconds=worker_module.ACT_WITHIN + 1)
    gate.platform.fails["act"] = [AssertionError("not any more")]
    gate.platform.account["followers"] = 300_000
    gate.work()
    assert gate.platform.acts == []
    assert (gate.case("report-1").state, gate.case("report-1").round) == ("waiting", 1)


def test_an_action_whose_answer_was_lost_is_not_taken_twice(rig):
    gate = rig(Platform())
    gate.platform.fails["act"] = ["after"]
    gate.take_on(case())
    assert (gate.case("report-1").state, len(gate.platform.acts)) == ("redeemed", 1)
    gate.restart()
    gate.work()
    assert (gate.case("report-1").state, len(gate.platform.acts)) == ("done", 1)


@pytest.mark.parametrize("lost", range(1, 6))
def test_an_answer_of_the_service_that_is_lost_is_asked_for_again(rig, lost):
    gate = rig(Platform(**LARGE), acts="approved", lost={lost})
    gate.take_on(case())
    gate.work()
    gate.review("report-1")
    for _ in range(3):
        gate.work()
    assert gate.case("report-1").state == "done"
    assert set(gate.platform.acts) == gate.spent()
    assert len(gate.platform.acts) == 1


def test_a_redemption_whose_answer_was_lost_long_ago_is_found_again(rig):
    """The same profile is sent again, because the clearance was spent on it; a new one would be another request."""
    gate = rig(Platform(), lost={2})
    gate.take_on(case())
    assert gate.case("report-1").state == "redeeming"
    gate.service.clock.at += timedelta(seconds=worker_module.FRESH + 1)
    gate.platform.account["bio"] = "Something else."
    gate.restart()
    gate.work()
    assert gate.case("report-1").state == "done"
    assert set(gate.platform.acts) == gate.spent()


@pytest.mark.parametrize("method", ["profile", "tell", "act"])
def test_whatever_the_platform_fails_in_is_tried_again(rig, method):
    gate = rig(Platform())
    gate.platform.fails[method] = [LaterError("away"), ZeroDivisionError("Zanzibar-Quux"), None]
    gate.book.take_on(case())
    for _ in range(4):
        gate.work()
    assert gate.case("report-1").state == "done"
    assert len(gate.platform.acts) == 1


def test_what_fails_is_visible_and_says_nothing_of_the_account(rig, caplog):
    gate = rig(Platform())
    gate.platform.fails["profile"] = [ZeroDivisionError("JaneR0e"), LaterError("it answers with 500")]
    gate.book.take_on(case())
    gate.work()
    assert "ZeroDivisionError" in gate.book.open()[0].trouble
    gate.work()
    assert gate.book.open()[0].trouble == "it answers with 500"
    assert "JaneR0e" not in caplog.text
    assert "9001" not in caplog.text


def test_what_can_never_succeed_is_closed_and_told(rig):
    gate = rig(Platform())
    gate.platform.fails["profile"] = [NeverError("The account is gone.")]
    gate.take_on(case())
    assert (gate.case("report-1").state, gate.case("report-1").why) == ("failed", "The account is gone.")
    assert gate.platform.told == ["failed"]


class DyingBook(Book):
    """A book whose process dies right before its nth write, or right after."""

    dies_at, after, writes = 0, False, 0

    def save(self, case, *, after=0.0):
        self.writes += 1
        if self.writes == self.dies_at and not self.after:
            raise SystemExit
        super().save(case, after=after)
        if self.writes == self.dies_at:
            raise SystemExit


@pytest.mark.parametrize("after", [False, True])
def test_killed_at_any_write_it_goes_on_and_acts_once(rig, monkeypatch, after):
    monkeypatch.setattr("tests.service.gates.conftest.Book", DyingBook)
    service = None
    for dies_at in range(1, 12):
        gate = rig(Platform(**LARGE, account_id=str(9001 + dies_at)), acts="approved", service=service)
        service, ref = gate.service, f"report-{dies_at}"
        gate.book.dies_at, gate.book.after = dies_at, after
        gate.book.take_on(case(ref=ref))
        reviewed = False
        for _ in range(8):
            try:
                gate.work()
            except SystemExit:
                gate.restart()
            if gate.case(ref).state == "waiting" and not reviewed:
                gate.review(ref)
                reviewed = True
        assert gate.case(ref).state == "done"
        assert len(gate.platform.acts) == 1
        assert set(gate.platform.acts) <= gate.spent()
        gate.book.close()
