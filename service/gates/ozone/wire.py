"""A session at the PDS, and calls through it to the Ozone service: in time, within bounds, and never redirected."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import httpx

from service.gates.calls import LONGEST_RETRY, Caller, retry_after
from service.gates.errors import LaterError
from service.gates.ozone.names import CREATE_SESSION, REFRESH_SESSION
from service.gates.ozone.settings import Settings

# Pages of the longest list.
MAX_PAGES = 1000
# Seconds between two attempts to open a session, of which a PDS allows few.
_SESSION_REST = 30.0
_EXPIRED = frozenset({"ExpiredToken", "InvalidToken"})


class XrpcError(Exception):
    """The platform refuses a call: status 501, or 4xx but 401, 403 and 429.

    Attributes
    ----------
    status : int
    name : str
        The error's name, such as ``DuplicateExternalId``; empty if there is none.
    message : str
        For comparing only: it may have personal data.
    """

    def __init__(self, status: int, name: str, message: str) -> None:
        super().__init__(status, name)
        self.status, self.name, self.message = status, name, message

    @property
    def is_unknown(self) -> bool:
        """Whether the platform does not know the method, or not what it was asked with."""
        return self.status in {404, 501} or self.name in {"MethodNotImplemented", "InvalidRequest", "XRPCNotSupported"}


class _Answer(NamedTuple):
    status: int
    headers: Mapping[str, str]
    value: dict[str, Any] | None


class Wire:
    """Calls methods of the Ozone service as the gate's account. For one thread.

    Parameters
    ----------
    clock : callable
        Gives seconds since 1970.
    transport : httpx.BaseTransport, optional
        What sends requests, instead of the network.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Callable[[], float] = time.time,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._settings, self._clock = settings, clock
        self._caller = Caller("the PDS", settings.gate_ozone_pds, keeps=2, transport=transport)
        self._proxy = {"atproto-proxy": f"{settings.gate_ozone_did}#atproto_labeler"}
        self._access, self._refresh, self._did = "", "", ""
        self._rests_until = self._session_after = 0.0
        self.headers: Mapping[str, str] = {}

    @property
    def did(self) -> str:
        """The gate's own DID, as the PDS says. Raises LaterError."""
        if not self._did:
            self._open()
        return self._did

    def get(self, nsid: str, parameters: Mapping[str, Any] | None = None, *, is_proxied: bool = True) -> dict[str, Any]:
        """Ask Ozone for something, or the PDS itself, and return the object that is answered. Raises as ``post``."""
        return self._call("GET", nsid, dict(parameters or {}), None, self._proxy if is_proxied else {})

    def post(self, nsid: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Have something done; return the object that is answered. Raises LaterError, XrpcError."""
        return self._call("POST", nsid, {}, body, self._proxy)

    def pages(self, nsid: str, parameters: Mapping[str, Any], member: str) -> Iterator[dict[str, Any]]:
        """Yield the objects of a list, page after page. Raises LaterError, XrpcError."""
        cursor: str | None = None
        for _ in range(MAX_PAGES):
            page = self.get(nsid, dict(parameters) | ({"cursor": cursor} if cursor else {}))
            found = page.get(member)
            if not isinstance(found, list):
                raise LaterError(f"Ozone answered without {member}")
            yield from (one for one in found if isinstance(one, dict))
            before, cursor = cursor, page.get("cursor")
            if not cursor or not isinstance(cursor, str):
                return
            if cursor == before:
                break
        raise LaterError("Ozone's list has no end")

    def close(self) -> None:
        """Close all connections."""
        self._caller.close()

    # --- session -----------------------------------------------------------------------------------------------------

    def _open(self) -> None:
        """Open a session with the password."""
        now = self._clock()
        if now < self._session_after:
            raise LaterError("no session could be opened at the PDS a moment ago", self._session_after - now)
        self._session_after = now + _SESSION_REST
        given = {"identifier": self._settings.gate_ozone_identifier, "password": self._settings.gate_ozone_password}
        answer = self._sent("POST", CREATE_SESSION, {}, given, {})
        if answer.status >= 400:
            raise LaterError(
                "the PDS opens no session: look at DOUBLECHECK_GATE_OZONE_IDENTIFIER and _PASSWORD "
                f"({answer.status} {_name(answer)})"
            )
        self._keep(answer)
        self._session_after = 0.0

    def _renew(self) -> None:
        """Renew the session, or open another if it cannot be renewed."""
        if self._refresh:
            token, self._refresh = self._refresh, ""
            answer = self._sent("POST", REFRESH_SESSION, {}, None, {"Authorization": f"Bearer {token}"})
            if answer.status < 400:
                self._keep(answer)
                return
        self._open()

    def _keep(self, answer: _Answer) -> None:
        value = answer.value or {}
        given = [value.get(name) for name in ("accessJwt", "refreshJwt", "did")]
        if not all(isinstance(one, str) and re.fullmatch(r"[\x21-\x7e]+", one) for one in given):
            raise LaterError("the PDS answered with half a session")
        self._access, self._refresh, self._did = (str(one) for one in given)

    # --- calls -------------------------------------------------------------------------------------------------------

    def _call(
        self, method: str, nsid: str, parameters: dict[str, Any], body: Mapping[str, Any] | None,
        headers: Mapping[str, str],
    ) -> dict[str, Any]:  # fmt: skip
        if not self._access:
            self._renew()
        answer = self._authorized(method, nsid, parameters, body, headers)
        if answer.status == 401 or _name(answer) in _EXPIRED:
            self._access = ""
            self._renew()
            answer = self._authorized(method, nsid, parameters, body, headers)
        if answer.status in {401, 403}:
            raise LaterError(f"Ozone does not let the gate call {nsid} ({answer.status}): it takes the role moderator")
        if answer.status >= 400:
            raise XrpcError(answer.status, _name(answer), str((answer.value or {}).get("message", "")))
        if answer.value is None:
            raise LaterError("Ozone answered what cannot be read")
        return answer.value

    def _authorized(
        self, method: str, nsid: str, parameters: dict[str, Any], body: Mapping[str, Any] | None,
        headers: Mapping[str, str],
    ) -> _Answer:  # fmt: skip
        return self._sent(method, nsid, parameters, body, {**headers, "Authorization": f"Bearer {self._access}"})

    def _sent(
        self, method: str, nsid: str, parameters: dict[str, Any], body: Mapping[str, Any] | None,
        headers: Mapping[str, str],
    ) -> _Answer:  # fmt: skip
        """Send a request; what passes by itself is an error to be tried again: no answer, 3xx, 429, 5xx but 501."""
        if (rest := self._rests_until - self._clock()) > 0:
            raise LaterError("the PDS limits the rate", rest)
        answer = self._answer(method, nsid, parameters, body, headers)
        self.headers = answer.headers
        if answer.status == 429:
            rest = min(LONGEST_RETRY, max(1.0, _rest(answer.headers, self._clock())))
            self._rests_until = self._clock() + rest
            raise LaterError("the PDS limits the rate", rest)
        if answer.status < 200 or 300 <= answer.status < 400:
            raise LaterError(f"the PDS answers with {answer.status}: nothing is followed elsewhere")
        if answer.status >= 500 and answer.status != 501:
            raise LaterError(f"the PDS answers with {answer.status}", retry_after(answer.headers))
        return answer

    def _answer(
        self, method: str, nsid: str, parameters: dict[str, Any], body: Mapping[str, Any] | None,
        headers: Mapping[str, str],
    ) -> _Answer:  # fmt: skip
        url = str(httpx.URL(f"{self._settings.gate_ozone_pds}/xrpc/{nsid}", params=parameters))
        given = {"Accept": "application/json", **headers}
        content = None
        if body is not None:
            given["Content-Type"], content = "application/json", json.dumps(dict(body)).encode()
        found = self._caller.exchange(method, url, headers=given, body=content)
        return _Answer(found.status, found.headers, _object(found.body))


def _object(content: bytes) -> dict[str, Any] | None:
    try:
        value = json.loads(content.decode())
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _name(answer: _Answer) -> str:
    """Return the name of an error; only what is a name, because it is logged."""
    found = (answer.value or {}).get("error")
    return found if isinstance(found, str) and re.fullmatch(r"[A-Za-z]{1,60}", found) else ""


def _rest(headers: Mapping[str, str], now: float) -> float:
    """Return for how many seconds a rate limit holds: by ``Retry-After``, or by ``RateLimit-Reset``.

    The latter is a time in seconds since 1970, or a number of seconds.

    Examples
    --------
    >>> _rest({"ratelimit-reset": "1060"}, 1000.0), _rest({"retry-after": "7"}, 1000.0), _rest({}, 1000.0)
    (1060.0, 7.0, 30.0)
    >>> _rest({"ratelimit-reset": "1800000060"}, 1800000000.0)
    60.0
    """
    if (seconds := retry_after(headers)) is not None:
        return seconds
    given = headers.get("ratelimit-reset", "")
    if not re.fullmatch("[0-9]{1,12}", given):
        return 30.0
    return float(given) - now if float(given) > 1e9 else float(given)
