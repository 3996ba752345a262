"""What a server lacks for the gate to work, as sentences that say what to do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from service.gates.book import Book
from service.gates.calls import Answer, skew
from service.gates.errors import GateError, LaterError, NeverError
from service.gates.mastodon.api import REPORTS, SUSPENDED, Api, value_of
from service.gates.mastodon.settings import Settings
from service.gates.ready import at_service

# The mark of the first delivery that was signed.
HEARD = "heard"
# Bits of a role's permissions, as Mastodon's UserRole has them.
ADMINISTRATOR = 1
_PERMISSIONS = {"manage_reports": 1 << 4, "manage_users": 1 << 10}
_SCOPES = {"admin:write:accounts": ("admin:write", "admin"), "admin:read:reports": ("admin:read", "admin")}
_WEBHOOK = (
    "No delivery of Mastodon's webhook has come yet. Look at Administration, Webhooks: one must be enabled for "
    "report.created and report.updated, with the path /mastodon/webhook and the secret of "
    "DOUBLECHECK_GATE_MASTODON_SECRET. For a private address Mastodon needs ALLOWED_PRIVATE_ADDRESSES. Then let "
    "somebody report a test account. Until then reports come by polling only."
)


def sentences(api: Api, settings: Settings) -> Iterator[str]:
    """Yield what is missing at Doublecheck, at the server and at the webhook."""
    yield from at_service(settings)
    try:
        answer = api.ask("GET", "/api/v1/accounts/verify_credentials")
    except (LaterError, NeverError) as error:
        yield f"The server cannot be used: {error.why}. Look at DOUBLECHECK_GATE_MASTODON_URL and _TOKEN."
        return
    yield from skew(answer.headers, "server")
    yield from _role(answer)
    yield from _lists(api)
    yield from _token(api)
    yield from _instance(api, settings)
    yield from _webhook(settings)


def _role(answer: Answer) -> Iterator[str]:
    try:
        permissions = int(value_of(answer)["role"]["permissions"])
    except (LaterError, ValueError, KeyError, TypeError):
        yield "The token's account has no role that the server tells of: it needs manage_reports and manage_users."
        return
    for name, bit in _PERMISSIONS.items():
        if not permissions & (bit | ADMINISTRATOR):
            yield f"The token's account may not {name.replace('_', ' ')}: add {name} to its role."


def _lists(api: Api) -> Iterator[str]:
    for path, params, scope in (
        (REPORTS, {"resolved": "false"}, "admin:read:reports"),
        (SUSPENDED, {"status": "suspended"}, "admin:read:accounts"),
    ):
        if said := _refusal(api, path, params):
            yield f"The token cannot read {path}: {said}. It needs the scope {scope}."


def _token(api: Api) -> Iterator[str]:
    """Compare the token's scopes, where the server says them. Nothing else tells of writing without doing it."""
    try:
        found = api.get("/oauth/token/info")
    except (LaterError, NeverError):
        return
    scopes = found.get("scope") if isinstance(found, dict) else None
    if not isinstance(scopes, list):
        return
    for scope, wider in _SCOPES.items():
        if not {scope, *wider} & set(map(str, scopes)):
            yield f"The token lacks the scope {scope}: make one with it."


def _instance(api: Api, settings: Settings) -> Iterator[str]:
    try:
        found = api.get("/api/v2/instance")
    except (LaterError, NeverError) as error:
        yield f"The server's description cannot be read, so that domain and rules are not compared: {error.why}."
        return
    instance: dict[str, Any] = found if isinstance(found, dict) else {}
    if str(instance.get("domain")).lower() != settings.gate_mastodon_domain:
        yield "The server has another domain than DOUBLECHECK_GATE_MASTODON_DOMAIN: set it to what the server says."
    rules = instance.get("rules")
    there = {str(rule.get("id")) for rule in rules if isinstance(rule, dict)} if isinstance(rules, list) else set()
    for rule in sorted(settings.rules() - there):
        yield f"The server has no rule {rule}: mend DOUBLECHECK_GATE_MASTODON_RULES, or add the rule there."


def _webhook(settings: Settings) -> Iterator[str]:
    """No token can read webhooks: what came is all that tells of them."""
    try:
        book = Book(settings.gate_state, "mastodon", hold=False)
        came = book.mark(HEARD)
        book.close()
    except GateError:
        came = None
    if came is None:
        yield _WEBHOOK


def _refusal(api: Api, path: str, params: dict[str, str]) -> str:
    try:
        api.get(path, params)
    except (LaterError, NeverError) as error:
        return error.why.rstrip(".")
    return ""
