"""A triage on the pages: reviewers say who is to act, and whoever asked takes the clearance in that name."""

import pytest

from tests.service.conftest import body

GATE = ("the-gate", "agent")


@pytest.fixture
def triage(make_client, person):
    """A service with a triage, the pages of who asked and of two reviewers, and the triage's address."""
    client = make_client(total_daily=10**6)
    asked = body(
        actor=None, triage=True, reports=["Says that she is Jane.", "So <b>do</b> I."], external_ref="report-7"
    )
    asked["subject_url"] = "https://social.example/@jane"
    check_id = client.post("/v1/checks", json=asked, by=GATE).json()["check_id"]
    people = [person(client, *GATE), person(client, "rev-1", "reviewer"), person(client, "rev-2", "reviewer")]
    return client, people, f"/checks/{check_id}"


def answer(one, path, **fields):
    return one.post(f"{path}/answer", on=path, answer="approve", reason="Looked.", **fields)


def test_a_page_says_that_nobody_is_named_and_shows_all_reports_as_text(triage):
    _, (_, one, _), path = triage
    page = one.get(path)
    for text in (
        "Asked: may somebody who is not named yet suspend @JaneR0e?", "But nobody is named who acts",
        "Says that she is Jane.", "So <b>do</b> I.", "report-7", "https://social.example/@jane",
        "neither the-gate nor anybody whose access ends soon", "Asked whether somebody may suspend it",
    ):  # fmt: skip
        assert text in page.text
    assert not [attributes for attributes in page.all("a") if "social.example" in str(attributes)]
    assert "the-gate, suspend" in one.get("/reviews").text


def test_reviewers_name_who_acts_and_who_asked_takes_it_in_that_name(triage):
    _, (gate, one, two), path = triage
    answer(one, path)
    page = answer(two, path, executor="mod-1")
    assert "Approved: mod-1 is to act" in page.text
    assert "neither the-gate nor mod-1 nor anybody whose access ends soon" in page.text
    nobody = gate.post(f"{path}/clearance", on=path)
    assert (nobody.status, "name who acts" in nobody.text) == (409, True)
    given = gate.post(f"{path}/clearance", on=path, actor="mod-1")
    assert "It allows mod-1 to suspend @JaneR0e once" in given.text
    assert "mod-1 may suspend the account once" in gate.get(path).text


def test_who_approves_is_not_named_to_act(triage):
    _, (_, one, _), path = triage
    page = answer(one, path, executor="rev-1")
    assert (page.status, "Whoever acts cannot approve it" in page.text) == (409, True)


@pytest.mark.parametrize("name", ["*", "\u200b"])
def test_what_is_no_name_is_said_at_its_field(triage, name):
    _, (gate, one, two), path = triage
    page = answer(one, path, executor=name)
    assert (page.status, "write a name" in page.text) == (422, True)
    answer(one, path)
    answer(two, path)
    page = gate.post(f"{path}/clearance", on=path, actor=name)
    assert (page.status, "write a name" in page.text) == (422, True)


def test_to_decline_names_nobody(triage):
    client, (_, one, _), path = triage
    page = one.post(f"{path}/answer", on=path, answer="decline", reason="It may be genuine.", executor="mod-1")
    assert page.status == 200
    found = client.get(f"/v1{path}", by=("judge", "reviewer")).json()["review"]
    assert (found["state"], found["approvals"][0]["executor"]) == ("declined", None)


def test_a_check_that_names_who_acts_has_no_such_fields(triage, person):
    client, (_, one, _), _ = triage
    agent = person(client, "agent-17", "agent")
    agent.check(paste="JaneR0e", platform="x", followers="200000", account_id="9001", verified="no")
    assert 'name="executor"' not in str(one.get(agent.path).forms)
    assert "Who is to act" not in one.get(agent.path).text
