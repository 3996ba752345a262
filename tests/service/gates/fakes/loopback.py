"""An HTTP server on loopback, in a thread: what fakes of platforms stand on. It can misbehave on purpose."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections import defaultdict
from email.utils import formatdate
from typing import Any, NamedTuple, Self

import uvicorn

# Seconds of silence for a "timeout": longer than a gate waits in tests.
SILENCE = 4.0


class Asked(NamedTuple):
    """A request that came. Header names are in lower case; the path is as it was sent, percent-encoded."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Answer(NamedTuple):
    status: int
    body: Any = None
    headers: dict[str, str] = {}  # noqa: RUF012 -- nobody changes it


class Loopback:
    """Answers requests with ``answer(asked)``, which a fake says.

    Attributes
    ----------
    faults : dict of str to list
        By "METHOD /first-part-of-the-path" what the next requests meet, in place of an answer: a status, an ``Answer``,
        "silence" (no answer), "half" (done, broken off), "after" (done, and then a 500), "late" (done, silence).
    asked : list of Asked
        All that came.
    """

    def __init__(self) -> None:
        self.faults: dict[str, list[Any]] = defaultdict(list)
        self.asked: list[Asked] = []
        self.url = ""

    def answer(self, asked: Asked) -> Answer:
        raise NotImplementedError

    def __enter__(self) -> Self:
        config = uvicorn.Config(
            self, host="127.0.0.1", port=0, log_config=None, lifespan="off", ws="none", date_header=False
        )
        listening = config.bind_socket()
        self.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [listening]}, daemon=True)
        self._thread.start()
        while not self._server.started:
            time.sleep(0.005)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = self._server.force_exit = True
        self._thread.join(timeout=5)  # a client that holds a connection open would hold up the tests; it is a daemon

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        headers = {name.decode().lower(): value.decode() for name, value in scope["headers"]}
        asked = Asked(scope["method"], scope["raw_path"].decode(), headers, body)
        self.asked.append(asked)
        planned = self.faults[f"{asked.method} /{asked.path.split('/')[1].split('?')[0]}"]
        fault = planned.pop(0) if planned else None
        answered = await self._met(fault, asked)
        await self._send(send, answered, half=fault == "half")

    async def _met(self, fault: Any, asked: Asked) -> Answer:
        if isinstance(fault, Answer):
            return fault
        if isinstance(fault, int):
            return Answer(fault)
        answered = Answer(500) if fault == "silence" else self.answer(asked)
        if fault in {"silence", "late"}:
            await asyncio.sleep(SILENCE)
        return Answer(500) if fault in {"after", "late"} else answered

    async def _send(self, send: Any, answered: Answer, *, half: bool) -> None:
        content = answered.body if isinstance(answered.body, bytes) else json.dumps(answered.body).encode()
        headers = {"content-type": "application/json", "content-length": str(len(content))}
        headers |= {"date": formatdate(usegmt=True)} | answered.headers
        encoded = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": answered.status, "headers": encoded})
        if half:
            await send({"type": "http.response.body", "body": content[: len(content) // 2], "more_body": True})
            raise ConnectionError("broken off on purpose")
        await send({"type": "http.response.body", "body": content})
