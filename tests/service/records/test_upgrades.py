"""Upgrades of databases with rows in them: nothing of the service's limits holds, and what was interrupted goes on."""

import json
from concurrent.futures import ThreadPoolExecutor, wait

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from service.errors import RecordsError
from service.records import engines, upgrades
from service.records.database import open_database, translated, writing
from service.records.engines import engine_of
from service.records.upgrades import State, newest_revision, state_of, upgrade
from tests.service.databases import new_database

_ENTRY = "INSERT INTO log (seq, at, kind, subject, data, previous, hash) VALUES (:seq, 't', 'k', 's', '{}', 'p', 'h')"
_DECISION = (
    "INSERT INTO decisions (seq, id, at, caller, key_id, actor, action, verdict, platform, account_id, handle, record)"
    " VALUES (:seq, :id, 't', 'Ana', 'k', 'Ana', 'suspend', 'cleared', 'x', '', 'h', :record)"
)
_COUNT = 2_500
_OF_INDEX = "indexrelid = 'ix_decisions_caller'::regclass"
_SPOIL = text(f"UPDATE pg_index SET indisvalid = false WHERE {_OF_INDEX}")  # noqa: S608 -- of these words
_IS_VALID = text(f"SELECT indisvalid FROM pg_index WHERE {_OF_INDEX}")  # noqa: S608


@pytest.fixture
def old(empty_url):
    """A database as it was at 0014, with decisions in it."""
    engine = engine_of(empty_url)
    upgrade(engine, to="0014")
    record = json.dumps({"target": {"handle": "@JaneRoe"}})
    rows = [{"seq": seq, "id": f"d{seq}", "record": record} for seq in range(1, _COUNT + 1)]
    with writing(engine).begin() as connection:
        connection.execute(text(_ENTRY), rows)
        connection.execute(text(_DECISION), rows)
    yield engine
    engine.dispose()


def targets(engine):
    with engine.connect() as connection:
        return connection.execute(text("SELECT count(*) FROM decision_targets")).scalar_one()


def test_each_migration_is_told_of_and_the_last_is_the_newest(old):
    begun = []
    upgrade(old, watch=begun.append)
    assert begun[0] == "0015"
    assert begun[-1] == newest_revision()
    assert state_of(old) == State(newest_revision(), ())
    assert targets(old) == _COUNT


@pytest.mark.parametrize("nth", [1, 3])
def test_a_migration_that_was_interrupted_is_resumed(old, monkeypatch, nth):
    """In the midst of noting targets: each a thousand is committed by itself on PostgreSQL, and none is noted twice."""
    from service.records.migrations import online  # noqa: PLC0415 -- as the migration finds it

    made, real = [], online.create_index

    def fails(name, *arguments, **options):
        made.append(name)
        if len(made) == nth:
            raise KeyboardInterrupt
        real(name, *arguments, **options)

    monkeypatch.setattr(online, "create_index", fails)
    with pytest.raises(KeyboardInterrupt):
        upgrade(old)
    assert state_of(old).revision == "0014"
    monkeypatch.undo()
    upgrade(old)
    assert targets(old) == _COUNT
    assert "ix_decisions_at" in {index["name"] for index in inspect(old).get_indexes("decisions")}


def test_no_time_limit_of_the_service_holds(postgresql, monkeypatch):
    """Else the making of an index of some million rows is cancelled, and nothing starts any more."""
    url = new_database(postgresql)
    monkeypatch.setattr(engines, "LOCK_SECONDS", 0.02)  # so statements may take 0.1 s
    engine = engine_of(url)
    with engine.connect() as connection, pytest.raises(DBAPIError):
        connection.execute(text("SELECT pg_sleep(1)"))
    real = upgrades._run

    def slow(connection, *given):
        connection.execute(text("SELECT pg_sleep(0.5)"))
        connection.rollback()
        real(connection, *given)

    monkeypatch.setattr(upgrades, "_run", slow)
    upgrade(engine, to="0001")
    with engine.connect() as connection, pytest.raises(DBAPIError):
        connection.execute(text("SELECT pg_sleep(1)"))  # what was set for the upgrade does not stay
    engine.dispose()


def test_an_index_is_made_while_others_write_and_an_invalid_one_anew(postgresql):
    engine = engine_of(new_database(postgresql))
    upgrade(engine, to="0013")
    with engine.begin() as connection:
        connection.execute(text("CREATE INDEX ix_decisions_caller ON decisions (caller)"))
        connection.execute(_SPOIL)
        connection.execute(text(_ENTRY), [{"seq": 1}, {"seq": 2}])
    writer = engine.connect()
    writer.execute(text(_DECISION), {"seq": 1, "id": "d1", "record": "{}"})
    with ThreadPoolExecutor(1) as pool:
        upgrading = pool.submit(upgrade, engine, to="0014")
        wait([upgrading], timeout=3)
        writer.execute(text(_DECISION), {"seq": 2, "id": "d2", "record": "{}"})  # while the upgrade waits for it
        writer.commit()
        writer.close()
        upgrading.result(timeout=60)
    with engine.connect() as connection:
        assert connection.execute(_IS_VALID).scalar_one()
    engine.dispose()


def test_a_newer_database_is_refused_and_left_as_it_is(database_url):
    engine = open_database(database_url)
    with writing(engine).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(RecordsError, match="a newer version of Doublecheck has upgraded the database"):
        open_database(database_url)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == "9999"
    engine.dispose()


def test_who_waits_too_long_for_another_upgrade_is_told_so(postgresql, monkeypatch):
    monkeypatch.setattr(upgrades, "OPENING_SECONDS", 0.2)
    engine = engine_of(new_database(postgresql))
    with engine.connect() as other:
        other.execute(text(f"SELECT pg_advisory_lock({upgrades.UPGRADE_LOCK})"))
        with pytest.raises(RecordsError, match="another process has been upgrading"), translated():
            upgrade(engine)
    engine.dispose()
