"""People are compared as people: no spelling of a name, and no second key of a person, gets anybody further.

Over the running service and on both databases; R5 and R6 rest on it. All people are invented.
"""

from __future__ import annotations

import unicodedata
from datetime import timedelta

import pytest
from sqlalchemy import select

from service.auth.api_keys import create_key, end_access, revoke_key
from service.records.tables import actor_names
from tests.service.conftest import NOW, appeal, body
from tests.service.test_rules import FAKE, approve, clearance, cleared, redeem, refusals

NAME = "Zoë Marlow"
SPELLINGS = {
    "capitals": "ZOË MARLOW",
    "NFD": unicodedata.normalize("NFD", NAME),
    "full-width": "Ｚｏë　Ｍａｒｌｏｗ",
    "zero-width": "Zo\u200bë Mar\u2060low",
    "blanks": "  Zoë  Mar low ",
    "Cyrillic letters": "Z\u043eë M\u0430rl\u043ew",
    "a one for an l": "Zoë Mar1ow",
    "no accent": "Zoe Marlow",
}
# How the same person may have a name in keys, where nothing invisible and no mixture of alphabets is taken.
KEYED = [
    SPELLINGS[way].replace("\u3000", " ") for way in ("capitals", "NFD", "full-width", "a one for an l", "no accent")
]
TOOL = ("the-tool", "agent")
HIGH = FAKE | {"followers": 250_000}


def asked(client, actor, *, by=TOOL, account=FAKE, **headers):
    response = client.post("/v1/checks", json=body(account=account, actor=actor), by=by, headers=headers)
    assert response.status_code == 200, response.text
    return response.json()


def codes(answer):
    return {reason["code"] for reason in answer["reasons"]}


def own_key(client, actor, *roles, person=None):
    """Make one more key, also for an actor that has one, and return its headers."""
    key = client.commit(lambda transaction: create_key(transaction, actor, roles, person=person))
    return {"Authorization": f"Bearer {key}"}


def person_of_two_names(client, *roles):
    """Make a person with two keys under names that have nothing in common."""
    return [own_key(client, name, *roles, person="P-7") for name in ("zoe-day", "night-desk")]


# --- ends of access -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("registered", [NAME, *SPELLINGS.values()])
def test_an_end_of_access_holds_for_every_spelling(recorded, registered):
    recorded.commit(lambda transaction: end_access(transaction, registered, NOW + timedelta(hours=1)))
    for name in (NAME, *SPELLINGS.values()):
        assert "access_ending" in codes(asked(recorded, name)), name
    assert "access_ending" not in codes(asked(recorded, "Zoë Marlowe"))


@pytest.mark.parametrize("keyed", [NAME, *KEYED])
def test_an_end_of_access_ends_what_a_key_may_do(recorded, keyed):
    key = recorded.key(keyed, "auditor")
    recorded.commit(lambda transaction: end_access(transaction, NAME, NOW))
    assert recorded.get("/v1/checks", by=None, headers={"X-API-Key": key}).status_code == 403


def test_an_end_of_access_ends_a_session(recorded):
    form = {"key": recorded.key("ZOË MARLOW", "reviewer"), "next": "/"}
    cookie = recorded.post("/sign-in", data=form, by=None, headers={"Sec-Fetch-Site": "same-origin"}).headers
    session = {"Cookie": cookie["set-cookie"].partition(";")[0]}
    assert recorded.get("/reviews", by=None, headers=session).status_code == 200
    recorded.commit(lambda transaction: end_access(transaction, NAME, NOW))
    assert recorded.get("/reviews", by=None, headers=session).status_code == 403


def test_an_end_of_access_is_asked_about_again_in_a_batch_and_when_a_clearance_is_spent(recorded):
    answer = asked(recorded, NAME)
    recorded.commit(lambda transaction: end_access(transaction, SPELLINGS["capitals"], NOW + timedelta(hours=1)))
    assert refusals(redeem(recorded, answer, by=TOOL)) == {"access_ending"}
    row = body(account=FAKE, actor=SPELLINGS["zero-width"])
    [result] = recorded.post("/v1/checks/batch", json={"checks": [row]}, by=TOOL).json()["results"]
    assert "access_ending" in codes(result)


