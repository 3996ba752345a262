"""Kill the service again and again while it works, and see that nothing is lost and nothing counts twice.

``python -m tests.crash --rounds 200 --database sqlite`` prints a table and fails if anything of this does not hold:

1. What was answered is there after the crash, word for word: decisions, approvals, clearances, redemptions.
2. What got no answer can be asked again with the same idempotency key, and then is there once.
3. A clearance is redeemed once, however often it was tried before the crash and after it.
4. The log's chain holds over all crashes, and nothing that it said before a crash was rewritten after.

Killed are, at a random moment: all processes of the service at once; before that in some rounds one of two workers, or
the PostgreSQL server; in others the server together with the service. With few rounds the tests run it too.
"""

from __future__ import annotations

import argparse
import asyncio
import math
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from tqdm import tqdm

from service.records.kept_checkpoints import Checkpoint, latest_checkpoint
from tests.service.breakable import PostgreSQL, breakable_server
from tests.service.databases import new_database
from tests.service.processes import Service, Services, account_body, together

AGENT, REVIEWERS = ("agent-17", "agent"), (("ana", "reviewer"), ("bo", "reviewer"))
# Agents who work at the same time, and seconds after which they are interrupted at the latest.
AGENTS, LONGEST = 12, 0.6
# Times that a request is sent when nothing is broken any more.
ATTEMPTS = 3
# When it happens is nobody's choice.
RANDOM = random.SystemRandom()
# Rounds on one database: few enough that verifying all of it stays quick, many enough that crashes add up.
ROUNDS_PER_DATABASE = 20


@dataclass
class Call:
    """One request, with its idempotency key, and its answer once there is one. A 503 is none."""

    path: str
    by: tuple[str, ...] = AGENT
    json: Any = None
    method: str = "POST"
    key: str = field(default_factory=lambda: uuid4().hex)
    status: int = 0
    text: str = ""
    answer: Any = None
    failure: str = ""

    async def send(self, client: httpx.AsyncClient, service: Service) -> Call:
        """Send it, once more if it was sent before."""
        headers = service.headers(*self.by, key=self.key)
        try:
            response = await client.request(self.method, self.path, json=self.json, headers=headers)
        except httpx.TransportError as error:
            self.failure = type(error).__name__
            return self
        if response.status_code == 503:
            self.failure = response.json()["code"]
        else:
            self.status, self.text, self.answer = response.status_code, response.text, response.json()
        return self

    def lasting(self) -> Any:
        """Return what of the answer must never change.

        All of it, except how far a review has come meanwhile, and a clearance that was spent meanwhile: its token is
        not given again.
        """
        if self.status == 200 and self.path.endswith("/approvals"):
            return self.answer["entry"]
        if self.status == 200 and self.path == "/v1/checks":
            return self.answer | {"clearance": None}
        return self.text

    def again(self) -> Call:
        """Return the same call, not sent yet."""
        return Call(self.path, self.by, self.json, self.method, self.key)


@dataclass
class Case:
    """A check, and all that was done about it."""

    check: Call
    approvals: list[Call] = field(default_factory=list)
    clearance: Call | None = None
    redemptions: list[Call] = field(default_factory=list)

    @property
    def account_id(self) -> str:
        return str(self.check.json["account"]["account_id"])

    @property
    def token(self) -> str | None:
        """The clearance's token, if one was answered."""
        if self.clearance:
            return self.clearance.answer["token"] if self.clearance.status == 200 else None
        given = self.check.status == 200 and self.check.answer["clearance"]
        return str(given["token"]) if given else None

    def calls(self) -> list[Call]:
        return [self.check, *self.approvals, *([self.clearance] if self.clearance else []), *self.redemptions]

    def redemption(self) -> Call:
        """Return one more attempt to redeem the clearance, with a key of its own."""
        body = {"token": self.token, "account": self.check.json["account"], "actor": AGENT[0]}
        return Call("/v1/clearances/redeem", json=body)


def new_case() -> Case:
    """Return a case, one in three of a large audience: those take two people."""
    return Case(Call("/v1/checks", json=account_body(followers=RANDOM.choice([12, 700, 250_000]))))


