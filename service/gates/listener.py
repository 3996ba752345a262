"""The listener: takes a platform's requests over HTTP, hands on their very bytes, answers once they are durable."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable

from starlette.types import Receive, Scope, Send

from service.gates.book import Book
from service.gates.errors import LaterError
from service.gates.platform import Delivery, Platform, Reply
from service.utils.traces import place

log = logging.getLogger(__name__)

# Bytes. The largest that any of the platforms sends has some tens of thousands.
MAX_BODY = 1024 * 1024
# Seconds within which a body must have come.
BODY_SECONDS = 10.0


class Listener:
    """An ASGI application.

    Parameters
    ----------
    heard : callable
        Called when something was taken, so that it is worked on at once.
    """

    def __init__(self, platform: Platform, book: Book, heard: Callable[[], object] = lambda: None) -> None:
        self._platform, self._book, self._heard = platform, book, heard

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            return
        reply = await self._reply(scope, receive)
        headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
        await send({"type": "http.response.start", "status": reply.status, "headers": headers})
        await send({"type": "http.response.body", "body": (reply.body or "{}").encode()})

    async def _reply(self, scope: Scope, receive: Receive) -> Reply:
        if scope["path"] == "/healthz":
            return Reply(200, json.dumps({"waiting": await asyncio.to_thread(self._book.counts)}))
        if scope["method"] != "POST":
            return Reply(405)
        body = await _body(receive)
        if isinstance(body, Reply):
            return body
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        return await asyncio.to_thread(self._received, Delivery(scope["path"], headers, body))

    def _received(self, delivery: Delivery) -> Reply:
        try:
            reply = self._platform.receive(delivery, self._book)
        except LaterError as late:
            log.warning("a delivery could not be taken: %s", late.why)
            return Reply(503)
        except Exception as error:  # whatever it is: the platform sends it again
            log.error("a delivery failed with %s at %s", type(error).__name__, place(error))
            return Reply(503)
        if reply.status < 300:
            self._heard()
        else:
            log.warning("a delivery was answered with %d", reply.status)
        return reply


async def _body(receive: Receive) -> bytes | Reply:
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return Reply(400)
                body += message.get("body", b"")
                if len(body) > MAX_BODY:
                    return Reply(413)
                if not message.get("more_body", False):
                    return bytes(body)
    except TimeoutError:
        return Reply(408)
