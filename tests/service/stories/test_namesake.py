"""The namesake who was suspended before: what an appeal, or a proof of identity, found holds for later checks of it.

Over HTTP, on SQLite and PostgreSQL.
"""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from service.decisions.erasure import Order, checks_of, erase
from service.decisions.recorded import reader
from service.records.tables import clearances
from service.records.verification import verify
from tests.service.conftest import ASSESSMENTS, TARGET, acted, appeal, body, canned
from tests.service.test_rules import approve, clearance, redeem, refusals

ACCOUNT = body()["account"]
WORK = ACCOUNT | {"account_id": "9100", "handle": "RoeLawyers", "display_name": "Roe Lawyers", "bio": "We sue."}
HOME = ACCOUNT | {"account_id": "9200", "handle": "roe_at_home", "display_name": "J. Roe", "bio": "Bakes."}
REVIEWER, OTHER, THIRD = ("rev-1", "reviewer"), ("rev-2", "reviewer"), ("rev-3", "reviewer")
READERS = (("rev-9", "reviewer"), ("ada", "admin"), ("aud", "auditor"))


def answered(answer):
    return answer["verdict"], answer["reasons"][0]["code"], answer["required_approvals"]


def asked(client, account=ACCOUNT, **changes):
    return answered(client.check(account=account | changes).json())


def prove(client, check_id=None, related=(), by=REVIEWER, *, looked=True, **more):
    check_id = check_id or client.check().json()["check_id"]
    if looked:
        client.get(f"/v1/checks/{check_id}", by=by)
    given = {"check_id": check_id, "proof": "id_document", "note": "Saw the passport.", "related": related} | more
    return client.post("/v1/findings", json=given, by=by)


def proved(client, related=({"account": WORK}, {"account": HOME}), **more):
    answer = prove(client, related=list(related), **more)
    assert answer.status_code == 200, answer.text
    return answer.json()["findings"]


def end(client, finding, by=OTHER, **more):
    given = {"reason": "passed_on"} | more
    return client.post(f"/v1/findings/{finding['finding_id']}/end", json=given, by=by)


def verified(client):
    with client.check_service.engine.connect() as connection:
        return verify(connection, client.check_service.signer.public())


# --- the story -------------------------------------------------------------------------------------------------------


def test_the_namesake_who_was_suspended_before(recorded):
    suspended = acted(recorded)
    assert appeal(recorded, suspended, relation="unrelated").status_code == 200
    assert asked(recorded) == ("refused", "found_genuine", 0)
    assert asked(recorded, bio="Moved to Oslo.") == ("needs_review", "found_genuine_before", 2)
    assert asked(recorded, WORK)[0] == "cleared"
    later = recorded.check(account=ACCOUNT | {"bio": "Moved to Oslo."}).json()["check_id"]
    findings = proved(recorded, check_id=later)
    assert [one["account_id"] for one in findings] == ["9001", "9100", "9200"]
    assert len({one["proven_id"] for one in findings}) == 1
    for account in (ACCOUNT | {"bio": "Moved to Oslo."}, WORK, HOME):
        answer = recorded.check(account=account | {"followers": 9_999}).json()
        assert answered(answer) == ("refused", "found_genuine", 0)
    assert "A proof of identity found this account genuine on 1 May 2026" in answer["reasons"][0]["text"]
    assert asked(recorded, WORK, display_name="Jane Roe") == ("needs_review", "found_genuine_before", 2)
    assert end(recorded, findings[1]).status_code == 200
    assert asked(recorded, WORK)[0] == "cleared"
    assert asked(recorded, HOME) == ("refused", "found_genuine", 0)
    assert verified(recorded).decisions > 0


# --- what it stops ---------------------------------------------------------------------------------------------------


def test_clearances_of_every_account_are_void_in_the_same_transaction(recorded):
    given = {account["account_id"]: recorded.check(account=account).json() for account in (ACCOUNT, WORK, HOME)}
    stranger = recorded.check(account=ACCOUNT | {"account_id": "77", "handle": "Elsewhere"}).json()
    assert all(answer["clearance"] for answer in (*given.values(), stranger))
    answer = prove(recorded, given["9001"]["check_id"], related=[{"account": WORK}]).json()
    assert answer["revoked"] == 2
    assert refusals(redeem(recorded, given["9001"])) >= {"revoked", "identity_proven"}
    assert refusals(redeem(recorded, given["9100"], **WORK)) >= {"revoked", "identity_proven"}
    assert redeem(recorded, given["9200"], **HOME).status_code == 200
    assert redeem(recorded, stranger, account_id="77", handle="Elsewhere").status_code == 200


