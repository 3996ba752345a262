"""``doublecheck monitor`` says in one line whether the certificate holds, and acts on it."""

import json

import pytest
from click.testing import CliRunner

from classifier.model_store import ModelStore
from classifier.model_store.training_result import Training
from service.cli import main
from service.decisions.current_scorer import FixedScorer
from service.settings import Settings
from tests.service.conftest import UNLIMITED, Client, Clock, FakeScorer, canned
from tests.service.monitoring.test_watcher import decided
from tests.test_rules import CERTIFICATE, gullible


@pytest.fixture
def models(tmp_path):
    store = ModelStore(tmp_path)
    store.promote(store.add(Training(gullible({"high": CERTIFICATE}), {"seed": 1})))
    return store


@pytest.fixture
def client(models, tmp_path):
    settings = Settings(home=tmp_path, database_url=f"sqlite:///{tmp_path}/doublecheck.db", **UNLIMITED)
    client = Client(FixedScorer(FakeScorer(canned(model_id=models.current_id()))), settings, Clock())
    yield client
    client.check_service.close()


@pytest.fixture
def run(tmp_path, client):
    return lambda *arguments: CliRunner().invoke(main, ["monitor", *arguments, "--home", str(tmp_path)])


def test_one_line_says_that_it_holds(run, models, client, tmp_path):
    decided(client, models, 1, outcome="upheld")
    result = run("--since", "2026-01-01T00:00:00Z", "--json", str(tmp_path / "health.json"))
    assert result.exit_code == 0, result.output
    first = result.stdout.splitlines()[0]
    assert first.startswith(f"model {models.current_id()}: certificate of high holds, after 1 recent decisions")
    found = json.loads((tmp_path / "health.json").read_text())
    assert (found["sentence"], found["tiers"][0]["bound"]["genuine"]) == (first, 0)


def test_exit_status_1_says_that_it_does_not_and_that_is_withdrawn(run, models, client):
    for number in range(2):
        decided(client, models, number, outcome="overturned")
    result = run("--watch", "60")
    assert result.exit_code == 1, result.output
    assert "certificate of high is WITHDRAWN" in result.stdout.splitlines()[0]
    assert models.load().model.certificates == {}


def test_a_person_can_withdraw_it(run, models):
    result = run("--withdraw", "high", "--by", "kay", "--because", "A case in the papers.")
    assert result.exit_code == 1, result.output
    assert "by kay: A case in the papers." in result.stdout
    assert models.load().model.certificates == {}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [(["--withdraw", "high"], "--because TEXT"), (["--by", "kay", "--because", "Why."], "--withdraw TIER"),
     (["--since", "yesterday"], "RFC 3339")],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(run, models, arguments, message):
    result = run(*arguments)
    assert result.exit_code == 1
    assert message in result.output
    assert len(models.load().model.certificates) == 1
