"""What appeals found reaches the service once, about the check on which the gate acted, whatever fails."""

import pytest
from doublecheck_client import AnswerError, RefusedError, RejectedError, UnavailableError
from doublecheck_client.answers import Reason

from service.gates.book import Book
from service.gates.case import Case
from service.gates.outcomes import Outcome, hand_on

GIVEN = Outcome("appeal-1", "9001", "overturned", "The appeal was accepted.")


class Clock:
    at = 1_000.0

    def __call__(self):
        return self.at


class Service:
    """Takes outcomes, or fails as it is told."""

    def __init__(self, *errors):
        self.errors, self.got = list(errors), []

    def outcome(self, check_id, outcome, note, *, actor, idempotency_key):  # noqa: ARG002 -- the client's
        self.got.append((check_id, outcome, actor, idempotency_key))
        if self.errors:
            raise self.errors.pop(0)


@pytest.fixture
def book(tmp_path):
    clock = Clock()
    found = Book(tmp_path, "invented", clock=clock)
    found.clock = clock
    yield found
    found.close()


def acted(book, ref="report-1", state="done"):
    case = Case(ref, "9001", "suspend", state=state, check_id=f"check-of-{ref}")
    book.take_on(case)


def test_it_is_about_the_newest_check_on_which_the_gate_acted(book):
    for ref, state in (("a", "done"), ("b", "done"), ("c", "refused")):
        acted(book, ref, state)
    service = Service()
    assert book.outcomes.add(GIVEN)
    assert not book.outcomes.add(GIVEN)
    assert (hand_on(service, book), hand_on(service, book)) == (1, 0)
    assert [row[:3] for row in service.got] == [("check-of-b", "overturned", None)]
    assert book.outcomes.waiting() == []


@pytest.mark.parametrize("error", [UnavailableError("x"), AnswerError("x"), RejectedError(403, {"code": "forbidden"}),
                                   ZeroDivisionError("Zanzibar-Quux")])  # fmt: skip
def test_what_fails_is_visible_and_sent_again_under_the_same_key(book, error, caplog):
    acted(book)
    book.outcomes.add(GIVEN)
    service = Service(error)
    hand_on(service, book)
    [waiting] = book.outcomes.waiting()
    assert waiting.tries == 1
    assert waiting.trouble
    assert "Zanzibar" not in caplog.text + waiting.trouble
    assert hand_on(service, book) == 0
    book.clock.at += 2
    hand_on(service, book)
    assert len({row[3] for row in service.got}) == 1
    assert (len(service.got), book.outcomes.waiting()) == (2, [])


@pytest.mark.parametrize("error", [RejectedError(422, {"code": "invalid_request"}),
                                   RefusedError([Reason("not_acted", "Nothing was done.")])])  # fmt: skip
def test_what_is_never_taken_stays_visible_and_is_not_sent_again(book, error):
    acted(book)
    book.outcomes.add(GIVEN)
    service = Service(error)
    hand_on(service, book)
    book.clock.at += 10_000
    hand_on(service, book)
    assert len(service.got) == 1
    assert len(book.outcomes.waiting()) == 1


def test_where_nothing_was_done_nothing_is_sent(book):
    acted(book, state="refused")
    book.outcomes.add(GIVEN)
    service = Service()
    hand_on(service, book)
    assert (service.got, book.outcomes.waiting()[0].trouble) == ([], "This gate took no action on the account.")


def test_it_waits_for_an_action_that_is_not_finished(book):
    acted(book, state="redeemed")
    book.outcomes.add(GIVEN)
    service = Service()
    hand_on(service, book)
    assert (service.got, len(book.outcomes.waiting())) == ([], 1)
