"""What a service is asked in a day, mixed: checks, reviews, clearances, redemptions, outcomes, pages, files, changes.

Requests come at a fixed rate, whether or not the ones before were answered. Each is chosen by its share; what it needs
of others (a clearance to spend, a check to review) waits in a queue, and where that is empty it is a check instead.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import httpx
import jwt
import numpy as np

# Shares of requests, in percent, and seconds between two files and two changes of the registry: this project's guess at
# a busy day. Six in ten are checks.
SHARES = {
    "check": 58, "redeem": 4, "review": 12, "clearance": 4, "outcome": 2, "page": 8, "page check": 2, "search": 3,
    "statement": 2, "batch": 1, "probe": 4,
}  # fmt: skip
FILE_SECONDS, REGISTRY_SECONDS = 300.0, 30.0
FILE_ROWS, BATCH_ROWS = 500, 20
# Checks that wait for something at most: the oldest are left as they are.
WAITING = 500
PAGES = ("/", "/reviews", "/history", "/batches", "/docs")
REVIEWERS = ("ana", "bo")
PATIENCE = 60.0


class Answered(NamedTuple):
    """A request: what it was, its status (0: no answer), and the seconds from when it was due."""

    kind: str
    status: int
    seconds: float


@dataclass
class Mix:
    """Asks a service at one address.

    Parameters
    ----------
    url : str
    keys : mapping of str to str
        API keys of "agent", "admin", "person" (an agent who reviews too) and each of ``REVIEWERS``.
    bodies : sequence of bytes
        Bodies of checks, used in turn.
    seed : int
    """

    url: str
    keys: dict[str, str]
    bodies: Sequence[bytes]
    seed: int
    answers: list[Answered] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Begin with nothing that waits."""
        self._rng = np.random.default_rng(self.seed)
        self._kinds, shares = list(SHARES), np.array(list(SHARES.values()), dtype=float)
        self._shares = shares / shares.sum()
        self._asked = 0
        self._waiting: dict[str, deque[Any]] = {
            name: deque(maxlen=WAITING) for name in ("tokens", "reviews", "approved", "spent", "seen")
        }
        self._do: dict[str, Callable[[], Awaitable[httpx.Response]]] = {
            "check": self._check, "redeem": self._redeem, "review": self._review, "clearance": self._clearance,
            "outcome": self._outcome, "page": self._page, "page check": self._page_check, "search": self._search,
            "statement": self._statement, "batch": self._batch, "probe": self._probe, "file": self._file,
            "registry": self._registry,
        }  # fmt: skip

    async def run(self, seconds: float, rate: float) -> None:
        """Ask for some seconds at a rate, and wait until all is answered."""
        limits = httpx.Limits(max_connections=32)
        common: Any = {"base_url": self.url, "trust_env": False, "timeout": PATIENCE, "limits": limits}
        async with httpx.AsyncClient(**common) as self._tool, httpx.AsyncClient(**common) as self._browser:
            await self._sign_in()
            started, asked = time.perf_counter(), set[asyncio.Task[None]]()
            due = {"file": started + FILE_SECONDS / 10, "registry": started + REGISTRY_SECONDS / 10}
            for number in range(int(seconds * rate)):
                moment = started + number / rate
                await asyncio.sleep(max(0.0, moment - time.perf_counter()))
                task = asyncio.create_task(self._ask(self._next(moment, due), moment))
                asked.add(task)
                task.add_done_callback(asked.discard)
            await asyncio.gather(*asked)

    def _next(self, moment: float, due: dict[str, float]) -> str:
        for kind, every in (("file", FILE_SECONDS), ("registry", REGISTRY_SECONDS)):
            if moment >= due[kind]:
                due[kind] += every
                return kind
        kind = self._kinds[int(self._rng.choice(len(self._kinds), p=self._shares))]
        needed = _NEEDS.get(kind)
        return kind if needed is None or self._waiting[needed] else "check"

    async def _ask(self, kind: str, due: float) -> None:
        try:
            status = (await self._do[kind]()).status_code
        except httpx.TransportError:
            status = 0
        self.answers.append(Answered(kind, status, time.perf_counter() - due))

    # --- tools -------------------------------------------------------------------------------------------------------

    async def _check(self) -> httpx.Response:
        body = self._body()
        response = await self._post("/v1/checks", body, "agent")
        if response.status_code == 200:
            self._follow(response.json(), json.loads(body)["account"])
        return response

    def _follow(self, answer: dict[str, Any], account: dict[str, Any]) -> None:
        self._waiting["seen"].append(answer["check_id"])
        if answer["clearance"]:
            self._waiting["tokens"].append((answer["check_id"], answer["clearance"]["token"], account))
        elif answer["verdict"] == "needs_review":
            self._waiting["reviews"].append((answer["check_id"], account, 0))

    async def _redeem(self) -> httpx.Response:
        check_id, token, account = self._waiting["tokens"].popleft()
        actor = {"actor_id": _claim(token, "actor")}
        response = await self._post("/v1/clearances/redeem", {"token": token, "account": account, "actor": actor})
        if response.status_code == 200:
            self._waiting["spent"].append(check_id)
        return response

    async def _review(self) -> httpx.Response:
        """Look as the first reviewer, then answer, then the same as the second: one request each."""
        check_id, account, step = self._waiting["reviews"].popleft()
        reviewer, address = REVIEWERS[step // 2], f"/v1/checks/{check_id}"
        if step % 2 == 0:
            response = await self._get(address, reviewer)
        else:
            response = await self._post(f"{address}/approvals", {"answer": "approve", "reason": "A copy."}, reviewer)
        if response.status_code == 200 and step < 3:
            self._waiting["reviews"].appendleft((check_id, account, step + 1))
        elif response.status_code == 200:
            self._waiting["approved"].append((check_id, account))
        return response

    async def _clearance(self) -> httpx.Response:
        check_id, account = self._waiting["approved"].popleft()
        response = await self._post(f"/v1/checks/{check_id}/clearance", None)
        if response.status_code == 200:
            self._waiting["tokens"].append((check_id, response.json()["token"], account))
        return response

    async def _outcome(self) -> httpx.Response:
        body = {"outcome": "upheld", "note": "The owner did not answer."}
        return await self._post(f"/v1/checks/{self._waiting['spent'].popleft()}/outcome", body, REVIEWERS[0])

    async def _search(self) -> httpx.Response:
        return await self._get("/v1/checks?limit=50&verdict=needs_review", "admin")

    async def _statement(self) -> httpx.Response:
        return await self._get(f"/v1/checks/{self._waiting['spent'][-1]}/statement", REVIEWERS[0])

    async def _batch(self) -> httpx.Response:
        return await self._post("/v1/checks/batch", {"checks": [json.loads(self._body()) for _ in range(BATCH_ROWS)]})

    async def _probe(self) -> httpx.Response:
        return await self._tool.get(str(self._rng.choice(["/readyz", "/healthz", "/metrics"])))

    async def _registry(self) -> httpx.Response:
        handle = f"newcomer{self.seed}x{len(self.answers)}"
        put = {"display_name": f"Newcomer {len(self.answers)}", "account_id": f"9{self.seed}{len(self.answers)}"}
        headers = {"Authorization": f"Bearer {self.keys['admin']}"}
        return await self._tool.put(f"/v1/protected/x/{handle}", json=put, headers=headers)

    async def _get(self, path: str, by: str) -> httpx.Response:
        return await self._tool.get(path, headers={"Authorization": f"Bearer {self.keys[by]}"})

    async def _post(self, path: str, body: Any, by: str = "agent") -> httpx.Response:
        self._asked += 1
        headers = {"Authorization": f"Bearer {self.keys[by]}", "Idempotency-Key": f"{self.seed}-{self._asked}"}
        if isinstance(body, bytes):
            headers["Content-Type"] = "application/json"
            return await self._tool.post(path, content=body, headers=headers)
        return await self._tool.post(path, json=body, headers=headers)

    def _body(self) -> bytes:
        self._asked += 1
        return self.bodies[self._asked % len(self.bodies)]

    # --- a person with a browser -------------------------------------------------------------------------------------

    async def _sign_in(self) -> None:
        page = await self._browser.get("/sign-in", headers=_PAGE)
        form = _hidden(page.text) | {"key": self.keys["person"], "next": "/"}
        signed_in = await self._browser.post("/sign-in", data=form, headers=_PAGE)
        if signed_in.status_code not in {200, 303}:
            raise RuntimeError(f"nobody could sign in: {signed_in.status_code}")

    async def _page(self) -> httpx.Response:
        paths = [*PAGES, *(f"/checks/{check_id}" for check_id in list(self._waiting["seen"])[-5:])]
        return await self._looked_at(str(self._rng.choice(paths)))

    async def _looked_at(self, path: str) -> httpx.Response:
        """Fetch a page; who was signed out in the meantime signs in again first."""
        response = await self._browser.get(path, headers=_PAGE, follow_redirects=True)
        if 'name="key"' in response.text:
            await self._sign_in()
            response = await self._browser.get(path, headers=_PAGE, follow_redirects=True)
        return response

    async def _page_check(self) -> httpx.Response:
        page = await self._looked_at("/")
        account = json.loads(self._body())["account"]
        form = _hidden(page.text) | {"action": "suspend", "paste": json.dumps(account)}
        return await self._browser.post("/", data=form, headers=_PAGE, follow_redirects=True)

    async def _file(self) -> httpx.Response:
        rows = b"\n".join(json.dumps(json.loads(self._body())["account"]).encode() for _ in range(FILE_ROWS))
        page = await self._looked_at("/batches")
        sent = {"file": ("reports.jsonl", rows, "application/octet-stream")}
        return await self._browser.post(
            "/batches", data=_hidden(page.text), files=sent, headers=_PAGE, follow_redirects=True
        )


_NEEDS = {
    "redeem": "tokens", "review": "reviews", "clearance": "approved", "outcome": "spent", "statement": "spent"
}  # fmt: skip
_PAGE = {"accept": "text/html"}
_INPUT = re.compile(r"<input\b[^>]*>")
_ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')


def _hidden(html: str) -> dict[str, str]:
    """Return the hidden fields of a page's forms."""
    fields = [dict(_ATTRIBUTE.findall(tag)) for tag in _INPUT.findall(html)]
    return {one["name"]: one.get("value", "") for one in fields if one.get("type") == "hidden"}


def _claim(token: str, name: str) -> str:
    """Return what a token says, unverified."""

    return str(jwt.decode(token, options={"verify_signature": False})[name])
