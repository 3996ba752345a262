"""Calls of a platform's own addresses: what may be tried again, what never helps, and nothing taken by halves."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple, NoReturn
from urllib.parse import quote

import httpx

from service.gates.errors import LaterError, NeverError

# Seconds for connecting, for sending and for each wait for more of an answer; and for a call as a whole.
TIMEOUT, DEADLINE = 10.0, 30.0
# Bytes of the largest answer: a page of a list.
MAX_ANSWER = 8 * 1024 * 1024
# Seconds: the longest wait that the other side may ask for, and by which two clocks may differ.
LONGEST_RETRY, MAX_SKEW = 3600.0, 30.0
# What a repetition can change, besides what the server calls its own fault; and what says that nothing was done.
_PASSING = frozenset({408, 425, 429})
_UNTOUCHED = frozenset({425, 429})
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


class Answer(NamedTuple):
    """A whole answer. Names of headers are found in any case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Caller:
    """Sends requests to one place. Safe to share between threads; follows no redirect.

    Parameters
    ----------
    who : str
        What errors call the other side.
    addresses : str
        Where requests go. Only if all are https, a proxy is used that the environment names: it could read http.
    keeps : int
        Connections that are kept for the next request. 0 for actions: a connection that the other side closes
        meanwhile loses the request that is sent on it.
    transport : httpx.BaseTransport, optional
        What sends requests, instead of the network.
    """

    def __init__(self, who: str, *addresses: str, keeps: int = 0, transport: httpx.BaseTransport | None = None) -> None:
        self.who = who
        self._http = httpx.Client(
            follow_redirects=False, timeout=TIMEOUT, transport=transport, headers={"User-Agent": "doublecheck"},
            trust_env=all(address.startswith("https:") for address in addresses),
            limits=httpx.Limits(max_keepalive_connections=keeps),
        )  # fmt: skip

    def close(self) -> None:
        """Close all connections."""
        self._http.close()

    def exchange(self, method: str, url: str, *, headers: Mapping[str, str], body: bytes | None = None) -> Answer:
        """Send a request, once, and return its answer, whatever its status.

        Raises
        ------
        LaterError
            If no whole answer came.
        """
        try:
            return self._exchanged(method, url, headers, body)
        except _NOT_SENT:
            raise LaterError(f"{self.who} cannot be reached", untouched=True) from None
        except httpx.TimeoutException:
            raise LaterError(f"{self.who} does not answer in time") from None
        except (httpx.TransportError, httpx.DecodingError):
            raise LaterError(f"{self.who} broke off its answer") from None

    def send(self, method: str, url: str, *, headers: Mapping[str, str], body: bytes | None = None) -> Answer:
        """Send a request, once, and return its answer: of success, or one of 4xx that no repetition changes.

        Raises
        ------
        LaterError
            If no whole answer came, or one that a repetition may change.
        """
        answer = self.exchange(method, url, headers=headers, body=body)
        status = answer.status
        if not 200 <= status < 300 and (status < 400 or status >= 500 or status in _PASSING):
            raise LaterError(
                f"{self.who} answers with {status}", retry_after(answer.headers),
                untouched=status in _UNTOUCHED or status < 400,
            )  # fmt: skip
        return answer

    def _exchanged(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        end = time.monotonic() + DEADLINE
        content = bytearray()
        with self._http.stream(method, url, headers=dict(headers), content=body) as response:
            for part in response.iter_bytes():
                content += part
                if len(content) > MAX_ANSWER or time.monotonic() > end:
                    raise LaterError(f"{self.who} answers too much, or too slowly")
        return Answer(response.status_code, response.headers, bytes(content))


def filled(template: str, account: str) -> str:
    """Return an address with an account's id in the place of ``{id}``, percent-encoded.

    Raises
    ------
    NeverError
        If the id cannot stand in an address: a path of ``..`` would name something else.

    Examples
    --------
    >>> filled("https://social.example/users/{id}", "did:plc:a/b")
    'https://social.example/users/did%3Aplc%3Aa%2Fb'
    """
    if not is_id(account):
        raise NeverError("The account's id cannot stand in an address.")
    return template.replace("{id}", quote(account, safe=""))


def is_id(value: object) -> bool:
    """Tell whether a value is an account's id: text of 1 to 512 visible characters, and no path of its own."""
    return (
        isinstance(value, str)
        and 0 < len(value) <= 512
        and value.isprintable()
        and bool(value.strip())
        and value not in {".", ".."}
    )


def read_object(body: bytes) -> dict[str, Any]:
    """Return the object that a body has.

    Raises
    ------
    ValueError
        If there is none, or one that can be read in two ways. The message quotes nothing.
    """
    try:
        value = json.loads(body.decode(), object_pairs_hook=_unique, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise ValueError("the body is no JSON that has one meaning") from None
    if not isinstance(value, dict):
        raise ValueError("the body is no JSON object")
    return value


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that ``Retry-After`` asks for, given as a number or as a date."""
    given = headers.get("retry-after", "").strip()
    if given.isascii() and given.isdigit():
        return min(float(given), LONGEST_RETRY)
    try:
        moment = parsedate_to_datetime(given)
    except ValueError:
        return None
    left = (moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
    return min(max(left, 0.0), LONGEST_RETRY)


def _unique(members: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(members)
    if len(value) != len(members):
        raise ValueError("an object names a member twice")
    return value


def _no_constant(_: str) -> NoReturn:
    raise ValueError("that is not a JSON number")


def skew(headers: Mapping[str, str], who: str = "platform") -> Iterator[str]:
    """Yield a sentence if the other side's clock is another: signatures and times are compared with it."""
    try:
        there = parsedate_to_datetime(headers.get("date", ""))
    except ValueError:
        return
    apart = abs((datetime.now(UTC) - there.replace(tzinfo=there.tzinfo or UTC)).total_seconds())
    if apart > MAX_SKEW:
        yield f"The clocks of this machine and of the {who} are {apart:.0f} seconds apart: set both by NTP."
