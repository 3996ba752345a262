"""Asking, looking up, batches, and the same request sent twice."""

import asyncio
import json
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.accounts.account import Account
from service.decisions.redemption import changes
from service.web.problems import MEDIA_TYPE
from tests.service.conftest import AGENT, NOW, acted, appeal, body

UPHELD = {"outcome": "upheld", "note": "It was."}
AUDITOR = ("aud", "auditor")


# --- the same request sent again -------------------------------------------------------------------------------------


def keyed(client, key, **changes_):
    return client.post("/v1/checks", json=body(**changes_), headers={"Idempotency-Key": key})


def test_the_same_key_and_body_give_the_same_answer(recorded):
    first, again = keyed(recorded, "k-1"), keyed(recorded, "k-1")
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert len(recorded.get("/v1/checks", by=AUDITOR).json()["checks"]) == 1
    assert keyed(recorded, "k-2").json()["check_id"] != first.json()["check_id"]


def test_the_same_key_with_another_body_is_refused(recorded):
    keyed(recorded, "k-1")
    refused = keyed(recorded, "k-1", action="delete")
    assert (refused.status_code, refused.json()["code"]) == (422, "idempotency_key_reused")
    elsewhere = recorded.post("/v1/checks/batch", json={"checks": [body()]}, headers={"Idempotency-Key": "k-1"})
    assert elsewhere.json()["code"] == "idempotency_key_reused"


def test_while_one_is_in_flight_the_same_key_is_refused(recorded):
    recorded.key(*AGENT)

    async def ask():
        headers = {"Idempotency-Key": "k-1"}
        sent = [recorded.send("POST", "/v1/checks", json=body(), headers=headers) for _ in range(10)]
        return await asyncio.gather(*sent)

    answers = asyncio.run(ask())
    assert {one.status_code for one in answers} == {200, 409}
    assert {one.json()["code"] for one in answers if one.status_code == 409} == {"in_flight"}
    assert len({one.content for one in answers if one.status_code == 200}) == 1


def test_a_key_is_forgotten_after_a_day(recorded):
    first = keyed(recorded, "k-1")
    asyncio.run(recorded.upkeep.prune())
    assert keyed(recorded, "k-1").content == first.content
    recorded.clock.at = NOW + timedelta(days=1, seconds=1)
    asyncio.run(recorded.upkeep.prune())
    assert keyed(recorded, "k-1").json()["check_id"] != first.json()["check_id"]


@pytest.mark.parametrize("key", ["", "a b", "a" * 256, "é"])
def test_a_key_that_is_none_is_refused(recorded, key):
    refused = recorded.post("/v1/checks", json=body(), headers={"Idempotency-Key": key.encode()})
    assert (refused.status_code, refused.json()["code"]) == (400, "bad_header")


def test_a_redeemed_clearance_is_redeemed_when_the_same_request_comes_again(recorded):
    """The answer was lost on the way: the tool must learn that it may act, and it is still spent once only."""
    answer = recorded.check().json()
    given_ = {"token": answer["clearance"]["token"], "account": body()["account"]}
    sent = {"json": given_, "headers": {"Idempotency-Key": "r-1"}}
    first, again = (recorded.post("/v1/clearances/redeem", **sent) for _ in range(2))
    assert (first.status_code, first.content) == (200, again.content)
    assert recorded.post("/v1/clearances/redeem", json=given_).status_code == 409


# --- looking up ------------------------------------------------------------------------------------------------------


def test_a_check_is_found_with_all_that_became_of_it(recorded):
    answer = recorded.check(report={"ticket": 7}).json()
    recorded.post("/v1/clearances/redeem", json={"token": answer["clearance"]["token"], "account": body()["account"]})
    appeal(recorded, answer["check_id"])
    found = recorded.get(f"/v1/checks/{answer['check_id']}", by=AUDITOR).json()
    clearance = answer.pop("clearance")
    assert found["check"] == answer | {"clearance": None}, "as it was answered, but for the token"
    assert clearance["token"] not in json.dumps(found)
    assert found["account"]["handle"] == "JaneR0e"
    assert found["report"] == {"ticket": 7}
    assert [one["state"] for one in found["clearances"]] == ["spent"]
    assert [one["outcome"] for one in found["outcomes"]] == ["overturned"]
    happened = ["check", "clearance_issued", "clearance_redeemed", "statement", "outcome", "warning_noted"]
    assert [one["kind"] for one in found["history"]] == happened


