"""Reading what is reported, and taking it on: the open reports of one account are one case."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from service.gates.book import Book
from service.gates.case import Case
from service.gates.errors import LaterError
from service.gates.ozone import events, names, told
from service.gates.ozone.wire import Wire, XrpcError

log = logging.getLogger(__name__)

# What a report is while nobody has closed it. Ozone moves a report from the first to the others by itself.
_OPEN = ("open", "queued", "assigned", "escalated")
# Name of the mark that says until when events were read, where reports cannot be asked for.
_READ_UNTIL = "ozone reports"
# Days that are read when there is no mark yet, and minutes read again: events may become visible out of order.
_FIRST_DAYS, _OVERLAP_MINUTES = 30, 5
# Characters of a report that reviewers are shown.
_LONGEST = 2000


class Report(NamedTuple):
    """A report, as far as it matters here.

    Attributes
    ----------
    number : int or None
        The report's; ``None`` where Ozone has events only.
    event : int
        The event's that made it: what tells one report from another.
    account : str
        The DID of the account, also where its profile's record is reported.
    moderator : str or None
        The DID of whoever is assigned.
    """

    number: int | None
    event: int
    account: str
    text: str
    moderator: str | None
    at: str


def open_reports(wire: Wire, book: Book) -> list[Report]:
    """Return the open reports of impersonation; those of an older Ozone since they were read last.

    Raises
    ------
    LaterError, XrpcError
    """
    try:
        found = {report.event: report for report in _of_account(wire)}
    except XrpcError as error:
        if not error.is_unknown:
            raise
        return _from_events(wire, book)
    try:
        for report in _elsewhere(wire):
            found.setdefault(report.event, report)
    except LaterError as late:  # what was found is taken on all the same
        log.warning("not all reports could be read: %s", late.why)
    return list(found.values())


def take_on(wire: Wire, book: Book, reports: Iterable[Report]) -> None:
    """Make each account's reports a case, or merge them into the one that is open. The account is held first.

    Raises
    ------
    LaterError
        If that failed for one of them, once the others are taken on.
    """
    by_account: dict[str, list[Report]] = defaultdict(list)
    for report in sorted(reports, key=lambda report: report.event):
        by_account[report.account].append(report)
    failed: LaterError | None = None
    for account, its in by_account.items():
        try:
            _take_on(wire, book, account, its)
        except LaterError as late:
            failed = late
    if failed is not None:
        raise failed


def _take_on(wire: Wire, book: Book, account: str, its: list[Report]) -> None:
    entries = book.of_account(account)
    known = {event for entry in entries for event in entry.case.extra.get("events", [])}
    new = [report for report in its if report.event not in known]
    current = next((one.case for one in entries if not one.case.is_over and one.case.state != "raised"), None)
    acted = next((entry.case for entry in entries if entry.case.state == "done"), None)
    if current is not None:
        _merge(wire, book, current, new, its)
    elif new and acted is not None and events.is_down(wire, account):
        told.release(wire, acted, new[-1].event)  # Ozone has tagged it again, so that nobody could decide an appeal
        _add(book, acted, new)  # there is nothing left to do
    elif new:
        _open_case(wire, book, new)


def _open_case(wire: Wire, book: Book, reports: list[Report]) -> None:
    first = reports[0]
    name = f"event-{first.event}" if first.number is None else f"report-{first.number}"
    case = Case(
        f"{first.account} {name}", first.account, "suspend", _moderator(reports, wire.did),
        extra=_extra({}, reports),
    )  # fmt: skip
    case.add(report.text for report in reports)
    try:
        events.hold(wire, case.account, held_id(case))
        case.told.append("held")
    except LaterError as late:  # the check does not begin before it is
        log.warning("an account could not be held yet: %s", late.why)
    book.take_on(case)


def _merge(wire: Wire, book: Book, case: Case, new: list[Report], its: list[Report]) -> None:
    """Add later reports to an open case; whoever is assigned before the check becomes its actor."""
    actor = _moderator(its, wire.did)
    if not new and (case.state != "new" or case.actor or actor is None):
        return  # nothing is to be added, and nobody is to be named
    if case.state == "new" and case.round == 0:  # later the check has been asked for in somebody's name, or nobody's
        case.actor = case.actor or actor
    _add(book, case, new)
    for report in new:
        if report.number is not None and case.check_id:
            text = f"Doublecheck: this account is checked already, and this report was added. Check {case.check_id}."
            try:
                events.note(wire, report.number, text, f"[{case.check_id} added]")
            except LaterError as late:
                log.warning("a report could not be given a note: %s", late.why)


def _add(book: Book, case: Case, new: list[Report]) -> None:
    """Add reports to a case that is in the book. Only this thread works on it: Ozone sends nothing."""
    case.add(report.text for report in new)
    case.extra = _extra(case.extra, new)
    book.note(case)


def held_id(case: Case) -> str:
    """Return the external id of a case's hold: another in each round, because somebody may have taken the tag off."""
    return case.key("hold")


def _moderator(reports: list[Report], gate: str) -> str | None:
    """Return who is assigned to the earliest report that somebody is assigned to; the gate itself is nobody."""
    return next((report.moderator for report in reports if report.moderator not in {None, gate}), None)


