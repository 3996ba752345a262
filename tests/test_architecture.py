"""The flow goes one way: a module imports only from modules above it; the classifier knows no web and no SQL."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# The reading order of ``classifier/__init__.py``; a package stands for all its modules.
CLASSIFIER = (
    "errors", "text", "accounts", "files", "unicode", "importers", "columns", "identity", "segments", "registry",
    "compiled", "spelling", "rarity", "editing", "edits", "triggers", "markers", "keys", "views", "grams",
    "postings", "likeness", "choosing", "queries", "keyindex", "candidates", "store",
    "features", "evidence", "direction", "thresholds", "calibration", "logistic", "profile", "authenticity",
    "scorecard", "steps", "model", "shelf", "scores", "scoring", "policy",
    "vocabulary", "draws", "invention", "wording", "mimicry", "crowd", "simulation", "datasets",
    "measures", "slices", "bounds", "evaluation", "contradictions", "training", "plots", "report",
    "artifacts", "keyring", "models", "home", "batch", "samples", "cli",
)  # fmt: skip
SERVICE = (
    "errors", "signing", "batching", "records", "auth", "quotas", "rules", "settings", "schemas", "clearance",
    "checks", "lookups", "reviews", "redemption", "outcomes", "statements", "audit", "metrics", "serving", "desk",
    "logs", "problems", "batches", "bodies", "middleware", "routes", "console", "api", "opening", "server", "client",
    "migrations", "cli",
)  # fmt: skip
WEB_AND_SQL = {"fastapi", "starlette", "uvicorn", "pydantic", "jinja2", "httpx", "sqlalchemy", "sqlite3", "alembic"}


def imported(path: Path) -> set[str]:
    """The absolute module names that a file imports, also inside functions."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide the direction"
            names |= {f"{node.module}.{alias.name}" for alias in node.names} | {str(node.module)}
    return names


def files(package: str) -> list[Path]:
    return sorted(path for path in (ROOT / package).rglob("*.py") if path.parent.name != "unicode")


def place(package: str, order: tuple[str, ...], module: str) -> int | None:
    parts = module.split(".")
    if parts[0] != package or len(parts) < 2:
        return None
    return order.index(parts[1]) if parts[1] in order else None


@pytest.mark.parametrize(("package", "order"), [("classifier", CLASSIFIER), ("service", SERVICE)])
def test_every_module_has_a_place(package: str, order: tuple[str, ...]) -> None:
    found = {path.relative_to(ROOT / package).parts[0].removesuffix(".py") for path in files(package)}
    assert found - {"__init__"} <= set(order)


@pytest.mark.parametrize(("package", "order"), [("classifier", CLASSIFIER), ("service", SERVICE)])
def test_imports_go_one_way(package: str, order: tuple[str, ...]) -> None:
    for path in files(package):
        own = path.relative_to(ROOT / package).parts[0].removesuffix(".py")
        if own == "__init__":
            continue
        below = {name for name in imported(path) if (place(package, order, name) or 0) > order.index(own)}
        assert not below, f"{path.relative_to(ROOT)} imports {below}, which come after it"


def test_the_classifier_knows_no_web_and_no_sql_and_no_service() -> None:
    for path in files("classifier"):
        roots = {name.split(".")[0] for name in imported(path)}
        templates = {"jinja2"} if path.parent.name in ("report", "models") else set()  # pages that nobody serves
        assert not roots & (WEB_AND_SQL | {"service"}) - templates, path


def test_serving_does_not_import_training() -> None:
    teaching = set(CLASSIFIER[CLASSIFIER.index("vocabulary") : CLASSIFIER.index("artifacts")])
    for name in CLASSIFIER[: CLASSIFIER.index("vocabulary")]:
        path = ROOT / "classifier" / f"{name}.py"
        if path.exists():
            assert not {n.split(".")[1] for n in imported(path) if n.startswith("classifier.")} & teaching
