"""The README's pictures: ``python -m tests.browser.screenshots`` makes them anew, in ``tests/browser/screenshots``.

The service runs with the default model over invented people; an agent and two reviewers do what the pictures show.
Moments and numbers of checks differ from run to run, everything else is the same on one machine.
"""

from __future__ import annotations

import argparse
import io
import json
import tempfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page

from classifier.accounts.account import canonical
from classifier.registry.registry import Registry
from classifier.simulation import simulate
from classifier.simulation.population import invent_registry
from classifier.storage.paths import DEFAULT_HOME
from service.server.bootstrap import load_scorer, warm_up
from service.settings import Settings
from tests.browser.chromium import Watched, chromium
from tests.browser.homes import copied_home
from tests.browser.people import FAKE, LOUD_FAKE, PARODY, REAL_PROFILE, Person, profile
from tests.conftest import PRESIDENT
from tests.service.processes import Service, Services

PICTURES = Path(__file__).parent / "screenshots"
WIDE: dict[str, Any] = {"viewport": {"width": 1280, "height": 860}, "color_scheme": "light"}
DARK = WIDE | {"color_scheme": "dark"}
NARROW: dict[str, Any] = {"viewport": {"width": 320, "height": 640}, "color_scheme": "light"}
HIGH = 1_300
COLOURS = 256
LOUD_HANDLE = "OllivanderBrask_official"
REASON = "The handle adds 'official', and nothing links to their site."


@dataclass(frozen=True)
class Studio:
    """Opens the console for people and takes pictures."""

    browser: Browser
    service: Service
    directory: Path

    def person(self, actor: str, *roles: str, **look: Any) -> Person:
        """Return somebody who has signed in."""
        return Person(Watched(self.browser, self.service.url, **look), self.service.key(actor, *roles)).is_let_in()

    def take(self, page: Page, name: str, *, top: str = "body", height: int = 4_000) -> None:
        """Take a picture of a page, from one of its elements to its end or as high as it may be."""
        page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
        start = page.locator(top).first.evaluate("element => element.getBoundingClientRect().top") - (
            16 * (top != "body")
        )
        end = page.evaluate("document.documentElement.scrollHeight")
        width = page.viewport_size["width"]  # type: ignore[index]
        clip: Any = {"x": 0, "y": start, "width": width, "height": min(end - start, height)}
        taken = page.screenshot(full_page=True, clip=clip, animations="disabled", caret="hide")
        whole = Image.open(io.BytesIO(taken)).convert("RGB")
        # Rare hues too; then what there is most of, the paper, as it is.
        small = whole.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, kmeans=2, dither=Image.Dither.NONE)
        small.save(self.directory / f"{name}.png", optimize=True)


def take_all(studio: Studio) -> None:
    """Play the story and take a picture of each page."""
    page = Watched(studio.browser, studio.service.url, **WIDE).page()
    page.goto("/sign-in")
    studio.take(page, "sign-in")
    agent = studio.person("agent-7", "agent", **WIDE).opens("/")
    agent.page.fill("[name=paste]", FAKE)
    studio.take(agent.page, "check")
    agent.checks(FAKE)
    studio.take(agent.page, "cleared", height=HIGH)
    studio.take(agent.page, "evidence", top="section:has(> #evidence), #evidence", height=HIGH)
    agent.checks(REAL_PROFILE, "deactivate")
    studio.take(agent.page, "refused", height=HIGH)
    waiting = agent.checks(LOUD_FAKE)
    studio.take(agent.page, "needs-review", height=HIGH)
    for paste in others():
        agent.checks(paste)
    reviews(studio, waiting)
    batch(studio)
    desk(studio, waiting)


def others() -> list[str]:
    """Return what else waits in the queue."""
    return [
        PARODY,
        profile("xkqjw84121", id_str="900100200302", followers_count=18),
        profile("olli_brask_bakes", bio="Baker in Tamstad. Sourdough, rye and small cakes.", id_str="900100200303",
                created_at="Tue May 04 10:00:00 +0000 2010", followers_count=412),
    ]  # fmt: skip


