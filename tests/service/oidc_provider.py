"""A provider of OpenID Connect that runs in the tests: discovery, codes with PKCE, RS256, user info, and its faults.

It signs in whoever ``claims`` describes as soon as the page asks, or when its form is sent (``asks``).
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT, SECRET = "doublecheck", "s3cret-of-the-tests"
# Making a key takes half a second.
FIRST, SECOND, STRANGE = (RSAKey.generate_key(2048, {"kid": name, "use": "sig"}) for name in ("1", "2", "1"))
JANE = {"sub": "u-1", "email": "jane@login.example", "email_verified": True, "groups": ["reviewers"]}
ROLES = '{"reviewers": ["reviewer"], "agents": ["agent"], "admins": ["admin", "auditor"]}'


class TestProvider:
    """A provider; what is assigned to its attributes holds from the next request on.

    Attributes
    ----------
    claims : dict
        What it says of whoever signs in.
    spoil : callable
        Changes the claims of an ID token just before it is signed.
    forge : callable
        Makes the ID token out of its claims.
    """

    __test__ = False

    def __init__(self) -> None:
        self.url = ""
        self.now: Callable[[], float] = time.time
        self.reset()

    def reset(self) -> None:
        """Behave well again."""
        self.claims: dict[str, Any] = dict(JANE)
        self.userinfo: dict[str, Any] = {}
        self.spoil: Callable[[dict[str, Any]], object] = lambda _: None
        self.forge: Callable[[dict[str, Any]], str] = self.signed
        self.document: dict[str, Any] = {}
        self.answer: Callable[[str], Response | None] = lambda _: None
        self.more: dict[str, str] = {}
        self.error = ""
        self.asks = False
        self.keys = [FIRST]
        self.codes: dict[str, dict[str, str]] = {}
        self.seen: list[str] = []

    # --- tokens -------------------------------------------------------------------------------------------------------

    def signed(self, claims: dict[str, Any], key: Any = None, alg: str = "RS256") -> str:
        """Return an ID token as it must be."""
        used = key or self.keys[-1]
        return jwt.encode({"alg": alg, "kid": used.kid}, claims, used, algorithms=[alg])

    def unsigned(self, claims: dict[str, Any]) -> str:
        """Return one without a signature."""
        return ".".join([encoded(b'{"alg":"none"}'), self.signed(claims).split(".")[1], ""])

    def signed_with_a_secret(self, claims: dict[str, Any]) -> str:
        """Return one whose "secret" is the public key, which everybody has."""
        head = encoded(b'{"alg":"HS256","kid":"1"}')
        signed = f"{head}.{self.signed(claims).split('.')[1]}"
        return f"{signed}.{encoded(hmac.digest(FIRST.as_pem(private=False), signed.encode(), 'sha256'))}"

    # --- what it answers ----------------------------------------------------------------------------------------------

    async def handle(self, request: Request) -> Response:
        path = request.url.path
        self.seen.append(path)
        spoiled = self.answer(path)
        if spoiled is not None:
            return spoiled
        answers: dict[str, Any] = {
            "/.well-known/openid-configuration": self._document, "/keys": self._keys, "/authorize": self._authorize,
            "/token": self._token, "/userinfo": self._userinfo, "/out": self._out,
        }  # fmt: skip
        if path not in answers:
            return Response(status_code=404)
        answer: Response = await answers[path](request)
        return answer

    async def _document(self, _: Request) -> Response:
        document = {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "end_session_endpoint": f"{self.url}/out",
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        }
        return JSONResponse(document | self.document)

    async def _keys(self, _: Request) -> Response:
        return JSONResponse({"keys": [key.as_dict(private=False) for key in self.keys]})

    async def _authorize(self, request: Request) -> Response:
        if self.asks and request.method == "GET":
            return HTMLResponse(
                "<!doctype html><html lang='en'><title>Login</title><h1>Login Example</h1>"
                f"<form method='post' action='/authorize?{request.url.query.replace('&', '&amp;')}'>"
                "<button>I am Jane</button></form>"
            )
        asked = dict(request.query_params)
        back = {"state": asked["state"]} | self.more
        if self.error:
            back["error"] = self.error
        else:
            back["code"] = secrets.token_urlsafe(16)
            self.codes[back["code"]] = asked
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode(back)}", 303)

    async def _token(self, request: Request) -> Response:
        form = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        in_body = (form.get("client_id"), form.get("client_secret")) == (CLIENT, SECRET)
        if request.headers.get("authorization") != f"Basic {basic}" and not in_body:
            return JSONResponse({"error": "invalid_client"}, 401)
        asked = self.codes.pop(form["code"], None)  # once
        challenge = encoded(hashlib.sha256(form["code_verifier"].encode()).digest())
        if asked is None or asked["code_challenge"] != challenge or asked["redirect_uri"] != form["redirect_uri"]:
            return JSONResponse({"error": "invalid_grant"}, 400)
        at = int(self.now())
        claims = self.claims | {"iss": self.url, "aud": CLIENT, "iat": at, "exp": at + 300, "nonce": asked["nonce"]}
        self.spoil(claims)
        return JSONResponse({"access_token": "a-token", "token_type": "Bearer", "id_token": self.forge(claims)})

    async def _userinfo(self, request: Request) -> Response:
        assert request.headers["authorization"] == "Bearer a-token"
        return JSONResponse(self.userinfo)

    async def _out(self, request: Request) -> Response:
        return RedirectResponse(request.query_params["post_logout_redirect_uri"], 303)


def encoded(content: bytes) -> str:
    """Return bytes in base64url without padding."""
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


@contextmanager
def running() -> Iterator[TestProvider]:
    """Run a provider on a free port until the end of the block."""
    provider = TestProvider()
    app = Starlette(routes=[Route("/{path:path}", provider.handle, methods=["GET", "POST"])])
    listening = socket.create_server(("127.0.0.1", 0))
    provider.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve([listening])), daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.should_exit = server.force_exit = True
        thread.join(timeout=5)  # a client that holds a connection open would hold up the tests; it is a daemon
        listening.close()


def settings(provider: TestProvider, secret_file: object, **changes: Any) -> dict[str, Any]:
    """Return the settings of a service that is registered with the provider."""
    given = {
        "oidc_issuer": provider.url, "oidc_client_id": CLIENT, "oidc_client_secret_file": secret_file,
        "oidc_roles": ROLES, "oidc_name": "Login Example",
    }  # fmt: skip
    return given | changes
