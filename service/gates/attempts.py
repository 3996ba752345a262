"""Taking an action at the platform: what may have been done is on disk before, and is never mistaken for another's."""

from __future__ import annotations

from service.gates.book import Book
from service.gates.case import Case
from service.gates.errors import LaterError
from service.gates.platform import Platform, Prepares

# Seconds after a start within which what was begun before it may still be under way at the platform.
SETTLE = 5.0


class Attempts:
    """Has actions taken."""

    def __init__(self, platform: Platform, book: Book) -> None:
        self._platform, self._book = platform, book
        self._started, self._mine = book.now(), set[str]()

    def take(self, case: Case) -> None:
        """Have the action of a case taken.

        Raises
        ------
        LaterError, NeverError
        """
        was_attempted = case.attempted
        if isinstance(self._platform, Prepares):
            self._prepare(case, self._platform)
        if not was_attempted:
            case.attempted = True
            self._book.note(case)
        try:
            self._platform.act(case)
        except LaterError as late:
            if late.untouched and not was_attempted:
                case.attempted = False
                self._book.note(case)
            raise

    def _prepare(self, case: Case, platform: Prepares) -> None:
        if not case.attempted:
            platform.prepare(case)
        elif case.ref not in self._mine and self._book.now() - self._started < SETTLE:
            raise LaterError("the action was begun before this gate was started, and may be under way", SETTLE)
        self._mine.add(case.ref)
