"""The registry for trying out: invented accounts, shipped as a file so that a service needs no simulation to start."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.resources import as_file, files

from classifier.errors import RegistryError
from classifier.registry.registry import Registry

# Later than every time in the file, which is made anew when the simulation of protected accounts changes.
_NOW = datetime(2026, 1, 1, tzinfo=UTC)


def demonstration_registry() -> Registry:
    """Return invented protected accounts, the same as in ``data/registry.csv``.

    Raises
    ------
    RegistryError
        If the shipped file is damaged.

    Examples
    --------
    >>> registry = demonstration_registry()
    >>> len(registry), sorted({account.tier for account in registry})
    (300, ['high', 'standard'])
    """
    with as_file(files("classifier.registry") / "demonstration.csv") as path:
        registry, report = Registry.load(path, now=_NOW)
    if report.rejected:
        raise RegistryError("the shipped demonstration.csv is damaged: install Doublecheck again")
    return registry
