"""What others did at the platform: takedowns without a clearance are raised, decided appeals become outcomes."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from typing import Any

from service.gates.book import Book
from service.gates.case import Case
from service.gates.errors import LaterError
from service.gates.outcomes import Outcome
from service.gates.ozone import events, names
from service.gates.ozone.reports import earlier, mark, moment
from service.gates.ozone.wire import Wire, XrpcError

log = logging.getLogger(__name__)

# Name of the mark that says until when events were read.
_READ_UNTIL = "ozone events"
_NOT_OURS = "The account was taken down without a redeemed clearance."
_REVERSED = "The takedown was reversed on the platform."
_UPHELD = "The appeal was resolved on the platform, and the takedown stands."
# What Ozone itself writes when a takedown for some time is over.
_BY_ITSELF = "[SCHEDULED_REVERSAL]"


def look(wire: Wire, book: Book) -> None:
    """Read what happened since the last look, and note what has to be noted; again, if this is killed in between.

    Raises
    ------
    LaterError
    """
    after = book.mark(_READ_UNTIL)
    if after is None:  # what was before the gate is nobody's concern
        after = earlier(moment(book.now()))
        book.set_mark(_READ_UNTIL, after)
    found = _read(wire, after)
    for one in found[names.TAKEDOWN]:
        _takedown(wire, book, one)
    for one in found[names.REVERSAL]:
        _reversal(wire, book, one)
    for one in found[names.RESOLVED]:
        _resolved(book, one)
    for one in found[names.REPORT]:
        _appealed(wire, book, one)
    _move_on(book, after, (one for its in found.values() for one in its))


def _read(wire: Wire, after: str) -> dict[str, list[dict[str, Any]]]:
    try:
        found = {
            kind: list(events.of_kind(wire, kind, after=after))
            for kind in (names.TAKEDOWN, names.REVERSAL, names.RESOLVED)
        }
        found[names.REPORT] = list(events.of_kind(wire, names.REPORT, after=after, reasons=names.APPEALS))
    except XrpcError as error:
        raise LaterError(f"Ozone's events cannot be read ({error.status} {error.name})") from None
    return found


def _move_on(book: Book, after: str, found: Iterable[Mapping[str, Any]]) -> None:
    latest = max((str(one.get("createdAt")) for one in found), default=None)
    if latest is not None and (until := mark(latest, book.now())) > after:
        book.set_mark(_READ_UNTIL, until)


def _takedown(wire: Wire, book: Book, one: Mapping[str, Any]) -> None:
    """Raise a takedown of an account that was reported as impersonation, if no clearance was redeemed for it."""
    account = events.account_of(one)
    ref = f"takedown-{one.get('id')}"
    if account is None or book.find(ref) is not None:
        return
    entries = book.of_account(account)
    ours = (entry.case.clearance_id for entry in entries)
    if any(clearance and events.is_ours(one, clearance, wire.did) for clearance in ours):
        return
    if not entries and not _was_reported(wire, account):
        return
    events.offer(wire, account, events.comment(f"Doublecheck: {_NOT_OURS} Somebody has to look."), ref)
    book.take_on(Case(ref, account, "suspend", state="raised", why=_NOT_OURS))
    entry = book.find(ref)
    log.error("case %s: %s", entry.number if entry else "-", _NOT_OURS)


def _was_reported(wire: Wire, account: str) -> bool:
    """Tell whether an account that the gate knows nothing of was ever reported as impersonation."""
    try:
        return any(
            True
            for reason in names.REASONS
            for _ in events.of_kind(wire, names.REPORT, about=account, reasons=[reason])
        )
    except XrpcError as error:
        raise LaterError(f"an account's reports cannot be read ({error.status} {error.name})") from None


def _reversal(wire: Wire, book: Book, one: Mapping[str, Any]) -> None:
    case, seen = _acted_on(book, one), f"ozone reversal {one.get('id')}"
    if case is None or _comment(one).startswith(_BY_ITSELF) or book.mark(seen) is not None:
        return
    by = None if _by(one) == case.actor else _by(one)  # who acted cannot decide the appeal: nobody named, caution only
    note = _comment(one) or _REVERSED
    if book.outcomes.add(Outcome(_ref(one), case.account, "overturned", note, by, case.check_id)):
        log.info("check %s: overturned on the platform", case.check_id)
    book.set_mark(f"ozone overturned {case.check_id}", str(one.get("id")))
    events.hold(wire, case.account, f"hold-{one.get('id')}")  # it may be suspended again with another clearance only
    book.set_mark(seen, str(case.check_id))  # read again, it is not taken for the reversal of a later suspension


def _resolved(book: Book, one: Mapping[str, Any]) -> None:
    case = _acted_on(book, one)
    if case is None or book.mark(f"ozone overturned {case.check_id}") is not None:
        return
    if _by(one) == case.actor:
        log.warning("check %s: an appeal was resolved by whoever acted, which is no outcome", case.check_id)
        return
    note = _comment(one) or _UPHELD
    if book.outcomes.add(Outcome(_ref(one), case.account, "upheld", note, _by(one), case.check_id)):
        log.info("check %s: upheld on the platform", case.check_id)


def _appealed(wire: Wire, book: Book, one: Mapping[str, Any]) -> None:
    """Say beside an appeal which check the action rests on, once."""
    case = _acted_on(book, one)
    if case is None or book.mark(f"ozone appealed {one.get('id')}") is not None:
        return
    text = (
        f"Doublecheck: the appeal is against the suspension of check {case.check_id}. Whoever decides it must not have "
    )
    text += "asked for the suspension or approved it."
    events.offer(wire, case.account, events.comment(text), f"appealed-{one.get('id')}")
    book.set_mark(f"ozone appealed {one.get('id')}", str(case.check_id))
    log.info("check %s: an appeal came in", case.check_id)


def _acted_on(book: Book, one: Mapping[str, Any]) -> Case | None:
    """Return the latest case in which the gate acted on the account that an event is about."""
    account = events.account_of(one)
    entries = book.of_account(account) if account else []
    return next((entry.case for entry in entries if entry.case.state in {"acted", "done"}), None)


def _ref(one: Mapping[str, Any]) -> str:
    return f"event-{one.get('id')}"


def _comment(one: Mapping[str, Any]) -> str:
    event = one.get("event")
    said = event.get("comment") if isinstance(event, Mapping) else None
    return said.strip()[:2000] if isinstance(said, str) else ""


def _by(one: Mapping[str, Any]) -> str | None:
    by = one.get("createdBy")
    return by if isinstance(by, str) and by else None
