"""What is written about people is for its owner alone, whatever the umask is."""

import os
import stat

import pytest

from classifier.utils.atomic_files import atomic_path
from classifier.utils.private_files import make_private_directory, make_private_file, open_to_others, tighten


@pytest.fixture(autouse=True)
def _lax():
    """The umask of a system on which others may read what is made."""
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path):
    return stat.S_IMODE(path.lstat().st_mode)


def test_directories_and_those_above_are_private_from_the_beginning(tmp_path):
    tmp_path.chmod(0o755)
    make_private_directory(tmp_path / "a" / "b")
    assert (mode(tmp_path / "a"), mode(tmp_path / "a" / "b"), mode(tmp_path)) == (0o700, 0o700, 0o755)
    make_private_directory(tmp_path / "a" / "b")


def test_files_are_private_and_stay_so_when_they_are_replaced(tmp_path):
    path = tmp_path / "file"
    make_private_file(path)
    assert mode(path) == 0o600
    with atomic_path(path, private=True) as temporary:
        temporary.write_text("new")
        assert mode(temporary) == 0o600
    assert (mode(path), path.read_text()) == (0o600, "new")


def test_tightening_takes_everything_below_from_others_and_says_what(tmp_path):
    inside = tmp_path / "keys" / "trusted"
    inside.mkdir(parents=True)
    (inside / "key.pem").write_text("key")
    (tmp_path / "elsewhere").write_text("theirs")
    (inside / "link").symlink_to(tmp_path / "elsewhere")
    found = tighten([tmp_path / "keys", tmp_path / "missing"])
    assert sorted(path.name for path in found) == ["key.pem", "keys", "trusted"]
    assert (mode(tmp_path / "keys"), mode(inside), mode(inside / "key.pem")) == (0o700, 0o700, 0o600)
    assert mode(tmp_path / "elsewhere") == 0o666, "what a link leads to is somebody else's"
    assert tighten([tmp_path / "keys"]) == []


def test_an_executable_stays_one_for_its_owner(tmp_path):
    path = tmp_path / "tool"
    path.write_text("")
    path.chmod(0o755)
    tighten([path])
    assert mode(path) == 0o700


def test_what_others_may_read_is_known(tmp_path):
    assert open_to_others(tmp_path) is bool(mode(tmp_path) & 0o077)
    tmp_path.chmod(0o755)
    assert open_to_others(tmp_path)
    assert not open_to_others(tmp_path / "missing")
