"""What the page says that may be done is what the service does when it is tried, for everybody, in every state."""

import asyncio
from datetime import timedelta

import pytest

from classifier.errors import ModelError
from service.auth.api_keys import Caller, end_access
from tests.service.conftest import ASSESSMENTS, NOW, appeal, body

PEOPLE = {
    "asker": ("agent-17", "agent"),
    "other agent": ("agent-18", "agent"),
    "reviewer": ("rev-1", "reviewer"),
    "answered": ("rev-2", "reviewer"),
    "leaving": ("rev-3", "reviewer"),
    "asker who reviews": ("agent-17", "reviewer"),
    "admin": ("adm", "admin"),
    "auditor": ("aud", "auditor"),
}
STATES = ["cleared", "old", "refused", "open", "declined", "approved", "taken", "spent", "expired"]
ACCOUNT = body()["account"]


@pytest.fixture(params=STATES)
def reached(request, make_client):
    """A service, a check in each state in turn, and the last token."""
    state = request.param
    name = {"refused": "is_protected"}.get(state, "impersonation")
    service = make_client(ASSESSMENTS[name])
    account = ACCOUNT | ({"followers": 200_000} if state not in {"cleared", "old", "refused"} else {})
    check_id = service.check(account=account).json()["check_id"]
    service.commit(lambda transaction: end_access(transaction, "rev-3", NOW + timedelta(hours=1)))
    answers = {"open": ["approve"], "expired": ["approve"], "declined": ["decline"]}
    answers |= {after: ["approve", "approve"] for after in ("approved", "taken", "spent")}
    for actor, answer in zip(("rev-2", "rev-4"), answers.get(state, []), strict=False):
        answer_as(service, check_id, (actor, "reviewer"), answer)
    if state in {"taken", "spent"}:
        token = service.post(f"/v1/checks/{check_id}/clearance").json()["token"]
    if state == "spent":
        service.post("/v1/clearances/redeem", json={"token": token, "account": account})
    service.clock.at = NOW + {"old": timedelta(minutes=15), "expired": timedelta(hours=72)}.get(state, timedelta())
    return service, check_id


def answer_as(service, check_id, by, answer="approve"):
    service.get(f"/v1/checks/{check_id}", by=by)
    return service.post(f"/v1/checks/{check_id}/approvals", json={"answer": answer, "reason": "x"}, by=by)


def permissions(service, check_id, by):
    actor, role = by
    ends = NOW + timedelta(hours=1) if actor == "rev-3" else None
    caller = Caller(service.key(*by).split("_")[1], actor, frozenset({role}), ends)
    return asyncio.run(service.check_service.case_file(check_id, caller)).may


@pytest.mark.parametrize("who", PEOPLE)
def test_what_is_offered_is_done_and_what_is_not_is_refused(reached, who):
    service, check_id = reached
    by = PEOPLE[who]
    if who == "other agent":
        assert service.get(f"/v1/checks/{check_id}", by=by).status_code == 404
        return
    may = permissions(service, check_id, by)
    valid = [one for one in detail(service, check_id)["clearances"] if one["state"] == "valid"]
    if valid and {"reviewer", "admin"} & set(by):
        assert may.revoke
    assert may.answer == (answer_as(service, check_id, by).status_code == 200)
    given = appeal(service, check_id, "upheld", by=by)
    assert may.outcome == (given.status_code == 200)
    assert may.clear == (service.post(f"/v1/checks/{check_id}/clearance", by=by).status_code == 200)


def detail(service, check_id):
    return service.get(f"/v1/checks/{check_id}", by=("aud", "auditor")).json()


def test_a_model_that_fails_leaves_what_was_decided_readable(make_client):
    service = make_client(ASSESSMENTS["below_threshold"])
    check_id = service.check().json()["check_id"]
    service.scorer.answer = ModelError("gone")
    found = asyncio.run(service.check_service.case_file(check_id, Caller("k", "aud", frozenset({"auditor"}))))
    assert found.again is None
    assert found.detail.check.verdict == "needs_review"


def test_a_clearance_is_offered_to_be_spent_by_the_keys_that_may_spend_it(make_client):
    service = make_client(ASSESSMENTS["impersonation"])
    check_id = service.post("/v1/checks", json=body(), by=("the-tool", "agent")).json()["check_id"]

    def may(*by):
        caller = Caller(service.key(*by).split("_")[1], by[0], frozenset(by[1:]))
        return asyncio.run(service.check_service.case_file(check_id, caller)).may.redeem

    first, second, acting = ("agent-17", "agent"), ("AGENT-17", "agent"), ("agent-17", "agent", "executor")
    assert [may("the-tool", "agent"), may(*first), may(*second), may(*acting)] == [True, False, False, True]
    assert service.post(f"/v1/checks/{check_id}/clearance", by=first).status_code == 200
    assert [may("the-tool", "agent"), may(*first), may(*second)] == [True, True, False]
    assert service.post(f"/v1/checks/{check_id}/clearance", by=second).status_code == 200
    assert [may("the-tool", "agent"), may(*first), may(*second)] == [True, False, True]


@pytest.mark.parametrize(("role", "sees"), [("agent", False), ("reviewer", True)])
def test_what_others_found_later_is_told_to_whoever_may_see_their_checks(make_client, role, sees):
    service = make_client(ASSESSMENTS["impersonation"])
    first = service.check().json()["check_id"]
    later = body(account=ACCOUNT | {"bio": "Another bio."}, actor="agent-18")
    found_later = service.post("/v1/checks", json=later, by=PEOPLE["other agent"]).json()["check_id"]
    caller = asyncio.run(service.check_service.callers.of(service.key("agent-17", role)))
    changes = asyncio.run(service.check_service.case_file(first, caller)).changes
    assert [change.check_id for change in changes] == ([found_later] if sees else [])
