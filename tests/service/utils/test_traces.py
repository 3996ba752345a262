"""Where an error came from, and nothing of what it is about."""

import asyncio
import re
from types import SimpleNamespace

import pytest

from service.decisions.queries import outcome_out
from service.schemas.checks import ActorIn
from service.utils.traces import place, trace

PRIVATE = "Jane Quillon of Harbour Street"


def raised(work):
    with pytest.raises(Exception) as caught:  # noqa: PT011 -- any
        work()
    return caught.value


def of_a_library():
    """A library raises within a line of ours."""
    nonsense = dict.fromkeys(("decision", "outcome", "relation", "note", "actor"), PRIVATE)
    outcome_out(SimpleNamespace(at="2026-01-31T12:00:00Z", **nonsense))


def chained():
    try:
        ActorIn(actor_id={PRIVATE: PRIVATE})
    except ValueError as error:
        raise RuntimeError(PRIVATE) from error


def test_the_innermost_line_of_ours_is_named_and_the_library_s_beside_it():
    found = re.fullmatch(r"(\S+):\d+ in (\w+) \(raised at (\S+):\d+\)", place(raised(of_a_library)))
    assert found.groups() == ("service/decisions/queries.py", "outcome_out", "pydantic/main.py")


def test_where_no_line_is_ours_the_innermost_is_named():
    assert place(raised(lambda: ActorIn(actor_id=1))).startswith("pydantic/")
    assert "raised at" not in place(raised(lambda: ActorIn(actor_id=1)))


def test_an_error_that_was_never_raised_comes_from_nowhere():
    assert place(ValueError(PRIVATE)) == "-"
    assert trace(ValueError(PRIVATE)) == "ValueError"


def test_all_frames_are_told_and_those_of_the_cause_but_no_value():
    told = trace(raised(chained)).splitlines()
    assert told[0] == "RuntimeError"
    assert "caused by ValidationError" in told
    assert any("in chained" in line for line in told)
    assert any(line.strip().startswith("pydantic/main.py:") for line in told)
    assert not any(PRIVATE in line or line.strip().startswith("/") for line in told)


def test_errors_that_cause_each_other_end():
    first, second = ValueError(), KeyError()
    first.__cause__, second.__cause__ = second, first
    assert trace(first) == "ValueError\ncaused by KeyError"


def test_what_was_suppressed_is_left_out():
    def hidden():
        try:
            raise KeyError(PRIVATE)
        except KeyError:
            raise ValueError(PRIVATE) from None

    assert "KeyError" not in trace(raised(hidden))


def test_the_error_within_a_group_of_tasks_is_the_one():
    async def grouped():
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(asyncio.to_thread(of_a_library))

    error = raised(lambda: asyncio.run(grouped()))
    assert isinstance(error, ExceptionGroup)
    assert place(error).startswith("service/decisions/queries.py:")


def test_endless_recursion_is_told_in_bounds():
    def endless():
        return endless()

    assert len(trace(raised(endless)).splitlines()) <= 1_001
