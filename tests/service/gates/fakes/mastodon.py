"""A Mastodon server on loopback that keeps to its contract, and misbehaves where it is told to.

Sentences of the contract that it enforces:

- Every request carries the bearer token (401), and needs its scope (403).
- ``GET /api/v1/admin/reports?resolved=false`` and ``GET /api/v2/admin/accounts?status=suspended`` come in pages; only
  the Link header leads on.
- A report has ``id, action_taken, category, comment, account, target_account, assigned_account, rules[]``; accounts are
  Admin::Accounts with ``.account``; the outer object has e-mail and addresses. Local handles carry no domain.
- ``POST /api/v1/admin/accounts/:id/action`` takes a form (JSON: 415) with ``type`` of five, ``report_id, text,
  send_email_notification``, and nothing else (422). Without the last one the owner is mailed.
- An action resolves all open reports of the account, and is a strike. A second suspension is one more strike.
- A webhook is ``{"event", "created_at", "object"}`` with ``X-Hub-Signature: sha256=<hex HMAC-SHA256(secret, body)>``.
- A delivery is sent again after 5xx, 401, 408 and 429; after any other 4xx and 501 it is dropped for good.
- Whoever may see reports may suspend: nothing is held.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import threading
from collections.abc import Callable
from contextlib import contextmanager
from email.utils import formatdate
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, parse_qsl

import httpx
import uvicorn

TOKEN, SECRET, DOMAIN, RULE = "token-of-the-bot", "s3cret-of-the-webhook", "social.example", "3"
SCOPES = frozenset({"admin:read:accounts", "admin:read:reports", "admin:write:accounts", "read:accounts"})
KINDS = {"suspend": "suspended", "disable": "disabled", "silence": "silenced", "sensitive": "sensitized", "none": ""}
FIELDS = {"type", "report_id", "text", "send_email_notification"}
# What must never leave the gate.
PRIVATE = ("owner@mail.example", "192.0.2.44", "reporter@mail.example")


class Mastodon:
    """The server.

    Attributes
    ----------
    fails : list of (str, str, object)
        Method, a part of the path, and what the next such request meets: a status, ("wait", seconds) for a 429,
        "timeout", "half", or "lost" for an answer that is lost once all is done.
    actions : list of (str, dict)
        What was asked for, by account, once it was done.
    """

    def __init__(self, page: int = 2) -> None:
        self.page, self.scopes, self.domain, self.rules = page, SCOPES, DOMAIN, [RULE, "4", "9"]
        self.permissions, self.headers = (1 << 4) | (1 << 10), {}
        self.accounts: dict[str, dict[str, Any]] = {}
        self.reports: dict[str, dict[str, Any]] = {}
        self.actions: list[tuple[str, dict[str, str]]] = []
        self.strikes: list[str] = []
        self.mailed: list[str] = []
        self.requests: list[str] = []
        self.fails: list[tuple[str, str, Any]] = []
        self.url = ""

    # --- what is on the server ---------------------------------------------------------------------------------------

    def add(self, number: str, name: str = "jane_r0e", domain: str | None = None, **changes: Any) -> dict[str, Any]:
        """Add an account."""
        public = {
            "id": number, "username": name, "acct": f"{name}@{domain}" if domain else name, "display_name": "Jane Roe",
            "note": "<p>Chair of Northwind.</p>", "url": f"https://{domain or self.domain}/@{name}", "fields": [],
            "created_at": "2026-04-20T00:00:00.000Z", "followers_count": 12, "following_count": 3, "statuses_count": 5,
            "avatar": "https://files.example/avatar.png", "bot": False, "locked": False,
        } | changes  # fmt: skip
        self.accounts[number] = {
            "id": number, "username": name, "domain": domain, "email": PRIVATE[0], "ip": PRIVATE[1],
            "ips": [{"ip": PRIVATE[1]}], "suspended": False, "disabled": False, "silenced": False, "account": public,
        }  # fmt: skip
        return public

    def report(self, number: str, account: str, *, rules: tuple[str, ...] = (RULE,), assigned: str | None = "moderator",
               comment: str = "This is not her.") -> dict[str, Any]:  # fmt: skip
        """Add an open report and return it as moderators see it."""
        self.reports[number] = {
            "id": number, "action_taken": False, "category": "violation", "comment": comment, "target": account,
            "assigned": assigned, "rules": rules,
        }  # fmt: skip
        return self.seen(number)

    def seen(self, number: str) -> dict[str, Any]:
        """Return a report as moderators see it."""
        kept = self.reports[number]
        people = {
            name: {"id": str(900 + len(name)), "username": name, "domain": None, "email": PRIVATE[2], "ip": PRIVATE[1],
                   "account": {"id": str(900 + len(name)), "username": name, "acct": name}}
            for name in ("reporter", kept["assigned"] or "nobody")
        }  # fmt: skip
        return {
            "id": number, "action_taken": kept["action_taken"], "category": kept["category"],
            "comment": kept["comment"], "account": people["reporter"],
            "target_account": self.accounts[kept["target"]],
            "assigned_account": people[kept["assigned"]] if kept["assigned"] else None,
            "rules": [{"id": rule, "text": "Do not pretend to be somebody else."} for rule in kept["rules"]],
        }  # fmt: skip

    def suspend(self, number: str) -> None:
        """Let a moderator suspend an account, past the gate."""
        self.accounts[number]["suspended"] = True
        for kept in self.reports.values():
            if kept["target"] == number:
                kept["action_taken"] = True

    # --- webhooks ----------------------------------------------------------------------------------------------------

    def event(self, name: str, report: dict[str, Any]) -> bytes:
        """Return the bytes of a delivery."""
        return json.dumps({"event": name, "created_at": "2026-05-01T12:00:00.000Z", "object": report}).encode()

    def sign(self, body: bytes, secret: str = SECRET) -> dict[str, str]:
        """Return the headers of a delivery."""
        digest = hmac.new(secret.encode(), body, sha256).hexdigest()
        return {"X-Hub-Signature": f"sha256={digest}", "Content-Type": "application/json"}

    def deliver(self, address: str, name: str, report: dict[str, Any], tries: int = 16) -> int:
        """Deliver as Mastodon does, without its waits; return the last status."""
        body = self.event(name, report)
        for _ in range(tries):
            status = httpx.post(address, content=body, headers=self.sign(body), timeout=10).status_code
            if (status < 500 and status not in {401, 408, 429}) or status == 501:
                break
        return status

    # --- HTTP --------------------------------------------------------------------------------------------------------

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer a request."""
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        method, path = scope["method"], scope["path"]
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        self.requests.append(f"{method} {path}")
        failure = self._planned(method, path)
        if failure == "timeout":
            await asyncio.sleep(2)
        if isinstance(failure, int):
            await self._send(send, failure, {"error": "It fails."})
        elif isinstance(failure, tuple):
            await self._send(send, 429, {"error": "Too many requests"}, {"retry-after": str(failure[1])})
        else:
            query = {name: values[0] for name, values in parse_qs(scope["query_string"].decode()).items()}
            status, value, more = self._answer(method, path, query, headers, body)
            await self._send(send, status, value, more, half=failure in {"half", "lost"})

    def _planned(self, method: str, path: str) -> Any:
        for plan in self.fails:
            if plan[0] == method and plan[1] in path:
                self.fails.remove(plan)
                return plan[2]
        return None

    async def _send(
        self, send: Any, status: int, value: Any, more: dict[str, str] | None = None, half: bool = False
    ) -> None:
        content = json.dumps(value).encode()
        headers = {"content-type": "application/json; charset=utf-8", "date": formatdate(usegmt=True)}
        headers |= (more or {}) | self.headers
        pairs = [(name.encode(), given.encode()) for name, given in headers.items()]
        pairs.append((b"content-length", str(len(content)).encode()))
        await send({"type": "http.response.start", "status": status, "headers": pairs})
        await send({"type": "http.response.body", "body": content[: len(content) // 2] if half else content})

    def _answer(self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: bytes) -> Any:
        if path == "/api/v2/instance":
            return 200, {"domain": self.domain, "rules": [{"id": rule, "text": "x"} for rule in self.rules]}, {}
        if headers.get("authorization") != f"Bearer {TOKEN}":
            return 401, {"error": "The access token is invalid"}, {}
        for beginning, needed, answer in self._routes():
            if f"{method} {path}".startswith(beginning):
                if needed not in self.scopes:
                    return 403, {"error": "This action is outside the authorized scopes"}, {}
                return answer(path, query, headers, body)
        return 404, {"error": "Record not found"}, {}

    def _routes(self) -> list[tuple[str, str, Callable[..., Any]]]:
        return [
            ("GET /api/v1/accounts/verify_credentials", "read:accounts", self._me),
            ("GET /oauth/token/info", "read:accounts", lambda *_: (200, {"scope": sorted(self.scopes)}, {})),
            ("GET /api/v1/admin/reports", "admin:read:reports", self._list_reports),
            ("GET /api/v2/admin/accounts", "admin:read:accounts", self._list_accounts),
            ("GET /api/v1/admin/accounts/", "admin:read:accounts", self._account),
            ("POST /api/v1/admin/accounts/", "admin:write:accounts", self._action),
        ]

    def _me(self, *_: Any) -> Any:
        return 200, {"id": "1", "username": "bot", "acct": "bot", "role": {"permissions": str(self.permissions)}}, {}

    def _list_reports(self, _: str, query: dict[str, str], *__: Any) -> Any:
        assert query.get("resolved", "false") == "false"
        found = [number for number, kept in self.reports.items() if not kept["action_taken"]]
        return self._paged("/api/v1/admin/reports", found, query, self.seen)

    def _list_accounts(self, _: str, query: dict[str, str], *__: Any) -> Any:
        if query.get("status") != "suspended":
            return 422, {"error": "Validation failed"}, {}
        found = [number for number, account in self.accounts.items() if account["suspended"]]
        return self._paged("/api/v2/admin/accounts", found, query, self.accounts.__getitem__)

    def _paged(self, path: str, found: list[str], query: dict[str, str], show: Callable[[str], Any]) -> Any:
        found = sorted(found, key=int, reverse=True)
        if "max_id" in query:
            found = [number for number in found if int(number) < int(query["max_id"])]
        page, rest = found[: self.page], found[self.page :]
        kept = "".join(f"{name}={value}&" for name, value in query.items() if name != "max_id")
        links = [f'<https://{self.domain}{path}?{kept}min_id={page[0]}>; rel="prev"'] if page else []
        if rest:
            links.insert(0, f'<https://{self.domain}{path}?{kept}max_id={page[-1]}>; rel="next"')
        return 200, [show(number) for number in page], {"link": ", ".join(links)} if links else {}

    def _account(self, path: str, *_: Any) -> Any:
        account = self.accounts.get(path.rsplit("/", 1)[1])
        return (200, account, {}) if account else (404, {"error": "Record not found"}, {})

    def _action(self, path: str, query: dict[str, str], headers: dict[str, str], body: bytes) -> Any:
        number = path.split("/")[5]
        if not path.endswith("/action") or number not in self.accounts:
            return 404, {"error": "Record not found"}, {}
        if headers.get("content-type") != "application/x-www-form-urlencoded" or query:
            return 415, {"error": "Send a form"}, {}
        form = dict(parse_qsl(body.decode(), keep_blank_values=True))
        report = self.reports.get(form.get("report_id", ""))
        if form.get("type") not in KINDS or set(form) - FIELDS or (report and report["target"] != number):
            return 422, {"error": "Validation failed"}, {}
        if form["type"] == "disable" and self.accounts[number]["domain"]:
            return 422, {"error": "Validation failed"}, {}
        if form.get("send_email_notification", "true") == "true":
            self.mailed.append(form.get("text", ""))
        self.accounts[number][KINDS[form["type"]]] = True
        self.strikes.append(number)
        for kept in self.reports.values():
            kept["action_taken"] = kept["action_taken"] or kept["target"] == number
        self.actions.append((number, form))
        return 200, {}, {}

    # --- running -----------------------------------------------------------------------------------------------------

    @contextmanager
    def running(self) -> Any:
        """Run it on loopback."""
        config = uvicorn.Config(
            self,
            host="127.0.0.1",
            port=0,
            log_config=None,
            access_log=False,
            lifespan="off",
            ws="none",
            date_header=False,
            timeout_graceful_shutdown=1,
        )
        listening = config.bind_socket()
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        self.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        try:
            yield self
        finally:
            server.should_exit = server.force_exit = True
            thread.join(10)
