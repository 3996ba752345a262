import json
from pathlib import Path

import pytest

from classifier.batch import checkpoint as module
from classifier.batch.checkpoint import Journal, opened
from classifier.batch.snapshot import Snapshot
from classifier.errors import InputError
from classifier.scoring.policy import Policy
from tests.classifier.batch.rows import NOW, asked, part

ASKED = {"inputs": [["in.csv", 7, 1]], "platform": None}
SNAPSHOT = Snapshot(Path("snapshot"), (), "0123456789abcdef", "r1", Policy(), NOW, "x")


def begun(directory: Path) -> Journal:
    """A run that was interrupted after two blocks."""
    with opened(directory, ASKED, resume=False, restart=False) as journal:
        journal.begin(SNAPSHOT)
        journal.write(0, part([asked(1)]))
        journal.write(1, part([asked(2)]))
    return journal


def test_a_run_that_is_resumed_finds_its_parts_and_its_snapshot(tmp_path: Path) -> None:
    begun(tmp_path / "run")
    with opened(tmp_path / "run", ASKED, resume=True, restart=False) as journal:
        assert journal.has_begun()
        assert journal.count() == 2
        assert [batch.column("row").to_pylist() for batch in journal.parts()] == [[1], [2]]
        assert next(batch.schema.names for batch in journal.parts(["verdict", "row"])) == ["row", "verdict"]
        snapshot = journal.snapshot((b"key",), Policy())
        assert (snapshot.model_id, snapshot.registry_version, snapshot.now, snapshot.platform) == (
            SNAPSHOT.model_id,
            "r1",
            NOW,
            "x",
        )
        assert (snapshot.trusted, snapshot.directory) == ((b"key",), tmp_path / "run" / "snapshot")


def test_whoever_does_not_say_what_to_do_with_an_interrupted_run_is_asked(tmp_path: Path) -> None:
    begun(tmp_path / "run")
    with (
        pytest.raises(InputError, match=r"2 blocks.*--resume.*--restart"),
        opened(tmp_path / "run", ASKED, resume=False, restart=False),
    ):
        pytest.fail("went on")
    assert Journal(tmp_path / "run", ASKED).count() == 2


def test_to_restart_discards_it(tmp_path: Path) -> None:
    begun(tmp_path / "run")
    with opened(tmp_path / "run", ASKED, resume=False, restart=True) as journal:
        assert (journal.has_begun(), journal.count()) == (False, 0)


def test_to_resume_nothing_is_to_begin(tmp_path: Path) -> None:
    with opened(tmp_path / "run", ASKED, resume=True, restart=False) as journal:
        assert not journal.has_begun()


@pytest.mark.parametrize(
    ("change", "named"), [({"inputs": [["in.csv", 8, 1]]}, "inputs"), ({"platform": "x"}, "platform")]
)
def test_a_run_that_was_asked_something_else_is_not_resumed(
    tmp_path: Path, change: dict[str, object], named: str
) -> None:
    begun(tmp_path / "run")
    with pytest.raises(InputError, match=named), opened(tmp_path / "run", ASKED | change, resume=True, restart=False):
        pytest.fail("two runs were mixed")


def test_nor_is_one_of_another_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun(tmp_path / "run")
    monkeypatch.setattr(module, "__version__", "another")
    with pytest.raises(InputError, match="code"), opened(tmp_path / "run", ASKED, resume=True, restart=False):
        pytest.fail("two versions were mixed")


@pytest.mark.parametrize("content", ["", "{", "[]", "{}"])
def test_a_damaged_journal_says_what_to_do(tmp_path: Path, content: str) -> None:
    begun(tmp_path / "run")
    (tmp_path / "run" / "run.json").write_text(content)
    with pytest.raises(InputError, match="--restart"), opened(tmp_path / "run", ASKED, resume=True, restart=False):
        pytest.fail("went on")


def test_two_runs_of_one_output_are_refused(tmp_path: Path) -> None:
    begun(tmp_path / "run")
    with (
        opened(tmp_path / "run", ASKED, resume=True, restart=False),
        pytest.raises(InputError, match="another process"),
        opened(tmp_path / "run", ASKED, resume=False, restart=True),
    ):
        pytest.fail("both at once")
    assert Journal(tmp_path / "run", ASKED).count() == 2


def test_a_run_that_ends_before_its_first_block_leaves_nothing(tmp_path: Path) -> None:
    with opened(tmp_path / "run", ASKED, resume=False, restart=False) as journal:
        journal.begin(SNAPSHOT)
    assert not list(tmp_path.iterdir())


def test_parts_after_a_missing_one_do_not_count(tmp_path: Path) -> None:
    journal = begun(tmp_path / "run")
    journal.write(3, part([asked(4)]))
    assert journal.count() == 2


def test_no_text_of_an_account_is_in_what_was_asked(tmp_path: Path) -> None:
    begun(tmp_path / "run")
    assert "h1" not in json.dumps(json.loads((tmp_path / "run" / "run.json").read_text()))


def test_a_journal_of_another_layout_says_what_to_do(tmp_path: Path) -> None:
    begun(tmp_path / "run")
    run = json.loads((tmp_path / "run" / "run.json").read_text())
    run["kit"] = run.pop("snapshot")  # what it was called before
    (tmp_path / "run" / "run.json").write_text(json.dumps(run))
    with (
        pytest.raises(InputError, match="another version; add --restart"),
        opened(tmp_path / "run", ASKED, resume=True, restart=False),
    ):
        pytest.fail("went on")
