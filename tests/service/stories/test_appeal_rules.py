"""Who decides an appeal, what can be appealed against, and which decision goes with what, on SQLite and PostgreSQL."""

from datetime import timedelta

import pytest

from classifier.errors import TrainingError
from classifier.labels.dataset import read_labels
from service.auth.api_keys import create_key, end_access
from service.decisions.outcomes import write_labels
from service.records.tables import second_look_answers
from tests.service.conftest import NOW, REGISTRY, acted, appeal, body
from tests.service.stories.appeals import (
    ANN,
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
from tests.service.test_rules import approve, refusals

__all__ = ["doubted"]  # a fixture


# --- another person than all before ----------------------------------------------------------------------------------


def second_name(client, name):
    """Tie another name to whoever has one, and return the header with its key."""
    for one in (name, "somebody-else"):
        key = client.commit(lambda transaction, one=one: create_key(transaction, one, ["reviewer"], person="P-17"))
    return {"Authorization": f"Bearer {key}"}


PARTS = {
    "asked": "agent-17", "asked for another": "agent-17", "was named": "acting-kim", "approved": "approver-2",
    "said an outcome": CLEO[0], "decided before": CLEO[0], "judged it once more": CLEO[0],
}  # fmt: skip


def case_with(client, part):
    """Return an open appeal in whose case somebody took this part."""
    if part in {"asked for another", "was named"}:
        answer = client.check(actor={"actor_id": "acting-kim"}).json()
        spending = {"token": answer["clearance"]["token"], "account": body()["account"], "actor": "acting-kim"}
        assert client.post("/v1/clearances/redeem", json=spending).status_code == 200
        return complained(client, answer["check_id"])
    check_id = acted(client, account=body()["account"] | ({"followers": 200_000} if part == "approved" else {}))
    if part == "said an outcome":
        assert appeal(client, check_id, "upheld", by=CLEO).status_code == 200
    if part == "decided before":
        decided(client, complained(client, check_id), "upheld", "impersonation", by=CLEO)
    if part == "judged it once more":
        client.commit(lambda transaction: judge_once_more(transaction, check_id))
    return complained(client, check_id)


def judge_once_more(transaction, check_id):
    row = {"decision": check_id, "actor": CLEO[0], "key_id": "0" * 16, "relation": "unrelated", "reason": "Blind."}
    row |= {"seconds": 60, "at": transaction.stamp}
    transaction.record(second_look_answers, "second_look_answered", check_id, row)


@pytest.mark.parametrize("part", PARTS)
def test_who_took_part_cannot_decide_under_any_name(recorded, part):
    case, who = case_with(recorded, part), PARTS[part]
    for name in (who, who.upper(), who.replace("l", "1")):
        refused(decide(recorded, case, "overturned", "namesake", by=(name, "reviewer")), "another person")
    headers = second_name(recorded, who)
    check = f"/v1/checks/{case['check_id']}"
    assert recorded.get(check, by=None, headers=headers).status_code == 200
    given = {"found": "upheld", "reason": "impersonation", "note": NOTE}
    sent = {"json": given, "by": None, "headers": headers}
    refused(recorded.post(f"/v1/appeals/{case['appeal_id']}/decision", **sent), "another person")
    assert shown(recorded, case)["state"] == "open"
    assert decided(recorded, case, "upheld", "impersonation", by=BOB)["state"] == "upheld"


def test_whoever_declined_or_approved_in_vain_does_not_decide_either(doubted):
    check_id = doubted.check().json()["check_id"]
    assert approve(doubted, check_id, REVIEWERS[1]).status_code == 200
    given = {"answer": "decline", "reason": "No."}
    doubted.get(f"/v1/checks/{check_id}", by=REVIEWERS[0])
    assert doubted.post(f"/v1/checks/{check_id}/approvals", json=given, by=REVIEWERS[0]).status_code == 200
    case = complained(doubted, check_id, "decline")
    wait(doubted, days=2)  # no approval counts any more
    for reviewer in REVIEWERS:
        refused(decide(doubted, case, "upheld", "namesake", by=reviewer), "another person")
    assert decided(doubted, case, "upheld", "namesake")["state"] == "upheld"


def test_whoever_received_it_may_decide_it(recorded):
    case = complained(recorded, acted(recorded), by=ANN)
    assert decided(recorded, case, "upheld", "impersonation", by=ANN)["state"] == "upheld"


def test_whoever_has_not_seen_the_evidence_does_not_decide(recorded):
    case = complained(recorded, acted(recorded))
    refused(decide(recorded, case, "upheld", "impersonation", look=False), "look at the evidence first")


def test_whoever_is_about_to_leave_does_not_decide(recorded):
    case = complained(recorded, acted(recorded))
    recorded.key(*ANN)
    recorded.commit(lambda transaction: end_access(transaction, "JUDGE-ANN", NOW + timedelta(hours=2)))
    refused(decide(recorded, case, "overturned", "namesake"), "access has ended or is about to")


# --- what can be appealed against, and what goes with what -----------------------------------------------------------


@pytest.mark.parametrize("name", ["impersonation", "below_threshold", "is_protected"])
def test_there_is_an_appeal_about_an_action_only_once_it_was_taken(make_client, database_url, name):
    client = make_client(name, database_url=database_url)
    refused(complain(client, client.check().json()["check_id"]), "no action to appeal against")


def test_there_is_an_appeal_about_a_decline_only_once_nobody_acts(make_client, database_url):
    client = make_client("below_threshold", database_url=database_url)
    refused(complain(client, client.check().json()["check_id"], "decline"), "nobody has declined to act")
    refused(complain(client, acted(client), "decline"), "nobody has declined to act")
    check_id = client.check(account=body()["account"] | {"account_id": "9002", "handle": "JaneRoee"}).json()["check_id"]
    wait(client, hours=72)
    assert complain(client, check_id, "decline").status_code == 200, "its review has expired"


def test_a_refusal_can_be_complained_about_and_so_can_what_was_cleared_in_vain(make_client, database_url):
    client = make_client("impersonation", database_url=database_url)
    check_id = client.check().json()["check_id"]
    refused(complain(client, check_id, "decline"), "nobody has declined to act")
    wait(client, minutes=30)
    assert complain(client, check_id, "decline").status_code == 200


def test_of_a_protected_account_a_complaint_is_taken_and_decides_nothing(make_client, database_url):
    client = make_client("is_protected", database_url=database_url)
    case = complained(client, client.check().json()["check_id"], "decline")
    decided(client, case, "overturned", "impersonation")
    assert (client.check().json()["verdict"], client.check().json()["clearance"]) == ("refused", None)


@pytest.mark.parametrize(("about", "by"), [("action", "reporter"), ("decline", "person")])
def test_who_complains_goes_with_what_about(recorded, about, by):
    answer = recorded.post(f"/v1/checks/{acted(recorded)}/appeals", json={"about": about, "by": by}, by=TOOL)
    refused(answer, "by: person", "by: reporter")


@pytest.mark.parametrize(
    ("found", "reason", "relation"),
    [("overturned", "namesake", "unrelated"), ("overturned", "target_wrong", "unrelated"),
     ("overturned", "authorised", "same_owner"), ("overturned", "parody", "parody_or_fan"),
     ("overturned", "hijacked", "unclear"), ("upheld", "impersonation", "impersonation")],
)  # fmt: skip
def test_what_is_found_about_an_action_is_its_outcome(recorded, found, reason, relation):
    case = complained(recorded, acted(recorded))
    other = "impersonation" if found == "overturned" else "parody"
    refused(decide(recorded, case, found, other), "impersonation", "parody")
    answer = decided(recorded, case, found, reason)
    assert ("Secure" in answer["next_step"]) == (reason == "hijacked")
    [outcome] = recorded.get(f"/v1/checks/{case['check_id']}", by=AUDITOR).json()["outcomes"]
    assert (outcome["outcome"], outcome["relation"], outcome["actor"]) == (found, relation, ANN[0])
    assert recorded.check().json()["verdict"] == ("cleared" if found == "upheld" else "refused")


def test_a_hijacked_account_teaches_nothing(recorded, tmp_path):
    decided(recorded, complained(recorded, acted(recorded)), "overturned", "hijacked")
    assert write_labels(recorded.check_service.engine, tmp_path / "labels.csv") == 1
    with pytest.raises(TrainingError, match="not one labelled case is clear"):
        read_labels([tmp_path / "labels.csv"], REGISTRY, now=NOW)


@pytest.mark.parametrize(("found", "reason"), [("upheld", "impersonation"), ("overturned", "namesake")])
def test_about_a_decline_the_reasons_go_the_other_way_round(doubted, found, reason):
    refused(decide(doubted, complained(doubted, declined(doubted), "decline"), found, reason), "impersonation")


def test_a_demand_may_be_upheld_because_the_account_is_a_parody(recorded):
    account = body()["account"]
    asked = {"action": "require_change", "demands": ["label_in_bio"], "account": account}
    case = complained(recorded, acted(recorded, **asked))
    assert decided(recorded, case, "upheld", "parody")["state"] == "upheld"


def test_while_an_appeal_is_open_nothing_else_says_what_was_found(recorded):
    check_id = acted(recorded)
    case = complained(recorded, check_id)
    answer = appeal(recorded, check_id)
    assert (answer.status_code, codes(answer)) == (409, ["appeal_open"])
    assert case["appeal_id"] in answer.json()["detail"]
    decided(recorded, case, "upheld", "impersonation")
    assert appeal(recorded, check_id).status_code == 200, "as it was before there were appeals"


def test_an_appeal_about_a_decline_cannot_be_lifted(doubted):
    refused(lift(doubted, complained(doubted, declined(doubted), "decline")), "no action that could be lifted")


def test_what_was_asked_before_an_appeal_came_in_does_not_hold_any_more(recorded):
    check_id = acted(recorded)
    given = {"token": recorded.check().json()["clearance"]["token"], "account": body()["account"]}
    complained(recorded, check_id)
    assert "appeal_open" in refusals(recorded.post("/v1/clearances/redeem", json=given))
