"""What the core asks of Mastodon."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from typing import Any

import httpx

from service.gates.attempts import SETTLE
from service.gates.book import Book
from service.gates.case import Case
from service.gates.deliveries import is_signed, once
from service.gates.errors import LaterError, NeverError
from service.gates.mastodon import missing, reports
from service.gates.mastodon.accounts import is_done, is_remote, shown
from service.gates.mastodon.api import REPORTS, Api
from service.gates.mastodon.detective import Detective
from service.gates.mastodon.settings import Settings
from service.gates.platform import Delivery, Profile, Reply

log = logging.getLogger(__name__)

PATH = "/mastodon/webhook"
EVENTS = frozenset({"report.created", "report.updated"})
# What Mastodon calls the actions. It deletes what a suspended account left by itself, after a time of its own.
KINDS = {"suspend": "suspend", "deactivate": "disable"}


class Mastodon:
    """A Mastodon server, as ``service.gates.platform.Platform`` has it."""

    name = "mastodon"

    def __init__(self, settings: Settings, *, transport: httpx.BaseTransport | None = None) -> None:
        self.settings = settings
        self.api = Api(settings.gate_mastodon_url, settings.gate_mastodon_token, transport=transport)
        self.detective = Detective(self.api, settings)
        self._next_reports = 0.0

    def close(self) -> None:
        """Close all connections."""
        self.api.close()

    # --- in ----------------------------------------------------------------------------------------------------------

    def poll(self, book: Book) -> None:
        """Take on open reports that no webhook brought, and look at what was suspended."""
        late: LaterError | NeverError | None = None
        for look in (self._read_reports, self.detective.look):
            try:
                look(book)
            except (LaterError, NeverError) as error:
                late = error
        if late is not None:
            raise LaterError(late.why)

    def _read_reports(self, book: Book) -> None:
        if book.now() < self._next_reports:
            return
        pages = 0
        for page in self.api.pages(REPORTS, {"resolved": "false"}):
            pages += 1
            for given in page:
                try:
                    report = reports.Report.read(given, self.settings.gate_mastodon_domain)
                except ValueError:
                    log.warning("a report of the server cannot be read and is left out")
                    continue
                reports.take_on_open(report, book, self.settings)
        self._next_reports = book.now() + self.settings.gate_poll * (pages - 1)  # a page a poll, on average

    def receive(self, delivery: Delivery, book: Book) -> Reply:
        """Answer a webhook: 200 once it is on disk.

        The service need not be there for that. What is on disk is checked once it is, so that no delivery is lost.
        """
        if delivery.path != PATH:
            return Reply(404)
        given = delivery.headers.get("x-hub-signature", "")
        if not is_signed(delivery.body, given, self.settings.gate_mastodon_secret):
            return Reply(401)
        if book.mark(missing.HEARD) is None:
            book.set_mark(missing.HEARD, "yes")
        return once(delivery, book, lambda: self._heard(delivery.body, book))

    def _heard(self, body: bytes, book: Book) -> Reply:
        try:
            event = json.loads(body)
            if not isinstance(event, dict):
                return Reply(400)
            if event.get("event") not in EVENTS:
                return Reply(200)
            report = reports.Report.read(event.get("object"), self.settings.gate_mastodon_domain)
        except (ValueError, RecursionError):
            return Reply(400)
        reports.take_on(report, book, self.settings)
        if report.is_resolved:
            self.detective.hear(report.account, book)
        return Reply(200)

    # --- a case ------------------------------------------------------------------------------------------------------

    def gather(self, case: Case, book: Book) -> None:
        """Add what others reported of the account; close the case if somebody resolved it all."""
        reports.gather(case, book)

    def profile(self, case: Case) -> Profile:
        """Read the account: of what moderators see only what everybody sees goes further."""
        if case.action not in KINDS:
            raise NeverError("At Mastodon this gate suspends and disables, and does nothing else.")
        account = self.api.account(case.account)
        if is_remote(account, self.settings.gate_mastodon_domain):
            case.extra["only_approved"] = True
            if case.action == "deactivate":
                raise NeverError("An account of another server cannot be disabled here, only suspended.")
        _refuse_done(account, case)
        return Profile("mastodon", shown(account, self.settings.gate_mastodon_domain))

    def tell(self, case: Case, event: str, answer: Mapping[str, Any] | None) -> None:
        """Tell nothing: Mastodon has no place for it that the gate may write to."""

    def prepare(self, case: Case) -> None:
        """Look right before acting whether somebody else did."""
        _refuse_done(self.api.account(case.account), case)

    def act(self, case: Case) -> None:
        """Suspend or disable the account, unless that was done: ``prepare`` has seen that nobody else did."""
        if is_done(self.api.account(case.account), case.action):
            return
        self.api.act(case.account, self._form(case))
        if is_done(self.api.account(case.account), case.action) is False:
            raise LaterError("Mastodon took the action and does not show it", SETTLE)

    def has_acted(self, case: Case) -> bool:
        """Tell whether this gate began the action, and the account shows it."""
        return case.attempted and is_done(self.api.account(case.account), case.action) is True

    def missing(self) -> Iterator[str]:
        """Yield what is missing at the server, as sentences."""
        return missing.sentences(self.api, self.settings)

    def _form(self, case: Case) -> dict[str, str]:
        """Return the form of an action. Without the last field the server takes it for true."""
        report = case.extra.get("report")
        return {
            "type": KINDS[case.action],
            **({"report_id": str(report)} if report else {}),
            "text": self.settings.gate_mastodon_text.replace("{check}", case.check_id or "-"),
            "send_email_notification": "true" if self.settings.gate_mastodon_notify else "false",
        }


def platform(settings: Settings) -> Mastodon:
    """Return the platform of these settings."""
    return Mastodon(settings)


def _refuse_done(account: Mapping[str, Any], case: Case) -> None:
    if is_done(account, case.action) and not case.attempted:
        raise NeverError("Somebody else took the action already, without a clearance of this gate.")
