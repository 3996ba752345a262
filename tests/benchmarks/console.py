"""Time from paste to readable answer: ``python -m tests.benchmarks.console`` prints the figures.

An agent in a real browser (Chromium without a window) pastes a profile into the first page and presses the keys that
send it. The clock runs from that key to the first frame that shows the answer's heading: sending, scoring, the durable
record, the redirect, the page, its style and the painting of it. Next to it, in turns, the same browser does the same
with a bare server (FastAPI under the same server program): it takes the same form, redirects, and answers with one of
the console's own answers, byte for byte, made before. So the ratio is what Doublecheck itself takes.

The service is the embedded default: SQLite, one worker, its default settings but no quota is ever reached. Accounts:
half are simulated around protected ones, of every family, half are strangers (``served.draw_reported``); each is asked
about once. The server's share of the time is from sending a request to the last byte of its answer, as the browser
measures it; the rest is the browser's.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser, BrowserContext, Page
from tqdm import tqdm

from classifier.storage.paths import DEFAULT_HOME
from tests.benchmarks.served import (
    Home,
    Server,
    application_command,
    prepared,
    running,
    service_command,
    sqlite,
)
from tests.browser.chromium import PATIENCE_MS, chromium

WARMED = 20
# On every page: note when the key is pressed, and when the first frame that has a heading was painted.
WATCH = """
addEventListener("keydown", event => {
    if (event.key === "Enter") sessionStorage.sent = performance.timeOrigin + performance.now();
}, true);
window.painted = new Promise(resolve => addEventListener("DOMContentLoaded", () => {
    if (document.querySelector("h1")) requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => resolve(performance.timeOrigin + performance.now());
        channel.port2.postMessage(0);
    });
}));
"""
TIMES = """async () => {
    const painted = await window.painted;
    const [page] = performance.getEntriesByType("navigation");
    const sent = page.redirectEnd - page.redirectStart + page.responseEnd - page.requestStart;
    return [painted - Number(sessionStorage.sent), sent, page.encodedBodySize];
}"""


@dataclass(frozen=True, slots=True)
class Timed:
    """One answer: milliseconds in all and of them the server's; bytes of the page."""

    total: float
    server: float
    size: float


@contextmanager
def tab(browser: Browser, server: Server) -> Iterator[Page]:
    """Yield a page of a browser of its own, which keeps what it may keep."""
    url = f"http://127.0.0.1:{server.port}"
    context: BrowserContext = browser.new_context(base_url=url, viewport={"width": 1280, "height": 800})
    context.set_default_timeout(PATIENCE_MS)
    context.add_init_script(WATCH)
    yield context.new_page()
    context.close()


def sign_in(page: Page, key: str) -> None:
    """Sign in as an agent."""
    page.goto("/sign-in")
    page.fill("input[name=key]", key)
    page.press("input[name=key]", "Enter")
    page.wait_for_selector("[name=paste]")


def ask(page: Page, pasted: str) -> Timed:
    """Paste, send, and wait for the answer."""
    page.goto("/")
    page.focus("[name=paste]")
    page.keyboard.insert_text(pasted)
    with page.expect_navigation(url="**/checks/*"):
        page.keyboard.press("Control+Enter")
    return Timed(*page.evaluate(TIMES))


def profiles(home: Home, count: int) -> list[str]:
    """Return what is pasted: profiles in Doublecheck's own columns."""
    return [json.dumps(json.loads(body)["account"], ensure_ascii=False) for body in home.bodies[:count]]


def measure(browser: Browser, home: Home, directory: Path, count: int) -> dict[str, list[Timed]]:
    """Measure the service and the bare server, in turns."""
    url = sqlite(home)
    key = home.key(url)
    environment = home.environment(url) | {"DOUBLECHECK_PORT": "0", "BARE_PAGES": str(directory)}
    pasted = profiles(home, count + WARMED + 1)
    timed: dict[str, list[Timed]] = {"console": [], "bare": []}
    with running(service_command(), environment, directory / "service.log") as service, tab(browser, service) as page:
        sign_in(page, key)
        save(page, pasted.pop(), directory)
        command = application_command("page")
        with running(command, environment, directory / "bare.log") as bare, tab(browser, bare) as bare_page:
            for place, one in enumerate(tqdm(pasted, unit="answer", disable=None)):
                for name, asked in (("console", page), ("bare", bare_page)):
                    measured = ask(asked, one)
                    if place >= WARMED:
                        timed[name].append(measured)
    return timed


def save(page: Page, pasted: str, directory: Path) -> None:
    """Save the form's page and one answer as the service sent them."""
    form = page.goto("/")
    assert form
    (directory / "form.html").write_bytes(form.body())
    ask(page, pasted)
    answer = page.reload()
    assert answer
    (directory / "answer.html").write_bytes(answer.body())


def lines(timed: dict[str, list[Timed]]) -> Iterator[str]:
    """Yield the table's lines."""
    yield f"{'':28} {'p50 ms':>8} {'p90 ms':>8} {'p99 ms':>8} {'server p50':>11} {'browser p50':>12} {'page KB':>8}"
    titles = {"console": "paste to readable answer", "bare": "the same page, made before"}
    for name, of in timed.items():
        totals = [one.total for one in of]
        yield (
            f"{titles[name]:28} " + " ".join(f"{np.percentile(totals, part):8.0f}" for part in (50, 90, 99))
            + f" {_median(of, lambda one: one.server):11.0f} {_median(of, lambda one: one.total - one.server):12.0f}"
            + f" {_median(of, lambda one: one.size) / 1e3:8.1f}"
        )  # fmt: skip
    ratios = [one.total / other.total for one, other in zip(timed["console"], timed["bare"], strict=True)]
    yield f"ratio, answer by answer: median {np.median(ratios):.2f}"


def _median(of: Sequence[Timed], value: Callable[[Timed], float]) -> float:
    return float(np.median([value(one) for one in of]))


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--answers", type=int, default=400)
    made.add_argument("--protected", type=int, default=100_000, help="protected accounts")
    made.add_argument("--seed", type=int, default=20_261_124)
    made.add_argument("--home", type=Path, default=DEFAULT_HOME.expanduser(), help="whose model serves, untouched")
    return made


def main(arguments: Sequence[str] | None = None) -> None:
    asked: Any = parser().parse_args(arguments)
    with tempfile.TemporaryDirectory() as made, chromium() as browser:
        directory = Path(made)
        home = prepared(directory, asked.home, asked.protected, asked.seed)
        print(
            f"{os.cpu_count()} processors, Chromium {browser.version}, {asked.protected:,} protected accounts, "
            f"{asked.answers} answers",
            flush=True,
        )
        for line in lines(measure(browser, home, directory, asked.answers)):
            print(line)


if __name__ == "__main__":
    main()
