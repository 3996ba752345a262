"""Rows out of CSV. Blank lines are no rows. A quote that is never closed costs the row it stands in and no other.

Values are separated by commas, semicolons or tabs, whichever the header has; a first line "sep=;" as spreadsheet
programs write it says so too.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Generator, Iterator

from classifier.errors import FileFormatError
from classifier.importers.readers.raw_row import RawRow, unreadable_row
from classifier.importers.readers.streams import LINE_LIMIT, Block, Damaged, Stream, line_blocks, undecodable
from classifier.importers.values import plain_name

SEPARATORS = (",", ";", "\t")
_NAMES = {",": "a comma", ";": "a semicolon", "\t": "a tab"}
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
_NOT_CSV = (
    "not_csv",
    'the row is not CSV: a quote is never closed or stands inside a value, write "" for that; or a value is longer '
    f"than {csv.field_size_limit():,} characters",
)


def csv_rows(stream: Stream, name: str) -> Iterator[RawRow]:
    """Yield the rows of a CSV file.

    Raises
    ------
    FileFormatError
        If the columns have no names, each once.
    """
    lines = _Lines(line_blocks(stream, newline=""))
    separator = _separator(lines, name)
    # Strict: a quote in the wrong place is an error; the lenient reader would garble the row without a word.
    records = csv.reader(lines, strict=True, delimiter=separator)
    header = _header(lines, records, name)
    number = 0
    try:
        while lines.more():
            if lines.easy:
                number = yield from _easy_rows(lines, header, number, separator)
            elif (record := lines.record(records)) != []:
                number += 1
                yield _row(number, header, record, lines.taken(), separator)
    except Damaged as damage:
        yield unreadable_row(number + 1, "file_damaged", str(damage))


class _Lines:
    """The physical lines of a CSV file, of which some can be read again.

    A quote that is never closed makes the rest of the file one record. When such a record turns out to be broken only
    its first line is given up, and reading starts again from the second.

    A record that is still open at the end of a line goes on as every other that is open there: both are inside quotes.
    So a record that is open where an earlier one was breaks at the latest where that one broke. It is given up at once,
    otherwise a file full of stray quotes would be read again from each of them.

    Attributes
    ----------
    easy : bool
        Whether the lines ahead are worth a try without any of this care.
    """

    def __init__(self, blocks: Iterator[Block]) -> None:
        self._blocks = blocks
        self._lines: list[str] = []
        self._first = self._next = 0
        self._size = 0
        self._broken = 0
        self.easy = False

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if self._next > self._first and (self._next < self._broken or self._size > LINE_LIMIT):
            raise csv.Error("the record will break")
        if self._next == len(self._lines) and not self._extend():
            raise StopIteration
        line = self._lines[self._next]
        self._next += 1
        self._size += len(line)
        return line

    def more(self) -> bool:
        """Tell whether there is another line, which begins a record."""
        self._first, self._size = self._next, 0
        return self._next < len(self._lines) or self._extend()

    def ahead(self) -> list[str]:
        """Return the lines that are in memory."""
        return self._lines[self._next :]

    def skip(self, count: int) -> None:
        """Leave out lines that were read by other means; what comes after them needs care."""
        self._next += count
        self.easy = False

    def record(self, records: Iterator[list[str]]) -> list[str] | None:
        """Return the next record, ``None`` for one that is broken."""
        try:
            return next(records)
        except csv.Error:
            self._broken = max(self._broken, self._next)
            self._next = self._first + 1
            return None

    def taken(self) -> str:
        """Return the lines of the record that was read last."""
        return "".join(self._lines[self._first : self._next])

    def _extend(self) -> bool:
        block = next(self._blocks, None)
        if block is None:
            return False
        self.easy = block.clean and self._first == len(self._lines)
        self._lines = self._lines[self._first :] + block.lines
        self._next -= self._first
        self._broken = max(0, self._broken - self._first)
        self._first = 0
        return True


def _separator(lines: _Lines, name: str) -> str:
    """Return what separates the values, and leave out a line that does nothing but say so."""
    try:
        first = lines.ahead()[0] if lines.more() else ""
    except Damaged as damage:
        raise FileFormatError(f"{name}: {damage}") from damage
    said = _SEPARATOR_LINE.fullmatch(first)
    if said:
        lines.skip(1)
        if said[1] in SEPARATORS:
            return said[1]
    unquoted = re.sub(r'"[^"]*"', "", first)
    found = max(SEPARATORS, key=unquoted.count)
    if (said and said[1] not in SEPARATORS) or (found not in unquoted and unquoted.count("|") > 1):
        raise FileFormatError(
            f"{name}: values are separated by something else than {', '.join(_NAMES.values())}: use one"
        )
    return found


def _header(lines: _Lines, records: Iterator[list[str]], name: str) -> list[str]:
    try:
        record = lines.record(records) if lines.more() else []
    except Damaged as damage:
        raise FileFormatError(f"{name}: {damage}") from damage
    problem = undecodable(lines.taken())
    if problem is not None:
        raise FileFormatError(f"{name}: {problem[1]}")
    header = [column.strip() for column in record or []]
    check_columns(header, name)
    return header


def check_columns(names: list[str], file: str) -> None:
    """Refuse columns of which nobody can say which is meant.

    Raises
    ------
    FileFormatError
    """
    if not any(names) or len(set(map(plain_name, names))) < len(names):  # "Handle" and "handle" are one
        raise FileFormatError(f"{file}: the columns need names, each once; in CSV the first line gives them")


def _easy_rows(lines: _Lines, header: list[str], number: int, separator: str) -> Generator[RawRow, None, int]:
    """Yield the rows ahead up to the first broken record; return the number of the last."""
    records = csv.reader(lines.ahead(), strict=True, delimiter=separator)
    used, width = 0, len(header)
    try:
        for record in records:
            if len(record) == width:
                number += 1
                yield RawRow(number, dict(zip(header, record, strict=True)))
            elif record:
                number += 1
                yield _misfit(number, header, record, separator)
            used = records.line_num
    except csv.Error:
        pass
    lines.skip(used)
    return number


def _row(number: int, header: list[str], record: list[str] | None, text: str, separator: str) -> RawRow:
    problem = undecodable(text)
    if problem is not None or record is None:
        return unreadable_row(number, *(problem or _NOT_CSV))
    if len(record) != len(header):
        return _misfit(number, header, record, separator)
    return RawRow(number, dict(zip(header, record, strict=True)))


def _misfit(number: int, header: list[str], record: list[str], separator: str) -> RawRow:
    reason, word = ("too_few_fields", "fewer") if len(record) < len(header) else ("too_many_fields", "more")
    return unreadable_row(
        number, reason, f"the row has {word} fields than the header: quote values that contain {_NAMES[separator]}"
    )
