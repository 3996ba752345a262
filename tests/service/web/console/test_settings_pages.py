"""The settings and quotas in force: each with its value, and no secret among them."""

from service.settings import Settings
from service.web.console.presenters.settings_in_force import HIDDEN, groups
from tests.service.conftest import body


def lines(settings, **environment):
    return {line.variable: line for some in groups(settings, environment).values() for line in some}


def test_every_setting_is_there_once_with_its_value_default_and_meaning():
    found = lines(Settings(actor_burst=7, review_hours=1.5), DOUBLECHECK_ACTOR_BURST="7")
    assert set(found) == {f"DOUBLECHECK_{name}".upper() for name in Settings.model_fields}
    burst = found["DOUBLECHECK_ACTOR_BURST"]
    assert (burst.value, burst.default, burst.where, burst.is_default) == ("7", "50", "environment", False)
    assert "burst" in burst.what
    assert found["DOUBLECHECK_REVIEW_HOURS"].where.startswith("command line")
    assert found["DOUBLECHECK_PORT"].where == "default"
    assert all(line.what for line in found.values())


def test_a_password_is_never_shown():
    address = "postgresql://doublecheck:hunter2@db.example/records"
    found = lines(Settings(database_url=address), DOUBLECHECK_DATABASE_URL=address)
    assert found["DOUBLECHECK_DATABASE_URL"].value == HIDDEN
    assert "hunter2" not in str(found)


def test_the_page_shows_what_is_used_of_the_quotas(make_client, person):
    client = make_client(actor_burst=3, total_daily=40)
    for number in range(2):
        asked = body()
        asked["account"]["account_id"] = str(9_100 + number)
        assert client.post("/v1/checks", json=asked).json()["verdict"] == "cleared"
    page = person(client, "boss", "admin").get("/settings")
    assert "Everybody together2 of 40" in page.text
    assert "agent-172 of" in page.text
    assert "2 of 3" in page.text
    assert page.forms == set()


def test_admins_and_auditors_read_it_and_nobody_else(client, person):
    assert person(client, "aud", "auditor").get("/settings").status == 200
    for role in ("agent", "reviewer", "executor"):
        assert person(client, f"s-{role}", role).get("/settings").status == 403
