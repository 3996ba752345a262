"""Regenerate the two pinned Unicode tables beside this file.

``python classifier/text/unicode/regenerate.py`` needs ICU 78 (Unicode 17.0) with its Python binding: in an environment
of its own, ``pip install icukit-pyicu==78.3.1``. Nothing at run time needs it.

Why ICU and not ``confusables.txt`` itself: ICU applies the whole UTS #39 chain (NFD, prototypes to a fixed
point, NFD), so one row a code point is all that is left to look up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from itertools import groupby
from pathlib import Path
from typing import Any

VERSION = "17.0.0"
HERE = Path(__file__).parent
HEADER = """\
# {title}
# Unicode {version}, derived from {source}; regenerate with regenerate.py.
# (c) Unicode, Inc., under the Unicode License (https://www.unicode.org/license.txt).
"""
_SURROGATES = range(0xD800, 0xE000)
_UNTOLD = {"Common", "Inherited", "Unknown"}


def library() -> Any:
    """Return ICU's Python binding; SystemExit where it holds another version of Unicode."""
    icu = import_module("icu")  # nothing but this script needs it
    if not VERSION.startswith(f"{icu.UNICODE_VERSION}."):
        raise SystemExit(f"this ICU holds Unicode {icu.UNICODE_VERSION}, not {VERSION}")
    return icu


def code_points() -> Iterator[int]:
    """Yield every code point that a text can hold."""
    return (code for code in range(0x110000) if code not in _SURROGATES)


def prototypes(skeleton: Callable[[str], str], decomposed: Callable[[str], str]) -> Iterator[str]:
    """Yield ``code point;prototype`` for every code point that NFD leaves alone and UTS #39 maps."""
    for code in code_points():
        char = chr(code)
        prototype = skeleton(char)
        if prototype != char and decomposed(char) == char:
            yield f"{code:04X};{' '.join(f'{ord(c):04X}' for c in prototype)}"


def script_ranges(script_of: Callable[[int], str]) -> Iterator[str]:
    """Yield ``first..last;Script`` in code point order, Common and Inherited left out."""
    for script, run in groupby(range(0x110000), script_of):
        codes = list(run)
        if script not in _UNTOLD:
            yield f"{codes[0]:04X}..{codes[-1]:04X};{script}"


def write(name: str, title: str, rows: Iterable[str]) -> None:
    """Write one table with its header."""
    text = HEADER.format(title=title, version=VERSION, source="ICU 78") + "\n".join(rows) + "\n"
    (HERE / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    icu = library()
    checker, form = icu.SpoofChecker(), icu.Normalizer2.getNFDInstance()
    write("confusables.txt", "UTS #39 prototypes", prototypes(lambda c: checker.getSkeleton(0, c), form.normalize))
    write("scripts.txt", "Scripts by code point range", script_ranges(lambda c: icu.Script.getScript(c).getName()))
