import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from classifier.batch.snapshot import REGISTRY, Snapshot, pack, trusted_by
from classifier.errors import ModelError, RegistryError, SignatureError
from classifier.model_store import ModelStore
from classifier.model_store.shipped import default_id
from classifier.model_store.training_result import Training
from classifier.registry.registry import Registry
from classifier.scoring.scorer import Scorer
from classifier.storage.home import registry_store
from tests.classifier.batch.rows import NOW, answerer, asked


def packed(directory: Path, home: Path, shadow_id: str | None = None) -> Snapshot:
    return pack(directory, home, now=NOW, shadow_id=shadow_id)


@pytest.fixture
def home(tmp_path: Path, small_home: Path) -> Path:
    """A home of the test's own, to change."""
    return Path(shutil.copytree(small_home, tmp_path / "home"))


def test_a_snapshot_answers_as_the_home_it_was_packed_from(tmp_path: Path, small_home: Path) -> None:
    rows = [asked(1, "OllivanderBrask"), asked(2, "0llivanderBrask", followers=3), asked(3, "qzkxvw83")]
    stored = ModelStore(small_home).load()
    expected = answerer(Scorer(stored.model, stored.model_id, registry_store(small_home).open().index)).answer(rows)
    assert packed(tmp_path / "snapshot", small_home).open().answer(rows) == expected


def test_what_changes_at_home_changes_no_snapshot(tmp_path: Path, home: Path, registry: Registry) -> None:
    snapshot = packed(tmp_path / "snapshot", home)
    registry_store(home).change(withdraw=[("x", "OllivanderBrask")])
    registry_store(home).replace(Registry(registry.accounts[5:9]))
    shutil.rmtree(home / "models")
    (row,) = snapshot.open().answer([asked(1, "OllivanderBrask")]).to_pylist()
    assert (row["verdict"], row["relation"]) == ("refused", "is_protected")


def test_changes_made_before_are_in_the_snapshot(tmp_path: Path, home: Path) -> None:
    registry_store(home).change(withdraw=[("x", "OllivanderBrask")])
    (row,) = packed(tmp_path / "snapshot", home).open().answer([asked(1, "OllivanderBrask")]).to_pylist()
    assert row["relation"] != "is_protected"


def test_another_registry_in_its_place_is_refused(tmp_path: Path, small_home: Path, registry: Registry) -> None:
    snapshot = packed(tmp_path / "snapshot", small_home)
    registry_store(tmp_path / "other").replace(Registry(registry.accounts[5:9]))
    shutil.rmtree(snapshot.directory / REGISTRY)
    shutil.copytree(tmp_path / "other" / "registry", snapshot.directory / REGISTRY)
    with pytest.raises(RegistryError, match="not the one it began with"):
        snapshot.open()


def test_a_model_that_nobody_trusted_signed_is_refused(
    tmp_path: Path, registry: Registry, small_training: Training
) -> None:
    """Not the shipped one, which is trusted by its digest."""
    home = tmp_path / "trained"
    store = ModelStore(home)
    store.promote(store.add(small_training))
    registry_store(home).replace(registry)
    snapshot = packed(tmp_path / "snapshot", home)
    stranger = ModelStore(tmp_path / "stranger")
    stranger._keys.signing_key()
    with pytest.raises(SignatureError):
        replace(snapshot, trusted=trusted_by(stranger)).open()


def test_what_ships_needs_no_key_and_an_empty_home_stays_empty(tmp_path: Path, registry: Registry) -> None:
    registry.save(tmp_path / "registry.csv")
    snapshot = pack(tmp_path / "snapshot", tmp_path / "empty", registry=tmp_path / "registry.csv", now=NOW)
    assert (snapshot.trusted, snapshot.model_id) == ((), default_id())
    assert snapshot.open()
    assert not (tmp_path / "empty").exists()


def test_a_damaged_model_is_refused(tmp_path: Path, small_home: Path) -> None:
    snapshot = packed(tmp_path / "snapshot", small_home)
    model = snapshot.directory / snapshot.model_id / "model.json"
    content = bytearray(model.read_bytes())
    content[len(content) // 2] ^= 1
    model.write_bytes(content)
    with pytest.raises(ModelError):
        snapshot.open()


def test_a_second_model_that_is_not_there_is_said_so(tmp_path: Path, small_home: Path) -> None:
    with pytest.raises(ModelError, match="models list"):
        packed(tmp_path / "snapshot", small_home, shadow_id="0" * 16)
