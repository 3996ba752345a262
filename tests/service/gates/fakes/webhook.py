"""A platform of one's own that speaks Standard Webhooks, keeps to its contract and misbehaves on purpose.

What it enforces, sentence by sentence:

- It signs what it sends: ``webhook-id``, ``webhook-timestamp`` (seconds) and ``webhook-signature``, space-separated
  ``v1,<base64 HMAC-SHA256 of id.timestamp.body>``, with the bytes in ``whsec_<base64>``.
- It refuses what comes to ``POST /hook`` unsigned, wrongly signed, or more than five minutes old: 401.
- It takes a message once, by its ``webhook-id``: ``action.allowed`` under the clearance's id does the action once.
- It shows profiles at ``GET /profiles/{id}`` with a bearer token.
"""

from __future__ import annotations

import base64
import hmac
import json
import time
from hashlib import sha256
from typing import Any
from urllib.parse import unquote

from tests.service.gates.fakes.loopback import Answer, Asked, Loopback

TOKEN = "profile-token"  # noqa: S105
SECRET = "whsec_" + base64.b64encode(b"an invented secret of 32 bytes..").decode()
KEY = base64.b64decode(SECRET.removeprefix("whsec_"))


def sign(body: bytes, message_id: str = "msg-1", at: float | None = None, key: bytes = KEY) -> dict[str, str]:
    """Return the headers of a message."""
    timestamp = str(int(time.time() if at is None else at))
    digest = hmac.new(key, f"{message_id}.{timestamp}.".encode() + body, sha256).digest()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": "v1," + base64.b64encode(digest).decode(),
    }


class FakePlatform(Loopback):
    """The platform.

    Attributes
    ----------
    accounts : dict
        By id, the profile that it shows.
    taken : dict
        By message id, what it was told.
    """

    def __init__(self) -> None:
        super().__init__()
        self.accounts: dict[str, dict[str, Any]] = {}
        self.taken: dict[str, dict[str, Any]] = {}

    @staticmethod
    def request(ref: str = "case-1", **changes: Any) -> bytes:
        data = {"ref": ref, "account_id": "9001", "action": "suspend", "actor": "agent-17"} | changes
        return json.dumps({"type": "action.requested", "data": data}).encode()

    @staticmethod
    def appeal(outcome: str = "overturned", **changes: Any) -> bytes:
        data = {"appeal": "appeal-1", "account_id": "9001", "outcome": outcome} | changes
        return json.dumps({"type": "appeal.decided", "data": data}).encode()

    @property
    def done(self) -> dict[str, dict[str, Any]]:
        """The actions that it took, by clearance."""
        return {key: told["data"] for key, told in self.taken.items() if told["type"] == "action.allowed"}

    def told(self) -> list[str]:
        return [told["type"] for told in self.taken.values()]

    def answer(self, asked: Asked) -> Answer:
        if asked.path == "/hook" and asked.method == "POST":
            return self._hook(asked)
        if asked.headers.get("authorization") != f"Bearer {TOKEN}":
            return Answer(401)
        account = unquote(asked.path.split("/")[2])
        return Answer(200, self.accounts[account]) if account in self.accounts else Answer(404)

    def _hook(self, asked: Asked) -> Answer:
        headers = {name: asked.headers.get(f"webhook-{name}", "") for name in ("id", "timestamp", "signature")}
        late = not headers["timestamp"].isdigit() or abs(time.time() - int(headers["timestamp"])) > 300
        if (
            late
            or sign(asked.body, headers["id"], float(headers["timestamp"]))["webhook-signature"] != headers["signature"]
        ):
            return Answer(401)
        if asked.json["type"] != "gate.test":
            self.taken.setdefault(headers["id"], asked.json)
        return Answer(200)
