"""Rows out of a file that is one JSON list of objects, as research sets are distributed, read piece by piece.

Such files hold gigabytes (TwiBot-22 has a million accounts in one), so little more than one element is in memory.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from pathlib import Path

from classifier.errors import FileFormatError
from classifier.importers.readers.raw_row import RawRow, unreadable_row
from classifier.importers.readers.streams import BLOCK, Stream

# One account with its last 200 posts, as TwiBot-20 has them, is below 0.2 MB.
ELEMENT_LIMIT = 16_000_000
_SPACE = re.compile(r"[ \t\r\n]*")
_CUT_OFF = ("file_damaged", "the list is cut off here, or goes on as no JSON does: copy the file again")
_decode = json.JSONDecoder().raw_decode


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
        text = _Text(Stream(file))
        if text.take() != "[":
            raise FileFormatError(f"{path.name}: is no JSON list; give the set's own file, which begins with [")
        number, mark = 1, "," if text.peek() != "]" else "]"
        while mark == ",":
            row = text.element(number)
            yield row
            if row.error is not None and row.error.reason == _CUT_OFF[0]:
                return
            number, mark = number + 1, text.take()
        if mark != "]":
            yield unreadable_row(number, *_CUT_OFF)


class _Text:
    """The characters of a stream that were not taken yet."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._decode = codecs.getincrementaldecoder("utf-8-sig")(errors="replace").decode
        self._text = ""
        self._at = 0
        self._ended = False

    def peek(self) -> str:
        """Return the next character that is no white space; empty at the end."""
        while (found := self._after_space()) == len(self._text) and not self._ended:
            self._read_on()
        return self._text[found : found + 1]

    def take(self) -> str:
        """Take the next character that is no white space."""
        found = self.peek()
        self._at = self._after_space() + len(found)
        return found

    def element(self, number: int) -> RawRow:
        """Take one element."""
        self.peek()
        wanted = 0  # one that is cut off is tried again with twice the characters only, so that no file takes for ever
        while True:
            left = len(self._text) - self._at
            if left >= wanted or self._ended:
                try:
                    values, self._at = _decode(self._text, self._after_space())
                except (ValueError, RecursionError):
                    wanted = 2 * left
                else:
                    break
                if self._ended or left > ELEMENT_LIMIT:
                    return unreadable_row(number, *_CUT_OFF)
            self._read_on()
        if isinstance(values, dict):
            return RawRow(number, values)
        return unreadable_row(number, "not_an_object", "the element is no object: every account is one")

    def _after_space(self) -> int:
        match = _SPACE.match(self._text, self._at)
        return match.end() if match else self._at

    def _read_on(self) -> None:
        found = self._stream.read(BLOCK)
        self._ended = not found
        self._text = self._text[self._at :] + self._decode(found, final=self._ended)
        self._at = 0
