"""The client's calls about checks that name nobody who acts, and about handles that nobody has yet."""

import pytest
from doublecheck_client import RefusedError, RejectedError

from tests.service.client.wire import ACCOUNT, connect


def test_a_triage_is_asked_approved_and_acted_on_in_the_name_of_somebody(make_client):
    service = make_client(total_daily=10**6)
    with connect(service, "the-gate") as gate, connect(service, "the-gate", "executor") as tool:
        checked = gate.check(ACCOUNT, "suspend", None, reports=["Says that she is Jane."], external_ref="report-7")
        assert (checked.verdict, checked.token, checked.reasons[0].code) == ("needs_review", None, "triage")
        for name, executor in (("rev-1", None), ("rev-2", "mod-1")):
            with connect(service, name, "reviewer") as reviewer:
                reviewer.find(checked.check_id)
                reviewer.approve(checked.check_id, "approve", "Looked.", executor=executor)
        with pytest.raises(RefusedError, match="no_actor"):
            gate.clearance(checked.check_id)
        redeemed = gate.redeem(gate.clearance(checked.check_id, actor="mod-1"), ACCOUNT, "suspend", actor="mod-1")
        assert redeemed.actor == "mod-1"
        found = tool.outcome(checked.check_id, "overturned", "It is her.", actor="judge-7")
        assert found["actor"] == "judge-7"


def test_a_handle_is_asked_about_before_anybody_has_it(client):
    with connect(client, "tool", "executor") as tool:
        states = {handle: tool.handle("x", handle)["state"] for handle in ("JaneRoe", "JaneR0e", "brass_teapot")}
        assert states == {"JaneRoe": "protected", "JaneR0e": "resembles", "brass_teapot": "free"}
        with pytest.raises(RejectedError, match="bad_input"):
            tool.handle("x", "not a handle!")
