"""Refusals while too many requests are under way. They are made before, so that they cost next to nothing.

Clients that ask again at once would take the time of those whose requests are under way: 400 of them, refused within a
tenth of a millisecond each, ask more often than this process could even refuse. Each refusal therefore waits a little.
"""

from __future__ import annotations

import asyncio
import logging
import time

from starlette.types import Scope, Send

from service.errors import OverloadedError
from service.web.problems import problem_response

log = logging.getLogger(__name__)

# Seconds that a refusal waits: a client is told within a tenth of a second, and asks twenty times a second at most.
PAUSE = 0.05
# Seconds between two lines of the log about refusals: a line each would cost more than the refusal.
TOLD = 1.0
_NAME = "0" * 32


class Refusals:
    """Refuses requests of the HTTP interface.

    Parameters
    ----------
    headers : list of (bytes, bytes)
        What every answer of the service has.
    """

    def __init__(self, headers: list[tuple[bytes, bytes]]) -> None:
        response = problem_response(OverloadedError("too many requests are under way"), _NAME)
        self.status = response.status_code
        self._before, self._behind = bytes(response.body).split(_NAME.encode())
        kept = [header for header in response.headers.raw if header[0] != b"content-length"]
        self._headers = [*kept, (b"cache-control", b"no-store"), *headers]
        self._untold, self._told = 0, 0.0

    async def send(self, send: Send, request_id: str) -> None:
        """Answer that too many requests are under way; ``request_id`` is of letters, digits, ".", "_" and "-"."""
        self._tell()
        await asyncio.sleep(PAUSE)
        name = request_id.encode()
        body = self._before + name + self._behind
        length = (b"content-length", b"%d" % len(body))
        headers = [*self._headers, length, (b"x-request-id", name)]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _tell(self) -> None:
        self._untold += 1
        now = time.monotonic()
        if now - self._told >= TOLD:
            log.warning("%d requests refused: too many are under way", self._untold)
            self._untold, self._told = 0, now


def is_of_the_interface(scope: Scope) -> bool:
    """Tell whether a request is one of a program: people are answered by a page."""
    return str(scope.get("path", "")).startswith("/v1/")
