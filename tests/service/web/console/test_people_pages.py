"""People and keys on the pages: what gives access takes two admins, what takes it away takes one."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from service.auth.api_keys import create_key
from service.records.tables import answers, key_changes, log
from service.records.verification import verify

BOSS, CHIEF = ("boss", "admin"), ("chief", "admin")
NEW = {"actor": "maria", "role-reviewer": "reviewer", "reason": "new in the team"}
KEY = re.compile(r"dck_[0-9a-f]{16}_[A-Za-z0-9_-]{43}")


@pytest.fixture
def client(make_client):
    """A service of this test's own: keys are revoked here."""
    return make_client(monitor_minutes=0)


@pytest.fixture
def boss(client, person):
    client.key(*CHIEF)
    return person(client, *BOSS)


@pytest.fixture
def chief(client, person):
    return person(client, *CHIEF)


def invited(boss, **changes):
    """Ask for a key; return it, and the address of the change that waits."""
    page = boss.post("/people/add", on="/people/add", **(NEW | changes))
    assert page.status == 200, page.text
    [address] = [link["href"] for link in page.all("a") if link["href"].startswith("/people/changes/")]
    return KEY.search(page.response.text)[0], address


def approve(person, address, answer="approve"):
    return person.post(f"{address}/answer", on=address, answer=answer, reason="I know her")


def opens(client, key, path="/v1/protected"):
    return client.request("GET", path, by=None, headers={"authorization": f"Bearer {key}"}).status_code


def key_ids(client, actor):
    with client.check_service.engine.connect() as connection:
        verify(connection, client.check_service.signer.public())
        rows = connection.execute(select(log).where(log.c.kind == "key_created")).all()
    return [row.subject for row in rows if f'"actor":"{actor}"' in row.data]


# --- a new key -------------------------------------------------------------------------------------------------------


def test_a_key_opens_nothing_before_a_second_admin_approves_it(client, boss, chief):
    key, address = invited(boss)
    assert opens(client, key) == 401
    shown = chief.get(address)
    assert "New key for maria" in shown.text
    assert "approve and decline" in shown.text
    assert KEY.search(shown.response.text) is None, "it is shown once, to who asked"
    assert "In force" in approve(chief, address).text
    assert opens(client, key) == 200
    assert key_ids(client, "maria") == [key.split("_")[1]]
    assert "maria" in boss.get("/people").text


def test_whoever_asks_cannot_approve_and_nobody_approves_what_is_for_themselves(client, boss, chief):
    key, address = invited(boss)
    assert approve(boss, address).status == 409
    mine, for_chief = invited(boss, actor="Chief", **{"role-executor": "executor"})
    refused = approve(chief, for_chief)
    assert (refused.status, "for yourself" in refused.text) == (409, True)
    assert (opens(client, key), opens(client, mine)) == (401, 401)


def test_a_declined_key_never_opens_anything(client, boss, chief):
    key, address = invited(boss)
    assert "Declined" in approve(chief, address, "decline").text
    assert approve(chief, address).status == 409
    assert opens(client, key) == 401


def test_a_change_waits_for_a_limited_time(client, boss, chief):
    key, address = invited(boss)
    client.clock.at += client.check_service.rules.change_time
    chief.sign_in(client.key(*CHIEF))
    page = chief.get(address)
    assert ("Waited too long" in page.text, page.forms) == (True, set())
    assert opens(client, key) == 401


def test_the_secret_is_kept_nowhere_and_a_form_sent_twice_asks_once(client, boss):
    given = boss.get("/people/add").hidden | NEW
    first, second = (boss.send("POST", "/people/add", data=given) for _ in range(2))
    key = KEY.search(first.response.text)[0]
    assert KEY.search(second.response.text) is None
    assert "kept nowhere" in second.text
    with client.check_service.engine.connect() as connection:
        assert len(connection.execute(select(key_changes)).all()) == 1
        kept = [*connection.execute(select(key_changes)), *connection.execute(select(answers))]
        kept += connection.execute(select(log))
    assert key.split("_", 2)[2] not in str(kept)


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"actor": ""}, "actor"), ({"actor": "J\u0430ne"}, "actor"), ({"role-reviewer": ""}, "role-agent"),
     ({"reason": " "}, "reason"), ({"last_day": "soon"}, "last_day"), ({"last_day": "2020-01-01"}, "last_day")],
)  # fmt: skip
def test_a_field_that_cannot_be_used_is_named(boss, changes, field):
    page = boss.post("/people/add", on="/people/add", **(NEW | changes))
    assert page.status == 422
    assert f"#{field}" in {link["href"] for link in page.all("a")}


