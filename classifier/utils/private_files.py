"""Directories and files for their owner alone: registry, keys, models, uploads and records are about people."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

DIRECTORY, FILE = 0o700, 0o600
# The umask of processes that write about people: whatever they make is for their own user alone.
OWNER_ONLY = 0o077


def make_private_directory(path: Path) -> None:
    """Make a directory, and those above it that are missing, for its owner alone; what is there stays as it is."""
    if path.is_dir():
        return
    if path.parent != path:
        make_private_directory(path.parent)
    with suppress(FileExistsError):  # another process made it just now
        path.mkdir(mode=DIRECTORY)


def make_private_file(path: Path) -> None:
    """Make an empty file for its owner alone, to be written to by whatever opens it then."""
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY, FILE))


def tighten(paths: Iterable[Path]) -> list[Path]:
    """Take files, and directories with all in them, away from other users, and return what others could use till then.

    Symbolic links are left alone, and so is what belongs to somebody else: its owner decides.
    """
    return [path for top in paths for path in _below(top) if _tightened(path)]


def _below(top: Path) -> Iterator[Path]:
    yield top
    if top.is_dir() and not top.is_symlink():
        for inside in top.iterdir():
            yield from _below(inside)


def _tightened(path: Path) -> bool:
    try:
        found = path.lstat()
        if stat.S_ISLNK(found.st_mode) or not found.st_mode & OWNER_ONLY or found.st_uid != os.geteuid():
            return False
        path.chmod(stat.S_IMODE(found.st_mode) & ~OWNER_ONLY)
    except FileNotFoundError:  # removed just now
        return False
    return True


def open_to_others(path: Path) -> bool:
    """Tell whether other users may read a directory or list what is in it."""
    with suppress(FileNotFoundError):
        return bool(path.stat().st_mode & OWNER_ONLY)
    return False
