"""Signing in: with the own key, a few times only, into a session that other sites cannot use."""

import asyncio
import secrets
from datetime import timedelta

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.auth.api_keys import end_access, revoke_key
from service.server.run import _config
from service.web.console.session_guard import COOKIE
from service.web.console.sign_in_pages import PEOPLE, own_path
from tests.service.conftest import NOW

NO_KEY = "dck_0123456789abcdef_" + "A" * 43


@pytest.fixture
def service(make_client):
    """A service of its own, which counts wrong keys from the beginning."""
    return make_client(total_daily=10**6)


@pytest.fixture
def real(make_client, tmp_path):
    """A service with a registry: no demonstration."""
    registry = tmp_path / "registry.csv"
    registry.write_text("platform,handle\nx,JaneRoe\n", encoding="utf-8")
    return make_client(registry=registry)


PAGES = ["/history", "/reviews", "/checks/00000000-0000-4000-8000-000000000000"]


@pytest.mark.parametrize("path", PAGES)
def test_nobody_sees_a_page_without_signing_in_and_then_it_follows(real, person, path):
    nobody = person(real)
    response = nobody.get(path, follow=False).response
    assert (response.status_code, response.headers["location"]) == (303, f"/sign-in?next={path}")
    assert nobody.get(path).hidden["next"] == path
    assert nobody.get("/").hidden["next"] == "/"


def test_nothing_of_the_registry_is_shown_to_nobody(real, person):
    assert "JaneRoe" not in person(real).get("/").response.text


def test_a_key_signs_in_and_the_cookie_is_for_the_browser_alone(real, person):
    page = person(real).send(
        "POST", "/sign-in", follow=False, data={"key": real.key("ada", "reviewer"), "next": "/reviews"}
    )
    assert (page.status, page.response.headers["location"]) == (303, "/reviews")
    cookie = page.response.headers["set-cookie"].lower()
    assert cookie.startswith(f"{COOKIE}=")
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "path=/" in cookie
    assert "secure" not in cookie, "over plain HTTP it would never come back"


def test_cookies_go_over_https_alone_where_that_is_set(make_client, person):
    """Whatever the proxy forgets to say."""
    service = make_client(secure_cookies=True)
    key = service.key("ada", "reviewer")
    page = person(service).send("POST", "/sign-in", follow=False, data={"key": key, "next": "/"})
    assert "; secure" in page.response.headers["set-cookie"].lower()


def test_the_key_is_on_no_page(real, person):
    ada = person(real, "ada", "reviewer")
    assert real.key("ada", "reviewer") not in ada.get("/reviews").response.text


@pytest.mark.parametrize("key", ["", "a", NO_KEY, "dck_" + "é" * 20])
def test_what_is_no_key_signs_nobody_in(service, person, key):
    page = person(service).send("POST", "/sign-in", data={"key": key})
    assert page.status == 401
    assert "key is not valid" in page.text
    assert "set-cookie" not in page.response.headers


@pytest.mark.parametrize("lost", ["key", "access"])
def test_who_has_left_does_not_sign_in_and_is_signed_out(real, person, lost):
    ada, key = person(real, "ada", "reviewer"), real.key("ada", "reviewer")
    if lost == "key":
        real.commit(lambda transaction: revoke_key(transaction, key.split("_")[1]))
    else:
        real.commit(lambda transaction: end_access(transaction, "ada", NOW))
    real.check_service.callers._known.clear()  # what was found is believed for a second
    assert ada.get("/reviews").text.count("Sign in") or ada.get("/reviews").status == 403
    assert "Waiting" not in ada.get("/reviews").text
    assert person(real).send("POST", "/sign-in", data={"key": key}).status == 401


def test_after_ten_wrong_keys_even_the_right_one_waits(service, person):
    nobody = person(service)
    for _ in range(10):
        assert nobody.send("POST", "/sign-in", data={"key": NO_KEY}).status == 401
    page = nobody.send("POST", "/sign-in", data={"key": service.key("ada", "reviewer")})
    assert page.status == 429
    assert "Wait five minutes" in page.text


def test_wrong_secrets_of_one_key_are_counted_wherever_they_come_from(service, person):
    """Whoever has many addresses has no more guesses at one key; other keys are not held up by that."""
    key = service.key("ada", "reviewer")
    wrong = f"{key[:21]}{'A' * 43}"
    statuses = [asyncio.run(sent_from(service.app, f"192.0.2.{number}", wrong)).status_code for number in range(12)]
    assert statuses == [401] * 10 + [429] * 2
    assert asyncio.run(sent_from(service.app, "198.51.100.1", key)).status_code == 429
    assert asyncio.run(sent_from(service.app, "198.51.100.1", service.key("bob", "reviewer"))).status_code == 303


def test_an_address_is_the_connections_whatever_a_header_says(service):
    """Over the server as it is started: without a setting nobody's X-Forwarded-For is believed, not even loopback's."""
    statuses = [attempt(service, "127.0.0.1", f"198.51.100.{number}") for number in range(12)]
    assert statuses == [401] * 10 + [429] * 2


def test_addresses_of_one_ipv6_network_are_one(service):
    assert [attempt(service, f"2001:db8::{number}") for number in range(1, 13)] == [401] * 10 + [429] * 2
    assert attempt(service, "2001:db8:0:1::1") == 401
    assert [attempt(service, f"::ffff:192.0.2.{number}") for number in (1, 2)] == [401] * 2


