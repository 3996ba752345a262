"""The gate for Mastodon, over the wire to a server that keeps to the contract and misbehaves where it is told to."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from service.errors import SettingsError
from service.gates import run as running
from service.gates import worker as worker_module
from service.gates.attempts import SETTLE
from service.gates.case import Case
from service.gates.errors import LaterError
from service.gates.listener import Listener
from service.gates.mastodon import Settings, platform
from service.gates.mastodon import api as api_module
from service.gates.platform import Delivery
from service.gates.settings import load
from tests.service.client.wire import InProcess
from tests.service.conftest import JUDGE, TARGET, canned
from tests.service.gates.fakes.mastodon import DOMAIN, PRIVATE, RULE, SECRET, TOKEN, Mastodon
from tests.service.gates.test_worker import spent

PATH = "/mastodon/webhook"
PROTECTED = replace(TARGET, platform="mastodon", handle=f"janeroe@{DOMAIN}", account_id="1")
CLEAR = canned(target=PROTECTED, likeliest=PROTECTED, steadiest=PROTECTED)


def settings(server, directory, **changes):
    given = {
        "url": "http://localhost", "key": "dck_x", "gate_state": directory, "gate_mastodon_url": server.url,
        "gate_mastodon_token": TOKEN, "gate_mastodon_secret": SECRET, "gate_mastodon_domain": DOMAIN,
        "gate_mastodon_rules": f"{RULE}, 9",
    }  # fmt: skip
    return Settings(**(given | changes))


@pytest.fixture
def server():
    with Mastodon().running() as found:
        yield found


@pytest.fixture
def make(rig, server, tmp_path):
    """Return a maker of gates in front of the server; ``take`` delivers to them as their listener takes it."""

    gates = []

    def made(answer="impersonation", *, acts="approved", more=None, **options):
        given = platform(settings(server, tmp_path / "gate", **(more or {})))
        gate = rig(given, CLEAR if answer == "impersonation" else answer, acts=acts, **options)
        gate.server = server
        gates.append(gate)
        return gate

    yield made
    for gate in gates:
        gate.platform.api.close()


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(api_module, "TIMEOUT", 0.5)


def heard(gate, event, report, headers=None):
    """Deliver an event; return the status."""
    body = gate.server.event(event, report)
    return raw(gate, body, gate.server.sign(body) if headers is None else headers)


def raw(gate, body, headers, path=PATH):
    given = {name.lower(): value for name, value in headers.items()}
    return gate.platform.receive(Delivery(path, given, body), gate.book).status


def reported(gate, number="7", account="17", event="report.created", **more):
    """Let the account be reported, and the gate work."""
    if account not in gate.server.accounts:
        gate.server.add(account, followers_count=200_000)
    assert heard(gate, event, gate.server.report(number, account, **more)) == 200
    gate.work()


def poll(gate):
    running.poll(gate.platform, gate.book)


def later(gate, seconds=SETTLE + 1):
    gate.service.clock.at += timedelta(seconds=seconds)


def on_disk(directory):
    return b"".join(file.read_bytes() for file in Path(directory).rglob("*") if file.is_file())


# --- the whole story -----------------------------------------------------------------------------------------------


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
    assert spent(gate) == {case.clearance_id}
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


# --- deliveries ----------------------------------------------------------------------------------------------------


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
    assert spent(gate) == set()


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


# --- between check and action --------------------------------------------------------------------------------------


@pytest.mark.parametrize("change", [{"acct": "renamed", "username": "renamed"}, {"display_name": "Somebody Else"},
                                    {"followers_count": 900_000}, {"note": "<p>Another person.</p>"}])  # fmt: skip
def test_an_account_that_changed_is_checked_anew(make, server, change):
    gate = make()
    reported(gate)
    gate.review("report-7")
    server.accounts["17"]["account"] |= change
    gate.work()
    assert server.actions == []
    assert (gate.case("report-7").state, gate.case("report-7").round) == ("waiting", 1)


def test_an_account_that_is_gone_closes_the_case(make, server):
    gate = make()
    reported(gate)
    gate.review("report-7")
    del server.accounts["17"]
    gate.work()
    assert (gate.case("report-7").state, gate.case("report-7").why) == (
        "failed",
        "The account is gone from the server.",
    )


def test_an_account_that_somebody_else_suspended_costs_no_clearance(make, server):
    gate = make()
    reported(gate)
    gate.review("report-7")
    server.accounts["17"]["suspended"] = True
    gate.work()
    case = gate.case("report-7")
    assert (case.state, server.actions) == ("failed", [])
    assert "Somebody else" in case.why
    assert spent(gate) == set()


def test_an_account_that_somebody_else_suspended_right_before_the_action_is_not_suspended_again(
    make, server, monkeypatch
):
    gate = make(acts="cleared")
    server.add("17")
    redeem = gate.worker.service.redeem

    def redeem_and_lose(*given, **more):
        done = redeem(*given, **more)
        server.accounts["17"]["suspended"] = True
        return done

    monkeypatch.setattr(gate.worker.service, "redeem", redeem_and_lose)
    poll(gate)
    reported(gate)
    assert (gate.case("report-7").state, server.actions) == ("failed", [])
    poll(gate)
    assert gate.book.counts()["raised"] == 1


# --- failures ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("failure", [500, 502, 503, 401, 403, ("wait", 1), "timeout", "half"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_whatever_fails_on_the_way_it_is_suspended_once(make, server, method, failure):
    gate = make(acts="cleared")
    server.add("17")
    server.fails = [(method, "admin/accounts/", failure), (method, "admin/accounts/", failure)]
    reported(gate)
    for _ in range(4):
        later(gate)
        gate.work()
    assert gate.case("report-7").state == "done"
    assert server.strikes == ["17"]


@pytest.mark.parametrize("restarted", [False, True])
def test_an_action_whose_answer_was_lost_is_known_to_be_ours(make, server, restarted):
    gate = make(acts="cleared")
    server.add("17")
    server.fails = [("POST", "action", "lost")]
    reported(gate)
    assert (gate.case("report-7").state, len(server.actions)) == ("redeemed", 1)
    if restarted:
        gate.restart()
        gate.work()
        assert gate.case("report-7").state == "redeemed"  # what was begun may be under way
    later(gate)
    gate.work()
    assert (gate.case("report-7").state, server.strikes) == ("done", ["17"])


def test_an_action_that_was_taken_and_only_confirmed_much_later_is_ours_too(make, server):
    gate = make(acts="cleared")
    server.add("17")
    server.fails = [("POST", "action", "lost")]
    reported(gate)
    later(gate, worker_module.ACT_WITHIN + 1)
    gate.work()
    assert (gate.case("report-7").state, server.strikes) == ("done", ["17"])


def test_an_action_that_the_server_does_not_take_closes_the_case(make, server):
    gate = make(acts="cleared")
    server.add("17")
    server.fails = [("POST", "action", 422)]
    reported(gate)
    assert (gate.case("report-7").state, server.actions) == ("failed", [])


def test_logs_name_cases_by_number_only(make, server, caplog):
    gate = make()
    poll(gate)
    server.fails = [("GET", "admin/accounts/", failure) for failure in (500, "half", 404)]
    reported(gate, "777777", "171717")
    for _ in range(3):
        gate.work()
    server.suspend("171717")
    poll(gate)
    assert "case 1" in caplog.text
    for secret in ("777777", "171717", "jane", "Jane", TOKEN, SECRET, "This is not her", *PRIVATE):
        assert secret not in caplog.text


# --- what others did -----------------------------------------------------------------------------------------------


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


# --- settings and what is missing ----------------------------------------------------------------------------------


def missing(server, directory, **changes):
    found = platform(settings(server, directory, **changes))
    try:
        return list(found.missing())
    finally:
        found.api.close()


def test_nothing_is_missing_once_a_delivery_has_come(make, server, tmp_path):
    [sentence] = missing(server, tmp_path / "gate")
    assert "webhook" in sentence
    gate = make()
    reported(gate)
    assert missing(server, tmp_path / "gate") == []


@pytest.mark.parametrize(("change", "said"), [
    ({"permissions": 1 << 4}, "manage_users"), ({"permissions": 1 << 10}, "manage_reports"),
    ({"scopes": {"admin:read:accounts", "read:accounts", "admin:write"}}, "admin:read:reports"),
    ({"scopes": {"admin:read:accounts", "read:accounts", "admin:read:reports"}}, "admin:write:accounts"),
    ({"scopes": set()}, "403"), ({"domain": "other.example"}, "_MASTODON_DOMAIN"), ({"rules": ["4"]}, "rule 3"),
    ({"headers": {"date": "Thu, 01 Jan 2026 00:00:00 GMT"}}, "seconds apart"),
])  # fmt: skip
def test_what_is_missing_is_said(server, tmp_path, change, said):
    server.rules = [RULE, "9"]
    for name, value in change.items():
        setattr(server, name, value)
    assert any(said in sentence for sentence in missing(server, tmp_path))


def test_a_wrong_token_or_address_is_said(server, tmp_path):
    assert "401" in missing(server, tmp_path, gate_mastodon_token="other")[0]  # noqa: S106
    assert "cannot be used" in missing(server, tmp_path, gate_mastodon_url="http://127.0.0.1:9")[0]


@pytest.mark.parametrize(("name", "value"), [
    ("URL", "http://social.example"), ("DOMAIN", "https://social.example"), ("RULES", " ,"), ("RULES", "a b"),
    ("SECRET", None), ("TOKEN", None), ("ACTION", "delete"),
])  # fmt: skip
def test_a_bad_setting_is_named_and_its_value_is_not(monkeypatch, tmp_path, name, value):
    good = {
        "DOUBLECHECK_URL": "https://doublecheck.example", "DOUBLECHECK_KEY": "dck_x",
        "DOUBLECHECK_GATE_STATE": str(tmp_path), "DOUBLECHECK_GATE_MASTODON_URL": "https://social.example",
        "DOUBLECHECK_GATE_MASTODON_TOKEN": TOKEN, "DOUBLECHECK_GATE_MASTODON_SECRET": SECRET,
        "DOUBLECHECK_GATE_MASTODON_DOMAIN": DOMAIN, "DOUBLECHECK_GATE_MASTODON_RULES": "3,7",
    }  # fmt: skip
    for variable, given in (good | {f"DOUBLECHECK_GATE_MASTODON_{name}": value}).items():
        monkeypatch.delenv(variable, raising=False) if given is None else monkeypatch.setenv(variable, given)
    with pytest.raises(SettingsError, match=f"DOUBLECHECK_GATE_MASTODON_{name}") as raised:
        load(Settings)
    assert value is None or not value.strip(" ,") or value not in str(raised.value)


def test_what_was_raised_is_shown_and_settled_from_the_command_line(make, server, tmp_path, monkeypatch):
    from click.testing import CliRunner  # noqa: PLC0415

    from service.cli.gate import gate_group  # noqa: PLC0415

    gate = make()
    poll(gate)
    server.add("31")
    server.suspend("31")
    poll(gate)
    for name, value in settings(server, tmp_path / "gate").model_dump(exclude_none=True).items():
        monkeypatch.setenv(f"DOUBLECHECK_{name.upper()}", json.dumps(value) if isinstance(value, bool) else str(value))
    asked = CliRunner()
    assert "case 1: raised. An account" in asked.invoke(gate_group, ["mastodon", "--waiting"]).output
    assert "suspended-31-1" in asked.invoke(gate_group, ["mastodon", "--show", "1"]).output
    assert "closed" in asked.invoke(gate_group, ["mastodon", "--settle", "1"]).output
    assert asked.invoke(gate_group, ["mastodon", "--settle", "1"]).exit_code == 1