class Campaign:
    """Rounds of work, crash and inspection on one database.

    Attributes
    ----------
    counts : Counter
        What the table shows.
    faults : list of str
        What was lost or counted twice.
    """

    def __init__(self, service: Service, server: PostgreSQL | None, counts: Counter[str], faults: list[str]) -> None:
        self.service, self.server = service, server
        self.counts, self.faults = counts, faults
        self._cases: list[Case] = []
        self._kept: Checkpoint | None = None
        for by in (AGENT, *REVIEWERS):
            service.key(*by)

    def round(self, number: int) -> None:
        """Work, crash, start again and inspect."""
        if not self.service.processes():
            self.service.start(workers=1 + number % 2)
        done = asyncio.run(self._work_until_the_crash(number))
        self.service.start(workers=2 - number % 2)
        asyncio.run(self._inspect(done))
        self._cases += done
        self._inspect_database()
        self.counts["rounds"] += 1

    def close(self) -> None:
        """Look at everything once more, after the last crash."""
        asyncio.run(self._inspect_answers(self._cases))
        self.service.kill()

    # --- work and crash ----------------------------------------------------------------------------------------------

    async def _work_until_the_crash(self, number: int) -> list[Case]:
        cases: list[Case] = []
        crashed = asyncio.Event()
        async with self.service.client() as client:
            agents = [asyncio.create_task(self._agent(client, cases, crashed)) for _ in range(AGENTS)]
            await self._smaller_crash(number)
            await asyncio.sleep(RANDOM.uniform(0.02, LONGEST))
            crashed.set()
            if self.server and number % 4 == 2:
                self.server.kill()
            self.service.kill()
            await asyncio.gather(*agents)
        if self.server and number % 4 == 2:
            self.server.start()
        self._count(cases)
        return cases

    async def _smaller_crash(self, number: int) -> None:
        """Kill what the service must survive: in some rounds the database server, in others one of two workers."""
        workers = self.service.workers()
        if self.server and number % 4 == 0:
            await asyncio.sleep(RANDOM.uniform(0.02, LONGEST))
            self.server.kill()
            await asyncio.to_thread(self.server.start)
            self.counts["database servers killed"] += 1
        elif len(workers) > 1 and number % 3 == 0:
            await asyncio.sleep(RANDOM.uniform(0.02, LONGEST))
            RANDOM.choice(workers).kill()
            self.counts["single workers killed"] += 1

    async def _agent(self, client: httpx.AsyncClient, cases: list[Case], crashed: asyncio.Event) -> None:
        while not crashed.is_set():
            case = new_case()
            cases.append(case)
            await self._handle(case, client)
            if not all(call.status for call in case.calls()):
                await asyncio.sleep(0.3)  # something is broken: no use in hurry

    async def _handle(self, case: Case, client: httpx.AsyncClient) -> None:
        """Ask; have it approved where that is needed; redeem, now and then twice at the same time, or not at all."""
        await case.check.send(client, self.service)
        if case.check.status == 200 and case.check.answer["verdict"] == "needs_review":
            await self._review(case, client)
        if case.token and RANDOM.random() < 0.8:
            attempts = [case.redemption() for _ in range(RANDOM.choice([1, 1, 2]))]
            case.redemptions += attempts
            await together(attempt.send(client, self.service) for attempt in attempts)

    async def _review(self, case: Case, client: httpx.AsyncClient) -> None:
        address = f"/v1/checks/{case.check.answer['check_id']}"
        for by in REVIEWERS:
            look = await Call(address, by, method="GET").send(client, self.service)
            if look.status != 200:
                return
            case.approvals.append(Call(f"{address}/approvals", by, {"answer": "approve", "reason": "A copy."}))
            if (await case.approvals[-1].send(client, self.service)).status != 200:
                return
        case.clearance = await Call(f"{address}/clearance").send(client, self.service)

    def _count(self, cases: list[Case]) -> None:
        calls = [call for case in cases for call in case.calls()]
        self.counts["requests without an answer"] += sum(not call.status for call in calls)
        self.counts["decisions acknowledged"] += sum(case.check.status == 200 for case in cases)
        self.counts["approvals acknowledged"] += sum(one.status == 200 for case in cases for one in case.approvals)
        self.counts["clearances acknowledged"] += sum(case.token is not None for case in cases)
        self.counts["redemptions acknowledged"] += sum(one.status == 200 for case in cases for one in case.redemptions)

    # --- inspection --------------------------------------------------------------------------------------------------

    async def _inspect(self, cases: list[Case]) -> None:
        async with self.service.client() as client:
            for some in _in_groups(cases, AGENTS):
                await together(self._inspect_case(case, client) for case in some)
        await self._inspect_answers(cases)

    async def _inspect_case(self, case: Case, client: httpx.AsyncClient) -> None:
        """Ask everything again with the keys it had, then spend the clearance again with new ones."""
        for call in case.calls():
            again = await self._answered(call.again(), client)
            if call.status and call.lasting() != again.lasting() and again.status != 409:
                self._fault("lost", f"{call.path} was answered {call.status}, and {again.status} after the crash")
            if again.status not in {200, 409}:
                self._fault("lost", f"{call.path} is answered {again.status} {again.text} after the crash")
            if not call.status or call.status == 409:
                call.status, call.text, call.answer = again.status, again.text, again.answer
        await self._inspect_token(case, client)

    async def _answered(self, call: Call, client: httpx.AsyncClient) -> Call:
        """Send a call as a careful client does: again with the same key until it is answered. The table shows that."""
        for _ in range(ATTEMPTS):
            if (await call.send(client, self.service)).status:
                break
            self.counts[f"asked again: {call.failure}"] += 1
            tqdm.write(f"{call.failure} {call.path}\n{(self.service.home / 'output').read_text()[-600:]}", sys.stderr)
        return call

    async def _inspect_token(self, case: Case, client: httpx.AsyncClient) -> None:
        if case.token is None:
            return
        if not any(one.status == 200 for one in case.redemptions):
            case.redemptions.append(await self._answered(case.redemption(), client))
        last = await self._answered(case.redemption(), client)
        entries = {one.answer["entry"]["seq"] for one in case.redemptions if one.status == 200}
        if len(entries) != 1:
            self._fault("doubles", f"a clearance was redeemed {len(entries)} times")
        if last.status != 409 or "spent" not in {reason["code"] for reason in last.answer["reasons"]}:
            self._fault("doubles", f"a spent clearance was answered {last.status} {last.text}")

    async def _inspect_answers(self, cases: list[Case]) -> None:
        async with self.service.client() as client:
            for some in _in_groups(cases, AGENTS):
                await together(self._inspect_answer(case, client) for case in some)

    async def _inspect_answer(self, case: Case, client: httpx.AsyncClient) -> None:
        """Look the check up: its answer, its approvals and its clearance are those that were answered."""
        address = f"/v1/checks/{case.check.answer['check_id']}"
        found = await self._answered(Call(address, method="GET"), client)
        if found.status != 200 or found.answer["check"] != case.check.answer | {"clearance": None}:
            self._fault("lost", f"a decision is answered {found.status} {found.text} after the crash")
            return
        approved = {one["reviewer"] for one in found.answer["review"]["approvals"]}
        if not {one.by[0] for one in case.approvals if one.status == 200} <= approved:
            self._fault("lost", "an approval")
        states = [one["state"] for one in found.answer["clearances"]]
        if case.token and states != ["spent"]:
            self._fault("lost", f"a clearance that was redeemed is {states}")

    def _inspect_database(self) -> None:
        decided = self.service.decided(case.account_id for case in self._cases)
        for account_id, decisions in decided.items():
            if decisions != 1:
                self._fault("doubles" if decisions else "lost", f"account {account_id} has {decisions} decisions")
        self.service.verify(self._kept)
        self._kept = self.service.read(latest_checkpoint)
        self.counts["log verified"] += 1

    def _fault(self, kind: str, what: str) -> None:
        self.counts[kind] += 1
        self.faults.append(f"{kind}: {what}")


