"""What importing gives back: one result for every input row, and a report over all of them without any account text."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from classifier.accounts.account import Account, ProtectedAccount
from classifier.errors import InputError

SHOWN_ROWS = 20


class RowError(InputError):
    """One row that cannot become an account. It never stops the rows after it.

    Parameters
    ----------
    reason : str
        The stable word by which a report counts it: "handle_missing", "not_json", ...
    """

    def __init__(self, reason: str, message: str, *, field: str | None = None, row: int | None = None) -> None:
        super().__init__(message, field=field, row=row)
        self.reason = reason

    def __reduce__(self) -> tuple[Any, ...]:
        """Say how another process makes it again; an exception's own way forgets the reason."""
        return type(self), (self.reason, self.message), self.__dict__


@dataclass(frozen=True, slots=True)
class Imported:
    """One input row's result: an account, or the error that says why there is none.

    Attributes
    ----------
    row : int
        The 1-based data row; a CSV header is not counted.
    notes : tuple of str
        What was changed or left out, as "followers: below zero, treated as missing".
    """

    row: int
    account: Account | None
    error: InputError | None
    notes: tuple[str, ...] = ()

    @property
    def reason(self) -> str:
        """Return the stable word for the error, empty where there is none."""
        return _reason(self.error)


@dataclass(frozen=True, slots=True)
class ImportedProtected:
    """One registry row's result; the attributes are those of ``Imported``."""

    row: int
    account: ProtectedAccount | None
    error: InputError | None
    notes: tuple[str, ...] = ()

    @property
    def reason(self) -> str:
        """Return the stable word for the error, empty where there is none."""
        return _reason(self.error)


def _reason(error: InputError | None) -> str:
    if error is None:
        return ""
    return error.reason if isinstance(error, RowError) else error.code


@dataclass
class ImportReport:
    """Counts over imported rows, with the first 20 row numbers of each reason and each kind of note.

    Attributes
    ----------
    rows, accepted : int
    merged : int
        Accepted rows that equal an earlier one; only a registry merges any.
    rejected, notes : Counter
        Rejected rows by reason, changes by kind.
    where : mapping of str to list of int
        The first row numbers by reason or note.
    """

    rows: int = 0
    accepted: int = 0
    merged: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)
    where: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    _remedies: dict[str, str] = field(default_factory=dict, init=False, repr=False)

    def add(self, imported: Imported | ImportedProtected) -> None:
        """Count one row."""
        self.rows += 1
        if imported.error is None:
            self.accepted += 1
        else:
            self.rejected[imported.reason] += 1
            self._remedies.setdefault(imported.reason, imported.error.message)
            self._place(imported.reason, imported.row)
        for note in imported.notes:
            self.notes[note] += 1
            self._place(note, imported.row)

    def lines(self) -> list[str]:
        """Return the report for people to read."""
        summary = f"{self.rows:,} rows read, {self.accepted:,} accepted, {self.rejected.total():,} rejected"
        rejected = [
            f"rejected, {reason}: {count:,} ({self._rows(reason, count)}): {self._remedies[reason]}"
            for reason, count in self.rejected.most_common()
        ]
        notes = [f"note, {note}: {count:,} ({self._rows(note, count)})" for note, count in self.notes.most_common()]
        merged = [f"merged, equal to an earlier row: {self.merged:,}"] if self.merged else []
        return [summary, *rejected, *merged, *notes]

    def _place(self, key: str, row: int) -> None:
        if len(self.where[key]) < SHOWN_ROWS:
            self.where[key].append(row)

    def _rows(self, key: str, count: int) -> str:
        shown = self.where[key]
        rows = ", ".join(map(str, shown)) + (", ..." if count > len(shown) else "")
        return f"row {rows}" if count == 1 else f"rows {rows}"
