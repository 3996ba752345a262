"""Appeals as a process, over HTTP, on SQLite and PostgreSQL: who complains, who decides, what follows and what not."""

import logging
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from service.decisions.erasure import Order, erase, too_old
from service.decisions.outcomes import count_outcomes, write_labels
from service.errors import RecordsError
from service.records.tables import appeal_steps, appeals, log
from service.records.verification import verify
from tests.service.conftest import AGENT, NOW, acted, body
from tests.service.stories.appeals import (
    ADMIN,
    ANN,
    ARGUMENTS,
    AUDITOR,
    BOB,
    CLEO,
    NOTE,
    REVIEWERS,
    TOOL,
    codes,
    complain,
    complained,
    decide,
    decided,
    declined,
    doubted,
    lift,
    refused,
    shown,
    wait,
)
from tests.service.test_rules import approve, clearance, refusals

__all__ = ["doubted"]  # a fixture


# --- stories ---------------------------------------------------------------------------------------------------------


def test_a_reporter_complains_about_a_decline_and_was_right(doubted, tmp_path):
    """It has words of its own, and a fresh check still takes what it takes."""
    before = doubted.check().json()
    check_id = declined(doubted)
    case = complained(doubted, check_id, "decline")
    assert (case["state"], case["about"], case["by"]) == ("open", "decline", "reporter")
    assert case["text"].startswith("We have received your complaint about our answer to your report of @JaneR0e.")
    assert f"/v1/appeals/{case['appeal_id']}/decision" in case["next_step"]
    assert "lift" not in case["next_step"]
    refused(decide(doubted, case, "overturned", "impersonation", by=REVIEWERS[0]), "another person than all before")
    found = decided(doubted, case, "overturned", "impersonation")
    assert found["text"].startswith("We looked at it again. You were right, and @JaneR0e can be checked anew.")
    assert "fresh check" in found["next_step"]
    after = doubted.check().json()
    same = ("verdict", "required_approvals", "reasons", "clearance")
    assert {name: after[name] for name in same} == {name: before[name] for name in same}
    assert "review_declined" in refusals(clearance(doubted, check_id)), "the check that was declined stays so"
    check = doubted.get(f"/v1/checks/{check_id}", by=AUDITOR).json()
    assert (check["outcomes"], check["warnings"]) == ([], [])
    assert count_outcomes(doubted.check_service.engine) == {"upheld": 0, "overturned": 0}
    with pytest.raises(RecordsError):
        write_labels(doubted.check_service.engine, tmp_path / "labels.csv")


def test_a_decline_that_was_right_is_upheld_with_what_the_account_is(doubted):
    case = complained(doubted, declined(doubted), "decline", language="es")
    found = decided(doubted, case, "upheld", "parody")
    assert (found["language"], found["state"], found["reason"]) == ("es", "upheld", "parody")
    assert found["text"] != complained(doubted, case["check_id"], "decline")["text"]


def test_of_two_appeals_the_second_is_decided_by_another_and_ends_everything(recorded):
    check_id = acted(recorded)
    first = complained(recorded, check_id)
    assert decided(recorded, first, "upheld", "impersonation", by=ANN)["state"] == "upheld"
    assert recorded.check().json()["verdict"] == "cleared", "upheld, later checks are as before"
    second = complained(recorded, check_id)
    assert second["appeal_id"] != first["appeal_id"]
    waits = recorded.check().json()
    assert (waits["verdict"], waits["required_approvals"], waits["clearance"]) == ("needs_review", 2, None)
    for reviewer in (ANN, CLEO):
        assert approve(recorded, waits["check_id"], reviewer).status_code == 200
    outstanding = clearance(recorded, waits["check_id"]).json()
    refused(decide(recorded, second, "overturned", "namesake", by=ANN), "another person than all before")
    answer = decided(recorded, second, "overturned", "namesake", by=BOB)
    assert "The account belongs to someone with the same or a similar name." in answer["text"]
    redeeming = {"token": outstanding["token"], "account": body()["account"]}
    assert {"appeal_overturned", "revoked"} <= refusals(recorded.post("/v1/clearances/redeem", json=redeeming))
    assert codes(recorded.check())[0] == "found_genuine"
    changed = recorded.check(account=body()["account"] | {"bio": "Baker."})
    assert (changed.json()["verdict"], changed.json()["required_approvals"]) == ("needs_review", 2)
    assert "appeal_open" not in codes(changed)
    check = recorded.get(f"/v1/checks/{check_id}", by=AUDITOR).json()
    assert [(one["outcome"], one["relation"]) for one in check["outcomes"]] == [
        ("upheld", "impersonation"), ("overturned", "unrelated")
    ]  # fmt: skip
    assert [(one["appeal_id"], one["state"]) for one in check["appeals"]] == [
        (first["appeal_id"], "upheld"), (second["appeal_id"], "overturned")
    ]  # fmt: skip
    refused(complain(recorded, check_id), "nothing left to appeal against")


