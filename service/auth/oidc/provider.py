"""The provider of the sign-in: where people are sent, and who comes back. authlib writes and reads the protocol.

1. Only the registered issuer counts: its document names the addresses, all of them safe for secrets, and its keys sign.
2. A code is exchanged for the browser that began (``pending``), once, with PKCE, and by the registered client.
3. Whatever fails signs nobody in. A provider that fails is a ``ProviderError``: keys still work.

References
----------
OpenID Connect Core 1.0: https://openid.net/specs/openid-connect-core-1_0.html
OpenID Connect Discovery 1.0: https://openid.net/specs/openid-connect-discovery-1_0.html
OpenID Connect RP-Initiated Logout 1.0: https://openid.net/specs/openid-connect-rpinitiated-1_0.html
RFC 9207, Issuer Identification: https://www.rfc-editor.org/rfc/rfc9207
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from authlib.common.urls import add_params_to_uri
from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from service.auth.oidc.claims import ProviderPerson, lacks, person_of
from service.auth.oidc.exchange import Answer, Exchange, failed
from service.auth.oidc.id_token import verified_claims
from service.auth.oidc.pending import Pending
from service.auth.oidc.registration import Registration, is_safe
from service.errors import ProviderError, SignInRefusedError

# Seconds for all requests of one sign-in; a page of ours takes at most ten by default.
DEADLINE = 8.0
# Seconds for which the provider's document is believed, and for which one that cannot be read is not asked for again.
KEPT, PAUSE = 300.0, 5.0
_REQUIRED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_OPTIONAL = ("userinfo_endpoint", "end_session_endpoint")
_ERROR = re.compile(r"[a-z_]{1,40}")
_LONGEST_CODE = 4_096


class Provider:
    """One provider, as it is registered.

    Parameters
    ----------
    registration : Registration
    """

    def __init__(self, registration: Registration) -> None:
        self.registration = registration
        self._exchange = Exchange(registration.issuer)
        self._looking = asyncio.Lock()
        self._found: tuple[float, Mapping[str, Any] | None] = (0.0, None)

    async def address_for(self, pending: Pending) -> str:
        """Return where a browser is sent to sign in.

        Raises
        ------
        ProviderError
        """
        metadata, registered = await self._metadata(), self.registration
        address: str = prepare_grant_uri(
            metadata["authorization_endpoint"], registered.client_id, "code", pending.callback, registered.scopes,
            pending.state, nonce=pending.nonce, code_challenge=create_s256_code_challenge(pending.verifier),
            code_challenge_method="S256",
        )  # fmt: skip
        return address

    async def person(self, answer: Mapping[str, str], pending: Pending, now: datetime) -> ProviderPerson:
        """Return who comes back from the provider.

        Parameters
        ----------
        answer : mapping of str to str
            The query with which the browser came back.

        Raises
        ------
        SignInRefusedError, ProviderError
        """
        code = self._code(answer, pending)
        try:
            async with asyncio.timeout(DEADLINE):
                return person_of(await self._claims(code, pending, now), self.registration)
        except TimeoutError:
            raise failed("nothing in time") from None

    async def way_out(self, back: str) -> str | None:
        """Return where a browser is sent to end the session at the provider; ``None`` where there is no such place."""
        address = (await self._metadata()).get("end_session_endpoint")
        if address is None:
            return None
        told = [("client_id", self.registration.client_id), ("post_logout_redirect_uri", back)]
        out: str = add_params_to_uri(address, told)
        return out

    # --- what the provider says ---------------------------------------------------------------------------------------

    def _code(self, answer: Mapping[str, str], pending: Pending) -> str:
        if not pending.is_answered_by(answer.get("state", "")):
            raise SignInRefusedError("the answer belongs to another sign-in: start again")
        if answer.get("iss", self.registration.issuer) != self.registration.issuer:
            raise SignInRefusedError("the answer comes from another provider: start again")
        if answer.get("error") == "access_denied":
            raise SignInRefusedError(f"{self.registration.called} did not let you in, or you cancelled")
        code = answer.get("code", "")
        if "error" in answer or not 0 < len(code) <= _LONGEST_CODE:
            raise failed(f"the error {_shown(answer.get('error'))}")
        return code

    async def _claims(self, code: str, pending: Pending, now: datetime) -> dict[str, Any]:
        tokens, registered = await self._tokens(code, pending), self.registration
        metadata = await self._metadata()
        key_set = _content(await self._exchange.ask("GET", metadata["jwks_uri"], {}))
        claims = verified_claims(
            str(tokens.get("id_token")), key_set, issuer=registered.issuer, client_id=registered.client_id,
            nonce=pending.nonce, now=now,
        )  # fmt: skip
        if "userinfo_endpoint" not in metadata or not lacks(claims, registered) or not tokens.get("access_token"):
            return claims
        bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
        more = _content(await self._exchange.ask("GET", metadata["userinfo_endpoint"], bearer))
        if more.get("sub") != claims["sub"]:
            raise SignInRefusedError("the provider told of another person")
        return more | claims

    async def _tokens(self, code: str, pending: Pending) -> dict[str, Any]:
        metadata = await self._metadata()
        body = prepare_token_request(
            "authorization_code", redirect_uri=pending.callback, code=code, code_verifier=pending.verifier
        )
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        registered = self.registration
        client = ClientAuth(registered.client_id, registered.client_secret, self._method(metadata))
        url, headers, body = client.prepare("POST", metadata["token_endpoint"], headers, body)
        answer = await self._exchange.ask("POST", url, headers, body)
        if answer.status >= 400 and answer.content.get("error") == "invalid_grant":
            raise SignInRefusedError("the sign-in took too long, or was used already: start again")
        return _content(answer)

    def _method(self, metadata: Mapping[str, Any]) -> str:
        """Return how this service proves to the provider who it is."""
        if self.registration.client_secret is None:
            return "none"
        offered = metadata.get("token_endpoint_auth_methods_supported")
        only_in_body = isinstance(offered, list) and "client_secret_basic" not in offered
        return "client_secret_post" if only_in_body else "client_secret_basic"

    # --- its document -------------------------------------------------------------------------------------------------

    async def _metadata(self) -> Mapping[str, Any]:
        """Return the provider's document, which is read once for many who wait."""
        async with self._looking:
            until, found = self._found
            if time.monotonic() < until:
                if found is None:
                    raise ProviderError("the provider of the sign-in cannot be used now")
                return found
            self._found = time.monotonic() + PAUSE, None
            found = await self._read_metadata()
            self._found = time.monotonic() + KEPT, found
            return found

    async def _read_metadata(self) -> Mapping[str, Any]:
        issuer = self.registration.issuer
        answer = await self._exchange.ask("GET", f"{issuer.rstrip('/')}/.well-known/openid-configuration", {})
        document = _content(answer)
        if document.get("issuer") != issuer:
            raise failed("the document of another issuer")
        named = [document.get(name) for name in _REQUIRED] + [document[name] for name in _OPTIONAL if name in document]
        if not all(map(is_safe, named)):
            raise failed("a document whose addresses are missing or not safe")
        return document


def _content(answer: Answer) -> dict[str, Any]:
    if answer.status >= 400:
        raise failed(f"status {answer.status} and the error {_shown(answer.content.get('error'))}")
    return answer.content


def _shown(error: object) -> str:
    """Return the code of an error as far as a log may show it."""
    return error if isinstance(error, str) and _ERROR.fullmatch(error) else "of another kind"
