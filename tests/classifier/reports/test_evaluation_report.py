from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import sys
from collections import defaultdict
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest

from classifier.errors import InputError
from classifier.evaluation.evaluate import measured
from classifier.evaluation.metrics import FIGURES
from classifier.reports import figures as pictures
from classifier.reports.evaluation_report import checked_output, lines, page, write_report
from classifier.reports.figures import Picture
from classifier.reports.mistakes import Mistakes

NOW = datetime(2026, 1, 1, tzinfo=UTC)
VOID = {"meta", "img", "br", "rect", "path"}


class Page(HTMLParser):
    """Checks that every element is closed where it must be, and collects what the tests ask about."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


@pytest.fixture
def same_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawing takes seconds, and only some tests are about the pictures."""
    one = Picture("data:image/svg+xml;base64,", "A picture.")
    monkeypatch.setattr(pictures, "pictures", lambda *_: defaultdict(lambda: one))


@pytest.fixture(scope="module")
def text(evaluated) -> str:
    return page(evaluated.measured, evaluated.results, evaluated.mistakes)


@pytest.fixture(scope="module")
def parsed(text: str) -> Page:
    return Page(text)


def test_the_page_is_well_formed(text: str, parsed: Page) -> None:
    assert text.startswith("<!doctype html>")
    assert parsed.open == []
    ids = [attributes["id"] for _, attributes in parsed.elements if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_every_section_is_there_and_in_the_contents(parsed: Page) -> None:
    sections = [attributes["aria-labelledby"] for attributes in parsed.all("section")]
    assert sections == ["roc", "relations", "families", "calibration", "certificates", "slices", "mistakes", "figures"]
    links = [str(attributes["href"]) for attributes in parsed.all("a")]
    assert [f"#{name}" for name in sections] == [link for link in links if link in {f"#{name}" for name in sections}][
        -len(sections) :
    ]
    headings = {attributes.get("id") for attributes in parsed.all("h2")}
    assert set(sections) <= headings


def test_the_page_fetches_nothing_and_runs_nothing(text: str, parsed: Page) -> None:
    assert not parsed.all("script")
    assert not parsed.all("link")
    for tag, attributes in parsed.elements:
        for name, value in attributes.items():
            assert not name.startswith("on"), tag
            assert name != "style", "the content security policy forbids it"
            if name in {"src", "href"}:
                assert str(value).startswith(("data:image/svg+xml;base64,", "#"))
    style = re.search(r"<style>(.*?)</style>", text, flags=re.DOTALL)[1]
    assert not re.search(r"url\(|@import|https?:", style)
    for attributes in parsed.all("img"):
        picture = base64.b64decode(str(attributes["src"]).partition(",")[2]).decode()
        assert not re.search(r"(href|src)=\"(?!#)", picture)


def test_the_content_security_policy_allows_this_style_alone(text: str, parsed: Page) -> None:
    policy = next(a["content"] for a in parsed.all("meta") if a.get("http-equiv") == "Content-Security-Policy")
    style = re.search(r"<style>(.*?)</style>", text, flags=re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    )


def test_every_picture_says_in_words_what_it_shows(parsed: Page) -> None:
    pictures = parsed.all("img")
    assert len(pictures) == 10
    assert all(len(str(attributes["alt"])) > 30 for attributes in pictures)
    assert len({attributes["alt"] for attributes in pictures}) == 10


def test_the_texts_of_an_attacker_are_only_text(text: str, parsed: Page) -> None:
    assert "<script" not in text.casefold()
    assert "alert(1)</script> $\\frac$" in parsed.text
    assert "labelled accounts of <script>alert(1)</script>" in parsed.text


def test_the_first_screen_is_the_answer(evaluated, parsed: Page) -> None:
    assert "1 of 2 bounds not met" in parsed.text
    attacks = int((evaluated.results["label"] == "impersonation").sum())
    counts = f"{attacks} attacks", f"{len(evaluated.results) - attacks} genuine accounts"
    for part in ("small", evaluated.measured["registry"]["version"][:12], *counts):
        assert part in parsed.text.partition("Most reported accounts")[0]
    assert parsed.text.index("✗ not met") < parsed.text.index("✓ met")


@pytest.mark.usefixtures("same_pictures")
@pytest.mark.parametrize(
    ("bounds", "title"),
    [(["auc>=0.5"], "The bound is met"), (["auc>=0", "auc>=0.1"], "All 2 bounds are met"), ([], "of attacks found")],
)
def test_the_title_counts_the_bounds(evaluated, bounds: list[str], title: str) -> None:
    found = evaluated.measured | {"bounds": [{"bound": one, "value": 0.9, "met": True} for one in bounds]}
    assert title in Page(page(found, evaluated.results, None)).text


@pytest.mark.usefixtures("same_pictures")
def test_genuine_accounts_that_would_be_cleared_are_said_aloud(evaluated) -> None:
    results = evaluated.results.assign(verdict="cleared")
    found = measured(evaluated.scorer, results, source="", now=NOW)
    shown = Page(page(found, results, None)).text
    genuine = int((results["label"] != "impersonation").sum())
    assert f"{genuine} genuine accounts would have been cleared for suspension" in shown
    assert (
        f"{genuine} genuine accounts would have been cleared" not in Page(page(evaluated.measured, results, None)).text
    )


def test_figures_and_tiers_without_a_value_say_so(parsed: Page) -> None:
    assert "cannot be measured with so few genuine accounts" in parsed.text
    assert "None: nothing of this tier is ever cleared." in parsed.text
    assert "tpr_at_fpr_0.001" in parsed.text
    assert "not measured" in parsed.text


@pytest.mark.usefixtures("same_pictures")
def handles(evaluated) -> list[str]:
    """Return the handles of accounts and targets that no word of a page is: "back" stands in "background"."""
    named = {name.casefold() for one in evaluated.labelled[:-2] for name in (one.account.handle, one.target)}
    return sorted(name for name in named if len(name) > 6)


def test_without_accounts_no_account_is_shown(evaluated) -> None:
    shown = page(evaluated.measured, evaluated.results, None).casefold()
    assert "left out" in shown
    for handle in handles(evaluated):
        assert handle not in shown


def test_accounts_are_shown_with_a_notice_and_their_evidence(evaluated, parsed: Page) -> None:
    assert "Contains account data." in parsed.text
    for one in (*evaluated.mistakes.genuine, *evaluated.mistakes.missed):
        assert f"@{one.case.account.handle}" in parsed.text
        assert one.case.target in parsed.text
        for bar in one.bars:
            assert bar.item.explanation in parsed.text


@pytest.mark.parametrize("label", ["impersonation", "unrelated"])
def test_a_set_of_one_kind_has_a_report_too(evaluated, label: str) -> None:
    results = evaluated.results.assign(label=label)
    found = measured(evaluated.scorer, results, source="", now=NOW)
    assert Page(page(found, results, Mistakes([], 0, [], 0, 0))).open == []


@pytest.mark.usefixtures("same_pictures")
def test_json_and_html_are_written_by_their_endings(evaluated, tmp_path: Path) -> None:
    for name in ("r.HTML", "r.json"):
        write_report(tmp_path / name, evaluated.measured, evaluated.results, evaluated.mistakes)
    assert json.loads((tmp_path / "r.json").read_text()) == evaluated.measured
    assert "<!doctype html>" in (tmp_path / "r.HTML").read_text(encoding="utf-8")
    shown = (tmp_path / "r.json").read_text().casefold()
    assert not [handle for handle in handles(evaluated) if handle in shown]


@pytest.mark.usefixtures("same_pictures")
def test_a_report_that_fails_leaves_the_one_before(evaluated, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "r.html").write_text("before")

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_report(tmp_path / "r.html", evaluated.measured, evaluated.results, None)
    assert [path.read_text() for path in tmp_path.iterdir()] == ["before"]


@pytest.mark.parametrize("name", ["r.pdf", "r", "html", ".html.bak"])
def test_an_unknown_ending_is_refused(name: str) -> None:
    with pytest.raises(InputError, match=r"unknown ending; a report is written as \.html or \.json"):
        checked_output(Path(name))


def test_without_matplotlib_a_page_is_refused_and_the_remedy_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(InputError, match=r"pip install 'doublecheck\[report\]'"):
        checked_output(Path("r.html"))
    assert checked_output(Path("r.json")) == Path("r.json")


def test_a_terminal_shows_every_figure_and_bound(evaluated) -> None:
    shown = "\n".join(lines(evaluated.measured))
    assert all(name in shown for name in FIGURES)
    assert re.search(r"^met +auc>=0.5 ", shown, flags=re.MULTILINE)
    assert re.search(r"^NOT MET +genuine_called_impersonation<=0.0 ", shown, flags=re.MULTILINE)
