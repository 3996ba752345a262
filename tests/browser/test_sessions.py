"""Who is signed in, for how long, and what a form is worth that comes from anywhere else."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from playwright.sync_api import Page
from sqlalchemy import update

from service.auth.api_keys import revoke_key
from service.cli.options import opened
from service.records.database import open_database
from service.records.tables import sessions, stamp
from service.utils.clock import utc_now
from tests.browser.conftest import Enter
from tests.browser.people import Person, profile
from tests.service.processes import Service, Services

LOUD = "JaneR0e"
TYPED = 'A zero for an o, and "quotes" & <angles>.\nOn two lines.'
FIRST_LINE = TYPED.partition("\n")[0]
COOKIE = "doublecheck_session"


def ask(agent: Person, account_id: str, followers: int = 250_000) -> str:
    return agent.checks(profile(LOUD, "Jane Roe", None, id_str=account_id, followers_count=followers))


def time_passes(service: Service, minutes: float) -> None:
    """Let every session be that much older."""
    engine = open_database(service.database_url)
    with engine.begin() as connection:
        past = stamp(utc_now() - timedelta(minutes=minutes))
        connection.execute(update(sessions).values(used_at=past))
    engine.dispose()


@pytest.fixture
def agent(enter: Enter, canned: Service) -> Person:
    return enter("agent-session", "agent", at=canned).is_let_in()


@pytest.fixture
def reviewer(enter: Enter, canned: Service) -> Person:
    return enter("reviewer-session", "reviewer", at=canned).is_let_in()


def test_a_session_that_ends_in_mid_review_records_nothing_and_loses_nothing(
    agent: Person, reviewer: Person, canned: Service
) -> None:
    address = ask(agent, "710001")
    reviewer.opens(address)
    time_passes(canned, 31)
    reviewer.answers("approve", TYPED, typed=LOUD)
    assert "session has ended" in reviewer.heading()
    assert "Nothing was recorded" in reviewer.text()
    assert FIRST_LINE not in agent.is_let_in().opens(address).text()
    reviewer.signs_in()
    assert reviewer.page.locator("[name=reason]").input_value().replace("\r\n", "\n") == TYPED
    assert FIRST_LINE not in agent.opens(address).text(), "signing in sends nothing"
    reviewer.form("/answer").locator("[name=typed_handle]").fill(LOUD)
    reviewer.page.locator("button[name=answer][value=approve]").click()
    assert FIRST_LINE in agent.opens(address).text()


def test_a_check_that_was_being_entered_survives_too(agent: Person, canned: Service) -> None:
    agent.opens("/").page.fill("[name=paste]", profile(LOUD, id_str="710002"))
    time_passes(canned, 31)
    agent.presses(agent.form("/"))
    assert canned.decided(["710002"]) == {"710002": 0}
    agent.signs_in()
    assert "710002" in agent.page.locator("[name=paste]").input_value()
    agent.presses(agent.form("/"))
    agent.page.wait_for_url("**/checks/*")
    assert canned.decided(["710002"]) == {"710002": 1}


def test_whoever_opened_a_page_comes_back_to_it(agent: Person, enter: Enter, canned: Service) -> None:
    address = ask(agent, "710003")
    late = enter("reviewer-late", "reviewer", at=canned).opens(address)
    assert late.page.locator("input[name=key]").count() == 1
    assert LOUD not in late.page.content(), "a page about accounts is shown to nobody who is not signed in"
    assert late.signs_in().page.url.endswith(address)


def test_a_revoked_key_ends_its_sessions(reviewer: Person, canned: Service) -> None:
    gone = canned.key("reviewer-session", "reviewer").split("_")[1]
    with opened(canned.home, canned.database_url) as office:
        office.change(lambda unit: revoke_key(unit, gone))
    canned._keys.clear()
    reviewer.opens("/reviews")
    assert reviewer.page.locator("input[name=key]").count() == 1
    reviewer.signs_in()
    assert reviewer.page.locator("[role=alert]").count() == 1


def test_signing_out_in_one_tab_signs_out_in_all(agent: Person, canned: Service) -> None:
    other = agent.another_tab().opens("/")
    other.page.fill("[name=paste]", profile(LOUD, id_str="710004"))
    agent.opens("/").signs_out()
    other.presses(other.form("/"))
    assert other.page.locator("input[name=key]").count() == 1
    assert canned.decided(["710004"]) == {"710004": 0}
    other.page.go_back()
    other.page.reload()
    assert other.page.locator("input[name=key]").count() == 1


def test_a_cookie_that_was_signed_out_is_worth_nothing(agent: Person, canned: Service) -> None:
    [cookie] = agent.browser.context.cookies()
    agent.opens("/").signs_out()
    assert agent.browser.context.cookies() == []
    answer = httpx.get(f"{canned.url}/history", cookies={COOKIE: cookie["value"]}, trust_env=False)
    assert answer.status_code == 401


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(agent: Person, canned: Service) -> None:
    [cookie] = agent.browser.context.cookies()
    assert (cookie["name"], cookie["httpOnly"], cookie["sameSite"], cookie["path"]) == (COOKIE, True, "Lax", "/")
    assert cookie["expires"] == -1, "it ends with the browser"
    assert agent.opens("/").page.evaluate("document.cookie") == ""
    assert canned.key("agent-session", "agent").split("_")[-1] not in cookie["value"]


def test_wrong_keys_are_answered_in_words_and_then_not_at_all(
    starter: Services, enter: Enter, tmp_path_factory: pytest.TempPathFactory
) -> None:
    own = Service(starter, tmp_path_factory.mktemp("guessed")).start()
    stranger = enter("stranger", "agent", at=own).opens("/sign-in")
    for _ in range(10):
        stranger.signs_in("dck_0123456789abcdef_" + "A" * 43)
        assert "key" in stranger.page.locator("[role=alert]").inner_text()
    with stranger.page.expect_response("**/sign-in") as answered:
        stranger.signs_in("dck_0123456789abcdef_" + "A" * 43)
    assert answered.value.status == 429
    assert "Too many wrong keys" in stranger.page.locator("[role=alert]").inner_text()
    own.stop()


@pytest.mark.parametrize("token", ["", "0" * 64])
def test_a_form_without_the_sessions_token_does_nothing(agent: Person, canned: Service, token: str) -> None:
    agent.opens("/").page.fill("[name=paste]", profile(LOUD, id_str="710005"))
    agent.form("/").locator("[name=csrf]").evaluate("(field, token) => field.value = token", token)
    with agent.page.expect_response("**/") as answered:
        agent.presses(agent.form("/"))
    assert answered.value.status == 403
    assert agent.page.locator("h1").is_visible()
    assert canned.decided(["710005"]) == {"710005": 0}


def test_a_form_with_another_persons_token_does_nothing(agent: Person, reviewer: Person, canned: Service) -> None:
    theirs = reviewer.opens("/reviews").page.locator("[name=csrf]").first.input_value()
    agent.opens("/").page.fill("[name=paste]", profile(LOUD, id_str="710006"))
    agent.form("/").locator("[name=csrf]").evaluate("(field, token) => field.value = token", theirs)
    agent.presses(agent.form("/"))
    assert canned.decided(["710006"]) == {"710006": 0}


def test_another_sites_form_does_nothing(agent: Person, canned: Service) -> None:
    """From "null", a page without an origin: the browser itself sends the form, with its cookies if it would."""
    elsewhere: Page = agent.browser.page()
    elsewhere.set_content(f'<form method="post" action="{canned.url}/sign-out"><button>Win a harbour</button></form>')
    with elsewhere.expect_response("**/sign-out") as answered:
        elsewhere.click("button")
    assert answered.value.status == 403
    assert agent.opens("/").page.locator("[name=paste]").count() == 1


def test_no_page_may_be_framed_or_kept(agent: Person, canned: Service) -> None:
    answer = agent.page.goto("/")
    assert answer
    headers = answer.headers
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert "no-store" in headers["cache-control"]
    assert headers["referrer-policy"] in {"no-referrer", "same-origin"}
    assert headers["x-content-type-options"] == "nosniff"


def test_under_https_the_cookie_never_travels_in_the_open(canned: Service) -> None:
    """TLS ends in front of the service, which is told so by the proxy."""
    given = {"key": canned.key("agent-session", "agent"), "next": "/"}
    headers = {"X-Forwarded-Proto": "https"}
    answer = httpx.post(f"{canned.url}/sign-in", data=given, headers=headers, trust_env=False)
    assert answer.status_code == 303
    assert "; Secure" in answer.headers["set-cookie"]