def test_without_a_second_admin_the_page_says_where_it_can_be_done(client, person):
    page = person(client, *BOSS).post("/people/add", on="/people/add", **NEW)
    assert page.status == 409
    assert "doublecheck keys" in page.text


# --- what takes access away ------------------------------------------------------------------------------------------


def test_one_admin_revokes_a_key_at_once_and_the_log_says_who(client, boss):
    key = client.key("maria", "reviewer")
    page = boss.post("/people/revoke", on="/people/person?name=maria", key_id=key.split("_")[1], name="maria")
    assert "by boss" in page.text
    assert opens(client, key, "/v1/models") == 401
    assert "Without a key in force" in boss.get("/people").text


def test_the_last_admin_is_neither_revoked_nor_sent_away(client, person):
    key = client.key(*BOSS)
    boss = person(client, *BOSS)
    address = "/people/person?name=boss"
    for path, fields in (
        ("/people/revoke", {"key_id": key.split("_")[1]}),
        ("/people/access", {"end": "now", "reason": "leaves"}),
    ):
        page = boss.post(path, on=address, name="boss", **fields)
        assert (page.status, "No admin would be left" in page.text) == (409, True)
    assert opens(client, key) == 200


def test_access_ends_sooner_by_one_admin_and_later_by_two(client, boss, chief):
    key = client.key("maria", "reviewer")
    address = "/people/person?name=MARIA"
    day = f"{client.clock.at + timedelta(days=30):%Y-%m-%d}"
    page = boss.post("/people/access", on=address, name="maria", end="day", last_day=day, reason="leaves the team")
    assert "Access ends" in page.text
    boss.post("/people/access", on=address, name="maria", end="now", reason="today")
    assert opens(client, key) == 403
    waits = boss.post("/people/access", on=address, name="maria", end="never", reason="a slip")
    assert "Waits for a second admin" in waits.text
    assert opens(client, key) == 403
    approve(chief, boss.path)
    client.check_service.callers._known.clear()
    assert opens(client, key) == 200
    assert key_ids(client, "maria") == [key.split("_")[1]], "and the log still verifies"


# --- who sees it -----------------------------------------------------------------------------------------------------


def test_an_auditor_reads_and_others_see_nothing(client, boss, person):
    _, address = invited(boss)
    paths = ("/people", "/people/person?name=boss", address)
    auditor = person(client, "aud", "auditor")
    for path in paths:
        page = auditor.get(path)
        assert (page.status, page.forms) == (200, set()), path
    assert auditor.get("/people/add").status == 403
    hidden = auditor.get("/people").hidden
    for path in ("/people/add", "/people/access", "/people/revoke", f"{address}/answer"):
        assert auditor.send("POST", path, data=hidden | NEW).status == 403
    for role in ("agent", "reviewer", "executor"):
        one = person(client, f"a-{role}", role)
        assert {one.get(path).status for path in paths} == {403}


def test_a_form_without_the_sessions_token_changes_nothing(client, boss):
    key = client.key("maria", "reviewer")
    fields = {"csrf": "x", "nonce": "n" * 20, "name": "maria", "key_id": key.split("_")[1]}
    assert boss.send("POST", "/people/revoke", data=fields).status == 403
    assert opens(client, key) == 200


def test_names_that_an_id_ties_are_one_person(client, boss):
    for name, role in (("maria-day", "reviewer"), ("maria-night", "agent")):
        client.commit(lambda work, name=name, role=role: create_key(work, name, [role], person="P-7"))
    page = boss.get("/people/person?name=maria-night")
    assert "Also called maria-night" in page.text
    assert "agent, reviewer" in page.text.lower()


def test_the_menu_counts_what_waits_for_a_second_admin(client, boss, person):
    _, address = invited(boss)
    assert "waiting for a second admin" not in boss.get("/registry").text, "nobody approves what they asked for"
    invited(boss, actor="chief")
    chief = person(client, *CHIEF)
    page = chief.get("/settings")
    assert "Admin …1 waiting for a second admin" in page.text, "what is for the admin needs another one"
    assert "People and keys …1 waiting for a second admin" in page.text
    assert page.text.count("waiting for a second admin") == 2
    chief.post(f"{address}/answer", on=address, answer="decline", reason="who is that?")
    assert "waiting for a second admin" not in chief.get("/settings").text


def test_nobody_but_an_admin_is_told_what_waits(client, boss, person):
    invited(boss)
    assert "waiting for a second admin" not in person(client, "eye", "auditor").get("/settings").text


def test_what_waited_too_long_is_counted_no_more(client, boss, person):
    invited(boss)
    client.clock.at += client.check_service.rules.change_time
    assert "waiting for a second admin" not in person(client, *CHIEF).get("/settings").text
