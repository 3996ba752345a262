"""Refusals under overload: the same problem document as ever, soon, and one line of the log a second."""

import asyncio
import json
import time

import pytest

from service.errors import OverloadedError
from service.web import overload
from service.web.middleware import HEADERS, Guard
from service.web.problems import problem_response


async def never(scope, receive, send):
    raise AssertionError("nothing is let in")


async def ask(guard, path="/v1/checks", name=b"asked-1"):
    sent = []

    async def send(message):
        sent.append(message)

    async def receive():
        raise AssertionError("nothing of it is read")

    scope = {"type": "http", "method": "POST", "path": path, "headers": [(b"x-request-id", name)]}
    await guard(scope, receive, send)
    start, *rest = sent
    return start["status"], dict(start["headers"]), b"".join(message.get("body", b"") for message in rest)


def full(**options):
    return Guard(never, max_body_bytes=10, waiting=0, **options)


def test_a_refusal_is_the_problem_document_of_an_overload():
    status, headers, body = asyncio.run(ask(full()))
    expected = problem_response(OverloadedError("any"), "asked-1")
    assert (status, json.loads(body)) == (503, json.loads(bytes(expected.body)))
    assert headers[b"content-length"] == str(len(body)).encode()
    assert headers[b"content-type"] == expected.headers["content-type"].encode()
    assert (headers[b"retry-after"], headers[b"x-request-id"]) == (b"1", b"asked-1")
    assert headers[b"cache-control"] == b"no-store"
    assert {name.lower().encode(): value.encode() for name, value in HEADERS.items()}.items() <= headers.items()


def test_a_refusal_waits_a_little_and_no_longer():
    """Whoever asks again at once would take the time of those whose requests are under way."""
    guard = full()
    started = time.perf_counter()
    asyncio.run(ask(guard))
    assert overload.PAUSE <= time.perf_counter() - started < overload.PAUSE + 1.0


def test_refusals_do_not_count_as_under_way():
    guard, seen = full(), []

    async def many():
        waiting = [asyncio.ensure_future(ask(guard)) for _ in range(20)]
        await asyncio.sleep(overload.PAUSE / 5)
        seen.append(guard._under_way)
        return await asyncio.gather(*waiting)

    assert {status for status, _, _ in asyncio.run(many())} == {503}
    assert seen == [0]


def test_every_refusal_is_counted_and_one_line_a_second_is_logged(caplog, monkeypatch):
    monkeypatch.setattr(overload, "PAUSE", 0.0)
    counted = []
    guard = full(watch=lambda route, method, status, _: counted.append((route, method, status)))
    for _ in range(5):
        asyncio.run(ask(guard))
    assert counted == [("-", "POST", 503)] * 5
    assert [record.getMessage() for record in caplog.records] == ["1 requests refused: too many are under way"]
    monkeypatch.setattr(overload, "TOLD", 0.0)
    asyncio.run(ask(guard))
    assert caplog.records[-1].getMessage().startswith("5 requests refused")


@pytest.mark.parametrize("path", ["/queue", "/", "/v1"])
def test_people_are_answered_by_a_page(path):
    answered = []

    def respond(error, request_id, scope):
        answered.append(type(error).__name__)
        return problem_response(error, request_id)

    assert asyncio.run(ask(full(respond=respond), path))[0] == 503
    assert answered == ["OverloadedError"]


def test_a_name_of_a_request_that_is_none_is_not_repeated():
    _, headers, body = asyncio.run(ask(full(), name=b'"}\r\n<script>'))
    assert headers[b"x-request-id"].isalnum()
    assert json.loads(body)["request_id"] == headers[b"x-request-id"].decode()
