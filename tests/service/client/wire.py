"""A service on the other end of the wire: one that answers as it is told, or the real one in this process."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from doublecheck_client import (
    Doublecheck,
)

from service.decisions.clearance_token import Clearance, token_of
from service.signing import SigningKey, key_id, public_jwk

KEY = "dck_0123456789abcdef_SECRET"
URL = "https://doublecheck.example"
CHECK_ID, CLEARANCE_ID = "0b0e5ad4-5a3c-4a6e-9a3c-0f3a1c1f2d11", "9c8b7a69-0000-4000-8000-0f3a1c1f2d22"
ACCOUNT = {"platform": "x", "account_id": "9001", "handle": "JaneR0e", "display_name": "Jane Roe", "followers": 12}
ACCOUNT |= {"created_at": "2026-04-20T08:00:00Z", "verified": False, "bio": "Chair of Northwind."}
PRIVATE = Ed25519PrivateKey.generate()
SIGNING = SigningKey(key_id(PRIVATE.public_key()), PRIVATE)
NOW = datetime.now(UTC).replace(microsecond=0)
BOUND = Clearance(
    clearance_id=CLEARANCE_ID, check_id=CHECK_ID, account="x:9001", snapshot="0" * 64, action="suspend",
    actor="agent-17", model_id="model-1", policy_version="2", registry_version="r-1", issued_at=NOW,
    expires_at=NOW + timedelta(days=1),  # the whole run, which began when this file was read, may take an hour
)  # fmt: skip
TOKEN = token_of(BOUND, SIGNING)
REASON = {"code": "certified_impersonation", "text": "Imitates @JaneRoe."}
CLEARED = {
    "check_id": CHECK_ID, "verdict": "cleared", "reasons": [REASON], "required_approvals": 0,
    "relation": "impersonation", "impersonation_probability": 0.992,
    "clearance": {"clearance_id": CLEARANCE_ID, "token": TOKEN, "expires_at": "2026-05-01T12:15:00Z"},
}  # fmt: skip
REDEEMED = {
    "redeemed": True, "clearance_id": CLEARANCE_ID, "check_id": CHECK_ID, "action": "suspend", "actor": "agent-17",
    "account": "x:9001", "redeemed_at": "2026-05-01T12:01:00Z", "entry": {"seq": 7, "hash": "0" * 64},
}  # fmt: skip
JWKS = {"keys": [public_jwk(SIGNING.key_id, PRIVATE.public_key())]}


def answer(value, status=200, **headers):
    """A JSON answer with the media type that the service gives it."""
    media_type = "application/json" if status == 200 else "application/problem+json"
    return httpx.Response(status, content=json.dumps(value), headers={"Content-Type": media_type} | headers)


def problem(status, code, **more):
    return answer({"code": code, "detail": "why", "status": status} | more, status)


class Service:
    """Answers each request with the next of ``answers``, the last one for ever. Time passes only in waiting."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.requests = []
        self.waits = []
        self.now = 0.0

    def __call__(self, request):
        self.requests.append(request)
        found = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(found, httpx.TimeoutException):
            self.now += request.extensions["timeout"]["read"]
        if isinstance(found, Exception):
            raise found
        if not hasattr(found, "_content"):  # a stream
            return found
        return httpx.Response(found.status_code, headers=found.headers, content=found.content)  # each is read once only

    def sleep(self, seconds):
        self.waits.append(seconds)
        self.now += seconds

    def client(self, **options):
        options = {"sleep": self.sleep, "clock": lambda: self.now} | options
        return Doublecheck(URL, KEY, transport=httpx.MockTransport(self), **options)

    def check(self, **options):
        with self.client(**options) as client:
            return client.check(ACCOUNT, "suspend", "agent-17")

    def redeem(self, token=TOKEN, action="suspend", **options):
        with self.client(**options) as client:
            return client.redeem(token, ACCOUNT, action, actor="agent-17")

    def sent_keys(self):
        return [request.headers["idempotency-key"] for request in self.requests]


class InProcess(httpx.BaseTransport):
    """Hands requests to an app in this process. Loses the answers to those whose numbers are in ``lost``."""

    def __init__(self, app, lost=()):
        self.app, self.lost, self.count = app, lost, 0

    def handle_request(self, request):
        async def ask():
            response = await httpx.ASGITransport(app=self.app).handle_async_request(request)
            return httpx.Response(response.status_code, headers=response.headers, content=await response.aread())

        self.count += 1
        response = asyncio.run(ask())
        if self.count in self.lost:
            raise httpx.ReadTimeout("lost", request=request)
        return response


def connect(service, actor="agent-17", role="agent", **options):
    """A client of a service in this process, with a key of its own."""
    transport = InProcess(service.app, options.pop("lost", ()))
    return Doublecheck("http://localhost", service.key(actor, role), transport=transport, **options)
