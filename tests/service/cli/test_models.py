"""Forcing a promotion takes two admins, who show it by their keys."""

import pytest
from click.testing import CliRunner

from classifier.features import FEATURE_NAMES
from classifier.model.additive import AdditiveClassifier
from classifier.model.pair_model import OTHER_RELATIONS, PairModel
from classifier.model.platt import Calibration
from classifier.model_store import ModelStore
from classifier.model_store.training_result import Training
from classifier.promotion.gate import Finding
from classifier.promotion.promote import Examination
from service.cli import main
from service.cli import models as forcing

FOUND = Examination((Finding("slice_worse", "Bio = with bio: 9.0% of attacks are missed"),))


def training(offset, features=FEATURE_NAMES):
    head = AdditiveClassifier(max_iter=2).fit([[0.0] * len(features), [1.0] * len(features)] * 20, [0, 1] * 20).fitted_
    model = PairModel(features=tuple(features), impersonation=head, calibration=Calibration(1.0, offset),
                      others=dict.fromkeys(OTHER_RELATIONS, head))  # fmt: skip
    return Training(model, {"seed": 1})


@pytest.fixture
def store(tmp_path):
    store = ModelStore(tmp_path / "home")
    store.promote(store.add(training(0.0)))
    return store


@pytest.fixture
def run(tmp_path, database_url, monkeypatch):
    monkeypatch.setattr(forcing, "examine", lambda *_, **__: FOUND)

    def run(*arguments, key=None):
        options = ["--home", str(tmp_path / "home"), "--database", database_url]
        return CliRunner().invoke(main, [*arguments, *options], env={"DOUBLECHECK_KEY": key})

    return run


@pytest.fixture
def key_of(run):
    def key_of(actor, role="admin"):
        return run("keys", "create", "--role", role, "--actor", actor).stdout.splitlines()[-1]

    return key_of


def test_two_admins_force_what_the_gate_refuses(run, store, key_of):
    wanted, serving = store.add(training(0.5)), store.current_id()
    force = ("models", "promote", wanted, "--force")
    assert "--reason" in run(*force, key=key_of("ada")).stderr
    asked = run(*force, "--reason", "an attack is under way", key=key_of("ada"))
    assert asked.exit_code == 0, asked.output
    assert "slice_worse" in asked.stdout
    assert store.current_id() == serving
    again = run(*force, "--reason", "still", key=key_of("ADA"))
    assert (again.exit_code, "second person" in again.stderr) == (1, True)
    confirmed = run(*force, key=key_of("jane"))
    assert confirmed.exit_code == 0, confirmed.output
    assert "forced by ada and jane" in confirmed.stdout
    assert store.current_id() == wanted
    assert store.log().entries[-1]["who"] == {"name": "jane", "known_by": "API key"}


@pytest.mark.parametrize("names", [("zoe-day", "night-desk"), ("Zoë Marlow", "Zoe Mar1ow")])
def test_two_keys_of_one_person_are_no_two_admins(run, store, names):
    wanted, serving = store.add(training(0.5)), store.current_id()
    make = ("keys", "create", "--role", "admin", "--person", "P-7", "--actor")
    day, night = (run(*make, name).stdout.splitlines()[-1] for name in names)
    force = ("models", "promote", wanted, "--force", "--reason", "so")
    assert run(*force, key=day).exit_code == 0
    again = run(*force, key=night)
    assert (again.exit_code, "second person" in again.stderr) == (1, True), again.output
    assert store.current_id() == serving


@pytest.mark.parametrize("role", ["agent", "reviewer", "auditor"])
def test_only_admins_force(run, store, key_of, role):
    wanted = store.add(training(0.5))
    result = run("models", "promote", wanted, "--force", "--reason", "so", key=key_of("ada", role))
    assert (result.exit_code, "role admin" in result.stderr) == (1, True)
    assert store.force_requested(wanted) is None


def test_a_key_that_is_nobodys_forces_nothing(run, store):
    result = run("models", "promote", store.add(training(0.5)), "--force", "--reason", "so", key="dck_none")
    assert (result.exit_code, "API key" in result.stderr) == (1, True)


def test_the_key_is_asked_for_and_not_shown(run, store, key_of, tmp_path, database_url):
    key, wanted = key_of("ada"), store.add(training(0.5))
    arguments = ["models", "promote", wanted, "--force", "--reason", "so", "--home", str(tmp_path / "home")]
    result = CliRunner().invoke(main, [*arguments, "--database", database_url], input=f"{key}\n")
    assert result.exit_code == 0, result.output
    assert key not in result.output


def test_what_could_not_serve_here_cannot_be_forced(run, store, key_of):
    wanted = store.add(training(0.5, features=FEATURE_NAMES[:-1]))
    result = run("models", "promote", wanted, "--force", "--reason", "so", key=key_of("ada"))
    assert (result.exit_code, "feature_mismatch" in result.stderr) == (1, True)


def test_a_reason_goes_with_force(run, store):
    assert "goes with --force" in run("models", "promote", store.current_id(), "--reason", "so").stderr
