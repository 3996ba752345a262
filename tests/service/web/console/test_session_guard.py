"""Forms are taken from our own pages only, and a page may be asked for only by whom it is for."""

import pytest

FORMS = ["/", "/checks/{id}/answer", "/checks/{id}/clearance", "/checks/{id}/redeem", "/checks/{id}/revoke",
         "/checks/{id}/outcome"]  # fmt: skip
NO_CHECK = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def everybody(person, client):
    return person(client, "everybody", "agent", "reviewer", "admin")


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize("csrf", ["", "a", "other"])
def test_a_form_without_the_sessions_token_is_refused(client, person, everybody, path, csrf):
    other = person(client, "other", "agent").get("/").hidden["csrf"]
    given = {"csrf": other if csrf == "other" else csrf, "paste": "JaneR0e", "action": "suspend"}
    page = everybody.send("POST", path.format(id=NO_CHECK), data=given)
    assert page.status == 403
    assert "Open the page again" in page.text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 422),
        ({"sec-fetch-site": "same-origin"}, 422),
        ({"sec-fetch-site": "none"}, 422),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "cross-site", "origin": "http://localhost"}, 403),
        ({"origin": "http://localhost"}, 422),
        ({"origin": "http://localhost.evil.example"}, 403),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://["}, 403),
    ],
)
def test_forms_of_other_sites_are_refused_whatever_they_hold(everybody, headers, status):
    hidden = everybody.get("/").hidden
    assert everybody.send("POST", "/", data=hidden, headers=headers).status == status


@pytest.mark.parametrize("media_type", ["multipart/form-data; boundary=a", "application/json", "text/plain"])
def test_only_forms_are_taken(everybody, media_type):
    assert everybody.send("POST", "/", content=b"", headers={"content-type": media_type}).status == 415


def test_bytes_that_are_no_text_break_nothing(everybody):
    csrf = everybody.get("/").hidden["csrf"].encode()
    headers = {"content-type": "application/x-www-form-urlencoded"}
    page = everybody.send("POST", "/", content=b"csrf=" + csrf + b"&paste=%ff%fe\xff&action=suspend", headers=headers)
    assert page.status == 200


@pytest.mark.parametrize(
    ("path", "roles"),
    [("/", {"agent"}), ("/checks/{id}/answer", {"reviewer"}), ("/checks/{id}/clearance", {"agent"}),
     ("/checks/{id}/redeem", {"agent"}), ("/checks/{id}/revoke", {"reviewer", "admin"}),
     ("/checks/{id}/outcome", {"reviewer", "admin"})],
)  # fmt: skip
@pytest.mark.parametrize("role", ["agent", "reviewer", "admin", "auditor"])
def test_a_form_is_taken_from_the_roles_it_is_for(client, person, path, roles, role):
    somebody = person(client, f"one-{role}", role)
    csrf = somebody.get("/history").hidden["csrf"]
    page = somebody.send("POST", path.format(id=NO_CHECK), data={"csrf": csrf, "answer": "decline", "reason": "x"})
    assert (page.status == 403) == (role not in roles)
    if page.status == 403:
        assert "role" in page.text


def test_the_pages_of_the_queue_are_not_for_agents(client, person):
    agent = person(client, "agent-17", "agent")
    assert agent.get("/reviews").status == 403
    assert "/reviews" not in {link["href"] for link in agent.get("/").all("a")}
