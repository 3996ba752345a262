"""A reviewer works through the queue in a browser: with and without the script, by keyboard, on a small screen."""

from __future__ import annotations

from itertools import count
from typing import NamedTuple

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Enter
from tests.browser.people import Person
from tests.browser.test_accessibility import assert_accessible
from tests.browser.test_hostile import sideways
from tests.service.processes import Service

ROWS = "table.cases tbody tr"
IN_VIEW = """() => [...document.querySelectorAll("table.cases tbody tr")]
    .filter(row => row.getBoundingClientRect().bottom <= innerHeight).length"""


# Each test has accounts of its own: what is claimed in one would be in the way in the next.
BATCHES = count(1)


class Asked(NamedTuple):
    """A check that waits: its address, and the account's handle."""

    address: str
    handle: str


@pytest.fixture
def waiting(canned: Service) -> list[Asked]:
    """Two dozen checks of large accounts, the newest last."""
    batch = next(BATCHES)
    return [ask(canned, 100 * batch + number) for number in range(24)]


def ask(canned: Service, number: int, **more: str) -> Asked:
    account = {"platform": "x", "account_id": str(40_000 + number), "handle": f"JaneR0e_{number}"}
    account |= {"display_name": "Jane Roe", "created_at": "2026-04-20T08:00:00Z"} | more
    given = {"account": account | {"followers": 900_000 + number, "verified": False}}
    answer = canned.ask("/v1/checks", given | {"action": "suspend", "actor": "agent-queue"}, ("agent-queue", "agent"))
    return Asked(f"/checks/{answer.json()['check_id']}", account["handle"])


# Of every handle in the table: whether some of it is outside of what shows it.
CUT = """() => [...document.querySelectorAll("table.cases tbody .handle")].filter(handle => {
    const [inner, outer] = [handle, handle.closest("td, th")].map(one => one.getBoundingClientRect());
    const around = handle.parentElement;
    return inner.right > outer.right || inner.bottom > outer.bottom + 1 || around.scrollWidth > around.clientWidth + 1;
}).map(handle => handle.textContent)"""


@pytest.mark.parametrize("width", [1280, 1440])
def test_the_whole_handle_is_read(enter: Enter, canned: Service, width: int) -> None:
    number = 100 * next(BATCHES)
    long = ask(canned, number, platform="instagram", handle="jane.r0e.official.helpdesk_123")
    reviewer = enter("rev-queue-long", "reviewer", at=canned, viewport={"width": width, "height": 900}).is_let_in()
    page = reviewer.opens(f"/reviews?q={long.handle}").page
    shown = page.locator("table.cases tbody th .handle").first
    assert shown.inner_text() == shown.get_attribute("title") == f"@{long.handle}"
    assert page.evaluate(CUT) == []
    assert page.locator("table.cases tbody .target .handle").first.get_attribute("title") == "@JaneRoe"


def presses_next(reviewer: Person) -> Person:
    reviewer.presses(reviewer.form("/reviews/next"))
    return reviewer


@pytest.mark.parametrize("script", [True, False])
def test_twenty_rows_a_screen_and_the_next_loads_by_itself(
    enter: Enter, canned: Service, waiting: list[Asked], script: bool
) -> None:
    look = {"viewport": {"width": 1280, "height": 900}, "java_script_enabled": script}
    reviewer = enter(f"rev-queue-{script}", "reviewer", at=canned, **look).is_let_in().opens("/reviews?sort=newest")
    if script:
        assert reviewer.page.evaluate(IN_VIEW) >= 20
    first = presses_next(reviewer).page.url
    assert waiting[-1].address in first
    reviewer.answers("decline", "A namesake.")
    reviewer.page.wait_for_url(f"**{waiting[-2].address}?**")
    assert f"You declined @{waiting[-1].handle}." in reviewer.text()
    reviewer.page.locator("summary", has_text="Skip or escalate").click()
    reviewer.page.fill("[name=comment]", "Somebody who knows them should look.")
    reviewer.page.locator("button[name=mark][value=escalate]").click()
    reviewer.page.wait_for_url(f"**{waiting[-3].address}?**")
    assert f"You escalated @{waiting[-2].handle}." in reviewer.text()
    other = enter(f"other-queue-{script}", "reviewer", at=canned).is_let_in().opens(f"/reviews?q={waiting[-3].handle}")
    assert f"rev-queue-{script}" in other.page.locator(ROWS).first.inner_text()
    told = other.opens(f"/reviews?q={waiting[-2].handle}").page.locator(ROWS).first.inner_text()
    assert "Somebody who knows them should look." in told


def test_several_are_declined_with_one_reason_by_keyboard(enter: Enter, canned: Service, waiting: list[Asked]) -> None:
    reviewer = enter("rev-queue-keys", "reviewer", at=canned).is_let_in().opens("/reviews?sort=newest")
    page = reviewer.page
    for check in waiting[-2:]:
        page.locator(f"input[name=pick][value='{check.address.removeprefix('/checks/')}']").focus()
        page.keyboard.press("Space")
    page.locator("#several button").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/reviews/decline?**")
    assert "Decline 2 checks" in reviewer.heading()
    assert_accessible(page, "/reviews/decline")
    page.locator("[name=reason]").focus()
    page.keyboard.type("Both are namesakes.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("h1")).to_contain_text("2 declined")  # a function to wait for would need eval
    assert_accessible(page, "what was declined")
    assert "Both are namesakes." in reviewer.opens(waiting[-1].address).text()


@pytest.mark.parametrize("width", [320, 640, 1024, 1280])
def test_it_fits_every_width(enter: Enter, canned: Service, waiting: list[Asked], width: int) -> None:
    look = {"viewport": {"width": width, "height": 900}, "color_scheme": "dark"}
    reviewer = enter("rev-queue-wide", "reviewer", at=canned, **look).is_let_in()
    address = waiting[0].address
    for path in ("/reviews", f"/reviews/decline?pick={address[-36:]}", f"{address}?queue=sort%3Dorder"):
        assert sideways(reviewer.opens(path).page) <= 0, path
        assert_accessible(reviewer.page, path)
