import asyncio
import json

import pytest
from jsonschema import Draft202012Validator

from classifier.model.account_model import AUDIENCE
from service.web import app
from service.web.problems import MAX_FIELD_ERRORS, MEDIA_TYPE, PROBLEMS

HOSTILE = {
    "script": "<script>alert(1)</script>",
    "attribute": "\" onmouseover=alert(1) '",
    "template": "{{ 7 * 7 }}${7*7}",
    "long": "a" * 5000,
    "nul": "Jane\x00Roe",
    "bidi": "Jane\u202e\u2066Roe",
    "surrogate": "Jane\ud800Roe",
    "ignorable": "J\u200ba\u2060ne",
    "combining": "e" + "\u0301" * 3000,
    "path": "../../etc/passwd",
    "sql": "'; DROP TABLE accounts; --",
}
TEXTS = ["handle", "platform", "account_id", "display_name", "bio", "location", "avatar_pdq"]


def valid(client, response):
    """Check an answer against what the service's own document says of it."""
    document = client.get("/openapi.json").json()
    operation = document["paths"]["/v1/checks"]["post"]
    content = operation["responses"][str(response.status_code)]["content"]
    schema = content[response.headers["content-type"]]["schema"] | {"components": document["components"]}
    Draft202012Validator(schema).validate(response.json())
    return response


def test_each_verdict_on_the_wire(make_client, answer):
    client = make_client(answer)
    response = valid(client, client.check())
    assert response.status_code == 200
    assert (response.json()["clearance"] is not None) == (response.json()["verdict"] == "cleared")
    assert response.json()["entry"]["seq"] > 0
    assert response.json()["inauthentic_probability"] == (None if answer == "no_target" else 0.93)
    assert response.json()["inauthentic"] == (None if answer == "no_target" else True)
    assert (response.json()["inauthentic_reason"] is None) == (answer != "no_target")
    assert (response.json()["target"] is None) == (answer == "no_target")


def test_a_check_waits_for_no_thread_that_only_hands_something_over(client, monkeypatch):
    """What a route depends on is a coroutine: FastAPI would call a plain function in a thread, which waits its turn."""

    async def refuse(*_, **__):
        raise AssertionError("a thread was asked for")

    monkeypatch.setattr("anyio.to_thread.run_sync", refuse)
    assert client.check().status_code == 200


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_text_is_checked_or_refused(client, request_body, kind, name):
    body = request_body()
    body["account"][name] = HOSTILE[kind]
    sent = json.dumps(body)  # in ASCII: an unpaired surrogate travels as its escape
    response = client.post("/v1/checks", content=sent, headers={"content-type": "application/json"})
    assert response.status_code in {200, 422}
    valid(client, response)


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_text_in_a_raw_profile_is_checked_or_refused(client, kind):
    text = HOSTILE[kind]
    profile = {"username": text, "name": text, "public_metrics": {"followers_count": text}, text[:50]: [text]}
    sent = json.dumps({"format": "x-v2", "account": profile, "action": "suspend", "actor": {"actor_id": "a"}})
    response = client.post("/v1/checks", content=sent, headers={"content-type": "application/json"})
    assert response.status_code in {200, 422}
    valid(client, response)


@pytest.mark.parametrize("format_", ["x-v1", "x-v2", "mastodon", "bluesky"])
@pytest.mark.parametrize("account", [{}, {"handle": None}, {"id": [], "username": {"a": 1}, "acct": [3], "did": True}])
def test_an_odd_profile_is_bad_input(client, format_, account):
    response = valid(client, client.check(format=format_, account=account))
    assert response.status_code == 422
    assert response.json()["code"] == "bad_input"


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"account": {}}, "account.handle", "is required"),
        ({"account": {"handle": 17}}, "account.handle", "must be text"),
        ({"account": {"handle": "a", "followers": "12"}}, "account.followers", "must be a whole number"),
        ({"account": {"handle": "a", "followers": True}}, "account.followers", "must be a whole number"),
        ({"account": {"handle": "a", "followers": -1}}, "account.followers", "greater than or equal to 0"),
        ({"account": {"handle": "a", "verified": 1}}, "account.verified", "must be true or false"),
        ({"account": {"handle": "a", "links": "b"}}, "account.links", "must be a list"),
        ({"account": {"handle": "a", "links": [1]}}, "account.links.0", "must be text"),
        ({"account": {"handle": "a", "created_at": "yesterday"}}, "account.created_at", "RFC 3339"),
        ({"account": {"handle": "a", "created_at": "2026-02-30T00:00:00Z"}}, "account.created_at", "RFC 3339"),
        ({"account": {"handle": "a", "user_name": "b"}}, "account.user_name", "is not a field"),
        ({"account": "a"}, "account", "must be an object"),
        ({"account": "a", "format": "x-v1"}, "account", "must be an object"),
        ({"format": "myspace"}, "format", "'x-v1'"),
        ({"action": "ban"}, "action", "'suspend', 'deactivate', 'delete' or 'require_change'"),
        ({"actor": {"actor_id": ""}}, "actor.actor_id", "is required"),
        ({"actor": {"actor_id": "a\nb"}}, "actor.actor_id", "no control character"),
        ({"actor": {"actor_id": "a", "access_ends_at": 1700000000}}, "actor.access_ends_at", "RFC 3339"),
        ({"actor": {"actor_id": "a", "access_ends_at": "2026-05-01T12:00:00"}}, "actor.access_ends_at", "RFC 3339"),
        ({"report": [1]}, "report", "text or an object"),
        ({"report": "a" * 10_001}, "report", "at most"),
        ({"token": "x"}, "token", "is not a field"),
    ],
)
def test_an_invalid_request_names_its_field(client, changes, field, message):
    response = valid(client, client.check(**changes))
    assert response.status_code == 422
    [error] = response.json()["errors"]
    assert error["field"] == field
    assert message in error["message"]


