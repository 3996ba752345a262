"""``doublecheck db`` on databases of all ages."""

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from service.cli import main
from service.records.database import open_database, writing
from service.records.engines import engine_of
from service.records.upgrades import newest_revision, revisions, upgrade


@pytest.fixture
def old_url(empty_url):
    """The address of a database as it was at 0016."""
    engine = engine_of(empty_url)
    upgrade(engine, to="0016")
    engine.dispose()
    return empty_url


def run(url, home, *arguments, status=0):
    result = CliRunner().invoke(main, [*arguments, "--database", url, "--home", str(home)])
    assert result.exit_code == status, result.output
    return result.output


def test_an_old_database_is_described_and_upgraded_one_migration_after_the_other(old_url, tmp_path):
    left = revisions()[revisions().index("0016") + 1 :]
    assert run(old_url, tmp_path, "db", "current") == f"0016  ({len(left)} to go until {left[-1]})\n"
    listed = run(old_url, tmp_path, "db", "check", status=1).splitlines()
    assert [line[:4] for line in listed[:-1]] == left
    assert "the old version may serve meanwhile" in listed[0]
    done = run(old_url, tmp_path, "db", "upgrade")
    assert [line[10:14] for line in done.splitlines() if line.startswith("migration")] == left
    assert run(old_url, tmp_path, "db", "current") == f"{newest_revision()}  (the newest)\n"
    assert run(old_url, tmp_path, "db", "check") == f"the database is up to date, at {newest_revision()}\n"
    assert run(old_url, tmp_path, "db", "upgrade") == f"the database is up to date, at {newest_revision()}\n"


def test_a_new_database_is_made_in_one_go(empty_url, tmp_path):
    assert f"migration head: all {len(revisions())}" in run(empty_url, tmp_path, "db", "upgrade")


def test_looking_makes_no_file(tmp_path):
    for command in ("current", "check"):
        said = run(f"sqlite:///{tmp_path}/none.db", tmp_path, "db", command, status=1)
        assert "there is no database" in said
        assert "'doublecheck db upgrade' makes one" in said
    assert not (tmp_path / "none.db").exists()


@pytest.mark.parametrize("command", [("db", "current"), ("db", "check"), ("db", "upgrade"), ("audit", "verify")])
def test_a_database_of_a_newer_version_is_refused_in_one_sentence(database_url, tmp_path, command):
    engine = open_database(database_url)
    with writing(engine).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    said = run(database_url, tmp_path, *command, status=1).strip().splitlines()[-1]
    assert "a newer version of Doublecheck has upgraded the database (to 9999" in said
    assert "install that version, or restore the backup" in said


def test_who_restored_a_database_names_the_keys_to_keep(database_url, tmp_path):
    names = ["one", "two"]
    made = [run(database_url, tmp_path, "keys", "create", "--role", "agent", "--actor", name) for name in names]
    kept = made[0].split("_")[1]
    said = run(database_url, tmp_path, "db", "restored", "--because", "disk", "--keep", kept)
    assert "1 API keys were revoked" in said
    listed = run(database_url, tmp_path, "keys", "list").splitlines()
    assert ["in force" in line for line in listed] == [True, False]
    assert "0 API keys" in run(database_url, tmp_path, "db", "restored", "--because", "disk", "--keep-all")


def test_a_key_to_keep_that_is_not_in_force_is_an_error_and_nothing_is_revoked(database_url, tmp_path):
    run(database_url, tmp_path, "keys", "create", "--role", "agent", "--actor", "one")
    assert "no key in force" in run(
        database_url, tmp_path, "db", "restored", "--because", "disk", "--keep", "nobody", status=1
    )
    assert "in force" in run(database_url, tmp_path, "keys", "list")
