"""Importing a file of protected accounts: what would change is shown, a second admin reads the same and approves."""

import json

import pytest

from tests.service.conftest import ADA, JANE

BOSS, CHIEF = ("boss", "admin"), ("chief", "admin")
CHANGED = {"platform": "x", "handle": JANE.handle, "account_id": JANE.account_id, "followers": JANE.followers,
           "bio": "Painter."}  # fmt: skip
NEW = {"platform": "x", "handle": "BoTerrane", "account_id": "77", "followers": 1_200}
SAME = {"platform": "x", "handle": ADA.handle, "account_id": ADA.account_id}
BAD = {"platform": "x", "followers": 3}


@pytest.fixture
def worker(make_worker):
    worker = make_worker()
    worker.key(*CHIEF)
    return worker


@pytest.fixture
def boss(worker, person):
    return person(worker, *BOSS)


def send(boss, *rows, missing="keep", name="team.jsonl", **fields):
    """Send a file on the page of imports, and return the page that it leads to."""
    hidden = boss.get("/registry/import").hidden
    content = "\n".join(json.dumps(row) for row in rows).encode()
    given = hidden | {"missing": missing, "platform": ""} | fields
    return boss.send("POST", "/registry/import", data=given, files={"file": (name, content, "application/jsonl")})


def handles(worker):
    return {one["handle"] for one in worker.get("/v1/protected", by=BOSS).json()["protected"]}


def ask(boss):
    """Ask for the import whose draft is shown."""
    return boss.post(f"{boss.path}/ask", on=boss.path)


def approve(person, path):
    return person.post(f"{path}/answer", on=path, answer="approve", reason="as we agreed")


def test_a_second_admin_reads_what_was_shown_and_puts_all_of_it_into_force(worker, boss, person):
    draft = send(boss, CHANGED, NEW, SAME, BAD)
    assert draft.status == 200, draft.text
    for said in ("Added1", "Changed1", "not imported1", "Registered so already1", "Row 4:", "@BoTerrane", "Painter."):
        assert said in draft.text.replace(" 1", "1") or said in draft.text, said
    assert handles(worker) == {JANE.handle, ADA.handle}
    drawn = boss.path
    asked = ask(boss)
    assert "Waits for a second admin" in asked.text
    path = boss.path
    assert boss.get(drawn).status == 404, "what was asked for is no draft any more"
    assert approve(boss, path).status == 409
    chief = person(worker, *CHIEF)
    page = chief.get(path)
    assert all(said in page.text for said in ("@BoTerrane", "Painter.", "Row 4:", "team.jsonl"))
    assert "In force." in approve(chief, path).text
    assert handles(worker) == {JANE.handle, ADA.handle, "BoTerrane"}
    history = boss.get(f"/registry/account?platform=x&handle={JANE.handle}")
    assert "By boss, approved by chief." in history.text


def test_accounts_that_are_not_in_the_file_are_withdrawn_only_if_that_is_said(worker, boss, person):
    assert "Withdrawn: protected no longer0" in send(boss, CHANGED).text.replace("longer 0", "longer0")
    draft = send(boss, CHANGED, missing="withdraw")
    assert f"@{ADA.handle} would be protected no longer." in draft.text
    ask(boss)
    approve(person(worker, *CHIEF), boss.path)
    assert handles(worker) == {JANE.handle}


@pytest.mark.parametrize(
    ("rows", "options", "said"),
    [([CHANGED, BAD], {"missing": "withdraw"}, "While a row is refused"),
     ([SAME], {}, "nothing would change"),
     ([BAD], {"name": "team.txt"}, "does not tell what it is"),
     ([CHANGED], {"missing": "maybe"}, "choose one of the list")],
)  # fmt: skip
def test_a_file_that_cannot_be_imported_is_refused_with_the_reason(worker, boss, rows, options, said):
    page = send(boss, *rows, **options)
    assert page.status in {409, 422}
    assert said.casefold() in page.text.casefold()
    assert handles(worker) == {JANE.handle, ADA.handle}


def test_two_rows_that_contradict_each_other_and_one_that_is_two_accounts_are_refused(boss):
    both = {"platform": "x", "handle": JANE.handle, "account_id": ADA.account_id}
    page = send(boss, NEW, NEW | {"bio": "Other."}, both)
    assert "Row 2: the same account as row 1" in page.text
    assert "Row 3: its id is one protected account's" in page.text


def test_what_changed_since_it_was_shown_is_not_asked_for_or_approved(worker, boss, person):
    def meanwhile(bio):
        columns = {"account_id": JANE.account_id, "followers": JANE.followers, "bio": bio}
        assert worker.request("PUT", f"/v1/protected/x/{JANE.handle}", json=columns, by=CHIEF).status_code == 200

    send(boss, CHANGED)
    meanwhile("Sculptor.")
    assert ask(boss).status == 409
    send(boss, CHANGED)
    ask(boss)
    path = boss.path
    meanwhile("Dancer.")
    refused = approve(person(worker, *CHIEF), path)
    assert (refused.status, "ask for a new one" in refused.text) == (409, True)
    assert worker.get(f"/v1/protected/x/{JANE.handle}", by=BOSS).json()["protected"]["bio"] == "Dancer."


def test_a_draft_is_its_senders_alone_and_can_be_discarded(worker, boss, person):
    send(boss, NEW)
    path, chief = boss.path, person(worker, *CHIEF)
    assert chief.get(path).status == 404
    assert chief.post(f"{path}/ask", on="/registry/add").status == 404
    boss.post(f"{path}/discard", on=path)
    assert boss.get(path).status == 404
    assert person(worker, "aud", "auditor").get("/registry/import").status == 403


def test_the_api_tells_of_an_import_what_the_page_tells(worker, boss):
    send(boss, CHANGED, NEW)
    ask(boss)
    change_id = boss.path.rpartition("/")[2]
    shown = worker.get(f"/v1/registry/changes/{change_id}", by=CHIEF).json()
    assert (shown["does"], shown["handle"], shown["imported"]["added"]) == ("import", "team.jsonl", 1)
    assert {one["handle"] for one in shown["imported"]["accounts"]} == {JANE.handle, "BoTerrane"}
    [listed] = worker.get("/v1/registry/changes", by=CHIEF).json()["changes"]
    assert (listed["imported"]["changed"], listed["imported"]["accounts"]) == (1, [])
