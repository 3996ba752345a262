"""The plugin for Osprey: it asks within a second or says None, and loses nothing that it was to send."""

import importlib
import json
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import httpx
import pytest
from doublecheck_client import Doublecheck

from service.errors import SettingsError
from service.gates.osprey_spool import Spool
from tests.service.client.wire import CLEARED, InProcess, answer, problem
from tests.service.gates.fakes.osprey import Osprey, Result, install

PROJECT = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text())
ENTRY_POINT = PROJECT["project"]["entry-points"]["osprey_plugin"]["doublecheck"]
REVIEW = CLEARED | {"verdict": "needs_review", "required_approvals": 2, "clearance": None}
ACCOUNT = {"platform": "mastodon", "handle": "jane_r0e@social.example", "account_id": "17"}


class Service:
    """Answers checks with the next of ``answers``, the last one for ever, and keeps what was asked."""

    def __init__(self, *answers):
        self.answers, self.keys, self.bodies = list(answers) or [answer(REVIEW)], [], []

    def __call__(self, request):
        self.keys.append(request.headers["idempotency-key"])
        self.bodies.append(json.loads(request.content))
        found = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(found, Exception):
            raise found
        return httpx.Response(found.status_code, headers=found.headers, content=found.content)

    def client(self, *given, **options):
        return Doublecheck(*given, **options, transport=httpx.MockTransport(self))


@pytest.fixture
def start(monkeypatch, tmp_path):
    """Return a starter of Osprey with the plugin, in front of a service that answers so."""
    install(monkeypatch)
    for name, value in (("URL", "https://doublecheck.example"), ("KEY", "dck_x"), ("GATE_STATE", tmp_path / "spool")):
        monkeypatch.setenv(f"DOUBLECHECK_{name}", str(value))
    running = []

    def started(service):
        plugin = importlib.import_module(ENTRY_POINT)
        monkeypatch.setattr(plugin, "Doublecheck", service.client)
        running.append(Osprey(ENTRY_POINT))
        return running[-1]

    yield started
    for osprey in running:
        osprey.stop()
    sys.modules.pop(ENTRY_POINT, None)


def eventually(done, seconds=20.0):
    ends = time.monotonic() + seconds
    while not done() and time.monotonic() < ends:
        time.sleep(0.02)
    return done()


def test_a_rule_is_given_the_verdict_and_no_person_acts(start):
    service = Service()
    osprey = start(service)
    assert osprey.rule("DoublecheckVerdict", **ACCOUNT, followers=12, report="Not her.") == "needs_review"
    [sent] = service.bodies
    assert (sent["triage"], "actor" in sent, sent["reports"]) == (True, False, ["Not her."])
    assert sent["account"] == ACCOUNT | {"followers": 12}


def test_the_same_account_is_the_same_question(start):
    service = Service()
    osprey = start(service)
    for handle in ("a", "a", "b"):
        osprey.rule("DoublecheckVerdict", **ACCOUNT | {"handle": handle})
    assert len(set(service.keys)) == 2


@pytest.mark.parametrize("failure", [httpx.ConnectError("x"), httpx.ReadTimeout("x"), problem(503, "overloaded"),
                                     problem(401, "unauthorized"), answer({"verdict": "cleared"}), ZeroDivisionError("x")])  # fmt: skip # noqa: E501
def test_none_where_doublecheck_cannot_be_asked(start, failure):
    osprey = start(Service(failure))
    assert osprey.rule("DoublecheckVerdict", **ACCOUNT) is None


def test_a_service_that_is_away_is_not_waited_for_again_at_once(start, monkeypatch):
    service = Service(httpx.ConnectError("x"), answer(REVIEW))
    osprey = start(service)
    now = [1_000.0]
    plugin = sys.modules[ENTRY_POINT]
    asking = plugin.Asking(service.client("https://doublecheck.example", "dck_x", retries=0), clock=lambda: now[0])
    assert [asking.verdict(ACCOUNT, None) for _ in range(3)] == [None] * 3
    assert len(service.keys) == 1
    now[0] += plugin.RESTS
    assert asking.verdict(ACCOUNT, None) == "needs_review"
    assert osprey


def test_what_a_rule_leaves_for_later_is_sent_under_the_actions_id(start):
    service = Service()
    osprey = start(service)
    later = osprey.rule("DoublecheckLater", **ACCOUNT, report="Not her.")
    osprey.push(4711, Suspicious=later, Other="text", Number=3)
    assert eventually(lambda: service.keys)
    assert service.keys == ["4711"]
    assert service.bodies[0]["account"] == ACCOUNT
    assert service.bodies[0]["external_ref"] == "osprey-4711"
    osprey.push(4711, Suspicious=later)
    osprey.push(4712, Nothing="text")
    time.sleep(0.3)
    assert service.keys == ["4711"]


