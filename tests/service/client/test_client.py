"""The client against the real service, tokens offline, and that the client stands alone."""

import inspect
import json
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from typing import get_args
from uuid import UUID

import doublecheck_client as interface
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from doublecheck_client import (
    AnswerError,
    CheckAnswer,
    ClientError,
    Doublecheck,
    RefusedError,
    RejectedError,
    demands,
)
from doublecheck_client import client as doublecheck

from classifier.importers import FORMATS
from classifier.platform_rules.demands import DEMANDS
from classifier.scoring import policy
from service.decisions import clearance_token as service_clearance
from service.schemas import demands as service_demands
from service.web.api.requests import SECURITY_SCHEMES
from tests.service.client.wire import (
    ACCOUNT,
    CHECK_ID,
    CLEARANCE_ID,
    JWKS,
    KEY,
    PRIVATE,
    SIGNING,
    TOKEN,
    InProcess,
    Service,
    answer,
    connect,
)
from tests.service.conftest import body


def test_checked_and_redeemed(client):
    with connect(client) as tool:
        checked = tool.check(ACCOUNT, "suspend", "agent-17", report={"ticket": 1})
        assert checked.cleared
        assert checked
        assert (checked.verdict, checked.relation, checked.probability) == ("cleared", "impersonation", 0.992)
        assert checked.reasons[0].code == "certified_impersonation"
        assert checked.raw["target"]["handle"] == "JaneRoe"
        spent = tool.redeem(checked.token, ACCOUNT, "suspend")
        assert (spent.check_id, spent.action, spent.actor) == (checked.check_id, "suspend", "agent-17")
        assert (spent.account, spent.redeemed_at) == ("x:9001", client.clock())
        with pytest.raises(RefusedError) as refused:
            tool.redeem(checked.token, ACCOUNT, "suspend")
        assert [reason.code for reason in refused.value.reasons] == ["spent"]


def test_each_verdict_is_read(make_client, answer):
    service = make_client(answer)
    with connect(service) as tool:
        checked = tool.check(ACCOUNT, "suspend", {"actor_id": "agent-17", "access_ends_at": "2030-01-01T00:00:00Z"})
    assert checked.cleared == bool(checked) == (checked.verdict == "cleared") == (checked.token is not None)
    assert checked.cleared == (answer == "impersonation")


def test_two_reviewers_then_a_clearance(make_client):
    service = make_client("below_threshold", total_daily=10**6)  # its own: what an appeal found is remembered
    with connect(service) as tool:
        checked = tool.check(ACCOUNT, "suspend", "agent-17")
        assert not checked
        with pytest.raises(RefusedError, match="review_open"):
            tool.clearance(checked.check_id)
        with pytest.raises(RefusedError, match="bad_token"):
            tool.redeem(checked.token, ACCOUNT, "suspend")
        for reviewer in ("reviewer-1", "reviewer-2"):
            with connect(service, reviewer, "reviewer") as person:
                with pytest.raises(RejectedError, match="look at the evidence first") as unseen:
                    person.approve(checked.check_id, "approve", "It copies her picture.")
                assert (unseen.value.status, unseen.value.code) == (409, "review_refused")
                assert person.find(checked.check_id)["check"]["evidence"]
                review = person.approve(UUID(checked.check_id), "approve", "It copies her picture.")
        assert review["state"] == "approved"
        token = tool.clearance(checked.check_id)
        assert tool.redeem(token, ACCOUNT, "suspend", actor="agent-17").check_id == checked.check_id
    with connect(service, "reviewer-1", "reviewer") as person:
        person.outcome(checked.check_id, "upheld", "A copy.")
        with pytest.raises(RejectedError, match="cannot change what an appeal") as own:
            person.outcome(checked.check_id, "overturned", "Her fan.")
        assert (own.value.status, own.value.code) == (409, "review_refused")
    with connect(service, "reviewer-3", "reviewer") as person:
        found = person.outcome(checked.check_id, "overturned", "A declared fan.", relation="parody_or_fan")
        assert found["relation"] == "parody_or_fan"


