"""Signing in with a provider that runs here, with real signatures; and whoever tries to be somebody else."""

from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from sqlalchemy import select
from starlette.responses import JSONResponse, RedirectResponse, Response

from service.auth.oidc import exchange
from service.auth.oidc import provider as provider_module
from service.errors import SettingsError
from service.records.tables import keys, log, sessions
from service.web.console.session_guard import COOKIE
from tests.service.auth.oidc.conftest import Browser, told
from tests.service.oidc_provider import JANE, SECOND, SECRET, STRANGE


def rows(service, table=keys):
    with service.check_service.engine.connect() as connection:
        return connection.execute(select(table)).all()


def changed(path, **changes):
    """Return an address with other values in its query."""
    query = {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()} | changes
    return f"{urlsplit(path).path}?{urlencode({name: value for name, value in query.items() if value is not None})}"


# --- who is let in ---------------------------------------------------------------------------------------------------


def test_who_signs_in_there_is_signed_in_here_on_the_page_that_was_asked_for(browser):
    response = browser.signs_in("/history?page=2")
    assert (response.status_code, response.headers["location"]) == (303, "/history?page=2")
    page = browser.get("/history")
    assert page.status_code == 200
    assert "jane@login.example" in page.text
    assert "(reviewer)" in page.text


def test_what_is_asked_of_the_provider_is_bound_to_the_browser(browser):
    there = browser.get("/sign-in/provider")
    asked = parse_qs(urlsplit(there.headers["location"]).query)
    assert asked["response_type"] == ["code"]
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == ["http://localhost/sign-in/provider/back"]
    assert all(len(asked[name][0]) == 43 for name in ("state", "nonce", "code_challenge"))
    cookie = there.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "path=/sign-in/provider" in cookie
    assert "max-age=600" in cookie


def test_the_session_is_recorded_as_any_other_and_holds_no_token(register):
    service = register()
    Browser(service).signs_in()
    [key] = rows(service)
    assert [row.kind for row in rows(service, log) if row.subject == key.id] == ["key_created", "signed_in"]
    assert [row.key_id for row in rows(service, sessions)] == [key.id]
    kept = str([*rows(service), *rows(service, log), *rows(service, sessions)])
    assert "a-token" not in kept
    assert JANE["sub"] not in kept.replace(key.subject, ""), "a digest has to do"
    assert SECRET not in kept


def test_sessions_last_as_long_as_the_settings_say(service, browser):
    browser.signs_in()
    service.clock.at += timedelta(minutes=31)
    assert browser.get("/history").headers["location"].startswith("/sign-in")


def test_the_sign_in_page_names_the_provider_and_keeps_keys(service, browser):
    page = browser.get("/sign-in?next=/reviews").text
    assert 'href="/sign-in/provider?next=/reviews"' in page
    assert "Sign in with Login Example" in page
    assert 'name="key"' in page


def test_without_a_provider_there_is_none(make_client):
    browser = Browser(make_client())
    assert "/sign-in/provider" not in browser.get("/sign-in").text
    for path in ("/sign-in/provider", "/sign-in/provider/back", "/sign-in/provider/out"):
        assert browser.get(path).status_code == 404
    assert browser.send("POST", "/sign-in/kept", data={"next": "/"}).status_code == 404


def test_claims_that_the_token_lacks_are_asked_for(provider, browser):
    provider.claims = {"sub": "u-1"}
    provider.userinfo = dict(JANE)
    assert browser.signs_in().status_code == 303
    assert "/userinfo" in provider.seen


def test_what_the_token_says_needs_no_more_questions(provider, browser):
    browser.signs_in()
    assert "/userinfo" not in provider.seen


def test_the_secret_may_be_asked_for_in_the_body(provider, browser):
    provider.document = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    assert browser.signs_in().status_code == 303


def test_a_key_that_the_provider_changed_is_taken_from_then_on(provider, browser, service):
    assert browser.signs_in().status_code == 303
    provider.keys = [SECOND]
    assert Browser(service).signs_in().status_code == 303


# --- who is not ------------------------------------------------------------------------------------------------------


