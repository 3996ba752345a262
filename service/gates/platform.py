"""What a platform's file has to do for the core."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, Protocol, runtime_checkable

from service.gates.book import Book
from service.gates.case import Case


class Profile(NamedTuple):
    """A profile as the platform shows it now: as ``POST /v1/checks`` takes it."""

    format: str
    account: dict[str, Any]


class Delivery(NamedTuple):
    """A request that the platform sent, with the very bytes of its body. Header names are in lower case."""

    path: str
    headers: Mapping[str, str]
    body: bytes


class Reply(NamedTuple):
    """What a delivery is answered."""

    status: int
    body: str = ""


class Polled(Protocol):
    """What is looked at every so often, and has no cases by itself: notices."""

    name: str

    def poll(self, book: Book) -> None:
        """Take on what is new."""

    def missing(self) -> Iterator[str]:
        """Yield what is missing for it to work, as sentences that say what to do."""


class Platform(Polled, Protocol):
    """A platform. Any method may raise ``LaterError``, to be called again, or ``NeverError``, which closes the case."""

    def receive(self, delivery: Delivery, book: Book) -> Reply:
        """Answer a request of the platform. What is accepted must be in the book before this returns."""

    def profile(self, case: Case) -> Profile:
        """Read the account as it is now."""

    def tell(self, case: Case, event: str, answer: Mapping[str, Any] | None) -> None:
        """Tell the platform what happened to a case, so that telling twice does no harm.

        Parameters
        ----------
        event : str
            ``checked``, ``approved``, ``declined``, ``refused``, ``acted``, ``stands`` or ``failed``.
        answer : mapping or None
            The answer to the check, of ``checked``.
        """

    def act(self, case: Case) -> None:
        """Take the action, once: it was allowed. Called again after a failure of which nobody knows what it did."""

    def has_acted(self, case: Case) -> bool | None:
        """Tell whether the action was taken by this gate, as far as the platform can say.

        ``None`` where it cannot say, but takes an action once only, however often it is asked to under the clearance's
        id: then what may have been done already is asked for again until it is answered.
        """


@runtime_checkable
class Gathers(Protocol):
    """A platform that learns more of a case while it waits."""

    def gather(self, case: Case, book: Book) -> None:
        """Add to a case what the book has on it. Called before each ``profile``, and may end the case like it."""


@runtime_checkable
class Prepares(Protocol):
    """A platform that takes no id of ours for an action, so that it cannot tell who took it."""

    def prepare(self, case: Case) -> None:
        """Look right before the first try of ``act`` whether it may be taken, by ``NeverError`` that it may not.

        When it returns the case is marked as ``attempted`` on disk. From then on the action counts as this gate's.
        """


@runtime_checkable
class AnswersAtOnce(Protocol):
    """A platform whose requests are answered with what the service says.

    Attributes
    ----------
    first_step : callable
        Set by ``run``: has the case of this ref checked, and returns once it is or the platform cannot wait longer.
    """

    first_step: Callable[[str], None]
