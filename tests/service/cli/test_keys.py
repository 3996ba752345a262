"""``doublecheck keys`` on a database of its own."""

import re

import pytest
from click.testing import CliRunner

from service.auth.api_keys import add_key, draw_key
from service.cli import main
from service.cli.options import opened


@pytest.fixture
def run(tmp_path, database_url):
    def run(*arguments):
        return CliRunner().invoke(main, [*arguments, "--home", str(tmp_path / "home"), "--database", database_url])

    return run


def created(run, *options):
    result = run("keys", "create", *options)
    assert result.exit_code == 0, result.output
    return result.stdout.splitlines()[-1]


def test_the_key_is_the_last_line(run):
    key = created(run, "--role", "agent", "--actor", "agent-7")
    assert re.fullmatch(r"dck_[0-9a-f]{16}_[A-Za-z0-9_-]{43}", key)
    listed = run("keys", "list").stdout
    assert key.split("_")[1] in listed
    assert key.split("_", 2)[2] not in listed


def test_several_roles_and_an_end_of_access(run):
    created(run, "--role", "agent", "--role", "reviewer", "--actor", "one", "--access-ends-at", "2030-01-31T12:00:00Z")
    listed = run("keys", "list").stdout
    assert "agent,reviewer" in listed
    assert "access ends 2030-01-31T12:00:00" in listed
    assert run("keys", "end-access", "--actor", "one", "--at", "never").exit_code == 0
    assert "access ends" not in run("keys", "list").stdout


def test_an_id_ties_the_keys_of_a_person_together(run):
    created(run, "--role", "agent", "--actor", "zoe-day", "--person", "P-7")
    made = run("keys", "create", "--role", "reviewer", "--actor", "night-desk", "--person", "P-7")
    assert made.stdout.splitlines()[0] == "night-desk counts as the same person as zoe-day"
    assert run("keys", "end-access", "--actor", "ZOE-DAY", "--at", "2030-01-31T12:00:00Z").exit_code == 0
    listed = run("keys", "list").stdout.splitlines()
    assert len(listed) == 2
    assert all("person P-7" in line and "access ends 2030-01-31T12:00:00" in line for line in listed)


def test_another_spelling_of_a_name_is_said_to_be_the_same_person(run):
    created(run, "--role", "agent", "--actor", "agent-1")
    made = run("keys", "create", "--role", "agent", "--actor", "agent-l").stdout.splitlines()
    assert made[0] == "agent-l counts as the same person as agent-1"
    assert "counts as" not in run("keys", "create", "--role", "agent", "--actor", "agent-2").stdout


def test_an_end_of_access_of_nobody_is_an_error_with_its_remedy(run):
    created(run, "--role", "agent", "--actor", "Zoe Marlow")
    at = ("--at", "2030-01-31T12:00:00Z")
    refused = run("keys", "end-access", "--actor", "Zoe Marlowe", *at)
    assert refused.exit_code == 1
    assert "field 'actor': 'Zoe Marlowe' has no key" in refused.stderr
    assert "keys list" in refused.stderr
    assert "--new" in refused.stderr
    assert run("keys", "end-access", "--actor", "ZOE MARLOW", *at).exit_code == 0, "another spelling is known"
    assert run("keys", "end-access", "--actor", "Zoe Marlowe", *at, "--new").exit_code == 0
    assert run("keys", "end-access", "--actor", "Zoe Marlowe", "--at", "never").exit_code == 0, "known from now on"


def test_a_key_is_revoked_once(run):
    key_id = created(run, "--role", "agent", "--actor", "one").split("_")[1]
    assert run("keys", "revoke", key_id).exit_code == 0
    assert "revoked" in run("keys", "list").stdout
    again = run("keys", "revoke", key_id)
    assert (again.exit_code, "no key in force" in again.stderr) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["create", "--role", "king", "--actor", "one"], "king"),
        (["create", "--role", "agent"], "--actor"),
        (["create", "--role", "agent", "--actor", "*"], "actor"),
        (["create", "--role", "agent", "--actor", "J\u0430ne"], "write each word in one alphabet"),
        (["create", "--role", "agent", "--actor", "Ja\u200bne"], "invisible characters"),
        (["create", "--role", "agent", "--actor", "Jane", "--person", "P\u200b7"], "field 'person'"),
        (["create", "--role", "agent", "--actor", "one", "--access-ends-at", "tomorrow"], "RFC 3339"),
        (["create", "--role", "agent", "--actor", "one", "--access-ends-at", "2030-01-31T12:00:00"], "RFC 3339"),
        (["end-access", "--actor", "one", "--at", "soon"], "RFC 3339"),
    ],
)
def test_what_cannot_be_read_is_said_and_nothing_is_made(run, arguments, message):
    result = run("keys", *arguments)
    assert result.exit_code != 0
    assert message in result.stderr
    assert "no keys yet" in run("keys", "list").stdout


def signing(run):
    """Return the state of each signing key, by its id."""
    return dict(line.split("  ", 1) for line in run("keys", "signing").stdout.splitlines())


def test_the_signing_key_is_rotated(run):
    created(run, "--role", "agent", "--actor", "one")
    [before] = signing(run)
    said = run("keys", "rotate").stdout
    assert signing(run)[before] == "accepted"
    [after] = [key for key, state in signing(run).items() if state == "signs here"]
    assert after in said


def test_a_signing_key_is_retired(run):
    created(run, "--role", "agent", "--actor", "one")
    [before] = signing(run)
    retired = run("keys", "retire", before, "--because", "leaked")
    assert (retired.exit_code, "retired by entry 3" in retired.stdout) == (0, True)
    assert signing(run)[before] == "not accepted, retired by entry 3"
    assert run("audit", "verify").exit_code == 0


def test_a_signing_key_that_is_not_trusted_is_not_retired(run):
    refused = run("keys", "retire", "nobody", "--because", "leaked")
    assert (refused.exit_code, "keys signing" in refused.stderr) == (1, True)


def test_a_database_that_cannot_be_used_is_one_line(tmp_path):
    options = ["--home", str(tmp_path), "--database", "postgresql://127.0.0.1:1/none"]
    result = CliRunner().invoke(main, ["keys", "list", *options])
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: the database cannot be used now")


def test_who_signs_in_by_a_provider_is_listed_as_such(run, tmp_path, database_url):
    created(run, "--role", "agent", "--actor", "tool")
    with opened(tmp_path / "home", database_url) as office:
        office.change(lambda transaction: add_key(transaction, draw_key(), "jane", ["reviewer"], subject="a" * 64))
    lines = {line.split()[2]: line for line in run("keys", "list").stdout.splitlines()}
    assert lines["jane"].endswith("by provider")
    assert "provider" not in lines["tool"]