def test_an_action_is_lifted_until_the_appeal_is_decided(recorded):
    check_id = acted(recorded)
    given = {"token": recorded.check().json()["clearance"]["token"], "account": body()["account"]}
    case = complained(recorded, check_id)
    waits = recorded.check().json()["check_id"]
    for reviewer in REVIEWERS:
        assert approve(recorded, waits, reviewer).status_code == 200
    taken = clearance(recorded, waits).json()
    lifted = lift(recorded, case).json()
    assert (lifted["state"], lifted["entry"]["seq"] > case["entry"]["seq"]) == ("lifted", True)
    assert lifted["text"] == "Until we decide on your complaint, the action against @JaneR0e is lifted."
    assert "Undo the action" in lifted["next_step"]
    spent = recorded.post("/v1/clearances/redeem", json={"token": taken["token"], "account": body()["account"]})
    assert {"revoked", "appeal_lifted"} <= refusals(spent), "approved while the appeal was open, and void"
    assert "revoked" in refusals(recorded.post("/v1/clearances/redeem", json=given))
    assert "appeal_lifted" in refusals(clearance(recorded, waits)), "nor is there another"
    assert codes(recorded.check())[:2] == ["appeal_open", "appeal_lifted"]
    for to, words in (("person", "is lifted"), ("reporter", "Nothing is decided yet.")):
        told = recorded.get(f"/v1/checks/{check_id}/notice", params={"to": to}, by=ADMIN).json()
        assert (told["action_taken"], told["facts"], told["complain"]) == (None, [], None)
        assert words in told["text"]
    refused(lift(recorded, case, by=BOB), "lifted already")
    assert decided(recorded, case, "upheld", "impersonation", by=ANN)["state"] == "upheld", "who lifted may decide"
    told = recorded.get(f"/v1/checks/{check_id}/notice", params={"to": "person"}, by=ADMIN).json()
    assert told["action_taken"] == "suspend"
    assert recorded.get(f"/v1/checks/{check_id}", by=AUDITOR).json()["warnings"] == []
    assert recorded.check().json()["verdict"] == "cleared"


def test_what_is_overdue_clears_nothing_and_decides_nothing(recorded):
    check_id = acted(recorded)
    case = complained(recorded, check_id)
    assert case["due_at"] == f"{NOW + timedelta(days=7):%Y-%m-%dT%H:%M:%SZ}"
    wait(recorded, days=30)
    found = shown(recorded, case)
    assert (found["state"], found["overdue"], found["decided_at"]) == ("open", True, None)
    answer = recorded.check()
    assert (answer.json()["verdict"], answer.json()["required_approvals"]) == ("needs_review", 2)
    assert codes(answer)[0] == "appeal_open"
    told = recorded.get(f"/v1/checks/{check_id}/notice", params={"to": "person"}, by=ADMIN).json()
    assert told["action_taken"] == "suspend"


