"""Running a gate: work and polls in this thread, the listener beside it, until somebody stops it."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from doublecheck_client import ClientError, Doublecheck

from service.gates.book import Book
from service.gates.errors import LaterError
from service.gates.first_step import FirstStep
from service.gates.listener import Listener
from service.gates.platform import AnswersAtOnce, Platform, Polled
from service.gates.settings import GateSettings
from service.gates.worker import Worker
from service.utils.traces import place

log = logging.getLogger(__name__)

# Seconds between two looks at what is due.
TICK = 0.2
# Seconds between two signs of life: well below the shortest silence that the service can be told to accept.
SIGN = 60.0
# Seconds that requests under way may take when the listener is stopped.
_GRACE = 5


def run(platform: Platform, settings: GateSettings, book: Book, *, listens: bool) -> None:
    """Run a gate until SIGTERM or SIGINT; a step that is under way is finished or tried again at the next start."""
    stop, heard = _stopped(), threading.Event()
    with Doublecheck(settings.url, settings.key) as service:
        worker = _worker(platform, settings, book, service)
        with _answering(platform, worker), _listening(platform, settings, book, heard, listens):
            _work(worker, settings, stop, heard)
    book.close()


def watch(polled: Polled, settings: GateSettings, book: Book, *, once: bool) -> None:
    """Look at something once, or until SIGTERM or SIGINT."""
    stop = _stopped()
    while not stop.is_set():
        poll(polled, book)
        if once:
            break
        stop.wait(settings.gate_poll)
    book.close()


def _stopped() -> threading.Event:
    """Return an event that is set once somebody stops the process."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    return stop


def _work(worker: Worker, settings: GateSettings, stop: threading.Event, heard: threading.Event) -> None:
    book, next_poll, next_sign = worker.book, 0.0, 0.0
    while not stop.is_set():
        heard.clear()
        if book.now() >= next_sign:
            next_sign = book.now() + SIGN
            give_sign(worker)
        if book.now() >= next_poll:
            next_poll = book.now() + settings.gate_poll
            poll(worker.platform, book)
        if not worker.work():
            _rest(stop, heard)


def once(platform: Platform, settings: GateSettings, book: Book) -> None:
    """Ask the platform what is new, do what is due, and end."""
    with Doublecheck(settings.url, settings.key) as service:
        worker = _worker(platform, settings, book, service)
        give_sign(worker)
        poll(platform, book)
        worker.work()
    book.close()


def _worker(platform: Platform, settings: GateSettings, book: Book, service: Doublecheck) -> Worker:
    return Worker(platform, service, book, acts=settings.gate_acts, actor=settings.gate_actor, poll=settings.gate_poll)


def give_sign(worker: Worker) -> None:
    """Tell the service that this gate works, from the thread that works: what hangs gives no sign."""
    try:
        worker.service.alive(worker.platform.name, worker.book.waiting())
    except ClientError as error:  # an older service knows no signs, and a gate needs none to work
        log.info("%s: no sign of life was taken (%s)", worker.platform.name, type(error).__name__)


def poll(platform: Polled, book: Book) -> None:
    """Ask what is new; what fails is tried at the next poll."""
    try:
        platform.poll(book)
    except LaterError as late:
        log.warning("%s: could not be polled: %s", platform.name, late.why)
    except Exception as error:
        log.error("%s: polling failed with %s at %s", platform.name, type(error).__name__, place(error))


def _rest(stop: threading.Event, heard: threading.Event) -> None:
    if not stop.is_set():
        heard.wait(TICK)


@contextmanager
def _answering(platform: Platform, worker: Worker) -> Iterator[None]:
    if not isinstance(platform, AnswersAtOnce):
        yield
        return
    platform.first_step = first_step = FirstStep(worker.first_step)
    try:
        yield
    finally:
        first_step.close()


@contextmanager
def _listening(
    platform: Platform, settings: GateSettings, book: Book, heard: threading.Event, listens: bool
) -> Iterator[None]:
    if not listens:
        yield
        return
    host, port = settings.listen()
    config = uvicorn.Config(
        Listener(platform, book, heard.set), host=host, port=port, log_config=None, access_log=False,
        server_header=False, timeout_graceful_shutdown=_GRACE, lifespan="off",
    )  # fmt: skip
    listening = config.bind_socket()
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, name="listener", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(_GRACE + 1)
