"""``doublecheck statements export`` on what a service did."""

import json

import pytest
from click.testing import CliRunner
from sqlalchemy import delete

from service.cli import main
from service.records.purpose import claim
from service.records.tables import statements
from tests.service.conftest import ASSESSMENTS, build
from tests.service.decisions.test_statement_of_reasons import SAID, TERMS, act
from tests.service.transparency_database import TransparencyDatabase


@pytest.fixture
def acting(database_url):
    client = build(ASSESSMENTS["impersonation"], database_url=database_url, **TERMS)
    yield client
    client.check_service.close()


@pytest.fixture
def run(acting, tmp_path):
    def run(*arguments):
        options = ["--home", str(tmp_path / "home"), "--database", acting.settings.database_url]
        return CliRunner().invoke(main, ["statements", "export", *arguments, *options])

    return run


def test_the_file_can_be_sent_line_by_line_and_the_next_goes_on(acting, run, tmp_path):
    first, lacking = act(acting, report=SAID), act(acting)
    path = tmp_path / "statements.jsonl"
    result = run("--since", "2026-05-01", "-o", str(path))
    assert result.exit_code == 0, result.output
    assert "1 statements in 1 lines" in result.stdout
    assert result.stdout.splitlines()[-1] == f"go on with --after {first}"
    assert f"check {lacking} lacks source_type, automated_detection" in result.stderr
    [line] = path.read_text(encoding="utf-8").splitlines()
    assert TransparencyDatabase().post(json.loads(line)) == (201, {})
    nothing = run("--since", "2026-05-01", "--after", first, "-o", str(path))
    assert (nothing.exit_code, path.read_text(encoding="utf-8")) == (0, "")
    assert nothing.stdout.splitlines()[-1] == f"go on with --after {first}"


def test_actions_of_before_statements_are_counted(acting, run, tmp_path):
    act(acting, report=SAID)
    with acting.check_service.engine.begin() as connection:
        connection.execute(delete(statements))
    result = run("--since", "2026-05-01", "-o", str(tmp_path / "s.jsonl"))
    assert "1 actions have no statement" in result.stderr


@pytest.mark.parametrize("since", ["yesterday", "2026-05-01T00:00:00Z"])
def test_what_is_no_day_is_refused(run, tmp_path, since):
    result = run("--since", since, "-o", str(tmp_path / "s.jsonl"))
    assert (result.exit_code, "must be a date" in result.stderr) == (1, True)
    assert not (tmp_path / "s.jsonl").exists()


def test_what_was_tried_out_in_the_demonstration_is_not_filed(acting, run, tmp_path):
    claim(acting.check_service.engine, acting.check_service.signer, "demonstration", now=acting.clock)
    result = run("--since", "2026-05-01", "-o", str(tmp_path / "s.jsonl"))
    assert (result.exit_code, "demonstration" in result.stderr) == (1, True)
    assert not (tmp_path / "s.jsonl").exists()
