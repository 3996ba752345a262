"""Failures: what an error of the platform or of the service means for a step, and how long it waits."""

from __future__ import annotations

from typing import NamedTuple

from doublecheck_client import AnswerError, RefusedError, RejectedError, UnavailableError

from service.gates.errors import LaterError, NeverError

# Of the service's refusals, those that no repetition changes.
_FINAL = frozenset({"bad_input", "invalid_request", "erased", "unknown_check"})


class Failure(NamedTuple):
    """What a step ended in.

    Attributes
    ----------
    why : str
        A sentence or a part of one, without personal data.
    is_final : bool
        Whether no repetition helps: somebody has to look.
    seconds : float or None
        After how long to try again, if the other side said so.
    is_known : bool
        Whether it is one that is expected; else the log has its place.
    """

    why: str
    is_final: bool = False
    seconds: float | None = None
    is_known: bool = True


def failure_of(error: Exception) -> Failure:
    """Return what an error means.

    Examples
    --------
    >>> failure_of(LaterError("the platform is away", 7.0))
    Failure(why='the platform is away', is_final=False, seconds=7.0, is_known=True)
    >>> failure_of(ZeroDivisionError("somebody's name")).why
    'it failed with ZeroDivisionError: see the log'
    """
    if isinstance(error, LaterError):
        return Failure(error.why, seconds=error.seconds)
    if isinstance(error, NeverError):
        return Failure(error.why, is_final=True)
    if isinstance(error, RefusedError):
        return Failure(str(error), is_final=True)
    if isinstance(error, RejectedError):
        if error.code in _FINAL:
            return Failure(f"the service does not take it ({error.code})", is_final=True)
        return Failure(f"the service refuses the request ({error.status} {error.code})")
    if isinstance(error, UnavailableError | AnswerError):
        return Failure("the service cannot be asked")
    return Failure(f"it failed with {type(error).__name__}: see the log", is_known=False)