@pytest.mark.parametrize("spelled", ["https://Social.example/users/Roe/", "https://social.example/users/Roe", "17"])
def test_a_clearance_is_void_whatever_the_account_is_called_and_its_id_is_spelled(make_client, spelled):
    its_id = "1001" if spelled == "17" else "https://elsewhere.example/users/jane"
    target = replace(TARGET, platform="mastodon", handle="JaneRoe@elsewhere.example", account_id=its_id)
    client = make_client(canned(target=target, likeliest=target, steadiest=target))
    moved = WORK | {"platform": "mastodon", "account_id": spelled, "handle": "roe@social.example"}
    renamed = client.check(account=moved | {"handle": "roe_before@social.example"}).json()
    assert renamed["clearance"], renamed["reasons"]
    known = moved | {"account_id": "17" if spelled == "17" else "https://social.example/users/Roe"}
    assert prove(client, related=[{"account": known}]).json()["revoked"] >= 1
    found = client.get(f"/v1/checks/{renamed['check_id']}", by=THIRD).json()
    assert [one["state"] for one in found["clearances"]] == ["revoked"]


@pytest.mark.parametrize("account", [ACCOUNT, WORK])
def test_an_older_clearance_does_not_hold_even_where_it_was_not_voided(recorded, account):
    older = recorded.check(account=account).json()
    recorded.check_service.clock.at += timedelta(minutes=1)
    proved(recorded)
    with recorded.check_service.engine.begin() as connection:
        connection.execute(update(clearances).values(revoked=None))
    assert refusals(redeem(recorded, older, **account)) >= {"identity_proven"}


def test_a_check_of_before_is_neither_approved_nor_cleared(make_client, database_url):
    client = make_client(ASSESSMENTS["below_threshold"], database_url=database_url)
    waiting = client.check(account=WORK).json()["check_id"]
    assert approve(client, waiting, OTHER).status_code == 200
    proved(client)
    refused = approve(client, waiting, THIRD)
    assert (refused.status_code, refused.json()["reasons"][0]["code"]) == (409, "identity_proven")
    assert clearance(client, waiting).status_code == 409


def test_a_changed_account_takes_two_people_who_can_act(make_client, database_url):
    client = make_client(ASSESSMENTS["below_threshold"], database_url=database_url)
    proved(client)
    waiting = client.check(account=WORK | {"bio": "Chair of Northwind."}).json()
    assert answered(waiting) == ("needs_review", "found_genuine_before", 2)
    assert approve(client, waiting["check_id"], OTHER).status_code == 200
    assert clearance(client, waiting["check_id"]).status_code == 409
    assert approve(client, waiting["check_id"], THIRD).status_code == 200
    assert clearance(client, waiting["check_id"]).status_code == 200


def test_an_account_of_the_same_handle_and_another_id_is_only_warned_of(recorded):
    proved(recorded)
    assert asked(recorded, WORK, account_id="1234") == ("needs_review", "identity_proven", 2)
    without = {name: value for name, value in WORK.items() if name != "account_id"}
    verdict, code, _ = asked(recorded, without)
    assert (verdict, code) == ("needs_review", "identity_proven")
    assert asked(recorded, WORK, account_id="1234", handle="Another")[0] == "cleared"


def test_it_clears_nothing_and_lowers_no_number_of_people(make_client):
    for name, assessment in ASSESSMENTS.items():
        client = make_client(assessment)
        before = client.check(account=WORK).json()
        proved(client)
        for account in (WORK, WORK | {"bio": "Another."}):
            after = client.check(account=account).json()
            assert after["clearance"] is None, name
            assert after["verdict"] == "refused" or before["verdict"] != "refused", name
            assert after["verdict"] == "refused" or after["required_approvals"] >= 2, name


# --- who makes it, and of what ---------------------------------------------------------------------------------------


def test_whoever_makes_it_has_looked_and_did_not_ask_for_the_action(recorded):
    refused = prove(recorded, looked=False)
    assert (refused.status_code, refused.json()["code"]) == (409, "finding_refused")
    assert "look at the evidence" in refused.json()["detail"]
    for asking in ("agent-17", "AGENT-17", "Agent-17"):
        refused = prove(recorded, by=(asking, "reviewer"))
        assert (refused.status_code, refused.json()["code"]) == (409, "finding_refused"), asking
    assert asked(recorded)[0] == "cleared"