def refused(browser, path, status=403):
    """Tell that somebody is not let in, and return what they are told."""
    response = browser.get(path)
    assert (response.status_code, browser.is_in) == (status, False), response.text
    assert not browser.pending, "what was pending is over"
    return told(response)


def test_another_state_is_another_sign_in(provider, browser):
    back = browser.goes_to_the_provider()
    assert "another sign-in" in refused(browser, changed(back, state="A" * 43))
    assert "/token" not in provider.seen


@pytest.mark.parametrize("state", [None, "", "é"])
def test_no_state_is_no_answer(browser, state):
    refused(browser, changed(browser.goes_to_the_provider(), state=state))


def test_an_answer_is_for_the_browser_that_began(browser, service, provider):
    back = browser.goes_to_the_provider()
    assert "another browser" in refused(Browser(service), back, 401)
    other = Browser(service)
    other.goes_to_the_provider()
    refused(other, back)
    assert "/token" not in provider.seen


def test_a_code_is_used_once(browser, service):
    back, pending = browser.goes_to_the_provider(), browser.cookies.copy()
    assert browser.get(back).status_code == 303
    again = Browser(service)
    assert "another browser" in refused(again, back, 401)
    again.cookies = pending
    assert "used already" in refused(again, back)


def test_a_code_is_bound_to_the_browser_that_began_by_pkce(browser, service):
    """A stolen code, brought with the thief's own state, is worth nothing."""
    stolen = parse_qs(urlsplit(browser.goes_to_the_provider()).query)["code"][0]
    thief = Browser(service)
    assert "start again" in refused(thief, changed(thief.goes_to_the_provider(), code=stolen))


def test_ten_minutes_later_it_is_too_late(service, browser):
    back = browser.goes_to_the_provider()
    service.clock.at += timedelta(minutes=10)
    assert "ten minutes" in refused(browser, back, 401)


def test_a_pending_sign_in_is_signed_by_us(browser):
    back = browser.goes_to_the_provider()
    content, rest = browser.pending.split(".", 1)
    for forged in (f"{content[:-2]}AA.{rest}", f"{content}.{rest[:-4]}", content, "a.b.c", "." * 3, "é", "A" * 5_000):
        browser.cookies["doublecheck_sign_in"] = forged.encode("ascii", "ignore").decode()
        assert "another browser" in refused(browser, back, 401)


FORGED = {
    "unsigned": lambda provider: provider.unsigned,
    "signed with the public key as a secret": lambda provider: provider.signed_with_a_secret,
    "signed by somebody else under a known key id": lambda provider: lambda claims: provider.signed(claims, STRANGE),
    "signed by a key that is not published": lambda provider: lambda claims: provider.signed(claims, SECOND),
    "no token": lambda _: lambda _: "",
    "no JSON": lambda _: lambda _: "a.b.c",
    "changed after it was signed": lambda provider: lambda claims: swapped(provider, claims),
}


def swapped(provider, claims):
    head, _, signature = provider.signed(claims).split(".")
    return ".".join([head, provider.signed(claims | {"sub": "u-2"}).split(".")[1], signature])


@pytest.mark.parametrize("how", FORGED)
def test_a_token_that_is_not_the_providers_lets_nobody_in(provider, browser, how):
    provider.forge = FORGED[how](provider)
    assert "does not hold" in refused(browser, browser.goes_to_the_provider())


WRONG = {
    "nonce of another sign-in": {"nonce": "A" * 43},
    "no nonce": {"nonce": None},
    "another audience": {"aud": "another-client"},
    "another audience, issued to us": {"aud": "another-client", "azp": "doublecheck"},
    "one audience of several, and not who it was issued to": {"aud": ["doublecheck", "other"], "azp": "other"},
    "one audience of several, and nobody named": {"aud": ["doublecheck", "other"]},
    "another issuer": {"iss": "https://elsewhere.example"},
    "no subject": {"sub": None},
    "an empty subject": {"sub": ""},
    "a number as subject": {"sub": 7},
    "expired": {"exp": -120},
    "no expiry": {"exp": None},
    "an expiry that is no number": {"exp": "later"},
    "issued in the future": {"iat": 120},
    "not valid yet": {"nbf": 120},
}


