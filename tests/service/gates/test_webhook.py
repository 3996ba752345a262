"""The gate for any platform, over the wire, in front of a service in this process."""

import asyncio
import json
import logging
import re
import threading
import time
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from service.errors import SettingsError
from service.gates import calls
from service.gates import webhook as module
from service.gates.listener import Listener
from service.gates.settings import load
from service.gates.standard_webhooks import is_genuine, read_secret
from tests.service.conftest import body
from tests.service.gates.fakes.loopback import SILENCE, Answer
from tests.service.gates.fakes.webhook import KEY, SECRET, TOKEN, FakePlatform, sign
from tests.service.gates.test_worker import LARGE


@pytest.fixture
def platform(monkeypatch):
    monkeypatch.setattr(calls, "TIMEOUT", SILENCE * 0.4)
    with FakePlatform() as fake:
        fake.accounts["9001"] = dict(body()["account"])
        yield fake


@pytest.fixture
def environment(monkeypatch, tmp_path, platform):
    values = {
        "URL": "http://localhost:8000", "KEY": "dck_key", "GATE_STATE": str(tmp_path / "gate"),
        "GATE_ACTS": "cleared", "GATE_WEBHOOK_SECRET": SECRET, "GATE_WEBHOOK_URL": f"{platform.url}/hook",
        "GATE_WEBHOOK_PROFILE_URL": f"{platform.url}/profiles/{{id}}", "GATE_WEBHOOK_TOKEN": TOKEN,
    }  # fmt: skip
    for name, value in values.items():
        monkeypatch.setenv(f"DOUBLECHECK_{name}", value)
    return monkeypatch


@pytest.fixture
def gate(environment, rig):
    def make(answer="impersonation", **options):
        one = rig(module.platform(load(module.Settings)), answer, **options)
        one.listener = Listener(one.platform, one.book)
        return one

    return make


def post(gate, content, headers=None, path="/webhook", **signing):
    async def ask():
        transport = httpx.ASGITransport(app=gate.listener)
        async with httpx.AsyncClient(transport=transport, base_url="http://gate") as client:
            given = sign(content, **signing) if headers is None else headers
            return await client.post(path, content=content, headers=given)

    return asyncio.run(ask())


def settle(gate):
    for _ in range(4):
        gate.work()


def test_what_two_reviewers_approve_is_allowed_once(gate, platform):
    platform.accounts["9001"] |= LARGE
    one = gate(acts="approved")
    assert post(one, platform.request(reports=["The same picture."])).status_code == 202
    settle(one)
    assert platform.told() == ["check.answered"]
    [told] = platform.taken.values()
    assert told["data"]["verdict"] == "needs_review"
    assert told["data"]["required_approvals"] == 2
    assert (told["data"]["ref"], told["data"]["account_id"]) == ("case-1", "9001")
    one.review("case-1")
    settle(one)
    case = one.case("case-1")
    assert (case.state, case.reports) == ("done", ["The same picture."])
    assert platform.told() == ["check.answered", "review.approved", "action.allowed"]
    assert platform.done == {
        case.clearance_id: {
            "ref": "case-1", "account_id": "9001", "action": "suspend", "check_id": case.check_id,
            "clearance_id": case.clearance_id, "actor": "agent-17",
        }
    }  # fmt: skip
    assert set(platform.done) == one.spent()


@pytest.mark.parametrize(("answer", "acts", "types"), [
    ("is_protected", "cleared", ["check.answered", "action.refused"]),
    ("impersonation", "off", ["check.answered", "action.none"]),
    ("impersonation", "cleared", ["check.answered", "action.allowed"]),
])  # fmt: skip
def test_what_is_told(gate, platform, answer, acts, types):
    one = gate(answer, acts=acts)
    post(one, platform.request())
    settle(one)
    assert platform.told() == types


def test_what_is_declined_is_told(gate, platform):
    platform.accounts["9001"] |= LARGE
    one = gate(acts="approved")
    post(one, platform.request())
    settle(one)
    one.review("case-1", "decline")
    settle(one)
    assert platform.told() == ["check.answered", "review.declined"]


REQUEST = FakePlatform.request()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        sign(REQUEST) | {"webhook-signature": ""},
        sign(REQUEST) | {"webhook-signature": "v1,!!"},
        sign(REQUEST) | {"webhook-signature": sign(REQUEST)["webhook-signature"].replace("v1,", "v1a,")},
        sign(REQUEST) | {"webhook-id": "msg-2"},
        sign(REQUEST) | {"webhook-timestamp": str(int(time.time()) + 1)},
        sign(REQUEST) | {"webhook-timestamp": "now"},
        sign(REQUEST) | {"webhook-timestamp": "9" * 500},
        sign(REQUEST, key=b"another secret of thirty-two bytes"),
        sign(REQUEST, at=time.time() - 3600),
        sign(REQUEST, at=time.time() + 3600),
        sign(REQUEST + b" "),
    ],
)
def test_what_is_not_signed_now_is_refused_and_leaves_no_trace(gate, platform, headers):
    one = gate()
    assert post(one, REQUEST, headers).status_code == 401
    assert one.book.counts() == {}
    assert one.book._db.execute("SELECT count(*) FROM seen").fetchone() == (0,)


