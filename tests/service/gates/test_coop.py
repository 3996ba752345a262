"""The gate for Coop, over the wire, in front of a service in this process."""

import asyncio
import json
import logging
from datetime import timedelta

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from service.errors import SettingsError
from service.gates import calls
from service.gates import coop as module
from service.gates.case import Case
from service.gates.deliveries import REMEMBERED
from service.gates.first_step import FirstStep
from service.gates.listener import Listener
from service.gates.settings import load
from tests.service.conftest import body
from tests.service.gates.fakes.coop import API_KEY, OTHER, TOKEN, FakeCoop
from tests.service.gates.fakes.loopback import SILENCE, Answer
from tests.service.gates.test_worker import LARGE, spent

ACTIONS = '{"a-suspend": "suspend", "a-delete": "delete"}'


@pytest.fixture
def coop(monkeypatch):
    monkeypatch.setattr(calls, "TIMEOUT", SILENCE * 0.4)
    with FakeCoop() as fake:
        fake.accounts["9001"] = dict(body()["account"])
        yield fake


@pytest.fixture
def environment(monkeypatch, tmp_path, coop):
    (tmp_path / "coop.pem").write_bytes(coop.pem())
    values = {
        "URL": "http://localhost:8000", "KEY": "dck_key", "GATE_STATE": str(tmp_path / "gate"),
        "GATE_COOP_KEY": str(tmp_path / "coop.pem"), "GATE_COOP_ACTIONS": ACTIONS, "GATE_COOP_TOKEN": TOKEN,
        "GATE_COOP_PROFILE_URL": f"{coop.url}/users/{{id}}",
        "GATE_COOP_ACTION_URL": f"{coop.url}/users/{{id}}/actions",
    }  # fmt: skip
    for name, value in values.items():
        monkeypatch.setenv(f"DOUBLECHECK_{name}", value)
    return monkeypatch


@pytest.fixture
def gate(environment, rig):
    """A maker of gates that answer Coop as the process does."""
    made = []

    def make(answer="impersonation", **options):
        platform = module.platform(load(module.Settings))
        one = rig(platform, answer, **options)
        one.listener = Listener(platform, one.book)
        platform.first_step = FirstStep(one.worker.first_step, within=60.0)  # on a busy machine
        made.append(platform.first_step)
        return one

    yield make
    for first_step in made:
        first_step.close()


def post(gate, content, path="/coop/action", headers=None):
    """Send a callback to a gate in this process, signed unless told otherwise."""

    async def ask():
        transport = httpx.ASGITransport(app=gate.listener)
        async with httpx.AsyncClient(transport=transport, base_url="http://gate") as client:
            return await client.post(
                path, content=content, headers=FakeCoop.signed(content) if headers is None else headers
            )

    return asyncio.run(ask())


def only(gate):
    """Return the one case that the gate has."""
    [entry] = gate.book._entries("1")
    return entry.case


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
    assert set(coop.done) == spent(one)


def test_what_the_policy_clears_is_taken_after_the_answer(gate, coop):
    one = gate(acts="cleared")
    assert post(one, coop.decision("9001")).status_code == 202
    assert coop.done == {}
    one.work()
    assert set(coop.done) == spent(one)
    assert len(coop.done) == 1


def test_off_does_nothing(gate, coop):
    one = gate(acts="off")
    assert post(one, coop.decision("9001")).status_code == 202
    one.work()
    assert (only(one).state, coop.done, spent(one)) == ("stands", {}, set())


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
    assert (only(one).state, coop.done, spent(one)) == ("failed", {}, set())


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
    assert set(coop.done) == spent(one)


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


# --- settings and what is missing ------------------------------------------------------------------------------------


