"""Connections that hang are closed, and none is cut off that is in use."""

import asyncio
import socket
from contextlib import asynccontextmanager
from functools import partial

import uvicorn

from service.server.protocol import PunctualProtocol

HEAD = b"GET / HTTP/1.1\r\nHost: localhost\r\n"
# Seconds that nothing here takes, however busy the machine.
LONG = 60


@asynccontextmanager
async def served(*, seconds=LONG, lingering=LONG, taking=0.0):
    """Yield a server and its address; each answer takes some seconds."""

    async def app(_scope, _receive, send):
        await asyncio.sleep(taking)
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"ok"})

    http = partial(PunctualProtocol, seconds=seconds, lingering=lingering)
    config = uvicorn.Config(app, http=http, lifespan="off", log_config=None, timeout_keep_alive=LONG)
    server, listening = uvicorn.Server(config), socket.create_server(("127.0.0.1", 0))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started:
        await asyncio.sleep(0.01)
    async with asyncio.timeout(LONG):
        yield server, listening.getsockname()
        server.should_exit = True
        await serving


async def answered(reader):
    """Read one answer and return its head."""
    head = await reader.readuntil(b"\r\n\r\n")
    assert await reader.readexactly(2) == b"ok"
    return head


def closed_after(*sent, trickling=False):
    """Tell what was answered on a connection on which this was sent, until it was closed."""

    async def run():
        async with served(seconds=0.2) as (_, address):
            reader, writer = await asyncio.open_connection(*address)
            for one in sent:
                writer.write(one)
            dripping = asyncio.create_task(drip(writer)) if trickling else None
            found = await reader.read()
            if dripping:
                dripping.cancel()
            writer.close()
            return found

    return asyncio.run(run())


async def drip(writer):
    while True:
        await asyncio.sleep(0.05)
        writer.write(b"x: y\r\n")


def test_a_connection_without_a_request_is_closed():
    assert closed_after() == b""


def test_half_a_head_is_closed():
    assert closed_after(HEAD) == b""


def test_a_head_that_trickles_gets_no_more_time():
    assert closed_after(HEAD, trickling=True) == b""


def test_half_of_the_next_head_is_closed():
    assert closed_after(HEAD + b"\r\n", HEAD).count(b"200 OK") == 1


def test_an_answer_may_take_longer_than_a_head():
    async def run():
        async with served(seconds=0.1, taking=0.4) as (_, address):
            reader, writer = await asyncio.open_connection(*address)
            for _ in range(2):
                writer.write(HEAD + b"\r\n")
                assert b"200 OK" in await answered(reader)
            writer.close()

    asyncio.run(run())


def test_what_is_on_its_way_when_the_server_ends_is_answered():
    async def run():
        async with served() as (server, address):
            reader, writer = await asyncio.open_connection(*address)
            writer.write(HEAD + b"\r\n")
            assert b"close" not in await answered(reader)
            server.should_exit = True
            await asyncio.sleep(0.4)
            writer.write(HEAD + b"connection: close\r\n\r\n")  # in the service it is the answer that says so
            assert b"200 OK" in await answered(reader)
            writer.close()

    asyncio.run(run())


def test_an_idle_connection_does_not_hold_up_the_end():
    async def run():
        async with served(lingering=0.1) as (server, address):
            reader, writer = await asyncio.open_connection(*address)
            server.should_exit = True
            assert await reader.read() == b""
            writer.close()

    asyncio.run(run())
