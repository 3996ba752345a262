"""What was worked out and is kept on disk, told apart by what it was made by: our own files, libraries, the machine."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from importlib.resources.abc import Traversable

from xxhash import xxh3_128


def digest(root: Traversable, names: Iterable[str], libraries: Iterable[str]) -> str:
    """Return a digest of files and directories within ``root``, the versions of libraries, Python and the machine."""
    machine = [platform.machine(), sys.byteorder, *sys.version_info[:2], *map(version, libraries)]
    found = xxh3_128(repr(machine).encode())
    for name in names:
        for source in _files(root / name):
            found.update(source.name.encode() + b"\0" + source.read_bytes())
    return found.hexdigest()


def _files(source: Traversable) -> Iterator[Traversable]:
    """Yield a file, or the modules and tables of a directory and of those in it, in order."""
    if source.is_file():
        yield source
        return
    for inside in sorted(source.iterdir(), key=lambda path: path.name):
        if inside.name.endswith((".py", ".txt")) or (inside.is_dir() and inside.name != "__pycache__"):
            yield from _files(inside)
