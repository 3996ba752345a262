from pathlib import Path

from classifier.storage.protection import protect_home


def test_an_old_home_is_taken_from_others_and_that_is_said_once(tmp_path: Path) -> None:
    for path in (tmp_path / "keys", tmp_path / "uploads" / "one"):
        path.mkdir(parents=True)
        path.chmod(0o755)
    for name in ("doublecheck.db", "doublecheck.db-wal", "doublecheck.db-shm", "keys/signing.pem"):
        (tmp_path / name).write_text("")
        (tmp_path / name).chmod(0o644)
    tmp_path.chmod(0o755)
    (note,) = protect_home(tmp_path)
    assert "other users could read" in note
    assert {path.stat().st_mode & 0o077 for path in (tmp_path, *tmp_path.rglob("*"))} == {0}
    assert protect_home(tmp_path) == []


def test_a_directory_that_is_also_for_other_things_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "shared.txt").write_text("")
    for path in (tmp_path, tmp_path / "keys", tmp_path / "shared.txt"):
        path.chmod(0o755)
    protect_home(tmp_path)
    assert [path.stat().st_mode & 0o777 for path in (tmp_path, tmp_path / "keys", tmp_path / "shared.txt")] == [
        0o755,
        0o700,
        0o755,
    ]


def test_what_is_left_open_is_named(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    elsewhere.chmod(0o755)
    (tmp_path / "home").mkdir(mode=0o700)
    (tmp_path / "home" / "keys").symlink_to(elsewhere)
    (note,) = protect_home(tmp_path / "home")
    assert "may read keys" in note
    assert protect_home(tmp_path / "missing") == []
