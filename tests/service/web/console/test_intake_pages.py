"""Complaints that come in without a sign-in: who has the code of our message is heard, and nobody learns of codes."""

import re

import pytest

from service.decisions.appeal_codes import spelled
from service.decisions.erasure import Order, erase
from service.errors import SettingsError
from service.records.verification import verify
from service.settings import load_settings
from service.texts.catalogue import Catalogue, languages
from service.web.console.intake_pages import NAMES, PER_ADDRESS
from tests.service.conftest import acted
from tests.service.stories.appeals import ANN, ARGUMENTS, AUDITOR, TOOL, codes

URL = "https://platform.example/appeal"
ON = {"appeals_per_hour": 40, "complaint_url": URL}
NOBODYS = spelled("AAAABBBBCCCCDDDD")
FORM = {"accept": "text/html", "content-type": "application/x-www-form-urlencoded"}


@pytest.fixture
def service(make_client):
    return make_client(**ON)


@pytest.fixture
def check_id(service):
    return acted(service)


def told(client, check_id, to="person", **query):
    answer = client.get(f"/v1/checks/{check_id}/notice", params={"to": to} | query, by=("rev-1", "reviewer"))
    assert answer.status_code == 200, answer.text
    return answer.json()["text"]


def code_of(client, check_id):
    return re.search(r"(?:[A-Z2-7]{6}-?){3}", told(client, check_id))[0]


def complain(client, code, arguments=ARGUMENTS, **more):
    given = {"code": code, "arguments": arguments, "contact": ""} | more
    return client.post("/appeal", data=given, by=None, headers={"accept": "text/html"})


def received(client):
    return client.get("/v1/appeals", by=AUDITOR).json()["appeals"]


def without_time(answer):
    return answer.status_code, answer.text, sorted(answer.headers)


def test_whoever_has_the_code_of_the_notice_is_heard(make_client, database_url):
    service = make_client(database_url=database_url, **ON)
    check_id = acted(service)
    text = told(service, check_id)
    assert f"you can complain here: {URL}\nThe page asks for this code: {code_of(service, check_id)}" in text
    answer = complain(service, code_of(service, check_id).lower().replace("-", " "), contact="jane@quux.example")
    assert answer.status_code == 200
    assert "We have got what you wrote." in answer.text
    assert "8 May 2026, 12:00 UTC" in answer.text
    [case] = received(service)
    assert (case["check_id"], case["about"], case["by"], case["state"]) == (check_id, "action", "person", "open")
    shown = service.get(f"/v1/appeals/{case['appeal_id']}", by=AUDITOR).json()
    assert (shown["arguments"], shown["contact"], shown["received_by"]) == (
        ARGUMENTS,
        "jane@quux.example",
        "appeal page",
    )
    hidden = service.get(f"/v1/appeals/{case['appeal_id']}", by=TOOL).json()
    assert (hidden["arguments"], hidden["contact"]) == (None, None)
    assert codes(service.check())[0] == "appeal_open", "the account takes two people from now on"
    service.commit(lambda transaction: erase(transaction, [check_id], Order("officer", "request 7")))
    left = service.get(f"/v1/appeals/{case['appeal_id']}", by=AUDITOR).json()
    assert (left["arguments"], left["contact"]) == ("", ""), "an erasure takes both"
    with service.check_service.engine.connect() as connection:
        assert verify(connection, service.check_service.signer.public()).decisions == 2


def test_what_is_taken_and_what_is_not_are_answered_the_same(service, check_id):
    """No answer tells whether a code was given, whether it was used, or what became of the complaint."""
    code = code_of(service, check_id)
    first, again, unknown = (complain(service, one) for one in (code, code, NOBODYS))
    assert without_time(first) == without_time(again) == without_time(unknown)
    assert "set-cookie" not in first.headers
    assert len(received(service)) == 1
    [case] = received(service)
    service.get(f"/v1/checks/{check_id}", by=ANN)
    given = {"found": "overturned", "reason": "namesake", "note": "Her passport says so."}
    assert service.post(f"/v1/appeals/{case['appeal_id']}/decision", json=given, by=ANN).status_code == 200
    assert without_time(complain(service, code)) == without_time(first)
    assert len(received(service)) == 1


