"""Appeals on the pages: who sees what, who decides, and what is there to send."""

from dataclasses import replace
from datetime import timedelta

import pytest

from classifier.scoring.evidence import Evidence
from service.auth.api_keys import create_key
from service.web.console.presenters.complaint import REASONS
from tests.service.conftest import AGENT, ASSESSMENTS, acted
from tests.service.stories.appeals import ANN, ARGUMENTS, AUDITOR, BOB, complained, declined

APPROVER = ("approver-1", "reviewer")


@pytest.fixture
def service(make_client):
    return make_client("below_threshold", total_daily=10**6)


@pytest.fixture
def case(service):
    """An action that two people approved, and the person's complaint about it."""
    return complained(service, acted(service))


def at(case):
    return f"/appeals/{case['appeal_id']}"


def items(page):
    return [link["href"] for link in page.all("a") if "data-item" in link]


def decide(person, case, found, note="Her passport says so."):
    return person.post(f"{at(case)}/decision", on=at(case), found=found, note=note)


def test_a_reviewer_finds_it_reads_it_decides_and_has_the_text_to_send(service, case, person):
    ann = person(service, *ANN)
    listed = ann.get("/appeals")
    assert items(listed) == [at(case)]
    assert "You can decide 1." in listed.text
    assert "@JaneR0e" in listed.text, "as it was written"
    page = ann.get(at(case))
    assert page.response.text.count("<h1") == 1
    for words in ("Account suspended", ARGUMENTS, "approver-1", "Jane Roe", "The handle looks like", "due 8 May 2026"):
        assert words in page.text, words
    assert page.forms == {f"{at(case)}/decision", f"{at(case)}/lift"}
    done = decide(ann, case, "overturned namesake")
    assert "Overturned: somebody of the same or a similar name" in done.text
    assert "Undo the action on the platform now." in done.text
    assert "You were right, and we take back our action against @JaneR0e." in done.response.text
    assert done.forms == set()
    assert items(ann.get("/appeals")) == []
    overturned = ann.get("/appeals?state=overturned")
    assert items(overturned) == [at(case)]
    assert "@JaneR0e" in overturned.text
    assert items(ann.get("/appeals?state=upheld")) == []


def test_what_is_due_first_comes_first_and_what_is_overdue_says_so(service, case, person):
    service.clock.at += timedelta(days=2)
    account = {"platform": "x", "account_id": "9002", "handle": "JaneR0e2", "display_name": "Jane Roe", "followers": 12}
    later = complained(service, acted(service, account=account | {"created_at": "2026-04-20T08:00:00Z"}))
    service.clock.at += timedelta(days=6)
    page = person(service, *ANN).get("/appeals")
    assert items(page) == [at(case), at(later)]
    assert page.text.count("overdue since") == 1


def test_whoever_took_part_sees_why_another_person_must_decide(service, case, person):
    approver = person(service, *APPROVER)
    page = approver.get("/appeals")
    assert "Another reviewer must decide those below." in page.text
    assert items(page) == [at(case)]
    shown = approver.get(at(case))
    assert "You cannot decide this" in shown.text
    assert shown.forms == {f"{at(case)}/lift"}
    forced = decide(approver, case, "upheld impersonation")
    assert forced.status == 409
    assert "another person than all before" in forced.text


def test_two_names_of_one_person_are_one(service, person):
    """Whoever approved under one name does not decide under another."""

    key = service.commit(lambda transaction: create_key(transaction, "approver-1", ["reviewer"], person="P-1"))
    assert key
    other = service.commit(lambda transaction: create_key(transaction, "judge-anna", ["reviewer"], person="P-1"))
    case = complained(service, acted(service))
    one = person(service)
    one.sign_in(other)
    assert f"{at(case)}/decision" not in one.get(at(case)).forms


def test_a_lifted_action_says_what_to_undo_and_can_still_be_decided(service, case, person):
    bob = person(service, *BOB)
    page = bob.post(f"{at(case)}/lift", on=at(case))
    assert "Undo the action on the platform until this is decided." in page.text
    assert "the action against @JaneR0e is lifted" in page.response.text
    assert page.forms == {f"{at(case)}/decision"}
    assert "Upheld: it pretends to be somebody else" in decide(bob, case, "upheld impersonation").text


