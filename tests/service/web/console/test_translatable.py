"""Every word of every page is in the catalogue, so that a translator reaches it: found by reading the code.

``test_translated_pages`` shows pages in an invented language.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from jinja2 import nodes

from service.web.console import templates
from tests.catalogue import CONSOLE, SENTENCE, TEMPLATES, catalogue

ENVIRONMENT = templates._TEMPLATES
# Written the same in every language.
NAMES = {"Doublecheck", "API", "Ctrl", "Enter", "SHA", "Bearer", "Problem"}
SHOWN = re.compile(r"""(?:aria-label|title|data-label|placeholder|alt)="([^"]*)\"""")
# It speaks eight languages by itself (``service.texts``).
OTHERS = {"appeal_intake.html"}
PAGES = sorted(path.name for path in TEMPLATES.glob("*.html") if path.name not in OTHERS)


def _words(text: str) -> list[str]:
    return [word for word in re.findall(r"[A-Za-z][A-Za-z'-]+", text) if word not in NAMES]


def _tree(name: str) -> nodes.Template:
    return ENVIRONMENT.parse((TEMPLATES / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", PAGES)
def test_no_word_of_a_template_stands_outside_a_sentence(name):
    page = "\x00".join(part.data for part in _tree(name).find_all(nodes.TemplateData))
    assert [word for text in SHOWN.findall(page) for word in _words(text)] == []
    assert _words(re.sub(r"&\w+;|<[^>]*>|(?<= )aria-[^<>]*", " ", page)) == []


@pytest.mark.parametrize("name", PAGES)
def test_no_expression_of_a_template_shows_a_word_outside_a_sentence(name):
    shown = [text for part in _tree(name).find_all(nodes.Output) for one in part.nodes for text in _shown(one)]
    assert [text for text in shown if _words(text) and not _is_code(text)] == []


def _shown(node: nodes.Node) -> Iterator[str]:
    """Yield the strings that an expression may show or hand on to a macro."""
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in {
        "_", "gettext", "ngettext", "dated", "timed",
    }:  # fmt: skip
        for one in node.kwargs:
            yield from _shown(one.value)
    elif isinstance(node, nodes.Const):
        yield from [node.value] if isinstance(node.value, str) else []
    elif isinstance(node, nodes.CondExpr):
        yield from _shown(node.expr1)
        yield from _shown(node.expr2) if node.expr2 else ()
    elif not isinstance(node, nodes.Compare | nodes.Getattr | nodes.TemplateData | nodes.Getitem):
        for one in node.iter_child_nodes():
            yield from _shown(one)


def _is_code(text: str) -> bool:
    """Tell names of fields, addresses and marks from words: they have no space, and begin with a small letter."""
    return not re.search(r"[A-Za-z]{2} [A-Za-z]|^[A-Z]", text) or "%" in text


# What is no word of a page: text of HTTP, of examples, of the log, what is recorded, and for who writes code.
ENGLISH = {"examples.py", "reference_pages.py", "download_pages.py", "upload_form.py", "accept_language.py", "paste.py"}
NO_WORDS = re.compile(
    r"max-age|charset|filename=|text/|<time|^request %s| of the file |^the form describes|^fields cannot be used"
    r"|^not a reason to|^sign in first|^action person|^decline reporter|evenly|^latin|^Not so: $"
)


@cache
def known() -> frozenset[str]:
    """Return all that the catalogue has, plurals too."""
    ids = [message.id for message in catalogue() if message.id]
    return frozenset(text for one in ids for text in (one if isinstance(one, tuple) else (one,)))


@pytest.mark.parametrize("path", sorted(CONSOLE.rglob("*.py")), ids=lambda path: path.name)
def test_every_sentence_of_a_page_is_in_the_catalogue(path: Path):
    if path.name in ENGLISH:
        pytest.skip("it shows nothing of its own")
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    said = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and node not in docstrings]
    sentences = [one for one in said if isinstance(one, str) and SENTENCE.search(one) and not NO_WORDS.search(one)]
    assert [one for one in sentences if one not in known()] == []
