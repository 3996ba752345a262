import pytest

from service.auth.pauses import MOST, SECONDS, Pauses, shared_file
from service.utils.process_metrics import MULTIPROCESS


class Seconds:
    at = 1_000.0

    def __call__(self):
        return self.at


@pytest.fixture
def clock():
    return Seconds()


def test_workers_count_together(tmp_path, clock):
    one, other = (Pauses(tmp_path / "wrong.sqlite", clock=clock) for _ in range(2))
    for _ in range(MOST // 2):
        one.note(["192.0.2.7"])
        assert not other.are_on(["192.0.2.7"])
        other.note(["192.0.2.7"])
    assert one.are_on(["192.0.2.7"])
    assert other.are_on(["192.0.2.9", "192.0.2.7"])
    assert not other.are_on(["192.0.2.9"])


def test_a_pause_ends(clock):
    pauses = Pauses(clock=clock)
    for _ in range(MOST):
        pauses.note(["192.0.2.7", "key 1"])
    clock.at += SECONDS - 1
    assert pauses.are_on(["key 1"])
    clock.at += 1
    assert not pauses.are_on(["key 1"])


def test_no_address_is_kept(tmp_path):
    Pauses(tmp_path / "wrong.sqlite").note(["192.0.2.7"])
    assert b"192.0.2.7" not in (tmp_path / "wrong.sqlite").read_bytes()


def test_workers_share_a_file_and_a_process_alone_has_none(monkeypatch, tmp_path):
    monkeypatch.delenv(MULTIPROCESS, raising=False)
    assert shared_file() is None
    monkeypatch.setenv(MULTIPROCESS, str(tmp_path))
    assert shared_file().parent == tmp_path
    assert shared_file().suffix != ".db", "that is what the files of metrics are called"
