"""A counter is believed for some seconds, for one person, and not after something changed."""

import asyncio

import pytest

from service.decisions import believed
from service.decisions.believed import BELIEVED, Believed


@pytest.fixture
def clock(monkeypatch):
    at = [100.0]
    monkeypatch.setattr(believed.time, "monotonic", lambda: at[0])
    return at


def test_it_is_counted_anew_when_time_is_up_or_something_changed(clock):
    counted = []

    async def count():
        counted.append(clock[0])
        return len(counted)

    kept = Believed()

    def get(who="ann"):
        return asyncio.run(kept.get(who, count))

    assert [get(), get()] == [1, 1]
    assert get("bob") == 2
    clock[0] += BELIEVED
    assert get() == 3
    kept.forget("ann")
    assert [get(), get()] == [4, 4]
    assert kept.keep("ann", 9) == get() == 9


def test_the_counters_of_a_bounded_number_of_people_are_kept(monkeypatch):
    monkeypatch.setattr(believed, "_PEOPLE", 2)
    kept = Believed()
    for who in ("ann", "bob", "cid"):
        kept.keep(who, 1)
    assert list(kept._kept) == ["cid"]
