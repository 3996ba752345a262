"""Rows out of a file that is one JSON list of objects, as research sets are distributed, read piece by piece.

Such files hold gigabytes (TwiBot-22 has a million accounts in one), so little more than one element is in memory. ijson
parses them; it takes strict JSON, without NaN.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ijson

from classifier.errors import FileFormatError
from classifier.importers.readers.raw_row import RawRow, unreadable_row
from classifier.importers.readers.streams import BLOCK, Stream

# One account with its last 200 posts, as TwiBot-20 has them, is below 0.2 MB.
ELEMENT_LIMIT = 16_000_000
_CUT_OFF = ("file_damaged", "the list is cut off here, or goes on as no JSON does: copy the file again")


def list_rows(path: Path) -> Iterator[RawRow]:
    """Yield the elements of a file's list; where it is damaged, every one before and then one error.

    Raises
    ------
    FileFormatError
        On the first row, if there is no such file, or it is no JSON list.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise FileFormatError(f"{path.name}: cannot be opened, {error.strerror}") from error
    with file:
        source = _Source(Stream(file))
        if not source.begins_with(b"["):
            raise FileFormatError(f"{path.name}: is no JSON list; give the set's own file, which begins with [")
        number = 0
        try:
            for number, values in enumerate(ijson.items(source, "item", buf_size=BLOCK), 1):
                source.unparsed = 0
                yield _row(number, values)
        except ijson.JSONError:
            yield unreadable_row(number + 1, *_CUT_OFF)


def _row(number: int, values: Any) -> RawRow:
    if not isinstance(values, dict):
        return unreadable_row(number, "not_an_object", "the element is no object: every account is one")
    try:
        return RawRow(number, _with_floats(values))
    except RecursionError:
        return unreadable_row(number, "too_deep", "the element is nested too deeply: no account is")


def _with_floats(values: dict[str, Any]) -> dict[str, Any]:
    """Return an element with floats for the decimals that ijson reads; most elements have none."""
    try:
        json.dumps(values)
    except TypeError:
        floats: dict[str, Any] = json.loads(json.dumps(values, default=float))
        return floats
    return values


class _Source:
    """A stream as ijson reads it: UTF-8 whatever is in the file, and an end where one element goes on for ever.

    Attributes
    ----------
    unparsed : int
        Bytes that were read since the last element.
    """

    def __init__(self, stream: Stream) -> None:
        self.unparsed = 0
        self._stream = stream
        self._decode = codecs.getincrementaldecoder("utf-8-sig")(errors="replace").decode
        self._ahead = b""

    def begins_with(self, mark: bytes) -> bool:
        """Tell whether the first character that is no white space is ``mark``."""
        while not self._ahead.strip():
            self._ahead = self._read_on()
            if not self._ahead:
                return False
        return self._ahead.lstrip().startswith(mark)

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, as many as there are; none at the end."""
        if size == 0 or self.unparsed > ELEMENT_LIMIT:  # ijson asks for none to see what it gets
            return b""
        found, self._ahead = self._ahead or self._read_on(), b""
        self.unparsed += len(found)
        return found

    def _read_on(self) -> bytes:
        while block := self._stream.read(BLOCK):
            if text := self._decode(block):  # a block may end within a character
                return text.encode()
        return self._decode(b"", final=True).encode()