def test_only_a_proxy_that_is_named_tells_whose_address_it_is(make_client):
    service = make_client(trusted_proxies="10.0.0.0/8, 127.0.0.1", total_daily=10**6)
    assert [attempt(service, "10.1.2.3", f"198.51.100.{number}") for number in range(12)] == [401] * 12
    # What the client itself put before it is not believed: only the last address is the proxy's word.
    forged = [attempt(service, "127.0.0.1", f"203.0.113.{number}, 198.51.100.99") for number in range(12)]
    assert forged == [401] * 10 + [429] * 2
    assert [attempt(service, "192.0.2.1", f"203.0.113.{number}") for number in range(11)] == [401] * 10 + [429]


def attempt(service, address, forwarded=None):
    """Try a key that nobody has, each time another, at the application under its server; return the status."""
    config = _config(service.app, service.settings)
    config.load()
    key = f"dck_{secrets.token_hex(8)}_{'A' * 43}"
    return asyncio.run(sent_from(config.loaded_app, address, key, forwarded)).status_code


async def sent_from(app, address, key, forwarded=None):
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    transport = httpx.ASGITransport(app=app, client=(address, 4711))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        return await client.post("/sign-in", data={"key": key, "next": "/"}, headers=headers)


def test_right_keys_are_not_counted(service, person):
    for _ in range(15):
        assert person(service, "ada", "reviewer").get("/reviews").status == 200


def test_signing_out_ends_it_everywhere(real, person):
    ada, tab = person(real, "ada", "reviewer"), person(real)
    tab.cookie = ada.cookie
    assert "Your API key" in ada.post("/sign-out", on="/reviews").text
    assert "Your API key" in tab.get("/reviews").text
    assert tab.send("POST", "/sign-out", data={"csrf": ""}).status == 200, "twice does no harm"


# --- what was typed is kept ------------------------------------------------------------------------------------------


def test_a_session_that_ended_in_mid_review_loses_nothing_and_records_nothing(make_client, person):
    client = make_client("below_threshold", total_daily=10**6)
    agent, one = person(client, "agent-17", "agent"), person(client, "rev-1", "reviewer")
    agent.check(paste="JaneR0e", platform="x")
    hidden = one.get(agent.path).hidden
    client.clock.at = NOW + timedelta(minutes=31)
    typed = {"answer": "approve", "reason": 'He "writes" as her.\nTwice.'}
    page = one.send("POST", f"{agent.path}/answer", data=hidden | typed)
    assert page.status == 401
    assert "Nothing was recorded." in page.text
    back = one.send("POST", "/sign-in", data=page.hidden | {"key": client.key("rev-1", "reviewer")})
    assert back.status == 200
    assert 'He "writes" as her.\nTwice.' in "".join(back.texts)
    assert client.get(f"/v1{agent.path}", by=("aud", "auditor")).json()["review"]["approvals"] == []
    done = one.send("POST", f"{agent.path}/answer", data=back.hidden | typed | {"typed_handle": "JaneR0e"})
    assert 'He "writes" as her.' in "".join(done.texts)
    assert done.status == 200


def test_a_check_that_was_typed_is_kept_too(service, person):
    agent = person(service, "agent-17", "agent")
    hidden = agent.get("/").hidden
    service.clock.at = NOW + timedelta(hours=9)
    page = agent.send("POST", "/", data=hidden | {"paste": "JaneR0e", "action": "delete", "followers": "12"})
    assert page.status == 401
    back = agent.send("POST", "/sign-in", data=page.hidden | {"key": service.key("agent-17", "agent")})
    assert "JaneR0e" in "".join(back.texts)
    assert any(field.get("value") == "12" for field in back.all("input"))


# --- the demonstration -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PEOPLE)
def test_a_demonstration_can_be_tried_as_anybody_invented(service, person, name):
    somebody = person(service)
    page = somebody.send("POST", "/sign-in/demo", data={"person": name, "next": "/history"})
    assert name in page.text
    assert "Demonstration." in page.text


def test_invented_people_are_nobody_where_real_ones_are_protected(real, service, person):
    somebody = person(real)
    assert somebody.send("POST", "/sign-in/demo", data={"person": "demo-agent"}).status == 401
    assert "demo-agent" not in somebody.get("/").text
    tried = person(service)
    tried.send("POST", "/sign-in/demo", data={"person": "demo-auditor", "next": "/history"})
    assert tried.get("/history").status == 200
    tried.client = real_with_the_database_of(real, service)
    assert "Your API key" in tried.get("/history").text


def real_with_the_database_of(real, service):
    """The demonstration's database, once somebody gave it a registry."""
    real.check_service.sessions._engine = service.check_service.engine
    return real


# --- where it leads --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "evil",
        "",
        "/a\nb",
        "/\t/evil",
    ],
)
def test_it_never_leads_to_another_host(address):
    assert own_path(address) == "/"


@given(st.text(max_size=30))
def test_wherever_it_leads_is_a_path_here(address):
    found = own_path(address)
    assert found.startswith("/")
    assert found[1:2] not in {"/", "\\"}
    assert found.isascii()


@pytest.mark.parametrize("headers", [{"sec-fetch-site": "cross-site"}, {"origin": "http://evil.example"}])
def test_another_site_signs_nobody_in_or_out(service, person, headers):
    ada = person(service, "ada", "reviewer")
    for path in ("/sign-in", "/sign-in/demo", "/sign-out"):
        assert ada.send("POST", path, headers=headers, data={"key": service.key("ada", "reviewer")}).status == 403
    assert ada.get("/reviews").status == 200
