"""Errors are pages for people and problem documents for programs, and say nothing of what failed inside."""

from service.errors import RecordsError

HTML, JSON = {"accept": "text/html,*/*;q=0.8"}, {"accept": "application/json"}


def test_a_person_gets_a_page_and_a_program_a_document(client):
    page, document = (client.get("/nowhere", headers=headers) for headers in (HTML, JSON))
    assert (page.status_code, document.status_code) == (404, 404)
    assert page.headers["content-type"].startswith("text/html")
    assert document.json()["code"] == "not_found"
    assert page.headers["x-request-id"] in page.text


def test_the_http_interface_answers_by_documents_whoever_asks(client):
    assert client.get("/v1/checks", headers=HTML, by=None).json()["code"] == "unauthenticated"


def test_what_fails_inside_is_not_shown(client, person, monkeypatch):
    ada = person(client, "ada", "reviewer")

    async def fails(*_):
        raise RuntimeError("SECRET of Jane Roe")

    monkeypatch.setattr(client.check_service, "waiting", fails)
    page = ada.get("/reviews")
    assert page.status == 500
    assert "SECRET" not in page.response.text
    assert "nothing may be done" in page.text


def test_a_database_that_is_gone_is_said_and_nothing_is_cleared(client, person, monkeypatch):
    ada = person(client, "ada", "reviewer")

    async def fails(*_):
        raise RecordsError("gone")

    monkeypatch.setattr(client.check_service, "waiting", fails)
    page = ada.get("/reviews")
    assert page.status == 503
    assert "Until then do not act." in page.text


def test_a_page_of_an_error_that_fails_itself_is_a_document(client, monkeypatch):
    def fails(*_):
        raise RuntimeError("x")

    monkeypatch.setattr(client.check_service, "current", fails)
    assert client.get("/nowhere", headers=HTML).json()["code"] == "not_found"
