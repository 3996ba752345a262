"""A triage over HTTP: a check that names nobody who acts, two people who agree, and somebody who is named to act."""

from __future__ import annotations

from datetime import timedelta

import jwt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from service.auth.api_keys import create_key, end_access
from service.errors import TamperedError
from service.records.tables import approvals, clearances, usage
from service.records.verification import verify
from tests.service.conftest import ASSESSMENTS, JUDGE, NOW, appeal, body, build

GATE = ("the-gate", "agent", "executor")
REVIEWERS = (("rev-1", "reviewer"), ("rev-2", "reviewer"))
REPORTS = ["Says that she is Jane.", {"category": "impersonation", "by": "a neighbour"}]


def asked(client, by=GATE, **changes):
    return client.post("/v1/checks", json=body(actor=None, triage=True, **changes), by=by)


def opened(client, **changes):
    """Ask for a triage and return its address."""
    answer = asked(client, **changes)
    assert answer.status_code == 200, answer.text
    return f"/v1/checks/{answer.json()['check_id']}"


def say(client, address, by, answer="approve", **more):
    client.get(address, by=by)
    return client.post(f"{address}/approvals", json={"answer": answer, "reason": "Looked."} | more, by=by)


def approved(client, executor=None, **changes):
    """Ask for a triage that two people approve, the second naming who acts; return its address."""
    address = opened(client, **changes)
    say(client, address, REVIEWERS[0])
    answer = say(client, address, REVIEWERS[1], **({"executor": executor} if executor else {}))
    assert answer.json()["state"] == "approved", answer.text
    return address


def take(client, address, actor=None, by=GATE, **options):
    more = {} if actor is None else {"json": {"actor": actor}}
    return client.post(f"{address}/clearance", by=by, **more, **options)


def spend(client, token, by=GATE, **more):
    given_ = {"token": token, "account": body()["account"]} | more
    return client.post("/v1/clearances/redeem", json=given_, by=by)


def codes(answer):
    assert answer.status_code == 409, answer.text
    return [reason["code"] for reason in answer.json()["reasons"]]


def tied(client, actor, person, *roles):
    """Make a key that ties a name to a person."""
    key = client.commit(lambda transaction: create_key(transaction, actor, roles, person=person))
    client._keys[actor, roles] = key
    return actor, *roles


# --- the story -------------------------------------------------------------------------------------------------------


def test_what_would_be_cleared_waits_for_two_people_and_somebody_who_acts(recorded):
    answer = asked(recorded).json()
    assert (answer["verdict"], answer["required_approvals"], answer["clearance"]) == ("needs_review", 2, None)
    assert [reason["code"] for reason in answer["reasons"]] == ["triage"]
    address = f"/v1/checks/{answer['check_id']}"
    assert codes(take(recorded, address, "mod-1")) == ["review_open"]
    say(recorded, address, REVIEWERS[0])
    assert codes(take(recorded, address, "mod-1")) == ["review_open"]
    say(recorded, address, REVIEWERS[1], executor="mod-1")
    given_ = take(recorded, address, "mod-1").json()
    assert jwt.decode(given_["token"], options={"verify_signature": False})["actor"] == "mod-1"
    redeemed = spend(recorded, given_["token"], actor="mod-1").json()
    assert (redeemed["actor"], redeemed["redeemed"]) == ("mod-1", True)
    assert recorded.get(f"{address}/statement", by=JUDGE).status_code == 200
    assert codes(spend(recorded, given_["token"], actor="mod-1")) == ["spent"]


def test_no_quota_is_counted(recorded):
    address = approved(recorded)
    spend(recorded, take(recorded, address, "mod-1").json()["token"])
    with recorded.check_service.engine.connect() as connection:
        assert connection.execute(select(usage)).all() == []


def test_whoever_asked_may_spend_it_in_the_name_of_who_acts(recorded):
    token = take(recorded, approved(recorded), "mod-1").json()["token"]
    assert codes(spend(recorded, token, actor="mod-2")) == ["other_actor"]
    assert spend(recorded, token).json()["actor"] == "mod-1"


@pytest.mark.parametrize("name", ["is_protected", "declared_secondary"])
def test_refused_stays_refused(make_client, name):
    answer = asked(make_client(name)).json()
    assert answer["verdict"] == "refused"
    assert "triage" not in [reason["code"] for reason in answer["reasons"]]


def test_what_is_doubted_is_said_before_that_nobody_acts(make_client):
    answer = asked(make_client("below_threshold")).json()
    assert [reason["code"] for reason in answer["reasons"]] == ["below_threshold", "triage"]


