"""Whose the files of a home are: its user's alone. It reads no registry, so that every command can ask it."""

from __future__ import annotations

from pathlib import Path

from classifier.storage.paths import DEMONSTRATION
from classifier.utils.private_files import open_to_others, tighten

# All that is written into a home.
_CONTENTS = ("registry", "models", "keys", "uploads", DEMONSTRATION)
_DATABASE = "doublecheck.db*"


def protect_home(home: Path) -> list[str]:
    """Take what is in a home away from other users, and return what an operator should know of that, a line each.

    The directory itself is taken away too, unless it holds other things as well: then it is somebody's to share.
    """
    if not home.is_dir():
        return []
    ours = [home / name for name in _CONTENTS] + sorted(home.glob(_DATABASE))
    opened = tighten([*ours] if set(home.iterdir()) - set(ours) else [home])
    notes = (
        [f"other users could read {len(opened):,} files or directories of {home}; now they cannot"] if opened else []
    )
    left = [path.name for path in ours if open_to_others(path)]
    if left:
        notes.append(
            f"other users may read {', '.join(left)} in {home}: links and what others own are left as they are"
        )
    return notes
