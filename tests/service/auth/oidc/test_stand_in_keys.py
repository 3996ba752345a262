"""Who somebody from the provider is here: one person for the four-eyes rule, with the roles of just now."""

import re
from datetime import timedelta

import pytest

from service.auth.api_keys import create_key, end_access, list_keys, revoke_key
from service.auth.oidc.claims import ProviderPerson
from service.auth.oidc.stand_in_keys import key_of
from service.records.people import people_by
from service.records.verification import verify
from tests.service.auth.oidc.conftest import Browser, told
from tests.service.conftest import NOW, body
from tests.service.oidc_provider import JANE

MAX = {"sub": "u-2", "email": "max@login.example", "email_verified": True, "groups": ["reviewers"]}


def someone(name="jane", *roles, subject="1", fault=""):
    return ProviderPerson(subject * 64, name, frozenset(roles), fault)


@pytest.fixture
def books(recorded):
    """A service on each kind of database, for what is decided about keys."""

    class Books:
        client = recorded

        def key(self, person):
            return recorded.commit(lambda transaction: key_of(transaction, person))

        def in_force(self):
            return {row.id: row.roles for row, _ in list_keys(recorded.check_service.engine) if row.revoked is None}

        def same(self, one, other):
            with recorded.check_service.engine.connect() as connection:
                return people_by(connection).same(one, other)

        def verify(self):
            with recorded.check_service.engine.connect() as connection:
                return verify(connection, recorded.check_service.signer.public())

    return Books()


# --- one account, one key --------------------------------------------------------------------------------------------


def test_the_same_roles_keep_the_key_and_the_log_vouches_for_it(books):
    one = books.key(someone("jane", "agent", "reviewer"))
    again = books.key(someone("Jane", "reviewer", "agent"))
    assert (again.key_id, again.actor) == (one.key_id, "jane")
    assert books.in_force() == {one.key_id: "agent reviewer"}
    assert books.verify().entries


@pytest.mark.parametrize("roles", [["agent"], ["agent", "reviewer", "admin"]])
def test_other_roles_are_another_key_and_the_old_one_is_gone(books, roles):
    one = books.key(someone("jane", "agent", "reviewer"))
    other = books.key(someone("jane", *roles))
    assert books.in_force().keys() == {other.key_id}
    assert other.key_id != one.key_id
    assert other.roles == set(roles)


def test_whoever_is_refused_has_no_key_any_more(books):
    books.key(someone("jane", "reviewer"))
    assert books.key(someone("jane", fault="You have no role here.")) == "You have no role here."
    assert books.in_force() == {}


def test_a_key_that_was_revoked_here_is_not_used_again(books):
    one = books.key(someone("jane", "reviewer"))
    books.client.commit(lambda transaction: revoke_key(transaction, one.key_id))
    assert books.key(someone("jane", "reviewer")).key_id != one.key_id


def test_who_has_no_access_any_more_gets_no_key(books):
    books.key(someone("jane", "reviewer"))
    books.client.commit(lambda transaction: end_access(transaction, "JANE", NOW))
    assert "has ended" in books.key(someone("jane", "reviewer"))
    assert books.in_force() == {}
    assert "has ended" in books.key(someone("jane.married", "reviewer")), "nor under another name"


def test_an_end_of_access_that_is_to_come_is_none_yet(books):
    books.client.commit(lambda transaction: end_access(transaction, "jane", NOW + timedelta(hours=1)))
    assert books.key(someone("jane", "reviewer")).actor == "jane"


# --- names -----------------------------------------------------------------------------------------------------------


def test_another_name_of_the_account_is_the_same_person(books):
    books.key(someone("jane", "reviewer"))
    books.key(someone("jane.married", "reviewer"))
    books.key(someone("jane.again", "reviewer"))
    assert books.same("jane", "jane.married")
    assert books.same("jane", "jane.again")
    assert not books.same("jane", "max")


def test_a_name_that_another_account_has_is_refused(books):
    books.key(someone("jane", "reviewer"))
    assert "Another account has your name" in books.key(someone("J\u0430ne", "reviewer", subject="2"))
    books.client.commit(lambda transaction: revoke_key(transaction, next(iter(books.in_force()))))
    assert books.key(someone("jane", "reviewer", subject="2")).actor == "jane", "an account that was made anew"


def test_nobody_becomes_somebody_who_is_known_by_changing_their_name(books):
    books.client.key("max", "reviewer")
    books.key(someone("jane", "reviewer"))
    assert "Your name has changed" in books.key(someone("max", "reviewer"))
    assert not books.same("jane", "max")
    assert "Your name has changed" in books.key(someone("Max", "reviewer"))


def test_an_operator_may_say_that_both_names_are_of_one_person(books):
    books.key(someone("jane", "reviewer"))
    for name in ("jane", "jane.old.key"):
        books.client.commit(lambda transaction, name=name: create_key(transaction, name, ["agent"], person="p-1"))
    assert books.key(someone("jane.old.key", "reviewer")).actor == "jane.old.key"


# --- what the pages make of it ---------------------------------------------------------------------------------------


def test_who_has_no_role_is_told_so(provider, browser):
    provider.userinfo = {"sub": JANE["sub"]}
    for groups in ([], ["others"], None, {"reviewers": True}, [["reviewers"]], "reviewer"):
        provider.claims = JANE | {"groups": groups}
        response = browser.signs_in()
        assert (response.status_code, browser.is_in) == (403, False)
        assert "You have no role here. Ask your administrator for one, at Login Example." in told(response)


