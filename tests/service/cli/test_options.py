"""On which database commands work, and what the demonstration's is refused for."""

import pytest
from click.testing import CliRunner

from service.auth.api_keys import create_key, list_keys
from service.cli import main
from service.cli.options import chosen, opened
from service.errors import SettingsError
from service.records.database import default_url, open_database
from service.records.purpose import claim
from service.settings import load_settings
from service.signing import Signer, clearance_keys
from service.utils.clock import utc_now


@pytest.fixture
def home(tmp_path):
    return tmp_path / "own"


def command(home, *arguments, **environment):
    return CliRunner().invoke(main, [*arguments, "--home", str(home)], env=environment)


def actors(url):
    engine = open_database(url)
    found = [row.key.actor for row in list_keys(engine)]
    engine.dispose()
    return found


def test_without_a_registry_it_is_the_demonstrations_and_that_is_said(home):
    made = command(home, "keys", "create", "--role", "agent", "--actor", "ada")
    assert made.exit_code == 0, made.output
    assert "demonstration" in made.stderr
    assert made.stdout.splitlines()[-1].startswith("dck_")
    assert actors(default_url(home / "demonstration")) == ["ada"]
    assert not (home / "doublecheck.db").exists()


def test_with_a_registry_it_is_the_real_one(home, tmp_path):
    registry = tmp_path / "registry.csv"
    registry.write_text("platform,handle\nx,JaneRoe\n")
    made = command(home, "keys", "create", "--role", "agent", "--actor", "ada", DOUBLECHECK_REGISTRY=str(registry))
    assert (made.exit_code, made.stderr) == (0, "")
    assert actors(default_url(home)) == ["ada"]


def test_a_home_that_served_a_registry_file_keeps_its_keys_there(home):
    open_database(default_url(home)).dispose()
    assert command(home, "keys", "create", "--role", "agent", "--actor", "ada").stderr == ""
    assert actors(default_url(home)) == ["ada"]
    assert not (home / "demonstration").exists()


def test_of_two_databases_nobody_guesses(home):
    for place in (home, home / "demonstration"):
        open_database(default_url(place)).dispose()
    with pytest.raises(SettingsError, match="DOUBLECHECK_DEMONSTRATION to true"):
        chosen(load_settings(home=home))
    for said, place in (("true", home / "demonstration"), ("false", home)):
        made = command(home, "keys", "create", "--role", "agent", "--actor", said, DOUBLECHECK_DEMONSTRATION=said)
        assert made.exit_code == 0, made.output
        assert actors(default_url(place)) == [said]


@pytest.fixture
def tried(home):
    """The demonstration's database, with the key of an admin."""
    with opened(home, None) as office:
        assert office.is_demonstration()
        return office.change(lambda transaction: create_key(transaction, "ada", ["admin"]))


@pytest.mark.parametrize(
    "arguments", [("audit", "labels", "-o", "cases.csv"), ("monitor",), ("models", "promote", "0" * 16, "--force")]
)
def test_nothing_of_the_demonstration_is_learnt_watched_or_forced(home, tried, arguments, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    refused = command(home, *arguments, DOUBLECHECK_KEY=tried)
    assert refused.exit_code == 1
    assert "this is the demonstration's database" in refused.stderr
    assert not (tmp_path / "cases.csv").exists()


def test_a_database_that_is_named_is_signed_by_the_keys_of_what_it_is_for(home, database_url):
    engine = open_database(database_url)
    claim(engine, Signer(clearance_keys(home / "demonstration")), "demonstration", now=utc_now)
    engine.dispose()
    with opened(home, database_url) as office:
        office.change(lambda transaction: create_key(transaction, "ada", ["agent"]))
    verified = command(home, "audit", "verify", "--database", database_url)
    assert verified.exit_code == 0, verified.output
    assert not (home / "keys" / "clearances").exists()


def test_a_real_database_that_is_named_is_signed_by_real_keys(home, database_url):
    with opened(home, database_url) as office:
        assert not office.is_demonstration()
        office.change(lambda transaction: create_key(transaction, "ada", ["agent"]))
    assert (home / "keys" / "clearances").exists()
    assert not (home / "demonstration").exists()
