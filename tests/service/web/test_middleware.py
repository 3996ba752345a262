import asyncio
import logging
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.schemas.checks import CheckResponse
from service.web.middleware import HEADERS, Guard

PRIVATE = "Zanzibar-Quux"
PAGES = ["/", "/docs", "/openapi.json", "/static/style.css", "/healthz", "/readyz", "/nowhere"]


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_has_the_security_headers(client, path):
    assert _as_sent(client.get(path)) == HEADERS


def _as_sent(response):
    return {name: response.headers.get(name) for name in HEADERS}


def test_the_policy_allows_only_scripts_and_styles_of_this_host():
    policy = HEADERS["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("status", [(422, "POST", "/v1/checks"), (405, "DELETE", "/v1/checks"), (404, "GET", "/x")])
def test_errors_have_them_too(client, status):
    code, method, path = status
    response = client.request(method, path, json={} if method == "POST" else None)
    assert response.status_code == code
    assert _as_sent(response) == HEADERS


def test_an_unexpected_exception_is_a_problem_without_a_trace(make_client):
    response = make_client(ZeroDivisionError(f"about {PRIVATE}")).check()
    assert response.status_code == 500
    assert response.json()["code"] == "internal"
    assert _as_sent(response) == HEADERS
    assert PRIVATE not in response.text
    assert "Traceback" not in response.text
    assert "ZeroDivisionError" not in response.text


def test_the_log_names_the_place_but_no_text(make_client, caplog):
    caplog.set_level(logging.INFO)
    response = make_client(ZeroDivisionError(f"about {PRIVATE}")).check()
    assert "ZeroDivisionError at service/" in caplog.text
    assert "conftest.py:" in caplog.text
    assert response.headers["x-request-id"] in caplog.text
    assert PRIVATE not in caplog.text
    assert "came this way" not in caplog.text


def test_the_log_names_the_line_of_ours_also_where_a_library_raised(make_client, caplog, monkeypatch):
    client = make_client()
    monkeypatch.setattr("service.decisions.check.answer", lambda *_: CheckResponse(check_id=PRIVATE))
    assert client.check().status_code == 500
    [line] = [line for line in caplog.messages if "failed:" in line]
    assert re.search(r"ValidationError at service/decisions/check\.py:\d+ in record \(raised at pydantic/", line), line


def test_all_frames_are_logged_where_that_is_set_and_no_text(make_client, caplog):
    client = make_client(ZeroDivisionError(f"about {PRIVATE}"), log_frames=True)
    response = client.check()
    [told] = [line for line in caplog.messages if "came this way" in line]
    assert response.headers["x-request-id"] in told
    assert "ZeroDivisionError\n  " in told
    assert len(re.findall(r"\n  \S+\.py:\d+ in \w+", told)) > 5
    assert "service/web/api/checks.py:" in told
    assert PRIVATE not in caplog.text


@pytest.mark.parametrize(
    "send",
    [
        lambda client: client.check(
            account={"handle": PRIVATE, "display_name": PRIVATE, "bio": PRIVATE}, report=PRIVATE
        ),
        lambda client: client.check(account={"handle": PRIVATE, "followers": PRIVATE, PRIVATE: 1}),
        lambda client: client.check(action=PRIVATE, actor={"actor_id": PRIVATE * 100}),
        lambda client: client.check(format="x-v2", account={"username": PRIVATE, "public_metrics": PRIVATE}),
        lambda client: client.post("/v1/checks", content=f'{{"{PRIVATE}', headers={"content-type": "application/json"}),
        lambda client: client.post("/", data={"handle": PRIVATE, "followers": PRIVATE}),
        lambda client: client.post(f"/{PRIVATE}?handle={PRIVATE}", json=PRIVATE),
    ],
)
def test_no_text_of_an_account_is_logged(client, caplog, send):
    caplog.set_level(logging.INFO)
    send(client)
    assert PRIVATE not in caplog.text


def test_one_line_a_request(client, caplog):
    caplog.set_level(logging.INFO, logger="service")
    response = client.check()
    assert ["POST /v1/checks 200 " in line for line in caplog.messages] == [True]
    assert caplog.messages[0].endswith(response.headers["x-request-id"])


def test_a_request_id_is_passed_through(client):
    assert client.get("/healthz", headers={"X-Request-ID": "case-12.a_b"}).headers["x-request-id"] == "case-12.a_b"


@given(st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\0"), max_size=80))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
def test_a_request_id_is_plain_or_replaced(client, given_id):
    answered = client.get("/healthz", headers={"X-Request-ID": given_id.encode("latin-1")}).headers["x-request-id"]
    assert re.fullmatch("[A-Za-z0-9._-]{1,64}", answered)


@pytest.mark.parametrize("path", ["/v1/checks", "/"])
def test_a_body_of_ten_megabytes_is_refused(client, path):
    response = client.post(path, content=b"x" * 10_000_000, headers={"content-type": "application/json"})
    assert response.status_code == 413
    assert response.json()["code"] == "too_large"


@pytest.mark.parametrize(
    ("path", "media_type"), [("/v1/checks", "application/json"), ("/", "application/x-www-form-urlencoded")]
)
def test_a_stream_is_cut_at_the_limit(make_client, path, media_type):
    client, read = make_client(max_body_bytes=10_000), []

    async def endless():
        while len(read) < 1000:
            read.append(1)
            yield b"a" * 1000

    response = client.post(path, content=endless(), headers={"content-type": media_type})
    assert response.status_code == 413
    assert len(read) <= 12


@pytest.mark.parametrize(("size", "status"), [(10_000, 422), (10_001, 413)])
def test_the_limit_itself_is_allowed(make_client, size, status):
    content = b'"' + b"a" * (size - 2) + b'"'
    client = make_client(max_body_bytes=10_000)
    assert (
        client.post("/v1/checks", content=content, headers={"content-type": "application/json"}).status_code == status
    )


@pytest.mark.parametrize("declared", ["nonsense", "-1", "9" * 5000])
def test_an_odd_content_length_breaks_nothing(client, declared):
    headers = {"content-length": declared, "content-type": "application/json"}
    response = client.post("/v1/checks", content=b"{}", headers=headers)
    assert response.status_code in {413, 422}


def test_what_fails_after_the_start_of_an_answer_is_raised(client):
    async def fails(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise ZeroDivisionError

    async def nothing(message=None):
        return {"type": "http.request"}

    with pytest.raises(ZeroDivisionError):
        asyncio.run(Guard(fails, max_body_bytes=10)({"type": "http", "headers": [], "method": "GET"}, nothing, nothing))


def test_one_request_too_many_is_refused_before_it_is_read_and_probes_are_let_in():
    read, go = [], asyncio.Event()

    async def slow(scope, receive, send):
        await receive()
        await go.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body"})

    async def request(path):
        sent = []

        async def receive():
            read.append(path)
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message):
            sent.append(message)

        await guard({"type": "http", "headers": [], "method": "GET", "path": path}, receive, send)
        return sent[0]["status"], dict(sent[0]["headers"]).get(b"retry-after")

    guard = Guard(slow, max_body_bytes=10, waiting=2)

    async def several():
        asked = [asyncio.ensure_future(request(path)) for path in ("/a", "/b", "/c", "/healthz")]
        await asyncio.sleep(0.01)
        go.set()
        return [*await asyncio.gather(*asked), await request("/d")]

    assert asyncio.run(several()) == [(200, None), (200, None), (503, b"1"), (200, None), (200, None)]
    assert read == ["/a", "/b", "/healthz", "/d"]


@pytest.mark.parametrize(
    ("path", "status"), [("/a", 200), ("/a/1/answers.csv", 200), ("/ab", 503), ("/", 503), ("/b/a", 503)]
)
def test_where_files_are_sent_and_fetched_more_time_is_given(path, status):
    async def slow(scope, receive, send):
        await asyncio.sleep(0.2)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body"})

    sent = []

    async def send(message):
        sent.append(message)

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    guard = Guard(slow, max_body_bytes=10, seconds=0.01, slower={"/a": 60.0})
    asyncio.run(guard({"type": "http", "headers": [], "method": "GET", "path": path}, receive, send))
    assert sent[0]["status"] == status
