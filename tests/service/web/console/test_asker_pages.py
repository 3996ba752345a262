"""What whoever asked does on the pages: act in one step, close, withdraw, see what is open, bring an address along."""

import re
from urllib.parse import quote

import pytest
from sqlalchemy import func, select

from service.decisions import asker_desk, mine
from service.records.tables import asker_steps, clearances
from tests.service.web.console.test_check_pages import HIGH, KNOWN

LINK = "https://x.com/JaneR0e"


@pytest.fixture
def agent(person, client):
    return person(client, "agent-17", "agent")


@pytest.fixture
def alone(make_client, person):
    """A service of its own: for what is remembered of the account."""
    client = make_client(total_daily=10**6)
    return client, person(client, "agent-17", "agent")


@pytest.fixture
def nobody(make_client, person):
    client = make_client("no_target", total_daily=10**6)
    return client, person(client, "agent-17", "agent")


def count(client, table):
    with client.check_service.engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar()


# --- acting in one step ----------------------------------------------------------------------------------------------


def test_acting_takes_the_clearance_and_spends_it(client, agent):
    agent.check(**KNOWN)
    path, before = agent.path, count(client, clearances)
    spent = agent.post(f"{path}/act", on=path, **KNOWN)
    assert "agent-17 has spent the clearance. Suspend the account in your platform's tool now" in spent.text
    assert count(client, clearances) == before + 1
    found = client.get(f"/v1{path}").json()
    assert [one["state"] for one in found["clearances"]] == ["spent"]


def test_what_has_changed_is_refused_and_remembered_as_at_any_redemption(alone):
    client, agent = alone
    agent.check(**KNOWN)
    path = agent.path
    page = agent.post(f"{path}/act", on=path, **KNOWN | {"paste": "", "handle": "Renamed"})
    assert (page.status, "The account has another handle now" in page.text) == (409, True)
    assert page.forms == set()
    assert [one["state"] for one in client.get(f"/v1{path}").json()["clearances"]] == ["valid"]


def test_what_cannot_be_read_takes_no_clearance(client, agent):
    agent.check(**KNOWN)
    path, before = agent.path, count(client, clearances)
    page = agent.post(f"{path}/act", on=path, **KNOWN | {"followers": "many"})
    assert (page.status, count(client, clearances)) == (422, before)
    assert "many" in page.response.text, "what was typed is kept"


def test_a_large_account_is_not_acted_on_without_its_handle_typed(client, agent, person):
    agent.check(**HIGH)
    path, before = agent.path, count(client, clearances)
    for number in (1, 2):
        reviewer = person(client, f"rev-{number}", "reviewer")
        reviewer.post(f"{path}/answer", on=path, answer="approve", reason="x", typed_handle="JaneR0e")
    page = agent.post(f"{path}/act", on=path, **HIGH)
    assert (page.status, count(client, clearances)) == (422, before)
    assert "has spent" in agent.post(f"{path}/act", on=path, **HIGH, typed_handle="JaneR0e").text


def test_the_same_step_sent_twice_acts_once(client, agent):
    agent.check(**KNOWN)
    path, before = agent.path, count(client, clearances)
    hidden = agent.get(path).hidden
    sent = [agent.send("POST", f"{path}/act", data=hidden | KNOWN, follow=False).status for _ in range(2)]
    assert sent == [303, 409]
    assert count(client, clearances) == before + 1


@pytest.mark.parametrize("name", ["is_protected", "no_target", "below_threshold"])
def test_what_is_not_cleared_is_not_acted_on_in_one_step_either(make_client, person, name):
    client = make_client(name)
    agent = person(client, "agent-17", "agent")
    agent.check(**KNOWN)
    refused = agent.send("POST", f"{agent.path}/act", data=agent.get("/").hidden | KNOWN)
    assert refused.status == 409


@pytest.mark.parametrize("step", ["act", "withdraw", "ask"])
def test_only_agents_with_the_token_of_the_session_do_it(client, agent, person, step):
    agent.check(**KNOWN)
    path = agent.path
    assert agent.send("POST", f"{path}/{step}", data={"reason": "mistyped"} | KNOWN).status == 403, "without csrf"
    reviewer = person(client, "rev-1", "reviewer")
    hidden = reviewer.get("/reviews").hidden
    assert reviewer.send("POST", f"{path}/{step}", data=hidden | {"reason": "mistyped"}).status == 403
    other = person(client, "agent-99", "agent")
    assert other.send("POST", f"{path}/{step}", data=other.get("/").hidden | {"reason": "mistyped"}).status == 404


