"""What stands beside a check: who reported it, the texts to send, and a complaint that came in by other ways."""

import pytest

from tests.service.conftest import AGENT, acted, body
from tests.service.stories.appeals import ANN, AUDITOR

NOTICE = {
    "reporter": "authorised", "reporter_id": "quux-press", "proof": ["domain"], "owner_says": "not_mine",
    "harm": "fraud", "language": "de", "received_at": "2026-04-30T09:15:00Z",
    "account": {"platform": "x", "handle": "quux_press", "account_id": "77"},
}  # fmt: skip


@pytest.fixture
def service(make_client):
    return make_client(total_daily=10**6)


def at(check_id):
    return f"/checks/{check_id}"


def test_who_reported_it_is_filled_in_on_the_page_of_the_check(service, person):
    check_id = service.check(notice=NOTICE).json()["check_id"]
    page = person(service, *ANN).get(at(check_id))
    for words in (
        "Who reported it", "Somebody who may act for the person", "quux-press", "control of a domain",
        "The account is not theirs", "Fraud", "30 April 2026, 09:15 UTC", "Looks like the imitator: look at it first",
    ):  # fmt: skip
        assert words in page.text, words


def test_who_reported_it_is_for_whoever_asked_and_those_who_judge(service, person):
    asked = {"notice": NOTICE, "actor": {"actor_id": "agent-99"}}
    check_id = service.check(**asked).json()["check_id"]
    for who, sees in ((AGENT, True), (AUDITOR, True), (("agent-99", "agent"), False)):
        detail = service.get(f"/v1{at(check_id)}", by=who).json()
        assert (detail["notice"] is not None) is sees, who
        assert ("quux-press" in person(service, *who).get(at(check_id)).text) is sees, who
    assert "quux_press" not in service.get(f"/v1{at(check_id)}", by=AUDITOR).text, "the reporter's account is not kept"


def test_a_check_without_a_notice_has_no_such_part(service, person):
    check_id = service.check().json()["check_id"]
    assert "Who reported it" not in person(service, *ANN).get(at(check_id)).text


def test_the_texts_to_send_are_there_in_every_language(service, person):
    check_id = acted(service)
    agent = person(service, *AGENT)
    assert f"{at(check_id)}/text" in {link["href"] for link in agent.get(at(check_id)).all("a")}
    page = agent.get(f"{at(check_id)}/text")
    assert "We suspended your account @JaneR0e." in page.response.text
    assert "We suspended the account @JaneR0e." in agent.get(f"{at(check_id)}/text?to=reporter").response.text
    arabic = agent.get(f"{at(check_id)}/text?language=ar")
    [area] = arabic.all("textarea")
    assert (area["lang"], area["dir"]) == ("ar", "rtl")
    assert agent.get(f"{at(check_id)}/text?language=xx").status == 406
    assert person(service, "agent-98", "agent").get(f"{at(check_id)}/text").status == 404
    assert person(service, *AUDITOR).get(f"{at(check_id)}/text").status == 403, "as over HTTP"


def test_a_complaint_by_letter_is_recorded_and_shown(service, person):
    check_id = acted(service)
    agent = person(service, *AGENT)
    path = f"{at(check_id)}/complaint"
    page = agent.post(
        path, on=path, about="action person", arguments="She wrote a letter.", language="fr", contact="PO box 7"
    )
    assert page.status == 200
    assert "Account suspended" in page.text
    assert "She wrote a letter." not in page.text, "an agent hands it in and does not read it there"
    [case] = service.get("/v1/appeals", by=AUDITOR).json()["appeals"]
    shown = service.get(f"/v1/appeals/{case['appeal_id']}", by=AUDITOR).json()
    assert (shown["arguments"], shown["contact"], shown["language"]) == ("She wrote a letter.", "PO box 7", "fr")
    again = agent.post(path, on=path, about="action person", arguments="And another.")
    assert again.status == 409
    assert "an appeal about the same is open" in again.text.lower()
    assert "And another." in again.response.text, "what was typed is not lost"
    assert "not decided" in agent.get(at(check_id)).text


def test_a_complaint_says_what_it_is_about(service, person):
    check_id = acted(service)
    agent, path = person(service, *AGENT), f"{at(check_id)}/complaint"
    page = agent.post(path, on=path, about="", arguments="x")
    assert page.status == 422
    assert "choose what it is about" in page.text
    assert agent.post(path, on=path, about="action reporter", arguments="x").status == 409
    assert agent.send("POST", path, data={"about": "action person"}).status == 403, "without the session's token"
    assert person(service, "agent-98", "agent").get(path).status == 404


def test_what_a_notice_says_is_never_read_as_markup(service, person):
    given = {**NOTICE, "reporter_id": "<img src=x>"}
    check_id = service.check(notice=given, account=body()["account"]).json()["check_id"]
    page = person(service, *ANN).get(at(check_id))
    assert page.all("img") == []
    assert "<img src=x>" in page.text
