"""The listener: bytes are handed on unchanged, and only what is durable is accepted."""

import asyncio

import pytest

from service.gates import listener
from service.gates.book import Book
from service.gates.deliveries import REMEMBERED, is_signed, once, was_seen
from service.gates.errors import LaterError
from service.gates.listener import Listener
from service.gates.platform import Delivery, Reply


class Clock:
    at = 1_000.0

    def __call__(self):
        return self.at


@pytest.fixture
def book(tmp_path):
    clock = Clock()
    found = Book(tmp_path, "invented", clock=clock)
    found.clock = clock
    yield found
    found.close()


class Platform:
    name = "invented"

    def __init__(self, answer=None):
        self.answer, self.got = answer or Reply(202), []

    def receive(self, delivery, _):
        self.got.append(delivery)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def ask(platform, book, chunks=(b"{}",), *, method="POST", path="/hook", heard=lambda: None):
    messages = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks]
    messages[-1]["more_body"] = False
    sent = []

    async def receive():
        return messages.pop(0)

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": method, "path": path, "headers": [(b"X-Signature", b"abc")]}
    asyncio.run(Listener(platform, book, heard)(scope, receive, send))
    return sent[0]["status"], sent[1]["body"]


def test_the_very_bytes_are_handed_on(book):
    platform, heard = Platform(), []
    assert ask(platform, book, [b'{"a": ', b"1}\n"], heard=lambda: heard.append(1))[0] == 202
    assert platform.got == [Delivery("/hook", {"x-signature": "abc"}, b'{"a": 1}\n')]
    assert heard == [1]


@pytest.mark.parametrize("error", [LaterError("away"), ZeroDivisionError("Zanzibar-Quux")])
def test_what_cannot_be_taken_is_sent_again(book, error, caplog):
    assert ask(Platform(error), book)[0] == 503
    assert "Zanzibar" not in caplog.text


def test_what_is_refused_wakes_nobody(book):
    assert ask(Platform(Reply(401)), book, heard=lambda: pytest.fail("nothing was taken"))[0] == 401


def test_only_posts_are_taken(book):
    assert ask(Platform(), book, method="GET")[0] == 405


def test_a_body_is_bounded(book, monkeypatch):
    monkeypatch.setattr(listener, "MAX_BODY", 5)
    assert ask(Platform(), book, [b"123", b"456"])[0] == 413


def test_a_body_that_comes_too_slowly_is_not_waited_for(book, monkeypatch):
    monkeypatch.setattr(listener, "BODY_SECONDS", 0.01)
    sent = []

    async def receive():
        await asyncio.sleep(3600)

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/hook", "headers": []}
    asyncio.run(Listener(Platform(), book)(scope, receive, send))
    assert sent[0]["status"] == 408


def test_how_many_cases_wait_is_told_without_naming_anybody(book):
    assert ask(Platform(), book, method="GET", path="/healthz") == (200, b'{"waiting": {}}')


DELIVERY = Delivery("/hook", {}, b"{}")


def test_the_same_bytes_are_taken_once(book):
    answers = iter([Reply(202, '{"case": 1}'), Reply(500)])
    assert once(DELIVERY, book, lambda: next(answers)) == Reply(202, '{"case": 1}')
    assert once(DELIVERY, book, lambda: pytest.fail("it is known")) == Reply(202, '{"case": 1}')
    book.clock.at += REMEMBERED + 1
    assert once(DELIVERY, book, lambda: next(answers)) == Reply(500)
    assert was_seen(DELIVERY, book)


def test_what_failed_is_taken_when_it_comes_again(book):
    answers = iter([Reply(503), Reply(202)])
    assert [once(DELIVERY, book, lambda: next(answers)).status for _ in range(2)] == [503, 202]


@pytest.mark.parametrize("given", ["", "sha256=", "sha256=zz", "sha1=00", "sha256=" + "0" * 64])
def test_what_is_not_signed_is_not(given):
    assert not is_signed(b"{}", given, "s3cret")
