"""The home directory: where one machine keeps its registry, models and keys."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from classifier.errors import InputError, RegistryError
from classifier.importers import ImportReport
from classifier.registry.registry import Registry
from classifier.retrieval.candidate_index import CandidateIndex
from classifier.storage.paths import registry_directory
from classifier.storage.registry_store import RegistryStore


def registry_store(home: Path) -> RegistryStore:
    """Return where ``doublecheck registry import`` keeps the protected accounts."""
    return RegistryStore(registry_directory(home))


def load_index(home: Path, given: Path | None, *, now: datetime) -> CandidateIndex:
    """Index the registry in ``given``, or else open the imported one, which is indexed already.

    Raises
    ------
    RegistryError
        As ``load_registry``.
    """
    return CandidateIndex(_read(given, now=now)) if given else registry_store(home).open().index


def copy_registry(home: Path, given: Path | None, directory: Path, *, now: datetime) -> RegistryStore:
    """Put a copy of the registry in ``given``, or else of the imported one, into a directory, indexed.

    Only the imported one was packed ahead: who gives a file may have but one account to ask about.

    Raises
    ------
    RegistryError
        As ``load_registry``.
    """
    if given is None:
        return registry_store(home).copy_to(directory)
    copied = RegistryStore(directory)
    copied.replace(_read(given, now=now), encoded=False)
    return copied


def load_registry(home: Path, given: Path | None, *, now: datetime) -> Registry:
    """Load the registry in ``given``, or else the imported one.

    Raises
    ------
    RegistryError
        If nothing was imported, what was is damaged, or a row of the file was rejected: that account would be left
        unprotected.
    """
    return _read(given, now=now) if given else registry_store(home).open().index.registry


def _read(path: Path, *, now: datetime) -> Registry:
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


def refuse_writing(output: Path, home: Path, *inputs: Path | None) -> None:
    """Raise InputError where an output would replace what is read, or one of the imported registry's files."""
    if output.resolve().parent == registry_store(home).directory.resolve():
        raise InputError(f"{output.name} would be among the imported registry's own files: name another place")
    if output.resolve() in {path.resolve() for path in inputs if path is not None}:
        raise InputError(f"{output.name} is read by this command: name another file for its output")
