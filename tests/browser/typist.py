"""Somebody who has no mouse."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page

from tests.browser.people import Person

# Enough for the longest page; more is a trap.
MOST_STOPS = 120
FOCUS = """() => {
    const element = document.activeElement, box = element.getBoundingClientRect();
    const ringed = [null, "::after"].map(part => getComputedStyle(element, part))
        .some(style => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2);
    const middle = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height, 20) / 2);
    return {
        shown: ringed,
        uncovered: middle !== null && (element.contains(middle) || middle.contains(element) || middle.closest("label")),
        name: `${element.tagName} ${element.id || element.name || element.innerText || ""}`.slice(0, 60),
    };
}"""


class Typist(Person):
    """Somebody who only has keys: Tab, Enter, Space, arrows, and what they type."""

    def reaches(self, wanted: Locator) -> Typist:
        """Press Tab until something has the focus, which must be seen wherever it is."""
        for _ in range(MOST_STOPS):
            if wanted.count() and wanted.first.evaluate("element => element === document.activeElement"):
                return self
            self.page.keyboard.press("Tab")
            assert_focus_is_seen(self.page)
        raise AssertionError(f"Tab never reaches {wanted}")

    def types(self, name: str, text: str) -> Typist:
        """Type into a field."""
        self.reaches(self.page.locator(f"input[name={name}]:not([type=hidden]), textarea[name={name}]"))
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(text)
        return self

    def presses_key(self, key: str) -> Typist:
        """Press a key and let the page that follows, if any, arrive."""
        self.page.keyboard.press(key)
        self.page.wait_for_load_state()
        return self

    def goes(self, key: str, path: str = "") -> Typist:
        """Press a key that leads to another page, whose address ends so."""
        with self.page.expect_navigation(url=re.compile(f"{re.escape(path)}$")):
            self.page.keyboard.press(key)
        return self

    def pressed(self, wanted: Locator, key: str = "Enter") -> Typist:
        """Reach a button or link and press it: the page that follows is there afterwards."""
        return self.reaches(wanted).goes(key)


def assert_focus_is_seen(page: Page) -> None:
    """Whatever has the focus shows it, and nothing covers it."""
    focus = page.evaluate(FOCUS)
    if focus["name"].startswith("BODY"):
        return  # between the last stop and the first, the browser itself has the focus
    assert focus["shown"], f"no focus ring on {focus['name']}"
    assert focus["uncovered"], f"{focus['name']} has the focus under something else"


def stops(page: Page) -> list[str]:
    """Return what Tab reaches, in order, from the top of the page to its end."""
    page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
    reached: list[str] = []
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        name = page.evaluate(FOCUS)["name"]
        if name.startswith("BODY"):
            return reached
        reached.append(name)
    raise AssertionError(f"Tab never ends: {reached[-5:]}")
