"""A statement of reasons has the fields of the EU's database, and nobody's data."""

import json

import pytest

from service.decisions.statement_of_reasons import Statement
from tests.service.conftest import appeal, body

AUDITOR, REVIEWERS = ("aud", "auditor"), (("rev-1", "reviewer"), ("rev-2", "reviewer"))
# The names that the issue and the database's documentation give.
FIELDS = {
    "decision_account", "decision_ground", "incompatible_content_ground", "incompatible_content_explanation",
    "incompatible_content_illegal", "category", "category_specification", "content_type", "content_type_other",
    "content_date", "application_date", "decision_facts", "source_type", "automated_detection", "automated_decision",
    "puid",
}  # fmt: skip


def statement(client, check_id):
    found = client.get(f"/v1/checks/{check_id}/statement", by=AUDITOR)
    assert found.status_code == 200, found.text
    return found.json()


@pytest.fixture
def acted(recorded):
    """A check whose clearance was redeemed."""
    answer = recorded.check(report="somebody reported it").json()
    recorded.post("/v1/clearances/redeem", json={"token": answer["clearance"]["token"], "account": body()["account"]})
    return answer["check_id"]


def test_it_has_the_fields_of_the_database(recorded, acted):
    found = statement(recorded, acted)
    assert found.keys() == FIELDS == Statement.model_fields.keys()
    assert found["decision_account"] == "DECISION_ACCOUNT_SUSPENDED"
    assert found["category"] == "STATEMENT_CATEGORY_SCAMS_AND_FRAUD"
    assert found["category_specification"] == ["KEYWORD_IMPERSONATION_ACCOUNT_HIJACKING"]
    assert (found["content_date"], found["application_date"], found["puid"]) == ("2026-04-20", "2026-05-01", acted)
    assert (found["source_type"], found["automated_detection"]) == ("SOURCE_TYPE_OTHER_NOTIFICATION", "No")


def test_it_names_nobody(recorded, acted):
    text = json.dumps(statement(recorded, acted), ensure_ascii=False).casefold()
    for private in ("jane", "r0e", "northwind", "9001", "1001", "agent-17", "reported it"):
        assert private not in text, private


def test_what_was_not_done_is_not_stated_as_done(recorded):
    found = statement(recorded, recorded.check().json()["check_id"])
    assert found["decision_account"] is None
    assert (found["source_type"], found["automated_detection"]) == ("SOURCE_VOLUNTARY", "Yes")
    assert found["automated_decision"] == "AUTOMATED_DECISION_PARTIALLY"


@pytest.mark.parametrize(
    ("action", "stated"),
    [("suspend", "SUSPENDED"), ("deactivate", "SUSPENDED"), ("delete", "TERMINATED")],
)
def test_the_action_is_stated(recorded, action, stated):
    answer = recorded.check(action=action).json()
    recorded.post("/v1/clearances/redeem", json={"token": answer["clearance"]["token"], "account": body()["account"]})
    assert statement(recorded, answer["check_id"])["decision_account"] == f"DECISION_ACCOUNT_{stated}"


def test_people_who_agreed_and_appeals_are_stated(recorded):
    account = body()["account"] | {"followers": 200_000}
    check_id = recorded.check(account=account).json()["check_id"]
    for reviewer in REVIEWERS:
        recorded.get(f"/v1/checks/{check_id}", by=reviewer)
        given = {"answer": "approve", "reason": "It is."}
        assert recorded.post(f"/v1/checks/{check_id}/approvals", json=given, by=reviewer).status_code == 200
    token = recorded.post(f"/v1/checks/{check_id}/clearance").json()["token"]
    recorded.post("/v1/clearances/redeem", json={"token": token, "account": account})
    appeal(recorded, check_id)
    found = statement(recorded, check_id)
    assert found["automated_decision"] == "AUTOMATED_DECISION_NOT_AUTOMATED"
    assert "2 reviewers approved" in found["decision_facts"]
    assert "overturned" in found["decision_facts"]
    assert len(found["decision_facts"]) < 5_000
