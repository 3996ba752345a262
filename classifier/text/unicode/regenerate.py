"""Regenerate the two pinned Unicode tables beside this file.

``python classifier/text/unicode/regenerate.py`` needs ICU 72 (Unicode 15.0) and ``Scripts.txt`` of the same
version; on Debian 12 both come with ``apt-get install libicu72 unicode-data``. Nothing at run time needs them.

Why ICU and not ``confusables.txt`` itself: ICU applies the whole UTS #39 chain (NFD, prototypes to a fixed
point, NFD), so one row a code point is all that is left to look up.
"""

from __future__ import annotations

import ctypes
import re
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

VERSION = "15.0.0"
HERE = Path(__file__).parent
HEADER = """\
# {title}
# Unicode {version}, derived from {source}; regenerate with regenerate.py.
# (c) Unicode, Inc., under the Unicode License (https://www.unicode.org/license.txt).
"""


class IcuSkeleton:
    """The UTS #39 skeleton as ICU computes it, for the table and for comparing with it."""

    def __init__(self, major: int = 72) -> None:
        common = ctypes.CDLL(f"libicuuc.so.{major}")
        version = (ctypes.c_uint8 * 4)()
        getattr(common, f"u_getUnicodeVersion_{major}")(version)
        if f"{version[0]}.{version[1]}.{version[2]}" != VERSION:
            raise SystemExit(f"ICU {major} holds another Unicode version than {VERSION}")
        library = ctypes.CDLL(f"libicui18n.so.{major}")
        status = ctypes.c_int(0)
        open_checker = getattr(library, f"uspoof_open_{major}")
        open_checker.restype = ctypes.c_void_p
        self._checker = ctypes.c_void_p(open_checker(ctypes.byref(status)))
        self._call = getattr(library, f"uspoof_getSkeletonUTF8_{major}")

    def __call__(self, text: str) -> str:
        """Return the skeleton of ``text``."""
        raw = text.encode()
        buffer = ctypes.create_string_buffer(64 + 40 * len(raw))
        status = ctypes.c_int(0)
        length = self._call(self._checker, ctypes.c_uint32(0), raw, len(raw), buffer, len(buffer), ctypes.byref(status))
        if status.value > 0:
            raise SystemExit(f"ICU refused a string: error {status.value}")
        return buffer.raw[:length].decode()


def prototypes(skeleton: IcuSkeleton) -> Iterator[str]:
    """Yield ``code point;prototype`` for every code point that NFD leaves alone and UTS #39 maps."""
    for code in range(0x110000):
        char = chr(code)
        if 0xD800 <= code < 0xE000 or unicodedata.normalize("NFD", char) != char:
            continue
        prototype = skeleton(char)
        if prototype != char:
            yield f"{code:04X};{' '.join(f'{ord(c):04X}' for c in prototype)}"


def script_ranges(path: Path) -> Iterator[str]:
    """Yield ``first..last;Script`` in code point order, Common and Inherited left out."""
    row = re.compile(r"^([0-9A-F]+)(?:\.\.([0-9A-F]+))?\s*;\s*(\w+)")
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        match = row.match(line)
        if match and match[3] not in {"Common", "Inherited"}:
            found.append((int(match[1], 16), int(match[2] or match[1], 16), match[3]))
    merged: list[tuple[int, int, str]] = []
    for first, last, script in sorted(found):
        adjoins = bool(merged) and merged[-1][2] == script and merged[-1][1] + 1 == first
        merged.append((merged.pop()[0] if adjoins else first, last, script))
    yield from (f"{first:04X}..{last:04X};{script}" for first, last, script in merged)


def write(name: str, title: str, source: str, rows: Iterator[str]) -> None:
    """Write one table with its header."""
    text = HEADER.format(title=title, version=VERSION, source=source) + "\n".join(rows) + "\n"
    (HERE / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    scripts = Path(sys.argv[1] if len(sys.argv) > 1 else "/usr/share/unicode/Scripts.txt")
    write("confusables.txt", "UTS #39 prototypes", "ICU 72 (confusables.txt)", prototypes(IcuSkeleton()))
    write("scripts.txt", "Scripts by code point range", "Scripts.txt", script_ranges(scripts))
