"""Errors are pages for people and problem documents for programs, and say nothing of what failed inside."""

import re

from service.decisions.queue_desk import QueueDesk
from service.errors import RecordsError
from service.web.console import (
    appeal_pages,
    batch_pages,
    check_pages,
    decline_pages,
    demand_pages,
    finding_pages,
    history_pages,
    queue_pages,
    registry_pages,
    second_look_pages,
    sign_in_pages,
    text_pages,
)

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

    monkeypatch.setattr(QueueDesk, "find", fails)
    page = ada.get("/reviews")
    assert page.status == 500
    assert "SECRET" not in page.response.text
    assert "nothing may be done" in page.text


def test_a_database_that_is_gone_is_said_and_nothing_is_cleared(client, person, monkeypatch):
    ada = person(client, "ada", "reviewer")

    async def fails(*_):
        raise RecordsError("gone")

    monkeypatch.setattr(QueueDesk, "find", fails)
    page = ada.get("/reviews")
    assert page.status == 503
    assert "Until then do not act." in page.text


def test_it_knows_who_is_signed_in_and_says_each_thing_once(client, person):
    ada = person(client, "ada", "reviewer")
    page = ada.get("/nowhere")
    assert (page.status, "ada (reviewer)" in page.text) == (404, True)
    assert page.text.count("There is nothing at this address.") == 2  # the title of the window, and of the page
    assert {"href": "/"} in page.all("a")


def test_somebody_who_is_not_signed_in_is_told_to(client, person):
    assert "Sign in" in person(client).get("/nowhere").text


def _addresses_of_forms():
    """Return addresses of the pages that take POST only."""
    parts = (batch_pages, check_pages, decline_pages, history_pages, queue_pages, registry_pages, sign_in_pages)
    parts += (appeal_pages, demand_pages, finding_pages, second_look_pages, text_pages)
    every = [(route.path, method) for part in parts for route in part.router.routes for method in route.methods]
    taking = {wanted: {path for path, method in every if method == wanted} for wanted in ("GET", "POST")}
    return sorted(taking["POST"] - taking["GET"])


def test_the_address_of_a_form_that_was_sent_leads_to_its_page_when_it_is_opened_again(client, person):
    check_id = client.check().json()["check_id"]
    ada = person(client, "ada", "agent", "reviewer", "admin")
    addresses = _addresses_of_forms()
    assert {"/checks/{check_id}/answer", "/sign-out"} < set(addresses)
    for address in addresses:
        assert ada.get(re.sub(r"\{[^}]*\}", check_id, address)).status in {200, 404}, address
    answer = ada.get(f"/checks/{check_id}/answer", follow=False)
    assert (answer.status, answer.response.headers["location"]) == (303, f"/checks/{check_id}")
    assert ada.get("/sign-out", follow=False).response.headers["location"] == "/"


def test_programs_are_still_told_which_methods_an_address_takes(client):
    answer = client.get("/v1/clearances/redeem", headers=HTML)
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


def test_a_page_of_an_error_that_fails_itself_is_a_document(client, monkeypatch):
    def fails(*_):
        raise RuntimeError("x")

    monkeypatch.setattr(client.check_service, "current", fails)
    assert client.get("/nowhere", headers=HTML).json()["code"] == "not_found"
