"""Known cases: they look like any check that waits, and nothing is ever done because of them."""

import asyncio
import random
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from service.auth.api_keys import Caller
from service.decisions.erasure import Order, erase
from service.decisions.known_cases import RESTED, KnownCases, hide, is_known
from service.decisions.outcomes import labels
from service.decisions.overview import Period, overview
from service.decisions.recorded import find_decision, reader
from service.decisions.transparency_report import lines
from service.records.tables import decisions, known_cases, moment
from tests.service.conftest import NOW, acted, appeal, body
from tests.service.test_rules import approve, clearance, refusals

LARGE = body()["account"] | {"followers": 200_000}
REVIEWER = ("new-reviewer", "reviewer")
AUDITOR = ("aud", "auditor")


def source(client, found="upheld", **account):
    """A check that was reviewed, acted on and appealed against."""
    check_id = acted(client, account=LARGE | account)
    assert appeal(client, check_id, found).status_code == 200
    return check_id


def hidden(client, seed=0):
    """The number of a known case that is hidden now."""
    return client.commit(lambda transaction: hide(transaction, random.Random(seed))).body  # noqa: S311


@pytest.fixture
def upheld(recorded):
    return source(recorded)


@pytest.fixture
def known(recorded, upheld):
    return hidden(recorded)


def detail(client, check_id, by=REVIEWER):
    return client.get(f"/v1/checks/{check_id}", by=by).json()


def test_it_is_due_as_long_after_it_was_asked_as_the_original_was(recorded, upheld):
    recorded.clock.at = NOW + timedelta(days=2)
    due = detail(recorded, upheld)["check"]["due"]["due_at"]
    again = detail(recorded, hidden(recorded))["check"]["due"]["due_at"]
    assert moment(again) - moment(due) == timedelta(days=2)


def test_it_shows_what_the_original_showed(recorded, upheld, known):
    first, again = detail(recorded, upheld), detail(recorded, known)
    for name in ("account", "action", "actor", "report"):
        assert again[name] == first[name]
    told = {"check_id", "checked_at", "entry"}
    assert {k: v for k, v in again["check"].items() if k not in told} == {
        k: v for k, v in first["check"].items() if k not in told
    }
    assert again["check"]["check_id"] == known


def test_a_reviewer_finds_it_in_the_queue_and_nothing_that_tells(recorded, upheld, known):
    waits = recorded.get("/v1/checks", params={"sort": "due"}, by=REVIEWER).json()["checks"]
    assert known in {line["check_id"] for line in waits}
    found = detail(recorded, known)
    assert (found["outcomes"], found["clearances"], found["warnings"], found["appeals"]) == ([], [], [], [])
    assert [line["kind"] for line in found["history"]] == ["check", "evidence_shown"]


def test_what_the_appeal_found_is_not_on_the_page_of_an_overturned_one(recorded):
    source(recorded, "overturned")
    found = detail(recorded, hidden(recorded))
    assert found["warnings"] == []
    assert "appeal_overturned" not in {reason["code"] for reason in found["check"]["reasons"]}


def test_who_looks_on_is_told(recorded, known):
    assert "known_case_hidden" in {line["kind"] for line in detail(recorded, known, AUDITOR)["history"]}


def test_approved_by_two_it_still_permits_nothing(recorded, known):
    for number in (1, 2):
        assert approve(recorded, known, (f"rev-{number}", "reviewer")).status_code == 200
    assert refusals(clearance(recorded, known)) == {"known_case"}
    assert detail(recorded, known)["clearances"] == []


def test_no_appeal_and_no_outcome_is_about_it(recorded, known):
    assert appeal(recorded, known, "upheld").status_code == 409


