"""Files of one check go to those who may have them, and say what the HTTP interface and the command line say."""

import json

import pytest

from service.records.log_chain import entry_hash
from service.records.verification import verify
from service.web.console.session_guard import COOKIE
from tests.service.conftest import acted


@pytest.fixture
def service(make_client, tmp_path):
    return make_client(home=tmp_path)


def fetched(who, path):
    return who.client.get(path, by=None, headers={"cookie": f"{COOKIE}={who.cookie}", "accept": "text/html"})


def test_the_statement_of_reasons_is_a_file(service, person):
    check_id = acted(service)
    for role in ("reviewer", "admin", "auditor"):
        who = person(service, f"one-{role}", role)
        page = who.get(f"/checks/{check_id}")
        [link] = [link["href"] for link in page.all("a") if link["href"].endswith("statement.json")]
        answer = fetched(who, link)
        assert answer.json() == service.get(f"/v1/checks/{check_id}/statement", by=(f"one-{role}", role)).json()
        assert answer.headers["content-disposition"] == f'attachment; filename="statement-{check_id}.json"'
    agent = person(service, "agent-17", "agent")
    assert "statement of reasons" not in agent.get(f"/checks/{check_id}").text.split("Download")[-1][:60]
    assert fetched(agent, f"/checks/{check_id}/statement.json").status_code == 403


def test_a_check_that_nobody_acted_on_has_no_statement(service, person):
    check_id = service.check().json()["check_id"]
    auditor = person(service, "aud", "auditor")
    assert not [link for link in auditor.get(f"/checks/{check_id}").all("a") if "statement.json" in link["href"]]
    assert fetched(auditor, f"/checks/{check_id}/statement.json").status_code == 409


def test_the_bundle_proves_the_check(service, person):
    check_id = acted(service)
    auditor = person(service, "aud", "auditor")
    [link] = [link["href"] for link in auditor.get(f"/checks/{check_id}").all("a") if "bundle.json" in link["href"]]
    found = fetched(auditor, link).json()
    assert (found["check_id"], found["demonstration"]) == (check_id, True)
    assert json.loads(found["record"])["account"]["handle"] == "JaneR0e"
    for entry in found["proof"]["chain"]:
        parts = (entry[name] for name in ("seq", "at", "kind", "subject", "data", "previous"))
        assert entry_hash(*parts) == entry["hash"]
    assert found["proof"]["checkpoint"]["signed_by"] in found["proof"]["keys"]


@pytest.mark.parametrize("roles", [("agent",), ("reviewer",), ("auditor", "reviewer"), ("admin", "agent")])
def test_who_asks_or_reviews_gets_no_bundle(service, person, roles):
    check_id = service.check().json()["check_id"]
    who = person(service, "agent-17", *roles)
    assert not [link for link in who.get(f"/checks/{check_id}").all("a") if "bundle.json" in link["href"]]
    assert fetched(who, f"/checks/{check_id}/bundle.json").status_code == 403


def test_a_check_that_is_not_there_has_no_files(service, person):
    auditor = person(service, "aud", "auditor")
    for name in ("statement.json", "bundle.json"):
        assert fetched(auditor, f"/checks/00000000-0000-0000-0000-000000000000/{name}").status_code == 404


def test_who_gets_a_file_is_in_the_history_of_the_check_and_in_the_log(service, person):
    check_id = acted(service)
    auditor = person(service, "aud", "auditor")
    for name in ("statement.json", "bundle.json"):
        assert fetched(auditor, f"/checks/{check_id}/{name}").status_code == 200
    page = auditor.get(f"/checks/{check_id}").text
    assert "Downloaded the statement of reasons by aud" in page
    assert "Downloaded the record with its proof by aud" in page
    for who in (person(service, "agent-17", "agent"), person(service, "rev-9", "reviewer")):
        assert "Downloaded" not in who.get(f"/checks/{check_id}").text, "nobody is told who looks into their work"
    with service.check_service.engine.connect() as connection:
        verify(connection, service.check_service.signer.public())


def test_what_is_refused_is_not_recorded_as_taken(service, person):
    check_id = service.check().json()["check_id"]
    fetched(person(service, "rev-1", "reviewer"), f"/checks/{check_id}/bundle.json")
    assert "Downloaded" not in person(service, "aud", "auditor").get(f"/checks/{check_id}").text
