"""The gate of Ozone where the platform misbehaves: no action without a redeemed clearance, none twice, none lost."""

import random
from datetime import timedelta

import pytest

from service.gates import calls
from service.gates.errors import LaterError
from service.gates.ozone import Ozone
from service.gates.ozone.wire import Wire, XrpcError
from tests.service.gates.fakes.ozone import EVENT, FAULTS, GATE_DID, MODERATOR, FakeOzone, RefusedError
from tests.service.gates.ozone_rig import DID, LARGE, PROFILE, case, cases, ozone, settings, step

__all__ = ["ozone"]  # a fixture

EMIT, EVENTS, REPORTS = (
    f"tools.ozone.{name}" for name in ("moderation.emitEvent", "moderation.queryEvents", "report.queryReports")
)


def settle(gate, rounds=12):
    """Let time pass until nothing is put off any more."""
    for _ in range(rounds):
        step(gate)
        gate.service.clock.at += timedelta(seconds=40)


@pytest.fixture
def fake():
    with FakeOzone() as started:
        started.add_account(DID, **PROFILE)
        yield started


@pytest.fixture
def asking(fake, monkeypatch):
    monkeypatch.setattr(calls, "TIMEOUT", 0.3)
    made = Wire(settings(fake), clock=fake.clock)
    yield made
    made.close()


# --- the wire --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["429", "500", "503", "hang", "half", "redirect"])
def test_what_passes_by_itself_is_tried_later_and_nothing_is_followed(asking, fake, fault):
    fake.misbehave("app.bsky.actor.getProfile", fault)
    with pytest.raises(LaterError) as raised:
        asking.get("app.bsky.actor.getProfile", {"actor": DID})
    assert DID not in raised.value.why
    assert not [nsid for nsid, _ in fake.calls if nsid == "elsewhere"]


def test_a_rate_limit_is_kept_to_without_asking_again(asking, fake):
    fake.unlimited, fake.left = False, 1
    with pytest.raises(LaterError):
        asking.get("app.bsky.actor.getProfile", {"actor": DID})
    before = len(fake.calls)
    with pytest.raises(LaterError) as raised:
        asking.get("app.bsky.actor.getProfile", {"actor": DID})
    assert len(fake.calls) == before
    assert 0 < raised.value.seconds <= 1


@pytest.mark.parametrize("refresh", [False, True])
def test_an_expired_session_is_renewed_or_opened_again(asking, fake, refresh):
    asking.get("app.bsky.actor.getProfile", {"actor": DID})
    fake.expire(refresh=refresh)
    assert asking.get("app.bsky.actor.getProfile", {"actor": DID})["did"] == DID
    called = [nsid.rpartition(".")[2] for nsid, _ in fake.calls]
    assert called.count("createSession") == 1 + refresh


def test_a_wrong_password_is_said_without_it_and_not_tried_at_once_again(fake):
    asking = Wire(settings(fake, gate_ozone_password="wrong-Zanzibar"))  # noqa: S106
    for _ in range(2):
        with pytest.raises(LaterError) as raised:
            asking.get("app.bsky.actor.getProfile", {"actor": DID})
        assert "Zanzibar" not in raised.value.why
    assert len(fake.calls) == 1
    asking.close()


def test_the_call_goes_to_the_ozone_that_is_named_only(fake):
    asking = Wire(settings(fake, gate_ozone_did="did:web:another.example"))
    with pytest.raises(XrpcError):
        asking.get("tools.ozone.server.getConfig")
    asking.close()


# --- reports ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("old", ["MethodNotImplemented", "NotFound", "InvalidRequest"])
def test_an_older_ozone_is_read_by_events_and_nothing_is_taken_on_twice(ozone, old):
    gate = ozone("is_protected", old=old, actor="the-team")
    first = gate.fake.report(DID)
    gate.fake.report(DID, "It asks for money.", record=True)
    step(gate)
    gate.platform = gate.worker.platform = Ozone(gate.platform._settings, gate.platform._wire)
    step(gate, 2)
    assert case(gate).ref == f"{DID} event-{first['eventId']}"
    assert len(case(gate).reports) == 2


def test_reports_of_other_things_and_half_reports_are_left_alone(ozone):
    gate = ozone()
    row = gate.fake.report(DID)
    gate.fake.reports += [
        row | {"id": 7, "eventId": 7, "subject": {"type": "record", "subject": f"at://{DID}/app.bsky.feed.post/1"}},
        row | {"id": 8, "eventId": 8, "subject": None} | {"subject": {"type": "account", "subject": 17}},
        row | {"id": "9", "eventId": None},
    ]
    step(gate)
    assert len(case(gate).reports) == 1


@pytest.mark.parametrize("assigned", [GATE_DID, None])
def test_the_gate_itself_is_nobody_who_acts(ozone, assigned):
    gate = ozone()
    gate.fake.report(DID, assigned=assigned)
    gate.platform.poll(gate.book)
    assert case(gate).actor is None


def test_whoever_is_assigned_before_the_check_becomes_the_actor(ozone):
    gate = ozone()
    row = gate.fake.report(DID)
    gate.platform.poll(gate.book)
    row |= {"status": "assigned", "assignment": {"profile": {"did": MODERATOR}}}
    gate.platform.poll(gate.book)
    assert case(gate).actor == MODERATOR


