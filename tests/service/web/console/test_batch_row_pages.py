"""Rows of a file are looked through, open the form of a check, and become checks only when a person sends them."""

import io
import json
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from classifier.accounts.account import Account
from classifier.errors import InputError
from service.auth.api_keys import Caller
from service.records.tables import decisions
from service.uploads.jobs import Jobs
from service.uploads.row_file import ROWS, write_rows
from service.web.console.batch_row_pages import PAGE
from tests.service.conftest import NOW, canned

HOSTILE = "<script>alert(1)</script>"
KNOWN = Account(
    handle="JaneR0e", platform="x", account_id="9001", display_name="Jane Roe", bio="Actor.", followers=12,
    created_at=NOW.replace(hour=0), verified=False,
)  # fmt: skip


@pytest.fixture
def service(make_client, tmp_path):
    return make_client(home=tmp_path)


@pytest.fixture
def agent(service, person):
    return person(service, "agent-17", "agent")


def done(service, accounts, actor="agent-17", name="may reports.csv"):
    """A file of an agent's that was scored: its first row may be cleared, its last could not be read."""
    job = Jobs(service.settings.records_home()).add(
        io.BytesIO(b"handle\n"), name, Caller("0" * 16, actor, frozenset({"agent"})), at=NOW
    )
    rows = [answer(number, account) for number, account in enumerate(accounts, 1)]
    write_rows(rows, accounts, job.directory)
    job.end("done", "", NOW)
    job.write("entry.json", {"seq": 1, "hash": "0" * 64})
    return job


def answer(number, account):
    read = account is not None
    return {
        "row": number, "platform": read and account.platform, "handle": account.handle if read else None,
        "relation": "impersonation" if read else None, "target_handle": "JaneRoe" if read else None,
        "impersonation_probability": 1 / number if read else None, "campaign": 1 if number < 3 else None,
        "verdict": ("cleared" if number == 1 else "needs_review") if read else None,
        "reasons": [{"code": "c", "text": "Because."}] if read else [], "error": None if read else "no handle",
    } | {"platform": account.platform if read else None}  # fmt: skip


@pytest.fixture
def job(service):
    whole = replace(KNOWN, handle="JaneR0e_tv", account_id="9002", location="Velmoria", following=7)
    return done(service, [KNOWN, whole, replace(KNOWN, handle=HOSTILE, bio=HOSTILE), None])


def address(job, rest=""):
    return f"/batches/{job.id}/rows{rest}"


def checks(service):
    with service.check_service.engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(decisions)).scalar_one()


def send(who, job, *rows, on="", **fields):
    hidden = who.get(address(job, on)).hidden
    chosen = {f"row-{row}": "yes" for row in rows}
    return who.send("POST", address(job, on), data=hidden | {"action": "suspend"} | chosen | fields)


# --- looking -------------------------------------------------------------------------------------------------------


def shown(page):
    """The numbers of the rows on a page."""
    return [int(name[4:]) for box in page.all("input") if (name := box.get("name", "")).startswith("row-")]


def test_rows_are_searched(agent, job):
    for query, rows in {
        "": [1, 2, 3],
        "?handle=%40janer0": [1, 2],
        "?verdict=cleared": [1],
        "?relation=impersonation&sort=probability": [1, 2, 3],
        "?target=roe&campaign=1": [1, 2],
        "?handle=nobody": [],
        "?page=2": [],
    }.items():
        page = agent.get(address(job, query))
        assert (page.status, shown(page)) == (200, rows), query
    unread = agent.get(address(job, "?verdict=error"))
    assert (shown(unread), "no handle" in unread.text) == ([], True)
    assert "No rows match. Clear filters" in agent.get(address(job, "?handle=nobody")).text


def test_more_rows_than_a_page_has_are_pages_that_keep_what_was_asked(agent, service):
    job = done(service, [replace(KNOWN, handle=f"jane{n}") for n in range(PAGE + 3)])
    first = agent.get(address(job, "?handle=jane&sort=handle"))
    assert f"{PAGE + 3} rows, 1 to {PAGE} shown" in first.text
    [after] = [link["href"] for link in first.all("a") if link.get("rel") == "next"]
    assert after == address(job, "?handle=jane&sort=handle&page=2")
    assert len(shown(agent.get(after))) == 3


