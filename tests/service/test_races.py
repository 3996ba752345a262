"""What many ask for at the same time, of two processes on one database: each gets what it would get alone (R5)."""

from __future__ import annotations

import asyncio
from collections import Counter
from itertools import cycle

import pytest

from tests.service.databases import KINDS, new_database
from tests.service.processes import Service, account_body, together

QUOTA = 50


@pytest.fixture(scope="module", params=KINDS)
def pair(request, services, tmp_path_factory):
    """Two processes of the service on one database."""
    home = tmp_path_factory.mktemp("home")
    url = new_database(request.getfixturevalue("postgresql")) if request.param == "postgresql" else None
    quotas = {"actor_burst": QUOTA, "actor_daily": QUOTA}
    started = [Service(services, home / "one", url or f"sqlite:///{home}/doublecheck.db", **quotas) for _ in range(2)]
    for one in started:
        one.start()
    yield started
    started[0].verify()
    for one in started:
        one.kill()


def ask_both(pair, path, bodies, key=None, actor="agent-17"):
    """Send all bodies at once, to the one and the other process in turn, and return the answers."""

    async def ask():
        async with pair[0].client() as one, pair[1].client() as other:
            requests = zip(cycle([one, other]), bodies, strict=False)
            return await together(
                client.post(path, json=body, headers=pair[0].headers(actor, "agent", key=key))
                for client, body in requests
            )

    return asyncio.run(ask())


def test_of_fifty_who_redeem_one_clearance_one_may_act(pair):
    body = account_body()
    [check] = ask_both(pair, "/v1/checks", [body])
    spending = {"token": check.json()["clearance"]["token"], "account": body["account"]}
    answers = ask_both(pair, "/v1/clearances/redeem", [spending] * 50)
    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 49}
    refused = [answer.json() for answer in answers if answer.status_code == 409]
    assert all("spent" in {reason["code"] for reason in one["reasons"]} for one in refused)


def test_no_more_are_cleared_for_an_actor_than_the_quota_however_many_are_asked_at_once(pair):
    bodies = [account_body(actor="hasty") for _ in range(2 * QUOTA)]
    answers = [answer.json() for answer in ask_both(pair, "/v1/checks", bodies, actor="hasty")]
    assert Counter(answer["verdict"] for answer in answers) == {"cleared": QUOTA, "needs_review": QUOTA}
    for answer in answers:
        codes = {reason["code"] for reason in answer["reasons"]}
        assert (answer["clearance"] is not None) == (answer["verdict"] == "cleared")
        assert answer["verdict"] == "cleared" or codes >= {"quota_actor_burst", "quota_actor_daily"}


def test_one_request_sent_twenty_times_at_once_is_one_decision(pair):
    body = account_body(actor="doubtful")
    answers = ask_both(pair, "/v1/checks", [body] * 20, key="once", actor="doubtful")
    assert {answer.status_code for answer in answers} <= {200, 409}
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} <= {"in_flight"}
    assert len({answer.text for answer in answers if answer.status_code == 200}) == 1
    assert pair[0].decided([body["account"]["account_id"]]) == {body["account"]["account_id"]: 1}


def test_an_idempotency_key_means_one_request_whichever_process_is_asked(pair):
    bodies = [account_body(actor="careless") for _ in range(20)]
    answers = ask_both(pair, "/v1/checks", bodies, key="reused", actor="careless")
    others = {(answer.status_code, answer.json()["code"]) for answer in answers if answer.status_code != 200}
    assert sum(answer.status_code == 200 for answer in answers) == 1
    assert others <= {(422, "idempotency_key_reused"), (409, "in_flight")}
    later = [pair[n % 2].ask("/v1/checks", body, ("careless", "agent"), key="reused") for n, body in enumerate(bodies)]
    assert Counter(answer.status_code for answer in later) == {200: 1, 422: 19}
    decided = pair[0].decided(body["account"]["account_id"] for body in bodies)
    assert sum(decided.values()) == 1


def test_two_reviewers_who_approve_at_once_count_as_two_and_one_who_does_so_twice_as_one(pair):
    body = account_body(followers=250_000)
    [check] = ask_both(pair, "/v1/checks", [body])
    address = f"/v1/checks/{check.json()['check_id']}"
    reviewers = [("ana", "reviewer"), ("bo", "reviewer")]

    async def approve():
        async with pair[0].client() as one, pair[1].client() as other:
            for by in reviewers:
                await one.get(address, headers=pair[0].headers(*by))
            answer = {"answer": "approve", "reason": "A copy."}
            return await together(
                client.post(f"{address}/approvals", json=answer, headers=pair[0].headers(*by))
                for client in (one, other)
                for by in reviewers * 5
            )

    answers = asyncio.run(approve())
    assert Counter(answer.status_code for answer in answers) == {200: 2, 409: 18}
    cleared = ask_both(pair, f"{address}/clearance", [None] * 10)
    assert {answer.status_code for answer in cleared} == {200}
    spending = [{"token": answer.json()["token"], "account": body["account"]} for answer in cleared]
    redeemed = ask_both(pair, "/v1/clearances/redeem", spending)
    assert Counter(answer.status_code for answer in redeemed) == {200: 1, 409: 9}


def test_no_check_is_cleared_after_an_appeal_was_overturned_and_what_was_cleared_before_is_void(pair):
    body = account_body(actor="agent-17")
    [first] = ask_both(pair, "/v1/checks", [body])
    spending = {"token": first.json()["clearance"]["token"], "account": body["account"]}
    assert ask_both(pair, "/v1/clearances/redeem", [spending])[0].status_code == 200
    address, said = f"/v1/checks/{first.json()['check_id']}/outcome", {"outcome": "overturned", "note": "Hers."}

    async def ask():
        async with pair[0].client() as one, pair[1].client() as other:
            agent, judge = pair[0].headers("agent-17", "agent"), pair[0].headers("judge", "reviewer")
            clients = zip(cycle([one, other]), range(30), strict=False)
            checks = [client.post("/v1/checks", json=body, headers=agent) for client, _ in clients]
            return await together([*checks[:10], other.post(address, json=said, headers=judge), *checks[10:]])

    answers = [answer.json() for answer in asyncio.run(ask())]
    [outcome] = [answer for answer in answers if "outcome" in answer]
    checks = [answer for answer in answers if "verdict" in answer]
    assert len(checks) == 30
    for answer in checks:
        assert (answer["verdict"] == "cleared") == (answer["entry"]["seq"] < outcome["entry"]["seq"])
    given = [answer["clearance"]["token"] for answer in checks if answer["clearance"]]
    spent = ask_both(pair, "/v1/clearances/redeem", [{"token": one, "account": body["account"]} for one in given])
    for answer in spent:
        assert "appeal_overturned" in {reason["code"] for reason in answer.json()["reasons"]}
