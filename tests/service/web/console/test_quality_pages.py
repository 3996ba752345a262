"""The page of how reviewers answer."""

from datetime import timedelta

import pytest

from tests.service.conftest import NOW
from tests.service.decisions.test_known_cases import hidden, source
from tests.service.test_rules import approve


@pytest.fixture
def answered(make_client, database_url):
    """A service where two people answered a known case, one wrongly, the day before."""
    client = make_client(database_url=database_url, known_case_share=0.5)
    source(client, "overturned")
    known = hidden(client)
    approve(client, known, ("ann", "reviewer"))
    approve(client, known, ("bob", "reviewer"), "decline")
    client.clock.at = NOW + timedelta(days=1)
    return client


def test_a_reviewer_sees_only_the_own_figures(answered, person):
    page = person(answered, "ann", "reviewer").get("/quality")
    assert page.status == 200
    assert "Known cases answered right: 0 of 1 known case, 0 %; wrongly approved 1, wrongly declined 0" in page.text
    assert "bob" not in page.text
    assert "How you answer" in page.text


@pytest.mark.parametrize("role", ["admin", "auditor"])
def test_admins_and_auditors_see_all(answered, person, role):
    page = person(answered, f"one-{role}", role).get("/quality")
    for name in ("ann", "bob", "approver-1", "approver-2"):
        assert name in page.text
    assert "1 of 1 known case, 100 %" in page.text


def test_agents_see_none(answered, person):
    assert person(answered, "agent-17", "agent").get("/quality").status == 403


def test_a_period_without_answers_says_so(answered, person):
    assert "You have answered no check in this period." in person(answered, "eve", "reviewer").get("/quality").text


def test_where_none_are_hidden_the_page_says_how_to(make_client, person):
    page = person(make_client(), "adm", "admin").get("/quality")
    assert "DOUBLECHECK_KNOWN_CASE_SHARE" in page.text


def test_the_overview_leads_there(answered, person):
    links = {link["href"] for link in person(answered, "ann", "reviewer").get("/overview").all("a")}
    assert "/quality" in links
