"""The database fails, fills up or stalls, too much is asked, the service is stopped: never a verdict without a record.

R3 and R4: while something is broken every check is a problem that says so, the process is alive and says that it is
not ready; and when the fault is over it works again by itself.
"""

from __future__ import annotations

import asyncio
import re
import resource
import sqlite3
import time
from collections import Counter
from contextlib import contextmanager

import httpx
import psycopg
import pytest
from sqlalchemy import event

from tests.service.databases import KINDS, new_database
from tests.service.processes import Service, account_body, eventually, together

# What a check may be answered while the database is of no use.
BROKEN = {"records_unavailable", "overloaded", "too_slow"}
# Seconds that a probe of life may take, whatever else is wrong: less than the database is waited for.
AT_ONCE = 1.5


@pytest.fixture(scope="module")
def sqlite_service(services, tmp_path_factory):
    """A service on SQLite."""
    home = tmp_path_factory.mktemp("home") / "here"
    service = Service(services, home, request_seconds=4, log_level="error").start()
    assert service.check().status_code == 200
    yield service
    service.verify()
    service.kill()


@pytest.fixture(scope="module")
def postgresql_service(services, tmp_path_factory, breakable_postgresql):
    """A service on PostgreSQL."""
    url = new_database(breakable_postgresql.url)
    service = Service(services, tmp_path_factory.mktemp("home"), url, request_seconds=4, log_level="error").start()
    assert service.check().status_code == 200
    yield service
    service.verify()
    service.kill()


def broken(service, *, checks=10):
    """Ask for checks, at once, and for both probes; assert that none is answered as if nothing were wrong."""
    bodies = [account_body() for _ in range(checks)]
    headers = service.headers("agent-17", "agent")

    async def ask():
        async with service.client() as client:
            over = asyncio.Event()
            pulse = asyncio.create_task(slowest_pulse(client, over))
            asked = [client.post("/v1/checks", json=body, headers=headers) for body in bodies]
            *answers, ready = await together([*asked, client.get("/readyz")])
            over.set()
            return answers, ready, await pulse

    answers, ready, slowest = asyncio.run(ask())
    assert slowest < AT_ONCE
    assert ready.status_code == 503
    for answer in answers:
        assert_a_problem(answer)


async def slowest_pulse(client, over):
    """Ask whether the process is alive, again and again; return how many seconds that took at most."""
    slowest = 0.0
    while not over.is_set():
        started = time.monotonic()
        assert (await client.get("/healthz")).status_code == 200
        slowest = max(slowest, time.monotonic() - started)
        await asyncio.sleep(0.05)
    return slowest


def assert_a_problem(answer):
    """It is a 503 that says why, when to ask again, and nothing that could be taken for a verdict."""
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["retry-after"] == "1"
    assert answer.json()["code"] in BROKEN
    assert "verdict" not in answer.json()
    assert "clearance" not in answer.json()


def assert_it_works_again(service):
    """Without a restart: it becomes ready, and clears what it would have cleared."""
    assert eventually(lambda: service.status("/readyz") == 200)
    answer = service.check()
    assert (answer.status_code, answer.json()["verdict"]) == (200, "cleared")


# --- gone ------------------------------------------------------------------------------------------------------------


def test_a_postgresql_server_that_was_stopped_and_started_is_used_again(postgresql_service, breakable_postgresql):
    assert postgresql_service.check().status_code == 200
    breakable_postgresql.stop()
    broken(postgresql_service)
    breakable_postgresql.start()
    assert_it_works_again(postgresql_service)


def test_a_postgresql_server_that_only_reads_clears_nothing(postgresql_service, breakable_postgresql):
    """What a replica does after a failover to it, until it is promoted."""
    name = postgresql_service.database_url.partition("?")[0].rpartition("/")[2]
    with psycopg.connect(breakable_postgresql.url, autocommit=True) as other:
        other.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        disconnect = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
        other.execute(disconnect, [name])
        broken(postgresql_service)
        other.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only")
        other.execute(disconnect, [name])
    assert_it_works_again(postgresql_service)