def test_what_cannot_be_searched_is_said(agent, job):
    for query in ("verdict=maybe", "page=0", "sort=x", "campaign=x", "handle=%00", "relation=x"):
        assert agent.get(address(job, f"?{query}")).status == 422, query


def test_no_text_becomes_markup(agent, job):
    for path in (address(job), address(job, "?handle=%3Cscript%3E&target=%22%3E%3Cscript%3E"), address(job, "/3")):
        assert "<script>alert" not in agent.get(path).response.text


def test_anothers_rows_are_not_there(service, person, job):
    colleague = person(service, "agent-18", "agent")
    for path in (address(job), address(job, "/1"), "/batches/nonsense/rows"):
        assert colleague.get(path).status == 404
    csrf = colleague.get("/batches").hidden["csrf"]
    assert colleague.send("POST", address(job), data={"csrf": csrf, "action": "suspend", "row-1": "y"}).status == 404
    assert checks(service) == 0


def test_an_auditor_looks_and_checks_nothing(service, person, job):
    auditor = person(service, "auditor-1", "auditor")
    page = auditor.get(address(job))
    assert not [box for box in page.all("input") if box.get("name", "").startswith("row-")]
    assert "Check the chosen rows" not in page.text
    assert auditor.get(address(job, "/1")).status == 403
    assert send(auditor, job, 1).status == 403
    assert checks(service) == 0


def test_a_file_of_an_earlier_version_says_what_to_do(agent, job):
    (job.directory / ROWS).unlink()
    assert "fetch its answers" in agent.get(address(job)).text


# --- opening -------------------------------------------------------------------------------------------------------


def test_a_row_opens_the_form_filled_in_and_records_nothing(service, agent, job):
    page = agent.get(address(job, "/1"))
    values = {field.get("name"): field.get("value") for field in page.all("input")}
    assert (values["handle"], values["account_id"], values["followers"]) == ("JaneR0e", "9001", "12")
    assert values["created_at"] == "2026-05-01"
    assert page.forms == {"/"}
    assert checks(service) == 0


def test_what_the_form_has_no_field_for_is_pasted(agent, job):
    page = agent.get(address(job, "/2"))
    pasted = json.loads(page.text[page.text.index("{") : page.text.index("}") + 1])
    assert (pasted["handle"], pasted["location"], pasted["following"]) == ("JaneR0e_tv", "Velmoria", 7)


def test_a_row_without_an_account_opens_nothing(agent, job):
    for row in (4, 99):
        assert agent.get(address(job, f"/{row}")).status == 404


# --- sending -------------------------------------------------------------------------------------------------------


def test_chosen_rows_become_checks_in_this_persons_name(service, agent, job):
    page = send(agent, job, 1, 2)
    assert page.status == 200
    assert "2 checks recorded in your name" in page.text
    assert "Row 1: @JaneR0e Cleared to act" in page.text
    assert [account.handle for account in service.scorer.seen] == ["JaneR0e", "JaneR0e_tv"]
    assert service.scorer.seen[1].following == 7  # all that the file had of it, not only what forms have
    [first, _] = [link["href"] for link in page.all("a") if link["href"].startswith("/checks/")]
    shown = agent.get(first).text
    assert "Row 1 of the file may reports.csv" in shown
    assert "agent-17" in shown
    found = service.get(f"/v1{first}").json()
    assert (found["clearances"], found["actor"]["actor_id"]) == ([], "agent-17")


def test_the_same_form_sent_twice_is_one_check_a_row(service, agent, job):
    hidden = agent.get(address(job)).hidden | {"action": "suspend", "row-1": "yes", "row-2": "yes"}
    pages = [agent.send("POST", address(job), data=hidden) for _ in range(2)]
    found = [{link["href"] for link in page.all("a") if link["href"].startswith("/checks/")} for page in pages]
    assert found[0] == found[1]
    assert checks(service) == 2


