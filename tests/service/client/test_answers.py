"""It fails closed: no answer but the right one is taken for a clearance."""

import json
from dataclasses import replace

import httpx
import pytest
from doublecheck_client import (
    AnswerError,
    ClientError,
    RefusedError,
    RejectedError,
)
from hypothesis import given
from hypothesis import strategies as st

from service.decisions.clearance_token import token_of
from tests.service.client.wire import (
    ACCOUNT,
    BOUND,
    CHECK_ID,
    CLEARANCE_ID,
    CLEARED,
    JWKS,
    REDEEMED,
    SIGNING,
    TOKEN,
    Service,
    answer,
    problem,
)


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
    "no clearing probability": answer(CLEARED | {"clearing_probability": "0.95"}),
    "a clearing probability beyond 1": answer(CLEARED | {"clearing_probability": 1.5}),
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


@pytest.mark.parametrize("token", [None, "", "x", "a.b.c", "\ud800", pytest.param(TOKEN[:40], id="half")])
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
    given = {"find": (), "approve": ("approve", "why"), "outcome": ("upheld", "why"), "clearance": ()}[call]
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
