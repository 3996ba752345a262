"""Fixtures shared by all tests: the shipped model, a small trained one, a registry with a very high-profile account."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

# Before scikit-learn is imported: tests run in several processes, and the threads of a fit would wait for each other.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import pytest
from hypothesis import settings

from classifier.accounts.account import ProtectedAccount
from classifier.model_store import ModelStore, StoredModel
from classifier.model_store.training_result import Training
from classifier.registry.registry import Registry
from classifier.scoring.scorer import Scorer
from classifier.simulation.population import invent_registry
from classifier.storage.home import registry_store
from classifier.training.train import train
from tests.trained import trained_home

NOW = datetime(2025, 7, 1, tzinfo=UTC)

# A busy machine is no error: how long an example takes is not what the properties are about. CI tries more examples
# where a test does not say how many, and prints how to repeat the one that failed.
settings.register_profile("dev", deadline=None, max_examples=50)
settings.register_profile("ci", deadline=None, max_examples=100, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))

HERE = Path(__file__).parent
# Loaded by Schemathesis only, into a process of its own.
collect_ignore = ["contract/hooks.py"]
# What a folder or a file holds; the default run leaves all of these out, CI runs them (``.ci/run``).
MARKS = {
    "browser": ("browser", "benchmarks/test_console.py"),
    "process": (
        "classifier/batch/test_interruptions.py", "classifier/cli/test_interrupted_training.py",
        "benchmarks/test_service.py", "benchmarks/test_uploads.py",
        "service/test_crash.py", "service/test_faults.py", "service/test_instances.py", "service/test_races.py",
        "service/test_stopping.py", "service/test_workers.py",
    ),
    "slow": ("classifier/promotion/test_poison.py", "statistical", "test_notebooks.py"),
    "spark": ("classifier/batch/engines/test_spark.py",),
}  # fmt: skip
# What must not run twice at the same time, because each takes the machine for itself.
GROUPS = {"browser": "servers", "process": "servers", "spark": "spark"}

# Invented. 44 million followers, like the account that a worker deactivated in 2017.
PRESIDENT = ProtectedAccount(
    platform="x",
    handle="OllivanderBrask",
    account_id="25073877",
    display_name="Ollivander Brask",
    bio="45th President of Velmoria. Building harbours, bridges and a quiet country.",
    aliases=("O. Brask", "President Brask"),
    roles=("President of Velmoria",),
    former_handles=("BraskForVelmoria",),
    links=("https://www.brask.example",),
    secondary_ids=("822215679",),
    secondary_handles=("PresVelmoria",),
    followers=44_000_000,
    created_at=datetime(2009, 3, 18, tzinfo=UTC),
    verified=True,
    avatar_pdq="f0e1d2c3b4a5968778695a4b3c2d1e0ff0e1d2c3b4a5968778695a4b3c2d1e0f",
    tier="high",
)


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by where they are; each file is run by one worker, so that its fixtures are made once."""
    for item in items:
        marks = [mark for mark, places in MARKS.items() if any(item.path.is_relative_to(HERE / one) for one in places)]
        for mark in marks:
            item.add_marker(mark)
        groups = [GROUPS[mark] for mark in marks if mark in GROUPS]
        item.add_marker(pytest.mark.xdist_group(groups[0] if groups else item.path.stem))


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Use two workers for the whole suite, none for what is named on the command line: they take seconds to start."""
    return 2 if config.args_source is pytest.Config.ArgsSource.TESTPATHS else 0


@pytest.fixture(scope="session")
def now() -> datetime:
    return NOW


@pytest.fixture(scope="session")
def president() -> ProtectedAccount:
    return PRESIDENT


@pytest.fixture(scope="session")
def registry() -> Registry:
    """The president among 300 other protected accounts."""
    return Registry([PRESIDENT, *invent_registry(300, seed=77).accounts])


@pytest.fixture(scope="session")
def small_model(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a model over few identities, with too few genuine accounts for a certificate of the high tier."""

    def make(path: Path) -> None:
        store = ModelStore(path)
        store.promote(store.add(train(invent_registry(700, seed=5), seed=5)))

    return trained_home(pytestconfig, "small", make, tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="session")
def small_training(small_model: Path) -> Training:
    """What training the small model gave. Whatever needs just any model takes ``stored``."""
    found = ModelStore(small_model).load()
    return Training(found.model, found.manifest["training"])


@pytest.fixture(scope="session")
def small_home(tmp_path_factory: pytest.TempPathFactory, registry: Registry) -> Path:
    """A home with the shipped model and the small registry imported; tests only read it."""
    path = tmp_path_factory.mktemp("small")
    ModelStore(path).first_start()
    registry_store(path).replace(registry)
    return path


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home directory with the default model in it: what a first start leaves behind."""
    path = tmp_path_factory.mktemp("home")
    ModelStore(path).first_start()
    return path


@pytest.fixture(scope="session")
def stored(home: Path) -> StoredModel:
    return ModelStore(home).load()


@pytest.fixture(scope="session")
def scorer(stored: StoredModel, registry: Registry) -> Scorer:
    return Scorer(stored.model, stored.model_id, registry)


@pytest.fixture(autouse=True)
def _no_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep tests away from the developer's own home, models and settings."""
    monkeypatch.setenv("DOUBLECHECK_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("DOUBLECHECK_REGISTRY", raising=False)
