"""What ends a step of a gate."""

from __future__ import annotations

from classifier.errors import DoublecheckError


class GateError(DoublecheckError):
    """A gate cannot be started, or its platform cannot be used; the message says what to do."""

    code = "gate"


class LaterError(Exception):
    """The platform or the service cannot be asked now: the step is tried again.

    Parameters
    ----------
    why : str
        Without personal data.
    seconds : float or None
        After how long, if the other side said so.
    untouched : bool
        Of an action: whether it is certain that nothing was done.
    """

    def __init__(self, why: str, seconds: float | None = None, *, untouched: bool = False) -> None:
        super().__init__(why)
        self.why, self.seconds, self.untouched = why, seconds, untouched


class NeverError(Exception):
    """The step cannot succeed, however often it is tried: the case closes, and somebody has to look.

    Parameters
    ----------
    why : str
        A sentence without personal data.
    """

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why
