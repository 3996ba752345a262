"""Proofs of identity on the pages: recorded by somebody who looked, ended by somebody else, seen by those who judge."""

import pytest

from tests.service.conftest import AGENT
from tests.service.stories.appeals import ANN, AUDITOR, BOB


@pytest.fixture
def service(make_client):
    return make_client(total_daily=10**6)


@pytest.fixture
def path(service):
    return f"/checks/{service.check().json()['check_id']}/proof"


def items(page):
    return [link["href"] for link in page.all("a") if "data-item" in link]


def prove(person, path, proof="id_document", note="Her passport was shown."):
    return person.post(path, on=path, proof=proof, note=note)


def test_a_proof_is_recorded_and_the_account_is_refused_from_then_on(service, path, person):
    ann = person(service, *ANN)
    page = prove(ann, path)
    assert page.status == 200
    assert "Stands: @" in page.text
    for words in ("An identity document", "Her passport was shown.", "Chair of Northwind.", "judge-ann"):
        assert words in page.text, words
    assert "You recorded it. Another reviewer must end it." in page.text
    assert service.check().json()["verdict"] == "refused"
    found = ann.get("/findings")
    [listed] = items(found)
    assert "@JaneR0e" in found.text, "as it was written"
    assert ann.get(listed).forms == set()
    assert ann.path == listed


def test_another_reviewer_ends_it_and_the_account_is_decided_like_any_other(service, path, person):
    prove(person(service, *ANN), path)
    bob = person(service, *BOB)
    [finding] = items(bob.get("/findings"))
    page = bob.post(f"{finding}/end", on=finding, reason="")
    assert page.status == 422
    assert "choose why it ends" in page.text
    page = bob.post(f"{finding}/end", on=finding, reason="passed_on", all="yes")
    assert "Ended: @" in page.text
    assert "Somebody else has the account now" in page.text
    assert service.check().json()["verdict"] == "cleared"
    again = bob.post(f"{finding}/end", on=finding, reason="other")
    assert again.status == 409


def test_whoever_recorded_it_does_not_end_it(service, path, person):
    ann = person(service, *ANN)
    prove(ann, path)
    [finding] = items(ann.get("/findings"))
    forced = ann.post(f"{finding}/end", on=finding, reason="other")
    assert forced.status == 409
    assert "somebody else than who made it must end it" in forced.text.lower()


def test_a_proof_says_what_it_is_and_what_was_seen(service, path, person):
    page = prove(person(service, *ANN), path, proof="", note=" ")
    assert page.status == 422
    assert "choose what proof was seen" in page.text
    assert "say what was seen" in page.text
    assert items(person(service, *AUDITOR).get("/findings")) == []


def test_whoever_asked_for_the_action_records_no_proof(service, path, person):
    page = prove(person(service, AGENT[0], "agent", "reviewer"), path)
    assert page.status == 409
    assert "whoever asks for an action does not say whose account it is" in page.text.lower()


def test_who_sees_proofs(service, path, person):
    prove(person(service, *ANN), path)
    auditor = person(service, *AUDITOR)
    [finding] = items(auditor.get("/findings"))
    assert auditor.get(finding).forms == set()
    assert auditor.get(path).status == 403
    agent = person(service, *AGENT)
    assert agent.get("/findings").status == agent.get(finding).status == agent.get(path).status == 403