def test_the_settings_are_read(environment):
    settings = load(module.Settings)
    assert settings.gate_coop_actions == {"a-suspend": "suspend", "a-delete": "delete"}
    assert TOKEN not in repr(settings)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ACTIONS", "{"),
        ("ACTIONS", "{}"),
        ("ACTIONS", '["suspend"]'),
        ("ACTIONS", '{"a": "ban"}'),
        ("PROFILE_URL", "https://social.example/users"),
        ("PROFILE_URL", "http://social.example/users/{id}"),
        ("ACTION_URL", "https://{id}.example/"),
        ("ACTION_URL", "https://social.example/{id}/{id2}"),
        ("ACTION_URL", "https://u:p@social.example/{id}"),
        ("TOKEN", "two words"),
        ("FORMAT", "unknown"),
        ("URL", "http://coop.example"),
        ("KEY", "/nowhere/coop.pem"),
        ("API_KEY", "a-key-without-an-address"),
    ],
)
def test_a_bad_setting_stops_the_start(environment, name, value):
    environment.setenv(f"DOUBLECHECK_GATE_COOP_{name}", value)
    with pytest.raises(SettingsError, match=f"DOUBLECHECK_GATE_COOP_{name}") as caught:
        load(module.Settings)
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize(
    "key",
    [rsa.generate_private_key(65537, 1024), ec.generate_private_key(ec.SECP256R1())],  # noqa: S505 -- to be refused
)
def test_a_weak_key_stops_the_start(environment, tmp_path, key):
    pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (tmp_path / "coop.pem").write_bytes(pem)
    with pytest.raises(SettingsError, match="at least 2048 bits"):
        load(module.Settings)


def test_what_is_missing_is_said(environment, coop):
    environment.setenv("DOUBLECHECK_GATE_COOP_TOKEN", "other")
    environment.setenv("DOUBLECHECK_GATE_COOP_URL", coop.url)
    environment.setenv("DOUBLECHECK_GATE_COOP_API_KEY", "other")
    environment.setenv("DOUBLECHECK_URL", "http://127.0.0.1:9")
    said = " ".join(module.platform(load(module.Settings)).missing())
    for part in ("DOUBLECHECK_GATE_COOP_TOKEN", "DOUBLECHECK_GATE_COOP_API_KEY", "DOUBLECHECK_URL"):
        assert part in said
    assert coop.reports == []


def test_a_clock_that_is_off_is_said(environment, coop):
    coop.faults["GET /users"] = [Answer(404, headers={"date": "Thu, 01 Jan 2026 00:00:00 GMT"})]
    assert any("clock" in said for said in module.platform(load(module.Settings)).missing())


# --- nobody decided, and appeals: with what the service knows of both -------------------------------------------------


@pytest.fixture
def triage():
    pytest.importorskip("service.decisions.triage", reason="needs triage in the service")


def test_what_a_rule_decided_is_never_cleared_and_done_by_whom_the_approvals_name(gate, coop, triage):
    one = gate(acts="cleared")
    assert post(one, coop.decision("9001", by=None)).status_code == 202
    one.work()
    assert (only(one).state, only(one).actor, coop.done) == ("waiting", None, {})
    one.review(only(one).ref, executor="agent-17")
    one.work()
    assert (only(one).state, only(one).actor) == ("done", "agent-17")
    assert [given["actor"] for given in coop.done.values()] == ["agent-17"]
    assert set(coop.done) == spent(one)


@pytest.mark.parametrize(("actor", "state"), [(None, "stands"), ("the-team", "done")])
def test_where_nobody_is_named_nobody_acts_unless_the_setting_names_somebody(gate, coop, triage, actor, state):
    one = gate(acts="approved", actor=actor)
    post(one, coop.decision("9001", by=None))
    one.review(only(one).ref)
    one.work()
    assert (only(one).state, [given["actor"] for given in coop.done.values()]) == (state, [actor] if actor else [])


def test_an_appeal_overturns_the_check_at_the_service(gate, coop, triage):
    one = gate(acts="cleared")
    post(one, coop.decision("9001"))
    one.work()
    assert post(one, coop.appeal("9001"), "/coop/appeal").status_code == 202
    one.work()
    assert one.book.outcomes.waiting() == []
    found = one.service.get(f"/v1/checks/{only(one).check_id}", by=("judge", "reviewer")).json()
    assert [outcome["outcome"] for outcome in found["outcomes"]] == ["overturned"]