def test_a_batch_has_verdicts_and_errors_in_order(client):
    one = {"account": ACCOUNT, "action": "suspend", "actor": "agent-17"}
    with connect(client) as tool:
        rows = tool.batch([one, {}, one | {"account": {"acct": "janer0e"}, "format": "mastodon"}])
    assert [row["verdict"] for row in rows] == ["cleared", None, "needs_review"]
    assert rows[1]["error"]


def test_any_text_can_be_sent(client):
    with connect(client) as tool:
        assert tool.check(ACCOUNT | {"display_name": "\ud800 Jäne \u202e"}, "suspend", "agent-17").raw["notes"]


def test_an_answer_that_was_lost_is_asked_for_again_and_nothing_is_done_twice(make_client):
    service = make_client(total_daily=10**6)  # a service of its own, whose log is counted
    with connect(service, lost={1, 3}, sleep=lambda _: None) as tool:
        checked = tool.check(ACCOUNT, "suspend", "agent-17")
        assert tool.redeem(checked.token, ACCOUNT, "suspend").check_id == checked.check_id
        kinds = [line["kind"] for line in tool.find(checked.check_id)["history"]]
    assert sorted(kinds) == ["check", "clearance_issued", "clearance_redeemed", "statement"]


def test_a_key_that_is_none_or_has_another_role_is_rejected(client):
    with Doublecheck("http://localhost", KEY, transport=InProcess(client.app)) as tool:
        with pytest.raises(RejectedError) as rejected:
            tool.check(ACCOUNT, "suspend", "agent-17")
        assert (rejected.value.status, rejected.value.code) == (401, "unauthenticated")
        assert KEY not in str(rejected.value)
    with connect(client, "auditor-1", "auditor") as tool, pytest.raises(RejectedError, match="403 forbidden"):
        tool.check(ACCOUNT, "suspend", "agent-17")


def test_a_first_look_offline_and_the_service_decides(make_client):
    service = make_client(clearance_minutes=15)
    service.clock.at = datetime.now(UTC)  # the client reads the real clock
    with connect(service) as tool:
        checked = tool.check(ACCOUNT, "suspend", "agent-17")
        claims = tool.verify_offline(checked.token)
        assert (claims["check"], claims["sub"], claims["action"]) == (checked.check_id, "x:9001", "suspend")
        tool.redeem(checked.token, ACCOUNT, "suspend")
        assert tool.verify_offline(checked.token) == claims  # it cannot know
        service.clock.at -= timedelta(hours=1)
        with pytest.raises(RefusedError, match="expired"):
            tool.verify_offline(tool.check(ACCOUNT, "suspend", "agent-17").token)


def forged(claims=None, headers=None, key=PRIVATE, algorithm="EdDSA"):
    good = jwt.decode(TOKEN, options={"verify_signature": False})
    headers = {"kid": SIGNING.key_id, "typ": doublecheck.TYPE} | (headers or {})
    claims = {name: value for name, value in (good | (claims or {})).items() if value is not ...}
    return jwt.encode(claims, key, algorithm=algorithm, headers=headers)


@pytest.mark.parametrize(
    "token",
    [
        forged(key=Ed25519PrivateKey.generate()), forged(headers={"typ": "JWT"}), forged(headers={"kid": "another"}),
        forged({"iss": "other"}), forged({"aud": "other"}), forged({"aud": [doublecheck.AUDIENCE, "other"]}),
        *(forged({claim: ...}) for claim in (*doublecheck.CLAIMS, "iss", "aud")),
        forged(key=None, algorithm="none"), forged(key="x" * 64, algorithm="HS256"), TOKEN[:-4] + "AAAA",
    ],
)  # fmt: skip
def test_what_was_not_signed_as_a_clearance_is_refused_offline(token):
    with Service(answer(JWKS)).client() as tool:
        assert tool.verify_offline(TOKEN)["jti"] == CLEARANCE_ID
        with pytest.raises(RefusedError) as refused:
            tool.verify_offline(token)
        assert [reason.code for reason in refused.value.reasons] == ["bad_token"]


