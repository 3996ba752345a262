"""The registry on the pages: searched, shown with its history, and changed by the same rules as over the API."""

import pytest

from service.records.verification import verify
from tests.service.conftest import ADA, JANE

BOSS, CHIEF = ("boss", "admin"), ("chief", "admin")
JANES = f"/registry/account?platform=x&handle={JANE.handle}"
EDIT = f"/registry/edit?platform=x&handle={JANE.handle}"


@pytest.fixture
def worker(make_worker):
    worker = make_worker()
    worker.key(*CHIEF)
    return worker


@pytest.fixture
def boss(worker, person):
    return person(worker, *BOSS)


def registered(worker, handle=JANE.handle):
    answer = worker.get(f"/v1/protected/x/{handle}", by=BOSS)
    return answer.json()["protected"] if answer.status_code == 200 else None


def edited(**changes):
    values = {"handle": JANE.handle, "platform": "x", "account_id": JANE.account_id, "tier": JANE.tier}
    values |= {"followers": f"{JANE.followers:,}", "display_name": JANE.display_name or ""}
    return values | changes


# --- searching -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("q", ["janequ", "@JANEQUILLON", JANE.account_id, ""])
def test_an_account_is_found_by_a_part_of_its_handle_or_by_its_id(boss, q):
    page = boss.get("/registry", params={"q": q})
    assert f"@{JANE.handle}" in page.text
    assert (f"@{ADA.handle}" in page.text) == (q == "")


def test_what_is_not_there_is_said(boss):
    assert "No account matches" in boss.get("/registry?q=zzzzz").text
    assert boss.get("/registry/account?platform=x&handle=zzzzz").status == 404


def test_an_auditor_reads_and_others_see_nothing(worker, person):
    auditor = person(worker, "aud", "auditor")
    for path in ("/registry", JANES):
        page = auditor.get(path)
        assert (page.status, page.forms - {"/registry"}) == (200, set())
    for path in ("/registry/add", EDIT):
        assert auditor.get(path).status == 403
    for role in ("agent", "reviewer"):
        one = person(worker, f"a-{role}", role)
        assert {one.get(path).status for path in ("/registry", JANES, "/registry/add", EDIT)} == {403}


# --- changing --------------------------------------------------------------------------------------------------------


def test_what_protects_more_is_in_force_at_once_and_in_the_history(worker, boss):
    page = boss.post("/registry/edit", on=EDIT, **edited(aliases="J. Quillon\nJane Q.", secondary_handles="jq_private"))
    assert page.status == 200, page.text
    assert registered(worker)["aliases"] == ["J. Quillon", "Jane Q."]
    assert "@jq_private" in page.text
    assert "Changed" in page.text
    assert "By boss." in page.text
    assert "J. Quillon, Jane Q." in page.text
    assert "By boss." not in boss.get(f"/registry/account?platform=x&handle={ADA.handle}").text
    with worker.check_service.engine.connect() as connection:
        verify(connection, worker.check_service.signer.public())


def test_what_protects_less_waits_for_a_second_admin(worker, boss, person):
    before = registered(worker)
    page = boss.post("/registry/edit", on=EDIT, **edited(followers="9,000,000"))
    assert "Waits for a second admin" in page.text
    assert registered(worker) == before
    path = boss.path
    assert "1 change of it waits" in boss.get(JANES).text
    person(worker, *CHIEF).post(f"{path}/answer", on=path, answer="approve", reason="counted")
    assert registered(worker)["followers"] == 9_000_000
    assert "By boss, approved by chief." in boss.get(JANES).text


def test_a_withdrawal_waits_and_the_page_of_a_withdrawn_account_still_tells_its_history(worker, boss, person):
    boss.post("/registry/withdraw", on=JANES, platform="x", handle=JANE.handle)
    assert registered(worker)
    path = boss.path
    person(worker, *CHIEF).post(f"{path}/answer", on=path, answer="approve", reason="closed")
    assert registered(worker) is None
    page = boss.get(JANES)
    assert "not protected now" in page.text
    assert "Withdrawn" in page.text
    assert "/registry/withdraw" not in page.forms


def test_an_account_is_added_once_however_often_the_form_is_sent(worker, boss):
    hidden = boss.get("/registry/add").hidden
    given = hidden | {"handle": "@BoTerrane", "platform": "X", "followers": "1,200", "tier": "high", "verified": "yes"}
    versions = set()
    for _ in range(2):
        page = boss.send("POST", "/registry/add", data=given)
        assert "@BoTerrane" in page.text
        versions.add(worker.get("/v1/models", by=BOSS).json()["registry_version"])
    assert len(versions) == 1
    assert registered(worker, "BoTerrane") == {
        "platform": "x", "handle": "BoTerrane", "followers": 1200, "tier": "high", "verified": True,
    }  # fmt: skip
    again = boss.post("/registry/add", on="/registry/add", handle="boterrane", platform="x")
    assert (again.status, "registered already" in again.text) == (409, True)


@pytest.mark.parametrize(
    ("name", "value"),
    [("followers", "many"), ("created_at", "long ago"), ("avatar_pdq", "zz"), ("verified", "maybe"), ("handle", "")],
)
def test_a_field_that_cannot_be_used_is_named_and_nothing_is_changed(worker, boss, name, value):
    before = registered(worker)
    page = boss.post("/registry/edit", on=EDIT, **edited(**{name: value}, bio="kept as typed"))
    assert page.status == 422, page.text
    assert f"#{name}" in {link["href"] for link in page.all("a")}
    assert "kept as typed" in page.text
    assert registered(worker) == before


def test_what_somebody_else_changed_meanwhile_is_not_written_over(worker, boss):
    hidden = boss.get(EDIT).hidden
    columns = {"account_id": JANE.account_id, "followers": JANE.followers, "aliases": ["Other"]}
    assert worker.request("PUT", f"/v1/protected/x/{JANE.handle}", by=CHIEF, json=columns).status_code == 200
    page = boss.send("POST", "/registry/edit", data=hidden | edited(bio="mine"))
    assert page.status == 409
    assert "somebody changed this account" in page.text.casefold()
    assert registered(worker)["aliases"] == ["Other"]


def test_an_edit_does_not_make_another_account(worker, boss):
    page = boss.post("/registry/edit", on=EDIT, **edited(handle="SomebodyElse", account_id="987"))
    assert page.status == 409
    assert registered(worker, "SomebodyElse") is None


def test_a_renamed_account_keeps_its_history(worker, boss, person):
    boss.post("/registry/edit", on=EDIT, **edited(aliases="Before"))
    boss.post("/registry/edit", on=EDIT, **edited(aliases="Before", handle="JaneQ_New"))
    path = boss.path
    person(worker, *CHIEF).post(f"{path}/answer", on=path, answer="approve", reason="renamed")
    page = boss.get("/registry/account?platform=x&handle=JaneQ_New")
    assert page.text.count("Changed") == 2
    assert "JaneQuillon" in page.text


def test_without_a_second_admin_the_page_says_where_it_can_be_done(make_worker, person):
    alone = person(make_worker(), *BOSS)
    page = alone.post("/registry/withdraw", on=JANES, platform="x", handle=JANE.handle)
    assert page.status == 409
    assert "on the machine itself" in page.text