def test_it_is_in_no_list_of_its_asker_and_in_no_history(recorded, known):
    for by in (("agent-17", "agent"), REVIEWER):
        found = recorded.get("/v1/checks", by=by).json()["checks"]
        assert known not in {line["check_id"] for line in found}
    mine = asyncio.run(recorded.check_service.askers.mine(Caller("k", "agent-17", frozenset({"agent"}))))
    assert mine.checks == (), "nor among what the asker has to act on: the original was acted on"
    found = recorded.get("/v1/checks", by=AUDITOR).json()["checks"]
    assert known in {line["check_id"] for line in found}


def test_it_is_in_no_figure_and_no_label(recorded, upheld):
    def figures():
        with recorded.check_service.engine.connect() as connection:
            read = reader(connection)
            found = overview(read, Period.of("24h", NOW), recorded.check_service.rules)
            report = list(lines(read, NOW.replace(year=2025), NOW.replace(year=2027)))
        return found, report, list(labels(recorded.check_service.engine, reviews=True))

    before = figures()
    known = hidden(recorded)
    approve(recorded, known, ("rev-1", "reviewer"), "decline")
    assert figures() == before


@pytest.mark.parametrize("followers", [12, 200_000])
def test_only_what_was_reviewed_acted_on_and_decided_is_asked_again(recorded, followers):
    acted(recorded, account=LARGE | {"followers": followers})
    assert hidden(recorded) == ""  # nobody has appealed
    if followers == 12:
        recorded.check()
        assert hidden(recorded) == ""


def test_a_check_rests_after_it_was_asked_again(recorded, known):
    assert hidden(recorded) == ""
    recorded.clock.at = NOW + RESTED
    assert hidden(recorded)


def test_overturned_ones_are_as_frequent_as_upheld_ones(recorded):
    for number in range(6):
        source(recorded, account_id=f"90{number}0", handle=f"JaneR{number}")
    overturned = source(recorded, "overturned", account_id="9999", handle="JaneRoe1")
    drawn = set()
    for seed in range(40):
        found = recorded.commit(lambda transaction, seed=seed: hide(transaction, random.Random(seed))).body  # noqa: S311
        if found:
            drawn.add(found)
            with recorded.check_service.engine.connect() as connection:
                origin = select(known_cases.c.source).where(known_cases.c.decision == found)
                if connection.execute(origin).scalar_one() == overturned:
                    break
    assert len(drawn) <= 5, "one in seven, but half of the draws"


def test_how_many_are_due_is_chance_at_the_share_that_was_set():
    cases = KnownCases(0.25, random=random.Random(7))  # noqa: S311
    for _ in range(4_000):
        cases.came("needs_review", "impersonation")
        cases.came("cleared", "impersonation")
        cases.came("needs_review", "no_target")
    assert 850 < cases.due < 1150


def test_housekeeping_hides_what_is_due(make_client, database_url):
    client = make_client(database_url=database_url, known_case_share=1)
    source(client)
    client.check_service.known_cases.due = 0
    client.check(account=LARGE | {"account_id": "77", "handle": "JaneR00"})
    asyncio.run(client.upkeep.hide_known_cases())
    with client.check_service.engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(known_cases)).scalar_one() == 1


def test_by_default_nothing_is_hidden(recorded, upheld):
    recorded.check(account=LARGE)
    asyncio.run(recorded.upkeep.hide_known_cases())
    with recorded.check_service.engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(known_cases)).scalar_one() == 0
        assert connection.execute(select(func.count()).select_from(decisions)).scalar_one() == 2


def test_its_texts_go_with_those_of_the_original(recorded, upheld, known):
    erased = recorded.commit(lambda transaction: erase(transaction, [upheld], Order("officer", "request 7")))
    assert erased == 2
    assert "Jane Roe" not in str(detail(recorded, known)["account"])
    assert known not in {line["check_id"] for line in recorded.get("/v1/checks?sort=due", by=REVIEWER).json()["checks"]}


def test_it_is_told_apart(recorded, upheld, known):
    with recorded.check_service.engine.connect() as connection:
        read = reader(connection)
        assert is_known(read, find_decision(read, known))
        assert not is_known(read, find_decision(read, upheld))
