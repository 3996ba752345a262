"""What exists when serving begins is left out of collections, and what comes later is not."""

import gc

import pytest

from service.server.garbage import spare_what_stays


@pytest.fixture(autouse=True)
def _collected_as_ever():
    """Leave Python's collections as they were."""
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


class Ring:
    """Refers to itself, so that only a collection frees it; what happens then is told."""

    def __init__(self, freed):
        self.itself, self.freed = self, freed

    def __del__(self):
        self.freed.append(self)


def test_what_exists_is_left_out_and_what_comes_later_is_not():
    old, young = [], []
    kept = [Ring(old)]
    spare_what_stays()
    assert len(gc.get_objects()) < 10_000 < gc.get_freeze_count()
    kept.clear()
    Ring(young)
    gc.collect()
    assert (len(old), len(young)) == (0, 1)


def test_what_is_garbage_when_serving_begins_does_not_stay():
    freed = []
    Ring(freed)
    spare_what_stays()
    assert len(freed) == 1


def test_the_young_are_still_looked_through_by_themselves():
    spare_what_stays()
    freed, kept = [], []
    for _ in range(gc.get_threshold()[0] + 1_000):
        Ring(freed)
        kept.append([])
    assert freed
