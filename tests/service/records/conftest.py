"""A database of each kind, and how units of work are committed to it."""

import pytest

from classifier.utils.keyring import KeyRing
from service.records.database import open_database
from service.records.transaction import Answer, Unit, commit
from service.signing import Signer
from tests.service.conftest import NOW, Clock


class Books:
    """An engine with a signer and a clock."""

    def __init__(self, url, directory):
        self.engine = open_database(url)
        self.signer = Signer(KeyRing(directory / "keys"))
        self.clock = Clock(NOW)

    def commit(self, *units):
        return commit(self.engine, self.signer, units, now=self.clock)

    def unit(self, work):
        """Return a unit that does some work and answers nothing."""

        def silent(transaction):
            work(transaction)
            return Answer("")

        return Unit(silent)

    def do(self, work):
        """Do one piece of work and return what it returns."""
        found = []

        def keep(transaction):
            found.append(work(transaction))
            return Answer("")

        [answer] = self.commit(Unit(keep))
        if isinstance(answer, Exception):
            raise answer
        return found[-1]

    def rows(self, query):
        with self.engine.connect() as connection:
            return connection.execute(query).all()


@pytest.fixture
def books(database_url, tmp_path):
    books = Books(database_url, tmp_path)
    yield books
    books.engine.dispose()
