"""What the person and the reporter are told, over HTTP: what was done and why, in their language, of nobody else."""

import json
from dataclasses import replace

import pytest

from classifier.scoring.evidence import Evidence
from service.texts.catalogue import languages
from service.texts.facts import STANDING
from tests.service.conftest import ASSESSMENTS, JUDGE, acted, appeal, body

REVIEWER, ADMIN, AUDITOR, EXECUTOR = (
    ("rev-1", "reviewer"),
    ("ada", "admin"),
    ("aud", "auditor"),
    ("acting", "executor"),
)
REPORT = {"text": "Petra Klageweib says so", "mail": "petra@klageweib.example"}


@pytest.fixture
def serve(make_client, database_url):
    """Return a maker of services of one canned answer, on each kind of database."""
    return lambda answer="impersonation", **settings: make_client(answer, database_url=database_url, **settings)


def notice(client, check_id, to="person", by=REVIEWER, **query):
    found = client.get(f"/v1/checks/{check_id}/notice", params={"to": to} | query, by=by)
    assert found.status_code == 200, found.text
    return found.json()


def declined(client):
    """Ask about an account, have a reviewer decline, and return the check's number."""
    check_id = client.check(report=REPORT).json()["check_id"]
    client.get(f"/v1/checks/{check_id}", by=REVIEWER)
    given = {"answer": "decline", "reason": "Not sure at all."}
    answer = client.post(f"/v1/checks/{check_id}/approvals", json=given, by=REVIEWER)
    assert answer.status_code == 200, answer.text
    return check_id


def test_a_suspended_person_is_told_what_was_done_why_and_how_to_complain(serve) -> None:
    client = serve(complaint_url="https://platform.example/complain")
    found = notice(client, acted(client))
    assert found["action_taken"] == "suspend"
    assert found["text"].startswith("We suspended your account @JaneR0e. It looks so much like @JaneRoe")
    assert found["facts"] == ["The name is the same as that of @JaneRoe, or close to it."]
    assert found["complain"].endswith("https://platform.example/complain")
    assert found["cure"]
    assert (found["automated"], found["people"], found["lang"], found["dir"]) == (True, 0, "en", "ltr")
    assert "No second person" in found["text"]


def test_whoever_reported_it_is_told_too(serve) -> None:
    client = serve()
    found = notice(client, acted(client), "reporter")
    assert found["subject"] == "Your report about @JaneR0e"
    assert found["text"].startswith("We suspended the account @JaneR0e.")
    assert found["cure"] is None


@pytest.mark.parametrize("action", ["deactivate", "delete"])
def test_what_is_told_is_what_was_done(serve, action) -> None:
    client = serve()
    assert notice(client, acted(client, action=action))["action_taken"] == action


def test_that_people_looked_is_told_and_not_who(serve) -> None:
    client = serve()
    account = body()["account"] | {"verified": True}
    found = notice(client, acted(client, account=account))
    assert found["people"] == 2
    assert "People looked at the result, too." in found["text"]
    assert "approver" not in json.dumps(found)


def test_what_an_appeal_overturned_does_not_stand_any_more(serve) -> None:
    client = serve()
    check_id = acted(client)
    assert appeal(client, check_id, "overturned", by=JUDGE, relation="unrelated").status_code == 200
    for to in ("person", "reporter"):
        found = notice(client, check_id, to)
        assert found["action_taken"] is None
        assert found["facts"] == []
    assert notice(client, check_id)["text"].startswith("We took back what we did to your account @JaneR0e.")


def test_what_an_appeal_upheld_stands(serve) -> None:
    client = serve()
    check_id = acted(client)
    assert appeal(client, check_id, "upheld", by=JUDGE).status_code == 200
    assert notice(client, check_id)["action_taken"] == "suspend"


def test_while_it_is_open_nobody_is_told_what_was_found(serve) -> None:
    client = serve("below_threshold")
    check_id = client.check().json()["check_id"]
    for to in ("person", "reporter"):
        found = notice(client, check_id, to)
        assert "Nothing is decided yet." in found["text"]
        assert "JaneRoe" not in json.dumps(found)
        assert (found["facts"], found["cure"], found["complain"]) == ([], None, None)


def test_a_clearance_that_nobody_used_yet_is_nothing_done_yet(serve) -> None:
    client = serve()
    check_id = client.check().json()["check_id"]
    found = notice(client, check_id)
    assert found["action_taken"] is None
    assert "Nothing is decided yet." in found["text"]


def test_a_reporter_whose_report_was_declined_is_told_what_could_help(serve) -> None:
    client = serve("below_threshold")
    found = notice(client, declined(client), "reporter")
    assert found["text"].startswith("We checked the account @JaneR0e. We took no action. We could not be sure enough")
    assert found["cure"] == "Do you know something that we could not see? Then complain, and send us proof."
    assert found["people"] == 1


