"""Gathers what the console says into the catalogue that translators start from: ``python -m tests.catalogue``.

Sentences of pages are found in calls of ``gettext``, ``ngettext``, ``Message``, ``Words`` and ``dated``, and in
templates. Sentences that are recorded or raised in English have the context "recorded" (``service.texts.recorded``):
the reasons of verdicts and refusals, errors, notes of importers, explanations of features.
"""

from __future__ import annotations

import ast
import io
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, get_args

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from jinja2.ext import babel_extract

from classifier.accounts.slices import TITLES
from classifier.features import FEATURES
from classifier.scoring.assessment import KIND_WORDS
from classifier.scoring.direction import Sign
from service.decisions.changes import JUDGED
from service.settings import Settings
from service.texts.catalogue import DEFAULT
from service.texts.languages import CATALOGUE, DOMAIN
from service.texts.recorded import CONTEXT
from service.web.problems import PROBLEMS

ROOT = Path(__file__).parents[1]
CONSOLE = ROOT / "service" / "web" / "console"
TEMPLATES = CONSOLE / "templates"
TEXTS = ROOT / "service" / "texts"
# Calls whose words are of pages, by which arguments.
CALLS = {"gettext": (0,), "ngettext": (0, 1), "Message": (0,), "dated": (1,)}
IN_TEMPLATES = {"_": (0,), "gettext": (0,), "ngettext": (0, 1), "dated": (1,), "timed": (1,)}
# Where every sentence may come to be recorded, besides modules that make reasons.
ALL_RECORDED = (
    "classifier/accounts/canonical", "classifier/batch/summary.py", "classifier/importers",
    "classifier/model/account_model.py", "classifier/platform_rules", "classifier/utils/percent.py",
    "service/decisions", "service/due_times.py", "service/records/proofs.py", "service/web/problems.py",
)  # fmt: skip
# What is sent and handed in, which no page shows.
DOCUMENTS = {
    "annex_templates.py", "rule_files.py", "second_look_text.py", "statement_of_reasons.py", "transparency_report.py",
}  # fmt: skip
# Where sentences are raised that pages show.
RAISED = (
    "classifier/accounts", "classifier/batch", "classifier/importers", "classifier/registry", "classifier/utils",
    "service/auth", "service/decisions", "service/records", "service/schemas", "service/texts", "service/uploads",
    "service/utils", "service/web",
)  # fmt: skip
# What pydantic says where problems have no words of their own.
OF_PYDANTIC = (
    "Input should be %(expected)s", "String should have at most %(most)s characters",
    "Input should be greater than or equal to %(least)s", "Input should be less than or equal to %(most)s",
)  # fmt: skip
# What certificates were measured on, as pages shorten it.
POPULATIONS = (
    "simulated genuine accounts around invented protected accounts",
    "simulated genuine accounts around given protected accounts",
)
# Single words that sentences are filled in with.
FILLED_IN = (
    "keys", "Verdict", "Probability", "Model", "Registry", "Policy", "nobody", "needs review", "cleared", "refused",
)  # fmt: skip
NOT_FOR_PEOPLE = {"ValueError", "TypeError", "KeyError", "RuntimeError", "AssertionError", "Literal", "cast", "Path"}
SENTENCE = re.compile(r"[A-Za-z)][,;:]? [A-Za-z(%]")


class Said(NamedTuple):
    """A sentence, its plural if it has one, its context, and the file that says it."""

    text: str
    plural: str | None
    context: str | None
    file: str


def catalogue() -> Catalog:
    """Return all that the console says."""
    found = Catalog(
        project="Doublecheck",
        version="",
        copyright_holder="the Doublecheck contributors",
        header_comment="# What the console says. Made by: python -m tests.catalogue",
        charset="utf-8",
    )
    for said in sorted(set(_all()), key=lambda one: (one.context or "", one.text, one.file)):
        message = (said.text, said.plural) if said.plural else said.text
        found.add(message, context=said.context, locations=[(said.file, 0)])
    for message in found:
        if message.id:
            message.flags.discard("python-format")
            if re.search(r"%\(|%%", str(message.id)):
                message.flags.add("python-format")
    return found


