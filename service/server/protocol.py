"""Connections that somebody leaves hanging: half a request keeps none of them open.

Rules:

1. The head of a request (its first line and its headers) arrives whole within ``seconds``, or the connection is closed.
   On a new connection these seconds begin at once, on one that was used before with the first byte of the next head.
   A body is bounded by the time limit of its request (``service.web.middleware``).
2. When the server ends, a connection that waits for its next request is left open for another ``lingering`` seconds:
   what was on its way already is answered and not cut off. Every answer then closes its connection.

References
----------
RFC 9112, HTTP/1.1, 9.6 (tear-down) and 9.5 (timeouts): https://www.rfc-editor.org/rfc/rfc9112
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class PunctualProtocol(HttpToolsProtocol):
    """Uvicorn's protocol, with a limit for heads.

    Parameters
    ----------
    seconds, lingering : float
    options
        As uvicorn gives them.
    """

    def __init__(self, *, seconds: float, lingering: float, **options: Any) -> None:
        super().__init__(**options)
        self._seconds, self._lingering = seconds, lingering
        self._limit: asyncio.TimerHandle | None = None
        self._is_within_head = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin with a connection."""
        super().connection_made(transport)
        self._close_after(self._seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        """End with a connection."""
        self._forget_limit()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what has arrived."""
        super().data_received(data)
        if self._is_within_head and self._limit is None:
            self._close_after(self._seconds)

    def on_message_begin(self) -> None:
        """Begin with a head."""
        super().on_message_begin()
        self._is_within_head = True

    def on_headers_complete(self) -> None:
        """Begin with a request whose head is whole."""
        self._is_within_head = False
        self._forget_limit()
        super().on_headers_complete()

    def shutdown(self) -> None:
        """End after the answer that is under way, or a moment later."""
        if self.cycle is None or self.cycle.response_complete:
            self._forget_limit()
            self._close_after(self._lingering)
        else:
            super().shutdown()

    def _close_after(self, seconds: float) -> None:
        self._limit = self.loop.call_later(seconds, self.timeout_keep_alive_handler)

    def _forget_limit(self) -> None:
        if self._limit is not None:
            self._limit.cancel()
            self._limit = None