def test_an_agent_finds_only_the_agents_own(recorded):
    own = recorded.check().json()["check_id"]
    other = recorded.post("/v1/checks", json=body(actor="other"), by=("other", "agent")).json()["check_id"]
    named = recorded.post("/v1/checks", json=body(), by=("the-tool", "agent")).json()["check_id"]
    assert {one["check_id"] for one in recorded.get("/v1/checks").json()["checks"]} == {own, named}
    assert recorded.get(f"/v1/checks/{other}").status_code == 404
    assert recorded.get(f"/v1/checks/{own}").status_code == 200
    assert len(recorded.get("/v1/checks", by=AUDITOR).json()["checks"]) == 3


def test_an_unknown_check_is_a_problem(recorded):
    for method, path in (("GET", ""), ("GET", "/statement"), ("POST", "/approvals"), ("POST", "/outcome")):
        given_ = {"json": {"answer": "approve", "reason": "a"} if path == "/approvals" else UPHELD}
        sent = given_ if method == "POST" else {}
        by = ("rev", "reviewer")
        refused = recorded.request(method, f"/v1/checks/00000000-0000-4000-8000-000000000000{path}", by=by, **sent)
        assert (refused.status_code, refused.json()["code"]) == (404, "unknown_check")


@pytest.fixture
def several(recorded):
    """Six checks, a minute apart, by two actors on three accounts."""
    for number in range(6):
        recorded.clock.at = NOW + timedelta(minutes=number)
        account = body()["account"] | {"account_id": f"1{number % 3}", "handle": f"Jane{number % 3}"}
        recorded.post("/v1/checks", json=body(account=account, actor=f"actor-{number % 2}"))
    return recorded


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, "543210"),
        ({"account_id": "11"}, "41"),
        ({"handle": "@JANE2"}, "52"),
        ({"platform": "X", "actor": "actor-1"}, "531"),
        ({"platform": "bluesky"}, ""),
        ({"verdict": "cleared", "actor": "actor-0"}, "420"),
        ({"verdict": "refused"}, ""),
        ({"since": "2026-05-01T12:02:00Z", "until": "2026-05-01T12:04:00+00:00"}, "32"),
        ({"since": "2026-05-01T14:04:00+02:00"}, "54"),
    ],
)
def test_checks_are_found_by_account_actor_verdict_and_time(several, query, found):
    page = several.get("/v1/checks", params=query, by=AUDITOR).json()
    assert "".join(str(int(one["checked_at"][14:16])) for one in page["checks"]) == found
    assert page["next"] is None


def test_checks_are_found_by_what_the_latest_appeal_found(recorded):
    check_ids = [acted(recorded, account=body()["account"] | {"account_id": str(number)}) for number in range(3)]
    for check_id, outcome in zip((*check_ids[:2], check_ids[0]), ("upheld", "overturned", "overturned"), strict=True):
        assert appeal(recorded, check_id, outcome).status_code == 200
    found = {
        outcome: {one["check_id"] for one in recorded.get("/v1/checks", params={"outcome": outcome}).json()["checks"]}
        for outcome in ("upheld", "overturned")
    }
    assert found == {"upheld": set(), "overturned": set(check_ids[:2])}


def test_a_handle_is_shown_as_it_was_written(recorded):
    recorded.check()
    [line] = recorded.get("/v1/checks").json()["checks"]
    assert (line["handle"], line["handle_as_written"]) == ("janer0e", "JaneR0e")


def test_pages_follow_each_other_without_gaps(several):
    seen, before = [], None
    while True:
        query = {"limit": 4} | ({"before": before} if before else {})
        page = several.get("/v1/checks", params=query, by=AUDITOR).json()
        seen += [one["check_id"] for one in page["checks"]]
        before = page["next"]
        if before is None:
            break
    assert len(seen) == len(set(seen)) == 6


@pytest.mark.parametrize(
    "query",
    [{"limit": 0}, {"limit": 201}, {"verdict": "maybe"}, {"since": "yesterday"}, {"handle": ""}, {"before": "x"}],
)
def test_a_query_that_cannot_be_read_names_its_field(recorded, query):
    refused = recorded.get("/v1/checks", params=query, by=AUDITOR)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == next(iter(query))


# --- batches ---------------------------------------------------------------------------------------------------------


