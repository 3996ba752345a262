"""Who asked for a check can withdraw it; then nobody can act on it, answer it, or have anything for it."""

import asyncio
import json

import pytest
from pydantic import TypeAdapter
from sqlalchemy import select

from service.auth.api_keys import Caller
from service.errors import TamperedError
from service.records.tables import asker_steps, log
from service.records.verification import verify
from service.schemas.checks import CheckRequest
from tests.service.conftest import ASSESSMENTS, body

OTHER = ("agent-99", "agent")
REVIEWER = ("rev-1", "reviewer")
LOUD = {"account": body()["account"] | {"followers": 200_000}}


def withdraw(client, check_id, reason="mistyped", **options):
    return client.post(f"/v1/checks/{check_id}/withdrawal", json={"reason": reason}, **options)


def approve(client, check_id, *reviewers):
    for reviewer in reviewers:
        client.get(f"/v1/checks/{check_id}", by=(reviewer, "reviewer"))
        given = {"answer": "approve", "reason": "x"}
        answer = client.post(f"/v1/checks/{check_id}/approvals", json=given, by=(reviewer, "reviewer"))
    return answer


def codes(answer):
    assert answer.status_code == 409, answer.text
    return [reason["code"] for reason in answer.json()["reasons"]]


def queue(client):
    return asyncio.run(client.check_service.waiting(Caller("k", "rev-9", frozenset({"reviewer"}))))


def trusted(client):
    return client.check_service.signer.public()


def test_a_withdrawn_check_gives_nothing_any_more_and_what_was_given_is_void(recorded):
    checked = recorded.check().json()
    answer = withdraw(recorded, checked["check_id"])
    assert (answer.status_code, answer.json()["state"]) == (200, "withdrawn")
    found = recorded.get(f"/v1/checks/{checked['check_id']}").json()
    assert found["withdrawn"] | {"at": ""} == {"reason": "mistyped", "actor": "agent-17", "at": ""}
    assert [one["state"] for one in found["clearances"]] == ["revoked"]
    assert codes(recorded.post(f"/v1/checks/{checked['check_id']}/clearance")) == ["check_withdrawn"]
    spent = {"token": checked["clearance"]["token"], "account": body()["account"]}
    assert codes(recorded.post("/v1/clearances/redeem", json=spent)) == ["revoked"]


def test_nobody_is_asked_any_more_and_approvals_are_worth_nothing(recorded):
    first, second = (recorded.check(**LOUD).json()["check_id"] for _ in range(2))
    approve(recorded, first, "rev-1", "rev-2")
    for check_id in (first, second):
        assert withdraw(recorded, check_id, "not_needed").status_code == 200
    assert queue(recorded).total == 0
    assert codes(recorded.post(f"/v1/checks/{first}/clearance")) == ["check_withdrawn"]
    refused = approve(recorded, second, "rev-3")
    assert (refused.status_code, "withdrew it" in refused.text) == (409, True)


def test_only_who_asked_withdraws_and_once(recorded):
    check_id = recorded.check(**LOUD).json()["check_id"]
    assert withdraw(recorded, check_id, by=OTHER).status_code == 404, "who may not see it does not learn of it"
    both = withdraw(recorded, check_id, by=("rev-1", "agent", "reviewer"))
    assert (both.status_code, "only who asked" in both.text) == (409, True)
    assert withdraw(recorded, check_id).status_code == 200
    again = withdraw(recorded, check_id)
    assert (again.status_code, "already" in again.text) == (409, True)


def test_what_was_acted_on_is_not_withdrawn(recorded):
    checked = recorded.check().json()
    spent = {"token": checked["clearance"]["token"], "account": body()["account"]}
    assert recorded.post("/v1/clearances/redeem", json=spent).status_code == 200
    refused = withdraw(recorded, checked["check_id"])
    assert (refused.status_code, "taken already" in refused.text) == (409, True)


@pytest.mark.parametrize("reason", ["", "because", None])
def test_a_reason_is_one_of_three(client, reason):
    assert withdraw(client, client.check().json()["check_id"], reason).status_code == 422


def test_the_log_vouches_for_it(recorded):
    check_id = recorded.check().json()["check_id"]
    withdraw(recorded, check_id)
    engine = recorded.check_service.engine
    with engine.begin() as connection:
        assert verify(connection, trusted(recorded)).entries
        [entry] = connection.execute(select(log).where(log.c.kind == "asker_step")).all()
        assert json.loads(entry.data)["step"] == "withdrawn"
        connection.execute(asker_steps.delete())
        with pytest.raises(TamperedError):
            verify(connection, trusted(recorded))
        connection.rollback()


# --- a check that resembles nobody -----------------------------------------------------------------------------------


def ask_as_a_page(client, **changes):
    """Ask for a check as the form of the pages does."""
    asked = TypeAdapter(CheckRequest).validate_python(body(**changes))
    caller = asyncio.run(client.check_service.callers.of(client.key("agent-17", "agent")))
    answer = asyncio.run(client.check_service.check(asked, caller, give=False, hold=True))
    return json.loads(answer.body)["check_id"], caller


@pytest.fixture
def nobody(make_client, database_url):
    return make_client("no_target", database_url=database_url)


def test_what_resembles_nobody_waits_for_its_asker_not_for_two_people(nobody):
    check_id, caller = ask_as_a_page(nobody)
    assert nobody.get(f"/v1/checks/{check_id}").json()["held"]
    assert queue(nobody).total == 0
    assert nobody.get("/v1/checks?sort=due", by=REVIEWER).json()["checks"] == []
    asyncio.run(nobody.check_service.askers.ask(check_id, caller, None))
    assert not nobody.get(f"/v1/checks/{check_id}").json()["held"]
    assert [one.decision.row.id for one in queue(nobody).mine] == [check_id]


def test_a_held_check_is_closed_and_then_nobody_can_be_asked(nobody):
    check_id, caller = ask_as_a_page(nobody)
    assert withdraw(nobody, check_id, "resembles_nobody").status_code == 200
    with pytest.raises(Exception, match="withdrawn"):
        asyncio.run(nobody.check_service.askers.ask(check_id, caller, None))
    assert queue(nobody).total == 0


def test_what_a_tool_asks_is_not_held(nobody):
    check_id = nobody.check().json()["check_id"]
    assert not nobody.get(f"/v1/checks/{check_id}").json()["held"]
    assert queue(nobody).total == 1


@pytest.mark.parametrize("name", sorted(set(ASSESSMENTS) - {"no_target"}))
def test_only_what_resembles_nobody_is_held(make_client, name):
    client = make_client(name)
    check_id, _ = ask_as_a_page(client)
    assert not client.get(f"/v1/checks/{check_id}").json()["held"]
