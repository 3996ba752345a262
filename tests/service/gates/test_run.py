"""A gate gives its sign of life from the thread that works, and works without one."""

import pytest
from doublecheck_client import UnavailableError

from service.gates.book import Book
from service.gates.case import Case
from service.gates.run import give_sign
from service.gates.worker import Worker
from tests.service.client.wire import connect


class Platform:
    """As much of a platform as a sign of life takes."""

    name = "ozone"


@pytest.fixture
def book(tmp_path):
    book = Book(tmp_path, "ozone")
    yield book
    book.close()


def test_the_service_hears_how_many_cases_are_under_way(make_client, book):
    client = make_client(silent_gate_minutes=5)
    book.take_on(Case(ref="r1", account="a1", action="suspend"))
    with connect(client, "ozone-gate", "executor") as service:
        give_sign(Worker(Platform(), service, book))
    metrics = client.get("/metrics", by=None).text
    assert 'doublecheck_gate_cases{gate="ozone"} 1.0' in metrics


def test_a_gate_works_where_its_sign_is_not_taken(book):
    class Down:
        def alive(self, gate, waiting):
            raise UnavailableError(f"{gate} {waiting}")

    give_sign(Worker(Platform(), Down(), book))
    assert book.waiting() == 0
