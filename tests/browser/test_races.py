"""Two people at the same moment: one of them is told that the other was first; nothing happens twice."""

from __future__ import annotations

import httpx
import pytest

from tests.browser.conftest import Enter
from tests.browser.people import Person, profile
from tests.service.processes import Service

LOUD = "JaneR0e"
# Not awaited: the page itself presses the button a moment later, so that both do before either has its answer.
PRESS = """form => setTimeout(
    () => (form.querySelector("button[value=approve], button[value=take]") || form.querySelector("button")).click(), 50
)"""


def ask(agent: Person, account_id: str, followers: int) -> str:
    return agent.checks(profile(LOUD, "Jane Roe", None, id_str=account_id, followers_count=followers))


@pytest.fixture
def agent(enter: Enter, canned: Service) -> Person:
    return enter("agent-race", "agent", at=canned).is_let_in()


def both(one: Person, other: Person, action: str) -> None:
    """Send the same form of two people before either sees an answer."""
    with one.page.expect_navigation(), other.page.expect_navigation():
        for person in (one, other):
            person.form(action).evaluate(PRESS)


def test_two_reviewers_answer_at_the_same_moment(agent: Person, enter: Enter, canned: Service) -> None:
    address = ask(agent, "700001", 250_000)
    reviewers = [enter(f"reviewer-{number}", "reviewer", at=canned).is_let_in().opens(address) for number in (1, 2)]
    for reviewer in reviewers:
        reviewer.form("/answer").locator("[name=reason]").fill("A zero for an o.")
        reviewer.form("/answer").locator("[name=typed_handle]").fill(LOUD)
    both(*reviewers, "/answer")
    for reviewer in reviewers:
        assert reviewer.opens(address).may("/answer") == set()
    assert agent.opens(address).may("/clearance") == {"/clearance"}
    assert agent.text().count("A zero for an o.") == 2
    canned.verify()


def test_one_reviewer_in_two_tabs_is_one_person(agent: Person, enter: Enter, canned: Service) -> None:
    address = ask(agent, "700002", 250_000)
    first = enter("reviewer-1", "reviewer", at=canned).is_let_in().opens(address)
    second = first.another_tab().opens(address)
    for tab in (first, second):
        tab.form("/answer").locator("[name=reason]").fill("A zero for an o.")
        tab.form("/answer").locator("[name=typed_handle]").fill(LOUD)
    both(first, second, "/answer")
    assert agent.opens(address).text().count("A zero for an o.") == 1
    assert agent.may("/clearance") == set(), "one person is not two"


def test_a_clearance_is_taken_by_two_tabs_and_only_one_can_act(agent: Person, enter: Enter, canned: Service) -> None:
    address = ask(agent, "700003", 250_000)
    for number in (1, 2):
        reviewer = enter(f"reviewer-{number}", "reviewer", at=canned).is_let_in().opens(address)
        reviewer.answers("approve", "A zero for an o.", typed=LOUD)
    tabs = [agent.opens(address), agent.another_tab().opens(address)]
    for tab in tabs:
        tab.form("/clearance").locator("[name=typed_handle]").fill(LOUD)
    both(*tabs, "/clearance")
    assert all(tab.may("/redeem") for tab in tabs), "the second one makes the first void"
    both(*tabs, "/redeem")
    assert sorted(tab.page.locator("[role=alert]").count() for tab in tabs) == [0, 1], (
        "one is told that it was not done"
    )
    assert redeemed(canned, address) == 1
    assert agent.opens(address).may("/clearance", "/redeem") == set()
    canned.verify()


def test_a_double_click_is_one_check(agent: Person, canned: Service) -> None:
    agent.opens("/").page.fill("[name=paste]", profile(LOUD, id_str="700004"))
    agent.form("/").locator("button:not([type=button])").first.dblclick()
    agent.page.wait_for_url("**/checks/*")
    assert canned.decided(["700004"]) == {"700004": 1}


def test_the_same_form_sent_again_is_the_same_check(agent: Person, canned: Service) -> None:
    """As a browser does when somebody reloads the answer of a form, or a proxy that tries again."""
    form = agent.opens("/").form("/")
    given = {name: form.locator(f"[name={name}]").first.input_value() for name in ("csrf", "nonce", "action")}
    given["paste"] = profile(LOUD, id_str="700005")
    sent = [agent.browser.context.request.post("/", form=given, max_redirects=0) for _ in range(2)]
    assert sent[0].headers["location"] == sent[1].headers["location"]
    assert canned.decided(["700005"]) == {"700005": 1}


def redeemed(service: Service, address: str) -> int:
    """How often the log says that a clearance of this check was redeemed."""
    headers = service.headers("auditor-race", "auditor")
    answer = httpx.get(f"{service.url}/v1{address}", headers=headers, trust_env=False).json()
    return sum(line["kind"] == "clearance_redeemed" for line in answer["history"])
