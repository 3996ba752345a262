"""What an overdue check falls to, over HTTP on both databases: words only, and never for whoever must not be asked."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.service.conftest import NOW, TARGET, canned
from tests.service.decisions.test_demands import ACCOUNT, PARODY, REVIEWERS
from tests.service.test_rules import approve

NOTICE = {"reporter": "trusted_flagger", "ground": "law"}  # due within 24 hours
REVIEWER = REVIEWERS[0]


def serve(make_client, database_url, answer=PARODY, overdue="require_change"):
    return make_client(answer, database_url=database_url, overdue=overdue)


def ask(client, **changes):
    answer = client.check(**({"account": ACCOUNT, "notice": NOTICE} | changes))
    assert answer.status_code == 200, answer.text
    return answer.json()["check_id"]


def seen(client, check_id):
    """What the check's detail and the list by due time say that it falls to; both say the same."""
    found = client.get(f"/v1/checks/{check_id}", by=REVIEWER).json()["falls_to"]
    lines = client.get("/v1/checks?sort=due", by=REVIEWER).json()["checks"]
    assert [line["falls_to"] for line in lines if line["check_id"] == check_id] in ([found], [])
    return found


def wait(client, **time):
    client.clock.at = NOW + timedelta(**time)


def test_an_overdue_parody_falls_to_the_change_that_fits_and_nothing_happens_by_itself(make_client, database_url):
    client = serve(make_client, database_url)
    check_id = ask(client)
    wait(client, hours=23, minutes=59)
    assert seen(client, check_id) is None
    wait(client, hours=24)
    found = seen(client, check_id)
    assert (found["action"], set(found["demands"])) == ("require_change", {"label_at_start", "label_in_bio"})
    assert found["text"].startswith("Its time is up. Ask for a fresh check of the account")
    still = client.get(f"/v1/checks/{check_id}", by=REVIEWER).json()
    assert (still["check"]["verdict"], still["review"]["state"], still["clearances"]) == ("needs_review", "open", [])
    assert client.get("/v1/demands", by=REVIEWER).json()["demands"] == []
    refused = client.post(f"/v1/checks/{check_id}/clearance")
    assert (refused.status_code, refused.json()["code"]) == (409, "clearance_refused")


def test_the_fresh_check_that_it_asks_for_is_decided_like_any_other(make_client, database_url):
    client = serve(make_client, database_url)
    check_id = ask(client)
    wait(client, hours=25)
    found = seen(client, check_id)
    fallen = {"action": found["action"], "demands": found["demands"]}
    fresh = client.check(account=ACCOUNT, notice=NOTICE, **fallen).json()
    other = serve(make_client, None, overdue="escalate").check(account=ACCOUNT, notice=NOTICE, **fallen).json()
    for name in ("verdict", "reasons", "required_approvals", "clearance"):
        assert fresh[name] == other[name]
    assert fresh["verdict"] == "needs_review"


def test_by_default_it_is_escalated_and_falls_to_nothing(make_client, database_url):
    client = serve(make_client, database_url, overdue="escalate")
    check_id = ask(client)
    wait(client, hours=25)
    assert seen(client, check_id) is None
    [line] = client.get("/v1/checks?sort=due", by=REVIEWER).json()["checks"]
    assert line["escalated"]


NEVER = {
    "verified": (PARODY, {"verified": True}, {}),
    "a paid check": (PARODY, {"verified": None, "verification": "paid"}, {}),
    "a large audience": (PARODY, {"followers": 200_000}, {}),
    "an unknown audience": (PARODY, {"followers": None}, {}),
    "followed by the protected account": (PARODY, {"followed_by_target": True}, {}),
    "perhaps hijacked": (PARODY, {}, {"owner_says": "hijacked"}),
    "the owner says that it is theirs": (PARODY, {}, {"owner_says": "mine"}),
    "of a minor": (PARODY, {}, {"circumstances": ["minor"]}),
    "protected until lately": (replace(PARODY, unprotected_at=NOW - timedelta(hours=1)), {}, {}),
    "of a target registered lately": (replace(PARODY, registered_at=NOW - timedelta(hours=1)), {}, {}),
    "perhaps the protected account itself, renamed": (
        replace(PARODY, target=replace(TARGET, former_handles=("JaneR0e",))), {}, {}
    ),
    "protected": (replace(PARODY, relation="is_protected"), {}, {}),
    "a declared secondary": (replace(PARODY, relation="same_owner", declared_secondary=True), {}, {}),
    "an imitator, for whom no change is offered": (canned(impersonation_probability=0.7), {}, {}),
}  # fmt: skip


@pytest.mark.parametrize("name", NEVER)
def test_it_never_falls_for_whoever_must_not_be_asked(make_client, database_url, name):
    answer, account, notice = NEVER[name]
    client = serve(make_client, database_url, answer)
    given = {key: value for key, value in (ACCOUNT | account).items() if value is not None}
    check_id = ask(client, account=given, notice=NOTICE | notice)
    wait(client, hours=48)
    assert seen(client, check_id) is None


@pytest.mark.parametrize(("answer", "state"), [("approve", "approved"), ("decline", "declined")])
def test_what_was_answered_falls_to_nothing(make_client, database_url, answer, state):
    client = serve(make_client, database_url)
    check_id = ask(client)
    wait(client, hours=23)
    for reviewer in REVIEWERS:
        client.get(f"/v1/checks/{check_id}", by=reviewer)
        given = {"answer": answer, "reason": "Looked."}
        client.post(f"/v1/checks/{check_id}/approvals", json=given, by=reviewer)
    wait(client, hours=24)
    assert client.get(f"/v1/checks/{check_id}", by=REVIEWER).json()["review"]["state"] == state
    assert seen(client, check_id) is None


def test_a_check_that_a_warning_ended_falls_to_nothing(make_client, database_url):
    client = serve(make_client, database_url)
    check_id = ask(client)
    asked = client.check(account=ACCOUNT, action="require_change", demands=["other_name"]).json()["check_id"]
    approve(client, asked, REVIEWER)
    token = client.post(f"/v1/checks/{asked}/clearance").json()["token"]
    assert client.post("/v1/clearances/redeem", json={"token": token, "account": ACCOUNT}).status_code == 200
    wait(client, hours=25)
    assert seen(client, check_id) is None


def test_what_is_too_old_to_be_reviewed_falls_to_nothing(make_client, database_url):
    client = serve(make_client, database_url)
    check_id = ask(client)
    wait(client, hours=73)
    assert seen(client, check_id) is None


def test_a_demand_that_waits_itself_falls_to_nothing(make_client, database_url):
    client = serve(make_client, database_url)
    check_id = ask(client, action="require_change", demands=["other_name"])
    wait(client, hours=25)
    assert seen(client, check_id) is None
