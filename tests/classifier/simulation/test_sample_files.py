import csv
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from classifier.accounts.account import Account
from classifier.evaluation.evaluate import read_labelled
from classifier.importers import detect_format, read_accounts
from classifier.importers.json_schema import schema
from classifier.registry.registry import Registry
from classifier.simulation import FAMILIES, sample_files
from classifier.simulation.population import sample_registry
from classifier.simulation.sample_files import DUMPS, PROTECTED_SHOWN

NOW = datetime(2026, 1, 1, tzinfo=UTC)
FORMATS = {"doublecheck": "reported.csv"} | {name: f"reported.{name}.jsonl" for name in DUMPS}
ROWS = PROTECTED_SHOWN * (1 + len(FAMILIES))


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sample") / "new"
    sample_files.write(path)
    return path


def accounts(directory: Path, name: str) -> list[Account]:
    imported = list(read_accounts(directory / FORMATS[name], now=NOW))
    assert [one.error for one in imported] == [None] * len(imported)
    return [one.account for one in imported if one.account is not None]


def test_it_writes_the_same_bytes_again(directory: Path, tmp_path: Path) -> None:
    written = sample_files.write(tmp_path)
    assert [path.name for path in written] == sorted(path.name for path in directory.iterdir())
    for path in written:
        assert path.read_bytes() == (directory / path.name).read_bytes(), path.name


def test_it_returns_what_it_wrote_and_nothing_that_was_there(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("handle\njane\n")
    written = sample_files.write(tmp_path)
    assert tmp_path / "mine.csv" not in written
    assert (tmp_path / "mine.csv").read_text() == "handle\njane\n"
    assert len(written) == len(FORMATS) + 3


def test_the_registry_is_the_one_the_service_starts_with(directory: Path) -> None:
    registry, report = Registry.load(directory / "registry.csv", now=NOW)
    assert registry == sample_registry()
    assert not report.rejected
    assert not report.notes


def test_the_schema_is_that_of_the_columns(directory: Path) -> None:
    assert json.loads((directory / "schema.json").read_text(encoding="utf-8")) == schema()


@pytest.mark.parametrize("name", FORMATS)
def test_every_file_is_recognised_and_imported_whole(directory: Path, name: str) -> None:
    found = list(read_accounts(directory / FORMATS[name], now=NOW))
    assert len(found) == ROWS
    assert all(one.account is not None and one.notes == () for one in found)
    if name != "doublecheck":
        lines = (directory / FORMATS[name]).read_text(encoding="utf-8").splitlines()
        assert detect_format([json.loads(line) for line in lines]) == name.removesuffix("-admin")


@pytest.mark.parametrize("name", DUMPS)
def test_every_format_holds_the_same_accounts(directory: Path, name: str) -> None:
    ours = accounts(directory, "doublecheck")
    for one, other in zip(ours, accounts(directory, name), strict=True):
        assert (one.display_name, one.bio, one.followers, one.posts) == (
            other.display_name, other.bio, other.followers, other.posts,
        )  # fmt: skip
        if name != "bluesky":
            assert other.handle in (one.handle, f"{one.handle}@social.example")
        assert other.account_id is not None
        assert (one.account_id or "") in other.account_id


def test_the_labels_are_those_of_the_accounts_row_by_row(directory: Path) -> None:
    with (directory / "labels.csv").open(encoding="utf-8", newline="") as file:
        labels = list(csv.DictReader(file))
    assert [row["handle"] for row in labels] == [account.handle for account in accounts(directory, "doublecheck")]
    families = list(FAMILIES)
    assert [row["family"] for row in labels] == ["itself"] * PROTECTED_SHOWN + families * PROTECTED_SHOWN
    assert len(read_labelled(directory / "labels.csv", now=NOW, platform="x")) == ROWS
    targets = {row["target_handle"] for row in labels}
    assert targets == {row["handle"] for row in labels if row["label"] == "is_protected"}


def test_a_failed_write_leaves_the_old_file(directory: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sample_files.write(tmp_path)

    def interrupt(*_: object, **__: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(sample_files.json, "dumps", interrupt)
    with pytest.raises(KeyboardInterrupt):
        sample_files.write(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(path.name for path in directory.iterdir())
    for path in tmp_path.iterdir():
        assert path.read_bytes() == (directory / path.name).read_bytes()
