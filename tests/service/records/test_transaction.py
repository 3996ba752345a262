"""Units of work share a commit, and nothing else."""

import pytest
from sqlalchemy import event, select

from classifier.errors import InputError
from service.auth.api_keys import create_key, end_access, revoke_key
from service.errors import KeyReusedError, RecordsError, UnauthenticatedError
from service.records.tables import checkpoints, head, log, usage
from service.records.transaction import EVERYBODY, Answer, Idempotency, Unit
from tests.service.conftest import NOW


def says(text):
    def work(transaction):
        return Answer(str(transaction.log("said", text).seq))

    return work


def refuses(transaction):
    transaction.log("said", "refused")
    transaction.count_cleared("somebody")
    raise InputError("no")


def breaks(transaction):
    transaction.log("said", "broken")
    raise ZeroDivisionError


def subjects(books):
    return [row.subject for row in books.rows(select(log).order_by(log.c.seq))]


def test_units_share_a_commit_and_a_signature(books):
    assert [answer.body for answer in books.commit(*(Unit(says(text)) for text in "abc"))] == ["1", "2", "3"]
    assert subjects(books) == ["a", "b", "c"]
    assert [row.seq for row in books.rows(select(checkpoints))] == [3]
    assert books.rows(select(head.c.seq)) == [(3,)]


def test_one_that_refuses_leaves_nothing_and_disturbs_nobody(books):
    first, refused, last = books.commit(Unit(says("a")), Unit(refuses), Unit(says("b")))
    assert (first.body, type(refused), last.body) == ("1", InputError, "2")
    assert subjects(books) == ["a", "b"]
    assert not books.rows(select(usage))


def test_one_that_breaks_leaves_nothing_and_disturbs_nobody(books):
    first, broken, last = books.commit(Unit(says("a")), Unit(breaks), Unit(says("b")))
    assert (first.body, type(broken), last.body) == ("1", ZeroDivisionError, "2")
    assert subjects(books) == ["a", "b"]


def test_what_cannot_be_committed_is_answered_for_by_nobody(books):
    @event.listens_for(books.engine, "commit")
    def fail(connection):
        raise OSError("no space left on device")

    with pytest.raises(RecordsError, match="cannot be used now"):
        books.commit(Unit(says("a")), Unit(says("b")))
    event.remove(books.engine, "commit", fail)
    assert subjects(books) == []
    assert books.commit(Unit(says("c")))[0].body == "1"


def test_a_unit_sees_what_those_before_it_wrote(books):
    def counts(transaction):
        return Answer(str(len(transaction.read(select(log)))))

    assert [answer.body for answer in books.commit(Unit(says("a")), Unit(counts), Unit(says("b")), Unit(counts))] == [
        "1", "1", "2", "2",
    ]  # fmt: skip
    assert [row.seq for row in books.rows(select(checkpoints))] == [2]


def test_a_unit_reads_before_it_writes(books):
    def mixed(transaction):
        transaction.log("said", "a")
        transaction.read(select(log))

    [error] = books.commit(Unit(mixed))
    assert isinstance(error, RuntimeError)
    assert subjects(books) == []


def test_the_same_request_is_answered_once(books):
    def unit(request, caller="one", text="a"):
        return Unit(says(text), caller=caller, idempotency=Idempotency("key", request))

    first, again = books.commit(unit("r"), unit("r"))
    assert first == again
    assert books.commit(unit("r"))[0] == first, "in a later commit too"
    assert isinstance(books.commit(unit("other"))[0], KeyReusedError)
    assert books.commit(unit("r", caller="two", text="b"))[0].body == "2", "everybody's keys are their own"
    assert subjects(books) == ["a", "b"]


def test_what_was_refused_is_asked_again(books):
    unit = Unit(refuses, caller="one", idempotency=Idempotency("key", "r"))
    assert isinstance(books.commit(unit)[0], InputError)
    assert isinstance(books.commit(unit)[0], InputError)


def test_a_key_revoked_a_moment_ago_does_nothing(books):
    key = books.do(lambda transaction: create_key(transaction, "agent-1", ["agent"]))
    key_id = key.split("_")[1]
    assert books.commit(Unit(says("a"), key_id=key_id))[0].body == "2"
    books.do(lambda transaction: revoke_key(transaction, key_id))
    assert isinstance(books.commit(Unit(says("b"), key_id=key_id))[0], UnauthenticatedError)
    assert isinstance(books.commit(Unit(says("b"), key_id="unknown"))[0], UnauthenticatedError)
    assert "b" not in subjects(books)


def test_cleared_checks_are_counted_within_and_across_commits(books):
    def clear(transaction):
        before = transaction.cleared("one", 10), transaction.cleared(EVERYBODY, 10)
        transaction.count_cleared("one", "one", "two")
        return Answer(f"{before}")

    found = [answer.body for answer in books.commit(*[Unit(clear, actors=("one",))] * 3)]
    assert found == ["(0, 0)", "(1, 1)", "(2, 2)"]
    assert books.commit(Unit(clear))[0].body == "(3, 3)"
    assert books.do(lambda transaction: transaction.cleared("two", 10)) == 4


def test_counts_are_of_the_last_minutes(books):
    books.do(lambda transaction: transaction.count_cleared("one"))
    for minutes, expected in ((9, 1), (10, 1), (11, 0)):
        books.clock.at = NOW.replace(minute=minutes)
        assert books.do(lambda transaction: transaction.cleared("one", 10)) == expected


def test_the_end_of_access_is_known_to_every_unit(books):
    books.do(lambda transaction: end_access(transaction, "one", NOW))
    assert books.do(lambda transaction: transaction.access_end("one")) == NOW
    assert books.do(lambda transaction: transaction.access_end("two")) is None
    books.do(lambda transaction: end_access(transaction, "one", None))
    assert books.do(lambda transaction: transaction.access_end("one")) is None
