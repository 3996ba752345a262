"""What somebody names to be read: files, directories, patterns or standard input."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from classifier.errors import FileFormatError
from classifier.importers.readers.source import CHOICES, KINDS, Source, file_source, told_by_ending

STANDARD_INPUT = "-"
_SUMMARY = ".summary.json"


def find_inputs(given: Sequence[str], *, kind: str | None = None) -> list[Source]:
    """Return what is to be read, in the order in which it was given.

    Parameters
    ----------
    given : sequence of str
        Each a file; a directory, of which every file with an ending of ours is read, sorted by path, but none whose
        name, or whose directory's, begins with "." or "_"; a pattern with ``*``, ``?`` or ``[``; or, alone, "-" for
        standard input.
    kind : {"csv", "jsonl", "parquet"}, optional
        What to read it as, whatever the endings; of a directory, only files of that kind. Standard input needs it.

    Raises
    ------
    FileFormatError
        If nothing is found, something is missing or no file of ours, or a file is found twice.
    """
    if kind is not None and kind not in KINDS:
        raise FileFormatError(f"there is no such kind of file: use one of {', '.join(KINDS)}")
    if STANDARD_INPUT in given:
        return [_standard_input(given, kind)]
    found = [source for text in given for source in _found(text, kind)]
    if not found:
        raise FileFormatError("nothing to read: name a file, a directory, a pattern, or - for standard input")
    _refuse_twice(found)
    return found


def _standard_input(given: Sequence[str], kind: str | None) -> Source:
    if len(given) > 1:
        raise FileFormatError("standard input cannot be read together with anything else: give - alone")
    if kind is None:
        raise FileFormatError(f"standard input has no ending: give --input-kind, one of {', '.join(KINDS)}")
    return Source(None, name=STANDARD_INPUT, kind=kind)


def _found(given: str, kind: str | None) -> list[Source]:
    path = Path(given)
    if path.is_dir():
        return _in_directory(path, kind)
    if path.exists() or not glob.has_magic(given):
        return [file_source(path, name=_name(path), kind=kind)]
    matches = [Path(match) for match in sorted(glob.glob(given, recursive=True))]
    files = [match for match in matches if match.is_file() and not match.name.endswith(_SUMMARY)]
    if not files:
        raise FileFormatError(f"{_name(path)}: no file has a name like this")
    return [file_source(file, name=_name(file), kind=kind) for file in files]


def _in_directory(directory: Path, kind: str | None) -> list[Source]:
    sources = []
    for path in sorted(_walked(directory)):
        told, _ = told_by_ending(path)
        if told is not None and kind in (None, told):
            sources.append(file_source(path, name=_name(path)))
    if not sources:
        raise FileFormatError(f"{_name(directory)}: no file in this directory has an ending of ours, {CHOICES}")
    return sources


def _walked(directory: Path) -> Iterator[Path]:
    for parent, directories, names in os.walk(directory):
        # As Spark writes them: "_SUCCESS", "_temporary", "._part.crc".
        directories[:] = [name for name in directories if not name.startswith((".", "_"))]
        yield from (Path(parent, name) for name in names if not name.startswith((".", "_")))


def _name(path: Path) -> str:
    """Return a path as text that any output can hold; a file's name need not be UTF-8."""
    return os.fsencode(path).decode(errors="replace")


def _refuse_twice(sources: Iterable[Source]) -> None:
    names: dict[Path, str] = {}
    for source in sources:
        if source.path is None:
            continue
        other = names.setdefault(source.path.resolve(), source.name)
        if other is not source.name:
            same = (
                f"{source.name} is given twice" if other == source.name else f"{other} and {source.name} are one file"
            )
            raise FileFormatError(f"{same}, and its rows would count twice: give it once")


def fraction_read(sources: Sequence[Source]) -> float | None:
    """Return how far the reading of all is, from 0 to 1 by stored bytes; ``None`` where nobody can know."""
    total = done = 0.0
    for source in sources:
        progress = source.progress
        if source.size is None or progress is None:
            return None
        # One byte more, so that reading empty files counts for something.
        total += source.size + 1
        done += (source.size + 1) * progress
    return done / total if sources else 1.0
