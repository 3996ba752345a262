"""The gate for Mastodon, over the wire: reported, checked, approved, redeemed and suspended once."""

import pytest

from service.gates.case import Case
from tests.service.gates.fakes.mastodon import DOMAIN, PRIVATE
from tests.service.gates.mastodon_rig import make, on_disk, quick, reported, server

__all__ = ["make", "quick", "server"]  # fixtures


def test_reported_checked_approved_redeemed_and_suspended_once(make, server):
    gate = make()
    reported(gate)
    assert gate.case("report-7").state == "waiting"
    assert server.actions == []
    gate.review("report-7")
    gate.work()
    case = gate.case("report-7")
    assert (case.state, case.actor) == ("done", f"moderator@{DOMAIN}")
    [(account, form)] = server.actions
    assert (account, form["type"], form["report_id"], form["send_email_notification"]) == ("17", "suspend", "7", "true")
    assert case.check_id in form["text"]
    assert gate.spent() == {case.clearance_id}
    gate.work()
    assert server.strikes == ["17"]


def test_the_service_sees_the_local_handle_with_its_domain_and_the_gate_keeps_nothing_private(make, server, tmp_path):
    gate = make()
    reported(gate)
    seen = gate.service.scorer.seen[-1]
    assert (seen.platform, seen.handle, seen.account_id) == ("mastodon", f"jane_r0e@{DOMAIN}", "17")
    gate.review("report-7")
    gate.work()
    everything = on_disk(tmp_path)
    assert not any(private.encode() in everything for private in PRIVATE)


def test_what_a_reviewer_declines_is_not_done(make, server):
    gate = make()
    reported(gate)
    gate.review("report-7", "decline")
    gate.work()
    assert (gate.case("report-7").state, server.actions) == ("refused", [])


def test_a_protected_account_is_refused(make, server):
    gate = make("is_protected", acts="cleared")
    reported(gate)
    assert (gate.case("report-7").state, server.actions) == ("refused", [])


@pytest.mark.parametrize(("acts", "state"), [("off", "stands"), ("approved", "stands"), ("cleared", "done")])
def test_what_the_policy_clears_at_once_is_done_only_where_the_gate_is_switched_on(make, server, acts, state):
    gate = make(acts=acts)
    server.add("17")
    reported(gate)
    assert gate.case("report-7").state == state
    assert len(server.actions) == (state == "done")


@pytest.mark.parametrize("answer", ["impersonation", "is_protected", "unrelated"])
def test_an_account_of_another_server_is_never_acted_on_at_once(make, server, monkeypatch, answer):
    """It is what that server claims: whatever comes of the check, the gate asks in nobody's name, and does nothing."""
    gate = make(answer, acts="cleared")
    asked, check = [], gate.worker.service.check
    monkeypatch.setattr(
        gate.worker.service, "check", lambda *given, **more: asked.append(given[2]) or check(*given, **more)
    )
    server.add("17", domain="other.example")
    reported(gate)
    assert (asked, server.actions) == ([None], [])


def test_an_account_of_another_server_is_suspended_once_two_people_approved(make, server):
    gate = make(acts="cleared")
    server.add("17", domain="other.example")
    reported(gate)
    assert gate.case("report-7").state == "waiting"
    gate.review("report-7")
    gate.work()
    assert (gate.case("report-7").state, len(server.actions)) == ("done", 1)
    assert gate.case("report-7").actor == f"moderator@{DOMAIN}"


@pytest.mark.parametrize(("executor", "team", "state"), [("moderator-2", None, "done"), (None, "team", "done"),
                                                         (None, None, "stands")])  # fmt: skip
def test_a_report_that_nobody_was_assigned_to_is_done_in_the_name_of_whom_the_approvals_name(
    make, server, executor, team, state
):
    gate = make(actor=team)
    server.add("17")
    reported(gate, assigned=None)
    assert gate.case("report-7").state == "waiting"
    gate.review("report-7", **({"executor": executor} if executor else {}))
    gate.work()
    assert (gate.case("report-7").state, gate.case("report-7").actor) == (state, executor or team)
    assert len(server.actions) == (state == "done")


@pytest.mark.parametrize(("notify", "sent"), [(True, "true"), (False, "false")])
def test_whether_the_owner_is_mailed_is_always_said(make, server, notify, sent):
    gate = make(acts="cleared", more={"gate_mastodon_notify": notify})
    server.add("17")
    reported(gate)
    assert server.actions[0][1]["send_email_notification"] == sent
    assert len(server.mailed) == notify


def test_disabling_keeps_a_local_account_from_logging_in(make, server):
    gate = make(acts="cleared", more={"gate_mastodon_action": "deactivate"})
    server.add("17")
    reported(gate)
    assert server.accounts["17"]["disabled"]
    server.add("18", domain="other.example")
    reported(gate, "8", "18")
    assert (gate.case("report-8").state, len(server.actions)) == ("failed", 1)


def test_nothing_is_deleted(make, server):
    gate = make(acts="cleared")
    server.add("17")
    gate.take_on(Case("by-hand", "17", "delete", "moderator"))
    assert (gate.case("by-hand").state, server.actions) == ("failed", [])
