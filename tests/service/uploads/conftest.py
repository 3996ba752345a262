"""A home of its own with the small model, people, and files of reported accounts."""

import io
import json
import shutil

import pytest

from classifier.accounts.account import as_reported, canonical
from classifier.simulation import simulate
from classifier.utils.keyring import KeyRing
from service.auth.api_keys import Caller
from service.records.database import open_database
from service.settings import Settings
from service.signing import Signer
from service.uploads.jobs import Jobs
from service.uploads.runner import Runner
from tests.service.conftest import NOW, Clock

AGENT = Caller("0123456789abcdef", "agent-17", frozenset({"agent"}))
COLLEAGUE = Caller("1123456789abcdef", "agent-18", frozenset({"agent", "reviewer"}))
AUDITOR = Caller("2123456789abcdef", "auditor-1", frozenset({"auditor"}))


@pytest.fixture
def own_home(tmp_path, small_home):
    """A home that a test may change."""
    return shutil.copytree(small_home, tmp_path / "own")


@pytest.fixture(scope="session")
def lines(president, registry):
    """Reported accounts as JSON lines: the president, and cases around some accounts."""
    known = [president, *registry.accounts[:3]]
    accounts = [as_reported(president), *(case.account for case in simulate(known, seed=6))]
    return [json.dumps(canonical(one), ensure_ascii=False) for one in accounts]


@pytest.fixture
def jobs(own_home):
    return Jobs(own_home)


@pytest.fixture
def add(jobs):
    """Upload lines, or bytes."""

    def upload(content, name="reports.jsonl", caller=AGENT, at=NOW, **options):
        data = content if isinstance(content, bytes) else ("\n".join(content) + "\n").encode()
        return jobs.add(io.BytesIO(data), name, caller, at=at, **options)

    return upload


@pytest.fixture
def make_runner(own_home):
    """Return a maker of runners: of services on the same home and database."""
    made, engines = [], []

    def make(**settings):
        given = Settings(home=own_home, **settings)
        engines.append(open_database(given.database()))
        made.append(Runner(given, engines[-1], Signer(KeyRing(own_home / "keys")), Clock()))
        return made[-1]

    yield make
    for runner in made:
        runner.stop()
    for engine in engines:
        engine.dispose()
