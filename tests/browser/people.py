"""People who use the console, as page objects, and the accounts they look at. All are invented."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import Locator, Page

from tests.browser.chromium import Watched

NAME = "Ollivander Brask"
BIO = "45th President of Velmoria. Building harbours, bridges and a quiet country."
YOUNG = datetime.now(UTC) - timedelta(days=40)


def profile(handle: str, name: str | None = NAME, bio: str | None = BIO, **changes: Any) -> str:
    """Return a young account with few followers, unless said otherwise, as X's API v1.1 shows it."""
    shown = {
        "id_str": "900100200300",
        "screen_name": handle,
        "name": name,
        "description": bio,
        "followers_count": 120,
        "friends_count": 300,
        "statuses_count": 40,
        "listed_count": 0,
        "created_at": YOUNG.strftime("%a %b %d %H:%M:%S +0000 %Y"),
        "verified": False,
    }
    return json.dumps(shown | changes, ensure_ascii=False)


REAL = "OllivanderBrask"
REAL_PROFILE = profile(
    REAL, id_str="25073877", followers_count=44_000_000, created_at="Wed Mar 18 09:00:00 +0000 2009", verified=True
)
# A name with a Cyrillic letter and a messenger's link beside the handle: more than one kind of evidence clears it.
FAKE = profile(
    "OIIivanderBrask", "\u041ellivander Brask",
    entities={"url": {"urls": [{"expanded_url": "https://t.me/ollivanderbrask"}]}},
)  # fmt: skip
LOUD_FAKE = profile("OllivanderBrask_official", id_str="900100200301", followers_count=250_000, listed_count=12)
PARODY = profile("BraskParody", f"Parody {NAME}", f"Parody account. Not {NAME}.", followers_count=8_000)


class Person:
    """Somebody with an API key, in a browser of their own."""

    def __init__(self, browser: Watched, key: str, page: Page | None = None) -> None:
        self.browser = browser
        self.key = key
        self.page = page or browser.page()

    def another_tab(self) -> Person:
        """Return the same person, signed in as here, in another tab."""
        return Person(self.browser, self.key)

    def opens(self, path: str) -> Person:
        """Go to an address of the console."""
        self.page.goto(path)
        return self

    def signs_in(self, key: str | None = None) -> Person:
        """Sign in, on the page that asks for it if it is there already."""
        if not self.page.locator("input[name=key]").count():
            self.opens("/sign-in")
        self.page.fill("input[name=key]", self.key if key is None else key)
        self.presses(self.form("/sign-in"))
        return self

    def is_let_in(self) -> Person:
        """Sign in without looking at the page: for tests of what comes after."""
        given = {"key": self.key, "next": "/"}
        answer = self.browser.context.request.post("/sign-in", form=given, max_redirects=0)
        assert answer.status == 303, answer.text()
        return self

    def checks(self, paste: str, action: str = "suspend") -> str:
        """Ask about an account and return the check's address."""
        self.opens("/").page.fill("textarea[name=paste], input[name=paste]", paste)
        self.chooses("action", action)
        self.presses(self.form("/"))
        found = re.search(r"/checks/[0-9a-f-]{36}", self.page.url)
        assert found, f"no answer, but {self.page.url}: {self.text()[:500]}"
        return found[0]

    def uploads(self, name: str, lines: str) -> str:
        """Send a file of reported accounts, wait until it is scored, and return the batch's address."""
        given: Any = {"name": name, "mimeType": "application/jsonl", "buffer": lines.encode()}
        self.opens("/batches").page.set_input_files("[name=file]", files=[given])
        self.presses(self.form("/batches"))
        self.page.wait_for_url("**/batches/*")
        while self.page.locator("main [data-refresh]").count():
            self.page.wait_for_timeout(500)
            self.page.reload()
        return self.page.url.removeprefix(self.browser.url)

    def fold_of(self, address: str) -> Locator:
        """Return what unfolds the checks of one account in the queue, where a check is folded away."""
        return self.page.locator(f'details:not([open]):has(a[href="{address}"]) > summary')

    def finds(self, address: str) -> Person:
        """Open a check from the queue."""
        if self.fold_of(address).count():
            self.fold_of(address).click()
        self.page.locator(f'a[href="{address}"]').first.click()
        return self

    def answers(self, answer: str, reason: str = "I compared both.", typed: str | None = None) -> Person:
        """Approve or decline the check that is open."""
        form = self.form("/answer")
        form.locator("[name=reason]").fill(reason)
        if typed is not None:
            form.locator("[name=typed_handle]").fill(typed)
        form.locator(f"button[name=answer][value={answer}]").click()
        return self

    def takes_the_clearance(self, typed: str | None = None) -> Person:
        """Take the clearance of the check that is open, for a tool."""
        return self._submits("/clearance", typed, "take")

    def acts(self, typed: str | None = None) -> Person:
        """Act on the check that is open: take the clearance and spend it in one step."""
        return self._submits("/clearance", typed, "act")

    def redeems(self) -> Person:
        """Spend the clearance that was just given, on the account as it is: the action itself."""
        return self._submits("/redeem")

    def decides(self, outcome: str, note: str, relation: str = "") -> Person:
        """Say what an appeal against the action of the check that is open found."""
        self.page.locator("details.more summary").click()
        self.chooses("outcome", outcome)
        if relation:
            self.chooses("relation", relation)
        self.form("/outcome").locator("[name=note]").fill(note)
        self.presses(self.form("/outcome"))
        return self

    def signs_out(self) -> Person:
        """Sign out."""
        self.presses(self.form("/sign-out"))
        return self

    # --- what is on the page ------------------------------------------------------------------------------------------

    def form(self, action: str) -> Locator:
        """Return the form that is sent to an address which ends so."""
        return self.page.locator(f'form[action$="{action}"]')

    def may(self, *actions: str) -> set[str]:
        """Return for which of these addresses the page has a form."""
        return {action for action in actions if self.form(action).count()}

    def heading(self) -> str:
        """Return the page's only first heading."""
        return " ".join(self.page.locator("h1").inner_text().split())

    def text(self) -> str:
        """Return the words of the page's main part."""
        return " ".join(self.page.locator("main").inner_text().split())

    def chooses(self, name: str, value: str) -> None:
        """Choose one of several, whether they are a list or buttons."""
        select = self.page.locator(f"select[name={name}]")
        if select.count():
            select.select_option(value)
        else:
            self.page.locator(f"input[name={name}][value={value}]").check()

    @staticmethod
    def presses(form: Locator, button: str = "button:not([type=button])") -> None:
        """Press the form's own button, and wait for the page that answers: a click waits for its address only."""
        form.locator(button).first.click()
        form.page.wait_for_load_state("domcontentloaded")

    def _submits(self, action: str, typed: str | None = None, step: str = "") -> Person:
        form = self.form(action)
        if typed is not None:
            form.locator("[name=typed_handle]").fill(typed)
        self.presses(form, f"button[value={step}]" if step else "button:not([type=button])")
        return self