def test_a_database_file_that_was_moved_away_is_not_written_to(sqlite_service):
    """An open file can be written to after it was moved or deleted: decisions would go where nobody finds them."""
    database = sqlite_service.home / "doublecheck.db"
    moved = [path.rename(path.with_name(f"moved-{path.name}")) for path in database.parent.glob("doublecheck.db*")]
    try:
        broken(sqlite_service)
        assert not database.exists()
    finally:
        for path in moved:
            path.rename(path.with_name(path.name.removeprefix("moved-")))
    assert_it_works_again(sqlite_service)


def test_a_home_directory_that_was_moved_away_is_not_made_anew(sqlite_service):
    """Neither the database nor the key that signs: what a fresh key signs, nobody trusts when the old one is back."""
    home = sqlite_service.home
    elsewhere = home.rename(home.with_name("elsewhere"))
    try:
        broken(sqlite_service)
        assert not home.exists()
    finally:
        elsewhere.rename(home)
    assert_it_works_again(sqlite_service)


# --- full ------------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="only Linux limits another process")
def test_a_disk_without_space_clears_nothing(sqlite_service):
    """The process may not make its files longer any more: for SQLite that is a write which fails."""
    process, unlimited = sqlite_service.group, resource.RLIM_INFINITY
    for checks in (1, 10):
        resource.prlimit(process, resource.RLIMIT_FSIZE, (4_096, unlimited))
        broken(sqlite_service, checks=checks)
    resource.prlimit(process, resource.RLIMIT_FSIZE, (unlimited, unlimited))
    assert_it_works_again(sqlite_service)


def test_a_database_that_is_full_clears_nothing_until_there_is_space(make_client):
    """SQLite's own limit of pages: the error is that of a full disk."""
    client = make_client(max_waiting=100)
    assert client.check().status_code == 200
    pages = [1]  # it never shrinks: as many as there are

    @event.listens_for(client.check_service.engine, "checkout")
    def limit(connection, _entry, _proxy):
        connection.execute(f"PRAGMA max_page_count = {pages[-1]}")

    answers = [client.check(report="x" * 9_000) for _ in range(10)]
    assert answers[-1].status_code == 503
    assert_a_problem(answers[-1])
    pages.append(1_000_000)
    assert client.check(report="x" * 9_000).json()["verdict"] == "cleared"


# --- slow ------------------------------------------------------------------------------------------------------------


