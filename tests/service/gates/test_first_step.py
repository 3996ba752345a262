"""The first step at once; what was asked for and not answered is repeated; what joins a case is not lost."""

import threading
from datetime import timedelta

import pytest

from service.gates import worker as worker_module
from service.gates.book import Book
from service.gates.errors import LaterError
from service.gates.first_step import FirstStep, Hands
from tests.service.gates.test_worker import LARGE, Platform, case


class Repeats(Platform):
    """A platform that cannot say what it has done, and does nothing twice under one id."""

    def has_acted(self, _):
        return None


def test_the_first_step_checks_and_no_more(rig):
    gate = rig(Platform())
    gate.book.take_on(case())
    gate.worker.first_step("report-1", 0.0)
    assert (gate.case("report-1").state, gate.platform.acts) == ("redeeming", [])
    gate.work()
    assert gate.case("report-1").state == "done"


def test_a_case_that_is_worked_on_is_left_alone(rig):
    gate = rig(Platform())
    gate.book.take_on(case())
    with gate.worker._hands.holding("report-1"):
        assert gate.worker.work() == 0
        gate.worker.first_step("report-1", 0.01)
    assert gate.case("report-1").state == "new"
    assert gate.worker.work() == 1


def test_it_waits_no_longer_than_the_platform():
    begun, ended = threading.Event(), threading.Event()

    def step(ref, seconds):
        begun.set()
        ended.wait(10)

    first_step = FirstStep(step, within=0.05)
    first_step("report-1")
    assert begun.is_set()
    ended.set()
    first_step.close()


def test_whoever_waits_for_a_case_gets_it():
    hands, got = Hands(), []

    def wait():
        with hands.holding("a", seconds=5) as held:
            got.append(held)

    with hands.holding("a"):
        waiting = threading.Thread(target=wait)
        waiting.start()
    waiting.join()
    assert got == [True]


@pytest.mark.parametrize(("untouched", "rounds", "acts"), [(False, 0, 1), (True, 1, 1)])
def test_what_may_have_been_done_is_asked_for_again_and_what_was_not_is_checked_anew(rig, untouched, rounds, acts):
    gate = rig(Repeats())
    gate.platform.fails["act"] = [LaterError("away", untouched=untouched)]
    gate.take_on(case())
    gate.restart()
    gate.service.clock.at += timedelta(seconds=worker_module.ACT_WITHIN + 1)
    gate.work()
    assert (gate.case("report-1").state, gate.case("report-1").round) == ("done", rounds)
    assert len(gate.platform.acts) == acts


def test_what_was_tried_once_stays_unknown_whatever_comes_after(rig):
    gate = rig(Repeats())
    gate.platform.fails["act"] = [LaterError("lost"), LaterError("away", untouched=True)]
    gate.take_on(case())
    gate.work()
    assert gate.case("report-1").attempted


def test_tries_are_counted_while_an_action_fails(rig):
    gate = rig(Repeats())
    gate.platform.fails["act"] = [LaterError("away", untouched=True)] * 3
    gate.take_on(case())
    gate.work()
    gate.work()
    assert gate.book.open()[0].tries == 3


def test_what_joins_a_case_is_kept_while_it_is_worked_on(rig):
    gate = rig(Platform(**LARGE), acts="approved")
    gate.book.take_on(case())
    entry = gate.book.open()[0]
    gate.book.join("report-1", "Another report.")
    gate.book.save(entry.case)  # by a worker that has not seen it
    gate.book.join("report-1", "Another report.")
    assert gate.case("report-1").reports == ["Another report."]
    gate.work()
    gate.book.join("report-1", "A third.")
    assert gate.case("report-1").reports == ["Another report.", "A third."]


def test_what_was_done_in_another_case_is_not_done_again(rig):
    gate = rig(Platform(**LARGE), acts="approved")
    for ref in ("report-1", "report-2"):
        gate.take_on(case(ref=ref))
    for ref in ("report-1", "report-2"):
        gate.review(ref)
    gate.service.clock.at += timedelta(seconds=60)
    gate.work()
    assert sorted(gate.case(ref).state for ref in ("report-1", "report-2")) == ["done", "stands"]
    assert len(gate.platform.acts) == len(gate.spent()) == 1


def test_what_waits_can_be_looked_at_while_a_gate_works(rig):
    gate = rig(Platform(**LARGE), acts="approved")
    gate.take_on(case())
    looking = Book(gate.directory, "invented", hold=False)
    assert [entry.case.state for entry in looking.open()] == ["waiting"]
    assert looking.outcomes.waiting() == []
    looking.close()
