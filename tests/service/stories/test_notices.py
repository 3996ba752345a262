"""Stories of notices: who reports, and by when it is due."""

from datetime import datetime, timedelta

import pytest

from tests.service.conftest import ASSESSMENTS, JUDGE, NOW, acted, body, canned

FLAGGER = {"reporter": "trusted_flagger", "reporter_id": "flagger-3", "ground": "law", "harm": "fraud"}
VICTIM = {"platform": "x", "account_id": "9100", "handle": "jane_roe_2", "display_name": "Jane Roe"}


def notice(**given):
    return body(notice={"reporter": "person"} | given)


def test_the_victim_who_reports_is_answered_as_without_a_notice(recorded):
    plain, noticed = recorded.check().json(), recorded.post("/v1/checks", json=notice(owner_says="not_mine")).json()
    assert noticed["verdict"] == "cleared"
    for name in ("relation", "impersonation_probability", "clearing_probability", "evidence"):
        assert noticed[name] == plain[name]


def test_the_fake_who_reports_is_named_first(make_client, database_url):
    client = make_client(canned(), database_url=database_url)
    answer = client.post("/v1/checks", json=notice(account=VICTIM)).json()
    assert answer["reporter"]["looks_like_imitator"]
    assert (answer["verdict"], answer["reasons"][0]["code"]) == ("needs_review", "reporter_may_be_imitator")
    assert answer["required_approvals"] == 2
    assert answer["clearance"] is None


def test_a_reporter_who_is_no_imitator_changes_nothing(make_client, database_url):
    client = make_client(ASSESSMENTS["unrelated"], database_url=database_url)
    answer = client.post("/v1/checks", json=notice(account=VICTIM)).json()
    assert not answer["reporter"]["looks_like_imitator"]
    assert answer["reasons"][0]["code"] == "relation_unrelated"


def test_the_fake_copies_the_reported_account(make_client, database_url):
    client = make_client(ASSESSMENTS["unrelated"], database_url=database_url)
    asked = notice(account=VICTIM | {"followers": 3, "created_at": "2026-04-28T00:00:00Z"})
    asked["account"] |= {"followers": 5_000, "created_at": "2015-01-01T00:00:00Z"}
    assert client.post("/v1/checks", json=asked).json()["reasons"][0]["code"] == "reporter_may_be_imitator"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"owner_says": "mine"}, "owner_says_mine"),
        ({"owner_says": "hijacked"}, "maybe_hijacked"),
        ({"circumstances": ["memorial"]}, "circumstance_memorial"),
        ({"circumstances": ["minor"]}, "circumstance_minor"),
    ],
)
def test_what_a_notice_says_takes_two_people(recorded, given, code):
    answer = recorded.post("/v1/checks", json=notice(**given)).json()
    assert (answer["verdict"], answer["reasons"][0]["code"]) == ("needs_review", code)
    assert (answer["required_approvals"], answer["clearance"]) == (2, None)


def test_no_notice_undoes_a_refusal(make_client, database_url):
    client = make_client(ASSESSMENTS["is_protected"], database_url=database_url)
    answer = client.post("/v1/checks", json=notice(owner_says="not_mine", circumstances=["minor"])).json()
    assert (answer["verdict"], answer["reasons"][0]["code"]) == ("refused", "is_protected")


def test_the_trusted_flaggers_deadline_counts_from_the_receipt(recorded):
    received = NOW - timedelta(hours=20)
    answer = recorded.post("/v1/checks", json=body(notice=FLAGGER | {"received_at": received.isoformat()})).json()
    assert datetime.fromisoformat(answer["due"]["due_at"]) == received + timedelta(hours=24)


def test_a_check_without_a_notice_is_due_by_the_terms(recorded):
    assert datetime.fromisoformat(recorded.check().json()["due"]["due_at"]) == NOW + timedelta(hours=168)


def test_the_statement_names_the_trusted_flagger(recorded):
    check_id = acted(recorded, notice=FLAGGER)
    stated = recorded.get(f"/v1/checks/{check_id}/statement", by=JUDGE).json()
    assert (stated["source_type"], stated["automated_detection"]) == ("SOURCE_TRUSTED_FLAGGER", "No")


def test_a_notice_that_is_wrong_is_named(recorded):
    answer = recorded.post("/v1/checks", json=notice(country="India"))
    assert answer.status_code == 422
    assert "country" in answer.text


def test_what_waits_is_sorted_by_due_time_and_what_is_overdue_is_escalated_and_not_cleared(make_client, database_url):
    client = make_client(ASSESSMENTS["below_threshold"], database_url=database_url)
    plain = client.check().json()["check_id"]
    urgent = body(notice={"reporter": "stranger", "harm": "emergency"})
    urgent["account"] |= {"account_id": "9002", "handle": "JaneR0e2"}
    hurried = client.post("/v1/checks", json=urgent).json()["check_id"]
    client.clock.at = NOW + timedelta(hours=3)
    lines = client.get("/v1/checks?sort=due", by=JUDGE).json()["checks"]
    assert [line["check_id"] for line in lines] == [hurried, plain]
    assert [line["escalated"] for line in lines] == [True, False]
    assert {line["verdict"] for line in lines} == {"needs_review"}
    assert client.get("/v1/checks?sort=due", by=("agent-99", "agent")).json()["checks"] == []


def test_a_victim_who_is_protected_is_never_called_the_imitator(make_client, database_url):
    client = make_client(ASSESSMENTS["is_protected"], database_url=database_url)
    asked = notice(account=VICTIM | {"followers": 3, "created_at": "2026-04-28T00:00:00Z"})
    asked["account"] |= {"followers": 5_000, "created_at": "2015-01-01T00:00:00Z"}
    assert not client.post("/v1/checks", json=asked).json()["reporter"]["looks_like_imitator"]


def test_approval_by_a_single_person_is_not_enough_where_the_owner_says_it_is_theirs(recorded):
    check_id = recorded.post("/v1/checks", json=notice(owner_says="mine")).json()["check_id"]
    address = f"/v1/checks/{check_id}"
    for name, status in (("approver-1", 409), ("approver-2", 200)):
        recorded.get(address, by=(name, "reviewer"))
        given = {"answer": "approve", "reason": "Looked."}
        recorded.post(f"{address}/approvals", json=given, by=(name, "reviewer"))
        assert recorded.post(f"{address}/clearance").status_code == status