def written(found: Catalog) -> str:
    """Return a catalogue as a file has it, without what changes from day to day."""
    file = io.BytesIO()
    write_po(file, found, width=100, include_lineno=False)
    lines = file.getvalue().decode("utf-8").splitlines(keepends=True)
    gone = ('"POT-Creation-Date', '"PO-Revision-Date', '"Generated-By', '"Last-Translator', '"Language-Team')
    return "".join(line for line in lines if not line.startswith(gone))


def _all() -> Iterator[Said]:
    for path in sorted(TEMPLATES.glob("*.html")):
        yield from _of_template(path)
    for path in _modules("service/texts", "service/web"):
        yield from _of_pages(path)
    for path in _modules(*RAISED):
        yield from _raised(path)
    makes_reasons = {path for path in _modules("classifier", "service") if "Reason(" in path.read_text("utf-8")}
    for path in sorted(makes_reasons | set(_modules(*ALL_RECORDED))):
        yield from _sentences(path)
    yield from _named()


def _modules(*places: str) -> list[Path]:
    found: list[Path] = []
    for place in places:
        found += [ROOT / place] if place.endswith(".py") else sorted((ROOT / place).rglob("*.py"))
    return [path for path in found if not {"client", "migrations", "gates"} & set(path.parts)]


def _of_template(path: Path) -> Iterator[Said]:
    options = dict.fromkeys(("trimmed", "newstyle_gettext", "trim_blocks", "lstrip_blocks"), "true")
    with path.open("rb") as file:
        found = list(babel_extract(file, tuple(IN_TEMPLATES), (), options | {"silent": "false"}))
    for _, function, texts, _ in found:
        given = texts if isinstance(texts, tuple) else (texts,)
        wanted = [given[place] for place in IN_TEMPLATES[function] if place < len(given) and given[place]]
        if wanted:
            yield Said(wanted[0], wanted[1] if len(wanted) > 1 else None, None, _file(path))


def _of_pages(path: Path) -> Iterator[Said]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        name = _called(node)
        if name == "Words" and isinstance(node, ast.Call) and isinstance(node.args[0], ast.Dict):
            yield from (Said(text, None, None, _file(path)) for value in node.args[0].values for text in _texts(value))
        elif name in CALLS and isinstance(node, ast.Call):
            wanted = [list(_texts(node.args[place])) for place in CALLS[name] if place < len(node.args)]
            if name == "ngettext" and all(wanted) and len(wanted) == 2:
                yield Said(wanted[0][0], wanted[1][0], None, _file(path))
            elif name != "ngettext":
                yield from (Said(text, None, None, _file(path)) for texts in wanted for text in texts if text)