@pytest.mark.parametrize("to", ["person", "reporter"])
def test_that_an_account_is_the_owners_or_protected_is_told_to_nobody(serve, to) -> None:
    for name in ("is_protected", "declared_secondary"):
        client = serve(name)
        check_id = client.check().json()["check_id"]
        found = notice(client, check_id, to)
        assert "We found no breach of our rule against impersonation." in found["text"]
        assert "JaneRoe" not in json.dumps(found)
        assert found["facts"] == []


def test_an_account_that_resembles_nobody_names_nobody(serve) -> None:
    client = serve("no_target")
    assert "We found no account that it pretends to be." in notice(client, declined(client))["text"]


@pytest.mark.parametrize("language", languages())
def test_it_is_told_in_eight_languages(serve, language) -> None:
    client = serve()
    check_id = acted(client)
    found = notice(client, check_id, lang=language)
    assert found["lang"] == language
    assert found["dir"] == ("rtl" if language == "ar" else "ltr")
    assert "@JaneR0e" in found["text"]
    assert len(found["facts"]) == 1
    assert language == "en" or found["text"] != notice(client, check_id)["text"]


def test_a_region_falls_back_to_its_language_and_an_unknown_language_is_refused(client) -> None:
    check_id = client.check().json()["check_id"]
    assert notice(client, check_id, lang="pt-BR")["lang"] == "pt"
    refused = client.get(f"/v1/checks/{check_id}/notice", params={"to": "person", "lang": "zh-Hans"}, by=REVIEWER)
    assert (refused.status_code, refused.json()["code"]) == (406, "unknown_language")
    assert "ar, de, en, es, fr, hi, ja, pt" in refused.json()["detail"]


@pytest.mark.parametrize(
    "query", [{}, {"to": "press"}, {"to": "person", "lang": "../en"}, {"to": "person", "lang": ""}]
)
def test_what_is_no_question_is_refused(client, query) -> None:
    check_id = client.check().json()["check_id"]
    assert client.get(f"/v1/checks/{check_id}/notice", params=query, by=REVIEWER).status_code == 422


def test_no_text_of_anybody_else_goes_into_it(serve) -> None:
    """Neither who asked, answered or reported, nor what was reported, nor more of an account than its handle."""
    client = serve("below_threshold")
    check_id = declined(client)
    for to in ("person", "reporter"):
        for language in languages():
            told = json.dumps(notice(client, check_id, to, lang=language), ensure_ascii=False)
            for secret in ("agent-17", "rev-1", "Petra", "klageweib", "Not sure at all", "Northwind", "9001", "1001"):
                assert secret not in told
            for secret in ("Jane Roe", "2400000", "2011-03-04", "2026-04-20", "0.71", "jane.example"):
                assert secret not in told


def test_a_reporter_is_told_nothing_of_the_accounts_standing(serve) -> None:
    """How old it is, who follows it and whether it is verified is the reported person's."""
    client = serve(_standing())
    check_id = acted(client)
    assert notice(client, check_id, "person")["facts"] == [
        "The platform has not verified the account.",
        "Few people follow the account, compared with @JaneRoe.",
        "The account is newer than @JaneRoe.",
    ]
    assert {"not_verified", "few_followers", "new"} <= STANDING
    assert notice(client, check_id, "reporter")["facts"] == ["The handle is close to the handle or name of @JaneRoe."]


def _standing():
    told = [("verified", 0.0), ("followers_relative", -5.0), ("created_later", 15.0), ("handle_bears", 12.0)]
    evidence = tuple(
        Evidence(feature, "", value, "", "", 4.0 - place, "standing") for place, (feature, value) in enumerate(told)
    )
    return replace(ASSESSMENTS["impersonation"], evidence=evidence)


def test_agents_see_only_their_own_and_auditors_and_executors_none(client) -> None:
    check_id = client.check().json()["check_id"]
    for by, status in (
        (REVIEWER, 200), (ADMIN, 200), (("agent-17", "agent"), 200), (("agent-18", "agent"), 404), (AUDITOR, 403),
        (EXECUTOR, 403),
    ):  # fmt: skip
        assert client.get(f"/v1/checks/{check_id}/notice?to=person", by=by).status_code == status, by
    nowhere = "/v1/checks/00000000-0000-4000-8000-000000000000/notice?to=person"
    assert client.get(nowhere, by=REVIEWER).status_code == 404


def test_it_changes_nothing_that_is_recorded(serve) -> None:
    client = serve("below_threshold")
    check_id = client.check().json()["check_id"]
    before = client.get(f"/v1/checks/{check_id}", by=ADMIN).json()
    notice(client, check_id)
    assert client.get(f"/v1/checks/{check_id}", by=ADMIN).json() == before