# --- the account changes, and the platform acts by itself ------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"handle": "jane.example"},
        {"verification": {"verifiedStatus": "valid"}},
        {"followersCount": 900_000},
        {"description": "Another."},
    ],
)
def test_an_account_that_changed_after_the_approval_is_not_taken_down(ozone, change):
    gate = ozone()
    gate.fake.add_account(DID, **LARGE)
    gate.fake.report(DID, assigned=MODERATOR)
    step(gate)
    gate.review(case(gate).ref)
    gate.fake.add_account(DID, **change)
    step(gate, 3)
    assert (case(gate).round, gate.fake.takedowns()) == (1, [])


def test_an_account_that_is_gone_closes_the_case_and_somebody_has_to_look(ozone):
    gate = ozone()
    gate.fake.report(DID, assigned=MODERATOR)
    del gate.fake.accounts[DID]
    step(gate)
    assert (case(gate).state, case(gate).why) == ("failed", "The account is gone.")
    assert "doublecheck-failed" in gate.fake.tags[DID]


@pytest.mark.parametrize("error", ["AccountDeactivated", "AccountTakedown", "RepoNotFound"])
def test_an_account_that_is_down_or_away_closes_the_case(ozone, error, monkeypatch):
    gate = ozone()
    gate.fake.report(DID, assigned=MODERATOR)
    monkeypatch.setattr(gate.fake, "_profile", lambda _: refuse(400, error))
    step(gate)
    assert case(gate).state == "failed"


def test_an_ozone_without_profiles_leaves_them_to_the_pds(ozone, monkeypatch):
    gate = ozone(acts="cleared")
    profile, asked = gate.fake._profile, []

    def only_unproxied(did):
        asked.append(did)
        return profile(did) if len(asked) % 2 == 0 else refuse(501, "MethodNotImplemented")

    monkeypatch.setattr(gate.fake, "_profile", only_unproxied)
    monkeypatch.setattr("tests.service.gates.fakes.ozone.PROXIED_ONLY", False)
    gate.fake.report(DID, assigned=MODERATOR)
    step(gate)
    assert case(gate).state == "done"


def refuse(status, error):
    raise RefusedError(status, error)


def test_a_handle_that_does_not_resolve_is_waited_for(ozone):
    gate = ozone(acts="cleared")
    gate.fake.add_account(DID, handle="handle.invalid")
    gate.fake.report(DID, assigned=MODERATOR)
    step(gate, 2)
    assert "does not resolve" in gate.book.open()[0].trouble
    gate.fake.add_account(DID, handle=PROFILE["handle"])
    step(gate)
    assert case(gate).state == "done"


def test_a_takedown_that_claims_to_be_the_gates_is_raised(ozone):
    gate = ozone()
    gate.fake.add_account(DID, **LARGE)
    gate.fake.report(DID, assigned=MODERATOR)
    step(gate)
    gate.fake.log({"$type": f"{EVENT}Takedown", "comment": "clearance"}, DID, GATE_DID, externalId="made-up")
    step(gate)
    assert [one.state for one in cases(gate)] == ["waiting", "raised"]


def test_a_takedown_by_somebody_else_under_the_gates_clearance_is_raised(ozone):
    gate = ozone(acts="cleared")
    gate.fake.report(DID, assigned=MODERATOR)
    step(gate, 2)
    event = {"$type": f"{EVENT}Takedown", "comment": "x"}
    gate.fake.log(event, DID, MODERATOR, externalId=case(gate).clearance_id)
    step(gate)
    assert [one.state for one in cases(gate)] == ["done", "raised"]


@pytest.mark.parametrize("answer", [{"did": MODERATOR, "handle": "a.example"}, {"handle": "a.example"}, {"did": DID}])
def test_another_accounts_profile_or_half_a_one_is_not_checked(ozone, answer, monkeypatch):
    gate = ozone(acts="cleared")
    gate.fake.report(DID, assigned=MODERATOR)
    monkeypatch.setattr(gate.fake, "_profile", lambda _: answer)
    step(gate)
    assert (case(gate).state, case(gate).check_id) == ("new", None)


# --- everything at once ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(3))
def test_whatever_fails_and_whenever_it_is_restarted_each_is_taken_down_once(ozone, seed, monkeypatch):
    monkeypatch.setattr("service.gates.ozone.wire._SESSION_REST", 1.0)
    chance = random.Random(seed)  # noqa: S311
    gate = ozone(acts="cleared", page=3)
    gate.fake.down_first = bool(seed % 2)
    dids = [f"did:plc:account{letter}aaaaaaaaaaaaaaaa" for letter in "bcde"]
    for did in dids:
        gate.fake.add_account(did, **PROFILE | {"handle": f"janer0e-{did[15]}.example"})
        gate.fake.report(did, assigned=MODERATOR)
    usual = [fault for fault in FAULTS if fault != "hang"]
    for _ in range(12):
        for nsid in (EMIT, EVENTS, REPORTS, "app.bsky.actor.getProfile"):
            gate.fake.misbehave(nsid, *(chance.choice([*usual, "", "", ""]) for _ in range(chance.randrange(3))))
        if chance.random() < 0.4:
            gate.restart()
        settle(gate, 1)
    gate.fake.plans.clear()
    settle(gate)
    assert [case.state for did in dids for case in cases(gate, did)] == ["done"] * len(dids)
    assert {one["externalId"] for one in gate.fake.takedowns()} <= gate.spent()
    assert sorted(one["subject"]["did"] for one in gate.fake.takedowns()) == dids
    assert not gate.book.in_state("failed")
