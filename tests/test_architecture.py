"""The flow goes one way: a module imports only from modules above it; the classifier knows no web and no SQL."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# The reading order of ``classifier/__init__.py``; a package stands for all its modules.
CLASSIFIER = (
    "errors", "interruptions", "pseudonyms", "rounding", "progress", "text", "accounts", "files", "unicode",
    "importers", "columns",
    "identity", "segments", "registry", "frames", "compiled", "spelling", "rarity", "editing", "edits", "triggers",
    "markers", "keys", "views", "grams", "postings", "likeness", "choosing", "queries", "keyindex", "candidates",
    "features", "shelf", "stock", "store", "evidence", "direction", "thresholds", "calibration", "logistic", "profile",
    "authenticity", "scorecard", "steps", "model", "scores", "scoring", "policy", "monitoring",
    "vocabulary", "draws", "invention", "wording", "mimicry", "crowd", "simulation", "datasets",
    "measures", "slices", "agreement", "labelled", "votes", "labels", "bounds", "evaluation", "contradictions",
    "references", "training", "estimators", "comparison", "plots", "report",
    "artifacts", "keyring", "models", "tracking", "home", "batch", "samples", "workbench", "cli",
)  # fmt: skip
SERVICE = (
    "errors", "signing", "batching", "records", "auth", "sessions", "quotas", "rules", "settings", "schemas",
    "clearance", "checks", "lookups", "reviews", "waiting", "redemption", "outcomes", "statements", "audit",
    "dossiers", "watching", "uploads", "metrics", "serving", "desk", "logs", "problems", "batches", "bodies",
    "middleware",
    "routes", "console", "api", "opening", "server", "client", "migrations", "cli", "entry",
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


TEACHING = set(CLASSIFIER[CLASSIFIER.index("vocabulary") : CLASSIFIER.index("artifacts")])


def test_serving_does_not_import_teaching() -> None:
    for name in CLASSIFIER[: CLASSIFIER.index("vocabulary")]:
        for path in [ROOT / "classifier" / f"{name}.py", *(ROOT / "classifier" / name).rglob("*.py")]:
            if path.exists():
                assert not {n.split(".")[1] for n in imported(path) if n.startswith("classifier.")} & TEACHING, path


def test_the_service_reads_no_labels_and_teaches_nothing() -> None:
    """It writes labels; what learns from them is started by a person, and gets what was exported."""
    teaching = TEACHING - {"invention"}  # a first start without a registry protects invented accounts
    for path in files("service"):
        assert not {n.split(".")[1] for n in imported(path) if n.startswith("classifier.")} & teaching, path
