import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment, PackageLoader, StrictUndefined

import service.web.console
from classifier.accounts.account import Account, ProtectedAccount
from classifier.scoring.evidence import Evidence
from service.web.console.page_words import install
from service.web.console.presenters.answer import answer_of
from service.web.console.presenters.words import WORDS
from tests.service.conftest import ASSESSMENTS, NOW, TARGET, canned
from tests.service.web.console.answers import RULES, clearance, detail_of, outcome, response_to

CONSOLE = Path(service.web.console.__file__).parent
PAGES = Environment(
    loader=PackageLoader("service.web.console", "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    extensions=["jinja2.ext.i18n"],
)
install(PAGES)
PAGES.globals["words"] = WORDS
SCRIPT = "<script>alert('x')</script>\"'onload=\"\u202e\u2066&lt;"
ACCOUNT = Account(
    handle="JаneR0e",
    platform="x",
    account_id="9001",
    display_name="Jane\u200b Roe",
    bio="Actor.",
    followers=12,
    created_at=datetime(2026, 4, 20, tzinfo=UTC),
    verified=False,
    avatar_pdq="0" * 62 + "ff",
)
FULL = replace(TARGET, avatar_pdq="0" * 64, roles=("Chair of Northwind",))


class Page(HTMLParser):
    """The elements, attributes and visible text of a page; it says whether every element is closed."""

    VOID = frozenset({"meta", "link", "input", "br"})

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.tags, self.attributes, self.open, self.pieces = [], [], [], []
        self.feed(html)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        self.open.pop()

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.pieces.append(data)

    @property
    def text(self):
        return " ".join("".join(self.pieces).split())


def rendered(assessment=None, account=ACCOUNT, target=FULL, **changes):
    check = response_to(assessment or canned(evidence=canned().evidence), account)
    target = target if check.target else None
    view = answer_of(detail_of(check, account, **changes), account, target, RULES, now=NOW)
    return Page(PAGES.get_template("_answer.html").render(view=view))


@pytest.mark.parametrize("name", sorted(ASSESSMENTS))
def test_every_answer_fills_the_page(name):
    page = rendered(ASSESSMENTS[name])
    assert page.tags.count("h1") == 1
    assert "What happens next" in page.text
    assert ("Side by side" in page.text) == (ASSESSMENTS[name].target is not None)
    ids = [value for _, attribute, value in page.attributes if attribute == "id"]
    assert len(ids) == len(set(ids))
    labelled = {value for _, attribute, value in page.attributes if attribute == "aria-labelledby"}
    assert labelled <= set(ids)


def test_a_cleared_impersonation_says_all_there_is_to_see():
    page = rendered(clearances=[clearance("valid", minutes=15)], report="Asks for gift cards.")
    for said in (
        "Cleared to act",
        "Imitates @JaneRoe: 99.2 %.",
        "agent-17 may suspend the account once, until 12:15 UTC",
        "Mixes Cyrillic and Latin",
        "Cyrillic small letter a, not Latin a",
        "digit 0, not small o",
        "zero width space",
        "a similar picture (differs in 8 of 256 bits)",
        "12 followers",
        "2,400,000 followers",
        "11 days, since 2026-04-20",
        "95.1 % without the strongest kind of evidence (the handle) is above the certified threshold of 90.0 %.",
        "By kind: the handle +4.20, the name +1.61, audience, age and verification +0.90.",
        "With 95 % confidence at most 1 % of genuine accounts score above it.",
        "Bought, spam or automated: 93.0 %",
        "Asks for gift cards.",
        "Chair of Northwind",
        "For imitation +6.71, against it -1.30",
    ):
        assert said in page.text, said


def test_a_high_impact_account_shows_its_audience_in_full():
    page = rendered(account=replace(ACCOUNT, followers=2_412_345))
    assert "High impact 2,412,345 people follow this account." in page.text
    assert "High impact" not in rendered().text


def test_an_overturned_answer_does_not_look_like_a_clearance():
    check = response_to(canned(), ACCOUNT)
    page = rendered(outcomes=[outcome(check, "overturned")], clearances=[clearance("spent", minutes=1)])
    assert "Overturned: do not act" in page.text
    assert ("section", "class", "verdict refused") in page.attributes


# --- nothing of a profile is ever more than text ---------------------------------------------------------------------

KNOWN_TAGS = {
    "article", "section", "svg", "path", "circle", "rect", "line", "text", "div", "p", "h1", "h2", "h3", "time", "bdi",
    "ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td", "mark", "span", "figure", "figcaption", "strong",
    "details", "summary", "dl", "dt", "dd",
}  # fmt: skip


def hostile(text):
    account = replace(ACCOUNT, handle=text, display_name=text, bio=text, location=text, links=(text,) * 40)
    target = ProtectedAccount(
        platform=text, handle=text, display_name=text, bio=text, aliases=(text,), roles=(text,), former_handles=(text,)
    )
    evidence = (Evidence("f", text, 1.0, text, text, 4.0),)
    return rendered(
        canned(target=target, likeliest=target, evidence=evidence, certificate=None),
        account,
        target,
        report={"text": text},
        caller=text or "a",
    )


@settings(max_examples=40)
@given(st.text(max_size=60).map(lambda text: text + SCRIPT) | st.text(max_size=400))
def test_hostile_text_stays_text(text):
    page = hostile(text)
    assert set(page.tags) <= KNOWN_TAGS
    for _, name, value in page.attributes:
        assert name not in {"style", "href", "src"}
        assert not name.startswith("on")
        assert "alert" not in (value or "")


def test_what_turns_the_text_around_is_boxed_or_kept_within():
    page = hostile("Jane\u202eeoR")
    assert "right-to-left override" in page.text


@pytest.mark.parametrize("text", ["x" * 5_000, SCRIPT * 200, "e" + "\u0301" * 5_000, "\u202e" * 5_000])
def test_long_names_are_bounded_on_the_page(text):
    page = hostile(text)
    assert "more characters, not shown" in page.text
    # The sentence, the question and the report say a handle in full, as a handle may be long; tables do not.
    table = "".join(page.pieces).partition("Side by side")[2].partition("On one scale")[0]
    assert 0 < len(table) < 25_000


# --- the style -------------------------------------------------------------------------------------------------------

TEXTS = [
    *product(("ink", "quiet"), ("paper", "card")),
    *product(("ink",), ("mark", "refused-paper", "needs_review-paper", "cleared-paper")),
    *((tone, f"{tone}-paper") for tone in ("refused", "needs_review", "cleared")),
    *product(("needs_review",), ("card",)),
]
GRAPHICS = [*product(("for", "against", "accent", "edge", "ink"), ("paper", "card")), ("ink", "mark")]


def schemes():
    """The variables of the light and of the dark scheme."""
    sheet = (CONSOLE / "static" / "style.css").read_text(encoding="utf-8")
    light, dark = re.findall(r":root\s*\{(.*?)\}", sheet, flags=re.DOTALL)[:2]
    read = [dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", block)) for block in (light, dark)]
    return {"light": read[0], "dark": read[0] | read[1]}


def contrast(one, other):
    """The contrast ratio of WCAG 2.2."""

    def luminance(colour):
        shares = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_and_graphics_have_contrast(scheme):
    colours = schemes()[scheme]
    for least, pairs in ((4.5, TEXTS), (3.0, GRAPHICS)):
        for front, back in pairs:
            assert contrast(colours[front], colours[back]) >= least, (scheme, front, back)


def test_the_style_uses_only_variables_that_there_are():
    sheet = (CONSOLE / "static" / "answer.css").read_text(encoding="utf-8")
    used = set(re.findall(r"var\(--([\w-]+)\)", sheet))
    assert used <= {*schemes()["light"], "mono"}
    assert not re.findall(r"#[0-9a-f]{3,6}\b", sheet)
    assert "url(" not in sheet


def test_what_was_changed_on_reading_stands_beside_the_names():
    check = response_to().model_copy(update={"notes": ["display_name: direction controls removed"]})
    view = answer_of(detail_of(check), ACCOUNT, TARGET, RULES, now=NOW)
    page = PAGES.get_template("_answer.html").render(view=view)
    assert page.index("direction controls removed") < page.index("On one scale")


def test_the_audience_of_the_real_one_is_known_from_the_registry():
    bare = Account(handle=TARGET.handle, platform="x")
    check = response_to(ASSESSMENTS["is_protected"], bare)
    view = answer_of(detail_of(check), bare, TARGET, RULES, now=NOW)
    assert view.audience.startswith("2,400,000 people follow this account, and it is verified")
