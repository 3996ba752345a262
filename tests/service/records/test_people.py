"""Who is who, by what the log vouches for: names, the ids that tie them, and ends of access."""

from datetime import timedelta

import pytest

from service.auth.api_keys import add_key, create_key, draw_key, end_access, revoke_key
from service.records import people
from service.records.people import people_by
from tests.service.conftest import NOW

SOON, LATER = NOW + timedelta(hours=1), NOW + timedelta(hours=9)


def known(books):
    with books.engine.connect() as connection:
        return people_by(connection)


def key(books, actor, person=None):
    return books.do(lambda transaction: create_key(transaction, actor, ["agent"], person=person)).split("_")[1]


def ends(books, actor, at):
    books.do(lambda transaction: end_access(transaction, actor, at))


def test_at_first_everybody_is_just_the_name(books):
    found = known(books)
    assert found.same("Jane", "jane ")
    assert not found.same("jane", "john")
    assert found.access_end("jane") is None
    assert found.spellings("jane") == []


def test_an_id_ties_names_together_in_every_spelling(books):
    key(books, "jane-day", "P-7")
    key(books, "Jane-Night", "p-7")
    found = known(books)
    assert found.same("JANE-DAY", "jane-night")
    assert found.same("jane-night", "P-7")
    assert found.person("jane-day") == found.person("jane-night")
    assert found.spellings("jane-day") == ["Jane-Night", "jane-day"]
    assert not found.same("jane-day", "P-8")


def test_ties_hold_over_several_steps_and_after_a_key_was_revoked(books):
    first = key(books, "a", "b")
    key(books, "c", "d")
    assert not known(books).same("a", "d")
    key(books, "b", "c")
    books.do(lambda transaction: revoke_key(transaction, first))
    assert all(known(books).same("a", name) for name in "bcd")


def test_an_account_at_the_provider_ties_all_names_that_it_ever_had(books):
    for name, subject in (("jane", "a" * 64), ("jane.married", "a" * 64), ("jane-key", None), ("max", "b" * 64)):
        books.do(lambda unit, name=name, subject=subject: add_key(unit, draw_key(), name, ["agent"], subject=subject))
    key(books, "jane-key", "Jane.Married")
    found = known(books)
    assert found.same("jane", "JANE.married")
    assert found.same("jane", "jane-key")
    assert not found.same("jane", "max")
    assert not found.same("jane", "a" * 64), "its digest is nobody's name"


def test_of_a_names_ends_the_last_counts_in_whatever_spelling(books):
    ends(books, "Jane", SOON)
    ends(books, "JANE", LATER)
    assert known(books).access_end("jane") == LATER
    ends(books, "j\u0430ne", None)
    assert known(books).access_end("jane") is None


def test_of_a_persons_ends_the_earliest_counts(books):
    ends(books, "jane-day", LATER)
    ends(books, "jane-night", SOON)
    for name in ("jane-day", "jane-night"):
        key(books, name, "P-7")
    assert known(books).access_end("jane-day") == SOON


def test_an_end_that_is_taken_back_is_taken_back_for_all_names_of_the_person(books):
    for name in ("jane-day", "jane-night"):
        key(books, name, "P-7")
        ends(books, name, SOON)
    ends(books, "P-7", None)
    assert known(books).access_end("jane-day") is None
    assert known(books).access_end("jane-night") is None


def test_what_is_known_follows_the_log(books):
    key(books, "jane-day", "P-7")
    before = known(books)
    assert known(books) is before, "nothing is read again"
    books.do(lambda transaction: transaction.log("said", "something else"))
    assert known(books) is before
    key(books, "jane-night", "P-7")
    assert known(books).same("jane-day", "jane-night")


def test_only_so_many_states_are_kept(books, monkeypatch):
    monkeypatch.setattr(people, "_KEPT", 2)
    for number in range(4):
        key(books, f"agent-{number}")
        assert known(books).spellings(f"agent-{number}")
        assert len(people._known) <= 2


def test_a_unit_sees_whom_those_before_it_made(books):
    found = []

    def look(transaction):
        found.append(transaction.access_end("jane"))
        found.append(transaction.people.same("jane", "joan"))

    def tie(transaction):
        create_key(transaction, "jane", ["agent"], person="joan")

    units = [look, lambda transaction: end_access(transaction, "JANE", SOON), look, tie, look]
    assert not [answer for answer in books.commit(*map(books.unit, units)) if isinstance(answer, Exception)]
    assert found == [None, False, SOON, False, SOON, True]


@pytest.mark.parametrize("undone", ["end", "tie"])
def test_what_was_not_committed_is_not_known(books, undone):
    def fails(transaction):
        if undone == "end":
            end_access(transaction, "jane", SOON)
        else:
            create_key(transaction, "jane", ["agent"], person="joan")
        raise ZeroDivisionError

    [error] = books.commit(books.unit(fails))
    assert isinstance(error, ZeroDivisionError)
    assert known(books).access_end("jane") is None
    assert not known(books).same("jane", "joan")