def test_a_tool_that_redeemed_is_named_and_nobody_is_told_to_act_once_more(client, agent):
    agent.check(**KNOWN)
    path = agent.path
    given = agent.post(f"{path}/clearance", on=path)
    account = client.get(f"/v1{path}").json()["account"]
    spent = {"token": given.hidden["token"], "account": account, "actor": "agent-17"}
    gate = ("the-gate", "executor")
    assert client.post("/v1/clearances/redeem", json=spent, by=gate).status_code == 200
    text = agent.get(path).text
    assert "the-gate redeemed it and carries out the suspension" in text
    assert "platform's tool now" not in text


# --- closing and withdrawing -----------------------------------------------------------------------------------------


def test_a_check_is_withdrawn_with_a_reason(client, agent):
    agent.check(**KNOWN)
    path = agent.path
    assert agent.post(f"{path}/withdraw", on=path, reason="").status == 422
    page = agent.post(f"{path}/withdraw", on=path, reason="not_needed")
    assert "agent-17 withdrew this check: it is not needed any more. Do not suspend the account." in page.text
    assert "Withdrew the check: not needed any more" in page.text
    assert page.forms == set()
    assert not any(form["action"].endswith("/withdraw") for form in page.all("form"))


def test_what_resembles_nobody_is_withdrawn_or_asked_about(nobody):
    client, agent = nobody
    page, path = agent.check(**KNOWN), agent.path
    assert "Nobody is asked yet: withdraw the check, or ask people to review it." in page.text
    assert page.forms == {f"{path}/ask"}
    asked = agent.post(f"{path}/ask", on=path)
    assert "The check waits in the review queue" in asked.text
    assert agent.send("POST", f"{path}/ask", data=agent.get(path).hidden).status == 409
    withdrawn = agent.post(f"{path}/withdraw", on=path, reason="resembles_nobody")
    assert "Withdrawn: do not act" in withdrawn.text
    assert "Closed" not in withdrawn.text, "one word for one state"
    assert "Withdrew the check: it resembles nobody" in withdrawn.text
    assert count(client, asker_steps) == 3


# --- mine ------------------------------------------------------------------------------------------------------------


def test_the_list_and_the_counter_have_the_same_checks(make_client, person):
    client = make_client(total_daily=10**6)
    agent = person(client, "agent-17", "agent")
    agent.check(**KNOWN)
    ready = agent.path
    agent.check(**HIGH)
    page = agent.get("/mine")
    assert "Mine ✓1 ready to act …1 waiting" in page.text
    assert {ready, agent_path(page)} == {link["href"] for link in page.all("a") if "data-item" in link}
    assert "0 of 2 approved" in page.text


def agent_path(page):
    found = [link["href"] for link in page.all("a") if "data-item" in link]
    assert len(found) == 2
    return found[1]


def test_who_is_no_agent_has_no_list_and_pays_nothing_for_it(client, person, monkeypatch):
    reviewer = person(client, "rev-1", "reviewer")
    monkeypatch.setattr(client.check_service.askers, "mine", None)  # whoever called it would fail
    page = reviewer.get("/history")
    assert (page.status, "Mine" in page.text) == (200, False)
    assert reviewer.get("/mine").status == 403


# --- the browser's button --------------------------------------------------------------------------------------------


def test_an_address_is_filled_in_and_nothing_is_checked(client, agent):
    page = agent.get(f"/?q={quote(LINK, safe='')}")
    assert LINK in page.response.text
    assert not client.scorer.seen


@pytest.mark.parametrize("q", ["<script>alert(1)</script>", "javascript:alert(1)", '"><img src=x>'])
def test_what_is_brought_along_is_text(agent, q):
    page = agent.get(f"/?q={quote(q, safe='')}")
    assert page.status == 200
    assert not page.all("img")
    assert not [script for script in page.all("script") if "src" not in script]


@pytest.mark.parametrize("q", ["x" * 501, "a\x00b"])
def test_what_is_too_long_or_no_text_is_refused(agent, q):
    assert agent.get(f"/?q={quote(q, safe='')}").status == 422


def test_the_address_waits_for_the_sign_in(person, client):
    page = person(client).get(f"/?q={quote(LINK, safe='')}")
    assert page.hidden["next"] == f"/?q={quote(LINK, safe='')}"


def test_the_bookmark_leads_to_this_host_and_says_so_in_full(agent):
    page = agent.get("/browser-button")
    [code] = [link["href"] for link in page.all("a") if link.get("class") == "drag"]
    assert re.fullmatch(r'javascript:location\.href="http://[^"/]+/\?q="\+encodeURIComponent\(location\.href\)', code)
    assert code in page.text


def test_a_page_of_an_agent_reads_no_checks_for_its_menu_again(make_client, person, monkeypatch):
    client = make_client("impersonation", clearance_minutes=15)
    agent, looked = person(client, "agent-17", "agent"), []
    monkeypatch.setattr(asker_desk, "mine", lambda *given, **named: looked.append(1) or mine.mine(*given, **named))
    for _ in range(4):
        assert agent.get("/history").status == 200
    assert len(looked) <= 1