def test_a_role_that_is_gone_ends_at_the_next_sign_in_in_every_browser(provider, service):
    provider.claims = JANE | {"groups": ["reviewers", "agents"]}
    one, other = Browser(service), Browser(service)
    one.signs_in()
    assert "(agent, reviewer)" in one.get("/history").text
    provider.claims = JANE | {"groups": ["agents"]}
    other.signs_in()
    assert one.get("/history").status_code == 303
    assert "(agent)" in other.get("/history").text
    provider.claims = JANE | {"groups": []}
    assert Browser(service).signs_in().status_code == 403
    assert other.get("/history").status_code == 303


@pytest.mark.parametrize("name", ["", None, 7, "a\x00b", "x" * 201, "*", "J\u0430ne", " jane"])
def test_a_name_that_cannot_be_used_lets_nobody_in(provider, browser, name):
    provider.claims = JANE | {"email": name}
    assert browser.signs_in().status_code == 403
    assert not browser.is_in


@pytest.mark.parametrize("verified", [False, None, "true"])
def test_an_address_that_is_not_verified_is_nobodys_name(provider, browser, verified):
    provider.claims = JANE | {"email_verified": verified}
    assert "has not confirmed" in told(browser.signs_in())


def test_an_error_names_no_text_of_the_provider_as_markup(provider, browser):
    provider.claims = JANE | {"email": "<b>x</b>\u0430a"}
    assert "<b>x" not in browser.signs_in().text


# --- the four-eyes rule ----------------------------------------------------------------------------------------------


def asked(client):
    """Ask about an account of high impact, which takes two people."""
    account = body()["account"] | {"followers": 900_000}
    return client.post("/v1/checks", json=body(account=account)).json()["check_id"]


def approves(browser, check_id):
    """Look at the page and approve, also where it has no form for it; return what is answered."""
    page = browser.get(f"/checks/{check_id}").text
    hidden = dict(re.findall(r'<input type="hidden" name="(csrf|nonce)" value="([^"]*)"', page))
    typed = {"answer": "approve", "reason": "I compared both.", "typed_handle": "JaneR0e"}
    return browser.send("POST", f"/checks/{check_id}/answer", data=hidden | typed)


def approvals(client, check_id):
    return client.get(f"/v1/checks/{check_id}", by=("aud", "auditor")).json()["review"]


@pytest.fixture
def two(register, provider):
    """A service and two people from the provider who have signed in."""
    client = register()
    jane, max_ = Browser(client), Browser(client)
    jane.signs_in()
    provider.claims = dict(MAX)
    max_.signs_in()
    provider.claims = dict(JANE)
    return client, jane, max_


def test_two_people_from_the_provider_are_two(two):
    client, jane, max_ = two
    check_id = asked(client)
    assert approves(jane, check_id).status_code == 303
    assert approvals(client, check_id)["state"] == "open"
    assert approves(max_, check_id).status_code == 303
    assert approvals(client, check_id)["state"] == "approved"


@pytest.mark.parametrize("key_of_jane", ["jane@login.example", "JANE@login.example", "rev-7"])
def test_who_signs_in_by_both_is_one(two, key_of_jane):
    """By the name, or by the id that ties another name to it."""
    client, jane, _ = two
    person = "jane@login.example" if key_of_jane == "rev-7" else None
    key = client.commit(lambda transaction: create_key(transaction, key_of_jane, ["reviewer"], person=person))
    check_id, headers = asked(client), {"Authorization": f"Bearer {key}"}
    client.get(f"/v1/checks/{check_id}", by=None, headers=headers)
    given = {"answer": "approve", "reason": "Looked."}
    first = client.post(f"/v1/checks/{check_id}/approvals", json=given, by=None, headers=headers)
    assert first.status_code == 200, first.text
    refused = approves(jane, check_id)
    assert refused.status_code == 409
    found = approvals(client, check_id)
    assert (found["state"], len(found["approvals"])) == ("open", 1)


def test_who_is_called_something_else_meanwhile_is_still_one(two, provider):
    client, jane, _ = two
    check_id = asked(client)
    assert approves(jane, check_id).status_code == 303
    provider.claims = JANE | {"email": "jane.married@login.example"}
    again = Browser(client)
    again.signs_in()
    assert "jane.married" in again.get("/history").text
    approves(again, check_id)
    assert approvals(client, check_id)["state"] == "open"


def test_an_approval_does_not_outlast_the_role(two, provider):
    client, jane, max_ = two
    check_id = asked(client)
    approves(jane, check_id)
    provider.claims = JANE | {"groups": []}
    Browser(client).signs_in()
    approves(max_, check_id)
    assert approvals(client, check_id)["state"] == "open"


def test_nobody_approves_what_they_asked_for(register, provider):
    provider.claims = JANE | {"groups": ["agents", "reviewers"]}
    client = register()
    jane = Browser(client)
    jane.signs_in()
    account = body()["account"] | {"followers": 900_000}
    given = body(account=account, actor={"actor_id": "jane@login.example"})
    check_id = client.post("/v1/checks", json=given).json()["check_id"]
    assert approves(jane, check_id).status_code == 409
    assert approvals(client, check_id)["approvals"] == []
