"""The service that is fuzzed: the real application on a port of its own, with the default model."""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import uvicorn

from classifier.model_store import ModelStore
from classifier.registry.registry import Registry
from classifier.scoring.scorer import Scorer
from classifier.storage.home import registry_store
from service.decisions.current_scorer import FollowedScorer
from service.settings import Settings
from tests.contract.states import PEOPLE, PROTECTED, Keys
from tests.service.conftest import UNLIMITED, Client, Clock


class Running(NamedTuple):
    """A service that runs, and what it logged of its failures."""

    url: str
    keys: Keys
    failures: list[str]
    client: Client


class _Failures(logging.Handler):
    """Keeps what is logged as an error."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


@contextmanager
def running(home: Path, database_url: str) -> Iterator[Running]:
    """Run the service over an empty directory and an empty database."""
    models = ModelStore(home)
    models.first_start()
    stored = models.load()
    store = registry_store(home)
    store.replace(Registry(PROTECTED))
    opened = store.open()
    followed = FollowedScorer(Scorer(stored.model, stored.model_id, opened.index), store, opened, models)
    # Appeals that a fuzzer wins withdraw no certificate: otherwise nothing would be cleared any more.
    drawing = UNLIMITED | {"second_look_share": 1}  # so that what a fuzzer has checked can be judged blind too
    settings = Settings(home=home, database_url=database_url, request_seconds=60, monitor_minutes=0, **drawing)
    client = Client(followed, settings, Clock())
    keys = {actor: client.key(actor, *roles) for actor, roles in PEOPLE.items()}
    failures = _Failures()
    logging.getLogger("service").addHandler(failures)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(client.app, log_config=None, timeout_graceful_shutdown=5))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield Running(f"http://127.0.0.1:{listening.getsockname()[1]}", keys, failures.lines, client)
        finally:
            server.should_exit = True
            thread.join()
            logging.getLogger("service").removeHandler(failures)
