"""What appeals found comes back as labels that training reads, and as a rate."""

import csv
from datetime import UTC, datetime, timedelta

import pytest

from classifier.accounts.account import digest
from classifier.errors import TrainingError
from classifier.importers import import_account
from classifier.labels.dataset import read_labels
from classifier.utils.pseudonyms import pseudonym
from service.auth.api_keys import create_key
from service.decisions.outcomes import LABEL_COLUMNS, count_outcomes, write_labels
from service.decisions.recorded import find_decision, reader
from service.errors import RecordsError
from tests.service.conftest import NOW, REGISTRY, acted, appeal, body

REVIEWER = ("rev", "reviewer")


def decided(client, outcome=None, **changes):
    """Act on an account, and record what an appeal found of it."""
    check_id = acted(client, **changes)
    if outcome:
        given = {"found": outcome} if isinstance(outcome, str) else outcome
        answer = appeal(client, check_id, **given, by=REVIEWER)
        assert answer.status_code == 200, answer.text
    return check_id


def of(handle, number, **changes):
    """Return a request about another account."""
    return {"account": body()["account"] | {"handle": handle, "account_id": number} | changes}


def test_outcomes_become_labelled_cases_that_training_reads(recorded, tmp_path):
    decided(recorded, "upheld")
    decided(recorded, {"found": "overturned", "relation": "same_owner", "note": "her own"}, **of("JaneRoe2", "9002"))
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
    again = appeal(recorded, check_id, by=REVIEWER)
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


def test_a_person_is_one_labeller_under_all_names(reviewed, tmp_path):
    client, _ = reviewed
    path = tmp_path / "cases.csv"

    def labellers():
        write_labels(client.check_service.engine, path, reviews=True)
        with path.open(newline="") as file:
            return {row["labeller"] for row in csv.DictReader(file)}

    assert labellers() == {pseudonym("ann"), pseudonym("bob")}
    for name in ("ANN", "bob"):
        client.commit(lambda transaction, name=name: create_key(transaction, name, ["reviewer"], person="P-9"))
    assert len(labellers()) == 1


def test_an_overturned_appeal_outranks_the_reviewers_it_overturned(make_client, tmp_path):
    client = make_client("below_threshold", actor_burst=5)
    decided(client, "overturned")
    assert write_labels(client.check_service.engine, tmp_path / "cases.csv", reviews=True) == 3
    labels = read_labels([tmp_path / "cases.csv"], REGISTRY, now=NOW)
    assert [case.label for case in labels.cases] == ["unrelated"]
    shares = {one.name: one.share for one in labels.agreement.labellers}
    assert shares == {pseudonym("approver-1"): 1.0, pseudonym("approver-2"): 1.0, pseudonym("rev"): 0.0}


def test_without_outcomes_there_is_nothing_to_learn_from(recorded, tmp_path):
    decided(recorded)
    with pytest.raises(RecordsError, match="no check with a target has an outcome"):
        write_labels(recorded.check_service.engine, tmp_path / "cases.csv")
    assert not (tmp_path / "cases.csv").exists()


def test_a_check_without_a_target_teaches_nothing_about_pairs(make_client, tmp_path):
    client = make_client("no_target", actor_burst=5)
    decided(client, "overturned")
    with pytest.raises(RecordsError):
        write_labels(client.check_service.engine, tmp_path / "cases.csv")


@pytest.mark.parametrize(
    ("given", "field"),
    [({"note": "a"}, "outcome"), ({"outcome": "lost", "note": "a"}, "outcome"), ({"outcome": "upheld"}, "note"),
     ({"outcome": "upheld", "note": "a", "relation": "is_protected"}, "relation"),
     ({"outcome": "upheld", "note": "a" * 2001}, "note"), ({"outcome": "upheld", "note": " \n "}, "note"),
     ({"outcome": "upheld", "note": "a", "more": 1}, "more")],
)  # fmt: skip
def test_an_outcome_that_cannot_be_read_names_its_field(recorded, given, field):
    check_id = decided(recorded)
    refused = recorded.post(f"/v1/checks/{check_id}/outcome", json=given, by=REVIEWER)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, field)


