"""The default model that ships is the one this code would make: whoever changes features or training ships it again."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from classifier import __version__
from classifier.features import FEATURE_NAMES
from classifier.model_store import ModelStore, artifacts, shipped
from classifier.registry.registry import Registry
from classifier.scoring.scorer import Scorer
from classifier.simulation import simulate
from classifier.training.train import DEFAULT_IDENTITIES, DEFAULT_SEED, train
from classifier.utils.canonical_json import sha256
from tests.ship_default_model import AGAIN, made

ROOT = Path(__file__).parents[3]
MANIFEST = json.loads((shipped.DIRECTORY / artifacts.MANIFEST).read_bytes())


def test_its_manifest_is_the_one_whose_digest_stands_in_the_code() -> None:
    found = sha256((shipped.DIRECTORY / artifacts.MANIFEST).read_bytes())
    assert found == shipped.DEFAULT_MODEL, AGAIN


def test_it_is_complete_and_whole_and_needs_no_key() -> None:
    _, contents = artifacts.verify(shipped.DIRECTORY, (), expected_id=shipped.default_id())
    names = {path.name for path in shipped.DIRECTORY.iterdir()}
    assert (
        names
        == {*contents, artifacts.MANIFEST}
        == {"account.json", "card.html", "card.md", "model.json", "manifest.json"}
    )


def test_it_is_in_the_wheel() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["tool"]["setuptools"]["package-data"]["classifier.model_store"] == ["default/*"]
    assert shipped.DIRECTORY.parent == ROOT / "classifier" / "model_store"


def test_it_has_the_features_that_this_code_computes() -> None:
    assert tuple(MANIFEST["features"]) == FEATURE_NAMES, AGAIN


def test_it_is_what_train_makes_without_arguments() -> None:
    facts = MANIFEST["training"]
    assert (facts["seed"], facts["identities"]) == (DEFAULT_SEED, DEFAULT_IDENTITIES), AGAIN
    assert MANIFEST["code"] == __version__, AGAIN


def test_it_was_made_with_the_versions_of_the_lock_file() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = set(re.findall(r"^([^#\s]+)==([^\s;]+)", lock, re.MULTILINE))  # some have several, for several Pythons
    used = {(name, found) for name, found in MANIFEST["libraries"].items() if name != "python"}
    assert used <= locked, AGAIN


def test_it_is_certified_for_both_tiers(tmp_path: Path) -> None:
    found = ModelStore(tmp_path).load().model
    assert set(found.certificates) == {"standard", "high"}
    assert found.account is not None


@pytest.mark.slow
def test_training_it_anew_gives_the_same_model(tmp_path: Path, registry: Registry) -> None:
    """Equal answers everywhere; the same bytes where machine and libraries are those that the manifest names."""
    training = train()
    digest = made(tmp_path, training)
    accounts = [case.account for case in simulate(registry.accounts[:40], seed=15)]
    before, after = (
        Scorer(model, "m", registry).assess_many(accounts)
        for model in (ModelStore(tmp_path / "empty").load().model, training.model)
    )
    assert len(accounts) > 300
    assert [one.relation for one in after] == [one.relation for one in before], AGAIN
    assert [one.impersonation_probability for one in after] == pytest.approx(
        [one.impersonation_probability for one in before], abs=1e-6
    ), AGAIN
    again = json.loads((tmp_path / artifacts.MANIFEST).read_bytes())
    if all(again[name] == MANIFEST[name] for name in ("machine", "libraries")):
        assert digest == shipped.DEFAULT_MODEL, AGAIN
