"""Both kinds of database come up with the same tables, and say clearly what is wrong with them."""

import re
import sqlite3
import stat
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, make_url, select, text

from service.errors import RecordsError, SettingsError
from service.records import upgrades
from service.records.database import default_url, open_database, translated, writing
from service.records.engines import engine_of
from service.records.log_chain import row_digest
from service.records.people import people_by
from service.records.tables import actor_names, answers, decision_targets, keys, metadata, usage
from service.records.upgrades import UPGRADE_LOCK, newest_revision, upgrade
from service.utils.person_key import person_key
from tests.service.conftest import NOW
from tests.service.databases import new_database


def test_the_migrations_make_the_tables_that_the_code_names(books):
    with books.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_the_newest_revision_is_the_one_that_alembic_ends_at(books):
    config = Config()
    config.set_main_option("script_location", str(upgrades.MIGRATIONS))
    assert newest_revision() == ScriptDirectory.from_config(config).get_current_head()
    with books.engine.connect() as connection:
        assert MigrationContext.configure(connection).get_current_revision() == newest_revision()


def test_opening_again_changes_nothing(books):
    upgrade(books.engine)
    assert "decisions" in inspect(books.engine).get_table_names()


def test_several_processes_may_open_a_new_database_at_once(empty_url):
    with ThreadPoolExecutor(4) as pool:
        for engine in pool.map(open_database, [empty_url] * 4):
            engine.dispose()


def test_people_and_targets_from_before_are_found_and_their_rows_stay_as_they_were(empty_url):
    engine = engine_of(empty_url)
    upgrade(engine, to="0003")
    with writing(engine).begin() as connection:
        for statement in BEFORE:
            connection.execute(text(statement))
        [key] = connection.execute(text("SELECT * FROM keys")).all()
        digest = row_digest(key._asdict())
    engine.dispose()
    with open_database(empty_url).connect() as connection:
        [row] = connection.execute(select(keys)).all()
        assert (row_digest(row._asdict()), row.person) == (digest, None)
        assert people_by(connection).same("ANA", row.actor)
        assert people_by(connection).access_end("ana") == NOW
        assert connection.execute(select(actor_names)).all() == [("Ana Ruiz", person_key("ana ruiz"))]
        assert connection.execute(select(decision_targets)).all() == [(3, "janeroe")]
        assert set(connection.execute(select(usage)).all()) == {("ana", 5, 3), ("ana", 6, 4), ("*", 5, 9)}
        assert set(connection.execute(select(answers.c.caller, answers.c.key, answers.c.body)).all()) == {
            ("ana", "one", "first"),
            ("ana", "two", "second"),
        }
    connection.engine.dispose()


_ENTRY = "INSERT INTO log (seq, at, kind, subject, data, previous, hash) VALUES"
BEFORE = [
    *(f"{_ENTRY} ({seq}, 't', 'k', 's', '{{}}', 'p', 'h{seq}')" for seq in (1, 2, 3)),
    "INSERT INTO keys (seq, id, digest, actor, roles, created_at) VALUES (1, 'k', 'd', 'Ana', 'agent', 't')",
    "INSERT INTO access_ends (seq, actor, access_ends_at) VALUES (2, 'ANA', '2026-05-01T12:00:00.000000Z')",
    "INSERT INTO decisions (seq, id, at, caller, key_id, actor, action, verdict, platform, account_id, handle, record)"
    " VALUES (3, 'd', 't', 'Ana', 'k', 'Ana Ruiz', 'suspend', 'cleared', '', '', '',"
    ' \'{"target": {"handle": "@JaneRoe"}}\')',
    "INSERT INTO usage (actor, minute, cleared) VALUES ('Ana', 5, 1), ('ANA', 5, 2), ('ana', 6, 4), ('*', 5, 9)",
    "INSERT INTO answers (caller, key, request, status, body, at) VALUES"
    " ('ana', 'one', 'r', 200, 'first', 't'), ('ANA', 'one', 'r', 200, 'later', 't'),"
    " ('ANA', 'two', 'r', 200, 'second', 't')",
]


def test_who_opens_a_database_waits_for_the_one_that_makes_its_tables(empty_url):
    """A process that starts beside others must not fail because a disk is slow."""
    first = engine_of(empty_url)
    with ThreadPoolExecutor(1) as pool:
        with writing(first).begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text(f"SELECT pg_advisory_xact_lock({UPGRADE_LOCK})"))
            second = pool.submit(open_database, empty_url)
            time.sleep(3)  # longer than an ordinary write waits
            assert not second.done()
        second.result(timeout=60).dispose()
    first.dispose()


def test_sqlite_is_durable_and_private(tmp_path):
    engine = open_database(default_url(tmp_path / "home"))
    path = tmp_path / "home" / "doublecheck.db"
    with engine.connect() as connection:
        pragmas = {name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in PRAGMAS}
    engine.dispose()
    assert pragmas == PRAGMAS
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_database_that_others_could_read_is_taken_from_them_with_its_log(tmp_path):
    url, path = default_url(tmp_path), tmp_path / "doublecheck.db"
    engine = open_database(url)
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
        files = [path, *(path.with_name(f"{path.name}{ending}") for ending in ("-wal", "-shm"))]
        assert [stat.S_IMODE(one.stat().st_mode) for one in files] == [0o600] * 3
        for one in files:
            one.chmod(0o644)
        open_database(url).dispose()
        assert [stat.S_IMODE(one.stat().st_mode) for one in files if one.exists()] == [0o600] * 3
    engine.dispose()


PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}  # 2 is FULL


def test_postgresql_is_durable_whatever_its_own_default_is(postgresql):
    """A database or a role may answer commits before they are on the disk, or show a transaction old rows."""
    url = new_database(postgresql)
    engine = open_database(url)
    lax = {"synchronous_commit": "off", "default_transaction_isolation": "'repeatable read'"}
    with engine.begin() as connection:
        for name, value in lax.items():
            connection.execute(text(f"ALTER DATABASE {make_url(url).database} SET {name} = {value}"))
    engine.dispose()
    with open_database(url).connect() as connection:
        assert connection.execute(text("SHOW synchronous_commit")).scalar() == "on"
        assert connection.execute(text("SHOW transaction_isolation")).scalar() == "read committed"
    connection.engine.dispose()


def test_a_file_that_was_deleted_is_not_written_to(tmp_path):
    engine = open_database(default_url(tmp_path))
    path = tmp_path / "doublecheck.db"
    path.unlink()
    for _ in range(2):
        with pytest.raises(RecordsError), translated(), engine.connect():
            pass
    assert not path.exists()
    engine.dispose()


def test_a_file_that_was_put_in_the_place_of_another_is_the_database_from_then_on(tmp_path):
    """As when a backup is restored: nobody has to restart the service, and nothing is written to the old file."""
    paths = [tmp_path / name / "doublecheck.db" for name in ("one", "other")]
    engine, other = (open_database(default_url(path.parent)) for path in paths)
    with writing(other).begin() as connection:
        connection.execute(text("UPDATE log_head SET seq = 7"))
    for one in (engine, other):
        one.dispose()
    with engine.connect() as connection:
        assert connection.execute(text("SELECT seq FROM log_head")).scalar() == 0
    paths[1].replace(paths[0])
    with engine.connect() as connection:
        assert connection.execute(text("SELECT seq FROM log_head")).scalar() == 7
    engine.dispose()


def test_writers_of_sqlite_take_the_lock_when_they_begin(tmp_path):
    engine = open_database(default_url(tmp_path))
    with writing(engine).begin(), pytest.raises(RecordsError, match="OperationalError"), translated():
        writing(engine).connect().begin()
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))  # readers wait for nobody
    engine.dispose()


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("nonsense", "no database's address"),
        ("oracle://a/b", "must begin with sqlite"),
        ("sqlite://", "must name a file"),
        ("sqlite:///:memory:", "must name a file"),
        ("unknown+thing://a", "no database's address|must begin with"),
    ],
)
def test_an_address_that_cannot_be_used_is_a_bad_setting(url, message):
    with pytest.raises(SettingsError, match=message):
        open_database(url)


def test_a_database_that_is_not_there_is_said_without_its_password():
    with pytest.raises(RecordsError) as caught:
        open_database("postgresql://user:hunter2@127.0.0.1:1/none")
    assert "hunter2" not in str(caught.value)


def test_a_file_that_is_no_database_is_left_alone(tmp_path):
    path = Path(tmp_path) / "notes.txt"
    path.write_text("not a database " * 100)
    with pytest.raises(RecordsError, match="DatabaseError"):
        open_database(f"sqlite:///{path}")
    assert path.read_text().startswith("not a database")
    assert make_url(default_url(tmp_path)).database == str(tmp_path / "doublecheck.db")


def test_the_password_of_postgresql_may_stand_in_a_file(postgresql, tmp_path):
    """The driver reads it, as every client of PostgreSQL does: here it is only told which file."""
    passwords = tmp_path / "pgpass"
    engine = open_database(f"{new_database(postgresql)}&passfile={passwords}")
    with engine.connect() as connection:
        assert connection.connection.driver_connection.info.get_parameters()["passfile"] == str(passwords)
    engine.dispose()


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("SELECT * FROM nobody", ["nobody"]),
        ("INSERT INTO log_head (id, seq, hash) VALUES (1, 0, 'Jane')", []),
    ],
)
def test_the_operator_reads_what_the_driver_said_and_no_value(database_url, caplog, statement, said):
    engine = open_database(database_url)
    with pytest.raises(RecordsError), translated(), engine.begin() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()
    [record] = [record for record in caplog.records if "the database failed" in record.message]
    expected = r"SQLITE_\w+" if database_url.startswith("sqlite") else r"[0-9A-Z]{5}"
    assert re.fullmatch(expected, record.sqlstate)
    assert record.sqlstate in record.message
    for word in said:
        assert word in record.message
    assert "Jane" not in record.message
    assert "\n" not in record.message


@pytest.mark.parametrize(
    ("message", "state", "told"),
    [
        ("duplicate key\nDETAIL:  Key (handle)=(jane) already exists.", "23505", "duplicate key"),
        ('invalid input syntax for type integer: "jane"', "22P02", "-"),
    ],
)
def test_values_that_a_driver_quotes_are_left_out(caplog, message, state, told):
    error = sqlite3.DatabaseError(message)
    error.sqlstate = state
    with pytest.raises(RecordsError), translated():
        raise error
    assert caplog.messages == [f"the database failed: DatabaseError {state}: {told}"]
