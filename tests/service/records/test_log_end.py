"""A database that was set back is not written to, until somebody says that it was restored."""

import pytest
from sqlalchemy import delete, select, update

from classifier.utils.keyring import KeyRing
from service.errors import RecordsError
from service.records.database import open_database
from service.records.log_end import RESTORED, SUBJECT, restored_at
from service.records.tables import checkpoints, head, log
from service.records.transaction import Answer, Unit, commit
from service.signing import Signer
from tests.service.conftest import NOW


def entry(transaction):
    return transaction.log("in_force", "registry").seq


def set_back(books, seq):
    """Let the database be as it was at an entry, as its backup is."""
    [end] = books.rows(select(log.c.seq, log.c.hash).where(log.c.seq == seq))
    with books.engine.begin() as connection:
        connection.execute(delete(checkpoints).where(checkpoints.c.seq > seq))
        connection.execute(delete(log).where(log.c.seq > seq))
        connection.execute(update(head).values(seq=end.seq, hash=end.hash))


def again(signer):
    """Return the signer of another process of the same home."""
    return Signer(KeyRing(signer.directory))


@pytest.fixture
def three(books):
    for _ in range(3):
        books.do(entry)
    return books


@pytest.mark.parametrize("is_new", [False, True])
def test_nothing_is_written_to_a_database_that_was_set_back(three, is_new):
    set_back(three, 2)
    three.signer = again(three.signer) if is_new else three.signer
    with pytest.raises(RecordsError, match=r"wrote entry 3 .* ends with entry 2.*db restored"):
        three.do(entry)


def test_it_does_not_help_that_another_home_has_written_to_it_since(three, tmp_path):
    set_back(three, 2)
    other = Signer(KeyRing(tmp_path / "other"))
    work = Unit(lambda transaction: Answer(str(transaction.log("other", "registry").seq)))
    for _ in range(3):
        commit(three.engine, other, [work], now=lambda: NOW)
    three.signer = again(three.signer)
    with pytest.raises(RecordsError, match="set back"):
        three.do(entry)


def test_other_processes_of_the_home_go_on(three):
    other = again(three.signer)
    for signer in (other, three.signer, other):
        [done] = commit(
            three.engine, signer, [Unit(lambda transaction: Answer(str(entry(transaction))))], now=lambda: NOW
        )
        assert int(done.body) > 3


def test_another_database_is_another_one(three, tmp_path):
    engine = open_database(f"sqlite:///{tmp_path}/another.db")
    for number in (1, 2):
        [done] = commit(
            engine, again(three.signer), [Unit(lambda transaction: Answer(str(entry(transaction))))], now=lambda: NOW
        )
        assert done.body == str(number)
    engine.dispose()


def test_who_says_that_it_was_restored_writes_again(three):
    set_back(three, 2)
    assert restored_at(three.rows) is None
    with three.signer.mark.set_aside():
        three.do(lambda transaction: transaction.log(RESTORED, SUBJECT))
    assert restored_at(three.rows) == NOW
    assert three.do(entry) == 4
    three.signer = again(three.signer)
    assert three.do(entry) == 5


def test_other_homes_find_it_in_the_log(three, tmp_path):
    other = Signer(KeyRing(tmp_path / "other"))
    later = three.clock.at.replace(hour=18)
    commit(three.engine, other, [Unit(lambda transaction: Answer(str(entry(transaction))))], now=lambda: NOW)
    set_back(three, 2)
    three.clock.at = later
    with three.signer.mark.set_aside():
        three.do(lambda transaction: transaction.log(RESTORED, SUBJECT))
    [done] = commit(three.engine, other, [Unit(lambda transaction: Answer(str(entry(transaction))))], now=lambda: later)
    assert done.body == "4"
