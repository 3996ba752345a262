"""Who changed the registry on the machine is in the log, where there is one."""

import json

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from classifier.accounts.account import ProtectedAccount
from classifier.registry.registry import Registry
from classifier.storage.home import registry_store
from service.cli import main
from service.cli.options import opened
from service.records.tables import log
from service.records.verification import verify

ADA = ProtectedAccount(platform="x", handle="AdaBrask", account_id="200200")
BO = ProtectedAccount(platform="x", handle="QuimbyTerrane", account_id="200201")


@pytest.fixture
def run(tmp_path):
    def running(*arguments):
        Registry([ADA, BO]).save(tmp_path / "r.jsonl")
        Registry([BO]).save(tmp_path / "bo.jsonl")
        done = CliRunner().invoke(main, ["registry", *map(str, arguments), "--home", str(tmp_path / "home")])
        assert done.exit_code == 0, done.output
        return done

    return running


def test_an_import_makes_no_database(run, tmp_path):
    run("import", tmp_path / "r.jsonl")
    assert not (tmp_path / "home" / "doublecheck.db").exists()


def test_what_was_done_on_the_machine_is_in_the_log(run, tmp_path, database_url, monkeypatch):
    monkeypatch.setenv("DOUBLECHECK_DATABASE_URL", database_url)
    with opened(tmp_path / "home", database_url):
        pass
    run("import", tmp_path / "r.jsonl")
    run("import", tmp_path / "r.jsonl")  # the same once more is no change
    run("withdraw", "AdaBrask", "--platform", "x")
    run("put", tmp_path / "r.jsonl")
    with opened(tmp_path / "home", database_url) as office, office.reading() as connection:
        verify(connection, office.signer.public())
        rows = connection.execute(select(log).order_by(log.c.seq)).all()
    assert [json.loads(row.data)["command"] for row in rows] == ["registry import", "registry withdraw", "registry put"]
    last = json.loads(rows[-1].data)
    assert last["registry"] == registry_store(tmp_path / "home").open().index.registry.version
    assert last["before"] == json.loads(rows[-2].data)["registry"]
    assert last["actor"]


def test_a_registry_is_changed_although_the_database_cannot_be_used(run, tmp_path):
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "doublecheck.db").write_text("no database " * 100)
    done = run("import", tmp_path / "r.jsonl")
    assert "the log does not name who did it" in done.stderr
    assert len(registry_store(tmp_path / "home").open().index.registry) == 2
