"""Sending requests: again where that is safe, within a deadline, to where the API key may be sent."""

from __future__ import annotations

import ipaddress
import json
import random
import re
import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, NoReturn
from uuid import uuid4

import httpx

from doublecheck_client.answers import (
    AnswerError,
    RefusedError,
    RejectedError,
    UnavailableError,
    read_reasons,
)

# Seconds: the first wait before asking again (it doubles), and the longest, whatever Retry-After says.
FIRST_WAIT, LONGEST_WAIT = 0.2, 5.0
# Bytes. The largest answer, to a batch of 1,000 checks, has less than one million.
MAX_ANSWER = 16 * 1024 * 1024
_LOST = (httpx.TimeoutException, httpx.NetworkError, httpx.RemoteProtocolError)


class RetryPolicy(NamedTuple):
    """How long to go on.

    Attributes
    ----------
    timeout : float
        Seconds for connecting, for sending, and for each wait for more of the answer.
    retries : int
        How often a request is sent again after it failed.
    deadline : float
        Seconds after which nothing is sent again and no more of an answer is read.
    sleep, clock : callable
        Waits, and tells the seconds that have passed.
    """

    timeout: float
    retries: int
    deadline: float
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic


class Reply(NamedTuple):
    """What came: the object in it is empty where none came that has one meaning only."""

    status: int
    value: dict[str, Any]
    retry_after: float

    @property
    def in_flight(self) -> bool:
        """Whether the same request is being answered at this moment."""
        return self.status == 409 and self.value.get("code") == "in_flight"

    @property
    def passing(self) -> bool:
        """Whether the same request may be answered in a moment."""
        return self.status == 503 or self.in_flight


class Sender:
    """Sends requests with an API key over a pool of connections. ``Doublecheck`` documents the parameters."""

    def __init__(
        self, url: str, key: str, retry_policy: RetryPolicy, *, insecure: bool, transport: httpx.BaseTransport | None
    ) -> None:
        address = checked_address(url, insecure=insecure)
        if not re.fullmatch(r"[\x21-\x7e]+", key):  # otherwise the error of a library would quote it
            raise ValueError("the key must be visible ASCII characters, without white space or a line's end")
        self.address, self.retry_policy = address, retry_policy
        self._http = httpx.Client(
            base_url=address,
            headers={"Authorization": f"Bearer {key}", "Accept": "application/json", "User-Agent": "doublecheck"},
            follow_redirects=False,
            transport=transport,
            trust_env=address.scheme == "https",  # a proxy that the environment names could read http://
        )

    def close(self) -> None:
        """Close all connections."""
        self._http.close()

    def ask(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, *, idempotency_key: str | None = None
    ) -> dict[str, Any]:
        """Send a request, again where that is safe, and return the object that it is answered with.

        Parameters
        ----------
        idempotency_key : str, optional
            Of a ``POST``; by default a new one for each call. Whoever keeps the key may send the same request again
            after a crash, and is answered as before.

        Raises
        ------
        UnavailableError
            If no answer comes in time.
        RefusedError
            If a clearance is refused.
        RejectedError, AnswerError
            After whatever else is not status 200 with an object in JSON.
        """
        headers = {"Idempotency-Key": idempotency_key or str(uuid4())} if method == "POST" else {}
        content = None
        if body is not None:  # made once, because the service compares the bytes; ASCII, so that any text can be sent
            headers["Content-Type"], content = "application/json", json.dumps(body, allow_nan=False).encode()
        clock, sleep = self.retry_policy.clock, self.retry_policy.sleep
        ends, tries, failures = clock() + self.retry_policy.deadline, 0, 0
        while True:
            reply, lost = None, None
            try:
                timeout = max(0.001, min(self.retry_policy.timeout, ends - clock()))
                request = self._http.build_request(method, path, content=content, headers=headers, timeout=timeout)
                reply = self._send(request, ends)
            except _LOST as error:
                lost = error
            except httpx.HTTPError as error:
                raise UnavailableError("the service cannot be asked") from error
            if reply and not reply.passing:
                return _accepted(reply)
            failures += not (reply and reply.in_flight)  # while it is being answered, only the deadline counts
            wait = _wait(tries, reply)
            if failures > self.retry_policy.retries or clock() + wait >= ends:
                raise UnavailableError("the service did not answer in time, so nothing may be done") from lost
            sleep(wait)
            tries += 1

    def _send(self, request: httpx.Request, ends: float) -> Reply:
        response = self._http.send(request, stream=True)
        try:
            found = bytearray()
            for chunk in response.iter_bytes():
                found += chunk
                if len(found) > MAX_ANSWER:
                    raise AnswerError("the answer is too large")
                if self.retry_policy.clock() >= ends:
                    raise httpx.ReadTimeout("the deadline has passed")
        finally:
            response.close()
        wait = response.headers.get("retry-after", "")
        seconds = float(wait) if re.fullmatch("[0-9]{1,9}", wait) else 0.0
        return Reply(response.status_code, _object(response, bytes(found)), seconds)


def _wait(tries: int, reply: Reply | None) -> float:
    backoff = FIRST_WAIT * 2.0 ** min(tries, 10) * random.uniform(0.5, 1.0)  # noqa: S311 -- no secret
    return min(LONGEST_WAIT, max(backoff, reply.retry_after if reply else 0.0))


def _accepted(reply: Reply) -> dict[str, Any]:
    if reply.status == 200 and reply.value:
        return reply.value
    if reply.status == 409 and reply.value.get("code") == "clearance_refused":
        raise RefusedError(read_reasons(reply.value))
    if 400 <= reply.status < 500:
        raise RejectedError(reply.status, reply.value)
    raise AnswerError(f"status {reply.status} came without an answer that can be read: nothing may be done")


def _object(response: httpx.Response, content: bytes) -> dict[str, Any]:
    """Return the object that was answered, or an empty one where it is not of the media type that its status has."""
    media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != ("application/json" if response.status_code == 200 else "application/problem+json"):
        return {}
    try:
        value = json.loads(content.decode(), object_pairs_hook=_unique, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _unique(members: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(members)
    if len(value) != len(members):
        raise ValueError("an object names a member twice")
    return value


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON number")


def checked_address(url: str, *, insecure: bool = False) -> httpx.URL:
    """Return an address that an API key may be sent to.

    Raises
    ------
    ValueError
        If it is none, or not safe.

    Examples
    --------
    >>> checked_address("http://doublecheck.example")
    Traceback (most recent call last):
    ...
    ValueError: over http:// the key and the accounts can be read on the way: use https://
    >>> checked_address("http://127.0.0.1:8000").port
    8000
    """
    try:
        address = httpx.URL(url)
    except httpx.InvalidURL:
        raise ValueError("the address cannot be read") from None
    if address.scheme not in {"http", "https"} or not address.host:
        raise ValueError("the address must begin with https:// and name a host")
    if address.userinfo or address.query or address.fragment:  # userinfo would be sent in place of the key
        raise ValueError("the address must have no user, query or fragment")
    if address.scheme == "http" and not (insecure or _is_loopback(address.host)):
        raise ValueError("over http:// the key and the accounts can be read on the way: use https://")
    return address


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