@pytest.mark.parametrize("missing", ["account_id", "platform"])
def test_an_account_that_nobody_can_tell_from_others_has_no_finding(recorded, missing):
    less = {name: value for name, value in WORK.items() if name != missing}
    refused = prove(recorded, related=[{"account": less}])
    assert (refused.status_code, refused.json()["code"]) == (409, "finding_refused")
    assert "related account 1 has no platform and id" in refused.json()["detail"]
    own = recorded.check(account={name: value for name, value in ACCOUNT.items() if name != missing}).json()
    assert "the check's account has no" in prove(recorded, own["check_id"]).json()["detail"]


def test_on_mastodon_an_id_without_its_server_is_nobodys(recorded):
    local = {"platform": "mastodon", "account_id": "17", "handle": "roe", "display_name": "Roe"}
    assert prove(recorded, related=[{"account": local}]).status_code == 409
    full = local | {"handle": "roe@social.example"}
    [_, finding] = proved(recorded, [{"account": full}])
    found = recorded.get("/v1/findings", params={"platform": "mastodon", "account_id": "17"}, by=REVIEWER).json()
    assert [one["finding_id"] for one in found["findings"]] == [finding["finding_id"]]
    assert asked(recorded, full) == ("refused", "found_genuine", 0)
    assert asked(recorded, full, handle="roe2@elsewhere.example")[0] != "refused"


def test_an_account_that_is_protected_needs_none(recorded):
    protected = {"platform": "x", "account_id": "1001", "handle": "JaneRoe"}
    refused = prove(recorded, related=[{"account": WORK}, {"account": protected}])
    assert refused.status_code == 409
    assert refused.json()["detail"].startswith("related account 2 is protected already")
    assert recorded.get("/v1/findings", by=REVIEWER).json()["findings"] == []


def test_an_account_stands_in_it_once(recorded):
    for related in ([WORK, WORK], [ACCOUNT]):
        refused = prove(recorded, related=[{"account": one} for one in related])
        assert "named twice" in refused.json()["detail"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"proof": "none"}, "proof"),
        ({"note": " "}, "note"),
        ({"related": [{"account": WORK}] * 21}, "related"),
        ({"related": [{"account": {"account_id": "1"}}]}, "related.0.account.handle"),
        ({"related": [{"account": WORK | {"created_at": "yesterday"}}]}, "related.0.account.created_at"),
        ({"related": [{"format": "x-v2", "account": "roe"}]}, "related.0.account"),
        ({"related": ["9100"]}, "related.0"),
    ],
)
def test_what_does_not_have_the_form_is_refused_with_its_field(client, wrong, field):
    refused = prove(client, **wrong)
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid_request")
    assert [error["field"] for error in refused.json()["errors"]] == [field]


def test_a_related_account_may_come_as_its_platform_gives_it(recorded):
    raw = {"id": "9300", "username": "roe_raw", "name": "Raw Roe", "public_metrics": {"followers_count": 5}}
    [_, finding] = proved(recorded, [{"format": "x-v2", "account": raw}])
    assert (finding["platform"], finding["account_id"], finding["handle"]) == ("x", "9300", "roe_raw")
    assert finding["profile"]["display_name"] == "Raw Roe"


def test_a_request_that_comes_again_makes_no_second_finding(recorded):
    check_id = recorded.check().json()["check_id"]
    recorded.get(f"/v1/checks/{check_id}", by=REVIEWER)
    given = {"check_id": check_id, "proof": "domain", "note": "The site names it."}
    first, again = (
        recorded.post("/v1/findings", json=given, by=REVIEWER, headers={"Idempotency-Key": "f1"}) for _ in range(2)
    )
    assert (first.status_code, first.json()) == (200, again.json())
    assert len(recorded.get("/v1/findings", by=REVIEWER).json()["findings"]) == 1


def test_of_an_erased_check_nothing_is_found(recorded):
    check_id = recorded.check().json()["check_id"]
    recorded.commit(lambda transaction: erase(transaction, [check_id], Order("officer", "request 7")))
    refused = prove(recorded, check_id)
    assert (refused.status_code, refused.json()["code"]) == (410, "erased")


# --- reading and ending ----------------------------------------------------------------------------------------------