def test_the_keys_are_fetched_once_and_again_when_they_may_have_changed():
    service = Service(answer(JWKS))
    with service.client() as tool:
        for _ in range(3):
            tool.verify_offline(TOKEN)
        assert len(service.requests) == 1
        for after, fetched in ((1.0, 1), (doublecheck.KEYS_RESTED, 2), (1.0, 2)):  # an unknown key, now and then
            service.now += after
            with pytest.raises(RefusedError):
                tool.verify_offline(forged(headers={"kid": "another"}))
            assert len(service.requests) == fetched
        service.answers = [answer({"keys": []})]
        service.now += doublecheck.KEYS_KEPT
        with pytest.raises(RefusedError):
            tool.verify_offline(TOKEN)


@pytest.mark.parametrize("keys", [None, {}, [1], ["a"], [{}], [{"crv": "Ed25519"}], [JWKS["keys"][0] | {"x": "a"}]])
def test_keys_that_cannot_be_read_are_an_error(keys):
    with Service(answer({"keys": keys})).client() as tool, pytest.raises(AnswerError):
        tool.verify_offline(TOKEN)


def test_it_loads_nothing_of_the_service():
    code = "import json, sys, doublecheck_client; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True)
    loaded = json.loads(done.stdout)
    assert not {"fastapi", "starlette", "pydantic", "sqlalchemy", "sklearn", "pandas", "numpy"} & set(loaded)
    ours = {name for name in loaded if name.split(".")[0] in {"service", "classifier", "doublecheck_client"}}
    assert ours == {f"doublecheck_client{part}" for part in ("", ".answers", ".client", ".demands", ".transport")}


def test_it_says_the_same_as_the_service():
    for name in ("ISSUER", "AUDIENCE", "TYPE", "ALGORITHM"):
        assert getattr(doublecheck, name) == getattr(service_clearance, name)
    assert sorted(doublecheck.CLAIMS) == sorted(service_clearance._CLAIMS.values())
    assert get_args(interface.Action) == policy.ACTIONS
    assert set(get_args(interface.Format)) == set(FORMATS)
    assert get_args(interface.DemandKind) == DEMANDS
    assert get_args(interface.DemandState) == demands.STATES == get_args(service_demands.DemandState)
    assert set(get_args(policy.VerdictName)) == {"cleared", "needs_review", "refused"}
    assert SECURITY_SCHEMES["bearer"]["scheme"] == "bearer"


def test_the_names_of_errors_end_so():
    errors = [one for one in vars(interface).values() if inspect.isclass(one) and issubclass(one, Exception)]
    assert len(errors) == 5
    assert all(one.__name__.endswith("Error") and issubclass(one, ClientError) for one in errors)


def test_an_answer_is_true_only_where_it_is_cleared():
    def made(verdict, token):
        return CheckAnswer(CHECK_ID, verdict, (), 0, "impersonation", 0.9, token, {})

    assert made("cleared", TOKEN)
    for verdict, token in (("cleared", None), ("needs_review", TOKEN), ("refused", None), ("CLEARED", TOKEN)):
        assert not made(verdict, token)
    assert hash(made("cleared", TOKEN))


def test_threads_share_a_client(client):
    with connect(client) as tool:
        found = []
        threads = [
            threading.Thread(target=lambda: found.append(tool.check(ACCOUNT, "suspend", "agent-17"))) for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len({one.check_id for one in found if one.cleared}) == 4


def test_checks_are_searched(recorded):
    with connect(recorded, "auditor-1", "auditor") as client:
        asked = [recorded.check(account=body()["account"] | {"account_id": str(n)}).json()["check_id"] for n in (1, 2)]
        page = client.search(verdict="cleared", limit=1)
        assert [line["check_id"] for line in page["checks"]] == asked[1:]
        rest = client.search(verdict="cleared", before=page["next"], handle=None)
        assert [line["check_id"] for line in rest["checks"]] == asked[:1]


def test_a_gate_says_that_it_works(make_client):
    client = make_client(silent_gate_minutes=5)
    with connect(client, "gate-1", "executor") as tool:
        tool.alive("ozone", 3)
    assert 'doublecheck_gate_cases{gate="ozone"} 3.0' in client.get("/metrics", by=None).text
    with connect(client) as agent, pytest.raises(RejectedError):
        agent.alive("ozone")
