from pathlib import Path

import pytest

from classifier.errors import InputError
from classifier.utils.atomic_files import atomic_path


def test_the_file_appears_when_the_block_succeeds(tmp_path: Path) -> None:
    with atomic_path(tmp_path / "out.csv") as temporary:
        assert temporary.parent == tmp_path
        assert temporary.suffix == ".csv"
        temporary.write_text("new")
        assert not (tmp_path / "out.csv").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]
    assert (tmp_path / "out.csv").read_text() == "new"


@pytest.mark.parametrize("failure", [ValueError, KeyboardInterrupt, SystemExit, MemoryError])
def test_nothing_changes_on_failure(tmp_path: Path, failure: type[BaseException]) -> None:
    (tmp_path / "out.csv").write_text("old")
    with pytest.raises(failure), atomic_path(tmp_path / "out.csv") as temporary:  # noqa: PT012 - it fails halfway
        temporary.write_text("half")
        raise failure
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]
    assert (tmp_path / "out.csv").read_text() == "old"


def test_a_block_that_writes_nothing_fails(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), atomic_path(tmp_path / "out.csv"):
        pass
    assert not list(tmp_path.iterdir())


def test_a_failed_replacement_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full_disk(*_: object) -> None:
        raise OSError

    monkeypatch.setattr("os.replace", full_disk)
    with pytest.raises(OSError), atomic_path(tmp_path / "out.csv") as temporary:  # noqa: PT011 - the one raised above
        temporary.write_text("new")
    assert not list(tmp_path.iterdir())


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.csv").write_text("old")
    (tmp_path / "link.csv").symlink_to(tmp_path / "real.csv")
    with atomic_path(tmp_path / "link.csv") as temporary:
        temporary.write_text("new")
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").read_text() == "new"


@pytest.mark.parametrize("path", ["/dev/null", "."])
def test_devices_and_directories_are_refused(path: str) -> None:
    with pytest.raises(InputError, match="regular file"), atomic_path(Path(path)):
        pytest.fail("nothing may be written")


def test_long_names_fit(tmp_path: Path) -> None:
    path = tmp_path / ("a" * 240 + ".parquet")
    with atomic_path(path) as temporary:
        temporary.write_text("new")
    assert path.read_text() == "new"