@pytest.mark.parametrize("what", WRONG)
def test_a_token_for_something_else_lets_nobody_in(provider, browser, what):
    def spoil(claims):
        for name, value in WRONG[what].items():
            is_time = name in {"exp", "iat", "nbf"} and isinstance(value, int)
            claims[name] = provider.now() + value if is_time else value
            if value is None:
                del claims[name]

    provider.spoil = spoil
    assert "does not hold" in refused(browser, browser.goes_to_the_provider())


@pytest.mark.parametrize(("name", "seconds"), [("exp", -50), ("iat", 50), ("nbf", 50)])
def test_clocks_may_differ_by_less_than_a_minute(provider, browser, name, seconds):
    provider.spoil = lambda claims: claims.update({name: provider.now() + seconds})
    assert browser.signs_in().status_code == 303


def test_an_answer_in_the_name_of_another_provider_is_none(provider, browser):
    provider.more = {"iss": "https://elsewhere.example"}
    assert "another provider" in refused(browser, browser.goes_to_the_provider())
    assert "/token" not in provider.seen


def test_who_cancels_is_told_so(provider, browser):
    provider.error = "access_denied"
    provider.more = {"error_description": "<b>Call 555-0100</b>"}
    said = refused(browser, browser.goes_to_the_provider())
    assert "cancelled" in said
    assert "555" not in said


def test_user_info_of_somebody_else_is_nobodys(provider, browser):
    provider.claims = {"sub": "u-1"}
    provider.userinfo = JANE | {"sub": "u-2"}
    assert "another person" in refused(browser, browser.goes_to_the_provider())


@pytest.mark.parametrize(
    "address", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_it_never_leads_to_another_host(browser, address):
    back = browser.goes_to_the_provider(address)
    assert browser.get(changed(back, next=address)).headers["location"] == "/"


# --- a provider that fails -------------------------------------------------------------------------------------------

BROKEN = {
    "an error": Response("down", 503),
    "no JSON": Response("<html>"),
    "a list": JSONResponse([]),
    "members twice": Response('{"issuer": "a", "issuer": "b"}'),
    "too much": Response(b"{" + b" " * exchange.MAX_ANSWER + b"}"),
    "packed": Response("{}", headers={"content-encoding": "gzip"}),
    "somewhere else": RedirectResponse("https://elsewhere.example/"),
    "a refusal": JSONResponse({"error": "invalid_client"}, 401),
}


@pytest.mark.parametrize("how", BROKEN)
@pytest.mark.parametrize("where", ["/.well-known/openid-configuration", "/token", "/keys", "/userinfo"])
def test_a_provider_that_fails_lets_nobody_in_and_keys_still_do(provider, service, where, how):
    browser = Browser(service)
    provider.claims = {"sub": "u-1"}  # so that user info is asked for
    provider.userinfo = dict(JANE)
    provider.answer = lambda path: BROKEN[how] if path == where else None
    if where.startswith("/.well"):
        response = browser.get("/sign-in/provider")
    else:
        response = browser.get(browser.goes_to_the_provider())
    assert (response.status_code, browser.is_in) == (503, False)
    assert "Login Example cannot be reached" in told(response)
    data = {"key": service.key("ada", "reviewer"), "next": "/"}
    assert browser.send("POST", "/sign-in", data=data).status_code == 303


def test_a_provider_that_is_gone_is_not_asked_again_at_once(provider, browser):
    provider.answer = lambda _: Response(status_code=500)
    for _ in range(3):
        assert browser.get("/sign-in/provider").status_code == 503
    assert len(provider.seen) == 1


def test_a_provider_that_is_slow_is_not_waited_for(browser, monkeypatch):
    monkeypatch.setattr(exchange, "SECONDS", 0.0)
    assert browser.get("/sign-in/provider").status_code == 503


def test_a_sign_in_as_a_whole_is_not_waited_for_long(browser, monkeypatch):
    back = browser.goes_to_the_provider()
    monkeypatch.setattr(provider_module, "DEADLINE", 0.0)
    assert "cannot be reached" in refused(browser, back, 503)


@pytest.mark.parametrize(
    "document",
    [
        {"issuer": "https://elsewhere.example"},
        {"token_endpoint": "http://login.example/token"},
        {"jwks_uri": None},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"end_session_endpoint": "ftp://login.example/"},
    ],
)
def test_a_document_that_is_not_the_providers_or_leads_to_plain_http_is_not_used(provider, browser, document):
    provider.document = document
    assert browser.get("/sign-in/provider").status_code == 503


