"""Admins at work in a browser: the registry searched and edited, a file imported, a key asked for and approved."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.browser.conftest import Enter
from tests.browser.people import REAL
from tests.browser.test_accessibility import LOOKS, SMALL, assert_accessible
from tests.browser.test_hostile import sideways
from tests.service.processes import Service

BOSS, CHIEF = ("boss-admin", "admin"), ("chief-admin", "admin")
NEW = {"platform": "x", "handle": "QuillTerrane", "account_id": "880011", "display_name": "Quill Terrane"}


def file_of(*rows: dict[str, Any]) -> list[Any]:
    content = "\n".join(json.dumps(row) for row in rows)
    return [{"name": "team.jsonl", "mimeType": "application/jsonl", "buffer": content.encode()}]


def test_an_account_is_found_edited_and_has_a_history(enter: Enter) -> None:
    page = enter(*BOSS).is_let_in().opens("/registry").page
    page.fill("[name=q]", "ollivander")
    page.keyboard.press("Enter")
    page.get_by_role("link", name=f"@{REAL}", exact=True).click()
    page.get_by_role("link", name="Edit what is registered").click()
    known = page.input_value("[name=secondary_handles]")
    page.fill("[name=secondary_handles]", f"{known}\nBraskPrivate")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("By boss-admin.").first.wait_for()
    assert "@BraskPrivate" in page.locator("main").inner_text()
    page.locator("details", has_text="Secondary handles").last.locator("summary").click()
    assert page.locator(".timeline td", has_text="BraskPrivate").first.is_visible()


def test_a_file_is_looked_at_asked_for_and_approved_by_another(service: Service, enter: Enter) -> None:
    service.key(*CHIEF)
    page = enter(*BOSS).is_let_in().opens("/registry/import").page
    page.set_input_files("[name=file]", files=file_of(NEW, {"platform": "x", "followers": 1}))
    page.get_by_role("button", name="Show what would change").click()
    page.get_by_role("heading", name="Refused rows").wait_for()
    assert "@QuillTerrane" in page.locator("main").inner_text()
    page.get_by_role("button", name="Ask for this import").click()
    page.get_by_text("Waits for a second admin").wait_for()
    path = page.url.removeprefix(service.url)
    chief = enter(*CHIEF).is_let_in().opens(path).page
    chief.fill("[name=reason]", "They joined the team.")
    chief.get_by_role("button", name="Approve").click()
    chief.get_by_text("In force.").wait_for()
    chief.goto("/registry?q=quillterrane")
    assert "@QuillTerrane" in chief.locator("main").inner_text()


def test_a_key_is_shown_once_and_signs_in_once_it_is_approved(service: Service, enter: Enter) -> None:
    service.key(*CHIEF)
    boss = enter(*BOSS).is_let_in().opens("/people/add").page
    boss.fill("[name=actor]", "maria-new")
    boss.get_by_label("reviewer").check()
    boss.fill("[name=reason]", "New in the team.")
    boss.get_by_role("button", name="Ask for the key").click()
    key = boss.locator("#key").input_value()
    boss.get_by_role("link", name="The change that waits").click()
    maria = enter("stranger-admin", "agent").opens("/sign-in")
    assert maria.signs_in(key).page.url.endswith("/sign-in")
    chief = enter(*CHIEF).is_let_in().opens(boss.url.removeprefix(service.url)).page
    chief.fill("[name=reason]", "I know her.")
    chief.get_by_role("button", name="Approve").click()
    chief.get_by_text("In force.").wait_for()
    maria.signs_in(key)
    assert "maria-new" in maria.page.locator("header").inner_text()
    chief.goto("/people/person?name=maria-new")
    chief.get_by_role("button", name="Revoke").click()
    chief.get_by_text("No key in force").wait_for()
    assert "/sign-in" in maria.opens("/reviews").page.url


@pytest.mark.parametrize("look", LOOKS)
def test_the_pages_of_admins_can_be_read_by_anybody(service: Service, enter: Enter, look: str) -> None:
    service.key(*CHIEF)
    boss = enter(*BOSS, **LOOKS[look]).is_let_in()
    account = f"platform=x&handle={REAL}"
    pages = [
        "/registry", "/registry?q=zzzzz", f"/registry/account?{account}", f"/registry/edit?{account}", "/registry/add",
        "/registry/import", "/registry/changes", "/people", "/people/add", "/people/person?name=chief-admin",
        "/settings",
    ]  # fmt: skip
    boss.opens("/registry/import").page.set_input_files("[name=file]", files=file_of(NEW | {"bio": look}, {}))
    boss.page.get_by_role("button", name="Show what would change").click()
    pages.append(boss.page.url.removeprefix(service.url))
    for where in pages:
        boss.opens(where)
        if look != "wall":
            assert_accessible(boss.page, where)
        assert sideways(boss.page) <= 0, f"{where} scrolls sideways"
        assert boss.page.evaluate(SMALL) == [], where
        assert boss.page.locator("h1").count() == 1, where
