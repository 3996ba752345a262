"""``doublecheck audit`` on what a service recorded."""

import json

import pytest
from click.testing import CliRunner
from sqlalchemy import update

from classifier.scoring.scorer import Scorer
from service.cli import main
from service.decisions.current_scorer import FixedScorer
from service.records.tables import decisions
from service.settings import Settings
from tests.service.conftest import UNLIMITED, Client, Clock, acted, appeal
from tests.service.test_delayed_action import REPORTED

REVIEWER = ("rev", "reviewer")


@pytest.fixture
def asked(scorer: Scorer, home, tmp_path, monkeypatch):
    """A service with the default model, its home, and one check that was appealed."""
    settings = Settings(home=home, database_url=f"sqlite:///{tmp_path}/test.db", **UNLIMITED)
    client = Client(FixedScorer(scorer), settings, Clock())
    monkeypatch.setattr("service.cli.options.clearance_keys", lambda _: client.check_service.signer._ring)
    given = {"account": REPORTED, "action": "suspend", "actor": "agent-17"}
    check_id = acted(client, **given)
    appeal(client, check_id, by=REVIEWER)
    yield client, check_id
    client.check_service.close()


@pytest.fixture
def run(asked):
    client, _ = asked

    def run(*arguments):
        options = ["--home", str(client.settings.home), "--database", client.settings.database_url]
        return CliRunner().invoke(main, ["audit", *map(str, arguments), *options])

    return run


def test_what_nobody_touched_is_right(run):
    result = run("verify")
    assert result.exit_code == 0, result.output
    assert "1 decisions" in result.stdout
    assert "the log ends at entry" in result.stdout


def test_what_was_changed_is_named(run, asked):
    client, _ = asked
    with client.check_service.engine.begin() as connection:
        connection.execute(update(decisions).values(verdict="refused"))
    result = run("verify")
    assert result.exit_code == 1
    assert "Error: entry 2: vouches for another row of decisions" in result.stderr


def test_a_checkpoint_that_was_kept_is_held_against_the_log(run, tmp_path):
    kept = tmp_path / "kept.json"
    kept.write_text(run("checkpoint").stdout)
    assert run("verify", "--checkpoint", kept).exit_code == 0
    later = json.loads(kept.read_text()) | {"seq": 99}
    kept.write_text(json.dumps(later))
    assert "a checkpoint of a later entry was kept" in run("verify", "--checkpoint", kept).stderr
    kept.write_text("{}")
    assert "is not what 'doublecheck audit checkpoint' prints" in run("verify", "--checkpoint", kept).stderr


def test_a_decision_is_handed_over(run, asked, tmp_path):
    _, check_id = asked
    printed = json.loads(run("export", check_id).stdout)
    assert run("export", check_id, "-o", tmp_path / "one.json").exit_code == 0
    assert json.loads((tmp_path / "one.json").read_text()) == printed
    assert json.loads(printed["record"])["account"]["handle"] == REPORTED["handle"]


def test_a_decision_is_answered_again(run, asked):
    client, check_id = asked
    assert "gives the same answer" in run("replay", check_id).stdout
    assert "1 of 1 decisions are answered as they were" in run("replay", "--all").stdout
    with client.check_service.engine.begin() as connection:
        [text] = connection.execute(decisions.select()).all()
        record = json.loads(text.record)
        record["answer"]["impersonation_probability"] = 0.5
        connection.execute(update(decisions).values(record=json.dumps(record)))
    different = run("replay", check_id)
    assert different.exit_code == 1
    assert "differs in impersonation_probability" in different.stdout


@pytest.mark.parametrize("arguments", [[], ["--all", "some"]])
def test_replay_takes_one_number_or_all(run, arguments):
    assert "give the number of one check, or --all" in run("replay", *arguments).stderr


def test_an_unknown_check_is_one_line(run):
    assert run("export", "nothing").stderr == "Error: there is no check with this number\n"


def test_appeals_become_labels(run, tmp_path):
    result = run("labels", "-o", tmp_path / "cases.csv")
    assert "1 labelled cases" in result.stdout
    assert ",OllivanderBrask,unrelated,labeller-" in (tmp_path / "cases.csv").read_text().splitlines()[1]
