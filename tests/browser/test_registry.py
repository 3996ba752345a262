"""Two admins change the registry in a browser: one asks, the other looks, and approves or declines."""

from __future__ import annotations

import httpx
import pytest

from tests.browser.conftest import Enter
from tests.browser.people import REAL
from tests.browser.test_accessibility import LOOKS, SMALL, assert_accessible
from tests.browser.test_hostile import sideways
from tests.service.processes import Service

BOSS, CHIEF = ("boss-registry", "admin"), ("chief-registry", "admin")


def asked(service: Service) -> str:
    """Ask for the president to be protected no longer; return the page where that waits."""
    service.key(*CHIEF)
    waits = httpx.delete(f"{service.url}/v1/protected/x/{REAL}", headers={"X-API-Key": service.key(*BOSS)}, timeout=60)
    assert waits.status_code == 202, waits.text
    return f"/registry/{waits.json()['change_id']}"


def test_one_asks_and_another_looks_and_declines(service: Service, enter: Enter) -> None:
    path = asked(service)
    boss = enter(*BOSS).is_let_in().opens(path)
    assert boss.page.get_by_role("button", name="Approve").count() == 0
    chief = enter(*CHIEF).is_let_in().opens("/registry/changes")
    chief.page.locator(f"a[href='{path}']").click()
    assert chief.page.locator("h1").inner_text() == f"Protect no longer @{REAL}"
    chief.page.get_by_role("button", name="Approve").wait_for()
    chief.page.fill("[name=reason]", "He is in office.")
    chief.page.keyboard.press("Tab")
    chief.page.get_by_role("button", name="Decline").click()
    chief.page.get_by_text("Declined.").wait_for()
    assert chief.page.locator("main form").count() == 0
    boss.opens(path)
    assert "He is in office." in boss.page.locator("main").inner_text()


@pytest.mark.parametrize("look", LOOKS)
def test_the_pages_can_be_read_by_anybody(service: Service, enter: Enter, look: str) -> None:
    path = asked(service)
    chief = enter(*CHIEF, **LOOKS[look]).is_let_in()
    for where in ("/registry/changes", path):
        chief.opens(where)
        if look != "wall":
            assert_accessible(chief.page, where)
        assert sideways(chief.page) <= 0, f"{where} scrolls sideways"
        assert chief.page.evaluate(SMALL) == [], where
