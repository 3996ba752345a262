"""Second looks as stories over HTTP, on SQLite and PostgreSQL: who looks blind, what it stops, who never knows."""

import asyncio
import json
from datetime import timedelta
from uuid import uuid4

import pytest

from service.auth.api_keys import Caller, create_key
from service.records.tables import second_looks
from service.records.verification import verify
from tests.service.conftest import ASSESSMENTS, TARGET, body, canned
from tests.service.test_rules import approve, clearance, redeem, refusals

BLIND, OTHER, THIRD = ("blind-1", "reviewer"), ("blind-2", "reviewer"), ("blind-3", "reviewer")
AUDITOR, ADMIN = ("aud", "auditor"), ("ada", "admin")
REPORT = {"text": "It writes to her followers."}
KINDS = ["second_look_drawn", "second_look_shown", "second_look_answered"]


@pytest.fixture
def drawing(make_client, database_url):
    """A service that clears, and draws every check."""
    return make_client(database_url=database_url, second_look_share=1)


def ask(client, **changes):
    return client.check(**({"report": REPORT} | changes)).json()


def listed(client, by, **wanted):
    answer = client.get("/v1/second-looks", params=wanted, by=by)
    assert answer.status_code == 200, answer.text
    return [one["check_id"] for one in answer.json()["second_looks"]]


def look(client, check_id, by=BLIND):
    return client.get(f"/v1/second-looks/{check_id}", by=by)


def judge(client, check_id, relation, by=BLIND, *, after=90, **options):
    """Look, think for some seconds, and answer."""
    assert look(client, check_id, by).status_code == 200
    client.clock.at += timedelta(seconds=after)
    return say(client, check_id, relation, by, **options)


def say(client, check_id, relation, by=BLIND, reason="I looked.", **options):
    given = {"relation": relation, "reason": reason}
    return client.post(f"/v1/second-looks/{check_id}/answer", json=given, by=by, **options)


def refused(answer):
    """Why somebody may not judge a check."""
    assert (answer.status_code, answer.json()["code"]) == (409, "second_look_refused"), answer.text
    return answer.json()["detail"]


def kinds(client, check_id, by):
    return [line["kind"] for line in client.get(f"/v1/checks/{check_id}", by=by).json()["history"]]


# --- stories ---------------------------------------------------------------------------------------------------------


def test_a_cleared_check_is_judged_blind_and_its_clearance_is_not_redeemed(drawing):
    answer = ask(drawing)
    check_id = answer["check_id"]
    assert (answer["verdict"], listed(drawing, BLIND, state="open")) == ("cleared", [check_id])
    assert kinds(drawing, check_id, ("agent-17", "agent")) == ["check", "clearance_issued"], "an agent does not notice"
    shown = look(drawing, check_id).json()
    assert (shown["account"]["handle"], shown["target"]["handle"], shown["report"]) == ("JaneR0e", "JaneRoe", REPORT)
    assert judge(drawing, check_id, "unrelated").json()["relation"] == "unrelated"
    assert refusals(redeem(drawing, answer)) == {"second_look_differs"}
    assert refusals(clearance(drawing, check_id)) == {"second_look_differs"}
    again = ask(drawing)
    assert (again["verdict"], again["required_approvals"], again["clearance"]) == ("needs_review", 2, None)
    assert again["reasons"][0]["code"] == "second_look_differs"
    assert check_id in again["reasons"][0]["text"]
    assert kinds(drawing, check_id, AUDITOR)[2:5] == KINDS
    assert set(kinds(drawing, check_id, ("agent-17", "agent"))).isdisjoint(KINDS)


def test_whoever_saw_the_evidence_cannot_look_blind(drawing):
    check_id = ask(drawing)["check_id"]
    drawing.get(f"/v1/checks/{check_id}", by=BLIND)
    assert "has been shown the evidence" in refused(look(drawing, check_id))
    assert "has been shown the evidence" in refused(say(drawing, check_id, "unrelated"))
    assert (listed(drawing, BLIND), listed(drawing, OTHER)) == ([], [check_id])


def test_whoever_looks_at_the_evidence_before_answering_is_not_blind_any_more(drawing):
    answer = ask(drawing)
    look(drawing, answer["check_id"])
    drawing.get(f"/v1/checks/{answer['check_id']}", by=BLIND)
    assert "has been shown the evidence" in refused(say(drawing, answer["check_id"], "unrelated"))
    assert redeem(drawing, answer).status_code == 200


@pytest.mark.parametrize("reviewer", ["blind-1", "Blind-1", "jane"])
def test_two_names_of_one_person_count_as_one(drawing, reviewer):
    for name in ("blind-1", "jane"):
        key = drawing.commit(lambda transaction, name=name: create_key(transaction, name, ["reviewer"], person="7"))
        drawing._keys[name, ("reviewer",)] = key
    check_id = ask(drawing)["check_id"]
    judge(drawing, check_id, "impersonation")
    same = (reviewer, "reviewer")
    assert "already answered" in refused(look(drawing, check_id, same))
    assert "already answered" in refused(say(drawing, check_id, "unrelated", same))
    other = ask(drawing)["check_id"]
    drawing.get(f"/v1/checks/{other}", by=("jane", "reviewer"))
    assert "has been shown the evidence" in refused(look(drawing, other))
    assert other not in listed(drawing, BLIND)


