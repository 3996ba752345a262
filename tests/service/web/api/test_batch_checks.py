"""A batch names the versions that answered it, and knows when actors' access ends."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from classifier.errors import InputError
from service.auth.api_keys import end_access
from service.web.api.batch_checks import AT_ONCE
from tests.service.conftest import AGENT, ASSESSMENTS, NOW, FakeScorer, body

BATCH = "/v1/checks/batch"


class ReplacedModel:
    """The scorer in force until something was scored; another one then."""

    def __init__(self) -> None:
        self.before = FakeScorer(ASSESSMENTS["impersonation"])
        self.after = FakeScorer(ASSESSMENTS["unrelated"])
        self.after.model_id = "model-fedcba9876543210"

    def __call__(self):
        return self.after if self.before.seen else self.before


def test_a_model_that_is_replaced_during_a_batch_answers_none_of_its_rows(make_client):
    client = make_client(ASSESSMENTS["impersonation"])
    client.check_service.current = replaced = ReplacedModel()
    answer = client.post(BATCH, json={"checks": [body()] * (2 * AT_ONCE + 1)}).json()
    assert answer["model_id"] == replaced.before.model_id
    assert {row["relation"] for row in answer["results"]} == {"impersonation"}
    again = client.post(BATCH, json={"checks": [body()]}).json()
    assert (again["model_id"], again["results"][0]["relation"]) == (replaced.after.model_id, "unrelated")


def refused(row):
    return row["verdict"], [reason["code"] for reason in row["reasons"]]


@pytest.mark.parametrize("who", ["agent-17", AGENT[0]])
def test_the_end_of_access_that_is_registered_counts_in_a_batch_as_in_a_check(make_client, who):
    client = make_client(ASSESSMENTS["impersonation"])
    client.key(*AGENT)
    assert client.post(BATCH, json={"checks": [body()]}).json()["results"][0]["verdict"] == "cleared"
    client.commit(lambda transaction: end_access(transaction, who, NOW - timedelta(hours=1)))
    [row] = client.post(BATCH, json={"checks": [body()]}).json()["results"]
    assert row["verdict"] == "refused"
    if who != AGENT[0]:  # whose key is refused for a single check before anything is scored
        assert refused(row) == refused(client.check().json())


def test_an_end_that_the_request_names_still_counts(make_client):
    client = make_client(ASSESSMENTS["impersonation"])
    ended = {"actor_id": "agent-17", "access_ends_at": (NOW - timedelta(hours=1)).isoformat()}
    rows = client.post(BATCH, json={"checks": [body(actor=ended), body()]}).json()["results"]
    assert [row["verdict"] for row in rows] == ["refused", "cleared"]


def test_a_row_that_cannot_be_scored_fails_the_batch_and_no_verdict_is_made_up(make_client):
    client = make_client(InputError("nothing can be scored"))
    answer = client.post(BATCH, json={"checks": [body()]})
    assert answer.status_code >= 400
    assert "results" not in answer.json()


def test_every_question_gets_the_answer_of_its_scorer(make_client):
    client = make_client(ASSESSMENTS["impersonation"])
    other = FakeScorer(replace(ASSESSMENTS["unrelated"], impersonation_probability=0.25))
    account = ASSESSMENTS["impersonation"].account

    async def ask():
        return await asyncio.gather(
            *(client.check_service.assess(account, scorer) for scorer in (None, other, None, other))
        )

    found = [one.impersonation_probability for one in asyncio.run(ask())]
    assert found == [0.992, 0.25, 0.992, 0.25]


def test_what_a_notice_says_counts_in_a_batch_as_in_a_check(make_client):
    client = make_client(ASSESSMENTS["impersonation"])
    asked = body(notice={"reporter": "person", "owner_says": "mine"})
    [row] = client.post(BATCH, json={"checks": [asked]}).json()["results"]
    assert refused(row) == ("needs_review", ["owner_says_mine"])
    assert client.post("/v1/checks", json=asked).json()["verdict"] == row["verdict"]


@pytest.mark.parametrize("name", sorted(ASSESSMENTS))
def test_a_row_says_what_the_platform_asks_and_which_change_fits_as_a_check_does(make_client, name):
    client = make_client(ASSESSMENTS[name])
    check = client.check().json()
    [row] = client.post(BATCH, json={"checks": [body()]}).json()["results"]
    assert row["offer"] == (check["offer"]["demands"] if check["offer"] else [])
    met = {True: "met", False: "unmet", None: "unknown"}
    asked = " ".join(f"{one['code']}={met[one['met']]}" for one in check["requirements"])
    assert row["requirements"] == (asked or None)
