import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from classifier.batch.snapshot import REGISTRY, Kit, pack, trusted_by
from classifier.errors import ModelError, RegistryError, SignatureError
from classifier.model_store import ModelStore
from classifier.model_store.shipped import default_id
from classifier.model_store.training_result import Training
from classifier.registry.registry import Registry
from classifier.scoring.scorer import Scorer
from classifier.storage.home import registry_store
from tests.classifier.batch.rows import NOW, answerer, asked


def packed(directory: Path, home: Path, shadow_id: str | None = None) -> Kit:
    return pack(directory, home, now=NOW, shadow_id=shadow_id)


@pytest.fixture
def home(tmp_path: Path, small_home: Path) -> Path:
    """A home of the test's own, to change."""
    return Path(shutil.copytree(small_home, tmp_path / "home"))


def test_a_kit_answers_as_the_home_it_was_packed_from(tmp_path: Path, small_home: Path) -> None:
    rows = [asked(1, "OllivanderBrask"), asked(2, "0llivanderBrask", followers=3), asked(3, "qzkxvw83")]
    stored = ModelStore(small_home).load()
    expected = answerer(Scorer(stored.model, stored.model_id, registry_store(small_home).open().index)).answer(rows)
    assert packed(tmp_path / "kit", small_home).open().answer(rows) == expected


def test_what_changes_at_home_changes_no_kit(tmp_path: Path, home: Path, registry: Registry) -> None:
    kit = packed(tmp_path / "kit", home)
    registry_store(home).change(withdraw=[("x", "OllivanderBrask")])
    registry_store(home).replace(Registry(registry.accounts[5:9]))
    shutil.rmtree(home / "models")
    (row,) = kit.open().answer([asked(1, "OllivanderBrask")]).to_pylist()
    assert (row["verdict"], row["relation"]) == ("refused", "is_protected")


def test_changes_made_before_are_in_the_kit(tmp_path: Path, home: Path) -> None:
    registry_store(home).change(withdraw=[("x", "OllivanderBrask")])
    (row,) = packed(tmp_path / "kit", home).open().answer([asked(1, "OllivanderBrask")]).to_pylist()
    assert row["relation"] != "is_protected"


def test_another_registry_in_its_place_is_refused(tmp_path: Path, small_home: Path, registry: Registry) -> None:
    kit = packed(tmp_path / "kit", small_home)
    registry_store(tmp_path / "other").replace(Registry(registry.accounts[5:9]))
    shutil.rmtree(kit.directory / REGISTRY)
    shutil.copytree(tmp_path / "other" / "registry", kit.directory / REGISTRY)
    with pytest.raises(RegistryError, match="not the one it began with"):
        kit.open()


def test_a_model_that_nobody_trusted_signed_is_refused(
    tmp_path: Path, registry: Registry, small_training: Training
) -> None:
    """Not the shipped one, which is trusted by its digest."""
    home = tmp_path / "trained"
    store = ModelStore(home)
    store.promote(store.add(small_training))
    registry_store(home).replace(registry)
    kit = packed(tmp_path / "kit", home)
    stranger = ModelStore(tmp_path / "stranger")
    stranger._keys.signing_key()
    with pytest.raises(SignatureError):
        replace(kit, trusted=trusted_by(stranger)).open()


def test_what_ships_needs_no_key_and_an_empty_home_stays_empty(tmp_path: Path, registry: Registry) -> None:
    registry.save(tmp_path / "registry.csv")
    kit = pack(tmp_path / "kit", tmp_path / "empty", registry=tmp_path / "registry.csv", now=NOW)
    assert (kit.trusted, kit.model_id) == ((), default_id())
    assert kit.open()
    assert not (tmp_path / "empty").exists()


def test_a_damaged_model_is_refused(tmp_path: Path, small_home: Path) -> None:
    kit = packed(tmp_path / "kit", small_home)
    model = kit.directory / kit.model_id / "model.json"
    content = bytearray(model.read_bytes())
    content[len(content) // 2] ^= 1
    model.write_bytes(content)
    with pytest.raises(ModelError):
        kit.open()


def test_a_second_model_that_is_not_there_is_said_so(tmp_path: Path, small_home: Path) -> None:
    with pytest.raises(ModelError, match="models list"):
        packed(tmp_path / "kit", small_home, shadow_id="0" * 16)