def _texts(node: ast.expr) -> Iterator[str]:
    """Yield the text of a constant, or of both branches of a choice."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)


def _called(node: ast.AST) -> str:
    if not isinstance(node, ast.Call):
        return ""
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def _raised(path: Path) -> Iterator[Said]:
    """Yield what errors say, also of a name that stands for it; of pages also what their tables have for errors."""
    tree = ast.parse(path.read_text("utf-8"))
    known: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    known.setdefault(target.id, []).append(node.value)
    given = [one for node in ast.walk(tree) for one in _arguments(node, is_schema="schemas" in path.parts)]
    if path.parent == CONSOLE:
        tables = [node.value for node in tree.body if isinstance(node, ast.Assign)]
        given += [one for one in tables if _called(one) not in {"Words", "Message"}]
    for one in given:
        for part in ast.walk(one):
            meant = known.get(part.id, []) if isinstance(part, ast.Name) else [part]
            for node in meant:
                if _called(node) not in {"Words", "Message"}:
                    yield from _recorded(node, path)


def _arguments(node: ast.AST, *, is_schema: bool) -> list[ast.expr]:
    """Return what a call says to people, if it raises or shows something; in schemas also by a ``ValueError``."""
    name = _called(node)
    if not isinstance(node, ast.Call):
        return []
    shown = [one.value for one in node.keywords if one.arg in {"message", "error", "refused", "why"}]
    raises = name.endswith(("Error", "Exception")) and (is_schema or name not in NOT_FOR_PEOPLE)
    return shown + node.args if raises else shown


def _sentences(path: Path) -> Iterator[Said]:
    """Yield every sentence of a module that is neither a docstring nor for programmers."""
    if path.name in DOCUMENTS:
        return
    tree = ast.parse(path.read_text("utf-8"))
    skipped: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            skipped.add(node.value)
        elif _called(node) in NOT_FOR_PEOPLE | {"error", "warning", "info", "debug", "compile"}:
            skipped.update(ast.walk(node))
    known = {
        node.targets[0].id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            skipped.update(part for part in node.values if isinstance(part, ast.Constant))
        elif isinstance(node, ast.FormattedValue) and node.format_spec:
            skipped.add(node.format_spec)
        elif isinstance(node, ast.BinOp) and (text := _joined(node, known)):
            skipped.update(ast.walk(node))
            yield Said(_with_named_places(text), None, CONTEXT, _file(path))
    for node in ast.walk(tree):
        if node not in skipped:
            yield from _recorded(node, path)
        if _called(node) == "Reason" and isinstance(node, ast.Call):  # a code is shown with spaces
            yield from (Said(code.replace("_", " "), None, CONTEXT, _file(path)) for code in _texts(node.args[0]))


def _joined(node: ast.expr, known: dict[str, ast.expr]) -> str:
    """Return what texts and names of texts are together; empty where something else is added."""
    if isinstance(node, ast.Name) and node.id in known:
        return _joined(known[node.id], known)
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        parts = [_joined(part, known) for part in (node.left, node.right)]
        return "".join(parts) if all(parts) else ""
    return ""


def _recorded(node: ast.AST, path: Path) -> Iterator[Said]:
    text = ""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        text = _with_named_places(node.value)
    elif isinstance(node, ast.JoinedStr):
        text = _with_places(node)
    if SENTENCE.search(text) and re.search(r"[A-Za-z]{2}", re.sub(r"%\(\w+\)s", "", text)):
        yield Said(text, None, CONTEXT, _file(path))


def _with_named_places(text: str) -> str:
    """Return a text for ``str.format`` as a sentence with named places; one that has none as it is."""
    braces = re.findall(r"\{(\w*)\}", text)
    if not braces or "%(" in text:
        return text
    for place, name in enumerate(braces):
        text = text.replace(f"{{{name}}}", f"%({name or f'value{place or str()}'})s", 1)
    return text


def _with_places(node: ast.JoinedStr) -> str:
    """Return an f-string as a sentence with named places, each named after what is filled in."""
    text, names = "", dict[str, str]()
    for part in node.values:
        if isinstance(part, ast.Constant):
            text += str(part.value).replace("%", "%%")
        elif isinstance(part, ast.FormattedValue):
            source = ast.unparse(part.value)
            words = [word for word in re.findall(r"[A-Za-z]\w*", re.sub(r"'[^']*'", "", source)) if word != "self"]
            name = base = (words[-1] if words else "value").lower()
            shown = ast.unparse(part)  # with its format: the day and the hour of one time are two values
            while names.get(name, shown) != shown:
                name = f"{base}{len(names)}"
            names[name] = shown
            text += f"%({name})s"
    return text


def _named() -> Iterator[Said]:
    """Yield sentences that are data: what features explain, settings describe, problems are called."""
    english = json.loads((TEXTS / f"{DEFAULT}.json").read_text("utf-8"))
    for key, text in english.items():
        if key.startswith(("fact_", "demand_")) and isinstance(text, str):
            yield Said(text, None, None, f"service/texts/{DEFAULT}.json")
    recorded: dict[str, Iterable[str]] = {
        "classifier/features/feature_list.py": (one.explanation for one in FEATURES),
        "classifier/scoring/assessment.py": KIND_WORDS.values(),
        "classifier/accounts/slices.py": TITLES.values(),
        "service/settings.py": (field.description or "" for field in Settings.model_fields.values()),
        "service/web/problems.py": (*(kind.title for kind in PROBLEMS.values()), *OF_PYDANTIC),
        "classifier/scoring/direction.py": get_args(Sign),
        "classifier/training/train.py": POPULATIONS,
        "service/decisions/second_admin.py": FILLED_IN,
        "service/decisions/changes.py": (name.replace("_", " ").capitalize() for name in JUDGED),
    }
    for file, texts in recorded.items():
        yield from (Said(text, None, CONTEXT, file) for text in texts if text)


def _file(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


if __name__ == "__main__":
    CATALOGUE.write_text(written(catalogue()), encoding="utf-8")
    print(f"{CATALOGUE.relative_to(ROOT)}: {len(catalogue())} sentences of {DOMAIN}")