def _extra(extra: Mapping[str, Any], reports: list[Report]) -> dict[str, Any]:
    numbers = [report.number for report in reports if report.number is not None]
    return {
        "events": [*extra.get("events", []), *(report.event for report in reports)],
        "reports": [*extra.get("reports", []), *numbers],
    }


# --- asking for reports ----------------------------------------------------------------------------------------------


def _of_account(wire: Wire) -> Iterator[Report]:
    for reason in names.REASONS:
        yield from _reports(wire, {"status": "open", "subjectType": "account"}, [reason])


def _elsewhere(wire: Wire) -> Iterator[Report]:
    """Yield reports of profiles' records, and those that Ozone has queued, assigned or escalated, where it has that."""
    asked: list[dict[str, str]] = [
        {"status": "open", "subjectType": "record", "collections": names.PROFILE_RECORD},
        *({"status": status} for status in _OPEN[1:]),
    ]
    for parameters in asked:
        try:
            yield from _reports(wire, parameters, names.REASONS)
        except XrpcError:  # an Ozone without that state or parameter has no such reports
            continue


def _reports(wire: Wire, parameters: Mapping[str, str], reasons: Sequence[str]) -> Iterator[Report]:
    for one in wire.pages(names.QUERY_REPORTS, {**parameters, "reportTypes": list(reasons)}, "reports"):
        is_open = one.get("status", "open") in _OPEN and one.get("reportType") in reasons
        report = _read_report(one) if is_open else None
        if report is not None:
            yield report


def _read_report(one: Mapping[str, Any]) -> Report | None:
    """Return a report of an account or its profile; ``None`` for any other, or half a one."""
    subject = one.get("subject")
    account = _account_in(subject.get("subject") or subject.get("did")) if isinstance(subject, Mapping) else None
    number = one.get("id")
    event = one.get("eventId", number)
    if account is None or not isinstance(number, int) or not isinstance(event, int):
        return None
    return Report(
        number, event, account, _text(one.get("comment")), _assigned(one.get("assignment")), str(one.get("createdAt"))
    )


def _account_in(subject: object) -> str | None:
    """Return whose account a subject is: a DID, or the address of the record of a profile.

    Examples
    --------
    >>> _account_in("did:example:a"), _account_in("at://did:example:a/app.bsky.actor.profile/self")
    ('did:example:a', 'did:example:a')
    >>> _account_in("at://did:example:a/app.bsky.feed.post/1") is None
    True
    """
    if not isinstance(subject, str):
        return None
    if subject.startswith("did:"):
        return subject
    did, _, record = subject.removeprefix("at://").partition("/")
    return did if did.startswith("did:") and record.startswith(f"{names.PROFILE_RECORD}/") else None


def _assigned(assignment: object) -> str | None:
    """Return the DID of whoever is assigned, in any of the forms that Ozone's versions have."""
    if isinstance(assignment, str):
        return assignment or None
    if not isinstance(assignment, Mapping):
        return None
    nested = [assignment.get(name) for name in ("moderator", "profile")]
    found = [assignment.get("did"), *(one.get("did") for one in nested if isinstance(one, Mapping))]
    return next((one for one in found if isinstance(one, str) and one), None)


def _text(comment: object) -> str:
    given = comment.strip() if isinstance(comment, str) else ""
    return given[:_LONGEST] or "Reported as impersonation, without a comment."


# --- an Ozone without reports ----------------------------------------------------------------------------------------


def _from_events(wire: Wire, book: Book) -> list[Report]:
    """Return what was reported since the mark, which moves once all of it is taken on: see ``read_until``."""
    after = book.mark(_READ_UNTIL) or moment(book.now() - _FIRST_DAYS * 86_400)
    found = {}
    for reason in names.REASONS:
        for one in events.of_kind(wire, names.REPORT, after=after, reasons=[reason]):
            report = _read_event(one)
            if report is not None:
                found[report.event] = report
    return list(found.values())


def _read_event(one: Mapping[str, Any]) -> Report | None:
    subject = one.get("subject")
    subject = subject if isinstance(subject, Mapping) else {}
    account, event = _account_in(subject.get("did") or subject.get("uri")), one.get("id")
    if account is None or not isinstance(event, int):
        return None
    return Report(None, event, account, _text(one["event"].get("comment")), None, str(one.get("createdAt")))


def read_until(book: Book, reports: list[Report]) -> None:
    """Note how far events were read, by Ozone's own clock: after they were taken on."""
    latest = max((report.at for report in reports if report.number is None), default=None)
    if latest is not None:
        book.set_mark(_READ_UNTIL, mark(latest, book.now()))


def moment(seconds: float) -> str:
    """Return a time as Ozone writes it.

    Examples
    --------
    >>> moment(1_777_636_800.5)
    '2026-05-01T12:00:00.500Z'
    """
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def earlier(at: str) -> str:
    """Return a time some minutes before, or the time itself if it cannot be read."""
    try:
        return moment((datetime.fromisoformat(at) - timedelta(minutes=_OVERLAP_MINUTES)).timestamp())
    except (ValueError, OverflowError):
        return at


def mark(latest: str, now: float) -> str:
    """Return until when what ends with an event at this time was read: some minutes before, and never the future."""
    return min(earlier(latest), earlier(moment(now)))
