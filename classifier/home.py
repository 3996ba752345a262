"""The home directory: where one machine keeps its registry, models and keys."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from classifier.errors import RegistryError
from classifier.importers import ImportReport
from classifier.registry import Registry

DEFAULT_HOME = Path("~/.doublecheck")


def registry_path(home: Path) -> Path:
    """Return where ``doublecheck registry import`` keeps the protected accounts."""
    return home / "registry.parquet"


def load_registry(home: Path, given: Path | None, *, now: datetime) -> Registry:
    """Load the registry in ``given``, or else the imported one.

    Raises
    ------
    RegistryError
        If nothing was imported, or a row of the file was rejected: that account would be left unprotected.
    """
    path = given or registry_path(home)
    if given is None and not path.exists():
        raise RegistryError("no registry was imported; give --registry FILE or run 'doublecheck registry import FILE'")
    registry, report = Registry.load(path, now=now)
    refuse_rejected(report)
    return registry


def refuse_rejected(report: ImportReport) -> None:
    """Raise RegistryError when a row was rejected."""
    if report.rejected:
        lines = "\n  ".join(report.lines())
        raise RegistryError(
            f"rows were rejected, so these accounts would be left unprotected; correct them:\n  {lines}"
        )
