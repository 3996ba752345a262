"""What appeals at Coop find, and what no person decided: with what the service makes of both."""

import pytest

from tests.service.gates.coop_rig import coop, environment, gate, only, post

__all__ = ["coop", "environment", "gate"]  # fixtures


class Outcomes:
    """Takes what appeals found in the service's place."""

    def __init__(self):
        self.got = []

    def outcome(self, check_id, outcome, note, *, actor, idempotency_key):  # noqa: ARG002 -- as the client's
        self.got.append((check_id, outcome, note, actor))


@pytest.mark.parametrize(("decision", "outcome"), [("ACCEPT", "overturned"), ("REJECT", "upheld")])
def test_an_appeal_becomes_the_outcome_of_the_check(gate, coop, decision, outcome):
    one = gate(acts="cleared")
    post(one, coop.decision("9001"))
    one.work()
    content = coop.appeal("9001", decision)
    for _ in range(2):
        assert post(one, content, "/coop/appeal").status_code == 202
    one.restart()
    one.worker.service = service = Outcomes()
    one.work()
    one.work()
    [(check_id, found, _, actor)] = service.got
    assert (check_id, found, actor) == (only(one).check_id, outcome, None)


def test_an_appeal_against_something_else_is_answered_and_not_kept(gate, coop):
    one = gate()
    answered = post(one, coop.appeal("9001"), "/coop/appeal")
    assert (answered.status_code, answered.json()) == (200, {"state": "not acted on by this gate"})
    assert one.book.outcomes.waiting() == []


@pytest.mark.parametrize("decision", ["accept", None, 1])
def test_an_appeal_that_says_nothing_is_refused(gate, coop, decision):
    assert post(gate(), coop.appeal("9001", decision), "/coop/appeal").status_code == 422


def test_what_a_rule_decided_is_never_cleared_and_done_by_whom_the_approvals_name(gate, coop):
    one = gate(acts="cleared")
    assert post(one, coop.decision("9001", by=None)).status_code == 202
    one.work()
    assert (only(one).state, only(one).actor, coop.done) == ("waiting", None, {})
    one.review(only(one).ref, executor="agent-17")
    one.work()
    assert (only(one).state, only(one).actor) == ("done", "agent-17")
    assert [given["actor"] for given in coop.done.values()] == ["agent-17"]
    assert set(coop.done) == one.spent()


@pytest.mark.parametrize(("actor", "state"), [(None, "stands"), ("the-team", "done")])
def test_where_nobody_is_named_nobody_acts_unless_the_setting_names_somebody(gate, coop, actor, state):
    one = gate(acts="approved", actor=actor)
    post(one, coop.decision("9001", by=None))
    one.review(only(one).ref)
    one.work()
    assert (only(one).state, [given["actor"] for given in coop.done.values()]) == (state, [actor] if actor else [])


def test_an_appeal_overturns_the_check_at_the_service(gate, coop):
    one = gate(acts="cleared")
    post(one, coop.decision("9001"))
    one.work()
    assert post(one, coop.appeal("9001"), "/coop/appeal").status_code == 202
    one.work()
    assert one.book.outcomes.waiting() == []
    found = one.service.get(f"/v1/checks/{only(one).check_id}", by=("judge", "reviewer")).json()
    assert [outcome["outcome"] for outcome in found["outcomes"]] == ["overturned"]
