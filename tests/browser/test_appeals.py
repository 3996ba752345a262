"""What an appeal found, and what was seen at the last moment, on the pages: it stops everything, and stays readable."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Enter
from tests.browser.people import Person, profile
from tests.service.processes import Service

ACTS = ("/clearance", "/redeem", "/answer")
TYPED = 'input:not([type="hidden"])[name="followers"]'


def fake(handle: str, number: int) -> str:
    return profile(handle, "Jane Roe", "Chair of Northwind.", id_str=str(number))


@pytest.fixture
def agent(enter: Enter, canned: Service) -> Person:
    return enter("agent-appeals", "agent", at=canned).is_let_in()


def test_an_overturned_appeal_stops_everything_until_it_is_corrected(
    agent: Person, enter: Enter, canned: Service
) -> None:
    shown = fake("JaneR0eAppeal", 810_001)
    done = agent.checks(shown)
    agent.takes_the_clearance().redeems()
    waiting = agent.checks(shown)
    assert agent.may(*ACTS) == {"/clearance"}
    judge = enter("judge-1", "reviewer", at=canned).is_let_in().opens(done)
    form = judge.form("/outcome")
    assert form.locator("[name=outcome]").input_value() == "", "no answer is chosen before somebody chooses"
    assert form.locator("[name=relation]").input_value() == ""
    judge.page.locator("details.more summary").click()
    form.locator("button:not([type=button])").first.click()
    assert not form.locator("[name=outcome]").evaluate("field => field.validity.valid"), "the browser asks for one"
    judge.opens(done).decides("overturned", "Her press office wrote.", "same_owner")
    assert "Her press office wrote." in judge.text()
    assert agent.opens(waiting).may(*ACTS) == set()
    assert "Warned of since: do not act" in agent.text()
    agent.checks(shown)
    assert "This account was found genuine, and its profile is as it was: do not act." in agent.heading()
    later = agent.checks(profile("JaneR0eAppeal", "Jane Roe", "Chair of Northwind, again.", id_str="810001"))
    assert "This account was found genuine, and its profile changed since" in agent.heading()
    assert agent.may(*ACTS) == set()
    for number in (1, 2):
        reviewer = enter(f"reviewer-{number}", "reviewer", at=canned).is_let_in().opens(later)
        assert reviewer.page.locator(f'a[href="{done}"]').count(), "whoever decides is led to the appeal"
        reviewer.answers("approve", f"I read the appeal, says {number}.")
    assert agent.opens(later).may(*ACTS) == {"/clearance"}
    enter("judge-2", "reviewer", at=canned).is_let_in().opens(done).decides("upheld", "The letter was forged.")
    told = judge.opens(done).text()
    for words in ("Her press office wrote.", "The letter was forged.", "judge-1", "judge-2"):
        assert words in told
    agent.checks(shown)
    assert agent.may(*ACTS) == {"/clearance"}
    canned.verify()


def test_what_was_seen_when_it_was_to_be_spent_is_not_forgotten(agent: Person, canned: Service) -> None:
    shown = fake("JaneR0eGrown", 810_002)
    address = agent.checks(shown)
    agent.takes_the_clearance()
    agent.page.locator("#given summary").click()
    agent.form("/redeem").locator(TYPED).fill("300,000")
    agent.redeems()
    assert "300,000 people follow the account now" in agent.text()
    assert agent.may(*ACTS) == set(), "no second try"
    assert agent.opens(address).may(*ACTS) == set()
    agent.checks(shown)
    assert "was refused before, for what was seen of it" in agent.heading()
    assert "300,000 people follow the account now" in agent.text()
    assert agent.may(*ACTS) == set()
    canned.verify()


def test_there_is_no_outcome_of_what_nobody_did(agent: Person, enter: Enter, canned: Service) -> None:
    address = agent.checks(fake("JaneR0eIdle", 810_003))
    judge = enter("judge-1", "reviewer", at=canned).is_let_in().opens(address)
    assert judge.may("/outcome") == set()
