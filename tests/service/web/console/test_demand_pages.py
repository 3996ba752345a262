"""Demands on the pages: what waits by its time limit, the text to send, and what a look at the profile finds."""

from datetime import timedelta

import pytest

from tests.service.conftest import AGENT, body, canned
from tests.service.decisions.test_demands import ACCOUNT, EXECUTOR, LABELLED, PARODY, demanded

REVIEWER = ("rev-9", "reviewer")
NOW_LABELLED = {
    "handle": LABELLED["handle"],
    "display_name": LABELLED["display_name"],
    "bio": LABELLED["bio"],
    "followers": "12",
}


@pytest.fixture
def parody(make_client):
    return make_client(PARODY, total_daily=10**6)


@pytest.fixture
def demand(parody):
    return demanded(parody)


def at(demand):
    return f"/demands/{demand['demand_id']}"


def items(page):
    return [link["href"] for link in page.all("a") if "data-item" in link]


def look(person, demand, **fields):
    """Send the form as a browser does: with what the page has filled in."""
    filled_in = {
        one["name"]: one["value"] for one in person.get(at(demand)).all("input") if one.get("value") and "name" in one
    }
    return person.post(f"{at(demand)}/look", on=at(demand), **filled_in | fields)


def test_what_waits_is_listed_and_the_text_is_there_to_send(parody, demand, person):
    reviewer = person(parody, *REVIEWER)
    page = reviewer.get("/demands")
    assert items(page) == [at(demand)]
    assert "0 due now, 1 waiting." in page.text
    assert f"@{ACCOUNT['handle']}" in page.text, "as it was written"
    assert "not looked at yet" in page.text
    shown = reviewer.get(at(demand))
    assert "time limit 3 May 2026, 12:00 UTC" in shown.text
    assert "Please change these points by 3 May 2026" in shown.response.text
    assert shown.text.count("Not looked at yet") == 2
    assert shown.forms == {f"{at(demand)}/look"}


def test_a_profile_that_did_as_asked_closes_the_case(parody, demand, person):
    reviewer = person(parody, *REVIEWER)
    page = look(reviewer, demand, **NOW_LABELLED)
    assert "Met: @" in page.text
    assert page.text.count("Done") == 2
    assert page.forms == set()
    assert items(reviewer.get("/demands")) == []
    assert items(reviewer.get("/demands?state=met")) == [at(demand)]


def test_when_the_time_is_up_it_is_due_and_then_not_met(parody, demand, person):
    parody.clock.at += timedelta(hours=49)
    reviewer = person(parody, *REVIEWER)
    listed = reviewer.get("/demands")
    assert "1 due now, 0 waiting." in listed.text
    assert "due since 3 May 2026" in listed.text
    page = look(reviewer, demand, handle=ACCOUNT["handle"], display_name="Jane Roe", bio="Chair of Northwind.")
    assert "Not met" in page.text
    assert "Check the account again" in page.text
    assert items(reviewer.get("/demands?state=unmet")) == [at(demand)]


def test_what_is_left_empty_answers_nothing(parody, demand, person):
    """R8: the form is not filled in with the old profile, which would answer for the account."""
    parody.clock.at += timedelta(hours=49)
    reviewer = person(parody, *REVIEWER)
    fields = {field["name"]: field.get("value") for field in reviewer.get(at(demand)).all("input") if "name" in field}
    assert (fields["account_id"], fields["handle"], fields["display_name"]) == ("9001", "", "")
    page = look(reviewer, demand, handle=ACCOUNT["handle"])
    assert "Time is up" in page.text
    assert "Not known: the profile that was entered does not tell" in page.text
    assert page.forms == {f"{at(demand)}/look"}


def test_another_account_is_refused_and_nothing_that_was_typed_is_lost(parody, demand, person):
    reviewer = person(parody, *REVIEWER)
    page = look(reviewer, demand, **NOW_LABELLED | {"account_id": "666"})
    assert page.status == 409
    assert "the profile is of another account" in page.text.lower()
    assert {"value": "666"}.items() <= next(f for f in page.all("input") if f.get("name") == "account_id").items()
    empty = look(reviewer, demand, account_id="", platform="")
    assert empty.status == 422
    assert "Nothing was recorded." in empty.text


def test_who_sees_demands(parody, demand, person):
    tool = person(parody, *EXECUTOR)
    assert items(tool.get("/demands")) == [at(demand)]
    assert "/checks/" not in tool.get(at(demand)).response.text, "which the tool may not open"
    agent = person(parody, *AGENT)
    assert agent.get("/demands").status == 403
    assert agent.get(at(demand)).status == 200, "whoever asked for it"
    assert person(parody, "agent-99", "agent").get(at(demand)).status == 404


def test_of_a_protected_account_nothing_is_demanded_any_more(parody, demand, person):
    """R1: it is withdrawn, never unmet."""
    parody.clock.at += timedelta(hours=49)
    was = parody.scorer.answer
    parody.scorer.answer = canned(relation="is_protected", impersonation_probability=0.0, evidence=())
    try:
        page = look(person(parody, *REVIEWER), demand, handle=body()["account"]["handle"], display_name="Jane Roe")
    finally:
        parody.scorer.answer = was
    assert "Withdrawn" in page.text
    assert "nothing is asked of it any more" in page.text
