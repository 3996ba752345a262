"""Second looks on the pages: a blind judge sees both accounts and the report, and nothing of what was answered."""

import pytest

from tests.service.conftest import AGENT
from tests.service.stories.test_second_looks import AUDITOR, BLIND, OTHER, ask

TOLD = (
    "0.99", "99.2", "99 %", "cleared", "Cleared", "needs_review", "verdict:", "certificate", "Certificate", "threshold",
    "The handle looks like the protected one.", "The display names are the same.", "Imitates", "log-odds",
)  # fmt: skip


@pytest.fixture
def drawing(make_client):
    return make_client(second_look_share=1)


@pytest.fixture
def drawn(drawing):
    """Two checks, the newest first."""
    ids = [ask(drawing, account=account(number))["check_id"] for number in (1, 2)]
    return [f"/second-looks/{one}" for one in reversed(ids)]


def account(number):
    return {"platform": "x", "account_id": f"90{number}", "handle": f"JaneR0e{number}", "display_name": "Jane Roe",
            "followers": 12, "created_at": "2026-04-20T08:00:00Z", "verified": False, "bio": "Chair."}  # fmt: skip


def judge(person, path, relation, **more):
    return person.post(f"{path}/answer", on=path, relation=relation, **more)


def test_a_judge_goes_from_one_to_the_next_until_there_is_none(drawing, drawn, person):
    blind = person(drawing, *BLIND)
    assert "2 checks for you to judge." in blind.get("/second-looks").text
    page = blind.get("/second-looks/next")
    assert page.forms == {f"{drawn[0]}/answer"}
    second = judge(blind, drawn[0], "impersonation", reason="The zero gives it away.")
    assert second.forms == {f"{drawn[1]}/answer"}
    done = judge(blind, drawn[1], "unsure")
    assert "No checks for you to judge." in done.text
    listed = person(drawing, *AUDITOR).get("/second-looks")
    assert "It pretends to be the protected account" in listed.text
    assert "The zero gives it away." in listed.text
    assert "I cannot tell" in listed.text


def test_nothing_on_the_page_tells_what_was_answered_or_leads_there(drawing, drawn, person):
    page = person(drawing, *BLIND).get(drawn[0])
    main = page.response.text.partition("<main")[2].partition("</main>")[0]
    for words in ("JaneR0e2", "JaneRoe", "Chair.", "It writes to her followers.", "2,400,000"):
        assert words in main, words
    assert [words for words in TOLD if words in main] == []
    assert not [link for link in page.all("a") if "/checks/" in link["href"]]


def test_what_was_answered_is_told_to_nobody_who_judges_or_asks(drawing, drawn, person):
    judge(person(drawing, *BLIND), drawn[0], "unrelated", reason="No likeness.")
    other = person(drawing, *OTHER)
    for path in ("/second-looks", drawn[0]):
        assert "No likeness." not in other.get(path).response.text
    agent = person(drawing, *AGENT)
    assert agent.get("/second-looks").status == agent.get(drawn[0]).status == 403
    both = person(drawing, "both", "agent", "auditor").get("/second-looks")
    assert "No likeness." not in both.response.text
    assert drawn[0].rpartition("/")[2][:8] not in both.response.text


def test_whoever_was_shown_the_evidence_judges_nothing_blind(drawing, drawn, person):
    reviewer = person(drawing, *OTHER)
    reviewer.get(drawn[0].replace("second-looks", "checks"))
    page = reviewer.get(drawn[0])
    assert page.status == 409
    assert "only somebody who has not can look blind" in page.text
    assert "1 check for you to judge." in reviewer.get("/second-looks").text


def test_an_answer_is_chosen_and_counts_once(drawing, drawn, person):
    blind = person(drawing, *BLIND)
    page = judge(blind, drawn[0], "")
    assert page.status == 422
    assert "choose what you take it for" in page.text
    hidden = blind.get(drawn[0]).hidden
    for _ in range(2):
        sent = hidden | {"relation": "impersonation", "reason": ""}
        assert blind.send("POST", f"{drawn[0]}/answer", data=sent, follow=False).status == 303
    assert blind.send("POST", f"{drawn[1]}/answer", data={"relation": "unsure"}).status == 403
    assert person(drawing, *AUDITOR).get("/second-looks").text.count("blind-1") == 1


def test_an_answer_needs_a_look(drawing, drawn, person):
    """A form that is sent without the page was opened is refused: seconds count from the first showing."""
    blind = person(drawing, *BLIND)
    hidden = blind.get(drawn[0]).hidden
    page = blind.send("POST", f"{drawn[1]}/answer", data=hidden | {"relation": "unsure"})
    assert page.status == 409
