"""What appeals found comes back as labels that training reads, and as a rate."""

import csv
from datetime import UTC, datetime

import pytest

from classifier.accounts.account import digest
from classifier.errors import TrainingError
from classifier.importers import import_account
from classifier.labels.dataset import read_labels
from classifier.utils.pseudonyms import pseudonym
from service.decisions.outcomes import LABEL_COLUMNS, count_outcomes, write_labels
from service.decisions.recorded import find_decision, reader
from service.errors import RecordsError
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


def of(handle, number, **changes):
    """Return a request about another account."""
    return {"account": body()["account"] | {"handle": handle, "account_id": number} | changes}


def test_outcomes_become_labelled_cases_that_training_reads(recorded, tmp_path):
    decided(recorded, "upheld")
    decided(recorded, {"outcome": "overturned", "relation": "same_owner", "note": "her own"}, **of("JaneRoe2", "9002"))
    decided(recorded, "overturned", **of("Jane_Roe", "9003"))
    decided(recorded)
    path = tmp_path / "cases.csv"
    assert write_labels(recorded.check_service.engine, path) == 3
    labels = read_labels([path], REGISTRY, now=NOW)
    assert [case.label for case in labels.cases] == ["impersonation", "same_owner", "unrelated"]
    assert {case.protected.handle for case in labels.cases} == {"JaneRoe"}
    checked = import_account(body()["account"], "doublecheck", now=NOW).account
    assert digest(labels.cases[0].account) == digest(checked), "the account as it was checked"
    assert [(one.kind, one.rows, one.used) for one in labels.sources] == [("outcomes", 3, 3)]
    assert [one.name for one in labels.agreement.labellers] == [pseudonym("rev")]


def test_the_export_says_who_when_and_on_which_check_but_no_name(recorded, tmp_path):
    check_id = decided(recorded, "overturned")
    write_labels(recorded.check_service.engine, tmp_path / "cases.csv")
    with (tmp_path / "cases.csv").open(newline="") as file:
        [row] = csv.DictReader(file)
    assert tuple(row)[-len(LABEL_COLUMNS) :] == LABEL_COLUMNS
    assert (row["labeller"], row["check_id"], row["outcome"]) == (pseudonym("rev"), check_id, "overturned")
    assert datetime.fromisoformat(row["labelled_at"]) == NOW
    assert "rev" not in row.values()


def test_the_latest_outcome_counts(recorded, tmp_path):
    check_id = decided(recorded, "upheld")
    again = recorded.post(f"/v1/checks/{check_id}/outcome", json={"outcome": "overturned"}, by=REVIEWER)
    assert again.json()["relation"] == "unrelated"
    assert count_outcomes(recorded.check_service.engine) == {"upheld": 0, "overturned": 1}
    write_labels(recorded.check_service.engine, tmp_path / "cases.csv")
    labels = read_labels([tmp_path / "cases.csv"], REGISTRY, now=NOW)
    assert [one.label for one in labels.cases] == ["unrelated"]


@pytest.fixture
def reviewed(make_client):
    """A service whose checks need a review, and one that two reviewers answered: one approved, one declined."""
    client = make_client("below_threshold", actor_burst=5)
    check_id = client.check().json()["check_id"]
    for name, answer in (("ann", "approve"), ("bob", "decline")):
        client.get(f"/v1/checks/{check_id}", by=(name, "reviewer"))
        sent = {"json": {"answer": answer, "reason": "looked"}, "by": (name, "reviewer")}
        assert client.post(f"/v1/checks/{check_id}/approvals", **sent).status_code == 200
    return client, check_id


def test_reviewers_answers_are_labels_only_where_they_are_asked_for(reviewed, tmp_path):
    client, _ = reviewed
    with pytest.raises(RecordsError):
        write_labels(client.check_service.engine, tmp_path / "cases.csv")
    assert write_labels(client.check_service.engine, tmp_path / "cases.csv", reviews=True) == 2
    with pytest.raises(TrainingError, match="not one labelled case is clear"):  # never resolved towards impersonation
        read_labels([tmp_path / "cases.csv"], REGISTRY, now=NOW)


def test_an_overturned_appeal_outranks_the_reviewers_it_overturned(reviewed, tmp_path):
    client, check_id = reviewed
    client.post(f"/v1/checks/{check_id}/outcome", json={"outcome": "overturned"}, by=REVIEWER)
    assert write_labels(client.check_service.engine, tmp_path / "cases.csv", reviews=True) == 3
    labels = read_labels([tmp_path / "cases.csv"], REGISTRY, now=NOW)
    assert [case.label for case in labels.cases] == ["unrelated"]
    shares = {one.name: one.share for one in labels.agreement.labellers}
    assert shares == {pseudonym("ann"): 1.0, pseudonym("bob"): 1.0, pseudonym("rev"): 0.0}


def test_without_outcomes_there_is_nothing_to_learn_from(recorded, tmp_path):
    decided(recorded)
    with pytest.raises(RecordsError, match="no check with a target has an outcome"):
        write_labels(recorded.check_service.engine, tmp_path / "cases.csv")
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
        write_labels(client.check_service.engine, tmp_path / "cases.csv")


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
    with recorded.check_service.engine.connect() as connection:
        decision = find_decision(reader(connection), answer["check_id"])
    again = import_account(decision.record["account"], "doublecheck", now=datetime(2030, 1, 1, tzinfo=UTC)).account
    assert digest(again) == answer["account_digest"]
