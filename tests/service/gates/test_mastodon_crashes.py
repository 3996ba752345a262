"""kill -9 of the gate for Mastodon, and of the service, at random points: nothing is suspended twice, unasked or never.

``MASTODON_ROUNDS=100 pytest -m process tests/service/gates/test_mastodon_crashes.py`` kills a hundred times, CI five.
"""

import os
import random
import threading
from contextlib import suppress
from functools import partial

import httpx
import pytest
from sqlalchemy import select

from service.gates.book import Book
from service.gates.errors import GateError
from service.records.tables import clearances, decisions
from tests.service.gates.fakes.mastodon import DOMAIN, PRIVATE, RULE, SECRET, TOKEN, Mastodon
from tests.service.gates.gate_process import EXECUTOR, Gates, free_port, health, until
from tests.service.processes import Service

pytestmark = [pytest.mark.process, pytest.mark.slow, pytest.mark.xdist_group("gates")]
ROUNDS = int(os.environ.get("MASTODON_ROUNDS", "5"))
REVIEWERS = (("reviewer-1", "reviewer"), ("reviewer-2", "reviewer"))


@pytest.fixture(scope="module")
def gates():
    starter = Gates("mastodon")
    yield starter
    starter.close()


def setting(service, directory, server):
    """Return environment and address of a gate."""
    port = free_port()
    return {
        "DOUBLECHECK_URL": service.url, "DOUBLECHECK_KEY": service.key(*EXECUTOR),
        "DOUBLECHECK_GATE_STATE": directory / "gate", "DOUBLECHECK_GATE_POLL": 0.2,
        "DOUBLECHECK_GATE_ACTS": "approved", "DOUBLECHECK_GATE_LISTEN": f"127.0.0.1:{port}",
        "DOUBLECHECK_GATE_MASTODON_URL": server.url, "DOUBLECHECK_GATE_MASTODON_TOKEN": TOKEN,
        "DOUBLECHECK_GATE_MASTODON_SECRET": SECRET, "DOUBLECHECK_GATE_MASTODON_DOMAIN": DOMAIN,
        "DOUBLECHECK_GATE_MASTODON_RULES": RULE,
    }, f"http://127.0.0.1:{port}"  # fmt: skip


def approve(service, approved):
    """Let two people approve whatever waits for them."""
    found = service.read(lambda connection: connection.execute(select(decisions.c.id)).scalars().all())
    for check_id in set(map(str, found)) - approved:
        answered = set()
        with suppress(httpx.TransportError):
            for by in REVIEWERS:
                address, headers = f"{service.url}/v1/checks/{check_id}", service.headers(*by)
                httpx.get(address, headers=headers, trust_env=False, timeout=30)
                given = {"answer": "approve", "reason": "Looked."}
                posted = httpx.post(f"{address}/approvals", json=given, headers=headers, trust_env=False, timeout=30)
                answered.add(posted.status_code)
            if answered <= {200, 409}:  # the second: it is decided
                approved.add(check_id)


def seen(directory, read):
    """Return what is read of a gate's book, as ``--waiting`` does while it runs; ``None`` where there is none yet."""
    with suppress(GateError):
        book = Book(directory / "gate", "mastodon", hold=False)
        try:
            return read(book)
        finally:
            book.close()
    return None


@pytest.mark.parametrize("victim", ["gate", "service"])
def test_killed_at_any_moment_every_report_is_acted_on_once(services, gates, tmp_path, victim):
    draw = random.Random(20261130)  # noqa: S311 -- the same draws each time
    service = Service(services, tmp_path / "home", port=free_port()).start()
    log = tmp_path / "gate.log"
    with Mastodon(page=50).running() as server:
        environment, address = setting(service, tmp_path, server)
        running, approved, foreign = gates.start(environment, log), set(), set()
        assert until(lambda: seen(tmp_path, lambda book: book.mark("detective"))), log.read_text()[-2000:]
        for number in range(ROUNDS):
            account = str(5000 + number)
            server.add(account, f"jane{number}")
            report = server.report(str(9000 + number), account)
            server.fails = draw.choice([[], [("POST", "action", 500)], [("POST", "action", "lost")]])
            kill = service.kill if victim == "service" else partial(gates.kill, running)
            killing = threading.Timer(draw.uniform(0.0, 1.5), kill)
            killing.start()
            if draw.random() < 0.5:  # the others are found by polling
                with suppress(httpx.TransportError):
                    server.deliver(f"{address}/mastodon/webhook", "report.created", report, tries=1)
            while killing.is_alive():
                with suppress(httpx.HTTPError):
                    approve(service, approved)
                killing.join(0.1)
            if draw.random() < 0.3:  # somebody suspends past the gate
                foreign.add(str(7000 + number))
                server.add(str(7000 + number), f"other{number}")
                server.suspend(str(7000 + number))
            if victim == "gate":
                running = gates.start(environment, log)
            else:
                service.start()

        def is_over():
            approve(service, approved)
            return health(address) in ({"done": ROUNDS}, {"done": ROUNDS, "raised": len(foreign)})

        assert until(is_over, 900), (health(address), log.read_text()[-3000:])
        assert until(lambda: (health(address) or {}).get("raised", 0) == len(foreign))
        gates.kill(running)
        assert sorted(server.strikes) == [str(5000 + number) for number in range(ROUNDS)]
        rows = service.read(lambda connection: connection.execute(select(clearances.c.id, clearances.c.spent)).all())
        entries = seen(tmp_path, lambda book: book.in_state("done", 1000))
        assert {entry.case.clearance_id for entry in entries} <= {str(row.id) for row in rows if row.spent is not None}
        raised = seen(tmp_path, lambda book: {entry.case.account for entry in book.open()})
        assert raised == foreign
        assert service.verify()
    service.kill()
    kept = b"".join(path.read_bytes() for path in (tmp_path / "gate").iterdir()) + log.read_bytes()
    assert not any(private.encode() in kept for private in PRIVATE)
    assert b"jane" not in log.read_bytes()
