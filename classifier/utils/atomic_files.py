"""Writing files so that a reader sees the old content or the new one, never half of it."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from classifier.errors import InputError
from classifier.utils.private_files import make_private_file


@contextmanager
def atomic_path(path: Path | str, *, private: bool = False) -> Iterator[Path]:
    """Yield a path in the same directory to write to; it takes the place of ``path`` when the block succeeds.

    On any failure, ``KeyboardInterrupt`` included, ``path`` is as it was and nothing is left beside it. A symbolic
    link stays one: what it points to is replaced.

    Parameters
    ----------
    private : bool
        Whether nobody but its owner may read it.

    Raises
    ------
    InputError
        If ``path`` exists and is no regular file: replacing a device or a directory is never meant.
    """
    target = Path(path).resolve()
    if target.exists() and not target.is_file():
        raise InputError(f"{path} is not a regular file: give the path of a file to write")
    # The token comes first so that a long name can be shortened and its ending, which tells the format, kept.
    temporary = target.with_name(f".{secrets.token_hex(8)}{target.name[-100:]}")
    try:
        if private:
            make_private_file(temporary)
        yield temporary
        _flush(temporary)
        os.replace(temporary, target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _flush(target.parent)


def _flush(path: Path) -> None:
    """Wait until the file or directory is on the disk: a rename may reach it before the content does."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
