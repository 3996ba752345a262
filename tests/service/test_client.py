"""The client, against the real service where all is well and against all kinds of garbage where it is not."""

import asyncio
import inspect
import json
import logging
import pickle
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import get_args
from uuid import UUID

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from classifier import policy
from service import clearance as service_clearance
from service import client as interface
from service.clearance import Clearance, token_of
from service.client import (
    AnswerError,
    CheckAnswer,
    ClientError,
    Doublecheck,
    RefusedError,
    RejectedError,
    UnavailableError,
    doublecheck,
    sending,
)
from service.routes.requests import SECURITY_SCHEMES
from service.schemas import checks as schemas
from service.signing import SigningKey, key_id, public_jwk

KEY = "dck_0123456789abcdef_SECRET"
URL = "https://doublecheck.example"
CHECK_ID, CLEARANCE_ID = "0b0e5ad4-5a3c-4a6e-9a3c-0f3a1c1f2d11", "9c8b7a69-0000-4000-8000-0f3a1c1f2d22"
ACCOUNT = {"platform": "x", "account_id": "9001", "handle": "JaneR0e", "display_name": "Jane Roe", "followers": 12}
ACCOUNT |= {"created_at": "2026-04-20T08:00:00Z", "verified": False, "bio": "Chair of Northwind."}
PRIVATE = Ed25519PrivateKey.generate()
SIGNING = SigningKey(key_id(PRIVATE.public_key()), PRIVATE)
NOW = datetime.now(UTC).replace(microsecond=0)
BOUND = Clearance(
    clearance_id=CLEARANCE_ID, check_id=CHECK_ID, account="x:9001", snapshot="0" * 64, action="suspend",
    actor="agent-17", model_id="model-1", policy_version="2", registry_version="r-1", issued_at=NOW,
    expires_at=NOW + timedelta(days=1),  # the whole run, which began when this file was read, may take an hour
)  # fmt: skip
TOKEN = token_of(BOUND, SIGNING)
REASON = {"code": "certified_impersonation", "text": "Imitates @JaneRoe."}
CLEARED = {
    "check_id": CHECK_ID, "verdict": "cleared", "reasons": [REASON], "required_approvals": 0,
    "relation": "impersonation", "impersonation_probability": 0.992,
    "clearance": {"clearance_id": CLEARANCE_ID, "token": TOKEN, "expires_at": "2026-05-01T12:15:00Z"},
}  # fmt: skip
REDEEMED = {
    "redeemed": True, "clearance_id": CLEARANCE_ID, "check_id": CHECK_ID, "action": "suspend", "actor": "agent-17",
    "account": "x:9001", "redeemed_at": "2026-05-01T12:01:00Z", "entry": {"seq": 7, "hash": "0" * 64},
}  # fmt: skip
JWKS = {"keys": [public_jwk(SIGNING.key_id, PRIVATE.public_key())]}


def answer(value, status=200, **headers):
    """A JSON answer with the media type that the service gives it."""
    media_type = "application/json" if status == 200 else "application/problem+json"
    return httpx.Response(status, content=json.dumps(value), headers={"Content-Type": media_type} | headers)


def problem(status, code, **more):
    return answer({"code": code, "detail": "why", "status": status} | more, status)