def _in_groups(cases: list[Case], size: int) -> Iterator[list[Case]]:
    for start in range(0, len(cases), size):
        yield cases[start : start + size]


def run(
    kind: str, rounds: int, services: Services, server: PostgreSQL | None = None, *, seconds: float = math.inf
) -> tuple[Counter[str], list[str]]:
    """Return what was counted in so many rounds on a kind of database, and all that went wrong.

    Parameters
    ----------
    seconds : float
        After which no round is begun any more.
    """
    until = time.monotonic() + seconds
    counts: Counter[str] = Counter(lost=0, doubles=0)
    faults: list[str] = []
    progress = tqdm(range(rounds), desc=kind, unit="round", mininterval=5)
    numbers = iter(progress)
    for first in range(0, rounds, ROUNDS_PER_DATABASE):
        with tempfile.TemporaryDirectory(prefix="doublecheck-crash-") as home:
            service = Service(services, Path(home), new_database(server.url) if server else None, log_level="error")
            campaign = Campaign(service, server, counts, faults)
            for _ in range(min(ROUNDS_PER_DATABASE, rounds - first)):
                if time.monotonic() < until:
                    campaign.round(next(numbers))
            campaign.close()
        if time.monotonic() >= until:
            break
    next(numbers, None)  # so that the progress ends
    return counts, faults


def table(kind: str, counts: Counter[str], seconds: float) -> str:
    """Return the summary."""
    names = [
        "rounds", "database servers killed", "single workers killed", "requests without an answer",
        "decisions acknowledged", "approvals acknowledged", "clearances acknowledged", "redemptions acknowledged",
        "log verified", "lost", "doubles",
    ]  # fmt: skip
    names += sorted(name for name in counts if name.startswith("asked again"))
    lines = [f"{name:34}{counts[name]:>10,}" for name in names]
    return "\n".join([f"{kind}, {seconds:,.0f} seconds", *lines])


def main() -> int:
    """Run the campaign that the command line asks for; exit status 1 if anything was lost or counted twice."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--minutes", type=float, default=math.inf, help="after which no round is begun any more")
    given = parser.parse_args()
    started = time.monotonic()
    with ExitStack() as stack:
        services = Services()
        stack.callback(services.close)
        server = stack.enter_context(breakable_server()) if given.database == "postgresql" else None
        counts, faults = run(given.database, given.rounds, services, server, seconds=given.minutes * 60)
    print(table(given.database, counts, time.monotonic() - started))
    print("\n".join(faults[:20]))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