# --- quotas ---------------------------------------------------------------------------------------------------------


def test_a_quota_is_shared_by_all_spellings(make_client, database_url):
    client = make_client(database_url=database_url, actor_burst=3)
    names = [NAME, *SPELLINGS.values()]
    answers = [asked(client, name, by=(f"tool-{number}", "agent")) for number, name in enumerate(names)]
    assert [answer["verdict"] for answer in answers] == ["cleared"] * 3 + ["needs_review"] * (len(names) - 3)
    assert codes(answers[-1]) == {"quota_actor_burst"}


def test_a_quota_is_shared_by_all_keys_of_a_person_also_what_was_counted_before_they_were_tied(
    make_client, database_url
):
    client = make_client(database_url=database_url, actor_burst=2)
    assert [asked(client, name)["verdict"] for name in ("zoe-day", "night-desk")] == ["cleared"] * 2
    person_of_two_names(client, "agent")
    for name in ("zoe-day", "night-desk"):
        assert codes(asked(client, name, by=("another-tool", "agent"))) == {"quota_actor_burst"}


def test_a_check_counts_once_for_somebody_who_asks_under_two_names(make_client, database_url):
    client = make_client(database_url=database_url, actor_burst=2)
    day, _ = person_of_two_names(client, "agent")
    found = [asked(client, "night-desk", by=None, **day)["verdict"] for _ in range(3)]
    assert found == ["cleared", "cleared", "needs_review"]


# --- two people -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [NAME, *KEYED])
def test_no_spelling_approves_what_was_asked_for_in_a_name(recorded, name):
    for spelling in (NAME, SPELLINGS["zero-width"], SPELLINGS["Cyrillic letters"]):
        check_id = asked(recorded, spelling, account=HIGH)["check_id"]
        assert "cannot approve" in approve(recorded, check_id, (name, "reviewer")).json()["detail"]


@pytest.mark.parametrize("name", KEYED)
def test_no_spelling_is_a_second_person(recorded, name):
    check_id = asked(recorded, "agent-17", account=HIGH)["check_id"]
    assert approve(recorded, check_id, (NAME, "reviewer")).status_code == 200
    assert "a different reviewer" in approve(recorded, check_id, (name, "reviewer")).json()["detail"]


def test_what_one_key_of_a_person_was_shown_another_has_seen(recorded):
    check_id = asked(recorded, "agent-17", account=HIGH)["check_id"]
    assert recorded.get(f"/v1/checks/{check_id}", by=(NAME, "reviewer")).status_code == 200
    given = {"answer": "approve", "reason": "seen"}
    path = f"/v1/checks/{check_id}/approvals"
    assert recorded.post(path, json=given, by=("ZOE MARLOW", "reviewer")).status_code == 200


def test_two_keys_of_a_person_are_one_approver(recorded):
    day, night = person_of_two_names(recorded, "reviewer")
    check_id = asked(recorded, "agent-17", account=HIGH)["check_id"]
    given = {"answer": "approve", "reason": "seen"}
    for headers, status in ((day, 200), (night, 409)):
        assert recorded.get(f"/v1/checks/{check_id}", by=None, headers=headers).status_code == 200
        answer = recorded.post(f"/v1/checks/{check_id}/approvals", json=given, by=None, headers=headers)
        assert answer.status_code == status, answer.text
    assert "review_open" in refusals(clearance(recorded, check_id, by=TOOL))


def test_two_approvers_who_turn_out_to_be_one_person_count_as_one(recorded):
    check_id = asked(recorded, "agent-17", account=HIGH)["check_id"]
    for name in ("zoe-day", "night-desk"):
        assert approve(recorded, check_id, (name, "reviewer")).status_code == 200
    token = clearance(recorded, check_id, by=TOOL).json()
    person_of_two_names(recorded, "reviewer")
    assert "approvals_lost" in refusals(redeem(recorded, {"clearance": token}, by=TOOL, followers=250_000))
    assert "review_open" in refusals(clearance(recorded, check_id, by=TOOL))