def reviews(studio: Studio, waiting: str) -> None:
    """Take what reviewers see, and what is left in the end."""
    first = studio.person("reviewer-1", "reviewer", **WIDE).opens("/reviews")
    studio.take(first.page, "queue")
    first.opens(waiting).page.fill("[name=reason]", REASON)
    first.page.fill("[name=typed_handle]", LOUD_HANDLE)
    studio.take(first.page, "review", height=HIGH)
    first.answers("approve", REASON, typed=LOUD_HANDLE)
    second = studio.person("reviewer-2", "reviewer", **DARK).opens(waiting)
    studio.take(second.page, "dark", height=HIGH)
    second.answers("approve", "Forty days old, and the name of an account of 2009.", typed=LOUD_HANDLE)
    agent = studio.person("agent-7", "agent", **NARROW).opens(waiting)
    studio.take(agent.page, "narrow", height=HIGH)
    agent.takes_the_clearance(typed=LOUD_HANDLE).redeems()
    auditor = studio.person("auditor-1", "auditor", **WIDE).opens(waiting)
    auditor.page.locator("details.proof summary").last.click()
    studio.take(auditor.page, "timeline", top="section:has(> #history)")
    auditor.opens(f"/history?platform=x&handle={LOUD_HANDLE}")
    studio.take(auditor.page, "history", height=HIGH)
    studio.take(studio.person("agent-7", "agent", **WIDE).opens("/mine").page, "mine", height=HIGH)


def desk(studio: Studio, checked: str) -> None:
    """Take what admins see, and a complaint that waits."""
    admin = studio.person("admin-1", "admin", **WIDE)
    studio.take(admin.opens("/overview?period=7d").page, "overview", height=HIGH)
    studio.take(admin.opens("/registry?q=brask").page, "registry", height=HIGH)
    studio.take(admin.opens("/people").page, "people", height=HIGH)
    reviewer = studio.person("reviewer-3", "reviewer", **WIDE).opens(f"{checked}/complaint")
    studio.take(reviewer.page, "complaint", height=HIGH)


def batch(studio: Studio) -> None:
    """Take what becomes of a file of reports: an attack on one account, and others."""
    around = [PRESIDENT, *invent_registry(300, seed=77).accounts[:12]]
    rows = [case.account for case in simulate(around, seed=3)] + [
        case.account for case in simulate([PRESIDENT], seed=4, each=2, families=["handle_variant"])
    ]
    lines = "\n".join(json.dumps(canonical(account), ensure_ascii=False) for account in rows)
    agent = studio.person("agent-7", "agent", **WIDE)
    agent.uploads("reports-monday.jsonl", lines)
    studio.take(agent.page, "batch", height=HIGH)
    agent.page.goto(f"{agent.page.url}/rows?verdict=cleared")
    studio.take(agent.page, "rows", height=HIGH)


def main(arguments: Sequence[str] | None = None) -> None:
    asking = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asking.add_argument("--home", type=Path, default=DEFAULT_HOME.expanduser(), help="whose model serves, untouched")
    asking.add_argument("--into", type=Path, default=PICTURES)
    asked = asking.parse_args(arguments)
    asked.into.mkdir(exist_ok=True)
    registry = Registry([PRESIDENT, *invent_registry(300, seed=77).accounts])
    with tempfile.TemporaryDirectory() as made, closing(Services()) as services, chromium() as browser:
        home = copied_home(asked.home, Path(made), registry)
        warm_up(load_scorer(Settings(home=home))())  # after an installation that takes longer than a start may
        service = Service(services, home, CANNED_SCORER="served", monitor_minutes=0).start()
        take_all(Studio(browser, service, asked.into))
        service.stop()
    for path in sorted(asked.into.glob("*.png")):
        print(f"{path.name:24} {path.stat().st_size / 1e3:6.1f} KB")


if __name__ == "__main__":
    main()
