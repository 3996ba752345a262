"""On a large database no query goes through a large table, and none takes long.

Left out is what counts over all checks of a period: the overview and the reports.
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import pytest
from sqlalchemy import event, text

from service.records.kept_checkpoints import latest_checkpoint
from service.records.parallel_verification import verify_snapshot
from tests.service.conftest import ASSESSMENTS, build
from tests.service.databases import KINDS, new_database
from tests.service.large_database import BUSY, COUNT, RARE, TOOL, fill
from tests.service.web.console.conftest import Person

pytestmark = pytest.mark.slow

# Tables that grow with the checks; of answers a day's are kept, and few checks are appealed.
LARGE = {"decisions", "log", "approvals", "clearances", "decision_targets", "usage"}
MOST_SECONDS = 0.05


class Asked(NamedTuple):
    """A query, with its values as the driver got them."""

    statement: str
    values: Any


@pytest.fixture(scope="module", params=KINDS)
def large(request, tmp_path_factory):
    """A service on a large database, of each kind."""
    server = request.getfixturevalue("postgresql") if request.param == "postgresql" else None
    url = new_database(server) if server else f"sqlite:///{tmp_path_factory.mktemp('large')}/large.db"
    client = build(ASSESSMENTS["impersonation"], database_url=url)
    began = time.perf_counter()
    fill(client)
    print(f"\n{COUNT:,} decisions in {time.perf_counter() - began:.0f} s; {_bytes(client) / COUNT:,.0f} bytes each")
    yield client
    client.check_service.close()


def _bytes(client) -> int:
    size = {
        "postgresql": "SELECT pg_database_size(current_database())",
        "sqlite": "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
    }
    with client.check_service.engine.connect() as connection:
        return int(connection.execute(text(size[connection.dialect.name])).scalar_one())


@contextmanager
def noted(engine) -> Iterator[list[Asked]]:
    """Note what is asked of a database."""
    asked: list[Asked] = []

    def note(_connection, _cursor, statement, values, _context, many):
        if statement.lstrip().upper().startswith(("SELECT", "DELETE", "UPDATE")) and not many:
            asked.append(Asked(statement, values))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)


def gone_through(connection, asked: Asked) -> set[str]:
    """Return the large tables that a query goes through from one end to the other, as its plan says."""
    if connection.dialect.name == "postgresql":
        [plan] = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {asked.statement}", asked.values).scalars()
        nodes = _nodes(plan[0]["Plan"] if isinstance(plan, list) else json.loads(plan)[0]["Plan"])
        return {node["Relation Name"] for node in nodes if node["Node Type"] == "Seq Scan"} & LARGE
    details = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked.statement}", asked.values)]
    ordered = "LIMIT" in asked.statement and "USE TEMP B-TREE FOR ORDER BY" not in details  # it ends at once then
    return {line.split()[1] for line in details if line.startswith("SCAN") and not ordered} & LARGE


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from _nodes(below)


def seconds(connection, asked: Asked) -> float:
    """Return how long a query takes at best: others share the machine."""
    if not asked.statement.lstrip().upper().startswith("SELECT"):
        return 0.0
    took = []
    for _ in range(5):
        began = time.perf_counter()
        connection.exec_driver_sql(asked.statement, asked.values).all()
        took.append(time.perf_counter() - began)
        if took[-1] < MOST_SECONDS:
            break
    return min(took)


def assert_quick(client, asked: list[Asked]) -> None:
    assert asked
    wrong = []
    with client.check_service.engine.connect() as connection:
        for one in {(one.statement, repr(one.values)): one for one in asked}.values():
            through, took = gone_through(connection, one), seconds(connection, one)
            if through or took > MOST_SECONDS:
                wrong.append(f"{took * 1000:.0f} ms, through {through or 'none'}: {one.statement} {one.values}")
        connection.rollback()
    assert not wrong, "\n\n".join(wrong)


REVIEWER = ("rev-3", "reviewer")
SEARCHES = {
    "nothing": "",
    "an account": "platform=x&account_id=77",
    "an account that is not there": "platform=x&account_id=none",
    "a handle": "handle=janer0e500",
    "an actor": f"actor={BUSY}",
    "an actor of few": "actor=agent-250",
    "an actor who is not there": "actor=nobody",
    "a platform of few": f"platform={RARE}",
    "a platform that is not there": "platform=none.example",
    "days": "since=2025-09-01T00:00:00Z&until=2025-09-03T00:00:00Z",
    "days of long ago": "until=2020-01-01T00:00:00Z",
    "days of an actor": f"actor={BUSY}&since=2025-06-01T00:00:00Z&until=2025-06-02T00:00:00Z",
    "verdict": "verdict=refused",
    "due": "sort=due",
}


@pytest.mark.parametrize("search", SEARCHES)
def test_searches_over_http(large, search):
    with noted(large.check_service.engine) as asked:
        found = large.get(f"/v1/checks?{SEARCHES[search]}", by=REVIEWER)
        assert found.status_code == 200, found.text
    assert_quick(large, asked)


@pytest.mark.parametrize("who", [TOOL, BUSY, "agent-250", "nobody-yet"])
def test_what_an_agent_sees(large, who):
    """Who has no checks at all was the slowest: 2.8 s at nine million."""
    by = (who, "agent")
    large.key(*by)
    with noted(large.check_service.engine) as asked:
        assert large.get("/v1/checks", by=by).status_code == 200
        person = Person(large, *by)
        for path in ("/mine", "/history", "/history?target=target7", "/", "/batches"):
            assert person.send("GET", path).status == 200
    assert_quick(large, asked)


@pytest.mark.parametrize(
    "path",
    ["/reviews", "/history", "/history?person=rev-3", "/history?person=nobody", "/history?target=janeroe",
     "/history?target=none", "/history?outcome=overturned", "/appeals", "/demands", "/findings", "/second-looks"],
)  # fmt: skip
def test_what_a_reviewer_sees(large, path):
    person = Person(large, *REVIEWER)
    with noted(large.check_service.engine) as asked:
        assert person.send("GET", path).status == 200
    assert_quick(large, asked)


def test_a_check_from_the_question_to_the_action(large):
    with noted(large.check_service.engine) as asked:
        from tests.service.records.lived import live  # noqa: PLC0415 -- which is not for every test

        live(large)
    assert_quick(large, asked)


def test_a_checkpoint_reads_where_the_log_ends(large):
    """All signatures of three million entries took 1.1 GB."""
    with noted(large.check_service.engine) as asked, large.check_service.engine.connect() as connection:
        assert latest_checkpoint(connection).seq
    assert_quick(large, asked)


def test_the_log_holds(large):
    service = large.check_service
    assert verify_snapshot(service.engine, service.signer.public(), processes=2).decisions > COUNT
