"""What a support lead found on the pages, and how it is since: shown by a real browser."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Enter
from tests.browser.people import FAKE, LOUD_FAKE, NAME, PARODY, REAL, Person, profile
from tests.service.processes import Service

LAPTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}
SCRIPT_CAPITAL, SCRIPT_SMALL = 0x1D4D0, 0x1D4EA
# A font of each kind: they differ in how far letters reach below the line.
FONTS = ("serif", "sans-serif", "monospace", "system-ui", "cursive")
CUT = """font => {
    const heading = document.querySelector("h1");
    heading.style.fontFamily = font;
    heading.textContent = "gjpqyÇ @ggjjppqqyy: needs two approvals (Ågjpqy).";
    const style = getComputedStyle(heading);
    return style.overflowY !== "visible" && heading.scrollHeight > heading.clientHeight;
}"""


@pytest.fixture
def agent(enter: Enter) -> Person:
    return enter("agent-mended", "agent", **LAPTOP).is_let_in()


def box(page: Page, selector: str) -> dict[str, float]:
    found = page.locator(selector).first.bounding_box()
    assert found, f"{selector} is not shown"
    return {**found, "bottom": found["y"] + found["height"], "right": found["x"] + found["width"]}


@pytest.mark.parametrize(
    "pasted",
    [
        "please look at this one", "handle,name\nOIIivanderBrask,Ollivander", "@one @two", "Ollivander Brask",
        "https://x.com/home", "https://x.com/search?q=brask",
    ],
)  # fmt: skip
def test_what_names_no_account_becomes_no_check(agent: Person, pasted: str) -> None:
    """Faults 1, 2 and 4."""
    agent.opens("/").page.fill("[name=paste]", pasted)
    agent.presses(agent.form("/"))
    assert "Nothing was checked." in agent.text()
    assert agent.page.locator("[name=paste]").input_value() == pasted, "and nothing that was typed is lost"
    assert "/checks/" not in agent.page.url


def test_what_is_wrong_in_pasted_json_is_named_and_an_empty_form_says_what_to_do(agent: Person) -> None:
    """Fault 3."""
    agent.opens("/").page.fill("[name=paste]", '{"handle": "OIIivanderBrask", "created_at": "yesterday"}')
    agent.presses(agent.form("/"))
    assert "its field created_at" in agent.text()
    agent.page.fill("[name=paste]", "")
    agent.presses(agent.form("/"))
    assert "paste a handle, the profile's address or its JSON" in agent.text()


def test_unknown_verification_is_not_called_high_impact(agent: Person) -> None:
    """Fault 6: the policy stays cautious, and the page says why."""
    agent.opens("/").page.fill("[name=paste]", '{"handle": "oIIivanderbrask.example.social", "platform": "bluesky", '
                               '"display_name": "Ollivander Brask", "followers": 33}')  # fmt: skip
    agent.presses(agent.form("/"))
    impact = agent.page.locator(".impact")
    assert impact.locator("h2").inner_text().split() == ["?", "Impact", "not", "known"]
    assert "33 people follow this account, and whether it is verified is not given." in impact.inner_text()
    assert "treated with caution" in impact.inner_text()
    assert "High impact" not in agent.text()
    agent.checks(LOUD_FAKE)
    assert agent.page.locator(".impact h2").inner_text().split() == ["▲", "High", "impact"]


def test_an_address_that_only_takes_forms_leads_back_to_its_page(agent: Person) -> None:
    """Fault 7."""
    address = agent.checks(FAKE)
    agent.opens(f"{address}/clearance")
    assert agent.page.url.endswith(address)
    assert agent.page.locator(".who").inner_text().startswith("agent-mended")
    assert agent.page.locator("h1").count() == 1


def test_history_says_how_a_check_stands_now(enter: Enter, canned: Service) -> None:
    """Fault 8. What is remembered of the account stays in that service."""
    agent = enter("agent-mended", "agent", at=canned).is_let_in()
    address = agent.checks(profile("JaneR0eMended", "Jane Roe", "Chair of Northwind.", id_str="77100"))
    agent.acts()
    judge = enter("reviewer-mended", "reviewer", at=canned).is_let_in().opens(address)
    judge.decides("overturned", "Her office.", "same_owner")
    row = agent.opens("/history").page.locator(f'.checks > li:has(a[href="{address}"])')
    assert "Overturned on appeal" in row.inner_text()


@pytest.mark.parametrize("font", FONTS)
def test_letters_below_the_line_are_whole_in_any_font(agent: Person, font: str) -> None:
    """Fault 10."""
    agent.checks(FAKE)
    assert not agent.page.evaluate(CUT, font)


def test_the_sign_between_look_alike_letters_is_drawn(agent: Person) -> None:
    """Fault 10: a letter of another font falls apart there."""
    agent.checks(FAKE)
    sign = agent.page.locator(".letters .pair > svg.not path").first
    assert sign.bounding_box()
    assert "≠" not in agent.page.locator(".letters").first.inner_text()


def test_a_probability_above_the_threshold_that_is_not_cleared_is_explained(agent: Person) -> None:
    """Fault 11."""
    agent.checks(profile("OIIivanderBrask", "\u041ellivander Brask", id_str="77200", verified=True, entities={
        "url": {"urls": [{"expanded_url": "https://t.me/ollivanderbrask"}]}}))  # fmt: skip
    bound = agent.page.locator("section[aria-labelledby=bound]").inner_text()
    assert "is above the certified threshold" in bound
    assert "Above the threshold, but not cleared. What is missing:" in " ".join(bound.split())
    assert "verified: two people must agree" in bound
    agent.checks(FAKE)
    assert "not cleared" not in agent.page.locator("section[aria-labelledby=bound]").inner_text()


def test_a_name_in_mathematical_letters_is_one_line(agent: Person) -> None:
    """Fault 12."""
    name = "".join(
        chr(SCRIPT_CAPITAL + ord(letter) - ord("A")) if letter.isupper() else chr(SCRIPT_SMALL + ord(letter) - ord("a"))
        if letter.isalpha() else letter
        for letter in NAME
    )  # fmt: skip
    agent.checks(profile(REAL + "1", name, id_str="77300"))
    assert "15 letters are mathematical bold script" in agent.text()
    assert agent.page.locator(".letters li").count() == 0, "no cards"


# --- the layout ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("paste", [FAKE, LOUD_FAKE, PARODY, REAL])
def test_the_banner_is_low_and_says_the_verdict_once(agent: Person, paste: str) -> None:
    agent.checks(paste)
    assert box(agent.page, ".verdict")["height"] <= 180
    said = agent.page.locator(".verdict .said").inner_text().casefold()
    assert all(said.count(words) <= 1 for words in ("do not act", "cleared to act", "approvals"))


def test_comparison_and_answer_are_on_one_screen_and_one_above_the_other_where_it_is_narrow(
    agent: Person, enter: Enter
) -> None:
    address = agent.checks(LOUD_FAKE)
    reviewer = enter("reviewer-mended", "reviewer", **LAPTOP).is_let_in().opens(address)
    for selector in (".sides .spelled", "[name=reason]", "[name=typed_handle]", "button[value=approve]"):
        assert box(reviewer.page, selector)["bottom"] <= 900, selector
    assert box(reviewer.page, ".sides")["right"] <= box(reviewer.page, "[name=reason]")["x"]
    reviewer.page.set_viewport_size({"width": 320, "height": 640})
    assert box(reviewer.page, ".sides")["bottom"] <= box(reviewer.page, "[name=reason]")["y"]


def test_all_pages_have_one_width(agent: Person) -> None:
    paths = (agent.checks(FAKE), "/", "/mine", "/history", "/batches", "/docs", "/browser-button")
    assert len({box(agent.opens(path).page, "body")["width"] for path in paths}) == 1


def test_the_local_time_stands_beside_utc_and_utc_alone_without_a_script(enter: Enter) -> None:
    away = enter("agent-mended", "agent", timezone_id="Asia/Tokyo").is_let_in()
    address = away.checks(FAKE)
    asked = away.page.locator(".asked")
    assert "UTC" in asked.inner_text()
    assert "here)" in asked.inner_text()
    plain = enter("agent-mended", "agent", timezone_id="Asia/Tokyo", java_script_enabled=False).is_let_in()
    assert "here)" not in plain.opens(address).page.locator(".asked").inner_text()


def test_evidence_says_what_was_found_and_folds_how_it_is_measured(agent: Person) -> None:
    agent.checks(FAKE)
    first = agent.page.locator(".evidence li").first
    assert first.locator(".finding").inner_text().startswith("The name or handle has letters that were swapped")
    assert not first.locator(".values").is_visible()
    first.locator("summary").click()
    assert first.locator(".values").is_visible()


def test_the_first_page_has_one_button_that_stands_out(enter: Enter) -> None:
    agent = enter("agent-mended", "agent").is_let_in().opens("/")
    assert agent.page.locator("main button:not(.quiet):not(.second)").count() == 1
