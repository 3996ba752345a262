"""What holds for every answer: request id, security headers, bounded body, one log line, no traceback shown."""

from __future__ import annotations

import asyncio
import logging
import random
import re
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from classifier.errors import DoublecheckError
from service.errors import OverloadedError, TooSlowError
from service.utils.traces import place, trace
from service.web.hosts import PROBES
from service.web.overload import Refusals, is_of_the_interface
from service.web.problems import Respond, respond
from service.web.stopping import Stopping

log = logging.getLogger(__name__)

HEADERS = {
    # Style sheets and one script of this host, which may ask this host for pages; no pictures, nothing from elsewhere,
    # nothing within the pages.
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    # Nothing goes to other sites. Under no-referrer a browser would send our own form with "Origin: null".
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
Watch = Callable[[str, str, int, float], None]
Admit = Callable[[Scope], None]
_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")
# Answered also while the process is being stopped.
_ALIVE = frozenset({"/healthz", "/metrics"})
_READY = "/readyz"
_SIZE = re.compile(rb"[0-9]{1,18}")
# As the server wants them. They replace what a route said.
_SENT = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
_OURS = frozenset(name for name, _ in _SENT) | {b"x-request-id"}


class Guard:
    """ASGI middleware around everything else.

    Parameters
    ----------
    max_body_bytes : int
        Counted on the stream, because a Content-Length may be missing or wrong.
    larger : mapping of str to int
        The bytes that a body may have at certain paths.
    seconds : float
        After which a request gets a 503; also one whose body comes too slowly.
    slower : mapping of str to float
        The seconds at certain paths and all below them: files are sent and fetched there.
    waiting : int
        Requests that may be under way; one more gets a 503 before anything of it is read, which costs next to nothing,
        so that those under way are not held up by those that cannot be (``overload``). Probes are always let in.
    admit : callable
        Raises an error where a request may not come in at all; nothing of it is read then.
    frames : bool
        Whether all frames of an unexpected error are logged: files, lines and functions, no values.
    watch : callable
        Told route, method, status and seconds of each answer.
    count : callable
        Told how many more requests are under way, or fewer.
    respond : callable
        Answers errors.
    stopping : Stopping, optional
        Lets requests in until the process is stopped.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        max_body_bytes: int,
        larger: Mapping[str, int] | None = None,
        seconds: float = 10.0,
        slower: Mapping[str, float] | None = None,
        waiting: int = 256,
        admit: Admit = lambda _: None,
        frames: bool = False,
        watch: Watch = lambda *_: None,
        count: Callable[[int], object] = lambda _: None,
        respond: Respond = respond,
        stopping: Stopping | None = None,
    ) -> None:
        self.app = app
        self.max_body_bytes = max_body_bytes
        self.larger = larger or {}
        self.seconds = seconds
        self.slower = slower or {}
        self.waiting = waiting
        self.admit = admit
        self.frames = frames
        self.watch = watch
        self.count = count
        self.respond = respond
        self.stopping = stopping or Stopping(seconds)
        self._under_way = 0
        self._refusals = Refusals(_SENT)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, is_one_too_many = time.perf_counter(), self._is_one_too_many(scope)
        if is_one_too_many and is_of_the_interface(scope):
            await self._refusals.send(send, _request_id(scope))
            self.watch("-", scope["method"], self._refusals.status, time.perf_counter() - started)
            return
        answer = _Answer(send, _request_id(scope), self.stopping)
        scope.setdefault("state", {})["request_id"] = answer.request_id
        limit = self.larger.get(scope.get("path", ""), self.max_body_bytes)
        self._counted(1)
        try:
            if is_one_too_many:
                raise OverloadedError("too many requests are under way; ask again in a moment")
            self.admit(scope)
            _check(_declared_size(scope), limit)
            async with self._let_in(scope.get("path", "")):
                await self.app(scope, _bounded(receive, limit), answer.send)
        except (HTTPException, DoublecheckError) as error:
            await self.respond(error, answer.request_id, scope)(scope, receive, answer.send)
        except TimeoutError:
            if answer.status:
                raise
            slow = TooSlowError("the time limit of the request has passed")
            await self.respond(slow, answer.request_id, scope)(scope, receive, answer.send)
        except Exception as error:
            _log_failure(error, answer.request_id, frames=self.frames)
            if answer.status:  # too late for another answer: let the server cut the connection
                raise
            await self.respond(error, answer.request_id, scope)(scope, receive, answer.send)
        finally:
            self._counted(-1)
        taken = time.perf_counter() - started
        # The route's pattern, not the address: an address may hold anything, also text of an account.
        route = getattr(scope.get("route"), "path_format", "-")
        _log_line(scope["method"], route, answer, taken)
        self.watch(route, scope["method"], answer.status, taken)

    def _counted(self, more: int) -> None:
        self._under_way += more
        self.count(more)

    def _is_one_too_many(self, scope: Scope) -> bool:
        return self._under_way >= self.waiting and scope.get("path") not in PROBES

    def _let_in(self, path: str) -> AbstractAsyncContextManager[object]:
        seconds = self._seconds_at(path)
        if path in _ALIVE:
            return asyncio.timeout(seconds)
        return self.stopping.let_in(seconds, is_readiness=path == _READY)

    def _seconds_at(self, path: str) -> float:
        return next((most for top, most in self.slower.items() if f"{path}/".startswith(f"{top}/")), self.seconds)


def _bounded(receive: Receive, limit: int) -> Receive:
    seen = 0

    async def bounded() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        _check(seen, limit)
        return message

    return bounded


def _check(size: int, limit: int) -> None:
    if size > limit:
        raise HTTPException(413, f"A body may have {limit:,} bytes.")


class _Answer:
    """Adds the headers to an answer on its way out and remembers its status."""

    def __init__(self, send: Send, request_id: str, stopping: Stopping) -> None:
        self._send = send
        self._stopping = stopping
        self.request_id = request_id
        self.status = 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = [header for header in message.get("headers", ()) if header[0] not in _OURS]
            if all(name != b"cache-control" for name, _ in headers):
                headers.append((b"cache-control", b"no-store"))  # answers are about people
            if self._stopping.begun:
                headers.append((b"connection", b"close"))  # the next request goes to another process
            message["headers"] = [*headers, *_SENT, (b"x-request-id", self.request_id.encode())]
        await self._send(message)


def _declared_size(scope: Scope) -> int:
    declared = _header(scope, b"content-length")
    return int(declared) if _SIZE.fullmatch(declared) else 0  # else the stream is counted all the same


def _request_id(scope: Scope) -> str:
    given = _header(scope, b"x-request-id")
    # A name, no secret: one from the system's source would let go of the interpreter's lock.
    return given.decode() if _REQUEST_ID.fullmatch(given) else f"{random.getrandbits(128):032x}"


def _header(scope: Scope, wanted: bytes) -> bytes:
    return next((value for name, value in scope["headers"] if name == wanted), b"")


def _log_line(method: str, route: str, answer: _Answer, seconds: float) -> None:
    took = round(seconds * 1000, 1)
    is_told = route not in PROBES or answer.status >= 400
    log.log(
        logging.INFO if is_told else logging.DEBUG,
        "%s %s %d %.1f ms %s", method, route, answer.status, took, answer.request_id,
        extra={"request_id": answer.request_id, "method": method, "route": route, "status": answer.status, "ms": took},
    )  # fmt: skip


def _log_failure(error: Exception, request_id: str, *, frames: bool) -> None:
    # The message of an unexpected exception may quote an account: at this level the place has to do.
    named = {"request_id": request_id}
    log.error("request %s failed: %s at %s", request_id, type(error).__name__, place(error), extra=named)
    if frames:
        log.error("request %s came this way: %s", request_id, trace(error), extra=named)
    log.debug("request %s", request_id, exc_info=error)