def test_an_approver_who_turns_out_to_have_asked_counts_no_more(recorded):
    check_id = asked(recorded, "night-desk", account=HIGH)["check_id"]
    for name in ("zoe-day", "somebody-else"):
        assert approve(recorded, check_id, (name, "reviewer")).status_code == 200
    token = clearance(recorded, check_id, by=TOOL).json()
    person_of_two_names(recorded, "reviewer")
    assert "approvals_lost" in refusals(redeem(recorded, {"clearance": token}, by=TOOL, followers=250_000))


def test_an_approval_is_lost_when_access_ends_under_another_name_of_the_person(recorded):
    person_of_two_names(recorded, "reviewer")
    check_id = asked(recorded, "agent-17", account=HIGH)["check_id"]
    for name in ("zoe-day", "somebody-else"):
        assert approve(recorded, check_id, (name, "reviewer")).status_code == 200
    recorded.commit(lambda transaction: end_access(transaction, "NIGHT-DESK", NOW + timedelta(hours=2)))
    assert "review_open" in refusals(clearance(recorded, check_id, by=TOOL))


# --- revocation -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("keyed", [NAME, *KEYED])
def test_whose_only_key_was_revoked_does_not_act_under_any_spelling(recorded, keyed):
    key = recorded.key(keyed, "agent")
    answer = asked(recorded, SPELLINGS["zero-width"])
    recorded.commit(lambda transaction: revoke_key(transaction, key.split("_")[1]))
    assert refusals(redeem(recorded, answer, by=TOOL)) == {"actor_without_right"}


# --- what may be seen -----------------------------------------------------------------------------------------------


def test_every_spelling_finds_the_persons_checks(recorded):
    recorded.key(KEYED[0], "agent")  # this one is known by its key, the others by the checks
    mine = {asked(recorded, name)["check_id"] for name in (NAME, *SPELLINGS.values())}
    other = asked(recorded, "somebody-else")["check_id"]
    for name in (NAME, *SPELLINGS.values()):
        found = recorded.get("/v1/checks", params={"actor": name}, by=("aud", "auditor")).json()["checks"]
        assert {line["check_id"] for line in found} == mine, name
    for name in (NAME, *KEYED):
        found = recorded.get("/v1/checks", by=(name, "agent")).json()["checks"]
        assert {line["check_id"] for line in found} == mine, name
        assert all(recorded.get(f"/v1/checks/{one}", by=(name, "agent")).status_code == 200 for one in mine)
        assert recorded.get(f"/v1/checks/{other}", by=(name, "agent")).status_code == 404


def test_a_person_of_two_names_finds_both_names_checks(recorded):
    mine = {asked(recorded, name)["check_id"] for name in ("ZOE-DAY", "night-desk")}
    for headers in person_of_two_names(recorded, "agent"):
        found = recorded.get("/v1/checks", by=None, headers=headers).json()["checks"]
        assert {line["check_id"] for line in found} == mine


def test_names_are_noted_once_and_only_where_no_key_has_them(recorded):
    recorded.key("agent-17", "agent")
    for name in ("agent-17", "AGENT-17", "AGENT-17", NAME):
        asked(recorded, name)
    with recorded.check_service.engine.connect() as connection:
        assert set(connection.execute(select(actor_names.c.name)).scalars()) == {"AGENT-17", NAME}


# --- names in requests ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["\u200b", " ", "\u00a0\u2060", "\u3164", "\U000e0001", "\u2800"])
@pytest.mark.parametrize("as_text", [True, False])
def test_an_actor_of_whom_nothing_can_be_seen_is_refused(recorded, name, as_text):
    actor = name if as_text else {"actor_id": name}
    for path, given in (
        ("/v1/checks", body(actor=actor)),
        ("/v1/clearances/redeem", {"token": "t", "account": FAKE, "actor": actor}),
    ):
        refused = recorded.post(path, json=given)
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["field"] == "actor.actor_id"
        assert "can be seen" in refused.json()["errors"][0]["message"]


@pytest.mark.parametrize("name", SPELLINGS.values())
def test_a_clearance_is_spent_in_any_spelling_of_its_actor(recorded, name):
    answer = asked(recorded, NAME)
    assert redeem(recorded, answer, by=("suspender", "executor"), actor=name).status_code == 200


# --- what comes again -----------------------------------------------------------------------------------------------


