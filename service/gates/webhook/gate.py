"""The gate for any platform: it is asked by a signed message, and says by signed messages what is allowed."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator, Mapping
from typing import Any

import httpx

from service.gates.book import Book
from service.gates.calls import Answer, Caller, read_object, skew
from service.gates.case import Case
from service.gates.deliveries import once
from service.gates.errors import LaterError, NeverError
from service.gates.outcomes import Outcome, was_acted_on
from service.gates.platform import Delivery, Profile, Reply
from service.gates.profiles import DETECTED, FORMAT_NAMES, Profiles, as_profile
from service.gates.ready import at_service
from service.gates.standard_webhooks import headers, is_genuine, read_secret
from service.gates.webhook.messages import AppealDecided, Requested, read_message
from service.gates.webhook.settings import Settings

log = logging.getLogger(__name__)

PATH = "/webhook"
# What the platform is told, by what the core calls it. That it acted it knows itself.
_TYPES = {
    "checked": "check.answered", "approved": "review.approved", "declined": "review.declined",
    "refused": "action.refused", "stands": "action.none", "failed": "action.failed",
}  # fmt: skip
# Statuses of a receiver that is not set up yet: nothing was taken, and nothing refused.
_NOT_SET_UP = frozenset({401, 403, 404})


class Webhook:
    """A platform that speaks by signed messages."""

    name = "webhook"

    def __init__(self, settings: Settings) -> None:
        self._settings, self._key = settings, read_secret(settings.gate_webhook_secret)
        self._out = Caller("the platform", settings.gate_webhook_url)
        template = settings.gate_webhook_profile_url
        reader = Caller("the platform", template or "")
        # By the format that a message names.
        self._reading = {
            name: Profiles(reader, template, settings.gate_webhook_token, name) for name in FORMAT_NAMES if template
        }

    # --- what comes in -----------------------------------------------------------------------------------------------

    def poll(self, book: Book) -> None:
        """Do nothing: the platform calls."""

    def receive(self, delivery: Delivery, book: Book) -> Reply:
        """Answer a message. Whatever is not signed, or signed at another time, is refused and leaves no trace."""
        if delivery.path != PATH:
            return Reply(404)
        if not is_genuine(self._key, delivery.headers, delivery.body, time.time()):
            return _said(401, "error", "The signature is missing, wrong, or of another time.")
        try:
            message = read_message(read_object(delivery.body))
            if isinstance(message, Requested):
                self._can_be_read(message)
        except ValueError as error:
            return _said(422, "error", f"This cannot be read: {error}.")
        numbered = delivery._replace(path=f"{PATH} {delivery.headers['webhook-id']}")
        if isinstance(message, AppealDecided):
            return once(numbered, book, lambda: _appeal(message, book))
        return once(numbered, book, lambda: _request(message, book))

    def _can_be_read(self, wanted: Requested) -> None:
        """Refuse a request whose profile this gate cannot read, or is asked to read from elsewhere."""
        template = self._settings.gate_webhook_profile_url
        if wanted.profile_url is not None and (template is None or _origin(wanted.profile_url) != _origin(template)):
            raise ValueError("profile_url: must be of the same host as DOUBLECHECK_GATE_WEBHOOK_PROFILE_URL")
        if template is None and wanted.account is None:
            raise ValueError("account: is required where DOUBLECHECK_GATE_WEBHOOK_PROFILE_URL is not set")

    # --- what goes out -----------------------------------------------------------------------------------------------

    def profile(self, case: Case) -> Profile:
        """Read the account as it is now; as the message has it only where there is nowhere to read it."""
        given = case.extra["format"]
        if not self._reading:
            return as_profile(case.extra["account"], case.account, given)
        return self._reading[given].read(case.account, case.extra["profile_url"])

    def tell(self, case: Case, event: str, answer: Mapping[str, Any] | None) -> None:
        """Send what happened to a case. A message that comes twice has the same id."""
        if event not in _TYPES:
            return
        data: dict[str, Any] = {"why": case.why}
        if answer is not None:
            data |= {
                "verdict": answer["verdict"],
                "reasons": [{"code": one["code"], "text": one["text"]} for one in answer["reasons"]],
                "required_approvals": answer["required_approvals"],
            }
        answered = self._send(case, _TYPES[event], data, case.key(event, case.check_id))
        if answered.status in _NOT_SET_UP:
            raise LaterError(f"the platform does not take messages ({answered.status})")
        if answered.status >= 300:
            log.error("check %s: the platform does not take %s (%d)", case.check_id, _TYPES[event], answered.status)

    def act(self, case: Case) -> None:
        """Say that the action is allowed; the platform takes it, once under the message's id."""
        data = {"clearance_id": case.clearance_id, "actor": case.actor}
        answered = self._send(case, "action.allowed", data, case.clearance_id or "")
        if answered.status in _NOT_SET_UP:
            raise LaterError(f"the platform does not take messages ({answered.status})", untouched=True)
        if answered.status >= 300:
            raise NeverError(f"The platform does not take the action ({answered.status}).")

    def has_acted(self, case: Case) -> None:
        """Say that nobody can say: the platform takes an action once under its id, so it is asked to again."""

    def _send(self, case: Case, kind: str, data: Mapping[str, Any], message_id: str) -> Answer:
        about = {"ref": case.ref, "account_id": case.account, "action": case.action, "check_id": case.check_id}
        return self._post({"type": kind, "data": about | dict(data)}, message_id)

    def _post(self, message: Mapping[str, Any], message_id: str) -> Answer:
        body = json.dumps(message).encode()
        signed = headers(self._key, message_id, time.time(), body)
        signed["Content-Type"] = "application/json"
        return self._out.send("POST", self._settings.gate_webhook_url, headers=signed, body=body)

    # --- what is missing ---------------------------------------------------------------------------------------------

    def missing(self) -> Iterator[str]:
        """Yield what is missing: sends a message of the type ``gate.test``, which a receiver answers with 2xx."""
        try:
            answered = self._post({"type": "gate.test", "data": {}}, f"test-{time.time_ns()}")
        except LaterError as late:
            yield f"{late.why}: see that DOUBLECHECK_GATE_WEBHOOK_URL is right and served."
        else:
            if answered.status in {401, 403}:
                yield f"The platform refuses the signature ({answered.status}): give it the same secret."
            elif answered.status >= 300:
                yield f"The platform answers {answered.status} to a message that it does not know: let it answer 204."
            yield from skew(answered.headers)
        if self._reading:
            yield from self._reading[DETECTED].missing("DOUBLECHECK_GATE_WEBHOOK_TOKEN")
        yield from at_service(self._settings)