def test_a_slip_of_the_pen_is_sent_back_with_all_that_was_written(service, check_id):
    for code in ("", "JANE", NOBODYS[:-1], NOBODYS[:-1] + "A", "9" * 18, NOBODYS + "A"):
        answer = complain(service, code)
        assert answer.status_code == 422, code
        assert "Please check the code." in answer.text
        assert ARGUMENTS in answer.text
    assert received(service) == []


def test_words_are_needed_and_bounded(service, check_id):
    for arguments in (" ", "x" * 5_001, "a\x00b"):
        assert complain(service, code_of(service, check_id), arguments).status_code == 422, arguments[:9]
    assert received(service) == []


def test_a_contact_that_is_too_long_is_sent_back(service, check_id):
    assert complain(service, code_of(service, check_id), contact="x" * 301).status_code == 422
    assert received(service) == []


def test_a_body_is_bounded_and_is_a_form_of_this_page(service, check_id):
    assert complain(service, NOBODYS, "x" * 300_000).status_code == 413
    json = service.post("/appeal", json={"code": NOBODYS}, by=None)
    assert json.status_code == 415
    elsewhere = {"sec-fetch-site": "cross-site"} | FORM
    assert service.post("/appeal", data={"code": NOBODYS}, by=None, headers=elsewhere).status_code == 403


def test_one_address_is_not_heard_for_ever_and_what_was_written_is_kept(service):
    for _ in range(PER_ADDRESS.amount):
        assert complain(service, NOBODYS).status_code == 200
    answer = complain(service, NOBODYS)
    assert answer.status_code == 429
    assert "Please try again in an hour." in answer.text
    assert ARGUMENTS in answer.text


def test_all_together_are_not_heard_for_ever(make_client):
    client = make_client(**ON | {"appeals_per_hour": 2})
    assert [complain(client, NOBODYS).status_code for _ in range(3)] == [200, 200, 429]


def test_there_is_no_page_and_no_code_unless_it_is_switched_on(make_client):
    client = make_client(complaint_url=URL)
    check_id = acted(client)
    assert "code" not in told(client, check_id)
    page = client.get("/appeal", by=None, headers={"accept": "text/html"})
    assert page.status_code == complain(client, NOBODYS).status_code == 404


def test_the_setting_needs_the_address_of_the_page(monkeypatch):
    monkeypatch.setenv("DOUBLECHECK_APPEALS_PER_HOUR", "10")
    with pytest.raises(SettingsError, match="DOUBLECHECK_COMPLAINT_URL"):
        load_settings()


def test_the_code_is_told_to_the_person_only_and_stands_in_no_log(service, check_id):
    code = code_of(service, check_id)
    assert code not in told(service, check_id, "reporter")
    detail = service.get(f"/v1/checks/{check_id}", by=AUDITOR)
    assert code.replace("-", "")[:16] not in detail.text.replace("-", "")
    assert "appeal_code_given" in [line["kind"] for line in detail.json()["history"]]


def test_two_actions_have_two_codes(service, check_id):
    other = acted(service)
    assert code_of(service, check_id) != code_of(service, other)


def test_it_speaks_the_language_that_is_asked_for_and_answers_in_it(service):
    assert NAMES.keys() == set(languages())
    for language in languages():
        say = Catalogue.of(language).say
        headers = {"accept": "text/html", "accept-language": f"xx, {language}-ZZ;q=0.9, en;q=0.1"}
        page = service.get("/appeal", by=None, headers=headers)
        assert page.headers["content-language"] == language
        assert f'<html lang="{language}"' in page.text
        assert say("intake_title") in page.text
        assert say("intake_code_wrong") in complain(service, "x", lang=language).text
        assert say("intake_done") in complain(service, NOBODYS, lang=language).text


def test_the_answer_is_in_the_language_of_the_page(service, check_id):
    complain(service, code_of(service, check_id), lang="ja")
    assert [case["language"] for case in received(service)] == ["ja"]


def test_markup_stays_text(service):
    answer = complain(service, '"><script>alert(1)</script>', "<b>bold</b>")
    assert "<script" not in answer.text
    assert "<b>" not in answer.text
