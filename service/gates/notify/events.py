"""Events: what happened to checks that wait for two people, and to certificates. Pure, but for the book's marks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Literal, NamedTuple

Kind = Literal[
    "approvals.wanted", "approvals.lapsing", "approvals.approved", "approvals.declined", "approvals.lapsed",
    "certificate.withdrawn",
]  # fmt: skip
# What a review's state tells, once it is over.
ENDS: dict[str, Kind] = {
    "approved": "approvals.approved", "declined": "approvals.declined", "expired": "approvals.lapsed",
}  # fmt: skip
SUBJECTS: dict[Kind, str] = {
    "approvals.wanted": "Doublecheck: two people are wanted",
    "approvals.lapsing": "Doublecheck: an answer is due soon",
    "approvals.approved": "Doublecheck: a check was approved",
    "approvals.declined": "Doublecheck: a check was declined",
    "approvals.lapsed": "Doublecheck: a review lapsed",
    "certificate.withdrawn": "Doublecheck: a certificate is withdrawn",
}
_CERTIFICATE = re.compile(r'^doublecheck_certificate_holds\{tier="([a-z_]{1,40})"\} ([01])(?:\.0)?$', re.MULTILINE)


class Event(NamedTuple):
    """Something to tell.

    Attributes
    ----------
    id : str
        The same for the same event, however often it is found.
    data : dict
        Without personal data, unless that is configured.
    """

    id: str
    kind: Kind
    data: dict[str, Any]

    def to_json(self) -> str:
        """Return it as the book keeps it."""
        return json.dumps(self._asdict(), separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Event:
        """Return what ``to_json`` wrote."""
        return cls(**json.loads(text))


def about(kind: Kind, found: Mapping[str, Any], console: str, *, names: bool) -> Event:
    """Return an event about a check.

    Parameters
    ----------
    found : mapping
        As ``GET /v1/checks/{id}`` answers.
    names : bool
        Whether the reported account is named.
    """
    check, review = found["check"], found["review"]
    due = check.get("due") or {}
    data = {
        "check_id": check["check_id"],
        "action": found["action"],
        "required": review["required"],
        "approvals": sum(one["counts"] and one["answer"] == "approve" for one in review["approvals"]),
        "due_at": due.get("due_at"),
        "lapses_at": review.get("lapses_at"),
        "url": f"{console}/checks/{check['check_id']}",
    }
    if names:
        data |= {name: found["account"].get(name) for name in ("platform", "handle")}
    return Event(f"{check['check_id']}:{kind}", kind, data)


def is_lapsing(found: Mapping[str, Any], now: float, hours: float) -> bool:
    """Tell whether an answer is due, or the review lapses, within so many hours."""
    ends = ((found["check"].get("due") or {}).get("due_at"), found["review"].get("lapses_at"))
    return any(end and datetime.fromisoformat(end).timestamp() - now <= hours * 3600.0 for end in ends)


def withdrawn(metrics: str) -> Iterator[tuple[str, bool]]:
    """Yield each tier that has a certificate in the service's metrics, and whether it is withdrawn.

    Examples
    --------
    >>> list(withdrawn('doublecheck_certificate_holds{tier="high"} 0.0'))
    [('high', True)]
    """
    for tier, holds in _CERTIFICATE.findall(metrics):
        yield tier, holds == "0"
