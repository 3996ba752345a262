"""Where things lie in the home directory. Nothing heavy is imported here: settings and the command line read it."""

from __future__ import annotations

from pathlib import Path

DEFAULT_HOME = Path("~/.doublecheck")
# The directory of all that the demonstration writes: what happens there counts nowhere else.
DEMONSTRATION = "demonstration"
# The file in the registry's directory that names the registry in force.
CURRENT = "current.json"


def registry_directory(home: Path) -> Path:
    """Return where ``doublecheck registry import`` keeps the protected accounts."""
    return home / "registry"


def has_registry(home: Path) -> bool:
    """Tell whether a registry was ever imported into the home directory."""
    return (registry_directory(home) / CURRENT).exists()
