import pytest

from service.utils.mark import End, Mark

FIRST = End("a" * 64, 7, "b" * 64, "2026-05-01T12:00:00.000000Z")


def test_a_mark_is_known_to_the_next_process(tmp_path):
    Mark(tmp_path / "mark").note(FIRST)
    assert Mark(tmp_path / "mark").known() == FIRST
    assert (tmp_path / "mark").stat().st_mode & 0o777 == 0o600


def test_a_shorter_mark_leaves_nothing_of_a_longer_one(tmp_path):
    mark = Mark(tmp_path / "mark")
    mark.note(FIRST._replace(seq=10**12))
    mark.note(FIRST)
    assert Mark(tmp_path / "mark").known() == FIRST


def test_what_another_process_noted_is_seen_by_a_look(tmp_path):
    mark = Mark(tmp_path / "mark")
    mark.note(FIRST)
    Mark(tmp_path / "mark").note(FIRST._replace(seq=8))
    assert mark.known().seq == 7
    assert mark.look().seq == 8


@pytest.mark.parametrize("content", ["", "{}", "[1]", '{"seq": 7}', "\u00e9"])
def test_what_cannot_be_read_is_no_mark(tmp_path, content):
    (tmp_path / "mark").write_text(content)
    assert Mark(tmp_path / "mark").known() is None


def test_where_nothing_can_be_written_the_process_still_knows(tmp_path):
    mark = Mark(tmp_path / "none" / "mark")
    mark.note(FIRST)
    assert mark.known() == FIRST


def test_it_is_set_aside_for_a_while(tmp_path):
    mark = Mark(tmp_path / "mark")
    with mark.set_aside():
        assert mark.is_set_aside
    assert not mark.is_set_aside