def test_one_of_several_signatures_suffices():
    given = sign(b"{}", key=b"another") | {"webhook-id": "msg-1"}
    both = given["webhook-signature"] + " v1a,else " + sign(b"{}")["webhook-signature"]
    assert is_genuine(KEY, sign(b"{}") | {"webhook-signature": both}, b"{}", time.time())
    assert not is_genuine(KEY, given, b"{}", time.time())


@pytest.mark.parametrize(
    "content",
    [
        b"[]",
        b"{",
        b'{"type": "action.requested"}',
        b'{"type": "other", "data": {}}',
        FakePlatform.request(action="ban"),
        FakePlatform.request(account_id=".."),
        FakePlatform.request(account_id=7),
        FakePlatform.request(ref=""),
        FakePlatform.request(ref="x" * 301),
        FakePlatform.request(actor="*"),
        FakePlatform.request(actor=" "),
        FakePlatform.request(format="unknown"),
        FakePlatform.request(reports=["x"] * 51),
        FakePlatform.request(reports=[""]),
        FakePlatform.request(quux=1),
        FakePlatform.request(profile_url="https://elsewhere.example/9001"),
        FakePlatform.request(profile_url="http://[broken"),
        FakePlatform.appeal("lost"),
        FakePlatform.appeal(note=" "),
    ],
)
def test_what_cannot_be_read_is_refused_and_not_kept(gate, platform, content):
    one = gate()
    answered = post(one, content)
    assert answered.status_code == 422
    assert "quux" not in answered.text
    assert one.book.counts() == {}


def test_a_message_that_comes_again_is_answered_as_before(gate, platform):
    one = gate()
    for at in (time.time() - 60, time.time()):
        assert post(one, REQUEST, at=at).status_code == 202
    assert post(one, REQUEST, message_id="msg-2").status_code == 202
    settle(one)
    one.service.clock.at += timedelta(days=3)
    assert post(one, REQUEST).status_code == 202
    settle(one)
    assert (sum(one.book.counts().values()), len(platform.done)) == (1, 1)


def test_a_ref_names_one_case(gate, platform):
    one = gate()
    post(one, REQUEST)
    assert post(one, platform.request(account_id="9002"), message_id="msg-2").status_code == 409
    assert post(one, platform.request(action="delete"), message_id="msg-3").status_code == 409
    assert one.case("case-1").action == "suspend"


def test_a_request_of_nobody_is_a_triage(gate, platform):
    one = gate()
    post(one, platform.request(actor=None))
    assert one.case("case-1").actor is None


def test_a_profile_may_be_read_from_another_path_of_the_same_host(gate, platform):
    platform.accounts["other"] = platform.accounts.pop("9001")
    one = gate()
    post(one, platform.request(profile_url=f"{platform.url}/profiles/other", format="doublecheck"))
    settle(one)
    assert len(platform.done) == 1


def test_without_an_address_of_profiles_it_checks_and_never_acts(gate, platform, environment):
    environment.delenv("DOUBLECHECK_GATE_WEBHOOK_PROFILE_URL")
    with pytest.raises(SettingsError, match="DOUBLECHECK_GATE_WEBHOOK_PROFILE_URL: is required"):
        load(module.Settings)
    environment.setenv("DOUBLECHECK_GATE_ACTS", "off")
    one = gate(acts="off")
    assert post(one, REQUEST).status_code == 422
    assert post(one, platform.request(account=body()["account"])).status_code == 202
    settle(one)
    assert platform.told() == ["check.answered", "action.none"]
    assert one.spent() == set()


@pytest.mark.parametrize("fault", ["silence", "half", "after", "late", 500, 429, 404, 302])
def test_a_permission_is_sent_under_one_id_until_it_is_answered(gate, platform, fault):
    one = gate()
    post(one, REQUEST)
    platform.faults["POST /hook"] = [200, fault, fault]
    for _ in range(3):
        settle(one)
    one.restart()
    settle(one)
    assert one.case("case-1").state == "done"
    assert set(platform.done) == one.spent()
    allowed = [asked for asked in platform.asked if b"action.allowed" in asked.body]
    assert len({(asked.headers["webhook-id"], asked.body) for asked in allowed}) == 1


def test_what_the_platform_refuses_is_closed_and_visible(gate, platform):
    one = gate()
    post(one, REQUEST)
    platform.faults["POST /hook"] = [200, 422]
    settle(one)
    assert (one.case("case-1").state, platform.done) == ("failed", {})
    assert platform.told()[-1] == "action.failed"


