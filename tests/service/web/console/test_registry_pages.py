"""What waits for a second admin, on the pages: seen, answered, and shown to nobody else."""

import pytest

from tests.service.conftest import ADA, JANE

BOSS, CHIEF = ("boss", "admin"), ("chief", "admin")


@pytest.fixture
def worker(make_worker):
    worker = make_worker()
    worker.key(*CHIEF)
    return worker


@pytest.fixture
def asked(worker):
    """Where a withdrawal waits."""
    waits = worker.request("DELETE", f"/v1/protected/x/{JANE.handle}", by=BOSS)
    assert waits.status_code == 202, waits.text
    return f"/registry/{waits.json()['change_id']}"


def is_protected(worker):
    return worker.get(f"/v1/protected/x/{JANE.handle}", by=BOSS).status_code == 200


def test_a_second_admin_sees_what_it_would_do_and_approves(worker, asked, person):
    chief = person(worker, *CHIEF)
    listed = chief.get("/registry/changes")
    assert [link["href"] for link in listed.all("a") if "data-item" in link] == [asked]
    assert "1 waits for a second admin" in listed.text
    page = chief.get(asked)
    assert "Protect no longer @JaneQuillon" in page.text
    assert "would be protected no longer" in page.text
    assert "Followers9,000" in page.text.replace(" ", "")
    assert is_protected(worker)
    done = chief.post(f"{asked}/answer", on=asked, answer="approve", reason="closed for good")
    assert "In force." in done.text
    assert "chief approved it" in done.text
    assert done.forms == set()
    assert not is_protected(worker)
    assert "Nothing waits for a second admin" in chief.get("/registry/changes").text


def test_whoever_asked_can_only_take_it_back(worker, asked, person):
    boss = person(worker, *BOSS)
    page = boss.get(asked)
    assert "cannot approve" in page.text
    assert [button.get("value") for button in page.all("button") if "name" in button] == ["decline"]
    forced = boss.post(f"{asked}/answer", on=asked, answer="approve", reason="me")
    assert forced.status == 409
    assert "Whoever asks for a change of the registry cannot approve it." in forced.text
    assert "Declined." in boss.post(f"{asked}/answer", on=asked, answer="decline", reason="a slip").text
    assert is_protected(worker)


def test_an_answer_says_why(worker, asked, person):
    page = person(worker, *CHIEF).post(f"{asked}/answer", on=asked, answer="approve", reason=" ")
    assert page.status == 422
    assert "say why" in page.text
    assert is_protected(worker)


def test_a_change_that_does_something_else_by_now_is_refused(worker, asked, person):
    changed = {"account_id": JANE.account_id, "followers": JANE.followers, "bio": "Painter"}
    assert worker.request("PUT", f"/v1/protected/x/{JANE.handle}", json=changed, by=CHIEF).status_code == 200
    page = person(worker, *CHIEF).post(f"{asked}/answer", on=asked, answer="approve", reason="x")
    assert page.status == 409
    assert "ask for a new one" in page.text


def test_an_auditor_looks_on_and_others_see_nothing(worker, asked, person):
    page = person(worker, "aud", "auditor").get(asked)
    assert (page.status, page.forms) == (200, set())
    for role in ("agent", "reviewer"):
        one = person(worker, f"a-{role}", role)
        assert one.get(asked).status == one.get("/registry/changes").status == 403
        assert "/registry" not in {link["href"] for link in one.get("/history").all("a")}


def test_a_new_account_is_shown_whole(worker, person):
    columns = {"account_id": "77", "display_name": "Ada Brask", "aliases": ["AB", "Ada"], "verified": True}
    waits = worker.request("PUT", "/v1/protected/x/AdaBrask_", json=columns, by=BOSS)
    assert waits.status_code == 202, waits.text
    page = person(worker, *CHIEF).get(f"/registry/{waits.json()['change_id']}")
    assert "Protect @AdaBrask_" in page.text
    assert "AB, Ada" in page.text
    assert f"@{ADA.handle}" in page.text


def test_the_menu_counts_what_waits_for_a_second_admin(worker, asked, person):
    chief = person(worker, *CHIEF)
    page = chief.get("/registry/changes")
    assert "Changes …1 waiting for a second admin" in page.text
    assert "Admin …1 waiting for a second admin" in page.text
    assert "Changes …1" not in person(worker, *BOSS).get("/registry/changes").text
    chief.post(f"{asked}/answer", on=asked, answer="approve", reason="closed for good")
    assert "Changes …1" not in chief.get("/registry/changes").text
