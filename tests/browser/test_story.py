"""The story this project exists for, played on the pages: a worker, a fake, two reviewers, and what can be proved."""

from __future__ import annotations

from tests.browser.conftest import Enter
from tests.browser.people import FAKE, LOUD_FAKE, PARODY, REAL
from tests.service.processes import Service

ACTS = ("/clearance", "/redeem", "/answer")


def test_the_worker_who_proposes_to_deactivate_the_real_one_finds_no_button(enter: Enter) -> None:
    worker = enter("worker-1", "agent").is_let_in()
    worker.checks(REAL, "deactivate")
    assert "This IS the protected account" in worker.heading()
    assert "do not act" in worker.heading()
    assert worker.may(*ACTS) == set()
    reviewer = enter("reviewer-1", "reviewer").is_let_in().opens(worker.page.url)
    assert "This IS the protected account" in reviewer.heading()
    assert reviewer.may(*ACTS) == set(), "nobody can approve it either"


def test_a_plain_fake_is_cleared_and_acted_upon_once(enter: Enter) -> None:
    agent = enter("agent-7", "agent").is_let_in()
    address = agent.checks(FAKE)
    assert "Imitates" in agent.heading()
    assert "@OllivanderBrask" in agent.heading()
    agent.takes_the_clearance().redeems()
    assert agent.opens(address).may(*ACTS) == set(), "once"


def test_a_clearance_that_expires_on_an_open_page_can_be_used_no_more_there(enter: Enter) -> None:
    agent = enter("agent-7", "agent").is_let_in()
    agent.checks(FAKE)
    agent.page.clock.install()
    agent.takes_the_clearance()
    assert agent.page.locator("#given").is_visible()
    assert not agent.page.locator("#lapsed").is_visible()
    agent.page.clock.fast_forward("01:00:01")
    agent.page.locator("#lapsed").wait_for()
    assert not agent.page.locator("#given").is_visible()
    assert not agent.page.locator(".verdict.cleared").count(), "nothing is green any more"
    assert "Cleared to act" not in agent.page.locator("main").inner_text().partition("What happened")[0]
    assert "may suspend the account once" not in agent.text()
    agent.page.locator("#lapsed a", has_text="check the account again").click()
    assert agent.page.locator("[name=handle]").input_value() == "OIIivanderBrask"


def test_a_large_account_takes_two_people_and_their_typing_it(enter: Enter, service: Service) -> None:
    agent = enter("agent-8", "agent").signs_in()
    address = agent.checks(LOUD_FAKE)
    assert agent.may("/clearance", "/redeem", "/answer") == set()
    for number in (1, 2):
        reviewer = enter(f"reviewer-{number}", "reviewer").signs_in().opens("/reviews")
        reviewer.finds(address)
        assert "250,000" in reviewer.text(), "the audience in full"
        reviewer.answers("approve", f"The 'official' was added, says {number}.", typed="OllivanderBrask_official")
        assert reviewer.opens(address).may("/answer") == set(), "one person is not two"
        assert agent.opens(address).may("/clearance") == ({"/clearance"} if number == 2 else set())
    agent.takes_the_clearance(typed="OllivanderBrask_official").redeems()
    told = agent.opens(address).text()
    for word in ("reviewer-1", "reviewer-2", "agent-8", "says 1", "says 2"):
        assert word in told
    assert agent.may(*ACTS) == set()
    assert service.verify().entries
    history = enter("auditor-1", "auditor").is_let_in().opens("/history?platform=x&handle=OllivanderBrask_official")
    assert history.page.locator(f'a[href="{address}"]').count()


def test_who_typed_another_handle_has_not_looked(enter: Enter) -> None:
    agent = enter("agent-9", "agent").is_let_in()
    address = agent.checks(LOUD_FAKE)
    reviewer = enter("reviewer-1", "reviewer").is_let_in().opens(address)
    reviewer.answers("approve", "Looks fake to me.", typed="OllivanderBrask")
    assert reviewer.page.locator("[name=reason]").input_value() == "Looks fake to me.", "nothing typed is lost"
    assert reviewer.page.locator("[role=alert]").count()
    assert agent.opens(address).may("/clearance") == set()


def test_a_decline_ends_it(enter: Enter) -> None:
    agent = enter("agent-10", "agent").is_let_in()
    address = agent.checks(PARODY)
    assert agent.may(*ACTS) == set()
    enter("reviewer-1", "reviewer").is_let_in().opens(address).answers("decline", "A declared parody.")
    assert "A declared parody." in agent.opens(address).text()
    assert agent.may(*ACTS) == set()


def test_the_agent_cannot_be_the_second_person(enter: Enter) -> None:
    both = enter("both-1", "agent", "reviewer").is_let_in()
    both.checks(PARODY)
    assert both.may("/answer") == set()
