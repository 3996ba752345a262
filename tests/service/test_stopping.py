"""Stopped while the database answers nobody: it ends in time, whoever was let in is answered, and the port is free.

Started anew under load: nobody is refused, and nobody is left without an answer.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sqlite3
import time
from contextlib import contextmanager

import httpx
import pytest

from tests.service.databases import KINDS, new_database
from tests.service.processes import Service, account_body, eventually, together

# The limit here, and the seconds that a busy machine may add to noticing that a process has ended.
SECONDS, NOTICING = 8, 1.0
CHECKS = 12


@pytest.fixture(params=KINDS)
def frozen(request, tmp_path):
    """A database's address, and a block in which it answers nobody."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/home/doublecheck.db", lambda: sqlite_frozen(tmp_path / "home")
        return
    server = request.getfixturevalue("breakable_postgresql")

    @contextmanager
    def server_frozen():
        server.freeze()
        try:
            yield
        finally:
            server.thaw()

    yield new_database(server.url), server_frozen


@contextmanager
def sqlite_frozen(home):
    """Another process that writes, and does not come to an end."""
    other = sqlite3.connect(home / "doublecheck.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    yield
    other.execute("ROLLBACK")
    other.close()


@pytest.mark.parametrize("workers", [1, 2])
def test_stopped_while_the_database_is_frozen_it_ends_in_time(frozen, workers, services, tmp_path):
    url, freeze = frozen
    service = Service(services, tmp_path / "home", url, shutdown_seconds=SECONDS, request_seconds=60, log_level="error")
    service.start(workers=workers, port=free_port())
    assert service.check().status_code == 200
    headers = service.headers("agent-17", "agent")
    bodies = [account_body() for _ in range(CHECKS)]
    processes = service.processes()

    async def ask():
        async with service.client() as client:
            asked = [asyncio.create_task(client.post("/v1/checks", json=body, headers=headers)) for body in bodies]
            while service.connections() < len(bodies):
                await asyncio.sleep(0.05)
            await client.get("/healthz")
            told = time.monotonic()
            service.ask_to_stop()
            probes = asyncio.create_task(probed(service.url, asked))
            return told, await together(asked), await probes

    with freeze():
        told, answers, probes = asyncio.run(ask())
        assert eventually(lambda: not service.alive(processes))
        took = time.monotonic() - told
    assert took < SECONDS + NOTICING
    for answer in answers:
        assert answer.status_code in {200, 503}
    if url.startswith("postgresql"):  # SQLite gives up after two seconds, before anybody has to be told
        assert probes["/readyz"] == {503}
        assert probes["/healthz"] == {200}
    service.start()  # on the same port
    assert service.check().status_code == 200
    times = service.decided(body["account"]["account_id"] for body in bodies)
    for body, answer in zip(bodies, answers, strict=True):
        assert times[body["account"]["account_id"]] in ({1} if answer.status_code == 200 else {0, 1})
    service.verify()
    service.kill()


async def probed(url, asked):
    """Ask both probes over new connections until all is answered; return what they said."""
    said = {"/readyz": set(), "/healthz": set()}
    await asyncio.sleep(1.5)  # a supervisor hands the signal on within a second
    async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=60) as client:
        while not all(one.done() for one in asked):
            for path, statuses in said.items():
                try:
                    statuses.add((await client.get(path, headers={"connection": "close"})).status_code)
                except httpx.TransportError:
                    return said
            await asyncio.sleep(0.1)
    return said


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]


def test_workers_do_not_outlive_their_supervisor(services, tmp_path):
    service = Service(services, tmp_path, log_level="error", CANNED_START_METHOD="spawn")
    service.start(workers=2, port=free_port())
    workers = service.workers()
    assert len(workers) == 2
    os.kill(service.group, signal.SIGKILL)
    assert eventually(lambda: not service.alive(workers))
    service.start()  # on the same port
    assert service.check().status_code == 200
    service.kill()


def test_a_worker_that_dies_is_replaced_and_the_log_says_so(services, tmp_path):
    service = Service(services, tmp_path, log_level="info", CANNED_START_METHOD="spawn")
    service.start(workers=2, port=free_port())
    output = tmp_path / "output"
    assert eventually(lambda: output.read_text().count(" answers: model ") == 2)  # of both: else the dead never says it
    dead = service.workers()[0]
    dead.kill()
    assert eventually(lambda: f"worker {dead.pid} died" in output.read_text())
    assert eventually(lambda: output.read_text().count(" answers: model ") == 3)
    assert len(service.workers()) == 2
    service.kill()


def test_a_worker_that_does_not_end_is_killed(services, tmp_path):
    """One that is frozen itself obeys no signal."""
    service = Service(services, tmp_path, log_level="error", shutdown_seconds=3).start(workers=2, port=free_port())
    processes = service.processes()
    service.workers()[0].suspend()
    told = time.monotonic()
    service.ask_to_stop()
    assert eventually(lambda: not service.alive(processes))
    assert time.monotonic() - told < 3 + NOTICING
    service.start()
    service.kill()


def test_workers_are_replaced_under_load_and_no_request_is_lost(services, tmp_path):
    service = Service(services, tmp_path, log_level="error").start(workers=2, port=free_port())
    before = service.workers()

    def replace():
        os.kill(service.group, signal.SIGHUP)
        assert eventually(lambda: not service.alive(before))

    check_under_load(service, replace)
    assert len(service.workers()) == 2
    service.kill()


@pytest.mark.parametrize("workers", [1, 2])
def test_stopped_and_started_under_load_on_a_kept_port_no_request_is_lost(services, tmp_path, workers):
    """The port is handed over, as by systemd: what comes while nobody listens waits."""
    service = Service(services, tmp_path, log_level="error", CANNED_KEPT_PORT=free_port()).start(workers=workers)

    def restart():
        service.stop()
        time.sleep(0.5)
        service.start()

    check_under_load(service, restart)
    service.kill()


def check_under_load(service, restart):
    """Ask without a pause while it is started anew, over connections that are kept, new or idle: all is answered."""
    headers, accounts, over = service.headers("agent-17", "agent"), [], asyncio.Event()

    async def ask(pause, **more):
        statuses = []
        async with service.client() as client:
            while not over.is_set() or len(statuses) < 2:
                body = account_body()
                accounts.append(body["account"]["account_id"])
                statuses.append((await client.post("/v1/checks", json=body, headers=headers | more)).status_code)
                await asyncio.sleep(pause)
        return statuses

    async def load():
        asked = [ask(0), ask(0), ask(0, connection="close"), ask(0, connection="close"), ask(0.3), ask(0.3)]
        asking = [asyncio.create_task(one) for one in asked]
        await asyncio.sleep(1)
        await asyncio.to_thread(restart)
        await asyncio.sleep(1)
        over.set()
        return await together(asking)

    statuses = asyncio.run(load())
    assert {status for one in statuses for status in one} == {200}
    assert set(service.decided(accounts).values()) == {1}
    service.verify()
