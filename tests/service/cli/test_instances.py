import asyncio

import pytest
from click.testing import CliRunner

from service.cli import main
from service.decisions.current_scorer import FixedScorer
from service.settings import Settings
from tests.service.conftest import ASSESSMENTS, UNLIMITED, Client, Clock, FakeScorer


@pytest.fixture
def run(tmp_path):
    """Run ``doublecheck instances`` on a database; return what it printed."""

    def run(*arguments, status=0):
        options = ["--database", f"sqlite:///{tmp_path}/here.db", "--home", str(tmp_path)]
        result = CliRunner().invoke(main, ["instances", *arguments, *options])
        assert result.exit_code == status, result.output
        return result.output

    return run


@pytest.fixture
def homes(tmp_path):
    """Two homes that have noted different models."""
    made = []
    for model in ("model-a", "model-b"):
        scorer = FakeScorer(ASSESSMENTS["impersonation"])
        scorer.model_id = model
        settings = Settings(database_url=f"sqlite:///{tmp_path}/here.db", **UNLIMITED)
        made.append(Client(FixedScorer(scorer), settings, Clock()))
        asyncio.run(made[-1].upkeep.note_versions())
    yield [one.check_service.instances.own for one in made]
    for one in made:
        one.check_service.close()


def test_no_home_has_noted_anything_before_the_first_start(run):
    assert "no home has noted anything yet" in run("list")


def test_homes_are_listed_and_forgotten(run, homes):
    said = run("list")
    assert "They differ, so nothing is cleared" in said
    for home, model in zip(homes, ("model-a", "model-b"), strict=True):
        [line] = [line for line in said.splitlines() if line.startswith(home)]
        assert f"model {model}" in line
        assert "its key is NOT trusted here" in line, "this command's home has another key"
    run("forget", homes[1])
    assert homes[1] not in run("list")
    assert "They differ" not in run("list")


def test_a_home_that_is_not_known_cannot_be_forgotten(run, homes):
    assert "no home with this id" in run("forget", "0" * 32, status=1)