@pytest.mark.parametrize("content", [b"[]", b"null", b'"a"', b"1"])
def test_a_body_that_is_no_object(client, content):
    response = client.post("/v1/checks", content=content, headers={"content-type": "application/json"})
    assert response.status_code == 422
    assert response.json()["errors"] in (
        [{"field": "", "message": "must be an object"}],
        [{"field": "", "message": "is required"}],
    )


def test_a_hostile_field_name_is_not_repeated(client):
    response = client.check(account={"handle": "a", "<script>alert(1)</script>": 1})
    assert response.json()["errors"][0]["field"] == "account.?"


def test_errors_are_bounded(client):
    account = {"handle": "a"} | {f"field_{number}": 1 for number in range(1000)}
    assert len(client.check(account=account).json()["errors"]) == MAX_FIELD_ERRORS


@pytest.mark.parametrize(
    "content",
    [b"{", b"\xff", b'{"a": NaN}', b"[" * 100_000, b'{"a":' * 10_000 + b"1" + b"}" * 10_000, b"[" * 40 + b"]" * 40],
)
def test_what_is_no_json_is_malformed(client, content):
    response = valid(client, client.post("/v1/checks", content=content, headers={"content-type": "application/json"}))
    assert response.status_code == 400
    assert response.json()["code"] == "malformed_body"


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", ""])
def test_another_media_type_is_refused(client, media_type):
    response = client.post("/v1/checks", content=b"{}", headers={"content-type": media_type})
    assert response.status_code == 415


def test_a_media_type_may_have_parameters(client, request_body):
    content = json.dumps(request_body()).encode()
    response = client.post("/v1/checks", content=content, headers={"content-type": "Application/JSON; charset=utf-8"})
    assert response.status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "not_found"),
        ("GET", "/v1/checks/", 404, "not_found"),
        ("GET", "/static/page.html", 404, "not_found"),
        ("DELETE", "/v1/checks", 405, "method_not_allowed"),
        ("DELETE", "/", 405, "method_not_allowed"),
    ],
)
def test_the_framework_answers_by_problems_too(client, method, path, status, code):
    response = client.request(method, path)
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert response.headers["content-type"] == MEDIA_TYPE
    assert (status == 405) == ("allow" in response.headers)


def test_alive_whatever_the_model_does(make_client):
    assert make_client(RuntimeError()).get("/healthz").json() == {"status": "alive"}


def test_ready_names_what_serves(client):
    ready = client.get("/readyz").json()
    assert ready == {
        "status": "ready",
        "model_id": client.scorer.model_id,
        "registry_version": client.scorer.registry.version,
        "protected_accounts": 1,
        "demo": True,
    }


def test_a_configured_registry_is_no_demonstration(make_client, tmp_path):
    registry = tmp_path / "registry.csv"
    registry.write_text("platform,handle\nx,JaneRoe\n", encoding="utf-8")
    assert make_client(registry=registry).get("/readyz").json()["demo"] is False


def test_not_ready_when_it_cannot_score(make_client):
    response = make_client(RuntimeError()).get("/readyz")
    assert (response.status_code, response.json()["code"]) == (503, "model_unusable")


def test_answers_are_not_kept_by_caches(client):
    assert client.check().headers["cache-control"] == "no-store"


def routes(client):
    return [
        (path, method) for path, methods in client.get("/openapi.json").json()["paths"].items() for method in methods
    ]