def test_the_note_and_the_arguments_are_nowhere_in_log_or_error(recorded, caplog):
    caplog.set_level(logging.DEBUG)
    check_id = acted(recorded)
    case = complained(recorded, check_id)
    again = complain(recorded, check_id)
    refused(again, case["appeal_id"])
    wrong = decide(recorded, case, "overturned", "impersonation")
    refused(wrong, "authorised, hijacked, namesake, parody, target_wrong")
    right = decide(recorded, case, "overturned", "authorised")
    late = decide(recorded, case, "upheld", "impersonation", by=BOB)
    refused(late, "overturned already")
    with recorded.check_service.engine.connect() as connection:
        logged = " ".join(connection.execute(select(log.c.data)).scalars())
    for secret in ("Vrxlplk", "zymurgist"):
        for text in (caplog.text, logged, again.text, wrong.text, right.text, late.text):
            assert secret not in text


# --- what is sent and what is seen -----------------------------------------------------------------------------------


def test_it_came_in_when_it_is_said_to_have_but_not_in_a_time_to_come(make_client, database_url):
    client = make_client(database_url=database_url, appeal_hours=24)
    case = complained(client, acted(client), received_at="2026-04-30T12:00:00Z")
    assert (case["received_at"], case["due_at"], case["overdue"]) == (
        "2026-04-30T12:00:00Z", "2026-05-01T12:00:00Z", True
    )  # fmt: skip
    decided(client, case, "upheld", "impersonation")
    assert shown(client, case)["overdue"] is False
    later = complained(client, case["check_id"], received_at="2030-01-01T00:00:00Z")
    assert later["received_at"] == "2026-05-01T12:00:00Z"


@pytest.mark.parametrize(
    ("asked", "notice", "written"),
    [("de", None, "de"), (None, "pt", "pt"), ("zu", "pt", "en"), (None, None, "en"), ("ar", "pt", "ar")],
)
def test_the_text_comes_in_the_language_that_is_asked_for_where_there_is_one(recorded, asked, notice, written):
    told = {"notice": {"reporter": "person", "language": notice}} if notice else {}
    case = complained(recorded, acted(recorded, **told), language=asked)
    assert (case["language"], case["direction"]) == (written, "rtl" if written == "ar" else "ltr")
    assert "@JaneR0e" in case["text"]
    assert not [name for name in ("agent-17", "intake", "zymurgist", "JaneRoe ") if name in case["text"]]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"about": "weather"}, "about"), ({"arguments": "a" * 5_001}, "arguments"), ({"arguments": "\0"}, "arguments"),
     ({"language": "pt-BR"}, "language"), ({"received_at": "yesterday"}, "received_at"), ({"more": 1}, "more")],
)  # fmt: skip
def test_what_cannot_be_read_names_its_field(recorded, wrong, field):
    given = {"about": "action", "by": "person"} | wrong
    answer = recorded.post(f"/v1/checks/{acted(recorded)}/appeals", json=given, by=TOOL)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


def test_who_sees_what(recorded):
    case = complained(recorded, acted(recorded))
    lift(recorded, case)
    decided(recorded, case, "overturned", "authorised", by=BOB)
    for by in (BOB, ADMIN, AUDITOR):
        found = shown(recorded, case, by=by)
        assert (found["received_by"], found["arguments"]) == (TOOL[0], ARGUMENTS)
        assert [(one["kind"], one["actor"], one["reason"], one["note"]) for one in found["steps"]] == [
            ("lifted", ANN[0], None, ""), ("overturned", BOB[0], "authorised", NOTE)
        ]  # fmt: skip
    for by in (AGENT, TOOL):
        found = shown(recorded, case, by=by)
        assert (found["state"], found["reason"], found["text"] != "") == ("overturned", "authorised", True)
        assert (found["received_by"], found["arguments"], found["steps"]) == (None, None, [])
    address = f"/v1/appeals/{case['appeal_id']}"
    assert recorded.get(address, by=("agent-18", "agent")).json()["code"] == "unknown_appeal"
    assert recorded.get(f"/v1/appeals/{uuid4()}", by=AUDITOR).status_code == 404
    assert recorded.get("/v1/appeals", by=AGENT).status_code == 403


def test_an_agent_hands_in_only_what_is_about_the_agents_own_checks(recorded):
    check_id = acted(recorded)
    assert complain(recorded, check_id, by=("agent-18", "agent")).json()["code"] == "unknown_check"
    assert complain(recorded, check_id, by=AGENT).status_code == 200