def test_a_message_that_the_platform_does_not_want_is_in_nobodys_way(gate, platform):
    one = gate()
    post(one, REQUEST)
    platform.faults["POST /hook"] = [422]
    settle(one)
    assert platform.told() == ["action.allowed"]


@pytest.mark.parametrize("change", [{"verified": True}, {"handle": "JaneR0e_2"}])
def test_an_account_that_changed_is_checked_anew(gate, platform, change):
    platform.accounts["9001"] |= LARGE
    one = gate(acts="approved")
    post(one, REQUEST)
    settle(one)
    one.review("case-1")
    platform.accounts["9001"] |= change
    settle(one)
    assert platform.done == {}
    assert platform.told()[:3] == ["check.answered", "review.approved", "check.answered"]


def test_an_appeal_is_noted(gate, platform):
    one = gate()
    assert post(one, platform.appeal(), message_id="m").json() == {"state": "not acted on by this gate"}
    post(one, REQUEST)
    settle(one)
    for number in range(2):
        assert post(one, platform.appeal(actor="judge"), message_id=f"m{number}").status_code == 202
    [waiting] = one.book.outcomes.waiting()
    assert (waiting.outcome, waiting.actor) == ("overturned", "judge")


def test_logs_say_nothing_of_people(gate, platform, caplog):
    caplog.set_level(logging.INFO, "service")
    one = gate()
    platform.faults["POST /hook"] = [500, 422, 500, 422]
    post(one, REQUEST)
    post(one, REQUEST, {})
    for _ in range(2):
        settle(one)
    assert caplog.text
    for word in ("9001", "JaneR0e", "agent-17", SECRET, TOKEN):
        assert word not in caplog.text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET", "hunter2"),
        ("SECRET", "whsec_c2hvcnQ="),
        ("SECRET", "whsec_!!"),
        ("URL", "http://social.example/hook"),
        ("PROFILE_URL", "https://social.example/profiles"),
        ("TOKEN", "two words"),
    ],
)
def test_a_bad_setting_stops_the_start(environment, name, value):
    environment.setenv(f"DOUBLECHECK_GATE_WEBHOOK_{name}", value)
    with pytest.raises(SettingsError, match=f"DOUBLECHECK_GATE_WEBHOOK_{name}: ") as caught:
        load(module.Settings)
    assert value not in str(caught.value)


def test_what_is_missing_is_said(environment, platform):
    environment.setenv("DOUBLECHECK_GATE_WEBHOOK_SECRET", SECRET[:-8] + "AAAAAAA=")
    environment.setenv("DOUBLECHECK_GATE_WEBHOOK_TOKEN", "other")
    environment.setenv("DOUBLECHECK_URL", "http://127.0.0.1:9")
    said = list(module.platform(load(module.Settings)).missing())
    for part in ("secret", "DOUBLECHECK_GATE_WEBHOOK_TOKEN", "DOUBLECHECK_URL"):
        assert any(part in sentence for sentence in said), said
    platform.faults["POST /hook"] = [Answer(400), 500]
    assert any("204" in sentence for sentence in module.platform(load(module.Settings)).missing())
    assert any("500" in sentence for sentence in module.platform(load(module.Settings)).missing())
    assert platform.taken == {}


def test_a_secret_is_base64_of_enough_bytes():
    assert read_secret(SECRET) == KEY
    with pytest.raises(ValueError, match="whsec_"):
        read_secret(SECRET.removeprefix("whsec_"))


def test_the_receiver_of_the_page_acts_once_on_what_is_signed(monkeypatch):
    page = (Path(module.__file__).parents[1] / "webhook.md").read_text(encoding="utf-8")
    program = re.search(r"```python\n(.*?)```", page, re.DOTALL)[1].rpartition("HTTPServer((")[0]
    monkeypatch.setenv("DOUBLECHECK_GATE_WEBHOOK_SECRET", SECRET)
    suspended = []
    names = {"suspend": suspended.append}
    exec(program, names)  # noqa: S102 -- the page's own program
    names["Receiver"].log_message = lambda *_: None
    with names["HTTPServer"](("127.0.0.1", 0), names["Receiver"]) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        content = json.dumps({"type": "action.allowed", "data": {"account_id": "9001"}}).encode()
        late, wrong = sign(content, at=time.time() - 400), sign(content, key=b"another")
        sent = [sign(content, "c-1"), sign(content, "c-1"), {}, late, wrong]
        url = f"http://127.0.0.1:{server.server_port}/"
        statuses = [httpx.post(url, content=content, headers=one, trust_env=False).status_code for one in sent]
        server.shutdown()
        serving.join()
    assert (statuses, suspended) == ([204, 204, 401, 401, 401], ["9001"])