def test_nothing_is_left_on_disk_of_an_account_that_was_sent(start, tmp_path):
    service = Service()
    osprey = start(service)
    osprey.push(1, Later=osprey.rule("DoublecheckLater", **ACCOUNT, report="Zanzibar-Quux"))
    assert eventually(lambda: osprey.sinks[0]._spool.book.counts() == {"stands": 1})
    osprey.stop()
    osprey.sinks = []
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"jane_r0e" not in kept
    assert b"Zanzibar-Quux" not in kept


def test_what_fails_is_kept_and_sent_again_and_no_error_leaves_the_sink(start, caplog):
    service = Service(httpx.ConnectError("x"), problem(503, "overloaded"), problem(429, "too_many"), answer(REVIEW))
    osprey = start(service)
    osprey.push(5, Later=osprey.rule("DoublecheckLater", **ACCOUNT))
    osprey.push(6, Later="doublecheck:1:{not json")
    assert eventually(lambda: osprey.sinks[0]._spool.book.counts() == {"stands": 1}, 60)
    assert set(service.keys) == {"5"}
    assert osprey.dropped == []
    assert "jane" not in caplog.text


def test_what_the_service_never_takes_is_closed_and_visible(start):
    osprey = start(Service(problem(422, "bad_input")))
    osprey.push(5, Later=osprey.rule("DoublecheckLater", **ACCOUNT))
    assert eventually(lambda: osprey.sinks[0]._spool.book.counts() == {"failed": 1})


def test_several_accounts_of_one_action_are_several_checks(start):
    service = Service()
    osprey = start(service)
    texts = [osprey.rule("DoublecheckLater", **ACCOUNT | {"handle": handle}) for handle in ("a", "b", "a")]
    osprey.push(9, One=texts[0], Two=texts[1], Three=texts[2])
    assert eventually(lambda: len(service.keys) == 2)
    assert sorted(service.keys) == ["9", "9-1"]


def test_a_process_takes_over_what_others_left(tmp_path):
    service = Service()
    first, second = (Spool(tmp_path, service.client("https://doublecheck.example", "dck_x")) for _ in range(2))
    assert (first.name, second.name) == ("osprey-0", "osprey-1")
    second.keep("7", {"account": ACCOUNT, "report": None})
    first.adopt()
    assert first.send() == 0
    second.stop()
    first.adopt()
    first.adopt()
    assert (first.send(), service.keys) == (1, ["7"])
    first.stop()


KILLED = """
import os, sys
from pathlib import Path
from service.gates.osprey_spool import Spool
spool = Spool(Path(sys.argv[1]), None)
spool.keep("7", {"account": {"platform": "x", "handle": "a"}, "report": None})
os.kill(os.getpid(), 9)
"""


@pytest.mark.process
def test_what_was_pushed_before_a_kill_is_sent_after_it(tmp_path):
    subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False, timeout=120)
    service = Service()
    spool = Spool(tmp_path, service.client("https://doublecheck.example", "dck_x"))
    assert (spool.send(), service.keys) == (1, ["7"])
    spool.stop()


def test_the_service_takes_what_a_rule_asks(start, make_client):
    service = make_client()
    key, transport = service.key("osprey", "agent"), InProcess(service.app)
    made = Service()
    made.client = lambda *_, **options: Doublecheck("http://localhost", key, transport=transport, **options)
    osprey = start(made)
    asked = ACCOUNT | {"followers": 12, "created_at": "2026-04-20T00:00:00Z", "verified": False, "bio": "Chair."}
    assert osprey.rule("DoublecheckVerdict", **asked, report="Not her.") == "needs_review"


def test_the_plugin_can_be_read_without_osprey_and_refuses_bad_settings(monkeypatch):
    sys.modules.pop(ENTRY_POINT, None)
    importlib.import_module(ENTRY_POINT)
    install(monkeypatch)
    plugin = importlib.import_module(ENTRY_POINT)
    monkeypatch.delenv("DOUBLECHECK_URL", raising=False)
    for hook in (plugin.register_udfs, lambda: plugin.register_output_sinks(config=None)):
        with pytest.raises(SettingsError, match="DOUBLECHECK_URL"):
            hook()
    sys.modules.pop(ENTRY_POINT, None)


def test_a_directory_that_cannot_be_used_stops_the_start(tmp_path):
    from service.gates.errors import GateError  # noqa: PLC0415

    (tmp_path / "file").write_text("")
    with pytest.raises(GateError):
        Spool(tmp_path / "file", None)


def test_will_do_work_is_quick_and_bears_anything():
    from service.gates.osprey import Sending  # noqa: PLC0415

    sending = Sending(None)
    assert not sending.will_do_work(Result(1, {"a": None, "b": 3, "c": ["doublecheck:1:"], "d": "text"}))
    assert sending.will_do_work(Result(1, {"a": "doublecheck:1:{}"}))
    sending.push(Result(1, {"a": "doublecheck:1:{}"}))