@contextmanager
def sqlite_lock(service):
    """Another process that writes, and does not come to an end."""
    other = sqlite3.connect(service.home / "doublecheck.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    yield
    other.execute("ROLLBACK")
    other.close()


@contextmanager
def postgresql_lock(service):
    """Another process that holds the end of the log."""
    with psycopg.connect(service.database_url) as other:
        other.execute("SELECT seq FROM log_head FOR UPDATE")
        yield


@pytest.mark.parametrize("kind", KINDS)
def test_who_waits_for_a_lock_waits_not_for_ever(kind, request):
    service = request.getfixturevalue(f"{kind}_service")
    with {"sqlite": sqlite_lock, "postgresql": postgresql_lock}[kind](service):
        broken(service)
    assert_it_works_again(service)


def test_a_server_that_answers_nobody_is_given_up_in_time(postgresql_service, breakable_postgresql):
    breakable_postgresql.freeze()
    try:
        broken(postgresql_service)
    finally:
        breakable_postgresql.thaw()
    assert_it_works_again(postgresql_service)


def test_a_decision_that_came_too_late_is_found_under_its_key(postgresql_service):
    """Whoever got no answer in time asks again with the same key, and there is one decision all the same."""
    body = account_body()
    slow = "CREATE FUNCTION slow() RETURNS trigger AS 'BEGIN PERFORM pg_sleep(5); RETURN NEW; END' LANGUAGE plpgsql"
    with psycopg.connect(postgresql_service.database_url, autocommit=True) as other:
        other.execute(slow)
        other.execute("CREATE TRIGGER slow BEFORE INSERT ON decisions EXECUTE FUNCTION slow()")
        assert_a_problem(postgresql_service.ask("/v1/checks", body, key="late"))
        other.execute("DROP TRIGGER slow ON decisions")
    assert eventually(lambda: postgresql_service.ask("/v1/checks", body, key="late").status_code == 200)
    assert list(postgresql_service.decided([body["account"]["account_id"]]).values()) == [1]


# --- too much --------------------------------------------------------------------------------------------------------


def test_more_than_can_be_answered_in_time_is_refused_at_once(services, tmp_path):
    service = Service(services, tmp_path, max_waiting=8, CANNED_SCORING_SECONDS=1, log_level="info").start()
    headers = service.headers("agent-17", "agent")

    async def everybody():
        async with service.client() as client:
            asked = [client.post("/v1/checks", json=account_body(), headers=headers) for _ in range(100)]
            return await together(asked)

    answers = asyncio.run(everybody())
    refused = [answer for answer in answers if answer.status_code == 503]
    assert Counter(answer.status_code for answer in answers) == {200: 100 - len(refused), 503: len(refused)}
    assert 40 <= len(refused) <= 92
    for answer in refused:
        assert_a_problem(answer)
        assert answer.json()["code"] == "overloaded"
    told = httpx.get(f"{service.url}/metrics", trust_env=False).text.splitlines()
    took = {float(re.search('le="([^"]+)"', line)[1]): float(line.rpartition(" ")[2]) for line in told
            if line.startswith("doublecheck_request_seconds_bucket") and 'route="-"' in line}  # fmt: skip
    assert max(count for seconds, count in took.items() if seconds < AT_ONCE) == max(took.values()) == len(refused)
    assert "requests refused: too many are under way" in (tmp_path / "output").read_text()
    service.kill()


# --- stopped ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_whoever_was_let_in_before_the_service_is_stopped_is_answered(kind, services, tmp_path, request):
    url = new_database(request.getfixturevalue("postgresql")) if kind == "postgresql" else None
    service = Service(services, tmp_path, url, CANNED_SCORING_SECONDS=1, log_level="error").start()
    headers = service.headers("agent-17", "agent")
    bodies = [account_body() for _ in range(60)]

    async def ask():
        async with service.client() as client:
            asked = [asyncio.create_task(client.post("/v1/checks", json=body, headers=headers)) for body in bodies]
            while service.connections() < len(bodies):
                await asyncio.sleep(0.05)
            for _ in range(3):
                await client.get("/healthz")  # they are let in: some are scored, the others wait
            service.ask_to_stop()
            return await together(asked)

    processes = service.processes()
    answers = asyncio.run(ask())
    assert [answer.status_code for answer in answers] == [200] * 60
    assert eventually(lambda: not service.alive(processes))
    assert set(service.decided(body["account"]["account_id"] for body in bodies).values()) == {1}
    service.verify()


@pytest.mark.parametrize("workers", [1, 2])
def test_stopped_under_load_it_has_recorded_whatever_it_answered(workers, services, tmp_path):
    service = Service(services, tmp_path, log_level="error").start(workers=workers)
    headers = service.headers("agent-17", "agent")
    answered, refused = [], []

    async def agent(client):
        while not refused:
            body = account_body()
            try:
                answer = await client.post("/v1/checks", json=body, headers=headers)
            except httpx.TransportError as error:  # it does not listen any more, or ended an idle connection
                refused.append(error)
            else:
                answered.append((answer.status_code, body["account"]["account_id"]))

    async def load():
        async with service.client() as client:
            agents = [asyncio.create_task(agent(client)) for _ in range(16)]
            await asyncio.sleep(0.5)
            service.ask_to_stop()
            await together(agents)

    processes = service.processes()
    asyncio.run(load())
    assert eventually(lambda: not service.alive(processes))
    assert {status for status, _ in answered} <= {200, 503}  # the second: it came while the others were answered
    assert set(service.decided(account_id for status, account_id in answered if status == 200).values()) == {1}
    service.verify()


def test_workers_that_are_started_as_in_production_answer_and_stop(services, tmp_path):
    service = Service(services, tmp_path, CANNED_START_METHOD="spawn", log_level="error").start(workers=2)
    assert len(service.workers()) == 2
    assert service.check().status_code == 200
    service.stop()
    service.verify()
