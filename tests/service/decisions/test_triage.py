"""What a triage makes of a verdict, and whose names it looks at."""

from types import SimpleNamespace

import pytest

from classifier.scoring.policy import Policy, Verdict
from classifier.scoring.reason import Reason
from service.decisions import replay, triage
from service.decisions.recorded import askers, is_triage

DOUBT = Reason("below_threshold", "The probability is not above the certified threshold.")


@pytest.mark.parametrize("approvals", [1, 2, 3])
@pytest.mark.parametrize("least", [2, 3])
def test_what_is_doubted_takes_at_least_as_many_people(approvals, least):
    found = triage.with_triage(Verdict("needs_review", (DOUBT,), approvals, "9"), Policy(approvals=least))
    assert (found.verdict, found.required_approvals) == ("needs_review", max(approvals, least))
    assert found.reasons[0] == DOUBT
    assert found.reasons[-1].code == triage.CODE


def test_what_is_cleared_is_not():
    found = triage.with_triage(Verdict("cleared", (Reason("above_threshold", "It is."),), 0, "9"), Policy())
    assert (found.verdict, found.required_approvals, [one.code for one in found.reasons]) == (
        "needs_review", 2, [triage.CODE],
    )  # fmt: skip


def test_what_is_refused_stays_as_it_is():
    refused = Verdict("refused", (Reason("is_protected", "It is."),), 0, "9")
    assert triage.with_triage(refused, Policy()) is refused


def test_a_replay_does_not_compare_what_the_policy_does_not_say():
    assert triage.CODE in replay._WARNINGS


def test_an_empty_name_is_nobodys():
    row = SimpleNamespace(actor="", caller="the-gate")
    assert is_triage(row)
    assert askers(row) == ("the-gate",)
    assert askers(SimpleNamespace(actor="a", caller="b")) == ("a", "b")
