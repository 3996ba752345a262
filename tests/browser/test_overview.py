"""The overview and the banner in a real browser: the figures that are drawn are those that happened."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import update

from service.records.database import open_database
from service.records.tables import approvals, gates, stamp
from service.utils.clock import utc_now
from tests.browser.conftest import Enter
from tests.browser.people import LOUD_FAKE, profile
from tests.browser.test_accessibility import assert_accessible
from tests.browser.test_hostile import sideways
from tests.service.processes import Service, Services


@pytest.fixture(scope="module")
def fresh(starter: Services, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service of its own, on which nothing was checked, and which misses a gate after three minutes."""
    started = Service(starter, tmp_path_factory.mktemp("overview"), silent_gate_minutes=3).start()
    yield started
    started.stop()


def gate_is_silent(service: Service, minutes: float) -> None:
    """Let every gate's last sign of life be that much older."""
    engine = open_database(service.database_url)
    with engine.begin() as connection:
        connection.execute(update(gates).values(at=stamp(utc_now() - timedelta(minutes=minutes))))
    engine.dispose()


def test_an_empty_service_says_so_and_then_draws_what_happened(enter: Enter, fresh: Service) -> None:
    auditor = enter("auditor-1", "auditor", at=fresh).is_let_in().opens("/overview")
    assert "No checks yet." in auditor.text()
    assert auditor.page.locator("#volumes").count() == 0
    agent = enter("agent-1", "agent", at=fresh).is_let_in()
    agent.checks(profile("JaneR0e", id_str="720001"))
    address = agent.checks(LOUD_FAKE)
    auditor.opens("/overview")
    assert "2 checks: 50.0 % cleared at once" in auditor.page.locator("#volumes h2").inner_text()
    assert auditor.page.locator("#volumes rect").count() == 2, "one cleared, one that needs review, in this hour"
    assert "1 check waits for reviewers now" in auditor.page.locator("#waiting h2").inner_text()
    reviewer = enter("reviewer-1", "reviewer", at=fresh).is_let_in().opens(address)
    reviewer.answers("approve", typed="OllivanderBrask_official")
    auditor.page.get_by_role("link", name="7 days").click()
    assert "1 of 1 answered checks had a first answer" in auditor.page.locator("#answers h2").inner_text()
    auditor.page.locator("#answers summary").focus()
    auditor.page.keyboard.press("Enter")
    assert auditor.page.locator("#answers table").is_visible()
    assert_accessible(auditor.page, "/overview with all pictures")


def test_a_reviewer_sees_how_the_reviewer_answers_and_an_auditor_how_all_do(enter: Enter, fresh: Service) -> None:
    address = enter("agent-2", "agent", at=fresh).is_let_in().checks(LOUD_FAKE.replace("900100200301", "720002"))
    reviewers = [enter(f"reviewer-{number}", "reviewer", at=fresh).is_let_in() for number in (2, 3)]
    for reviewer in reviewers:
        reviewer.opens(address)
        reviewer.answers("approve", typed="OllivanderBrask_official")
    engine = open_database(fresh.database_url)
    with engine.begin() as connection:  # what happened today is in no figure
        connection.execute(update(approvals).values(at=stamp(utc_now() - timedelta(days=1))))
    engine.dispose()
    reviewers[0].opens("/overview").page.get_by_role("link", name="How you answer").click()
    assert "Same answer as another reviewer: 1 of 1 check, 100 %" in reviewers[0].text()
    assert "reviewer-3" not in reviewers[0].text()
    assert_accessible(reviewers[0].page, "/quality of a reviewer")
    auditor = enter("auditor-2", "auditor", at=fresh).is_let_in().opens("/quality")
    assert {"reviewer-2", "reviewer-3"} <= set(auditor.page.locator("tbody th").all_inner_texts())
    assert sideways(auditor.page) <= 0
    assert_accessible(auditor.page, "/quality of an auditor")


def test_a_gate_that_stands_still_is_told_on_every_page(enter: Enter, fresh: Service) -> None:
    gate = ("ozone-gate", "executor")
    sign = httpx.put(f"{fresh.url}/v1/gates/ozone", json={"waiting": 2}, headers=fresh.headers(*gate), trust_env=False)
    assert sign.status_code == 200
    agent = enter("agent-2", "agent", at=fresh, viewport={"width": 320, "height": 640}).is_let_in().opens("/")
    assert agent.page.locator(".alarms").count() == 0
    gate_is_silent(fresh, 5)
    banner = agent.page.locator(".alarms")
    for _ in range(30):  # what was found is believed for ten seconds
        agent.opens("/")
        if banner.count():
            break
        agent.page.wait_for_timeout(500)
    assert "Gate ozone stands still. It has not called for 5 minutes" in banner.inner_text()
    assert "ozone-gate" not in banner.inner_text(), "whose key it has is for admins and auditors"
    assert sideways(agent.page) <= 0
    assert_accessible(agent.page, "a page with a banner")
    admin = enter("admin-1", "admin", at=fresh, color_scheme="dark").is_let_in().opens("/overview")
    assert "key of ozone-gate" in admin.page.locator(".alarms").inner_text()
    assert "1 gate of 1 stands still: ozone" in admin.page.locator("#gates h2").inner_text()
    assert_accessible(admin.page, "/overview with a banner, dark")


def test_the_models_page_has_its_evaluation_and_its_card(enter: Enter) -> None:
    auditor = enter("auditor-1", "auditor").is_let_in().opens("/overview")
    auditor.page.get_by_role("link", name="The model that serves").click()
    assert "Certificates" in auditor.text()
    with auditor.page.expect_download() as fetched:
        auditor.page.locator('a[href="/model/card.md"]').click()
    assert fetched.value.path().read_text(encoding="utf-8").startswith("# Doublecheck model card")
