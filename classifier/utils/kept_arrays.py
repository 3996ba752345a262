"""Arrays that take long to make and are the same every time: made once a machine, kept beside the compiled code.

What is kept is worth no more than what it was made of, which its name tells. Where it is missing, damaged, of other
sources or nowhere to be kept, it is made anew, which is slower and gives the same.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifier.utils.atomic_files import atomic_path

Arrays = Mapping[str, NDArray[Any]]
_MADE_OF = "made_of"


def kept(path: Path | None, made_of: str, make: Callable[[], Arrays]) -> Arrays:
    """Return arrays out of a file, or make them and write the file.

    Parameters
    ----------
    path : Path or None
        Whose name ends in .npz; ``None`` where nothing can be kept.
    made_of : str
        A digest of all that they depend on.
    make : callable
        Makes them; no array of objects may be among them.
    """
    found = None if path is None else _read(path, made_of)
    if found is None:
        found = make()
        if path is not None:
            _write(path, made_of, found)
    return found


def _read(path: Path, made_of: str) -> Arrays | None:
    """Return what is in a file; ``None`` where it is not what is asked for. A ZIP file checks itself."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as found:
            if str(found[_MADE_OF]) != made_of:
                return None
            return {name: found[name] for name in found.files if name != _MADE_OF}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None


def _write(path: Path, made_of: str, arrays: Arrays) -> None:
    content: dict[str, Any] = {**arrays, _MADE_OF: np.array(made_of)}
    try:
        with atomic_path(path) as temporary, temporary.open("wb") as file:
            np.savez(file, **content)
    except OSError:
        return  # a full disk: it is made again the next time