def test_an_idempotency_key_is_the_persons_in_every_spelling(recorded):
    sent = {"json": body(), "headers": {"Idempotency-Key": "once"}}
    first, *others = (recorded.post("/v1/checks", **sent, by=(name, "agent")) for name in (NAME, *KEYED))
    assert {other.content for other in others} == {first.content}
    assert recorded.post("/v1/checks", **sent, by=("somebody-else", "agent")).content != first.content


def test_an_idempotency_key_is_the_persons_under_every_name(recorded):
    headers = {"Idempotency-Key": "once"}
    before = own_key(recorded, "zoe-day", "agent")
    first = recorded.post("/v1/checks", json=body(), by=None, headers=headers | before)
    for own in person_of_two_names(recorded, "agent"):
        again = recorded.post("/v1/checks", json=body(), by=None, headers=headers | own)
        assert again.content == first.content
        other = recorded.post("/v1/checks", json=body(action="delete"), by=None, headers=headers | own)
        assert other.status_code == 422


REPEATED = {"headers": {"Idempotency-Key": "once"}}


def test_a_key_that_was_revoked_a_moment_ago_is_answered_nothing_again(recorded):
    first = recorded.check_service.callers  # believes keys for a second
    answer = recorded.post("/v1/checks", json=body(), **REPEATED)
    assert answer.json()["clearance"]["token"]
    assert recorded.post("/v1/checks", json=body(), **REPEATED).content == answer.content
    recorded.commit(lambda transaction: revoke_key(transaction, recorded.key("agent-17", "agent").split("_")[1]))
    assert first._known, "the key is still believed"
    again = recorded.post("/v1/checks", json=body(), **REPEATED)
    assert (again.status_code, again.json()["code"]) == (401, "unauthenticated")
    assert answer.json()["clearance"]["token"] not in again.text


@pytest.mark.parametrize("lost", ["revoked", "spent", "expired", "access"])
def test_a_token_that_does_not_hold_any_more_is_not_given_again(recorded, lost):
    answer = recorded.post("/v1/checks", json=body(), **REPEATED).json()
    lose(recorded, answer, lost)
    again = recorded.post("/v1/checks", json=body(), **REPEATED)
    assert again.json() == answer | {"clearance": None}


@pytest.mark.parametrize("lost", ["revoked", "spent", "expired", "access"])
def test_a_clearance_that_does_not_hold_any_more_is_not_given_again(recorded, lost):
    path = f"/v1/checks/{cleared(recorded)['check_id']}/clearance"
    given = recorded.post(path, **REPEATED)
    assert recorded.post(path, **REPEATED).content == given.content
    lose(recorded, {"clearance": given.json()}, lost)
    assert refusals(recorded.post(path, **REPEATED)) == {"access_ended" if lost == "access" else lost}


@pytest.mark.parametrize("since", ["nothing", "overturned", "actor", "tool"])
def test_a_redemption_is_not_answered_again_once_it_would_be_refused(recorded, since):
    """A tool that asks again acts on what it is answered, also on an account that was given back to its owner."""
    tool = ("suspender", "executor")
    answer = recorded.post("/v1/checks", json=body()).json()
    given = {"token": answer["clearance"]["token"], "account": FAKE, "actor": "agent-17"}
    first = recorded.post("/v1/clearances/redeem", json=given, by=tool, **REPEATED)
    assert first.status_code == 200
    if since == "overturned":
        assert appeal(recorded, answer["check_id"]).status_code == 200
    elif since != "nothing":
        name = {"actor": "AGENT-17", "tool": "Suspender"}[since]
        recorded.commit(lambda transaction: end_access(transaction, name, NOW))
    again = recorded.post("/v1/clearances/redeem", json=given, by=tool, **REPEATED)
    if since == "nothing":
        assert again.content == first.content
    else:
        assert refusals(again) == {"appeal_overturned" if since == "overturned" else "access_ended"}


def lose(client, answer, how):
    if how == "revoked":
        revoking = f"/v1/clearances/{answer['clearance']['clearance_id']}/revoke"
        assert client.post(revoking, by=("rev", "reviewer")).status_code == 200
    elif how == "spent":
        assert redeem(client, answer).status_code == 200
    elif how == "expired":
        client.clock.at = NOW + timedelta(minutes=15)
    else:
        client.commit(lambda transaction: end_access(transaction, "AGENT-17", NOW))
