"""A statement of reasons is what the EU's database takes: of an action, frozen, nothing guessed, nobody's data."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from service.decisions.recorded import find_decision, reader
from service.decisions.statement_of_reasons import statement_of
from service.errors import RecordsError
from service.limits import EEA, EU
from service.schemas.statements import GIVEN, Statement
from tests.service.conftest import NOW, appeal, body
from tests.service.transparency_database import TransparencyDatabase, faults

AUDITOR, ADMIN = ("aud", "auditor"), ("ada", "admin")
REVIEWERS = (("rev-1", "reviewer"), ("rev-2", "reviewer"))
SAID = {"text": "somebody reported it", "source_type": "SOURCE_ARTICLE_16", "automated_detection": "No"}
TERMS = {"territorial_scope": "EU", "terms_url": "https://platform.example/terms#impersonation"}


@pytest.fixture
def filing(make_client, database_url):
    """A service that knows where decisions apply and where its terms can be read."""
    return make_client(database_url=database_url, **TERMS)


def act(client, account=None, **changes):
    """Have a check cleared, by two reviewers where it needs them, and its clearance redeemed; return its number."""
    account = body()["account"] | (account or {})
    answer = client.check(account=account, **changes).json()
    check_id = answer["check_id"]
    if answer["verdict"] == "needs_review":
        for reviewer in REVIEWERS:
            client.get(f"/v1/checks/{check_id}", by=reviewer)
            given = {"answer": "approve", "reason": "It is."}
            assert client.post(f"/v1/checks/{check_id}/approvals", json=given, by=reviewer).status_code == 200
        answer = {"clearance": client.post(f"/v1/checks/{check_id}/clearance").json()}
    redeemed = client.post("/v1/clearances/redeem", json={"token": answer["clearance"]["token"], "account": account})
    assert redeemed.status_code == 200, redeemed.text
    return check_id


def statement(client, check_id):
    found = client.get(f"/v1/checks/{check_id}/statement", by=AUDITOR)
    assert found.status_code == 200, found.text
    return found.json()


def complete(client, check_id, by=ADMIN, **given):
    return client.post(f"/v1/checks/{check_id}/statement", json=given, by=by)


def test_the_database_takes_it(filing):
    found = statement(filing, act(filing, report=SAID))
    assert TransparencyDatabase().post({"statements": [found]}) == (201, {})
    assert found.keys() == Statement.model_fields.keys()
    assert found["decision_account"] == "DECISION_ACCOUNT_SUSPENDED"
    assert found["category_specification"] == ["KEYWORD_IMPERSONATION_ACCOUNT_HIJACKING"]
    assert (found["content_date"], found["application_date"]) == ("2026-04-20", "2026-05-01")
    assert (found["source_type"], found["automated_detection"]) == ("SOURCE_ARTICLE_16", "No")
    assert found["automated_decision"] == "AUTOMATED_DECISION_PARTIALLY"
    assert found["territorial_scope"] == list(EU)
    assert found["decision_ground_reference_url"] == TERMS["terms_url"]


def test_it_names_nobody(filing):
    text = json.dumps(statement(filing, act(filing, report=SAID)), ensure_ascii=False).casefold()
    for private in ("jane", "r0e", "northwind", "9001", "1001", "agent-17", "reported it"):
        assert private not in text, private


@pytest.mark.parametrize("redeem", [False, True])
def test_what_was_not_done_is_not_stated(filing, redeem):
    """Neither of a check that was cleared, nor of one whose redemption was refused."""
    answer = filing.check(report=SAID).json()
    if redeem:
        account = body()["account"] | {"followers": 300_000}
        refused = filing.post("/v1/clearances/redeem", json={"token": answer["clearance"]["token"], "account": account})
        assert refused.status_code == 409
    found = filing.get(f"/v1/checks/{answer['check_id']}/statement", by=AUDITOR)
    assert (found.status_code, found.json()["code"]) == (409, "statement_refused")
    assert "nobody acted" in found.json()["detail"]
    assert complete(filing, answer["check_id"], source_type="SOURCE_VOLUNTARY").status_code == 409


@pytest.mark.parametrize(
    ("action", "stated"),
    [("suspend", "SUSPENDED"), ("deactivate", "SUSPENDED"), ("delete", "TERMINATED")],
)
def test_the_action_is_stated(filing, action, stated):
    assert statement(filing, act(filing, action=action))["decision_account"] == f"DECISION_ACCOUNT_{stated}"


def test_people_who_saw_a_score_and_agreed_decided_partly_automated(filing):
    check_id = act(filing, {"followers": 200_000}, report=SAID)
    found = statement(filing, check_id)
    assert found["automated_decision"] == "AUTOMATED_DECISION_PARTIALLY"
    assert "2 reviewers looked at the comparison and approved" in found["decision_facts"]
    assert list(faults(found)) == []


def test_it_never_changes_whatever_happens_afterwards(filing):
    check_id = act(filing, report=SAID)
    before = statement(filing, check_id)
    appeal(filing, check_id)
    filing.clock.at = NOW + timedelta(days=400)  # approvals, keys and settings of then do not matter any more
    assert statement(filing, check_id) == before
    assert "appeal" not in before["decision_facts"].casefold()
    assert complete(filing, check_id, source_type="SOURCE_VOLUNTARY").status_code == 409
    assert statement(filing, check_id) == before


def test_what_nobody_said_is_missing_and_the_database_would_refuse_it(recorded):
    found = statement(recorded, act(recorded, report="impersonates me, automated_detection: No"))
    assert [name for name in GIVEN if found[name] is None] == list(GIVEN)
    assert found["decision_ground_reference_url"] is None  # which the database allows
    assert sorted(faults(found)) == [f"{name} is required" for name in sorted(GIVEN)]


@pytest.mark.parametrize(
    "report",
    [{"source_type": "ARTICLE_16", "automated_detection": True}, {"source_type": ["SOURCE_VOLUNTARY"]}, "x", None],
)
def test_a_report_in_other_words_says_nothing(filing, report):
    found = statement(filing, act(filing, report=report))
    assert (found["source_type"], found["automated_detection"]) == (None, None)


def test_what_is_missing_is_given_once_and_all_of_it(recorded):
    check_id = act(recorded, report={"source_type": "SOURCE_TRUSTED_FLAGGER"})
    some = complete(recorded, check_id, automated_detection="Yes")
    assert (some.status_code, "territorial_scope" in some.json()["detail"]) == (409, True)
    other = {"automated_detection": "Yes", "territorial_scope": ["SE", "DE", "SE"]}
    again = complete(recorded, check_id, source_type="SOURCE_VOLUNTARY", **other)
    assert (again.status_code, "source_type" in again.json()["detail"]) == (409, True)
    assert statement(recorded, check_id)["automated_detection"] is None, "what was refused changed nothing"
    done = complete(recorded, check_id, **other)
    assert done.status_code == 200, done.text
    assert done.json() == statement(recorded, check_id)
    assert list(faults(done.json())) == []
    assert done.json()["territorial_scope"] == ["DE", "SE"]
    assert complete(recorded, check_id, **other).status_code == 409


@pytest.mark.parametrize(
    "given",
    [
        {}, {"source_type": None}, {"source_type": "VOLUNTARY"}, {"automated_detection": "yes"},
        {"territorial_scope": []}, {"territorial_scope": ["US"]}, {"puid": "1"},
    ],
)  # fmt: skip
def test_other_words_than_the_databases_are_refused(client, given):
    assert complete(client, act(client), **given).status_code == 422


def test_who_asked_for_the_action_does_not_complete_its_statement(client):
    assert complete(client, act(client), by=("agent-17", "agent"), source_type="SOURCE_VOLUNTARY").status_code == 403


@pytest.mark.parametrize(
    ("platform", "created", "stated", "told"),
    [
        ("forum.example", "1999-07-01T00:00:00Z", "2000-01-01", "before the content date"),
        ("x", "2026-04-20T23:30:00-05:00", "2026-04-21", ""),
        ("x", "2026-05-02T06:00:00Z", "2026-05-01", ""),  # a clock that is a little ahead
        ("x", None, "2026-05-01", "is not known"),
    ],
)
def test_the_content_date_is_the_nearest_that_the_database_takes(filing, platform, created, stated, told):
    found = statement(filing, act(filing, {"platform": platform, "created_at": created}, report=SAID))
    assert (found["content_date"], list(faults(found))) == (stated, [])
    assert told in found["decision_facts"]
    assert ("content date" in found["decision_facts"]) == bool(told)


def test_a_clock_before_the_database_opened_states_nothing_and_so_nothing_is_acted_on(client):
    """A redemption in whose transaction this fails spends nothing."""
    check_id = client.check(report=SAID).json()["check_id"]
    with client.check_service.engine.connect() as connection:
        read, rules = reader(connection), client.check_service.rules
        decision = find_decision(read, check_id)
        assert statement_of(read, decision, rules, datetime(2020, 1, 1, tzinfo=UTC)).application_date == "2020-01-01"
        with pytest.raises(RecordsError, match="clock"):
            statement_of(read, decision, rules, datetime(2019, 12, 31, 23, 59, tzinfo=UTC))


def test_the_longest_terms_are_counted_in_characters_as_the_database_counts(make_client):
    client = make_client(terms="\u00df\U0001f642" * 250, territorial_scope="EEA")
    found = statement(client, act(client, report=SAID))
    assert (list(faults(found)), len(found["incompatible_content_ground"])) == ([], 500)
    assert found["territorial_scope"] == list(EEA)