class Service:
    """Answers each request with the next of ``answers``, the last one for ever. Time passes only in waiting."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.requests = []
        self.waits = []
        self.now = 0.0

    def __call__(self, request):
        self.requests.append(request)
        found = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(found, httpx.TimeoutException):
            self.now += request.extensions["timeout"]["read"]
        if isinstance(found, Exception):
            raise found
        if not hasattr(found, "_content"):  # a stream
            return found
        return httpx.Response(found.status_code, headers=found.headers, content=found.content)  # each is read once only

    def sleep(self, seconds):
        self.waits.append(seconds)
        self.now += seconds

    def client(self, **options):
        options = {"sleep": self.sleep, "clock": lambda: self.now} | options
        return Doublecheck(URL, KEY, transport=httpx.MockTransport(self), **options)

    def check(self, **options):
        with self.client(**options) as client:
            return client.check(ACCOUNT, "suspend", "agent-17")

    def redeem(self, token=TOKEN, action="suspend", **options):
        with self.client(**options) as client:
            return client.redeem(token, ACCOUNT, action, actor="agent-17")

    def sent_keys(self):
        return [request.headers["idempotency-key"] for request in self.requests]


class InProcess(httpx.BaseTransport):
    """Hands requests to an app in this process. Loses the answers to those whose numbers are in ``lost``."""

    def __init__(self, app, lost=()):
        self.app, self.lost, self.count = app, lost, 0

    def handle_request(self, request):
        async def ask():
            response = await httpx.ASGITransport(app=self.app).handle_async_request(request)
            return httpx.Response(response.status_code, headers=response.headers, content=await response.aread())

        self.count += 1
        response = asyncio.run(ask())
        if self.count in self.lost:
            raise httpx.ReadTimeout("lost", request=request)
        return response


def connect(service, actor="agent-17", role="agent", **options):
    """A client of a service in this process, with a key of its own."""
    transport = InProcess(service.app, options.pop("lost", ()))
    return Doublecheck("http://localhost", service.key(actor, role), transport=transport, **options)


# --- the real service ------------------------------------------------------------------------------------------------


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
    service = make_client("below_threshold")
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
        assert person.outcome(checked.check_id, "overturned", relation="parody_or_fan")["relation"] == "parody_or_fan"


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
    assert sorted(kinds) == ["check", "clearance_issued", "clearance_redeemed"]


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


# --- it fails closed -------------------------------------------------------------------------------------------------


def test_the_right_answers_are_taken():
    checked = Service(answer(CLEARED)).check()
    assert checked.cleared
    assert checked.token == TOKEN
    assert Service(answer(REDEEMED)).redeem().clearance_id == CLEARANCE_ID


def without(name):
    return {key: value for key, value in CLEARED.items() if key != name}


def other_token(**changes):
    return {"clearance": CLEARED["clearance"] | {"token": token_of(replace(BOUND, **changes), SIGNING)}}


GARBAGE = {
    "review with a token": answer(CLEARED | {"verdict": "needs_review"}),
    "refused with a token": answer(CLEARED | {"verdict": "refused"}),
    "cleared without a clearance": answer(CLEARED | {"clearance": None}),
    "cleared without a token": answer(CLEARED | {"clearance": {}}),
    "cleared with an empty token": answer(CLEARED | {"clearance": {"token": ""}}),
    "cleared with no token": answer(CLEARED | {"clearance": {"token": "yes"}}),
    "a clearance that is text": answer(CLEARED | {"clearance": TOKEN}),
    "Cleared": answer(CLEARED | {"verdict": "Cleared"}),
    "true": answer(CLEARED | {"verdict": True}),
    "several verdicts": answer(CLEARED | {"verdict": ["cleared"]}),
    "an unknown verdict": answer(CLEARED | {"verdict": "allowed", "clearance": None}),
    "no reasons": answer(CLEARED | {"reasons": []}),
    "odd reasons": answer(CLEARED | {"reasons": ["certified"]}),
    "no probability": answer(CLEARED | {"impersonation_probability": True}),
    "more than certain": answer(CLEARED | {"impersonation_probability": 1.5}),
    "NaN": answer(CLEARED | {"impersonation_probability": float("nan")}),
    "NaN where nobody looks": answer(CLEARED | {"notes": float("nan")}),
    "a number too large": answer(CLEARED | {"impersonation_probability": 10**400}),
    "a token of another check": answer(CLEARED | other_token(check_id=CLEARANCE_ID)),
    "a token of another action": answer(CLEARED | other_token(action="delete")),
    "a token of another actor": answer(CLEARED | other_token(actor="agent-1")),
    "a list": answer([CLEARED]),
    "null": answer(None),
    "nothing": answer({}),
    "HTML": httpx.Response(200, html="<h1>cleared</h1>"),
    "JSON as HTML": httpx.Response(200, html=json.dumps(CLEARED)),
    "JSON as a problem": answer(CLEARED, **{"Content-Type": "application/problem+json"}),
    "no media type": httpx.Response(200, content=json.dumps(CLEARED)),
    "half": httpx.Response(200, content=json.dumps(CLEARED)[:-1], headers={"Content-Type": "application/json"}),
    "not UTF-8": httpx.Response(200, content=b'{"verdict": "\xff"}', headers={"Content-Type": "application/json"}),
    "deep": httpx.Response(200, content=b"[" * 100_000, headers={"Content-Type": "application/json"}),
    "twice": httpx.Response(
        200,
        content=json.dumps(CLEARED | {"verdict": "needs_review"})[:-1] + ', "verdict": "cleared"}',
        headers={"Content-Type": "application/json"},
    ),
    **{f"status {status}": httpx.Response(status, json=CLEARED) for status in (201, 202, 204, 206, 500, 502, 504)},
    "a redirect": httpx.Response(302, json=CLEARED, headers={"Location": "https://elsewhere.example/"}),
    "a lasting redirect": httpx.Response(308, json=CLEARED, headers={"Location": "/v1/checks"}),
}


@pytest.mark.parametrize("name", GARBAGE)
def test_garbage_clears_nothing_and_is_asked_for_once(name):
    service = Service(GARBAGE[name])
    with pytest.raises(AnswerError):
        service.check()
    assert len(service.requests) == 1


@pytest.mark.parametrize("missing", sorted(CLEARED))
def test_an_answer_without_a_field_clears_nothing(missing):
    with pytest.raises(AnswerError):
        Service(answer(without(missing))).check()


def test_an_answer_that_cannot_be_decoded_clears_nothing():
    class Broken(httpx.SyncByteStream):
        def __iter__(self):
            yield b"no gzip"

    service = Service(None)
    service.answers = [httpx.Response(200, stream=Broken(), headers={"Content-Encoding": "gzip"})]
    with pytest.raises(ClientError):
        service.check()
    assert len(service.requests) == 1


@pytest.mark.parametrize("name", sorted(REDEEMED.keys() - {"entry"}))
@pytest.mark.parametrize("value", ["delete", "2026-05-01T12:00:00", False, 1, None, ["suspend"]])
def test_only_what_the_token_says_is_redeemed(name, value):
    with pytest.raises(AnswerError):
        Service(answer(REDEEMED | {name: value})).redeem()


@pytest.mark.parametrize("name", GARBAGE)
def test_garbage_redeems_nothing(name):
    with pytest.raises(AnswerError):
        Service(GARBAGE[name]).redeem()


@pytest.mark.parametrize("token", [None, "", "x", "a.b.c", "\ud800", TOKEN[:40]])
def test_what_is_no_token_is_refused_without_asking(token):
    service = Service(answer(REDEEMED))
    with pytest.raises(RefusedError, match="bad_token"):
        service.redeem(token)
    assert not service.requests


def test_a_clearance_for_another_action_is_not_even_spent():
    service = Service(answer(REDEEMED))
    with pytest.raises(RefusedError, match="other_action"):
        service.redeem(action="delete")
    assert not service.requests


def test_refusals_have_reasons_and_rejections_the_problem():
    reasons = [{"code": "renamed", "text": "It has another handle."}, {"code": "spent", "text": "It was spent."}]
    with pytest.raises(RefusedError) as refused:
        Service(problem(409, "clearance_refused", reasons=reasons)).redeem()
    assert [(one.code, one.text) for one in refused.value.reasons] == [tuple(one.values()) for one in reasons]
    with pytest.raises(RejectedError) as rejected:
        Service(problem(422, "invalid_request", errors=[{"field": "action"}])).check()
    assert rejected.value.problem["errors"] == [{"field": "action"}]
    with pytest.raises(RejectedError, match="something else") as rejected:
        Service(httpx.Response(403, html="<h1>no</h1>")).check()
    assert (rejected.value.code, rejected.value.problem) == ("", {})
    with pytest.raises(AnswerError):
        Service(problem(409, "clearance_refused", reasons=[])).redeem()


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 413, 415, 418, 422, 425, 429])
@pytest.mark.parametrize("code", ["review_refused", "in_flight", "clearance_refused"])
def test_what_is_rejected_is_not_asked_for_again(status, code):
    service = Service(problem(status, code if status != 409 else "review_refused"))
    with pytest.raises(RejectedError):
        service.check()
    assert len(service.requests) == 1


@pytest.mark.parametrize(
    "rows",
    [
        None, [], ["a"], [{"row": 2, "verdict": "refused"}], [{"row": 1}], [{"row": True, "verdict": "refused"}],
        [{"row": 1, "verdict": "allowed"}], [{"row": 1, "verdict": "cleared", "error": "no handle"}],
        [{"row": 1, "verdict": "refused"}, {"row": 2, "verdict": "refused"}],
    ],
)  # fmt: skip
def test_a_batch_is_answered_row_for_row(rows):
    with Service(answer({"results": rows})).client() as tool, pytest.raises(AnswerError):
        tool.batch([{"account": ACCOUNT}])


@pytest.mark.parametrize("call", ["find", "approve", "outcome", "clearance"])
def test_an_answer_about_another_check_is_none(call):
    given = {"find": (), "approve": ("approve", "why"), "outcome": ("upheld",), "clearance": ()}[call]
    other = {"check_id": CLEARANCE_ID, "check": {"check_id": CLEARANCE_ID}, "token": TOKEN}
    with Service(answer(other)).client() as tool, pytest.raises(AnswerError):
        getattr(tool, call)("11111111-1111-4111-8111-111111111111", *given)
    with Service(answer(other)).client() as tool, pytest.raises(ValueError, match="UUID"):
        getattr(tool, call)("../protected", *given)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9)
    | st.sampled_from(["cleared", "needs_review", "refused", TOKEN, TOKEN[:-3], CHECK_ID, "suspend"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from([*CLEARED, "token"]), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


@st.composite
def answers(draw, right):
    """A status, a media type and an object that is the right answer but for a few members."""
    changed = draw(st.dictionaries(st.sampled_from(sorted(right)), JSON, max_size=3))
    gone = draw(st.sets(st.sampled_from(sorted(right)), max_size=1))
    value = {name: one for name, one in (right | changed).items() if name not in gone}
    status = draw(st.sampled_from([200, 200, 200, 200, 201, 204, 302, 409, 422, 500, 503]))
    media_type = draw(st.sampled_from(["application/json"] * 4 + ["application/problem+json", "text/html", ""]))
    return status, media_type, value


@given(answers(CLEARED))
def test_no_answer_but_the_right_one_is_cleared(given):
    status, media_type, value = given
    service = Service(httpx.Response(status, content=json.dumps(value), headers={"Content-Type": media_type}))
    try:
        checked = service.check()
    except ClientError:
        return
    assert (status, media_type) == (200, "application/json")
    assert checked.verdict == value["verdict"]
    if checked.cleared:
        assert value["verdict"] == "cleared"
        assert value["clearance"]["token"] == TOKEN == checked.token
        assert value["check_id"] == CHECK_ID


@given(answers(REDEEMED))
def test_no_answer_but_the_right_one_is_redeemed(given):
    status, media_type, value = given
    try:
        Service(httpx.Response(status, content=json.dumps(value), headers={"Content-Type": media_type})).redeem()
    except ClientError:
        return
    assert (status, media_type) == (200, "application/json")
    assert {**value, "entry": None, "redeemed_at": None} == {**REDEEMED, "entry": None, "redeemed_at": None}


@given(st.binary(max_size=200), st.sampled_from([200, 409, 503]))
def test_any_bytes_are_a_client_error(content, status):
    media_type = "application/json" if status == 200 else "application/problem+json"
    with pytest.raises(ClientError):
        Service(httpx.Response(status, content=content, headers={"Content-Type": media_type})).check()


@given(st.text(max_size=300))
def test_any_text_is_no_clearance(token):
    with Service(answer(JWKS)).client() as tool:
        for look in (tool.verify_offline, lambda text: tool.redeem(text, ACCOUNT, "suspend")):
            with pytest.raises(RefusedError, match="bad_token"):
                look(token)


# --- it asks again only where that is safe ---------------------------------------------------------------------------

LOST = [httpx.ConnectError, httpx.ConnectTimeout, httpx.ReadTimeout, httpx.ReadError, httpx.RemoteProtocolError]


@pytest.mark.parametrize("lost", [*(kind("lost") for kind in LOST), problem(503, "overloaded")])
def test_asked_again_with_the_same_key_and_body(lost):
    service = Service(lost, lost, answer(CLEARED))
    assert service.check().cleared
    assert len(service.requests) == 3
    assert len(set(service.sent_keys())) == 1
    assert UUID(service.sent_keys()[0]).version == 4
    assert len({request.content for request in service.requests}) == 1


def test_each_call_has_a_key_of_its_own():
    service = Service(answer(CLEARED))
    service.check()
    service.check()
    assert len(set(service.sent_keys())) == 2


def test_looking_needs_no_key():
    service = Service(answer({"check": {"check_id": CHECK_ID}}))
    with service.client() as tool:
        tool.find(CHECK_ID)
    assert "idempotency-key" not in service.requests[0].headers


@pytest.mark.parametrize("error", [httpx.ProxyError("no"), httpx.UnsupportedProtocol("no")])
def test_what_will_not_pass_is_not_asked_for_again(error):
    service = Service(error)
    with pytest.raises(UnavailableError):
        service.check()
    assert len(service.requests) == 1


@pytest.mark.parametrize("lost", [httpx.ReadTimeout("lost"), httpx.ConnectError("lost"), problem(503, "no_model")])
@pytest.mark.parametrize("retries", [0, 1, 4])
def test_not_asked_for_ever(lost, retries):
    service = Service(lost)
    with pytest.raises(UnavailableError):
        service.redeem(retries=retries, deadline=1_000)
    assert len(service.requests) == retries + 1


@pytest.mark.parametrize("lost", [httpx.ReadTimeout("lost"), problem(503, "no_model"), problem(409, "in_flight")])
def test_not_asked_beyond_the_deadline(lost):
    service = Service(lost)
    with pytest.raises(UnavailableError):
        service.redeem(retries=10**6, deadline=12.0)
    assert service.now <= 12.0
    assert len(service.requests) > 2
    assert all(request.extensions["timeout"]["read"] <= 5.0 for request in service.requests)


def test_while_it_is_being_answered_it_is_asked_again_until_the_deadline():
    service = Service(httpx.ReadTimeout("lost"), *[problem(409, "in_flight")] * 4, answer(REDEEMED))
    assert service.redeem(retries=1).check_id == CHECK_ID
    assert len(set(service.sent_keys())) == 1


def test_waits_grow_and_differ():
    service = Service(problem(503, "overloaded"))
    with pytest.raises(UnavailableError):
        service.check(retries=8, deadline=1_000)
    longest = [min(sending.LONGEST_WAIT, sending.FIRST_WAIT * 2**number) for number in range(8)]
    assert all(most / 2 <= wait <= most for wait, most in zip(service.waits, longest, strict=True))
    assert len(set(service.waits)) > 2


@pytest.mark.parametrize(("given", "least", "most"), [("1", 1, 1), ("3", 3, 3), ("3600", 5, 5), ("soon", 0, 0.2)])
def test_retry_after_is_honoured_up_to_a_bound(given, least, most):
    service = Service(answer({"code": "overloaded"}, 503, **{"Retry-After": given}), answer(CLEARED))
    assert service.check().cleared
    assert least <= service.waits[0] <= most


def test_an_answer_that_trickles_in_is_not_awaited_beyond_the_deadline():
    class Trickle(httpx.SyncByteStream):
        def __iter__(self):
            while True:
                service.now += 4.0
                yield b" "

    service = Service(None)
    service.answers = [httpx.Response(200, stream=Trickle())]
    with pytest.raises(UnavailableError):
        service.check(retries=3, deadline=20.0)
    assert service.now == 20.0


def test_an_answer_without_an_end_is_cut_off():
    class Endless(httpx.SyncByteStream):
        def __iter__(self):
            while True:
                yield b" " * 2**20

    service = Service(None)
    service.answers = [httpx.Response(200, stream=Endless())]
    with pytest.raises(AnswerError, match="large"):
        service.check()


# --- tokens offline --------------------------------------------------------------------------------------------------


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


# --- nothing leaks ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "http://doublecheck.example", "http://10.0.0.7:8000", "http://localhost.example", "http://127.1",
        "https://user:word@doublecheck.example", "https://doublecheck.example/?a=b", "https://doublecheck.example#a",
        "ftp://doublecheck.example", "doublecheck.example", "https://", "", "https://a:b", "http://0.0.0.0",
    ],
)  # fmt: skip
def test_addresses_that_a_key_is_not_sent_to(url):
    with pytest.raises(ValueError, match=r"https://|address") as refused:
        Doublecheck(url, KEY)
    assert "word" not in str(refused.value)


@pytest.mark.parametrize(
    "url", ["http://localhost:8000", "http://127.0.0.1", "http://[::1]:8000", URL, URL + "/below/"]
)
def test_addresses_that_it_is_sent_to(url):
    service = Service(answer(CLEARED))
    with Doublecheck(url, KEY, transport=httpx.MockTransport(service)) as tool:
        tool.check(ACCOUNT, "suspend", "agent-17")
    assert str(service.requests[0].url) == url.rstrip("/") + "/v1/checks"
    assert service.requests[0].headers["authorization"] == f"Bearer {KEY}"


def test_an_insecure_address_has_to_be_asked_for():
    with Doublecheck("http://doublecheck.example", KEY, insecure=True) as tool:
        assert repr(tool) == "Doublecheck('http://doublecheck.example')"


@pytest.mark.parametrize("key", ["", "a b", KEY + "\n", "schlüssel"])
def test_a_key_that_cannot_be_sent_is_not_quoted(key):
    with pytest.raises(ValueError, match="visible ASCII") as refused:
        Doublecheck(URL, key)
    assert not key or key not in str(refused.value)


def test_a_proxy_of_the_environment_does_not_see_a_key_in_the_clear(monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://proxy.example:3128")
    with Doublecheck("http://127.0.0.1:1", KEY, retries=0) as tool, pytest.raises(UnavailableError) as lost:
        tool.check(ACCOUNT, "suspend", "agent-17")
    assert isinstance(lost.value.__cause__, httpx.ConnectError)


def test_nothing_is_shown_or_logged(caplog, capsys):
    caplog.set_level(logging.DEBUG)
    found = [Service(answer(CLEARED)).check(), Service(answer(REDEEMED)).redeem()]
    for bad in (httpx.ReadTimeout("lost"), GARBAGE["twice"], problem(422, "bad_input")):
        with pytest.raises(ClientError) as raised:
            Service(bad).redeem()
        found += [raised.value, repr(raised.value)]
    with Service(None).client() as tool:
        found.append(tool)
    shown = "".join(map(repr, found)) + "".join(map(str, found)) + caplog.text + "".join(capsys.readouterr())
    for secret in (KEY, "SECRET", TOKEN, TOKEN.split(".")[2], "JaneR0e", "Northwind"):
        assert secret not in shown


def test_errors_survive_a_process_boundary():
    for error in (
        RefusedError([interface.Reason("spent", "It was spent.")]),
        RejectedError(422, {"code": "bad_input", "detail": "why"}),
        UnavailableError("why"),
        AnswerError("why"),
    ):
        copied = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
        assert (type(copied), str(copied), vars(copied)) == (type(error), str(error), vars(error))


# --- it stands alone, and says the same as the service ---------------------------------------------------------------


def test_it_loads_nothing_of_the_service():
    code = "import json, sys, service.client; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True)
    loaded = json.loads(done.stdout)
    assert not {"fastapi", "starlette", "pydantic", "sqlalchemy", "sklearn", "pandas", "numpy"} & set(loaded)
    ours = {name for name in loaded if name.split(".")[0] in {"service", "classifier"}}
    assert ours == {"service", *(f"service.client{part}" for part in ("", ".answers", ".doublecheck", ".sending"))}


def test_it_says_the_same_as_the_service():
    for name in ("ISSUER", "AUDIENCE", "TYPE", "ALGORITHM"):
        assert getattr(doublecheck, name) == getattr(service_clearance, name)
    assert sorted(doublecheck.CLAIMS) == sorted(service_clearance._CLAIMS.values())
    assert get_args(interface.Action) == policy.ACTIONS
    assert set(get_args(interface.Format)) == {"doublecheck", *get_args(schemas.RawFormat)}
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