def test_a_change_that_one_person_decides_takes_two_of_a_triage(make_client):
    asked_for = {"action": "require_change", "demands": ["label_at_start"]}
    client = make_client("unrelated")
    assert client.check(**asked_for).json()["required_approvals"] == 1
    assert asked(client, **asked_for).json()["required_approvals"] == 2


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"triage": True}, "not both"),
        ({"actor": None}, "name who acts"),
        ({"actor": None, "triage": False}, "name who acts"),
        ({"actor": None, "triage": "yes"}, "true or false"),
        ({"report": "a", "reports": ["b"]}, "one of the two"),
    ],
)
def test_exactly_one_of_actor_and_triage_is_given(client, changes, message):
    answer = client.check(**changes)
    assert answer.status_code == 422
    assert message in answer.json()["errors"][0]["message"]


def test_a_batch_says_the_same_of_a_triage(client):
    rows = client.post("/v1/checks/batch", json={"checks": [body(actor=None, triage=True), body()]}).json()["results"]
    assert [row["verdict"] for row in rows] == ["needs_review", "cleared"]
    assert rows[0]["reasons"][0]["code"] == "triage"


def test_whose_key_asks_must_have_access(make_client):
    client = make_client("impersonation", actor_daily=10**5)
    client.key(*GATE)
    client.commit(lambda transaction: end_access(transaction, GATE[0], NOW))
    answer = asked(client).json()
    assert (answer["verdict"], answer["reasons"][0]["code"]) == ("refused", "access_ended")


# --- what is shown ---------------------------------------------------------------------------------------------------


def test_reports_and_what_the_platform_says_are_shown_and_never_scored(recorded):
    said = {"reports": REPORTS, "external_ref": "report-7", "subject_url": "https://social.example/@jane"}
    address = approved(recorded, "mod-1", **said)
    seen = recorded.scorer.seen[0]
    found = recorded.get(address, by=GATE).json()
    assert {name: found[name] for name in said} == said
    assert (found["triage"], found["actor"]["actor_id"], found["caller"]) == (True, "", GATE[0])
    assert [one["executor"] for one in found["review"]["approvals"]] == [None, "mod-1"]
    recorded.scorer.seen.clear()
    asked(recorded)
    assert recorded.scorer.seen == [seen]


def test_who_acts_finds_and_sees_it(recorded):
    address = approved(recorded)
    acts, other = ("Mod-1", "agent"), ("mod-2", "agent")
    assert recorded.get(address, by=acts).status_code == 404
    take(recorded, address, "mod-1")
    assert recorded.get(address, by=acts).json()["clearances"][0]["actor"] == "mod-1"
    assert recorded.get(address, by=other).status_code == 404
    for by, found in ((acts, 1), (other, 0)):
        assert len(recorded.get("/v1/checks", by=by).json()["checks"]) == found
    for name, found in (("MOD-1", 1), ("mod-2", 0)):
        assert len(recorded.get("/v1/checks", params={"actor": name}, by=JUDGE).json()["checks"]) == found


def test_the_log_vouches_for_who_acts(recorded):
    take(recorded, approved(recorded, "mod-1"), "mod-1")
    trusted = recorded.check_service.signer.public()
    with recorded.check_service.engine.connect() as connection:
        verify(connection, trusted)
    for table, column in ((approvals, "executor"), (clearances, "given_to")):
        with recorded.check_service.engine.begin() as connection:
            before = connection.execute(select(table.c.seq, table.c[column]).where(table.c[column].is_not(None))).one()
            connection.execute(update(table).where(table.c.seq == before[0]).values({column: "mod-9"}))
        with recorded.check_service.engine.connect() as connection, pytest.raises(TamperedError):
            verify(connection, trusted)
        with recorded.check_service.engine.begin() as connection:
            connection.execute(update(table).where(table.c.seq == before[0]).values({column: before[1]}))


# --- who is named to act ---------------------------------------------------------------------------------------------


def test_nobody_approves_what_they_are_to_do(recorded):
    address = opened(recorded)
    own = say(recorded, address, REVIEWERS[0], executor="Rev-1")
    assert (own.status_code, own.json()["detail"]) == (409, "whoever acts cannot approve it: name somebody else")
    assert say(recorded, address, REVIEWERS[0], executor="mod-1").status_code == 200
    late = say(recorded, address, ("mod-1", "reviewer"))
    assert (late.status_code, late.json()["detail"]) == (409, "whoever is named to act cannot approve it")
    before = say(recorded, address, REVIEWERS[1], executor="rev-1")
    assert "has approved this check" in before.json()["detail"]
    other = say(recorded, address, REVIEWERS[1], executor="mod-2")
    assert "names somebody else" in other.json()["detail"]
    assert say(recorded, address, REVIEWERS[1], executor="MOD-1").json()["state"] == "approved"


