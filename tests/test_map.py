"""ARCHITECTURE.md and its like against the code: the tree, the tests of the rules, every file and command they name."""

from __future__ import annotations

import ast
import re
import tomllib
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import click
import pytest

from service.cli import main

ROOT = Path(__file__).parents[1]
ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
DECISIONS = sorted((ROOT / "tests" / "benchmarks" / "decisions").glob("*.md"))
PAGES = [
    *(ROOT / f"{name}.md" for name in ("README", "ARCHITECTURE", "CONTRIBUTING", "SECURITY", "CHANGELOG")),
    *(ROOT / folder / "README.md" for folder in ("service", "service/client", "classifier/batch", "notebooks", "data")),
    ROOT / "data" / "SUITE.md",
    *DECISIONS,
]
HEADINGS = ["Context", "Options", "Figures", "Decision", "Consequences"]
FILE_NAMES = {path.name for top in ("classifier", "service", "tests") for path in (ROOT / top).rglob("*.py")}
# Examples of names, which no file has.
_EXAMPLE = re.compile(r"classifier/x/|\b0003_|\*")


class Line(NamedTuple):
    """A line of the tree: a package or file, and what it is for."""

    path: str
    purpose: str


def tree() -> list[Line]:
    drawn = re.search(r"```text\n(classifier/.*?)```", ARCHITECTURE, flags=re.DOTALL)[1]
    above: list[str] = []
    lines = []
    for text in drawn.splitlines():
        indent, name, purpose = re.fullmatch(r"( *)(\S+?)/? +(\S.*)", text).groups()
        above = [*above[: len(indent) // 2], name]
        lines.append(Line("/".join(above), purpose))
    return lines


def is_package(path: Path) -> bool:
    return any(path.glob("*.py")) or (path / "pyproject.toml").exists()


def packages() -> set[str]:
    found = [path for top in ("classifier", "service") for path in (ROOT / top, *(ROOT / top).rglob("*"))]
    return {
        path.relative_to(ROOT).as_posix()
        for path in found
        if path.is_dir() and path.name != "__pycache__" and is_package(path)
    }


def flat_files() -> set[str]:
    return {
        path.relative_to(ROOT).as_posix()
        for top in ("classifier", "service")
        for path in (ROOT / top).glob("*.py")
        if path.name != "__init__.py"
    }


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def section(title: str, text: str = ARCHITECTURE) -> str:
    return re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", text, flags=re.DOTALL | re.MULTILINE)[1]


def rows(text: str) -> list[list[str]]:
    """The cells of the table in a section, without its head."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def named_paths(text: str) -> list[str]:
    """What stands in backticks and is a path of this repository: by its first folder, or by its ending."""
    named = re.findall(r"`((?:classifier|service|tests|data|notebooks)/[^\s`]*|[\w./-]+\.(?:py|md|toml|yaml))`", text)
    return [path for path in named if not _EXAMPLE.search(path)]


def test_the_tree_names_every_package_and_flat_file_once_and_no_other() -> None:
    drawn = [line.path for line in tree()]
    assert len(drawn) == len(set(drawn))
    assert set(drawn) == packages() | flat_files()


def test_what_the_tree_draws_as_a_file_is_one() -> None:
    for line in tree():
        assert (ROOT / line.path).is_file() == line.path.endswith(".py"), line.path


def test_every_package_says_in_a_paragraph_what_it_is_for() -> None:
    for path in packages():
        if (ROOT / path / "__init__.py").exists():
            said = ast.get_docstring(ast.parse((ROOT / path / "__init__.py").read_text(encoding="utf-8")))
            assert said, path
            assert len(said.split()) > 4, path


def test_the_ten_rules_are_there_and_each_names_tests_that_cite_it() -> None:
    table = rows(section("The ten rules"))
    assert [row[0] for row in table] == [f"R{number}" for number in range(1, 11)]
    for rule, _, tests in table:
        files = re.findall(r"`([^`]+)`", tests)
        assert files, rule
        for file in files:
            cited = re.search(rf"\b{rule}\b|test_rule_{rule[1:]}_", (ROOT / file).read_text(encoding="utf-8"))
            assert cited, f"{file} protects {rule} and does not say so"


def test_every_term_is_in_the_file_that_is_said_to_define_it() -> None:
    for term, _, file in rows(section("What it answers")):
        text = (ROOT / file.strip("`")).read_text(encoding="utf-8").casefold()
        assert any(word in text for word in term.split(", ")), f"{term} is not in {file}"


def test_the_classes_that_are_named_are_in_their_files() -> None:
    named = re.findall(r"`([A-Z]\w+)` in\s+`([\w./]+\.py)`", section("What it answers"))
    assert len(named) == 5
    for symbol, file in named:
        assert re.search(rf"^class {symbol}\b", (ROOT / file).read_text(encoding="utf-8"), flags=re.MULTILINE), symbol


def test_where_to_change_what_names_files_that_have_what_is_named() -> None:
    """``ALPHA`` in ``train.py`` must be there, and so on."""
    table = rows(section("I want to change ..."))
    assert len(table) >= 20
    for wanted, where, _ in table:
        assert named_paths(where) or "there" in where.split(), f"{wanted}: no file"
        pairs = re.findall(r"`(\w+)`(?: (?:and|or) `(\w+)`)? in `([\w./]+\.py)`", where)
        for symbols in pairs:
            text = (ROOT / symbols[2]).read_text(encoding="utf-8")
            for symbol in filter(None, symbols[:2]):
                assert re.search(rf"\b{symbol}\b", text), f"{wanted}: {symbol} in {symbols[2]}"


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_path_that_a_page_names_is_there(page: Path) -> None:
    for path in named_paths(page.read_text(encoding="utf-8")):
        at = [ROOT / path, page.parent / path, *(ROOT / top / path for top in ("classifier", "service"))]
        assert path in FILE_NAMES or any(place.exists() for place in at), path


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for link, anchor in re.findall(r"\]\(([^)#:]*)(?:#([^)]*))?\)", page.read_text(encoding="utf-8")):
        target = page.parent / link if link else page
        assert target.exists(), link
        if anchor:
            headings = re.findall(r"^#+ (.*)$", target.read_text(encoding="utf-8"), flags=re.MULTILINE)
            assert anchor in {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_command_and_module_that_a_page_runs_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for module in re.findall(r"python -m ([\w.]+)", text):
        assert module in {"venv", "build"} or find_spec(module), module
    for words in re.findall(r"(?:`|^|bin/)doublecheck ([a-z][a-z -]*)", text, flags=re.MULTILINE):
        command: click.Command = main
        for word in words.split():
            if not isinstance(command, click.Group):
                break
            below = command.get_command(click.Context(command), word)
            assert below is not None, words
            command = below


def test_make_has_the_commands_that_the_page_names() -> None:
    made = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z-]+):", made, flags=re.MULTILINE)
    assert targets == ["setup", "test", "test-all", "lint", "api", "serve"]
    contributing = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert set(re.findall(r"(?:`|^)make ([a-z-]+)", contributing, flags=re.MULTILINE)) == set(targets)


def test_make_sets_up_tests_and_serves_as_the_readme_does() -> None:
    made = (ROOT / "Makefile").read_text(encoding="utf-8").replace("$(BIN)", ".venv/bin")
    first, second = re.findall(r"```sh\n(python3 -m venv .*)\n```", (ROOT / "README.md").read_text(encoding="utf-8"))
    setup, test = second.rsplit(" && ", 1)
    for target, command in (("setup", setup), ("test", test), ("serve", first.rsplit(" && ", 1)[1])):
        assert re.search(rf"^{target}:.*\n\t(.*)\n", made, flags=re.MULTILINE)[1] == command


def test_make_lint_runs_what_ci_runs_and_the_hooks_run_no_other_tool() -> None:
    made = (ROOT / "Makefile").read_text(encoding="utf-8")
    recipe = re.search(r"^lint:.*?\n\n", made, flags=re.DOTALL | re.MULTILINE)[0]
    linted = re.findall(r"^\t\$\(BIN\)/(.+)$", recipe, flags=re.MULTILINE)
    run = re.findall(r"^\.venv/bin/(.+)$", (ROOT / ".ci" / "run").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert linted
    assert [command for command in run if not command.startswith("pytest")] == linted
    hooks = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    assert re.findall(r"repo: (\S+)", hooks) == ["local"], "nothing is fetched"
    assert {entry.split()[0] for entry in re.findall(r"entry: (.+)", hooks)} == {line.split()[0] for line in linted}


def test_every_decision_has_the_same_parts_and_a_link() -> None:
    assert DECISIONS
    for number, path in enumerate(DECISIONS, 1):
        text = path.read_text(encoding="utf-8")
        assert path.name.startswith(f"{number:04}-")
        assert text.startswith(f"# {number:04}: ")
        assert re.findall(r"^## (.*)$", text, flags=re.MULTILINE) == HEADINGS
        assert "python -m tests." in section("Figures", text), f"{path.name}: no command prints its figures"
        assert f"({name(path)})" in ARCHITECTURE


def test_the_newest_release_of_the_changelog_is_the_version_that_is_made() -> None:
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert changes.index("## [Unreleased]") < changes.index("## [0.1.0]")
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert re.search(r"^## \[(\d[^\]]*)\] - \d{4}-\d\d-\d\d$", changes, flags=re.MULTILINE)[1] == version
