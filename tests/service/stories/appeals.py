"""What the tests of appeals share: complaining, deciding and looking, over HTTP."""

from datetime import timedelta

import pytest

TOOL, AUDITOR, ADMIN = ("intake", "executor"), ("aud", "auditor"), ("ada", "admin")
ANN, BOB, CLEO = (("judge-ann", "reviewer"), ("judge-bob", "reviewer"), ("judge-cleo", "reviewer"))
REVIEWERS = (("approver-1", "reviewer"), ("approver-2", "reviewer"))
ARGUMENTS, NOTE = "I am the zymurgist of Quuxburgh.", "Her passport says Vrxlplk."


def complain(client, check_id, about="action", *, by=TOOL, **more):
    given = {"about": about, "by": {"action": "person", "decline": "reporter"}[about], "arguments": ARGUMENTS} | more
    return client.post(f"/v1/checks/{check_id}/appeals", json=given, by=by)


def complained(client, check_id, about="action", **more):
    answer = complain(client, check_id, about, **more)
    assert answer.status_code == 200, answer.text
    return answer.json()


def decide(client, case, found, reason, *, by=ANN, look=True, **more):
    """Look at the check, and decide."""
    if look:
        client.get(f"/v1/checks/{case['check_id']}", by=by)
    given = {"found": found, "reason": reason, "note": NOTE} | more
    return client.post(f"/v1/appeals/{case['appeal_id']}/decision", json=given, by=by)


def decided(client, case, found, reason, **more):
    answer = decide(client, case, found, reason, **more)
    assert answer.status_code == 200, answer.text
    return answer.json()


def lift(client, case, by=ANN):
    return client.post(f"/v1/appeals/{case['appeal_id']}/lift", by=by)


def shown(client, case, by=AUDITOR):
    return client.get(f"/v1/appeals/{case['appeal_id']}", by=by).json()


def refused(answer, *words):
    assert (answer.status_code, answer.json()["code"]) == (409, "appeal_refused"), answer.text
    assert not [word for word in words if word not in answer.json()["detail"]], answer.json()["detail"]


def codes(answer):
    return [reason["code"] for reason in answer.json()["reasons"]]


def wait(client, **time):
    client.clock.at += timedelta(**time)


@pytest.fixture
def doubted(make_client, database_url):
    """A service that is sure of nothing: two people must agree."""
    return make_client("below_threshold", database_url=database_url)


def declined(client, **changes):
    """Ask about an account, have somebody decline, and return the check's number."""
    check_id = client.check(**changes).json()["check_id"]
    client.get(f"/v1/checks/{check_id}", by=REVIEWERS[0])
    given = {"answer": "decline", "reason": "Not sure at all."}
    assert client.post(f"/v1/checks/{check_id}/approvals", json=given, by=REVIEWERS[0]).status_code == 200
    return check_id