def test_an_executor_goes_with_an_approval_of_a_triage(recorded):
    address = opened(recorded)
    assert say(recorded, address, REVIEWERS[0], "decline", executor="mod-1").status_code == 422
    named = recorded.check(account=body()["account"] | {"followers": 200_000}).json()["check_id"]
    refused = say(recorded, f"/v1/checks/{named}", REVIEWERS[0], executor="mod-1")
    assert (refused.status_code, "of a triage only" in refused.json()["detail"]) == (409, True)


def test_who_acts_must_be_named_for_a_triage_and_for_nothing_else(recorded):
    address = approved(recorded, "mod-1")
    assert codes(take(recorded, address)) == ["no_actor"]
    assert codes(take(recorded, address, "mod-2")) == ["other_actor"]
    assert set(codes(take(recorded, address, "rev-1"))) >= {"own_approval", "other_actor"}
    assert take(recorded, address, "Mod-1").status_code == 200
    cleared = f"/v1/checks/{recorded.check().json()['check_id']}"
    assert codes(recorded.post(f"{cleared}/clearance", json={"actor": "mod-1"})) == ["other_actor"]
    assert recorded.post(f"{cleared}/clearance", json={"actor": "Agent-17"}).status_code == 200
    assert recorded.post(f"{cleared}/clearance").status_code == 200


def test_nobody_who_answered_acts(recorded):
    address = approved(recorded)
    alias = tied(recorded, "mod-1", "p-1", "agent")
    tied(recorded, "rev-1", "p-1", "reviewer")
    assert "own_approval" in codes(take(recorded, address, alias[0]))


def test_who_turns_out_to_have_approved_does_not_act_after_all(recorded):
    token = take(recorded, approved(recorded), "mod-1").json()["token"]
    tied(recorded, "mod-1", "p-1", "agent")
    tied(recorded, "rev-1", "p-1", "reviewer")
    assert "own_approval" in codes(spend(recorded, token, actor="mod-1"))


def test_an_approval_of_who_turns_out_to_be_named_does_not_count(recorded):
    address = approved(recorded, "mod-1")
    tied(recorded, "mod-1", "p-1", "agent")
    tied(recorded, "rev-1", "p-1", "reviewer")
    found = recorded.get(address, by=JUDGE).json()["review"]
    assert ([one["counts"] for one in found["approvals"]], found["state"]) == ([False, True], "open")
    assert "review_open" in codes(take(recorded, address, "mod-1"))


@pytest.mark.parametrize("left", [timedelta(), timedelta(hours=1)])
def test_who_acts_has_access_when_it_is_taken_and_spent(recorded, left):
    address = approved(recorded)
    token = take(recorded, address, "mod-1", headers={"Idempotency-Key": "one"}).json()["token"]
    recorded.commit(lambda transaction: end_access(transaction, "mod-1", NOW + left))
    expected = "access_ending" if left else "access_ended"
    assert expected in codes(spend(recorded, token, actor="mod-1"))
    assert expected in codes(take(recorded, address, "mod-1"))


def test_a_request_that_comes_again_gives_nothing_to_who_has_no_access(recorded):
    address, once = approved(recorded), {"headers": {"Idempotency-Key": "one"}}
    first = take(recorded, address, "mod-1", **once)
    assert take(recorded, address, "mod-1", **once).json() == first.json()
    recorded.commit(lambda transaction: end_access(transaction, "mod-1", NOW))
    assert codes(take(recorded, address, "mod-1", **once)) == ["access_ended"]


def test_whose_keys_allow_nothing_of_the_kind_does_not_act(recorded):
    address = approved(recorded)
    recorded.key("mod-1", "auditor")
    assert codes(take(recorded, address, "mod-1")) == ["actor_without_right"]


def test_only_who_asked_gets_the_clearance(recorded):
    address = approved(recorded, "mod-1")
    assert take(recorded, address, "mod-1", by=("agent-9", "agent")).status_code == 404
    given_ = take(recorded, address, "mod-1")
    assert codes(take(recorded, address, "mod-1", by=("mod-1", "agent"))) == ["other_actor"]
    assert spend(recorded, given_.json()["token"], by=("tool", "executor"), actor="mod-1").status_code == 200


def test_an_empty_body_is_none_and_another_format_is_refused(recorded):
    address = approved(recorded)
    assert codes(recorded.post(f"{address}/clearance", json=None, by=GATE)) == ["no_actor"]
    text = recorded.post(f"{address}/clearance", content="actor=mod-1", by=GATE)
    assert text.status_code == 415


