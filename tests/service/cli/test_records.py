"""``doublecheck records erase``: first it tells, then it erases."""

import io
import json

import pytest
from click.testing import CliRunner

from service.cli import main
from service.settings import Settings
from service.uploads.jobs import Jobs
from tests.service.conftest import ASSESSMENTS, NOW, acted, appeal, build
from tests.service.decisions.test_erasure import ACCOUNT, asked, everything, verified
from tests.service.uploads.conftest import AGENT

WHO = ("--by", "officer", "--because", "request 7")


@pytest.fixture
def service(database_url, monkeypatch):
    client = build(ASSESSMENTS["impersonation"], database_url=database_url)
    monkeypatch.setattr("service.cli.options.clearance_keys", lambda _: client.check_service.signer._ring)
    yield client
    client.check_service.close()


@pytest.fixture
def run(service, tmp_path):
    def run(*arguments):
        options = ["--home", str(tmp_path / "home"), "--database", service.settings.database_url]
        return CliRunner().invoke(main, ["records", "erase", *arguments, *options])

    return run


@pytest.fixture
def upload(tmp_path):
    """Have a file of one account uploaded, and scored if ``scored``."""

    def upload(account, *, scored=True):
        jobs = Jobs(Settings(home=tmp_path / "home").records_home())
        job = jobs.add(io.BytesIO(b"{}\n"), "reports.jsonl", AGENT, at=NOW)
        if scored:
            (job.directory / "answers.jsonl").write_text(json.dumps(account) + "\n", encoding="utf-8")
            job.end("done", "", NOW)
        return job

    return upload


def test_without_yes_it_only_tells(service, run):
    check_id = asked(service)
    before = everything(service)
    result = run("--platform", "x", "--account-id", "9001", *WHO)
    assert result.exit_code == 0, result.output
    assert check_id in result.stdout
    assert "nothing was changed" in result.stdout
    assert "Quuxburger" not in result.stdout
    assert everything(service) == before


def test_with_yes_it_erases_records_and_uploads(service, run, upload):
    asked(service), asked(service)
    held = upload({"platform": "x", "account_id": "9001", "handle": "JaneR0e"})
    by_handle = upload({"platform": "x", "handle": "janer0e"})
    others = [
        upload({"platform": "mastodon", "account_id": "9001", "handle": "JaneR0e"}),
        upload({"platform": "x", "account_id": "77", "handle": "JaneROe"}),
    ]
    waiting = upload(ACCOUNT, scored=False)
    result = run("--platform", "x", "--handle", "JaneR0e", "--yes", *WHO)
    assert result.exit_code == 0, result.output
    assert "2 checks, 2 uploads with their answers erased" in result.stdout
    assert "1 uploads are not scored yet" in result.stdout
    assert "quuxburger" not in everything(service).casefold()
    assert [job.exists() for job in (held, by_handle, *others, waiting)] == [False, False, True, True, True]
    assert verified(service).decisions == 2


def test_an_upload_of_an_account_that_was_never_checked_is_removed_too(run, upload):
    held = upload({"platform": "x", "account_id": "9001", "handle": "JaneR0e"})
    result = run("--platform", "Twitter", "--account-id", "9001", "--yes", *WHO)
    assert "0 checks, 1 uploads" in result.stdout
    assert not held.exists()


def test_one_check_can_be_named(service, run):
    one, other = asked(service), asked(service)
    result = run("--check", one, "--yes", *WHO)
    assert (one in result.stdout, other in result.stdout) == (True, False)
    assert "erased by entry" in run("--check", one, *WHO).stdout


def test_identifiers_of_an_overturned_check_stay_and_nothing_else_is_done(service, run):
    asked(service)
    wronged = acted(service, account=ACCOUNT)
    assert appeal(service, wronged).status_code == 200
    before = everything(service)
    result = run("--platform", "x", "--account-id", "9001", "--identifiers", "--yes", *WHO)
    assert (result.exit_code, f"check {wronged} warns of its account" in result.stderr) == (1, True)
    assert everything(service) == before


@pytest.mark.parametrize(
    "arguments",
    [
        ("--platform", "x", *WHO),
        ("--handle", "a", *WHO),
        ("--check", "1", "--by", " ", "--because", "a"),
        ("--check", "1"),
    ],
)
def test_what_is_not_said_erases_nothing(run, arguments):
    assert run(*arguments, "--yes").exit_code != 0
