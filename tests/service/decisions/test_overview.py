"""The overview counts what was recorded, on both databases, and shows nobody."""

from datetime import timedelta

import pytest

from service.decisions.overview import VERDICTS, Period, Rate, agreed, desk_figures, overview
from service.decisions.recorded import reader
from tests.service.conftest import ASSESSMENTS, NOW, acted, appeal, body


@pytest.fixture
def service(make_client, database_url):
    return make_client("below_threshold", database_url=database_url)


def asked(service, number, kind="below_threshold", *, at=NOW):
    """Ask about one of many accounts at a time."""
    service.scorer.answer, service.clock.at = ASSESSMENTS[kind], at
    account = body()["account"] | {"account_id": str(5000 + number), "handle": f"JaneR0e{number}"}
    return service.check(account=account).json()["check_id"]


def answer(service, check_id, answer_, who, *, after):
    service.clock.at += after
    by = (who, "reviewer")
    service.get(f"/v1/checks/{check_id}", by=by)
    given = {"answer": answer_, "reason": "Looked."}
    assert service.post(f"/v1/checks/{check_id}/approvals", json=given, by=by).status_code == 200


def read(service, work):
    with service.check_service.engine.connect() as connection:
        return work(reader(connection))


def figures(service, name="24h", now=None):
    period = Period.of(name, now or service.clock())
    return read(service, lambda read_: overview(read_, period, service.check_service.rules))


def test_nothing_was_recorded(service):
    found = figures(service)
    assert (found.checks, found.waiting.count, found.waiting.oldest, sum(found.answered)) == (0, 0, None, 0)
    assert found.overturned.share is None
    assert found.agreed.interval is None


def test_checks_are_counted_by_verdict_in_the_step_that_they_fall_into(service):
    for number, (kind, hours) in enumerate([("impersonation", 0), ("impersonation", 2), ("is_protected", 2)]):
        asked(service, number, kind, at=NOW - timedelta(hours=hours))
    asked(service, 9, at=NOW - timedelta(hours=30))
    service.clock.at = NOW
    day = {begin: counts for begin, counts in figures(service).volumes if sum(counts)}
    assert day == {NOW - timedelta(hours=2): (1, 0, 1), NOW: (1, 0, 0)}
    week = figures(service, "7d")
    assert (week.checks, len(week.volumes)) == (4, 7)
    assert len(figures(service, "30d").volumes) == 30
    assert VERDICTS == ("cleared", "needs_review", "refused")


def test_a_period_begins_with_a_whole_hour_or_day():
    later = NOW + timedelta(minutes=40)
    assert Period.of("24h", later).begin == NOW - timedelta(hours=23)
    assert Period.of("7d", later).begin == (NOW - timedelta(days=6)).replace(hour=0)


def test_what_waits_has_its_age_and_what_is_due_is_overdue(service):
    service.clock.at = NOW
    for number, hours in enumerate((60, 30, 10, 3, 0)):
        asked(service, number, at=NOW - timedelta(hours=hours))
    found = figures(service).waiting
    assert (found.count, found.oldest, found.ages) == (5, NOW - timedelta(hours=60), (1, 1, 1, 1, 1))
    assert found.overdue == 0
    account = body()["account"] | {"account_id": "77", "handle": "JaneR0e77"}
    service.check(account=account, notice={"reporter": "person", "harm": "emergency"})
    service.clock.at = NOW + timedelta(hours=3)
    assert figures(service).waiting.overdue == 1


def test_what_was_declined_approved_or_too_old_waits_no_more(service):
    declined, approved, half = (asked(service, number) for number in range(3))
    asked(service, 3, at=NOW - timedelta(hours=80))
    service.clock.at = NOW
    answer(service, declined, "decline", "rev-1", after=timedelta(minutes=1))
    answer(service, approved, "approve", "rev-1", after=timedelta(minutes=1))
    answer(service, approved, "approve", "rev-2", after=timedelta(minutes=1))
    answer(service, half, "approve", "rev-1", after=timedelta(minutes=1))
    assert figures(service).waiting.count == 1


def test_the_first_answer_counts_and_what_has_none_is_said(service):
    waits = (timedelta(minutes=15), timedelta(minutes=16), timedelta(hours=3), timedelta(hours=20), timedelta(hours=30))
    for number, wait in enumerate(waits):
        check_id = asked(service, number)
        answer(service, check_id, "approve", "rev-1", after=wait)
        answer(service, check_id, "approve", "rev-2", after=timedelta(hours=5))
    asked(service, 9)
    service.clock.at = NOW + timedelta(days=2)
    found = figures(service, "7d")
    assert (found.answered, found.unanswered) == ((1, 1, 1, 1, 1), 1)


def test_agreement_is_of_those_that_two_people_answered(service):
    for number, second in enumerate(("approve", "approve", "decline")):
        check_id = asked(service, number)
        answer(service, check_id, "approve", "rev-1", after=timedelta(minutes=1))
        answer(service, check_id, second, "rev-2", after=timedelta(minutes=1))
    answer(service, asked(service, 4), "decline", "rev-1", after=timedelta(minutes=1))
    assert read(service, lambda read_: agreed(read_, NOW)) == Rate(2, 3)


def test_of_several_outcomes_of_a_check_the_last_of_the_period_counts(service):
    service.scorer.answer = ASSESSMENTS["impersonation"]
    first, second = (acted(service, account=body()["account"] | {"account_id": str(n)}) for n in range(2))
    appeal(service, first, "overturned")
    appeal(service, first, "upheld", by=("judge-2", "reviewer"))
    appeal(service, second, "overturned")
    assert figures(service).overturned == Rate(1, 2)
    assert figures(service, now=NOW + timedelta(days=2)).overturned == Rate(0, 0)


def test_an_interval_holds_what_was_seen():
    low, high = Rate(2, 40).interval
    # Clopper and Pearson's interval of 2 of 40, as published tables have it.
    assert (round(low, 4), round(high, 4)) == (0.0061, 0.1692)
    assert Rate(0, 5).interval[0] == 0.0
    assert Rate(5, 5).interval[1] == 1.0


def test_prometheus_keeps_the_same_and_the_longest_silent_gate_of_a_name(service):
    asked(service, 1, at=NOW - timedelta(hours=2))
    for name, minutes, cases in (("gate-a", 30, 4), ("gate-b", 5, 2)):
        service.clock.at = NOW - timedelta(minutes=minutes)
        service.request("PUT", "/v1/gates/ozone", by=(name, "executor"), json={"waiting": cases})
    found = read(service, lambda read_: desk_figures(read_, now=NOW, rules=service.check_service.rules))
    assert (found.waiting, found.oldest_seconds) == (1, 7200.0)
    assert found.gates == {"ozone": ((NOW - timedelta(minutes=30)).timestamp(), 6)}