def test_appeals_are_found_by_state_check_and_due_time(recorded):
    def of(number):
        account = body()["account"] | {"account_id": f"90{number}", "handle": f"JaneR0e{number}"}
        return acted(recorded, account=account)

    cases = [complained(recorded, of(n), received_at=f"2026-04-{20 + n}T12:00:00Z") for n in (3, 1, 2)]
    lift(recorded, cases[2])
    done = complained(recorded, of(4), received_at="2026-04-01T12:00:00Z")
    decided(recorded, done, "upheld", "impersonation")
    late, first, lifted, done = (case["appeal_id"] for case in (*cases, done))

    def found(**wanted):
        answer = recorded.get("/v1/appeals", params=wanted, by=AUDITOR).json()
        return [one["appeal_id"] for one in answer["appeals"]], answer["next"]

    assert found() == ([done, lifted, first, late], None)
    assert found(sort="due") == ([first, lifted, late], None)
    assert found(sort="due", limit=1) == ([first], None)
    assert found(state="open") == ([first, late], None)
    assert found(state="lifted") == ([lifted], None)
    assert found(state="upheld") == ([done], None)
    assert found(state="overturned") == ([], None)
    assert found(check_id=cases[0]["check_id"]) == ([late], None)
    page, following = found(limit=3)
    assert page == [done, lifted, first]
    assert found(limit=3, before=following) == ([late], None)


def test_the_same_request_is_answered_once(recorded):
    check_id = acted(recorded)
    given = {"about": "action", "by": "person"}
    sent = {"json": given, "by": TOOL, "headers": {"Idempotency-Key": "k-1"}}
    first, again = (recorded.post(f"/v1/checks/{check_id}/appeals", **sent) for _ in range(2))
    assert (first.status_code, first.content) == (200, again.content)
    case = first.json()
    recorded.get(f"/v1/checks/{check_id}", by=ANN)
    judged = {"found": "upheld", "reason": "impersonation", "note": NOTE}
    sent = {"json": judged, "by": ANN, "headers": {"Idempotency-Key": "k-2"}}
    first, again = (recorded.post(f"/v1/appeals/{case['appeal_id']}/decision", **sent) for _ in range(2))
    assert (first.status_code, first.content) == (200, again.content)


# --- erasure ---------------------------------------------------------------------------------------------------------


def everything(client):
    with client.check_service.engine.connect() as connection:
        return str([list(map(tuple, connection.execute(select(table)))) for table in (appeals, appeal_steps)])


def test_what_people_wrote_is_erased_and_the_rest_stays(recorded):
    check_id = acted(recorded)
    case = complained(recorded, check_id)
    decided(recorded, case, "upheld", "impersonation")
    assert {"zymurgist", "Vrxlplk"} <= {one for one in ("zymurgist", "Vrxlplk") if one in everything(recorded)}
    order = Order("officer", "request 7")
    assert recorded.commit(lambda transaction: erase(transaction, [check_id], order)) == 1
    assert not [one for one in ("zymurgist", "Vrxlplk") if one in everything(recorded)]
    found = shown(recorded, case)
    assert (found["state"], found["text"], found["subject"], found["arguments"]) == ("upheld", None, None, "")
    late = complained(recorded, check_id)
    decided(recorded, late, "upheld", "impersonation", by=BOB)
    assert "zymurgist" in everything(recorded)
    assert recorded.commit(lambda transaction: erase(transaction, [check_id], order)) == 1
    assert not [one for one in ("zymurgist", "Vrxlplk") if one in everything(recorded)]
    with recorded.check_service.engine.connect() as connection:
        assert verify(connection, recorded.check_service.signer.public()).decisions == 1


def test_by_age_nothing_goes_that_an_appeal_is_open_about(recorded):
    check_id = acted(recorded)
    case = complained(recorded, check_id)
    rules, keep = recorded.check_service.rules, timedelta(days=10)

    def old():
        now = NOW + timedelta(days=400)
        with recorded.check_service.engine.connect() as connection:
            return [row.id for row in connection.execute(too_old(keep, rules, now))]

    assert old() == []
    decided(recorded, case, "upheld", "impersonation")
    assert old() == [check_id]
