"""What every reader yields: one row as the file has it, or why it cannot be read; it survives pickling."""

from __future__ import annotations

from enum import Enum
from typing import Any, NamedTuple

from classifier.importers.results import RowError

# The row number of an error that is about a file as a whole.
WHOLE_FILE = 0


class Unreadable(Enum):
    """Stands for a value that Python cannot hold: Parquet text that is not UTF-8, the year 30000.

    Every field notes it as unusable. An enumeration's member stays the same object in another process.
    """

    VALUE = "unreadable"


UNREADABLE = Unreadable.VALUE


class RawRow(NamedTuple):
    """One row as the file has it, or why it cannot be read.

    Attributes
    ----------
    number : int
        The 1-based data row, or ``WHOLE_FILE``.
    values : dict or None
        What the row holds, by column.
    error : RowError or None
        Given where there are no values, and only there.
    """

    number: int
    values: dict[str, Any] | None
    error: RowError | None = None


def unreadable_row(number: int, reason: str, message: str) -> RawRow:
    """Return the row that stands for one that cannot be read."""
    return RawRow(number, None, RowError(reason, message, row=number))
