"""A Coop, and the platform behind it, that keep to their contract and misbehave on purpose.

What it enforces, sentence by sentence:

- Coop decides, then POSTs ``{"item": {id, typeId, typeName}, "action": {id}, "policies": [{id, name}], "rules"?,
  "custom", "actorEmail"?, "actorNote"?, "creator"?, "decisionReason"?}`` to the callback. No profile is in it.
- ``Coop-Signature``: base64 RSASSA-PKCS1-v1_5 SHA-256 over the raw body, RSA-2048. Where signing fails the request goes
  out unsigned.
- No ``actorEmail`` where a rule acted.
- 2xx is done; 4xx is recorded as failed and not sent again; 5xx is sent again, five times within about a second.
- A held action shows as done: there is no pending state.
- ``POST /api/v1/report`` takes ``X-API-KEY``.
- Appeals: ``{appealId, item, appealedBy, appealDecision: ACCEPT | REJECT}``, signed likewise.
- The platform shows a profile at ``GET /users/{id}`` with a bearer token, and takes an action at
  ``POST /users/{id}/actions`` with one: ``{account_id, action, check_id, clearance_id, actor}`` and no member else. It
  does an action once under an ``Idempotency-Key``, however often it is asked to.
"""

from __future__ import annotations

import base64
import json
import time
from typing import Any
from urllib.parse import unquote

import httpx
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.service.gates.fakes.loopback import Answer, Asked, Loopback

TOKEN, API_KEY = "platform-token", "coop-api-key"
MEMBERS = {"account_id", "action", "check_id", "clearance_id", "actor"}
PRIVATE = rsa.generate_private_key(65537, 2048)
OTHER = rsa.generate_private_key(65537, 2048)


class FakeCoop(Loopback):
    """Both.

    Attributes
    ----------
    accounts : dict
        By id, the profile that the platform shows; without one it is gone.
    done : dict
        By idempotency key, the action that the platform took.
    shown : list of (str, int)
        What Coop shows of each callback: "done" or "failed", and the last status; 0 where nobody answered.
    reports : list
        What is in Coop's queue.
    """

    def __init__(self) -> None:
        super().__init__()
        self.accounts: dict[str, dict[str, Any]] = {}
        self.done: dict[str, dict[str, Any]] = {}
        self.shown: list[tuple[str, int]] = []
        self.reports: list[Any] = []

    # --- Coop --------------------------------------------------------------------------------------------------------

    @staticmethod
    def pem() -> bytes:
        return PRIVATE.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    @staticmethod
    def signed(body: bytes, key: rsa.RSAPrivateKey = PRIVATE) -> dict[str, str]:
        return {"Coop-Signature": base64.b64encode(key.sign(body, padding.PKCS1v15(), SHA256())).decode()}

    @staticmethod
    def decision(account: str, action: str = "a-suspend", by: str | None = "agent-17", **more: Any) -> bytes:
        """Return the body of a decision, by a person or, with ``by=None``, by a rule."""
        body: dict[str, Any] = {
            "item": {"id": account, "typeId": "t-user", "typeName": "User"},
            "action": {"id": action},
            "policies": [{"id": "p-1", "name": "Impersonation"}],
            "rules": [],
            "custom": {},
        }
        body |= {"actorEmail": by} if by else {"rules": [{"id": "r-1", "name": "Looks alike"}]}
        return json.dumps(body | more).encode()

    @staticmethod
    def appeal(account: str, decision: str = "ACCEPT", appeal: str = "appeal-1") -> bytes:
        item = {"id": account, "typeId": "t-user"}
        return json.dumps(
            {"appealId": appeal, "item": item, "appealedBy": item, "appealDecision": decision, "custom": {}}
        ).encode()

    def call_back(
        self, gate: str, body: bytes, path: str = "/coop/action", *, headers: dict[str, str] | None = None
    ) -> httpx.Response | None:
        """Send a callback as Coop does: signed, again after a 5xx or no answer, five times within about a second."""
        answered, status = None, 0
        for again in range(6):
            if again:
                time.sleep(0.2)
            try:
                answered = httpx.post(
                    f"{gate}{path}", content=body, headers=self.signed(body) if headers is None else headers,
                    timeout=5, trust_env=False,
                )  # fmt: skip
            except httpx.TransportError:
                answered, status = None, 0
                continue
            status = answered.status_code
            if status < 500:
                break
        self.shown.append(("done" if 200 <= status < 300 else "failed", status))
        return answered

    # --- what both answer --------------------------------------------------------------------------------------------

    def answer(self, asked: Asked) -> Answer:
        if asked.path == "/api/v1/report":
            return self._report(asked)
        if asked.headers.get("authorization") != f"Bearer {TOKEN}":
            return Answer(401)
        parts = asked.path.split("/")
        account = unquote(parts[2])
        if asked.method == "GET" and len(parts) == 3:
            return Answer(200, self.accounts[account]) if account in self.accounts else Answer(404)
        if asked.method == "POST" and parts[3:] == ["actions"]:
            return self._act(account, asked)
        return Answer(405)

    def _act(self, account: str, asked: Asked) -> Answer:
        given = asked.json
        key = asked.headers.get("idempotency-key")
        if set(given) != MEMBERS or given["account_id"] != account or key != given["clearance_id"] or not key:
            return Answer(422, {"error": "not as agreed"})
        if account not in self.accounts:
            return Answer(404)
        self.done.setdefault(key, given)
        return Answer(200, {"done": True})

    def _report(self, asked: Asked) -> Answer:
        if asked.headers.get("x-api-key") != API_KEY:
            return Answer(401)
        given = asked.json
        if not {"reporter", "reportedAt", "reportedItem"} <= set(given):
            return Answer(400)
        self.reports.append(given)
        return Answer(201, {"reportId": str(len(self.reports))})
