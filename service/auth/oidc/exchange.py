"""Requests to the provider: each bounded in time and size, none redirected. Answers are never logged or shown."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Any, NamedTuple

import httpx

from service.errors import ProviderError
from service.utils.strict_json import parse_json

log = logging.getLogger(__name__)

# Seconds for one request as a whole.
SECONDS = 5.0
# Bytes of the largest answer: key sets and documents of providers have some ten thousand.
MAX_ANSWER = 256 * 1024


class Answer(NamedTuple):
    """What the provider answered: a status, and a JSON object."""

    status: int
    content: dict[str, Any]


class Exchange:
    """Sends requests to one provider.

    Parameters
    ----------
    issuer : str
        Only of one reached by HTTPS a proxy is used that the environment names: it could read plain HTTP.
    """

    def __init__(self, issuer: str) -> None:
        self._trust_env = issuer.startswith("https:")
        self._tls = httpx.create_ssl_context(trust_env=self._trust_env)  # reading all authorities takes a while

    async def ask(self, method: str, url: str, headers: Mapping[str, str], body: str | None = None) -> Answer:
        """Send a request, once, and return its answer.

        Raises
        ------
        ProviderError
            If there is none in time, or it is too large, of a server's fault, or no JSON object.
        """
        # Packed, a small answer could become a large one.
        sent = {"Accept": "application/json", "User-Agent": "doublecheck", "Accept-Encoding": "identity"} | {**headers}
        try:
            async with asyncio.timeout(SECONDS):
                status, content = await self._read(method, url, sent, body)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            raise failed(type(error).__name__) from None
        if not 200 <= status < 500 or 300 <= status < 400:
            raise failed(f"status {status}")
        try:
            found = parse_json(content)
        except ValueError:
            raise failed(f"status {status} and no JSON") from None
        if not isinstance(found, dict):
            raise failed(f"status {status} and no JSON object")
        return Answer(status, found)

    async def _read(self, method: str, url: str, headers: Mapping[str, str], body: str | None) -> tuple[int, bytes]:
        content = bytearray()
        async with (
            httpx.AsyncClient(
                follow_redirects=False, timeout=SECONDS, verify=self._tls, trust_env=self._trust_env
            ) as client,
            client.stream(method, url, headers=headers, content=body) as response,
        ):
            if "content-encoding" in response.headers:
                raise failed("an encoding that was not asked for")
            async for part in response.aiter_raw():
                content += part
                if len(content) > MAX_ANSWER:
                    raise failed(f"more than {MAX_ANSWER:,} bytes")
        return response.status_code, bytes(content)


def failed(why: str) -> ProviderError:
    """Log why the provider cannot be used, and return the error that people are told of."""
    log.warning("the provider of the sign-in answered with %s", why)
    return ProviderError("the provider of the sign-in cannot be used now")
