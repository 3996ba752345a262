"""What a day at the console takes: ``python -m tests.benchmarks.day`` counts clicks, keys and seconds for each case.

An agent in a real browser (Chromium without a window) pastes one reported profile after the other, and does with each
what the page offers: acts on what is cleared, withdraws what resembles nobody, leaves the rest to people. Then a
reviewer answers what waits, one check after the other, and says why: with a reason to choose where there is one, in
writing where there is none. Of high impact the reviewer declines, of the others every second check is approved.

A letter that is typed is a key, so are a shortcut and a paste. The seconds are the machine's alone: from a click or key
until the page that answers is loaded. The script takes what the pages offer, so that it also runs on older versions.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from playwright.sync_api import Locator, Page
from tqdm import tqdm

from classifier.storage.paths import DEFAULT_HOME
from tests.benchmarks.console import profiles, sign_in, tab
from tests.benchmarks.served import Home, prepared, running, service_command, sqlite
from tests.browser.chromium import chromium

# What is written where no reason can be chosen.
WRITTEN = "Another person with the same name."
ANSWERS = '.act form[action$="/answer"], form[action$="/answer"]'


@dataclass(slots=True)
class Hand:
    """Somebody's hand on a page, which counts what it does."""

    page: Page
    cases: int = 0
    clicks: int = 0
    keys: int = 0
    seconds: float = 0.0

    def click(self, what: Locator, *, leads: bool = True) -> None:
        """Click, and wait for the page that it ``leads`` to."""
        self.clicks += 1
        self._wait(what.click, leads=leads)

    def press(self, key: str, *, leads: bool = True) -> None:
        """Press a key or a shortcut."""
        self.keys += 1
        self._wait(lambda: self.page.keyboard.press(key), leads=leads)

    def paste(self, field: str, text: str) -> None:
        """Paste into the field that has the focus by itself."""
        self.keys += 1
        self.page.focus(field)
        self.page.keyboard.insert_text(text)

    def write(self, field: Locator, text: str) -> None:
        """Click into a field and type."""
        self.clicks += 1
        self.keys += len(text)
        field.fill(text)

    def _wait(self, do: Any, *, leads: bool) -> None:
        started = perf_counter()
        if leads:
            with self.page.expect_navigation():
                do()
        else:
            do()
        self.seconds += perf_counter() - started


def ask(hand: Hand, pasted: str) -> None:
    """Ask about one profile and do what may be done."""
    hand.paste("[name=paste]", pasted)
    hand.press("Control+Enter")
    hand.cases += 1
    page = hand.page
    act, take = page.locator('[name=step][value="act"]'), page.locator('form[action$="/clearance"] button')
    withdraw = page.locator('form:has([value="resembles_nobody"]) button')
    if act.count():
        hand.click(act.first)
    elif take.count() and not page.locator("[name=typed_handle]").count():
        hand.click(page.locator('form[action$="/clearance"] button:not([hidden])').first)
        hand.click(page.locator('form[action$="/redeem"] button:not([type=button])').first)
    elif withdraw.count():
        hand.click(withdraw.first)
    hand.press("c")


def answer(hand: Hand, number: int) -> bool:
    """Answer the next check; tell whether there was one."""
    page = hand.page
    if not page.locator(ANSWERS).count():
        following = page.locator('form[action="/reviews/next"] button')
        if not following.count() and not page.url.endswith("/reviews"):
            hand.press("r")
            following = page.locator('form[action="/reviews/next"] button')
        item = page.locator("[data-list] a[data-item]")
        if not following.count() and not item.count():
            return False
        hand.click(following.first if following.count() else item.first)
    hand.cases += 1
    form = page.locator(ANSWERS).first
    is_high = bool(form.locator("[name=typed_handle]").count())
    chosen = "decline" if is_high or number % 2 else "approve"
    reasons = form.locator("[name=because]")
    if reasons.count():
        hand.click(reasons.nth(3 if chosen == "decline" else 0), leads=False)
    else:
        hand.write(form.locator("[name=reason]"), WRITTEN)
    hand.click(form.locator(f'button[name=answer][value="{chosen}"]'))
    return True


def day(home: Home, directory: Path, checks: int, answers: int) -> Iterator[tuple[str, Hand]]:
    """Yield the hand of the agent and that of the reviewer after their work."""
    url = sqlite(home)
    agent, reviewer = home.key(url, ["agent"], "agent-1"), home.key(url, ["reviewer"], "reviewer-1")
    environment = home.environment(url) | {"DOUBLECHECK_PORT": "0"}
    pasted = profiles(home, checks + 1)
    with chromium() as browser, running(service_command(), environment, directory / "service.log") as server:
        with tab(browser, server) as page:
            sign_in(page, agent)
            ask(Hand(page), pasted.pop())  # to warm up
            hand = Hand(page)
            for one in tqdm(pasted, unit="check", disable=None):
                ask(hand, one)
            yield "agent", hand
        with tab(browser, server) as page:
            page.goto("/sign-in")
            page.fill("input[name=key]", reviewer)
            page.press("input[name=key]", "Enter")
            page.wait_for_load_state()
            page.goto("/reviews")
            hand = Hand(page)
            for number in tqdm(range(answers), unit="answer", disable=None):
                if not answer(hand, number):
                    break
            yield "reviewer", hand


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--checks", type=int, default=40)
    made.add_argument("--answers", type=int, default=20)
    made.add_argument("--protected", type=int, default=5_000, help="protected accounts")
    made.add_argument("--seed", type=int, default=20_261_124)
    made.add_argument("--home", type=Path, default=DEFAULT_HOME.expanduser(), help="whose model serves, untouched")
    return made


def main(arguments: Sequence[str] | None = None) -> None:
    asked: Any = parser().parse_args(arguments)
    with tempfile.TemporaryDirectory() as made:
        directory = Path(made)
        home = prepared(directory, asked.home, asked.protected, asked.seed)
        print(f"{os.cpu_count()} processors, {asked.protected:,} protected accounts", flush=True)
        print(f"{'':10} {'cases':>6} {'clicks a case':>14} {'keys a case':>12} {'seconds a case':>15}")
        for name, hand in day(home, directory, asked.checks, asked.answers):
            each = (hand.clicks / hand.cases, hand.keys / hand.cases, hand.seconds / hand.cases)
            print(f"{name:10} {hand.cases:6} {each[0]:14.2f} {each[1]:12.2f} {each[2]:15.2f}", flush=True)


if __name__ == "__main__":
    main()
