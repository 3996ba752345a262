"""Without scripts nothing is missing but comfort: the pages and forms are the whole thing."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.conftest import Enter
from tests.browser.people import LOUD_FAKE, NAME, PARODY, REAL, Person

PLAIN: dict[str, Any] = {"java_script_enabled": False}


def test_the_story_without_scripts(enter: Enter) -> None:
    agent = enter("agent-plain", "agent", **PLAIN).signs_in()
    address = agent.checks(LOUD_FAKE)
    for number in (1, 2):
        reviewer = enter(f"reviewer-plain-{number}", "reviewer", **PLAIN).is_let_in().opens("/reviews")
        reviewer.finds(address)
        reviewer.answers("approve", f"Looks so, says {number}.", typed="OllivanderBrask_official")
    agent.opens(address).takes_the_clearance(typed="OllivanderBrask_official").redeems()
    assert agent.opens(address).may("/clearance", "/redeem") == set()


@pytest.mark.parametrize(
    "paste",
    [REAL, f"@{REAL}", f"https://x.com/{REAL}", f"https://twitter.com/{REAL}?lang=en", f'{{"handle": "{REAL}"}}'],
)
def test_whatever_names_an_account_is_understood(enter: Enter, paste: str) -> None:
    agent = enter("agent-plain", "agent", **PLAIN).is_let_in()
    agent.checks(paste)
    assert "This IS the protected account" in agent.heading()


def test_the_single_fields_do_the_same(enter: Enter) -> None:
    agent = enter("agent-plain", "agent").is_let_in().opens("/")
    fields = agent.page.locator("details:has([name=handle])")
    if fields.count():
        fields.first.locator("summary").first.click()
    agent.page.fill("[name=handle]", "OIIivanderBrask")
    agent.page.fill("[name=display_name]", NAME)
    agent.page.fill("[name=followers]", "1,200")
    agent.presses(agent.form("/"))
    assert "@OllivanderBrask" in agent.heading()


MAY = {
    "agent": {"/", "/mine", "/history", "/batches"},
    "reviewer": {"/reviews", "/appeals", "/overview", "/history", "/batches"},
    "auditor": {"/reviews", "/appeals", "/overview", "/history", "/batches", "/registry"},
    "admin": {"/reviews", "/appeals", "/overview", "/history", "/batches", "/registry"},
}


@pytest.mark.parametrize("role", MAY)
def test_nobody_sees_a_link_or_a_button_for_what_they_may_not_do(enter: Enter, role: str) -> None:
    address = enter("agent-plain", "agent").is_let_in().checks(PARODY)
    person: Person = enter(f"{role}-other", role, **PLAIN).is_let_in().opens("/")
    linked = person.page.locator("nav a")
    shown = {linked.nth(place).get_attribute("href") for place in range(linked.count())} - {"/docs"}
    assert shown == MAY[role]
    for path in MAY[role]:
        answer = person.page.goto(path)
        assert answer
        assert answer.status == 200, path
    answer = person.page.goto(address)
    assert answer
    assert (answer.status == 200) == (role != "agent"), "an agent sees the own checks only"
    assert person.may("/answer") == ({"/answer"} if role == "reviewer" else set())
    for path in {"/reviews", "/"} - MAY[role]:
        answer = person.page.goto(path)
        assert answer
        assert answer.status in {200, 403}
        assert person.may("/") == set() or role == "agent"


def test_an_address_that_leads_nowhere_says_what_to_do(enter: Enter) -> None:
    agent = enter("agent-plain", "agent").is_let_in()
    answer = agent.page.goto("/checks/00000000-0000-0000-0000-000000000000")
    assert answer
    assert answer.status == 404
    assert "Check the address" in agent.text()
    assert agent.page.locator("nav a[href='/']").count()