def test_a_batch_answers_every_row_and_clears_nothing(recorded):
    rows = [body(), body(account={}), 17, body(format="x-v2", account={"username": "JaneR0e"}), body(action="ban"), {}]
    answer = recorded.post("/v1/checks/batch", json={"checks": rows}).json()
    assert [one["row"] for one in answer["results"]] == [1, 2, 3, 4, 5, 6]
    verdicts = [one["verdict"] for one in answer["results"]]
    assert verdicts == ["cleared", None, None, "needs_review", None, None]
    assert [one["error"] for one in answer["results"]][1:3] == [
        "field 'account.handle': is required", "must be an object",
    ]  # fmt: skip
    assert "token" not in json.dumps(answer)
    assert recorded.get("/v1/checks", by=AUDITOR).json()["checks"] == [], "no row is a decision"
    assert answer["entry"]["seq"] > 0, "but that it was asked is logged"


def test_a_batch_of_a_thousand_is_answered_and_one_more_is_not(client):
    answer = client.post("/v1/checks/batch", json={"checks": [body()] * 1000})
    assert [one["row"] for one in answer.json()["results"]] == list(range(1, 1001))
    assert client.post("/v1/checks/batch", json={"checks": [1] * 1001}).status_code == 422
    assert client.post("/v1/checks/batch", json={"checks": []}).status_code == 422


def test_only_a_batch_may_be_large(make_client):
    client = make_client(max_body_bytes=2_000, max_batch_bytes=100_000)
    assert client.post("/v1/checks/batch", json={"checks": [body()] * 50}).status_code == 200
    assert client.post("/v1/checks/batch", json={"checks": [body()] * 500}).status_code == 413
    assert client.check(report="a" * 3_000).status_code == 413


# --- profiles of other interfaces ------------------------------------------------------------------------------------


def test_a_clearance_is_redeemed_with_a_profile_as_its_platform_gives_it(recorded):
    profile = {"id": "9001", "username": "JaneR0e", "name": "Jane Roe", "public_metrics": {"followers_count": 12}}
    profile |= {"verified": False, "description": "Chair of Northwind."}
    for username, status in (("JaneR0e", 200), ("Renamed", 409)):
        answer = recorded.check(account=profile, format="x-v2").json()
        assert answer["verdict"] == "cleared", answer["reasons"]
        now = profile | {"username": username}
        given_ = {"token": answer["clearance"]["token"], "format": "x-v2", "account": now}
        told = recorded.post("/v1/clearances/redeem", json=given_)
        assert told.status_code == status
    assert {reason["code"] for reason in told.json()["reasons"]} == {"renamed"}


@pytest.mark.parametrize(
    ("given_", "field"),
    [
        ({"account": {"handle": "a"}}, "token"),
        ({"token": "", "account": {"handle": "a"}}, "token"),
        ({"token": "a", "account": {}}, "account.handle"),
        ({"token": "a", "account": {"handle": "a"}, "actor": ""}, "actor.actor_id"),
        ({"token": "a", "account": {"handle": "a"}, "action": "suspend"}, "action"),
        ({"token": "a", "account": 7, "format": "x-v1"}, "account"),
    ],
)
def test_a_redemption_that_cannot_be_read_names_its_field(client, given_, field):
    refused = client.post("/v1/clearances/redeem", json=given_)
    assert (refused.status_code, refused.headers["content-type"]) == (422, MEDIA_TYPE)
    assert [error["field"] for error in refused.json()["errors"]] == [field]


# --- what changed in an account --------------------------------------------------------------------------------------

accounts = st.builds(
    Account,
    handle=st.sampled_from(["jane", "JANE", "john"]),
    platform=st.sampled_from([None, "x", "bluesky"]),
    account_id=st.sampled_from([None, "1", "2"]),
    display_name=st.sampled_from([None, "Jane", "John"]),
    followers=st.none() | st.integers(0, 10**6),
    verified=st.sampled_from([None, False, True]),
)


@given(accounts)
def test_an_account_has_not_changed_from_itself(account):
    assert not list(changes(account, account))


@settings(max_examples=300)
@given(accounts, accounts)
def test_whatever_tells_two_accounts_apart_is_named(then, now):
    codes = {reason.code for reason in changes(then, now)}
    assert ("renamed" in codes) == (then.handle.lower() != now.handle.lower())
    assert ("verified_since" in codes) == (bool(now.verified) and not then.verified)
    if None not in (then.platform, now.platform, then.account_id, now.account_id):
        same = (then.platform, then.account_id) == (now.platform, now.account_id)
        assert ("other_account" in codes) == (not same)
    if then.followers is not None and now.followers is not None and now.followers <= then.followers:
        assert "audience_grown" not in codes