def test_the_overturn_rate_is_a_metric(recorded):
    assert "doublecheck_overturn_rate NaN" in recorded.get("/metrics").text
    for number, outcome in enumerate(("upheld", "upheld", "upheld", "overturned")):
        decided(recorded, outcome, **of("JaneR0e", str(9001 + number)))
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


# --- who may say what an appeal found, and of what -------------------------------------------------------------------


def refused(answer):
    assert (answer.status_code, answer.json()["code"]) == (409, "review_refused"), answer.text
    return {reason["code"] for reason in answer.json()["reasons"]}


@pytest.mark.parametrize("name", ["impersonation", "below_threshold", "is_protected"])
@pytest.mark.parametrize("found", ["upheld", "overturned"])
def test_there_is_an_outcome_only_of_what_was_acted_on(make_client, database_url, name, found):
    client = make_client(name, database_url=database_url)
    check_id = client.check().json()["check_id"]
    assert refused(appeal(client, check_id, found)) == {"not_acted_on"}
    assert client.get(f"/v1/checks/{check_id}", by=REVIEWER).json()["outcomes"] == []


def test_a_clearance_that_was_only_given_is_no_action(recorded):
    answer = recorded.check().json()
    assert answer["clearance"]
    assert refused(appeal(recorded, answer["check_id"])) == {"not_acted_on"}


@pytest.mark.parametrize("found", ["upheld", "overturned"])
def test_whoever_asked_does_not_say_what_an_appeal_found(recorded, found):
    check_id = acted(recorded)
    for name in ("agent-17", "AGENT-17"):
        assert refused(appeal(recorded, check_id, found, by=(name, "reviewer"))) == {"own_action"}


@pytest.mark.parametrize("found", ["upheld", "overturned"])
def test_whoever_approved_it_says_nothing_where_the_impact_is_high(recorded, found):
    check_id = acted(recorded, account=body()["account"] | {"followers": 200_000})
    assert refused(appeal(recorded, check_id, found, by=("approver-1", "reviewer"))) == {"own_approval"}
    assert refused(appeal(recorded, check_id, found, by=("Approver-2", "admin"))) == {"own_approval"}
    assert appeal(recorded, check_id, found).status_code == 200


def test_nobody_who_approved_it_changes_an_outcome(make_client, database_url):
    """Of an account of low impact an approver may say it first: there may be few people."""
    client = make_client("below_threshold", database_url=database_url)
    check_id = acted(client)
    assert appeal(client, check_id, "overturned", by=("approver-1", "reviewer")).status_code == 200
    assert refused(appeal(client, check_id, "upheld", by=("approver-2", "reviewer"))) == {"own_approval"}
    assert refused(appeal(client, check_id, "upheld", by=("approver-1", "reviewer"))) == {"own_approval"}
    assert appeal(client, check_id, "upheld").status_code == 200


def test_each_outcome_stays_with_who_said_it_when_and_why(recorded):
    check_id = acted(recorded)
    for number, (found, note) in enumerate((("upheld", "A copy."), ("overturned", "Hers."), ("upheld", "Forged."))):
        recorded.clock.at = NOW + timedelta(hours=number)
        assert appeal(recorded, check_id, found, note=note, by=(f"judge-{number}", "admin")).status_code == 200
    recorded.clock.at = NOW
    given = recorded.get(f"/v1/checks/{check_id}", by=REVIEWER).json()
    assert [(one["actor"], one["outcome"], one["note"], one["at"][11:13]) for one in given["outcomes"]] == [
        ("judge-0", "upheld", "A copy.", "12"), ("judge-1", "overturned", "Hers.", "13"),
        ("judge-2", "upheld", "Forged.", "14"),
    ]  # fmt: skip
    assert [line["data"]["actor"] for line in given["history"] if line["kind"] == "outcome"] == [
        "judge-0", "judge-1", "judge-2",
    ]  # fmt: skip
