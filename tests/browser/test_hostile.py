"""A profile is somebody else's text: nothing of it runs, is fetched, follows, or turns the page around."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Enter
from tests.browser.people import Person, profile
from tests.service.processes import Service

SCRIPT = "<script>document.title='owned'</script>"
IMAGE = "\"'><img src=https://evil.example/x.png onerror=alert(1)><svg onload=alert(2)>"
STYLE = "</textarea></title></style><style>body{display:none}</style><base href=https://evil.example/>"
TEMPLATE = "{{ 7 * 7 }} {% raise %} ${7*7} #{7*7} <%= 7*7 %>"
BIDI = "\u202eksarB rednavillO\u202c \u2066\u2067Brask\u2069 \u200f\u061c"
INVISIBLE = "Olli\u200bvander\u2060 Br\u00adask\ufeff\U000e0041\U000e0042"
CONTROL = "Brask\x07\x1b[31m\x00 \x08\u2028\u2029"
ZALGO = "B" + "\u0301\u0323" * 200 + "rask"
LINK = "javascript:alert(document.cookie)"
HOSTILE = {
    "script": SCRIPT, "image": IMAGE, "style": STYLE, "template": TEMPLATE, "bidi": BIDI, "invisible": INVISIBLE,
    "control": CONTROL, "zalgo": ZALGO, "one long word": "W" * 5_000, "long name": "Ollivander " * 455,
    "emoji": "\U0001f468\u200d\U0001f469\u200d\U0001f467" * 60,
}  # fmt: skip

ELSEWHERE = """() => [...document.querySelectorAll("[href], [src], [action], [formaction]")]
    .flatMap(element => ["href", "src", "action", "formaction"].map(name => element.getAttribute(name)))
    .filter(address => address !== null && new URL(address, location).origin !== origin)"""


def hostile(text: str, handle: str = "OIIivanderBrask", **changes: object) -> str:
    """Return a profile that says ``text`` wherever it may say something."""
    links = {"url": {"urls": [{"expanded_url": LINK}, {"expanded_url": "https://evil.example/?q=" + "a" * 1_000}]}}
    return profile(
        handle, text, f"{text} {LINK} https://evil.example/{text}", location=text, entities=links,
        profile_image_url_https="https://evil.example/avatar.png", **changes,
    )  # fmt: skip


def assert_untouched(page: Page) -> None:
    """The page is ours: its title, its parts, its direction and its width."""
    assert "owned" not in page.title()
    assert page.title().endswith("Doublecheck")
    assert page.locator("main").is_visible()
    assert page.locator("base, iframe, object, embed, meta[http-equiv], main script, main style, main img").count() == 0
    assert page.evaluate(ELSEWHERE) == []
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).direction") == "ltr"
    assert sideways(page) <= 0
    spread = page.evaluate("[...document.querySelectorAll('*')].flatMap(e => e.getAttributeNames())")
    assert not [name for name in spread if name == "style" or name.startswith("on")]


def sideways(page: Page) -> int:
    """How many pixels wider than the window the page is."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


@pytest.fixture
def agent(enter: Enter) -> Person:
    return enter("agent-hostile", "agent", viewport={"width": 320, "height": 640}).is_let_in()


@pytest.mark.parametrize("kind", HOSTILE)
def test_nothing_of_a_profile_runs_or_is_fetched(agent: Person, enter: Enter, kind: str) -> None:
    address = agent.checks(hostile(HOSTILE[kind]))
    assert_untouched(agent.page)
    assert "49" not in agent.heading(), "no template is run twice"
    if kind == "script":
        reviewer = enter("reviewer-hostile", "reviewer", "auditor", viewport={"width": 320, "height": 640}).is_let_in()
        for path in (address, "/reviews", "/history", "/history?platform=x&handle=OIIivanderBrask"):
            assert_untouched(reviewer.opens(path).page)


def test_what_turns_a_name_around_is_taken_out_and_said(agent: Person) -> None:
    agent.checks(hostile(BIDI))
    assert not set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069") & set(agent.page.content())
    assert "direction controls removed" in (agent.page.locator("main").text_content() or "")


def test_what_is_hidden_in_a_name_is_named(agent: Person) -> None:
    agent.checks(profile("OIIivanderBrask", INVISIBLE))
    assert "zero width space" in agent.text().casefold()


@pytest.mark.parametrize("kind", ["script", "style", "bidi", "one long word"])
def test_a_hostile_handle_is_refused_or_shown_as_it_is(agent: Person, kind: str) -> None:
    agent.opens("/").page.fill("[name=paste]", profile(HOSTILE[kind]))
    agent.presses(agent.form("/"))
    assert_untouched(agent.page)


def test_what_reviewers_and_addresses_say_is_as_harmless(enter: Enter) -> None:
    agent = enter("agent-hostile", "agent").is_let_in()
    address = agent.checks(profile("BraskParody", "Parody Brask", "Parody account."))
    reviewer = enter("reviewer-hostile", "reviewer").is_let_in().opens(address)
    reviewer.answers("decline", SCRIPT + IMAGE + TEMPLATE)
    for path in (address, f"/history?platform=x&handle={SCRIPT}{IMAGE}", f"/sign-in?next=//evil.example/{SCRIPT}"):
        assert_untouched(agent.opens(path).page)
        assert agent.page.url.startswith(agent.browser.url)
    assert SCRIPT in agent.opens(address).text()


def test_an_actor_with_a_hostile_name_is_only_a_name(enter: Enter, service: Service) -> None:
    agent = enter(f"{SCRIPT}{IMAGE}"[:150], "agent", viewport={"width": 320, "height": 640}).is_let_in()
    agent.checks(profile("BraskParody"))
    assert_untouched(agent.page)