# --- appeals ---------------------------------------------------------------------------------------------------------


def acted(client, executor="mod-1"):
    address = approved(client, executor)
    assert spend(client, take(client, address, executor).json()["token"]).status_code == 200
    return address.rpartition("/")[2]


def test_who_acted_does_not_say_what_the_appeal_found(recorded):
    check_id = acted(recorded)
    assert codes(appeal(recorded, check_id, by=("Mod-1", "reviewer"))) == ["own_action"]
    assert appeal(recorded, check_id).status_code == 200


def test_a_tool_says_what_somebody_else_found_on_the_platform(recorded):
    check_id = acted(recorded)
    for name in ("mod-1", "the-gate"):
        assert codes(appeal(recorded, check_id, by=GATE, actor=name)) == ["own_action"]
    found = appeal(recorded, check_id, by=GATE, actor="judge-7").json()
    assert (found["actor"], found["outcome"]) == ("judge-7", "overturned")
    history = recorded.get(f"/v1/checks/{check_id}", by=JUDGE).json()["history"]
    [line] = [one for one in history if one["kind"] == "outcome"]
    assert line["data"]["key"] == recorded.key(*GATE).split("_")[1]


def test_who_approved_does_not_change_it_through_a_tool(recorded):
    check_id = acted(recorded)
    appeal(recorded, check_id, by=GATE, actor="judge-7")
    assert codes(appeal(recorded, check_id, "upheld", by=GATE, actor="rev-1")) == ["own_approval"]


def test_a_tool_that_names_nobody_only_adds_caution(recorded):
    check_id = acted(recorded)
    assert appeal(recorded, check_id, "upheld", by=GATE).json()["actor"] == "the-gate"
    assert appeal(recorded, check_id, by=GATE).status_code == 200
    assert codes(appeal(recorded, check_id, "upheld", by=GATE)) == ["nobody_named"]
    assert appeal(recorded, check_id, "upheld", by=GATE, actor="judge-7").status_code == 200


@pytest.mark.parametrize("by", [JUDGE, ("ada", "admin"), ("tool", "reviewer", "executor")])
def test_who_judges_speaks_in_the_name_of_the_key(recorded, by):
    answer = appeal(recorded, acted(recorded), by=by, actor="judge-7")
    assert (answer.status_code, "only a tool's key names somebody" in answer.json()["detail"]) == (422, True)


def test_a_tool_records_an_outcome_of_what_was_acted_on_only(recorded):
    check_id = approved(recorded).rpartition("/")[2]
    assert codes(appeal(recorded, check_id, by=GATE, actor="judge-7")) == ["not_acted_on"]


# --- never fewer than two others -------------------------------------------------------------------------------------

PEOPLE = {
    "the-gate": 0, "The-Gate": 0, "rev-1": 1, "REV-1": 1, "rev-2": 2, "alias-2": 2, "mod-1": 3, "Mod-1": 3, "rev-4": 4,
}  # fmt: skip
ANSWERS = st.lists(
    st.tuples(
        st.sampled_from(sorted(PEOPLE)),
        st.sampled_from(["approve", "approve", "approve", "decline"]),
        st.sampled_from([None, None, *sorted(PEOPLE)]),
    ),
    max_size=4,
)


@pytest.fixture(scope="module")
def crowd():
    """A service with keys of all these names, two of them tied to one person."""
    client = build(ASSESSMENTS["impersonation"])
    for name in sorted(PEOPLE):
        tie = "p-2" if PEOPLE[name] == 2 else None
        for roles in (("reviewer",), ("agent",)):
            key = client.commit(lambda unit, name=name, roles=roles, tie=tie: create_key(unit, name, roles, person=tie))
            client._keys[name, roles] = key
    yield client
    client.check_service.close()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ANSWERS, st.sampled_from(sorted(PEOPLE)))
def test_no_answers_of_fewer_than_two_others_give_a_clearance(crowd, answers, acts):
    address, agreed, declined = opened(crowd), set(), False
    for name, answer, executor in answers:
        more = {"executor": executor} if executor and answer == "approve" else {}
        if say(crowd, address, (name, "reviewer"), answer, **more).status_code == 200:
            agreed |= {PEOPLE[name]} if answer == "approve" else set()
            declined |= answer == "decline"
    given_ = take(crowd, address, acts)
    others = agreed - {PEOPLE["the-gate"], PEOPLE[acts]}
    if given_.status_code == 200:
        assert len(others) >= 2
        assert not declined
        assert PEOPLE[acts] not in agreed
    elif len(agreed) >= 2 and not declined:
        assert set(codes(given_)) & {"other_actor", "own_approval", "review_open"}
