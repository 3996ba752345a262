"""What people are told of a check: the four rules of ``service.decisions.told``, as properties of every text.

What the texts say is in ``tests/service/stories/test_person_notices.py``.
"""

import json
from datetime import timedelta
from itertools import product
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from classifier.scoring.policy import ACTIONS
from service.texts.catalogue import languages
from service.texts.compose import Reader
from tests.service.conftest import ASSESSMENTS, JUDGE, acted, appeal, body

READERS = get_args(Reader)
REVIEWER = ("rev-quince", "reviewer")
# Everything that somebody wrote or is called besides the two accounts' handles: none of it may be told.
SECRETS = (
    "agent-17", "rev-quince", "judge", "flagger-zander", "ReporterZander", "Zelda Zander", "zander@desk.example",
    "Seen the passport of Zelda", "approver-1", "approver-2", "Looked.", "Looked into it.", "7007",
)  # fmt: skip
NOTICE = {
    "reporter": "trusted_flagger",
    "reporter_id": "flagger-zander",
    "proof": ["id_document", "court_order"],
    "ground": "law",
    "harm": "fraud",
    "country": "DE",
    "account": {"platform": "x", "account_id": "7007", "handle": "ReporterZander", "display_name": "Zelda Zander"},
}
REPORT = {"text": "Seen the passport of Zelda", "mail": "zander@desk.example"}
DEMANDED = {"action": "require_change", "demands": ["other_name"]}
ACTION = {action: DEMANDED if action == "require_change" else {"action": action} for action in ACTIONS}


def told(client, check_id, to, language=None):
    query = {"to": to} | ({"lang": language} if language else {})
    answer = client.get(f"/v1/checks/{check_id}/notice", params=query, by=REVIEWER)
    assert answer.status_code == 200, answer.text
    return answer.json()


def every_text(client, check_id):
    """All that is told of a check, to both readers in all languages."""
    return [told(client, check_id, to, language) for to, language in product(READERS, languages())]


def ask(client, **changes):
    asked = {"notice": NOTICE, "report": REPORT} | changes
    answer = client.check(**asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def decline(client, check_id):
    client.get(f"/v1/checks/{check_id}", by=REVIEWER)
    given = {"answer": "decline", "reason": "Looked."}
    assert client.post(f"/v1/checks/{check_id}/approvals", json=given, by=REVIEWER).status_code == 200


# --- rule 1: what was done is what was redeemed ----------------------------------------------------------------------


@pytest.mark.parametrize("action", ACTIONS)
def test_what_was_asked_and_not_redeemed_was_not_done(make_client, action) -> None:
    client = make_client("impersonation")
    check = ask(client, **ACTION[action])
    assert {one["action_taken"] for one in every_text(client, check["check_id"])} == {None}


@pytest.mark.parametrize("action", ACTIONS)
def test_what_was_redeemed_was_done_and_what_an_appeal_overturned_is_no_more(recorded, action) -> None:
    check_id = acted(recorded, notice=NOTICE, report=REPORT, **ACTION[action])
    assert {one["action_taken"] for one in every_text(recorded, check_id)} == {action}
    if action != "require_change":
        assert appeal(recorded, check_id, by=JUDGE, relation="unrelated").status_code == 200
        assert {one["action_taken"] for one in every_text(recorded, check_id)} == {None}


def test_a_clearance_that_ran_out_unused_did_nothing(make_client) -> None:
    client = make_client("impersonation", review_hours=1)
    check = ask(client)
    client.clock.at += timedelta(days=40)
    found = [told(client, check["check_id"], to) for to in READERS]
    assert {one["action_taken"] for one in found} == {None}
    assert all("We took no action." in one["text"] for one in found)


# --- rule 2: while it is open nobody is told what it found -----------------------------------------------------------


def test_while_it_is_open_the_texts_are_the_same_whatever_was_found(make_client) -> None:
    seen = []
    for name in ASSESSMENTS:
        client = make_client(name)
        check = ask(client)
        if check["verdict"] == "needs_review":
            seen.append([{**one, "automated": None} for one in every_text(client, check["check_id"])])
    assert len(seen) > 3
    assert all(one == seen[0] for one in seen)
    assert all((one["facts"], one["cure"], one["complain"], one["people"]) == ([], None, None, 0) for one in seen[0])
    assert "JaneRoe" not in json.dumps(seen, ensure_ascii=False)


# --- rule 3: that it is the owner's, or protected, is told to nobody -------------------------------------------------


def test_the_owners_account_is_told_of_like_any_without_a_breach(make_client) -> None:
    client = make_client("is_protected")
    protected = every_text(client, ask(client)["check_id"])
    assert "JaneRoe" not in json.dumps(protected, ensure_ascii=False)
    for name in ("declared_secondary", "same_owner"):
        client = make_client(name)
        check = ask(client)
        if check["verdict"] == "needs_review":
            decline(client, check["check_id"])
        texts = [one["text"].split("\n\n")[0] for one in every_text(client, check["check_id"])]
        assert texts == [one["text"].split("\n\n")[0] for one in protected], name


# --- rule 4: nobody else is named ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(ASSESSMENTS))
def test_who_asked_reviewed_and_reported_goes_into_no_text(make_client, name) -> None:
    client = make_client(name)
    check = ask(client)
    before = every_text(client, check["check_id"])
    if check["verdict"] == "needs_review":
        decline(client, check["check_id"])
    said = json.dumps([*before, *every_text(client, check["check_id"])], ensure_ascii=False)
    assert not [secret for secret in SECRETS if secret in said]


def test_nor_what_was_done_with_whom_that_decided_it(recorded) -> None:
    account = body()["account"] | {"verified": True}
    check_id = acted(recorded, account=account, notice=NOTICE, report=REPORT)
    before = every_text(recorded, check_id)
    appeal(recorded, check_id, by=JUDGE, relation="unrelated")
    said = json.dumps([*before, *every_text(recorded, check_id)], ensure_ascii=False)
    assert not [secret for secret in SECRETS if secret in said]


_NAME = st.text("qxzwvkj", min_size=6, max_size=20)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_NAME, _NAME, _NAME, st.sampled_from(READERS), st.sampled_from(languages()))
def test_what_the_reporter_is_called_and_wrote_is_not_told(make_client, who, wrote, called, to, language) -> None:
    client = make_client("impersonation")
    notice = NOTICE | {"reporter_id": who, "account": NOTICE["account"] | {"display_name": called}}
    check = ask(client, notice=notice, report=wrote)
    said = json.dumps(told(client, check["check_id"], to, language), ensure_ascii=False)
    assert not [secret for secret in (who, wrote, called) if secret in said]


# --- in which language -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("of_the_notice", "reporter"), [("hi", "hi"), ("pt", "pt"), ("zh", "en"), ("haw", "en"), (None, "en")]
)
def test_without_a_language_the_reporter_is_told_in_the_notices_and_the_person_in_english(
    recorded, of_the_notice, reporter
) -> None:
    """The notice is in the reporter's language, which says nothing of the person's."""
    check = ask(recorded, notice=NOTICE | {"language": of_the_notice})
    assert told(recorded, check["check_id"], "reporter")["lang"] == reporter
    assert told(recorded, check["check_id"], "person")["lang"] == "en"
    assert {told(recorded, check["check_id"], to, "ja")["lang"] for to in READERS} == {"ja"}


def test_a_check_without_a_notice_is_told_in_english(recorded) -> None:
    check = recorded.check().json()
    assert {told(recorded, check["check_id"], to)["lang"] for to in READERS} == {"en"}
