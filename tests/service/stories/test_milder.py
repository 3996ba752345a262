"""Stories of the milder measure, from the report to the end, over HTTP on SQLite and PostgreSQL.

The demand that is met a minute before its end, the one that is not met, and the one against a protected account are in
``tests/service/decisions/test_demands.py`` too, step by step; here they go from what was reported to what people read.
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.service.conftest import ASSESSMENTS, NOW, TARGET, body
from tests.service.stories.test_labels import PICTURE, WRONG_PLACE

EXECUTOR, REVIEWERS = ("tool", "executor"), (("rev-1", "reviewer"), ("rev-2", "reviewer"))
RIGHT_PLACE = WRONG_PLACE | {
    "display_name": "Parody: Jane Roe", "avatar_pdq": "0f" * 32, "created_at": "2026-04-20T08:00:00Z",
    "verified": False,
}  # fmt: skip
FACED = WRONG_PLACE | {"created_at": "2026-04-20T08:00:00Z", "verified": False}


@pytest.fixture
def serve(make_client, database_url):
    def make(name="parody_or_fan", **settings):
        known = replace(ASSESSMENTS[name], target=replace(TARGET, avatar_pdq=PICTURE))
        return make_client(known, database_url=database_url, **settings)

    return make


def ask(client, account=FACED, **changes):
    answer = client.check(**({"account": account} | changes))
    assert answer.status_code == 200, answer.text
    return answer.json()


def agreed(client, check, people):
    """Have people look and agree, and return the clearance's token."""
    for reviewer in REVIEWERS[:people]:
        client.get(f"/v1/checks/{check['check_id']}", by=reviewer)
        given = {"answer": "approve", "reason": "Looked."}
        client.post(f"/v1/checks/{check['check_id']}/approvals", json=given, by=reviewer)
    return client.post(f"/v1/checks/{check['check_id']}/clearance").json()["token"]


def redeem(client, token, account=FACED):
    return client.post("/v1/clearances/redeem", json={"token": token, "account": account})


def demanded(client, **changes):
    """Take the change that a check offers, ask for it, have it agreed and sent; return the check and the demand."""
    offered = ask(client)["offer"]["demands"]
    check = ask(client, action="require_change", demands=offered, time_limit_hours=48, **changes)
    assert redeem(client, agreed(client, check, check["required_approvals"])).status_code == 200
    [demand] = client.get("/v1/demands", by=EXECUTOR).json()["demands"]
    return check, demand


def look(client, demand, account):
    return client.post(f"/v1/demands/{demand['demand_id']}/look", json={"account": account}, by=EXECUTOR).json()


def told(client, check, to="person", **query):
    query = {"to": to} | query
    return client.get(f"/v1/checks/{check['check_id']}/notice", params=query, by=REVIEWERS[0]).json()


def test_the_parody_with_the_label_in_the_wrong_place_moves_it_a_minute_before_the_end(serve):
    client = serve()
    check, demand = demanded(client, notice={"reporter": "person", "language": "es"})
    assert check["required_approvals"] == 1
    assert demand["kinds"] == ["label_at_start", "other_picture"]
    assert demand["text"].startswith("Tu cuenta se puede confundir con otra. Tienes hasta el 3 de mayo de 2026")
    assert told(client, check)["text"].startswith("We ask you to change your account @JaneRoeLaughs.")
    assert told(client, check, "reporter")["text"].startswith("Hemos pedido a quien lleva @JaneRoeLaughs")
    client.clock.at = NOW + timedelta(hours=47, minutes=59)
    assert look(client, demand, RIGHT_PLACE)["state"] == "met"
    client.clock.at = NOW + timedelta(hours=49)
    assert client.get(f"/v1/demands/{demand['demand_id']}", by=EXECUTOR).json()["state"] == "met"
    assert "demand_open" not in [reason["code"] for reason in ask(client, RIGHT_PLACE)["reasons"]]


def test_a_picture_of_the_protected_account_is_no_other_picture(serve):
    client = serve()
    _, demand = demanded(client)
    client.clock.at = NOW + timedelta(hours=48)
    late = look(client, demand, RIGHT_PLACE | {"avatar_pdq": PICTURE})
    assert late["state"] == "unmet"
    assert late["results"] == [{"kind": "label_at_start", "met": True}, {"kind": "other_picture", "met": False}]


def test_what_was_not_changed_in_time_is_suspended_by_two_people_and_by_no_fewer(serve):
    client = serve()
    _, demand = demanded(client)
    client.clock.at = NOW + timedelta(hours=48)
    assert look(client, demand, FACED)["state"] == "unmet"
    fresh = ask(client)
    assert (fresh["verdict"], fresh["required_approvals"], fresh["clearance"]) == ("needs_review", 2, None)
    agreed_by_one = client.post(f"/v1/checks/{fresh['check_id']}/clearance")
    assert agreed_by_one.json()["code"] == "clearance_refused"
    spent = redeem(client, agreed(client, fresh, 2))
    assert (spent.status_code, spent.json()["action"]) == (200, "suspend")
    assert told(client, fresh)["action_taken"] == "suspend"


def test_the_authorised_fan_page_is_neither_suspended_nor_asked_to_change(serve):
    client = serve("declared_secondary")
    for asked in ({}, {"action": "require_change", "demands": ["label_at_start"]}):
        answer = ask(client, **asked)
        assert (answer["verdict"], answer["offer"], answer["required_approvals"]) == ("refused", None, 0)
        assert answer["reasons"][0]["code"] == "declared_secondary"
        for to in ("person", "reporter"):
            assert "We found no breach" in told(client, answer, to)["text"]
    assert client.get("/v1/demands", by=EXECUTOR).json()["demands"] == []


def test_a_demand_against_a_protected_account_is_refused_whoever_agrees(serve):
    client = serve("is_protected")
    check = ask(client, action="require_change", demands=["other_name"])
    assert (check["verdict"], check["required_approvals"]) == ("refused", 0)
    for reviewer in REVIEWERS:
        client.get(f"/v1/checks/{check['check_id']}", by=reviewer)
        given = {"answer": "approve", "reason": "Looked."}
        refused = client.post(f"/v1/checks/{check['check_id']}/approvals", json=given, by=reviewer)
        assert refused.json()["code"] == "review_refused"
    assert client.post(f"/v1/checks/{check['check_id']}/clearance").json()["code"] == "clearance_refused"
    assert client.get("/v1/demands", by=EXECUTOR).json()["demands"] == []


def test_the_minor_is_answered_within_twelve_hours_by_two_people_and_falls_to_nothing(serve):
    """A minor's account is neither cleared by the model nor asked to change by a single person, even when late."""
    client = serve("impersonation", overdue="require_change")
    notice = {"reporter": "guardian", "harm": "minor", "circumstances": ["minor"], "country": "FR"}
    plain = {"account": body()["account"]}
    assert ask(client, **plain)["verdict"] == "cleared"
    for asked in ({}, {"action": "require_change", "demands": ["other_name"]}):
        answer = ask(client, notice=notice, **plain, **asked)
        assert (answer["verdict"], answer["required_approvals"], answer["clearance"]) == ("needs_review", 2, None)
        assert answer["reasons"][0]["code"] == "circumstance_minor"
        assert answer["due"]["due_at"] == (NOW + timedelta(hours=12)).isoformat().replace("+00:00", "Z")
    client.clock.at = NOW + timedelta(hours=13)
    found = client.get("/v1/checks?sort=due", by=REVIEWERS[0]).json()["checks"]
    assert [line["escalated"] for line in found] == [True, True]
    assert [line["falls_to"] for line in found] == [None, None]
