"""What appeals found comes back as labels that training reads, and as a rate."""

from datetime import UTC, datetime

import pytest

from classifier.accounts import digest
from classifier.datasets import read_labelled_cases
from classifier.importers import import_account
from service.errors import RecordsError
from service.lookups import find_decision, reader
from service.outcomes import count_outcomes, write_labels
from tests.service.conftest import NOW, REGISTRY, body

REVIEWER = ("rev", "reviewer")


def decided(client, outcome=None, **changes):
    """Ask a check, and record what an appeal found of it."""
    check_id = client.check(**changes).json()["check_id"]
    if outcome:
        given = {"outcome": outcome} if isinstance(outcome, str) else outcome
        answer = client.post(f"/v1/checks/{check_id}/outcome", json=given, by=REVIEWER)
        assert answer.status_code == 200, answer.text
    return check_id


def test_outcomes_become_labelled_cases_that_training_reads(recorded, tmp_path):
    decided(recorded, "upheld")
    decided(recorded, {"outcome": "overturned", "relation": "same_owner", "note": "her own"})
    decided(recorded, "overturned")
    decided(recorded)
    path = tmp_path / "cases.csv"
    assert write_labels(recorded.desk.engine, path) == 3
    cases = read_labelled_cases(path, REGISTRY, now=NOW)
    assert [case.label for case in cases] == ["impersonation", "same_owner", "unrelated"]
    assert {case.protected.handle for case in cases} == {"JaneRoe"}
    checked = import_account(body()["account"], "doublecheck", now=NOW).account
    assert {digest(case.account) for case in cases} == {digest(checked)}, "the account as it was checked"


def test_the_latest_outcome_counts(recorded, tmp_path):
    check_id = decided(recorded, "upheld")
    again = recorded.post(f"/v1/checks/{check_id}/outcome", json={"outcome": "overturned"}, by=REVIEWER)
    assert again.json()["relation"] == "unrelated"
    assert count_outcomes(recorded.desk.engine) == {"upheld": 0, "overturned": 1}
    write_labels(recorded.desk.engine, tmp_path / "cases.csv")
    assert [one.label for one in read_labelled_cases(tmp_path / "cases.csv", REGISTRY, now=NOW)] == ["unrelated"]


def test_without_outcomes_there_is_nothing_to_learn_from(recorded, tmp_path):
    decided(recorded)
    with pytest.raises(RecordsError, match="no check with a target has an outcome"):
        write_labels(recorded.desk.engine, tmp_path / "cases.csv")
    assert not (tmp_path / "cases.csv").exists()


def test_what_was_refused_cannot_be_appealed(make_client):
    client = make_client("is_protected", actor_burst=5)
    check_id = client.check().json()["check_id"]
    refused = client.post(f"/v1/checks/{check_id}/outcome", json={"outcome": "upheld"}, by=REVIEWER)
    assert (refused.status_code, refused.json()["code"]) == (409, "review_refused")


def test_a_check_without_a_target_teaches_nothing_about_pairs(make_client, tmp_path):
    client = make_client("no_target", actor_burst=5)
    decided(client, "overturned")
    with pytest.raises(RecordsError):
        write_labels(client.desk.engine, tmp_path / "cases.csv")


@pytest.mark.parametrize(
    ("given", "field"),
    [({}, "outcome"), ({"outcome": "lost"}, "outcome"), ({"outcome": "upheld", "relation": "is_protected"}, "relation"),
     ({"outcome": "upheld", "note": "a" * 2001}, "note"), ({"outcome": "upheld", "more": 1}, "more")],
)  # fmt: skip
def test_an_outcome_that_cannot_be_read_names_its_field(recorded, given, field):
    check_id = decided(recorded)
    refused = recorded.post(f"/v1/checks/{check_id}/outcome", json=given, by=REVIEWER)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, field)


def test_the_overturn_rate_is_a_metric(recorded):
    assert "doublecheck_overturn_rate NaN" in recorded.get("/metrics").text
    for outcome in ("upheld", "upheld", "upheld", "overturned"):
        decided(recorded, outcome)
    text = recorded.get("/metrics").text
    assert 'doublecheck_outcomes{outcome="overturned"} 1.0' in text
    assert "doublecheck_overturn_rate 0.25" in text


def test_an_account_is_read_from_its_record_as_it_was_checked(recorded):
    """Redeeming, replay and labels rest on it."""
    odd = {
        "platform": "x", "account_id": "9001", "handle": "JаneR0e", "display_name": "Jane \u202eRoe",
        "bio": "a|b\\c \n d",
        "links": ["https://a.example/|x", "b.example"], "followers": 0, "created_at": "2026-04-20T08:00:00.5+02:00",
        "verified": False, "avatar_pdq": "f" * 64, "followed_by_target": True, "location": " here ",
    }  # fmt: skip
    answer = recorded.check(account=odd).json()
    with recorded.desk.engine.connect() as connection:
        decision = find_decision(reader(connection), answer["check_id"])
    again = import_account(decision.record["account"], "doublecheck", now=datetime(2030, 1, 1, tzinfo=UTC)).account
    assert digest(again) == answer["account_digest"]