def test_a_row_that_fails_is_named_and_stops_no_other(service, agent, job):
    page = send(agent, job, 1, 4, 77)
    assert page.status == 200
    assert "1 check recorded" in page.text
    assert "2 rows could not be checked:" in page.text
    assert "Row 4: there is no account in this row" in page.text
    assert checks(service) == 1


def test_where_scoring_fails_no_check_is_recorded_and_it_says_why(make_client, person, tmp_path):
    service = make_client(InputError("the scorer wants none of it"), home=tmp_path)
    job = done(service, [KNOWN])
    page = send(person(service, "agent-17", "agent"), job, 1)
    assert page.status == 422
    assert "Nothing was checked" in page.text
    assert "the scorer wants none of it" in page.text
    assert checks(service) == 0


def test_quotas_hold_for_rows_as_for_single_checks(make_client, person, tmp_path):
    service = make_client(canned(), home=tmp_path, actor_daily=2, actor_burst=2)
    job = done(service, [replace(KNOWN, account_id=str(n), handle=f"jane{n}") for n in range(5)])
    page = send(person(service, "agent-17", "agent"), job, *range(1, 6))
    assert page.text.count("Cleared to act") == 2
    assert page.text.count("Needs approval") >= 3


def test_none_chosen_or_too_many_checks_nothing(service, agent, job):
    for rows in ((), range(1, PAGE + 2)):
        page = send(agent, job, *rows)
        assert page.status == 422
        assert "Choose 1 to 25 rows." in page.text
    assert checks(service) == 0


def test_an_action_that_is_none_checks_nothing(service, agent, job):
    page = send(agent, job, 1, action="banish")
    assert page.status == 422
    assert "action" in page.text
    assert checks(service) == 0


def test_a_form_of_elsewhere_checks_nothing(service, agent, job):
    for csrf in ("x", ""):
        assert send(agent, job, 1, csrf=csrf).status == 403
    assert checks(service) == 0


def test_what_was_asked_stays_when_rows_are_sent_and_the_address_opens_again(agent, job):
    page = send(agent, job, 1, on="?verdict=cleared&sort=probability")
    assert page.status == 200
    assert {"value": "cleared", "selected": None} in page.all("option")
    assert agent.get(address(job, "?verdict=cleared&sort=probability")).status == 200


# --- the way back --------------------------------------------------------------------------------------------------


def back(page):
    """Where the link back to the file leads."""
    return [link["href"] for link in page.all("a") if "#row-" in link["href"]]


def test_a_check_that_was_opened_from_a_row_leads_back_to_it_also_after_a_form_was_sent(agent, job):
    search = "?handle=jane&sort=handle"
    rows = agent.get(address(job, search))
    [opened] = [link["href"] for link in rows.all("a") if link["href"].startswith(address(job, "/1"))]
    assert "row-1" in [row.get("id") for row in rows.all("tr")]
    there = [f"{address(job, search)}#row-1"]
    form = agent.get(opened)
    assert back(form) == there
    values = {one["name"]: one["value"] for one in form.all("input") if one.get("value") and "name" in one}
    page = agent.send("POST", "/", data=values | {"action": "suspend", "verified": "no"})
    assert back(page) == there
    assert "Back to row 1 of the file" in page.text
    withdraw = f"{agent.path.partition('?')[0]}/withdraw"
    over = agent.send("POST", withdraw, data=page.hidden | {"reason": "not_needed"})
    assert "Withdrawn: do not act" in over.text
    assert back(over) == there


def test_a_check_of_chosen_rows_leads_back_to_its_row(agent, job):
    page = send(agent, job, 2, on="?verdict=needs_review")
    [sent] = [link["href"] for link in page.all("a") if link["href"].startswith("/checks/")]
    assert back(agent.get(sent)) == [address(job, "?verdict=needs_review#row-2")]


def test_other_checks_lead_to_no_file(service, agent):
    path = f"/checks/{service.check().json()['check_id']}"
    for query in ("", "?file=x", "?file=job%3D%2F%2Fevil.example%26row%3D1", f"?file={'job=1%26' * 40}"):
        page = agent.get(path + query)
        assert page.status == 200
        assert back(page) == []
