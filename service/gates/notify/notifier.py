"""The notifier: looks at what waits, notes what is new on disk, and sends it until it is taken."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import httpx
from doublecheck_client import ClientError, Doublecheck, RejectedError

from service.gates.book import Book
from service.gates.errors import LaterError
from service.gates.notify.events import ENDS, Event, about, is_lapsing, withdrawn
from service.gates.notify.send import by_mail, to_webhook
from service.gates.notify.settings import Settings
from service.gates.ready import at_service

log = logging.getLogger(__name__)

# Marks of the book: since when checks are read; what is known of one that waits; of a tier; what is still to be sent.
_SINCE, _CHECK, _TIER, _OUT = "since", "check:", "tier:", "out:"
_OVER = "over:"
# Seconds after which what nobody takes is given up.
GIVEN_UP = 3 * 24 * 3600.0
# Checks that are asked for at once, and seconds for the service's metrics.
_PAGE, _METRICS_SECONDS = 200, 5.0


class Notifier:
    """Tells people and tools what waits for them. It asks for no check and takes no action."""

    name = "notify"

    def __init__(self, settings: Settings, transport: httpx.BaseTransport | None = None) -> None:
        self._settings = settings
        self._service = Doublecheck(settings.url, settings.key, transport=transport)
        self._http = httpx.Client(base_url=settings.url, timeout=_METRICS_SECONDS, transport=transport)

    def close(self) -> None:
        """Close all connections."""
        self._service.close()
        self._http.close()

    def poll(self, book: Book) -> None:
        """Note what is new, and send what was not taken yet."""
        try:
            self._look(book)
        except ClientError as error:
            log.warning("notices: the service cannot be read (%s)", type(error).__name__)
        self._send(book)

    # --- what is new -------------------------------------------------------------------------------------------------

    def _look(self, book: Book) -> None:
        for check_id in self._new(book):
            book.set_mark(f"{_CHECK}{check_id}", "new")
        for mark, known in book.marks(_CHECK).items():
            self._follow(mark, known, book)
        for tier, is_withdrawn in withdrawn(self._metrics()):
            self._tier(tier, is_withdrawn, book)

    def _new(self, book: Book) -> Iterator[str]:
        """Yield the checks that began to wait since the last look; at the first start none: they are in the queue."""
        now = datetime.fromtimestamp(book.now(), UTC).isoformat()
        since = book.mark(_SINCE)
        if since is None:
            book.set_mark(_SINCE, now)
            return
        latest, before, seen = since, None, set[str]()
        while True:
            page = self._service.search(verdict="needs_review", since=since, before=before, limit=_PAGE)
            for line in page["checks"]:
                latest = max(latest, line["checked_at"], key=datetime.fromisoformat)
                seen.add(line["check_id"])
                if all(book.mark(f"{known}{line['check_id']}") is None for known in (_CHECK, _OVER)):
                    yield line["check_id"]
            before = page["next"]
            if before is None:
                break
        book.set_mark(_SINCE, latest)
        for mark in book.marks(_OVER):
            if mark.removeprefix(_OVER) not in seen:  # it lies before what is read next time
                book.drop_mark(mark)

    def _follow(self, mark: str, known: str, book: Book) -> None:
        try:
            found = self._service.find(mark.removeprefix(_CHECK))
        except RejectedError as error:
            if error.status in {404, 410}:  # another database, or erased: nothing waits for anybody
                book.drop_mark(mark)
            return
        state = found["review"]["state"]
        if known == "new":
            self._note("approvals.wanted", found, book)
            book.set_mark(mark, "open")
        if state == "open" and known != "lapsing" and is_lapsing(found, book.now(), self._settings.gate_notify_hours):
            self._note("approvals.lapsing", found, book)
            book.set_mark(mark, "lapsing")
        elif state != "open":
            if state in ENDS:
                self._note(ENDS[state], found, book)
            book.set_mark(f"{_OVER}{mark.removeprefix(_CHECK)}", state)
            book.drop_mark(mark)

    def _note(self, kind: Any, found: Mapping[str, Any], book: Book) -> None:
        event = about(kind, found, self._settings.console(), names=self._settings.gate_notify_names)
        self._put(event, book)

    def _put(self, event: Event, book: Book) -> None:
        """Note an event for each who is told; noted twice, it is sent once more under the same id."""
        targets = [*self._settings.webhooks(), *(f"mailto:{one}" for one in self._settings.recipients())]
        noted = f"{book.now():.0f} {event.to_json()}"
        book.set_marks({f"{_OUT}{event.id} {target}": noted for target in targets})

    def _tier(self, tier: str, is_withdrawn: bool, book: Book) -> None:
        known = book.mark(f"{_TIER}{tier}")
        if is_withdrawn and known != "withdrawn":
            at = f"{book.now():.0f}"
            data = {"tier": tier, "url": f"{self._settings.console()}/"}
            self._put(Event(f"certificate:{tier}:{at}", "certificate.withdrawn", data), book)
        book.set_mark(f"{_TIER}{tier}", "withdrawn" if is_withdrawn else "holds")

    def _metrics(self) -> str:
        try:
            answer = self._http.get("/metrics", headers={"Authorization": f"Bearer {self._settings.key}"})
        except httpx.HTTPError:
            return ""
        return answer.text if answer.status_code == 200 else ""

    # --- sending -----------------------------------------------------------------------------------------------------

    def _send(self, book: Book) -> None:
        for mark, text in book.marks(_OUT).items():
            _, _, target = mark.partition(" ")
            at, _, event = text.partition(" ")
            try:
                self._sent(Event.from_json(event), target, book.now())
            except LaterError as late:
                if book.now() - float(at) < GIVEN_UP:
                    log.warning("notices: %s: tried again", late.why)
                    continue
                log.error("notices: %s: given up after three days", late.why)
            book.drop_mark(mark)

    def _sent(self, event: Event, target: str, now: float) -> None:
        if target.startswith("mailto:"):
            by_mail(event, target.removeprefix("mailto:"), self._settings)
        else:
            to_webhook(event, target, self._settings, now)

    # --- what is missing ---------------------------------------------------------------------------------------------

    def missing(self) -> Iterator[str]:
        """Yield what is missing at Doublecheck."""
        yield from at_service(self._settings, "auditor")
        if not self._metrics():
            yield "The service's metrics cannot be read: without them nobody is told of a withdrawn certificate."