def test_findings_are_found_by_account_and_check(recorded):
    made = proved(recorded)
    ids = [one["finding_id"] for one in made]

    def found(**wanted):
        page = recorded.get("/v1/findings", params=wanted, by=THIRD).json()
        return [one["finding_id"] for one in page["findings"]]

    assert found() == found(check_id=made[0]["check_id"]) == ids[::-1]
    assert found(platform="Twitter", account_id="9100") == [ids[1]]
    assert found(platform="bluesky") == found(account_id="91") == []
    first = recorded.get("/v1/findings", params={"limit": 2}, by=THIRD).json()
    rest = recorded.get("/v1/findings", params={"limit": 2, "before": first["next"]}, by=THIRD).json()
    assert [one["finding_id"] for one in (*first["findings"], *rest["findings"])] == ids[::-1]
    assert rest["next"] is None
    for by in READERS:
        one = recorded.get(f"/v1/findings/{ids[1]}", by=by).json()
        assert one == made[1] | {"entry": None}
    assert (one["proof"], one["note"], one["state"], one["made_by"]) == (
        "id_document", "Saw the passport.", "stands", "rev-1",
    )  # fmt: skip
    assert one["profile"]["bio"] == "We sue."
    assert recorded.get("/v1/findings/00000000-0000-4000-8000-000000000000", by=THIRD).status_code == 404


def test_whoever_made_it_or_asked_for_the_action_does_not_end_it(recorded):
    [finding] = proved(recorded, [])
    for by in (REVIEWER, ("REV-1", "reviewer"), ("agent-17", "reviewer")):
        refused = end(recorded, finding, by=by)
        assert (refused.status_code, refused.json()["code"]) == (409, "finding_refused")
    assert asked(recorded) == ("refused", "found_genuine", 0)
    ended = end(recorded, finding).json()["findings"]
    assert [(one["state"], one["ended_by"], one["ended_because"]) for one in ended] == [("ended", "rev-2", "passed_on")]
    assert asked(recorded)[0] == "cleared"
    again = end(recorded, finding)
    assert (again.status_code, again.json()["detail"]) == (409, "it has ended already")
    found = recorded.get(f"/v1/findings/{finding['finding_id']}", by=THIRD).json()
    assert found == ended[0] | {"entry": None}


def test_all_of_a_proof_end_together_and_others_stay(recorded):
    before = proved(recorded)
    [own, *_] = proved(recorded, [])
    assert end(recorded, before[2]).status_code == 200
    ended = end(recorded, before[2], all=True).json()["findings"]
    assert [one["finding_id"] for one in ended] == [one["finding_id"] for one in before[:2]]
    assert asked(recorded, WORK)[0] == asked(recorded, HOME)[0] == "cleared"
    assert asked(recorded) == ("refused", "found_genuine", 0)
    assert end(recorded, own).status_code == 200
    assert asked(recorded)[0] == "cleared"
    assert verified(recorded).decisions > 0


def test_the_history_of_the_check_has_it_without_a_text(recorded):
    check_id = recorded.check().json()["check_id"]
    [finding] = proved(recorded, [], check_id=check_id)
    end(recorded, finding)
    history = recorded.get(f"/v1/checks/{check_id}", by=THIRD).json()["history"]
    kinds = [line["kind"] for line in history]
    assert [kind for kind in kinds if kind.startswith("finding")] == ["finding_made", "finding_ended"]
    assert "passport" not in str(history)


# --- erasure ---------------------------------------------------------------------------------------------------------


def test_an_erasure_takes_note_and_profile_and_leaves_two_people(recorded):
    check_id = recorded.check().json()["check_id"]
    made = proved(recorded, check_id=check_id)
    recorded.commit(lambda transaction: erase(transaction, [check_id], Order("officer", "request 7")))
    for one in made:
        found = recorded.get(f"/v1/findings/{one['finding_id']}", by=THIRD).json()
        assert (found["note"], found["profile"], found["state"]) == ("", None, "stands")
    for account in (ACCOUNT, WORK, HOME):
        assert asked(recorded, account) == ("needs_review", "found_genuine_before", 2)
    assert verified(recorded).decisions > 0
    assert end(recorded, made[0]).status_code == 200
    assert verified(recorded).decisions > 0


def test_whoever_asks_for_another_account_of_theirs_has_its_profile_erased(recorded):
    check_id = recorded.check().json()["check_id"]
    proved(recorded, check_id=check_id)
    with recorded.check_service.engine.connect() as connection:
        found = checks_of(reader(connection), platform="x", account_id="9100", handle=None, check_id=None)
    assert [one.row.id for one in found] == [check_id]
