import csv
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from classifier.batch import Batch, score_files
from classifier.importers import import_account, read_protected
from classifier.importers.readers.picture_column import with_hashes
from classifier.importers.readers.raw_row import RawRow
from classifier.pictures import PictureHashes, hash_picture
from classifier.registry.registry import Registry
from tests.classifier.pictures.drawn import drawn, saved

NOW = datetime(2026, 1, 1, tzinfo=UTC)
OTHER = "0f" * 32


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    (tmp_path / "jane.jpg").write_bytes(saved(drawn(1), "JPEG"))
    (tmp_path / "cut.png").write_bytes(saved(drawn(1))[:500])
    return tmp_path


def hashed(values: dict[str, object] | None, directory: Path) -> RawRow:
    return next(with_hashes(iter([RawRow(7, values)]), PictureHashes(directory)))


def test_the_hash_takes_the_place_of_the_file(pictures: Path) -> None:
    row = hashed({"handle": "jane", "avatar_file": "jane.jpg"}, pictures)
    assert row == RawRow(7, {"handle": "jane", "avatar_pdq": hash_picture((pictures / "jane.jpg").read_bytes())})


@pytest.mark.parametrize("values", [None, {"handle": "jane"}])
def test_rows_without_the_column_are_left_as_they_are(pictures: Path, values: dict[str, object] | None) -> None:
    assert hashed(values, pictures) == RawRow(7, values)


def test_a_hash_in_the_row_counts_and_an_empty_name_is_none(pictures: Path) -> None:
    given = {"handle": "jane", "avatar_file": "jane.jpg", "avatar_pdq": OTHER}
    assert hashed(given, pictures).values == {"handle": "jane", "avatar_pdq": OTHER}
    assert hashed({"handle": "jane", "avatar_file": ""}, pictures).values == {"handle": "jane"}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("cut.png", "avatar: picture not read: damaged or cut off"),
        ("gone.png", "avatar: picture not read: there is no such file, or it cannot be opened"),
        ("../x.png", "avatar: picture not read: its name leads out of the directory of pictures"),
    ],
)
def test_a_picture_that_cannot_be_read_is_a_note_and_not_the_end_of_the_row(
    pictures: Path, name: str, said: str
) -> None:
    row = hashed({"handle": "jane", "avatar_file": name}, pictures)
    found = import_account(row.values or {}, "doublecheck", now=NOW)
    assert found.account is not None
    assert found.account.avatar_pdq is None
    assert said in found.notes


def registry_with(path: Path, name: str) -> Path:
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(
            [["platform", "account_id", "handle", "avatar_file"], ["x", "1187340562219843001", "janedolmiere", name]]
        )
    return path


def test_a_registry_has_the_hashes_of_the_files_beside_it_or_elsewhere(pictures: Path, tmp_path: Path) -> None:
    known = hash_picture((pictures / "jane.jpg").read_bytes())
    beside = next(read_protected(registry_with(pictures / "registry.csv", "jane.jpg"), now=NOW))
    assert beside.account is not None
    assert (beside.account.avatar_pdq, beside.notes) == (known, ())
    away = tmp_path / "away"
    away.mkdir()
    registry, report = Registry.load(registry_with(away / "registry.csv", "jane.jpg"), NOW, pictures=pictures)
    assert (registry.accounts[0].avatar_pdq, dict(report.rejected)) == (known, {})


@pytest.mark.parametrize("read_pictures", [True, False])
def test_a_batch_reads_the_files_beside_its_input_unless_a_stranger_named_them(
    pictures: Path, read_pictures: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    (pictures / "reported.jsonl").write_text(json.dumps({"handle": "jane", "avatar_file": "jane.jpg"}) + "\n")
    seen: list[RawRow] = []

    class StopError(Exception):
        pass

    def looked(rows: object, block_rows: object) -> object:
        seen.extend(asked.raw for asked in rows)  # type: ignore[attr-defined]
        raise StopError

    def nothing(*_: object, **__: object) -> None: ...

    monkeypatch.setattr("classifier.batch.run._snapshot", nothing)
    monkeypatch.setattr("classifier.batch.run.blocks", looked)
    asked = Batch(
        inputs=[str(pictures / "reported.jsonl")], output=str(pictures / "out.csv"), home=pictures / "home",
        read_pictures=read_pictures,
    )  # fmt: skip
    with pytest.raises(StopError):
        score_files(asked)
    values = seen[0].values or {}
    assert ("avatar_pdq" in values) == read_pictures
    assert ("avatar_file" in values) != read_pictures
