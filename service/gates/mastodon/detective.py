"""The detective: finds accounts that were suspended without a clearance of this gate, and suspensions taken back.

Mastodon lets everybody suspend who may see reports, and nothing stops them. So what was done is compared with the book.
"""

from __future__ import annotations

import logging
import random
from typing import Any

from service.gates.book import Book, Entry
from service.gates.case import Case
from service.gates.mastodon.accounts import is_done
from service.gates.mastodon.api import SUSPENDED, Api, GoneError
from service.gates.mastodon.settings import Settings
from service.gates.outcomes import Outcome

log = logging.getLogger(__name__)

# Names of marks. ``KNOWN`` and the account's id says why a suspended account needs no more looking at: it was
# suspended before the gate was first started, with a clearance of it, or without one, which was raised.
KNOWN, HEARD, STARTED = "suspended:", "look:", "detective"
BEFORE, OURS, RAISED = "before", "ours", "raised"
# Seconds after an action within which it is looked whether it was taken back: appeals may come for six months.
APPEALED = 200 * 24 * 3600.0
# How many actions are looked at, the newest.
MOST_DONE = 50_000
# How many disabled accounts are looked at in a round: no list of the server names them.
SAMPLE = 20
_WHY = "An account was suspended at Mastodon without a clearance of this gate."
_NOTE = "Mastodon shows that the action was taken back."


class Detective:
    """Looks at what a server shows as suspended."""

    def __init__(self, api: Api, settings: Settings) -> None:
        self._api, self._settings = api, settings
        self._next = 0.0

    def hear(self, account: str, book: Book) -> None:
        """Note that an account may have been suspended: a delivery says that a report of it was resolved."""
        book.set_mark(HEARD + account, "yes")

    def look(self, book: Book) -> None:
        """Compare what is suspended with the book.

        Raises
        ------
        LaterError
            If the server cannot be asked. Nothing is concluded from half a list.
        """
        if book.now() >= self._next:
            self._look_at_all(book)
        for name in book.marks(HEARD):
            account = name.removeprefix(HEARD)
            if self._shows(account, "suspend"):
                self._judge(account, book)
            book.drop_mark(name)

    def _look_at_all(self, book: Book) -> None:
        pages = list(self._api.pages(SUSPENDED, {"status": "suspended"}))
        suspended = {str(account["id"]) for page in pages for account in page if account.get("id")}
        known = {name.removeprefix(KNOWN): why for name, why in book.marks(KNOWN).items()}
        if book.mark(STARTED) is None:
            book.set_marks({KNOWN + account: BEFORE for account in suspended - known.keys()})
            book.set_mark(STARTED, "yes")
        else:
            for account in sorted(suspended - known.keys()):
                self._judge(account, book)
            self._let_go(known, suspended, book)
        self._look_for_appeals(suspended, book)
        self._next = book.now() + self._settings.gate_poll * (len(pages) - 1)  # a page a poll, on average

    def _judge(self, account: str, book: Book) -> None:
        if book.mark(KNOWN + account):
            return
        entries = book.of_account(account)
        ours = any(_was_done(entry.case) for entry in entries)
        if not ours and not any(entry.case.state == "raised" for entry in entries):
            self._raise(account, entries, book)
        book.set_mark(KNOWN + account, OURS if ours else RAISED)

    def _raise(self, account: str, entries: list[Entry], book: Book) -> None:
        count = sum(entry.case.ref.startswith("suspended-") for entry in entries)
        case = Case(f"suspended-{account}-{count + 1}", account, "suspend", state="raised", why=_WHY)
        book.take_on(case)
        entry = book.find(case.ref)
        log.error("case %d: raised, somebody has to look: %s", entry.number if entry else 0, _WHY)

    def _let_go(self, known: dict[str, str], suspended: set[str], book: Book) -> None:
        """Forget what is not suspended any more; what was raised for it is settled."""
        for account, why in known.items():
            if account in suspended or (why != BEFORE and self._shows(account, "suspend") is not False):
                continue
            for entry in book.of_account(account):
                if entry.case.state == "raised":
                    entry.case.state, entry.case.why = "stands", "The suspension was taken back at Mastodon."
                    book.save(entry.case)
            book.drop_mark(KNOWN + account)

    # --- appeals -----------------------------------------------------------------------------------------------------

    def _look_for_appeals(self, suspended: set[str], book: Book) -> None:
        """Report as overturned what this gate did and somebody took back."""
        since = book.now() - APPEALED
        done = book.in_state("done", MOST_DONE)
        acted = [entry.case for entry in done if entry.changed_at > since and _was_done(entry.case)]
        gone = [case for case in acted if case.action == "suspend" and case.account not in suspended]
        unlisted = [case for case in acted if case.action != "suspend"]
        sample = random.sample(unlisted, min(SAMPLE, len(unlisted)))
        for case in (*gone, *sample):
            if self._shows(case.account, case.action) is False:
                ref = f"taken-back-{case.ref}-{case.round}"
                book.outcomes.add(Outcome(ref, case.account, "overturned", _NOTE, check_id=case.check_id))
                case.told.append("overturned")
                book.save(case)

    def _shows(self, account: str, action: str) -> bool | None:
        """Tell whether the server shows an action on an account; ``None`` where it shows no such account."""
        try:
            found: dict[str, Any] = self._api.account(account)
        except GoneError:
            return None
        return is_done(found, action)


def _was_done(case: Case) -> bool:
    """Tell whether this gate acted, with a clearance that it redeemed, and nobody took that back."""
    begun = case.state in {"acted", "done"} or (case.state == "redeemed" and case.attempted)
    return bool(case.clearance_id) and begun and "overturned" not in case.told
