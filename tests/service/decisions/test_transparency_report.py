"""The transparency report counts what was recorded in a period, and says what it does not know."""

import csv
import io
from datetime import timedelta

import pytest
from click.testing import CliRunner

from service.cli import main
from service.cli.options import opened
from service.decisions.recorded import reader
from service.decisions.transparency_report import NOT_KNOWN, as_csv, lines
from service.records.purpose import claim
from service.utils.clock import utc_now
from tests.service.conftest import NOW, appeal
from tests.service.decisions.test_statement_of_reasons import SAID, TERMS, act

REVIEWER = ("rev", "reviewer")
DAY = timedelta(days=1)


@pytest.fixture
def acting(make_client, database_url):
    return make_client(database_url=database_url, **TERMS)


def reported(client, begin=NOW - DAY, end=NOW + DAY):
    with client.check_service.engine.connect() as connection:
        text = as_csv(lines(reader(connection), begin, end))
    rows = csv.DictReader(io.StringIO(text))
    return {(row["section"], row["indicator"], row["part"]): (row["value"], row["note"]) for row in rows}


def test_checks_actions_statements_and_appeals_are_counted(acting):
    first = act(acting, {"account_id": "1"}, report=SAID)
    act(acting, {"account_id": "2"})
    acting.clock.at = NOW + timedelta(hours=6)
    appeal(acting, first, by=REVIEWER)
    found = reported(acting)
    assert found["checks", "checks by verdict", "all"][0] == "2"
    assert found["actions", "actions taken", "suspend"][0] == "2"
    assert found["statements", "source_type", "not stated"][0] == "1"
    assert found["statements", "source_type", SAID["source_type"]][0] == "1"
    assert found["appeals", "appeals decided", "overturned"][0] == "1"
    assert found["appeals", "median hours from action to outcome", "all"][0] == "6.00"
    shares = [found["accuracy", "share overturned of appeals decided", part]
              for part in ("cleared without approval", "with approval")]  # fmt: skip
    assert sorted(share for share, _ in shares) == ["", "1.0000"], "nothing divided by nothing is no 0"


def test_of_two_outcomes_the_last_counts(acting):
    check_id = act(acting, report=SAID)
    appeal(acting, check_id, by=REVIEWER)
    assert appeal(acting, check_id, "upheld", by=REVIEWER).status_code == 200
    found = reported(acting)
    assert found["appeals", "appeals decided", "all"][0] == "1"
    assert found["appeals", "appeals decided", "upheld"][0] == "1"


def test_the_end_of_the_period_is_not_in_it(acting):
    act(acting)
    assert reported(acting, end=NOW)["checks", "checks by verdict", "all"][0] == "0"
    assert reported(acting, begin=NOW)["actions", "actions taken", "all"][0] == "1"
    assert reported(acting, begin=NOW + DAY, end=NOW + 2 * DAY)["actions", "actions taken", "all"][0] == "0"


def test_what_is_not_known_is_empty_and_says_so(acting):
    assert reported(acting)["notices", "notices received, by kind of reporter", "all"] == ("", NOT_KNOWN)
    assert reported(acting)["actions", "median hours from check to action", "all"][0] == ""


def test_complaints_are_counted_once_there_was_one(acting):
    assert reported(acting)["appeals", "complaints received", "all"] == ("", NOT_KNOWN)
    first, second = act(acting, {"account_id": "1"}, report=SAID), act(acting, {"account_id": "2"}, report=SAID)

    def complain(check_id):
        given = {"about": "action", "by": "person"}
        return acting.post(f"/v1/checks/{check_id}/appeals", json=given, by=REVIEWER).json()["appeal_id"]

    case = complain(first)
    complain(second)
    acting.clock.at = NOW + timedelta(hours=6)
    acting.get(f"/v1/checks/{first}", by=REVIEWER)
    found = {"found": "overturned", "reason": "authorised", "note": "Hers."}
    assert acting.post(f"/v1/appeals/{case}/decision", json=found, by=REVIEWER).status_code == 200
    counted = reported(acting)
    assert counted["appeals", "complaints received", "all"][0] == "2"
    assert counted["appeals", "complaints received", "by the person, about an action"][0] == "2"
    assert counted["appeals", "complaints decided", "all"][0] == "1"
    assert counted["appeals", "complaints decided", "overturned"][0] == "1"
    assert counted["appeals", "median hours from complaint to decision", "all"][0] == "6.00"
    assert counted["appeals", "appeals decided", "overturned"][0] == "1", "it is the action's outcome as well"
    later = reported(acting, begin=NOW + DAY, end=NOW + 2 * DAY)
    assert later["appeals", "complaints received", "all"][0] == "0"
    assert later["appeals", "median hours from complaint to decision", "all"] == ("", "nothing to measure")


def test_the_command_writes_a_file_and_refuses_a_period_that_ends_before_it_begins(acting, tmp_path):
    act(acting)
    path = tmp_path / "report.csv"

    def run(*arguments):
        options = ["--home", str(tmp_path / "home"), "--database", acting.settings.database_url]
        return CliRunner().invoke(main, ["audit", "report", *arguments, *options])

    result = run("--from", "2020-01-01", "--to", "2040-01-01T00:00:00Z", "-o", str(path))
    assert result.exit_code == 0, result.output
    assert "actions,actions taken,suspend,1," in path.read_text(encoding="utf-8")
    assert "must be later than --from" in run("--from", "2026-02-01", "--to", "2026-01-01").stderr


def test_a_demonstration_is_nothing_to_report(tmp_path):
    url = f"sqlite:///{tmp_path}/demonstration.db"
    with opened(tmp_path / "home", url) as office:
        claim(office.engine, office.signer, "demonstration", now=utc_now)
    options = ["--home", str(tmp_path / "home"), "--database", url]
    result = CliRunner().invoke(main, ["audit", "report", "--from", "2026-01-01", "--to", "2027-01-01", *options])
    assert result.exit_code != 0
    assert "nothing to report" in result.stderr
