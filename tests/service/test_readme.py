"""The README's own example, walked to its end: from the question to the action, on both databases."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
EXAMPLE = json.loads(re.search(r"-d '(.*?)'", README, flags=re.DOTALL)[1])
ASKING = (EXAMPLE["actor"]["actor_id"], "agent")


@pytest.mark.parametrize(
    ("more", "verdict"),
    [
        ({}, "needs_review"),  # as it stands: without the account's id people have to look
        ({"followers": 300_000}, "needs_review"),
        ({"account_id": "7701", "verified": False, "bio": "Chair of Northwind."}, "cleared"),
    ],
)
def test_the_readme_s_example_leads_to_an_action(recorded, more, verdict):
    assert EXAMPLE["actor"]["access_ends_at"], "the example names when the agent's access ends"
    asked = EXAMPLE | {"account": EXAMPLE["account"] | more}
    answer = recorded.post("/v1/checks", json=asked, by=ASKING).json()
    assert answer["verdict"] == verdict, answer["reasons"]
    address = f"/v1/checks/{answer['check_id']}"
    for number in range(answer["required_approvals"]):
        reviewer = (f"reviewer-{number}", "reviewer")
        assert recorded.get(address, by=reviewer).json()["actor"]["actor_id"] == ASKING[0]
        approved = recorded.post(f"{address}/approvals", json={"answer": "approve", "reason": "seen"}, by=reviewer)
        assert approved.status_code == 200, approved.text
    given = recorded.post(f"{address}/clearance", by=ASKING)
    assert given.status_code == 200, given.text
    spent = {"token": given.json()["token"], "account": asked["account"], "actor": asked["actor"]}
    redeemed = recorded.post("/v1/clearances/redeem", json=spent, by=ASKING)
    assert redeemed.status_code == 200, redeemed.text
    assert [one["state"] for one in recorded.get(address, by=ASKING).json()["clearances"]][-1] == "spent"


def test_the_end_that_a_request_named_still_counts_when_people_have_approved(recorded):
    """The walk of a check whose actor leaves while people look at it."""
    ends = recorded.clock() + timedelta(hours=30)
    asked = EXAMPLE | {"actor": EXAMPLE["actor"] | {"access_ends_at": ends.isoformat()}}
    check_id = recorded.post("/v1/checks", json=asked, by=ASKING).json()["check_id"]
    for number in range(2):
        by = (f"reviewer-{number}", "reviewer")
        recorded.get(f"/v1/checks/{check_id}", by=by)
        given = {"answer": "approve", "reason": "seen"}
        assert recorded.post(f"/v1/checks/{check_id}/approvals", json=given, by=by).status_code == 200
    recorded.clock.at += timedelta(hours=7)
    refused = recorded.post(f"/v1/checks/{check_id}/clearance", by=ASKING)
    assert refused.status_code == 409, refused.text
    assert [reason["code"] for reason in refused.json()["reasons"]] == ["access_ending"]
