"""The reference of the Python calls is made by one command, and no link in it leads nowhere."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

ROOT = Path(__file__).parents[1]


class Page(HTMLParser):
    """The links of a page, and what they may lead to."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = {""}
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "href" and tag == "a" and value:
                self.links.append(value)
            elif name == "id" and value:
                self.anchors.add(value)


def command(output: Path) -> list[str]:
    """Return what ``make api`` runs, with this interpreter and another folder."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8").replace("\\\n", " ")
    modules = re.search(r"^API := (.*)$", makefile, re.MULTILINE)
    recipe = re.search(r"^api:.*\n\t\$\(BIN\)/pdoc (.*)$", makefile, re.MULTILINE)
    assert modules
    assert recipe
    words = recipe[1].replace("$(API)", modules[1]).replace("build/api", str(output)).split()
    return [sys.executable, "-m", "pdoc", *words]


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("api")
    done = subprocess.run(command(output), cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return output


def dead(reference: Path) -> Iterator[str]:
    pages = {path: Page(path) for path in reference.rglob("*.html")}
    for path, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if not parts.scheme and (target not in pages or unquote(parts.fragment) not in pages[target].anchors):
                yield f"{path.relative_to(reference)}: {link}"


def test_every_call_of_the_workbench_is_there(reference: Path) -> None:
    anchors = Page(reference / "classifier" / "workbench.html").anchors
    assert {"Workbench.train", "Workbench.score_frame", "Workbench.certify", "Evaluation.cases"} <= anchors


def test_no_link_is_dead(reference: Path) -> None:
    assert list(dead(reference)) == []
