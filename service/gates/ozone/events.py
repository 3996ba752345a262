"""What the gate writes into Ozone's log: events, each once by an external id, and notes on reports."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from service.gates.errors import LaterError
from service.gates.ozone import names
from service.gates.ozone.wire import Wire, XrpcError

log = logging.getLogger(__name__)

_TOOL = "doublecheck"
_DOWN_AND_UP = (names.TAKEDOWN, names.REVERSAL)


def emit(
    wire: Wire, did: str, event: Mapping[str, Any], external_id: str, meta: Mapping[str, Any] | None = None
) -> None:
    """Write an event about an account, once: with an external id that Ozone has already, nothing is written.

    Parameters
    ----------
    did : str
        The account.
    event : mapping
        With its ``$type``.
    meta : mapping, optional
        What the log is to say of the tool that acts; text only.

    Raises
    ------
    LaterError, XrpcError
    """
    body = {
        "event": dict(event),
        "subject": {"$type": names.REPO_REF, "did": did},
        "createdBy": wire.did,
        "modTool": {"name": _TOOL} | ({"meta": dict(meta)} if meta else {}),
        "externalId": external_id,
    }
    try:
        wire.post(names.EMIT_EVENT, body)
    except XrpcError as error:
        if error.name != "DuplicateExternalId":
            raise


def offer(wire: Wire, did: str, event: Mapping[str, Any], external_id: str) -> None:
    """Write an event that nothing depends on: where this Ozone does not take it, the log says so. Raises LaterError."""
    try:
        emit(wire, did, event, external_id)
    except XrpcError as error:
        log.warning("Ozone does not take an event (%d %s)", error.status, error.name)


def comment(text: str, *, sticky: bool = False) -> dict[str, Any]:
    """Return a comment on an account; a sticky one stays on top of it."""
    return {"$type": names.COMMENT, "comment": text} | ({"sticky": True} if sticky else {})


def tags(add: Iterable[str] = (), remove: Iterable[str] = ()) -> dict[str, Any]:
    """Return a change of an account's tags."""
    return {"$type": names.TAG, "add": list(add), "remove": list(remove)}


def hold(wire: Wire, did: str, external_id: str) -> None:
    """Put the tag on an account that keeps everybody else from acting on it. Raises LaterError."""
    try:
        emit(wire, did, tags([names.HOLD]), external_id)
    except XrpcError as error:
        raise LaterError(f"the account cannot be held ({error.status} {error.name})") from None


def note(wire: Wire, report: int, text: str, mark: str) -> None:
    """Write a note for moderators on a report, once as far as Ozone can list them. Raises LaterError.

    Parameters
    ----------
    mark : str
        What the note ends with, and no other note on this report does.
    """
    try:
        listed = wire.pages(names.LIST_ACTIVITIES, {"reportId": report}, "activities")
        if any(str(one.get("internalNote", "")).endswith(mark) for one in listed):
            return
    except (XrpcError, LaterError):  # an Ozone that cannot list them: rather twice than not at all
        pass
    body = {
        "reportId": report, "activity": {"$type": names.NOTE}, "internalNote": f"{text} {mark}", "isAutomated": True,
    }  # fmt: skip
    try:
        wire.post(names.CREATE_ACTIVITY, body)
    except XrpcError as error:
        log.warning("Ozone does not take a note on a report (%d %s)", error.status, error.name)


def of_kind(
    wire: Wire, kind: str, *, after: str | None = None, about: str | None = None, reasons: Sequence[str] | None = None
) -> Iterator[dict[str, Any]]:
    """Yield the events of a kind, in Ozone's order: after a time, about an account, of reports with these reasons.

    Raises
    ------
    LaterError, XrpcError
    """
    asked = {"types": kind, "createdAfter": after, "subject": about, "reportTypes": reasons}
    given = {name: value for name, value in asked.items() if value is not None}
    for one in wire.pages(names.QUERY_EVENTS, given, "events"):
        event = one.get("event")
        if not isinstance(event, dict) or event.get("$type") != kind:
            continue
        if (reasons is None or event.get("reportType") in reasons) and about in {None, account_of(one)}:
            yield one


def account_of(event: Mapping[str, Any]) -> str | None:
    """Return the DID of the account that an event is about; ``None`` if it is about something of an account."""
    subject = event.get("subject")
    did = subject.get("did") if isinstance(subject, Mapping) else None
    return did if isinstance(did, str) else None


def is_ours(event: Mapping[str, Any], clearance_id: str, gate: str) -> bool:
    """Tell whether a takedown is the one that a clearance was redeemed for: by its external id, tool or comment."""
    tool = event.get("modTool")
    meta = tool.get("meta") if isinstance(tool, Mapping) else None
    named = {event.get("externalId"), meta.get("clearanceId") if isinstance(meta, Mapping) else None}
    said = str(event["event"].get("comment", "")) if isinstance(event.get("event"), Mapping) else ""
    return event.get("createdBy") == gate and (clearance_id in named or clearance_id in said)


def is_down(wire: Wire, did: str) -> bool:
    """Tell whether the latest takedown of an account was not reversed since. Raises LaterError."""
    try:
        latest = [max((_number(one) for one in of_kind(wire, kind, about=did)), default=0) for kind in _DOWN_AND_UP]
    except XrpcError as error:
        raise LaterError(f"Ozone's log cannot be read ({error.status} {error.name})") from None
    return latest[0] > latest[1]


def _number(event: Mapping[str, Any]) -> int:
    number = event.get("id")
    return number if isinstance(number, int) else 0
