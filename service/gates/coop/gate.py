"""The gate for Coop: the callback of its actions comes here, and the platform acts once a clearance is redeemed."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from service.gates.book import Book, Entry
from service.gates.calls import Caller, filled, read_object
from service.gates.case import Case
from service.gates.coop.callbacks import Appealed, Decided, appealed, decided
from service.gates.coop.settings import Settings
from service.gates.deliveries import REMEMBERED, decoded, digest_of, once
from service.gates.errors import LaterError, NeverError
from service.gates.outcomes import Outcome, was_acted_on
from service.gates.platform import Delivery, Profile, Reply
from service.gates.profiles import Profiles
from service.gates.ready import at_service

log = logging.getLogger(__name__)

ACTION, APPEAL = "/coop/action", "/coop/appeal"
_NOTES = {
    "overturned": "The appeal was accepted at Coop.",
    "upheld": "The appeal was rejected at Coop.",
}


class Coop:
    """Coop and the platform behind it."""

    name = "coop"

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._key = settings.key_of_coop()
        self._platform = Caller("the platform", settings.gate_coop_profile_url, settings.gate_coop_action_url)
        self._coop = Caller("Coop", settings.gate_coop_url or "")
        self._profiles = Profiles(
            self._platform, settings.gate_coop_profile_url, settings.gate_coop_token, settings.gate_coop_format
        )
        self._turn = threading.Lock()
        self.first_step: Callable[[str], None] = lambda _: None

    # --- what comes in -----------------------------------------------------------------------------------------------

    def poll(self, book: Book) -> None:
        """Do nothing: Coop calls."""

    def receive(self, delivery: Delivery, book: Book) -> Reply:
        """Answer a callback. Whatever is not signed by Coop is refused, and leaves no trace."""
        if delivery.path not in {ACTION, APPEAL}:
            return Reply(404)
        if not self._is_signed(delivery):
            return _said(401, "error", "The signature is missing or wrong.")
        try:
            body = read_object(delivery.body)
            if delivery.path == APPEAL:
                appeal = appealed(body)
                return once(delivery, book, lambda: self._appeal(appeal, book))
            wanted = decided(body)
        except ValueError as error:
            return _said(422, "error", f"This cannot be read: {error}.")
        if wanted.action not in self._settings.gate_coop_actions:
            return _said(422, "error", "This action is not named in DOUBLECHECK_GATE_COOP_ACTIONS.")
        return once(delivery, book, lambda: self._action(wanted, delivery, book))

    def _is_signed(self, delivery: Delivery) -> bool:
        signature = decoded(delivery.headers.get("coop-signature", "").strip())
        try:
            self._key.verify(signature, delivery.body, PKCS1v15(), SHA256())
        except InvalidSignature:
            return False
        return True

    def _action(self, wanted: Decided, delivery: Delivery, book: Book) -> Reply:
        """Take a decision on, have it checked, and say what came of it in time."""
        ref = digest_of(delivery)[:32]
        before = book.answered(digest_of(delivery))
        if before is not None and book.now() - before[2] >= REMEMBERED:  # what may be replayed is nobody's decision
            ref, wanted = f"{ref}:{before[2]:.0f}", wanted._replace(actor=None)
        with self._turn:
            joined = book.find(ref) is None and self._joins(wanted, book)
            if not joined:
                book.take_on(self._case(ref, wanted))
        if joined:
            return _said(202, "state", "waiting")
        self.first_step(ref)
        return _answer(book.find(ref))

    def _joins(self, wanted: Decided, book: Book) -> bool:
        """Join an open case of the same account and action, if it is somebody's or this decision is nobody's."""
        action = self._settings.gate_coop_actions[wanted.action]
        for entry in book.of_account(wanted.account):
            case = entry.case
            if not case.is_over and case.action == action and (case.actor or wanted.actor is None):
                book.join(case.ref, wanted.report)
                return True
        return False

    def _case(self, ref: str, wanted: Decided) -> Case:
        return Case(
            ref,
            wanted.account,
            self._settings.gate_coop_actions[wanted.action],
            wanted.actor,
            [wanted.report],
            {"type_id": wanted.type_id},
        )

    def _appeal(self, appeal: Appealed, book: Book) -> Reply:
        if not was_acted_on(appeal.account, book):
            return _said(200, "state", "not acted on by this gate")
        ref = f"{appeal.appeal} {appeal.outcome}"
        book.outcomes.add(Outcome(ref, appeal.account, appeal.outcome, _NOTES[appeal.outcome]))
        return _said(202, "state", "noted")

    # --- what goes out -----------------------------------------------------------------------------------------------

    def profile(self, case: Case) -> Profile:
        """Read the account from the platform, which Coop does not send."""
        return self._profiles.read(case.account)

    def tell(self, case: Case, event: str, answer: Mapping[str, Any] | None) -> None:
        """Keep the reasons of a check for the answer to Coop, and push what needs review into its queue."""
        if event != "checked" or answer is None:
            return
        case.extra["reasons"] = [{"code": one["code"], "text": one["text"]} for one in answer["reasons"]]
        if case.verdict == "needs_review" and self._settings.gate_coop_url:
            self._push(case)

    def _push(self, case: Case) -> None:
        type_id = case.extra.get("type_id", "")
        text = " ".join(one["text"] for one in case.extra["reasons"])
        body = {
            "reporter": {"kind": "user", "typeId": type_id, "id": "doublecheck"},
            "reportedAt": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "reportedForReason": {"reason": f"Doublecheck wants two reviewers, check {case.check_id}. {text}"},
            "reportedItem": {"id": case.account, "typeId": type_id, "data": {}},
        }
        headers = {"X-API-KEY": self._settings.gate_coop_api_key or "", "Content-Type": "application/json"}
        url = f"{self._settings.gate_coop_url}/api/v1/report"
        answer = self._coop.send("POST", url, headers=headers, body=json.dumps(body).encode())
        if answer.status >= 300:  # the review goes on at Doublecheck all the same
            log.error("check %s: Coop does not take it into its queue (%d)", case.check_id, answer.status)

    def act(self, case: Case) -> None:
        """Have the platform take the action; sent again, it is the same request with the same key."""
        body = {
            "account_id": case.account, "action": case.action, "check_id": case.check_id,
            "clearance_id": case.clearance_id, "actor": case.actor,
        }  # fmt: skip
        headers = {
            "Authorization": f"Bearer {self._settings.gate_coop_token}",
            "Content-Type": "application/json",
            "Idempotency-Key": case.clearance_id or "",
        }
        url = filled(self._settings.gate_coop_action_url, case.account)
        answer = self._platform.send("POST", url, headers=headers, body=json.dumps(body).encode())
        if answer.status >= 300:
            raise NeverError(f"The platform does not take the action ({answer.status}).")

    def has_acted(self, case: Case) -> None:
        """Say that nobody can say: the platform takes an action once under its key, so it is asked to again."""

    # --- what is missing ---------------------------------------------------------------------------------------------

    def missing(self) -> Iterator[str]:
        """Yield what is missing; what only Coop's settings show is on the page of this gate."""
        yield from self._profiles.missing("DOUBLECHECK_GATE_COOP_TOKEN")
        if self._settings.gate_coop_url:
            yield from self._coop_missing()
        yield from at_service(self._settings)

    def _coop_missing(self) -> Iterator[str]:
        """Send Coop a report that has nothing in it: refused for its form is well, refused for its key is not."""
        headers = {"X-API-KEY": self._settings.gate_coop_api_key or "", "Content-Type": "application/json"}
        try:
            url = f"{self._settings.gate_coop_url}/api/v1/report"
            answer = self._coop.send("POST", url, headers=headers, body=b"{}")
        except LaterError as late:
            yield f"{late.why}: see that DOUBLECHECK_GATE_COOP_URL is right and served."
            return
        if answer.status in {401, 403}:
            yield f"Coop refuses DOUBLECHECK_GATE_COOP_API_KEY ({answer.status}): make a new key in its settings."
        elif answer.status in {404, 405}:
            yield f"There is no Coop at DOUBLECHECK_GATE_COOP_URL ({answer.status}): give its address without a path."


def _answer(entry: Entry | None) -> Reply:
    """Return 409 with the reasons where it is refused or cannot be done, 202 whatever else came of it so far."""
    if entry is None or entry.case.state not in {"refused", "failed"}:
        return _said(202, "state", "waiting")
    case = entry.case
    reasons = case.extra.get("reasons") or [{"code": case.state, "text": case.why}]
    return Reply(409, json.dumps({"state": case.state, "check_id": case.check_id, "reasons": reasons}))


def _said(status: int, name: str, text: str) -> Reply:
    return Reply(status, json.dumps({name: text}))
