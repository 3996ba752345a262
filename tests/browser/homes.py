"""Homes of services: a model that is there, over a registry of the test's own."""

from __future__ import annotations

import shutil
from pathlib import Path

from classifier.model_store import ModelStore
from classifier.registry.registry import Registry
from classifier.storage.home import registry_store


def copied_home(model_home: Path, directory: Path, registry: Registry) -> Path:
    """Return a directory that is a home: its model a copy, or the shipped one; the registry imported."""
    for name in ("models", "keys"):
        if (model_home / name).exists():
            shutil.copytree(model_home / name, directory / name)
    ModelStore(directory).first_start()
    registry_store(directory).replace(registry)
    return directory
