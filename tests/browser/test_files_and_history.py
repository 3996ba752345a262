"""Files are looked through and sent to review, and a history is searched and taken away, in a real browser."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import Enter
from tests.browser.people import FAKE, LOUD_FAKE, PARODY, REAL, Person

PLAIN: dict[str, Any] = {"java_script_enabled": False, "viewport": {"width": 320, "height": 640}}


@pytest.mark.parametrize("look", [{}, PLAIN], ids=["scripts", "plain and narrow"])
def test_rows_of_a_file_are_found_opened_and_sent_to_review(enter: Enter, look: dict[str, Any]) -> None:
    agent = enter("agent-files", "agent", **look).is_let_in()
    batch = agent.uploads("reported.jsonl", "\n".join([FAKE, LOUD_FAKE, PARODY, "{"]))
    agent.page.get_by_role("link", name="Look through the rows").click()
    agent.page.wait_for_url(f"**{batch}/rows")
    assert agent.page.locator("tbody tr").count() == 4
    agent.page.get_by_label("Part of the handle").fill("ollivander")  # which the fake writes with other letters
    agent.chooses("sort", "probability")
    agent.presses(agent.form("/rows").first)
    assert agent.page.locator("tbody tr").count() == 2
    agent.page.locator("tbody a").first.click()
    agent.page.wait_for_url(f"**{batch}/rows/*")
    assert agent.page.locator("[name=handle]").input_value() or agent.page.locator("[name=paste]").input_value()
    agent.page.go_back()
    for box in agent.page.locator("tbody input[type=checkbox]").all():
        box.check()
    agent.page.get_by_role("button", name="Check the chosen rows").click()
    agent.page.wait_for_load_state("domcontentloaded")
    assert "2 checks recorded in your name" in agent.text()
    waits = agent.page.locator("section.sent a").all_inner_texts()
    assert sorted(waits) == ["@OIIivanderBrask", "@OllivanderBrask_official"]
    agent.page.locator("section.sent a", has_text="official").click()
    agent.page.wait_for_url("**/checks/*")
    assert "Row 2 of the file reported.jsonl" in agent.text()


def test_a_history_is_searched_and_taken_away(enter: Enter, tmp_path: Path) -> None:
    address = enter("agent-files", "agent").is_let_in().checks(PARODY)
    auditor: Person = enter("auditor-files", "auditor").is_let_in().opens("/history")
    auditor.page.get_by_label("Part of a handle").fill("braskpar")
    auditor.page.get_by_label("Protected account").fill(REAL)
    auditor.presses(auditor.form("/history").first)
    assert "searched within 92 days" in auditor.text()
    assert auditor.page.locator(f'a[href="{address}"]').count() == 1
    with auditor.page.expect_download() as started:
        auditor.page.get_by_role("link", name="JSON lines").click()
    started.value.save_as(tmp_path / "checks.jsonl")
    lines = [json.loads(line) for line in (tmp_path / "checks.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {line["handle"] for line in lines} == {"BraskParody"}
    assert address.removeprefix("/checks/") in {line["check_id"] for line in lines}
    auditor.opens(address)
    with auditor.page.expect_download() as started:
        auditor.page.get_by_role("link", name="record with signed proof").click()
    started.value.save_as(tmp_path / "bundle.json")
    bundle = json.loads((tmp_path / "bundle.json").read_text(encoding="utf-8"))
    assert f"/checks/{bundle['check_id']}" == address
    assert bundle["proof"]["checkpoint"]["signature"]
