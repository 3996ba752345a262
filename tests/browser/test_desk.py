"""The desk of an agent: one step from answer to action, the list of what is open, withdrawing, the browser's button."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from service.decisions.believed import BELIEVED
from tests.browser.conftest import Enter
from tests.browser.people import FAKE, LOUD_FAKE, PARODY, Person, profile
from tests.browser.typist import Typist
from tests.service.processes import Service

PLAIN = {"java_script_enabled": False}
NOBODY = profile("nobody_at_all", "Somebody", "Nothing in common.")
LINK = "https://x.com/OIIivanderBrask"


@pytest.fixture
def agent(enter: Enter) -> Person:
    return enter("agent-desk", "agent").is_let_in()


def queued(enter: Enter, address: str) -> int:
    """How often a check stands in the review queue."""
    reviewer = enter("reviewer-desk", "reviewer").is_let_in().opens("/reviews")
    return reviewer.page.locator(f'a[href="{address}"]').count()


@pytest.mark.parametrize("options", [{}, PLAIN], ids=["script", "plain"])
def test_from_the_answer_to_the_action_is_one_step_and_the_page_says_what_is_left(
    enter: Enter, options: dict[str, object]
) -> None:
    agent = enter("agent-desk", "agent", **options).is_let_in()
    address = agent.checks(FAKE)
    agent.acts()
    assert "Suspend the account in your platform's tool now" in agent.text()
    assert agent.opens(address).may("/clearance", "/redeem", "/withdraw") == set()


def test_what_changed_is_corrected_before_acting_and_then_refused(enter: Enter, canned: Service) -> None:
    agent = enter("agent-desk", "agent", at=canned).is_let_in()
    agent.checks(profile("JaneR0eGrows", "Jane Roe", "Chair of Northwind.", id_str="77001"))
    agent.page.locator("#act summary").click()
    agent.form("/clearance").locator("[name=followers]").fill("300000")
    agent.acts()
    assert "300,000 people follow the account now" in agent.text()
    assert agent.may("/clearance", "/redeem") == set()


def test_a_large_account_is_typed_for_the_step_too(enter: Enter, agent: Person) -> None:
    address = agent.checks(LOUD_FAKE)
    for number in (1, 2):
        reviewer = enter(f"reviewer-{number}", "reviewer").is_let_in().opens(address)
        reviewer.answers("approve", typed="OllivanderBrask_official")
    agent.opens(address).acts(typed="OllivanderBrask")
    assert "protected account's handle" in agent.text()
    agent.acts(typed="OllivanderBrask_official")
    assert "has spent the clearance" in agent.text()


def test_enter_in_a_field_acts_on_nothing(enter: Enter, agent: Person) -> None:
    typist = Typist(agent.browser, agent.key, agent.page)
    address = typist.checks(FAKE)
    typist.page.locator("#act summary").click()
    typist.page.locator("[name=followers]").press("Enter")
    typist.page.wait_for_timeout(200)
    assert typist.opens(address).may("/clearance") == {"/clearance"}


# --- mine ------------------------------------------------------------------------------------------------------------


def test_the_menu_counts_what_is_mine_and_the_page_lists_it(enter: Enter) -> None:
    agent = enter("agent-mine", "agent").is_let_in()
    ready, waiting, declined = agent.checks(FAKE), agent.checks(LOUD_FAKE), agent.checks(PARODY)
    enter("reviewer-desk", "reviewer").is_let_in().opens(declined).answers("decline", "A declared parody.")
    agent.page.wait_for_timeout(1_000 * BELIEVED)  # what others do shows in the menu when it is counted anew
    menu = agent.opens("/history").page.locator("nav a[href='/mine']")
    told = " ".join((menu.text_content() or "").split())
    assert told == "Mine ✓1 ready to act …1 waiting ✕1 declined"
    agent.page.keyboard.press("m")
    agent.page.wait_for_url("**/mine")
    for group, address in (("ready", ready), ("waiting", waiting), ("declined", declined)):
        assert agent.page.locator(f"section[aria-labelledby={group}] a").get_attribute("href") == address
    other = enter("reviewer-desk", "reviewer").is_let_in().opens("/history")
    assert other.page.locator("nav a[href='/mine']").count() == 0, "who asks for nothing has no list"
    assert other.page.goto("/mine").status == 403


def test_a_mistyped_check_is_withdrawn_and_nobody_is_asked_any_more(enter: Enter, agent: Person) -> None:
    address = agent.checks(LOUD_FAKE)
    assert queued(enter, address)
    agent.page.locator("#withdraw summary").click()
    agent.presses(agent.form("/withdraw"))
    assert "agent-desk withdrew this check: another account was meant." in agent.text()
    assert "Withdrawn: do not act" in agent.text()
    assert agent.may("/withdraw", "/clearance") == set()
    assert not queued(enter, address)
    reviewer = enter("reviewer-desk", "reviewer").is_let_in().opens(address)
    assert reviewer.may("/answer") == set()
    assert "Withdrawn" in agent.opens("/history").text()


def test_what_resembles_nobody_closes_with_one_click_and_waits_for_nobody(enter: Enter, agent: Person) -> None:
    address = agent.checks(NOBODY)
    assert not queued(enter, address)
    agent.page.get_by_role("button", name="Withdraw: resembles nobody").click()
    assert "agent-desk withdrew this check" in agent.text()
    assert not queued(enter, address)
    assert agent.opens(address).may("/ask", "/withdraw") == set()


def test_a_person_is_asked_about_it_only_where_the_agent_wants(enter: Enter, agent: Person) -> None:
    address = agent.checks(NOBODY)
    agent.page.get_by_role("button", name="Ask people to review it").click()
    assert "waits in the review queue" in agent.text()
    assert queued(enter, address)


# --- the browser's button --------------------------------------------------------------------------------------------


def test_an_address_fills_the_form_in_and_sends_nothing(enter: Enter) -> None:
    agent = enter("agent-button", "agent").is_let_in()
    agent.opens(f"/?q={quote(LINK, safe='')}")
    assert agent.page.locator("[name=paste]").input_value() == LINK
    assert agent.page.url.startswith(f"{agent.browser.url}/?q=")
    assert "OIIivanderBrask" not in agent.opens("/mine").text()


def test_an_address_survives_signing_in(enter: Enter) -> None:
    agent = enter("agent-desk", "agent").opens(f"/?q={quote(LINK, safe='')}")
    agent.signs_in()
    assert agent.page.locator("[name=paste]").input_value() == LINK


def test_the_button_of_the_browser_brings_the_address_of_the_page_along(agent: Person) -> None:
    agent.opens("/").page.get_by_role("link", name="A button for your browser").click()
    code = agent.page.locator("a.drag").get_attribute("href") or ""
    assert code.startswith("javascript:")
    assert agent.page.locator("#code").input_value() == code, "and without a mouse"
    agent.opens("/history?handle=OIIivanderBrask")
    with agent.page.expect_navigation(url="**/?q=*"):
        agent.page.evaluate(code.removeprefix("javascript:"))
    assert agent.page.locator("[name=paste]").input_value() == f"{agent.browser.url}/history?handle=OIIivanderBrask"