def _request(wanted: Requested, book: Book) -> Reply:
    """Take a request on. One ref names one case, whatever comes under it later."""
    extra = {"format": wanted.format, "account": wanted.account, "profile_url": wanted.profile_url}
    book.take_on(Case(wanted.ref, wanted.account_id, wanted.action, wanted.actor, list(wanted.reports), extra))
    entry = book.find(wanted.ref)
    if entry is None or (entry.case.account, entry.case.action) != (wanted.account_id, wanted.action):
        return _said(409, "error", "This ref names another case: give each case one of its own.")
    return _said(202, "state", "accepted")


def _appeal(found: AppealDecided, book: Book) -> Reply:
    if not was_acted_on(found.account_id, book):
        return _said(200, "state", "not acted on by this gate")
    ref = f"{found.appeal} {found.outcome}"
    book.outcomes.add(Outcome(ref, found.account_id, found.outcome, found.note, found.actor))
    return _said(202, "state", "noted")


def _origin(url: str) -> tuple[str, str, int | None]:
    """Return scheme, host and port of an address; of none that can be used, what equals no other."""
    try:
        address = httpx.URL(url.replace("{id}", "0"))
    except httpx.InvalidURL:
        return "", "", None
    return (address.scheme, address.host, address.port) if not address.userinfo else ("", "", None)


def _said(status: int, name: str, text: str) -> Reply:
    return Reply(status, json.dumps({name: text}))
