"""What the service may answer, read strictly: what is missing, of another type, or contradicts itself is an error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

import jwt

VERDICTS = ("cleared", "needs_review", "refused")
# What PyJWT raises over what is no token or no key.
UNREADABLE = (jwt.PyJWTError, ValueError, TypeError, RecursionError)
T = TypeVar("T")


class Reason(NamedTuple):
    """Why something is so: a stable code for machines, a sentence for people."""

    code: str
    text: str


class ClientError(Exception):
    """There is no permission to act: the base of all that the client raises."""


class UnavailableError(ClientError):
    """No answer came in time. A clearance may have been spent all the same: ask for a new check."""


class AnswerError(ClientError):
    """What came is no answer that can be trusted: the service failed, or something else answered in its place."""


class RefusedError(ClientError):
    """The clearance does not hold, or none is given.

    Attributes
    ----------
    reasons : tuple of Reason
        All that speaks against it, the weightiest first.
    """

    def __init__(self, reasons: Sequence[Reason]) -> None:
        super().__init__(reasons)
        self.reasons = tuple(reasons)

    def __str__(self) -> str:
        return " ".join(f"{reason.text} ({reason.code})" for reason in self.reasons)


class RejectedError(ClientError):
    """The service does not take the request: it is wrong, or this caller or reviewer may not do that.

    Attributes
    ----------
    status : int
    code : str
        Stable, for machines; empty where something else than the service answered.
    problem : dict
        The whole answer, RFC 9457; empty likewise.
    """

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        super().__init__(status, problem)
        self.status, self.problem = status, dict(problem)
        self.code = str(problem.get("code", ""))

    def __str__(self) -> str:
        return f"{self.status} {self.code}: {self.problem.get('detail', 'something else than the service answered')}"


@dataclass(frozen=True, slots=True)
class CheckAnswer:
    """The answer to a check. It is true only where it is cleared.

    Attributes
    ----------
    verdict : {"cleared", "needs_review", "refused"}
    relation : str
        What the account is to the protected one.
    probability : float
        Of impersonation, 0 to 1.
    token : str or None
        The clearance, to be redeemed right before acting.
    clearing_probability : float or None
        Of impersonation with the strongest kind of evidence taken away: what the certified threshold is compared with.
        ``None`` where the service is of an earlier version.
    raw : dict
        The whole answer as it came: target, evidence, certificate, the log's entry.
    """

    check_id: str
    verdict: str
    reasons: tuple[Reason, ...]
    required_approvals: int
    relation: str
    probability: float
    token: str | None = field(repr=False)
    raw: Mapping[str, Any] = field(repr=False, compare=False)
    clearing_probability: float | None = None

    @property
    def cleared(self) -> bool:
        """Whether there is a clearance to redeem. The action is allowed by redeeming only."""
        return self.verdict == "cleared" and self.token is not None

    def __bool__(self) -> bool:
        return self.cleared


@dataclass(frozen=True, slots=True)
class Redeemed:
    """The clearance was good and is spent: take this action on this account, once, now."""

    clearance_id: str
    check_id: str
    action: str
    actor: str
    account: str
    redeemed_at: datetime


def check_answer(answer: Mapping[str, Any]) -> CheckAnswer:
    """Return the answer to a check.

    Raises
    ------
    AnswerError
        Also if there is a clearance without the verdict ``cleared``, or that verdict without a clearance.
    """
    verdict = take(answer, "verdict", str)
    token = None if answer.get("clearance") is None else take(take(answer, "clearance", dict), "token", str)
    if verdict not in VERDICTS or (verdict == "cleared") != (token is not None):
        raise AnswerError("the answer contradicts itself: a clearance comes with the verdict 'cleared' and no other")
    return CheckAnswer(
        check_id=take(answer, "check_id", str),
        verdict=verdict,
        reasons=read_reasons(answer),
        required_approvals=take(answer, "required_approvals", int),
        relation=take(answer, "relation", str),
        probability=_probability(answer, "impersonation_probability"),
        token=token,
        raw=answer,
        clearing_probability=None
        if answer.get("clearing_probability") is None
        else _probability(answer, "clearing_probability"),
    )


def batch_rows(answer: Mapping[str, Any], count: int) -> tuple[dict[str, Any], ...]:
    """Return the answers to a batch of ``count`` checks.

    Raises
    ------
    AnswerError
        Also if they are more, fewer or others.
    """
    rows = take(answer, "results", list)
    if len(rows) != count:
        raise AnswerError("the batch was answered with another number of rows")
    for number, row in enumerate(rows, 1):
        require(row if isinstance(row, dict) else {}, row=number)
        if row.get("verdict") not in (VERDICTS if row.get("error") is None else (None,)):
            raise AnswerError(f"row {number} of the batch has no verdict that is known")
    return tuple(rows)


def redeemed(answer: Mapping[str, Any], action: str, claims: Mapping[str, Any]) -> Redeemed:
    """Return what was redeemed.

    Raises
    ------
    AnswerError
        Also if that is anything else than what the token says.
    """
    require(answer, redeemed=True, action=action)
    require(answer, clearance_id=claims.get("jti"), check_id=claims.get("check"))
    require(answer, actor=claims.get("actor"), account=claims.get("sub"))
    return Redeemed(
        clearance_id=take(answer, "clearance_id", str),
        check_id=take(answer, "check_id", str),
        action=action,
        actor=take(answer, "actor", str),
        account=take(answer, "account", str),
        redeemed_at=_moment(answer, "redeemed_at"),
    )


def read_reasons(answer: Mapping[str, Any]) -> tuple[Reason, ...]:
    """Return the reasons, at least one."""
    given = [item if isinstance(item, dict) else {} for item in take(answer, "reasons", list)]
    if not given:
        raise AnswerError("the answer has no reasons")
    return tuple(Reason(take(item, "code", str), take(item, "text", str)) for item in given)


def read_token(token: str) -> dict[str, Any]:
    """Return what a token says, without looking who signed it: that is for the service."""
    try:
        claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    except UNREADABLE:
        raise AnswerError("the clearance is no token that can be read") from None
    return claims


def take(answer: Mapping[str, Any], name: str, kind: type[T]) -> T:
    """Return a member of the answer, which has to be there and of this very type."""
    value = answer.get(name)
    if type(value) is not kind:
        raise AnswerError(f"the answer's {name} is missing or of another type")
    return value


def require(answer: Mapping[str, Any], **expected: object) -> None:
    """Refuse an answer to something else than what was asked."""
    for name, value in expected.items():
        if type(answer.get(name)) is not type(value) or answer.get(name) != value:
            raise AnswerError(f"the answer's {name} is not that of what was asked")


def _probability(answer: Mapping[str, Any], name: str) -> float:
    value: Any = answer.get(name)
    if type(value) not in {int, float} or not 0 <= value <= 1:
        raise AnswerError(f"the answer's {name} is no probability")
    return float(value)


def _moment(answer: Mapping[str, Any], name: str) -> datetime:
    try:
        moment = datetime.fromisoformat(take(answer, name, str))
    except ValueError:
        raise AnswerError(f"the answer's {name} is no time") from None
    if moment.tzinfo is None:
        raise AnswerError(f"the answer's {name} is a time of no time zone")
    return moment