def test_whoever_asks_for_an_action_does_not_judge_it(drawing):
    check_id = ask(drawing)["check_id"]
    for by in (("agent-17", "reviewer"), ("Agent-17", "reviewer")):
        assert "asks for an action" in refused(look(drawing, check_id, by))
        assert listed(drawing, by) == []
    named = ask(drawing, actor={"actor_id": "blind-1"})["check_id"]
    assert "asks for an action" in refused(look(drawing, named))


def test_two_people_judge_and_nobody_after_them(drawing):
    check_id = ask(drawing)["check_id"]
    for by in (BLIND, OTHER):
        judge(drawing, check_id, "impersonation", by)
    assert "two people have answered" in refused(look(drawing, check_id, THIRD))
    assert listed(drawing, THIRD) == []
    [line] = drawing.get("/v1/second-looks", by=AUDITOR).json()["second_looks"]
    assert [(one["actor"], one["relation"]) for one in line["answers"]] == [
        ("blind-1", "impersonation"),
        ("blind-2", "impersonation"),
    ]


def test_an_answer_comes_after_the_look(drawing):
    check_id = ask(drawing)["check_id"]
    assert "look at it first" in refused(say(drawing, check_id, "unrelated"))


def test_seconds_count_from_the_first_look_under_whatever_name(drawing):
    check_id = ask(drawing)["check_id"]
    look(drawing, check_id)
    drawing.clock.at += timedelta(seconds=40)
    assert look(drawing, check_id, ("Blind-1", "reviewer")).json()["shown_at"] == "2026-05-01T12:00:00Z"
    assert judge(drawing, check_id, "impersonation", after=20).json()["seconds"] == 60


def test_what_was_not_drawn_is_not_there(recorded):
    check_id = ask(recorded)["check_id"]
    for answer in (look(recorded, check_id), look(recorded, uuid4()), say(recorded, check_id, "unsure")):
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown_second_look")
    assert listed(recorded, AUDITOR) == listed(recorded, BLIND) == []


def test_the_same_request_is_answered_once(drawing):
    answer = ask(drawing)
    key = {"headers": {"Idempotency-Key": "once"}}
    first = judge(drawing, answer["check_id"], "impersonation", **key)
    assert say(drawing, answer["check_id"], "impersonation", **key).json() == first.json()
    assert redeem(drawing, answer).status_code == 200


# --- what is drawn, and who knows ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(ASSESSMENTS))
def test_everything_with_a_target_is_drawn_but_protected_accounts(make_client, database_url, name):
    client = make_client(ASSESSMENTS[name], database_url=database_url, second_look_share=1)
    check_id = ask(client)["check_id"]
    drawn = [] if name in {"no_target", "is_protected"} else [check_id]
    assert listed(client, AUDITOR) == drawn
    client.check_service.close()


def test_the_answer_of_a_check_that_is_drawn_is_that_of_any_other(make_client, tmp_path):
    answers = []
    for share in (0, 1):
        client = make_client(database_url=f"sqlite:///{tmp_path}/{share}.db", second_look_share=share)
        answer = ask(client)
        assert answer.pop("clearance")
        found = client.get(f"/v1/checks/{answer['check_id']}").json()
        changing = {"check_id", "entry"}
        numbers = [answer["entry"]["seq"], *(line["seq"] for line in found["history"])]
        answers.append(
            ({name: value for name, value in answer.items() if name not in changing}, sorted(found), numbers)
        )
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    ("roles", "knows"),
    [
        (["agent"], False),
        (["reviewer"], False),
        (["auditor"], True),
        (["admin"], True),
        (["admin", "auditor"], True),
        (["reviewer", "auditor"], False),
        (["agent", "admin"], False),
    ],
)
def test_only_admins_and_auditors_who_neither_ask_nor_judge_read_of_it(drawing, roles, knows):
    check_id = ask(drawing)["check_id"]
    judge(drawing, check_id, "impersonation")
    by = ("agent-17" if roles == ["agent"] else "somebody", *roles)
    assert set(KINDS).issubset(kinds(drawing, check_id, by)) is knows
    assert set(KINDS).isdisjoint(kinds(drawing, check_id, by)) is not knows
    if roles != ["agent"]:
        lines = drawing.get("/v1/second-looks", by=("somebody else", *roles))
        if lines.status_code == 200 and lines.json()["second_looks"]:
            assert bool(lines.json()["second_looks"][0]["answers"]) is knows


def test_the_history_of_many_checks_does_not_tell_it_either(drawing):
    check_id = ask(drawing)["check_id"]
    judge(drawing, check_id, "impersonation")
    for roles in (["agent"], ["reviewer"], ["auditor"]):
        caller = Caller("0" * 16, "somebody", frozenset(roles))
        steps = asyncio.run(drawing.check_service.steps([check_id], caller))[check_id]
        assert set(KINDS).isdisjoint(step.kind for step in steps) is (roles != ["auditor"])