def test_nothing_of_a_person_or_a_secret_is_logged(provider, browser, caplog):
    caplog.set_level("DEBUG", logger="service")
    browser.signs_in()
    provider.spoil = lambda claims: claims.update(nonce="x")
    browser.get(browser.goes_to_the_provider())
    provider.answer = lambda path: JSONResponse({"error": "jane@login.example"}, 400) if path == "/token" else None
    browser.get(browser.goes_to_the_provider())
    assert "the error of another kind" in caplog.text
    for secret in ("jane", "u-1", SECRET, "a-token", "code="):
        assert secret not in caplog.text


# --- what was typed, and the way out ---------------------------------------------------------------------------------


def test_what_was_typed_waits_in_its_tab_until_who_typed_it_is_back(service, provider, person):
    provider.claims = JANE | {"groups": ["agents"]}
    jane = Browser(service)
    jane.signs_in("/")
    first = person(service)
    first.cookie = jane.cookies[COOKIE]
    hidden = first.get("/").hidden
    service.clock.at += timedelta(hours=9)
    page = first.send("POST", "/", data=hidden | {"paste": "JaneR0e", "action": "delete"})
    assert page.status == 401
    assert "/sign-in/kept" in page.forms
    early = first.send("POST", "/sign-in/kept", data=page.hidden)
    assert (early.status, "not signed in yet" in early.text) == (401, True)
    jane.signs_in("/")  # in the other tab: the cookie is one for both
    first.cookie = jane.cookies[COOKIE]
    back = first.send("POST", "/sign-in/kept", data=early.hidden)
    assert back.status == 200
    assert "JaneR0e" in "".join(back.texts)


def test_what_was_typed_is_taken_from_our_own_pages_only(browser):
    browser.signs_in()
    headers = {"sec-fetch-site": "cross-site"}
    assert browser.send("POST", "/sign-in/kept", data={"next": "/"}, headers=headers).status_code == 403


@pytest.mark.parametrize("offered", [True, False])
def test_who_signs_out_may_sign_out_at_the_provider_too(register, provider, person, offered):
    browser = Browser(register(oidc_end_session=offered))
    browser.signs_in()
    jane = person(browser.client)
    jane.cookie = browser.cookies[COOKIE]
    left = jane.post("/sign-out", on="/history")
    assert ("Sign out of Login Example too" in left.text) is offered
    out = browser.get("/sign-in/provider/out")
    assert out.status_code == (303 if offered else 404)
    if offered:
        asked = parse_qs(urlsplit(out.headers["location"]).query)
        assert out.headers["location"].startswith(f"{provider.url}/out?")
        assert asked == {"client_id": ["doublecheck"], "post_logout_redirect_uri": ["http://localhost/sign-in"]}


def test_who_came_with_a_key_is_not_sent_to_the_provider(register, person):
    ada = person(register(oidc_end_session=True), "ada", "reviewer")
    assert "Login Example too" not in ada.post("/sign-out", on="/history").text


# --- at the start ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [None, "", "two\nlines", "gé"])
def test_a_secret_that_cannot_be_used_stops_the_start(register, tmp_path, content):
    if content is not None:
        (tmp_path / "other").write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError, match="CLIENT_SECRET_FILE"):
        register(oidc_client_secret_file=tmp_path / "other")


def test_without_the_extra_the_start_says_what_to_install(register, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "service.auth.oidc.provider", None)
    with pytest.raises(SettingsError, match=r"doublecheck\[oidc\]"):
        register()
