"""It asks again only where that is safe, and shows nobody what it sends."""

import logging
import pickle
from uuid import UUID

import doublecheck_client as interface
import httpx
import pytest
from doublecheck_client import (
    AnswerError,
    ClientError,
    Doublecheck,
    RefusedError,
    RejectedError,
    UnavailableError,
    transport,
)

from tests.service.client.wire import ACCOUNT, CHECK_ID, CLEARED, KEY, REDEEMED, TOKEN, URL, Service, answer, problem

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
    longest = [min(transport.LONGEST_WAIT, transport.FIRST_WAIT * 2**number) for number in range(8)]
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
    for bad in (httpx.ReadTimeout("lost"), answer(CLEARED | {"verdict": "refused"}), problem(422, "bad_input")):
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