def test_a_decision_takes_a_finding_and_a_reason(service, case, person):
    ann = person(service, *ANN)
    page = decide(ann, case, "", note=" ")
    assert page.status == 422
    assert "choose what you found" in page.text
    assert "say why, in a few words" in page.text
    assert "Not decided" in page.text
    mixed = decide(ann, case, "upheld namesake")
    assert mixed.status == 409, "a pair that no page offers"
    assert service.get(f"/v1/appeals/{case['appeal_id']}", by=AUDITOR).json()["state"] == "open"


def test_about_a_decline_there_is_nothing_to_lift(service, person):
    case = complained(service, declined(service), "decline")
    ann = person(service, *ANN)
    page = ann.get(at(case))
    assert "No action on a report" in page.text
    assert page.forms == {f"{at(case)}/decision"}
    assert "check the account again" in decide(ann, case, "overturned impersonation").text


def test_the_text_is_in_the_language_of_the_person(service, person):
    case = complained(service, acted(service), language="ar")
    page = person(service, *ANN).get(at(case))
    [area] = [one for one in page.all("textarea") if one.get("id") == "text"]
    assert (area["lang"], area["dir"]) == ("ar", "rtl")


def test_who_sees_what(service, case, person):
    agent = person(service, *AGENT)
    page = agent.get(at(case))
    assert page.status == 200, "whoever asked may know how it stands, as over HTTP"
    assert ARGUMENTS not in page.response.text
    assert "approver-1" not in page.response.text
    assert page.forms == set()
    assert agent.get("/appeals").status == 403
    assert person(service, "agent-99", "agent").get(at(case)).status == 404
    tool = person(service, "tool", "executor").get(at(case))
    assert (tool.status, ARGUMENTS in tool.response.text, tool.forms) == (200, False, set())
    auditor = person(service, *AUDITOR)
    assert ARGUMENTS in auditor.get(at(case)).text
    assert auditor.get(at(case)).forms == set()
    assert auditor.send("POST", f"{at(case)}/decision", data={"found": "upheld impersonation"}).status == 403


def test_a_decision_sent_twice_is_one(service, case, person):
    ann = person(service, *ANN)
    hidden = ann.get(at(case)).hidden
    for _ in range(2):
        sent = hidden | {"found": "upheld impersonation", "note": "x"}
        assert ann.send("POST", f"{at(case)}/decision", data=sent).status == 200
    assert len(service.get(f"/v1/appeals/{case['appeal_id']}", by=AUDITOR).json()["steps"]) == 1
    assert ann.send("POST", f"{at(case)}/lift", data={"nonce": "x" * 20}).status == 403, "without the session's token"


def test_what_a_person_writes_is_never_read_as_markup(service, person):
    case = complained(service, acted(service), arguments="<img src=x onerror=alert(1)>")
    page = person(service, *ANN).get(at(case))
    assert page.all("img") == []
    assert "<img src=x onerror=alert(1)>" in page.text


def test_each_choice_says_whether_it_upholds_or_overturns(service, case, person):
    page = person(service, *ANN).get(at(case))
    offered = [option["value"] for option in page.all("option") if option["value"]]
    verbs = {"upheld": "Uphold: ", "overturned": "Overturn: "}
    for value in offered:
        found, reason = value.split()
        assert verbs[found] + REASONS[reason] in page.text
    assert {value.split()[0] for value in offered} == set(verbs)


def test_the_evidence_is_said_as_on_the_page_of_the_check(make_client, person):
    evidence = (Evidence("handle_broken", "How broken the words are (bits)", 8.25, "JaneR0e", "", 3.0, "handle"),)
    service = make_client(replace(ASSESSMENTS["below_threshold"], evidence=evidence), total_daily=10**6)
    page = person(service, *ANN).get(at(complained(service, acted(service))))
    assert "How broken the words are: 8.2. +3.00, for imitation" in page.text
    assert "(bits)" not in page.text
