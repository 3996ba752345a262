"""The history finds what was checked, and says what became of it."""

import pytest

KNOWN = {"platform": "x", "account_id": "9001", "display_name": "Jane Roe", "followers": "12",
         "created_at": "2026-04-20", "verified": "no", "bio": "Actor."}  # fmt: skip


@pytest.fixture
def service(make_client):
    return make_client(total_daily=10**6)


@pytest.fixture
def agent(service, person):
    return person(service, "agent-17", "agent")


@pytest.fixture
def auditor(service, person):
    return person(service, "aud", "auditor")


def acts(agent, **changes):
    """Take the clearance of the check that was made last, and spend it."""
    path = agent.path
    given = agent.post(f"{path}/clearance", on=path)
    spent = agent.send("POST", f"{path}/redeem", data=given.hidden | KNOWN | {"paste": "JaneR0e"} | changes)
    assert spent.status in (200, 303), spent.text
    agent.path = path


def found(page):
    return [link["href"] for link in page.all("a") if "data-item" in link]


def test_it_shows_what_became_of_each_check(service, agent, auditor, person):
    agent.check(**KNOWN, paste="JaneR0e")
    acts(agent)
    one = person(service, "rev-1", "reviewer")
    one.post(f"{agent.path}/outcome", on=agent.path, outcome="overturned", relation="same_owner", note="Hers.")
    page = auditor.get("/history")
    assert found(page) == [agent.path]
    assert "Asked to suspend it. Cleared to act. by agent-17" in page.text
    assert "An appeal overturned the decision by rev-1" in page.text
    assert "on x Overturned on appeal" in page.text


def test_it_says_how_a_check_stands_now(agent, auditor):
    agent.check(**KNOWN, paste="JaneR0e")
    assert "on x Cleared to act" in auditor.get("/history").text
    agent.post(f"{agent.path}/clearance", on=agent.path)
    assert "on x Clearance taken" in auditor.get("/history").text


@pytest.mark.parametrize(
    ("query", "number"),
    [("handle=@JANER0E", 2), ("handle=nobody", 0), ("handle=JaneR0e&platform=x", 2), ("platform=bluesky", 0),
     ("account_id=9001", 1), ("actor=agent-17", 3), ("verdict=cleared", 3), ("verdict=refused", 0),
     ("outcome=overturned", 1), ("outcome=upheld", 0), ("", 3)],
)  # fmt: skip
def test_it_is_searched(service, agent, auditor, person, query, number):
    for account_id, handle in (("9001", "JaneR0e"), ("9002", "janer0e"), ("9003", "Other")):
        agent.check(**KNOWN | {"account_id": account_id}, paste=handle)
    acts(agent, paste="Other", account_id="9003")
    one = person(service, "rev-1", "reviewer")
    one.post(f"{agent.path}/outcome", on=agent.path, outcome="upheld", relation="", note="It was.")
    one.post(f"{agent.path}/outcome", on=agent.path, outcome="overturned", relation="unrelated", note="It was not.")
    assert len(found(auditor.get(f"/history?{query}"))) == number


def test_agents_find_their_own_only(service, agent, person):
    agent.check(**KNOWN, paste="JaneR0e")
    other = person(service, "agent-18", "agent").get("/history")
    assert found(other) == []
    assert "Nothing was checked yet." in other.text


def test_older_ones_are_a_page_further(agent, auditor):
    for number in range(27):
        agent.check(**KNOWN | {"account_id": str(number)}, paste=f"JaneR0e{number}")
    first = auditor.get("/history?platform=x")
    assert len(found(first)) == 25
    older = next(link["href"] for link in first.all("a") if "before=" in link["href"])
    assert "platform=x" in older
    assert len(found(auditor.get(older))) == 2


@pytest.mark.parametrize("query", ["verdict=maybe", "before=0", "before=x", "handle=%00", "outcome=lost"])
def test_what_cannot_be_searched_is_said(auditor, query):
    assert auditor.get(f"/history?{query}").status == 422


def test_no_text_becomes_markup(agent, auditor):
    script = "<script>alert(1)</script>"
    agent.check(**KNOWN | {"platform": script, "account_id": script}, paste=script)
    for path in ("/history", "/history?handle=%3Cscript%3Ealert(1)%3C/script%3E&actor=%22%3E%3Cscript%3E"):
        assert "<script>alert" not in auditor.get(path).response.text


def test_what_is_too_old_to_be_acted_on_has_lapsed(make_client, person):
    client = make_client(total_daily=10**6)
    person(client, "agent-17", "agent").check(**KNOWN, paste="JaneR0e")
    client.clock.at += client.check_service.rules.review_time
    assert "on x Lapsed: nobody acted in time" in person(client, "aud", "auditor").get("/history").text
