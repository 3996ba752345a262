import resource

import pytest

from classifier.utils import memory_limit
from classifier.utils.memory_limit import at_most

MEGABYTE = 1 << 20


def test_a_step_that_takes_more_fails_and_the_next_does_not():
    before = resource.getrlimit(resource.RLIMIT_DATA)
    with pytest.raises(MemoryError), at_most(64 * MEGABYTE):
        bytearray(512 * MEGABYTE)
    assert resource.getrlimit(resource.RLIMIT_DATA) == before
    with at_most(512 * MEGABYTE):
        assert len(bytearray(64 * MEGABYTE)) == 64 * MEGABYTE


def test_where_the_system_does_not_tell_nothing_is_bounded(monkeypatch, tmp_path):
    monkeypatch.setattr(memory_limit, "_STATUS", tmp_path / "missing")
    with at_most(MEGABYTE):
        assert len(bytearray(64 * MEGABYTE)) == 64 * MEGABYTE