def test_every_route_is_in_the_document(client):
    assert sorted(routes(client)) == [
        ("/.well-known/jwks.json", "get"),
        ("/healthz", "get"),
        ("/metrics", "get"),
        ("/readyz", "get"),
        ("/v1/appeals", "get"),
        ("/v1/appeals/{appeal_id}", "get"),
        ("/v1/appeals/{appeal_id}/decision", "post"),
        ("/v1/appeals/{appeal_id}/lift", "post"),
        ("/v1/checks", "get"),
        ("/v1/checks", "post"),
        ("/v1/checks/batch", "post"),
        ("/v1/checks/{check_id}", "get"),
        ("/v1/checks/{check_id}/appeals", "post"),
        ("/v1/checks/{check_id}/approvals", "post"),
        ("/v1/checks/{check_id}/clearance", "post"),
        ("/v1/checks/{check_id}/notice", "get"),
        ("/v1/checks/{check_id}/outcome", "post"),
        ("/v1/checks/{check_id}/statement", "get"),
        ("/v1/checks/{check_id}/statement", "post"),
        ("/v1/checks/{check_id}/withdrawal", "post"),
        ("/v1/clearances/redeem", "post"),
        ("/v1/clearances/{clearance_id}/revoke", "post"),
        ("/v1/demands", "get"),
        ("/v1/demands/{demand_id}", "get"),
        ("/v1/demands/{demand_id}/look", "post"),
        ("/v1/findings", "get"),
        ("/v1/findings", "post"),
        ("/v1/findings/{finding_id}", "get"),
        ("/v1/findings/{finding_id}/end", "post"),
        ("/v1/gates/{gate}", "put"),
        ("/v1/handles/{platform}/{handle}", "get"),
        ("/v1/models", "get"),
        ("/v1/protected", "get"),
        ("/v1/protected/{platform}/{handle}", "delete"),
        ("/v1/protected/{platform}/{handle}", "get"),
        ("/v1/protected/{platform}/{handle}", "put"),
        ("/v1/registry/changes", "get"),
        ("/v1/registry/changes/{change_id}", "get"),
        ("/v1/registry/changes/{change_id}/approvals", "post"),
        ("/v1/reporters", "get"),
        ("/v1/second-looks", "get"),
        ("/v1/second-looks/report", "get"),
        ("/v1/second-looks/{check_id}", "get"),
        ("/v1/second-looks/{check_id}/answer", "post"),
    ]


def test_every_code_is_in_the_document(client):
    problem = client.get("/openapi.json").json()["components"]["schemas"]["Problem"]
    assert problem["properties"]["code"]["enum"] == [kind.code for kind in PROBLEMS.values()]


def test_every_error_a_check_can_end_in_is_documented(client):
    documented = client.get("/openapi.json").json()["paths"]["/v1/checks"]["post"]["responses"]
    assert {int(status) for status in documented} == {200, 400, 401, 403, 409, 413, 415, 422, 500, 503}
    assert all(MEDIA_TYPE in documented[status]["content"] for status in documented if status != "200")


def test_the_documented_examples_work(client):
    content = client.get("/openapi.json").json()["paths"]["/v1/checks"]["post"]["requestBody"]["content"]
    for example in content["application/json"]["examples"].values():
        assert client.post("/v1/checks", json=example["value"]).status_code == 200


def test_the_document_says_what_the_account_alone_cannot_do(client):
    fields = client.get("/openapi.json").json()["components"]["schemas"]["CheckResponse"]["properties"]
    assert "never clears anything" in fields["inauthentic_probability"]["description"]
    assert f"for an account with fewer than {AUDIENCE} followers" in fields["inauthentic"]["description"]


def test_requests_have_the_documented_form(client, request_body):
    document = client.get("/openapi.json").json()
    content = document["paths"]["/v1/checks"]["post"]["requestBody"]["content"]["application/json"]
    validator = Draft202012Validator(content["schema"] | {"components": document["components"]})
    validator.validate(request_body())
    validator.validate(request_body(format="mastodon", account={"acct": "jane"}, report={"ticket": 1}))
    assert not validator.is_valid(request_body(account={}))
    assert not validator.is_valid(request_body(format="myspace"))


def test_uploads_are_scored_as_long_as_the_service_runs(make_client, monkeypatch):
    seen = []

    class Recorded:
        def __init__(self, settings, *_):
            seen.append(settings.home)

        def start(self):
            seen.append("start")

        def stop(self):
            seen.append("stop")

    monkeypatch.setattr(app, "Runner", Recorded)
    client = make_client(monitor_minutes=0)

    async def lived():
        async with client.app.router.lifespan_context(client.app):
            seen.append("serves")

    asyncio.run(lived())
    assert seen == [client.settings.home, "start", "serves", "stop"]


@pytest.mark.parametrize("name", ["since", "until"])
def test_a_search_takes_times_and_no_numbers(recorded, name):
    recorded.check()
    for time, status in (("2026-04-01T00:00:00Z", 200), ("9999-12-31T23:59:59-14:00", 422), ("0.5", 422), ("0", 422)):
        assert recorded.get("/v1/checks", params={name: time}).status_code == status, time


@pytest.mark.parametrize("time", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00"])
def test_a_time_that_is_none_in_utc_is_refused_wherever_it_stands(recorded, request_body, time):
    named = {"actor": {"actor_id": "agent-17", "access_ends_at": time}}
    dated = {"account": request_body()["account"] | {"created_at": time}}
    for changes, field in ((named, "actor.access_ends_at"), (dated, "account.created_at")):
        problem = recorded.check(**changes).json()
        assert (problem["status"], problem["errors"][0]["field"]) == (422, field)


def test_a_whole_number_may_be_written_with_a_point(recorded, request_body):
    account = request_body()["account"] | {"followers": 12.0, "account_id": 9001.0}
    answer = recorded.check(account=account).json()
    assert answer["verdict"] == "cleared", answer
    known = recorded.get(f"/v1/checks/{answer['check_id']}").json()["account"]
    assert (known["followers"], known["account_id"]) == (12, "9001")