def test_nothing_that_was_answered_is_shown(drawing):
    drawing.scorer.answer = ASSESSMENTS["below_threshold"]
    check_id = ask(drawing)["check_id"]
    approve(drawing, check_id, ("approver", "reviewer"))
    shown = look(drawing, check_id).json()
    assert set(shown) == {"check_id", "shown_at", "account", "target", "report", "reports"}
    text = json.dumps(shown)
    for word in ("verdict", "needs_review", "0.71", "suspend", "approver", "agent-17", "looks like", "certificate"):
        assert word not in text


def test_what_was_erased_is_not_shown_and_not_judged(drawing):
    from tests.service.decisions.test_erasure import erased  # noqa: PLC0415 -- which builds much

    check_id = ask(drawing)["check_id"]
    judge(drawing, check_id, "impersonation", reason="Plagiarises her.")
    look(drawing, check_id, OTHER)
    erased(drawing, check_id)
    for answer in (look(drawing, check_id, OTHER), say(drawing, check_id, "unsure", OTHER)):
        assert (answer.status_code, answer.json()["code"]) == (410, "erased")
    assert listed(drawing, OTHER) == []
    [line] = drawing.get("/v1/second-looks", by=AUDITOR).json()["second_looks"]
    assert [one["reason"] for one in line["answers"]] == [""]
    with drawing.check_service.engine.connect() as connection:
        verify(connection, drawing.check_service.signer.public())


# --- it only ever adds caution ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("relation", ["impersonation", "unsure"])
def test_an_answer_that_does_not_differ_changes_nothing(drawing, relation):
    answer = ask(drawing)
    assert judge(drawing, answer["check_id"], relation).status_code == 200
    assert redeem(drawing, answer).status_code == 200
    assert ask(drawing)["verdict"] == "cleared"


@pytest.mark.parametrize("relation", ["parody_or_fan", "same_owner", "unrelated"])
def test_approvals_end_where_somebody_who_looked_blind_sees_no_impersonation(drawing, relation):
    drawing.scorer.answer = ASSESSMENTS["unrelated"]
    check_id = ask(drawing)["check_id"]
    for by in (("rev-1", "reviewer"), ("rev-2", "reviewer")):
        approve(drawing, check_id, by)
    token = clearance(drawing, check_id).json()
    judge(drawing, check_id, relation)
    assert "second_look_differs" in refusals(redeem(drawing, {"clearance": token}))
    assert "second_look_differs" in refusals(clearance(drawing, check_id))


def test_who_agrees_with_the_model_warns_of_nothing(drawing):
    drawing.scorer.answer = ASSESSMENTS["parody_or_fan"]
    check_id = ask(drawing)["check_id"]
    judge(drawing, check_id, "parody_or_fan")
    assert ask(drawing)["reasons"][0]["code"] == "relation_parody_or_fan"


def test_a_demand_that_was_approved_of_a_parody_is_not_doubted_by_whoever_sees_a_parody(drawing):
    drawing.scorer.answer = canned(relation="parody_or_fan", impersonation_probability=0.1)
    asked = {"action": "require_change", "demands": ["label_in_bio"], "time_limit_hours": 48}
    check_id = ask(drawing, **asked)["check_id"]
    approve(drawing, check_id, ("rev-1", "reviewer"))
    judge(drawing, check_id, "parody_or_fan")
    assert clearance(drawing, check_id).status_code == 200


def test_whoever_judged_blind_may_review_afterwards_as_anybody_may(drawing):
    drawing.scorer.answer = ASSESSMENTS["below_threshold"]
    check_id = ask(drawing)["check_id"]
    judge(drawing, check_id, "impersonation")
    assert approve(drawing, check_id, BLIND).json()["state"] == "open", "one of two"
    assert "review_open" in refusals(clearance(drawing, check_id))


@pytest.mark.parametrize(
    "wrong",
    [{"relation": "is_protected"}, {}, {"relation": "unsure", "reason": "\0"}, {"relation": "unsure", "seconds": 1}],
)
def test_an_answer_that_cannot_be_taken_is_refused_with_its_field(drawing, wrong):
    check_id = ask(drawing)["check_id"]
    answer = drawing.post(f"/v1/second-looks/{check_id}/answer", json=wrong, by=BLIND)
    assert (answer.status_code, bool(answer.json()["errors"])) == (422, True)


def test_a_reason_may_be_left_out(drawing):
    check_id = ask(drawing)["check_id"]
    look(drawing, check_id)
    answer = drawing.post(f"/v1/second-looks/{check_id}/answer", json={"relation": "unsure"}, by=BLIND)
    assert answer.status_code == 200


def test_what_is_drawn_is_vouched_for_and_the_target_is_named(drawing):
    check_id = ask(drawing, account=body()["account"])["check_id"]
    assert look(drawing, check_id).json()["target"]["account_id"] == TARGET.account_id
    with drawing.check_service.engine.connect() as connection:
        verify(connection, drawing.check_service.signer.public())
        assert [row.decision for row in connection.execute(second_looks.select())] == [check_id]
