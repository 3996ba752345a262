"""Marks in the queue tell who works on what. They give no right, take none, and lapse."""

import asyncio
from datetime import timedelta

import pytest

from service.auth.api_keys import Caller
from service.decisions import queue_desk
from service.decisions.queue_search import QueueSearch
from service.errors import ReviewError, UnknownCheckError
from service.records.transaction import Idempotency
from service.records.verification import verify
from tests.service.conftest import ASSESSMENTS, NOW, body

KIM, LEE, BOSS = ("kim", "reviewer"), ("lee", "reviewer"), ("boss", "admin")
ALL = QueueSearch()


@pytest.fixture
def service(make_client):
    return make_client(ASSESSMENTS["below_threshold"], second_look_share=0)


@pytest.fixture
def on_each(make_client, database_url):
    """A service on each kind of database."""
    return make_client(ASSESSMENTS["below_threshold"], database_url=database_url)


def ask(service, number=0, **account):
    """Have an account checked; each number is another account. A small account takes one reviewer."""
    changes = {"account_id": str(7_000 + number), "handle": f"JaneR0e{number}"} | account
    return service.check(account=body()["account"] | changes).json()["check_id"]


def caller(service, who):
    actor, *roles = who
    return Caller(service.key(actor, *roles).split("_")[1], actor, frozenset(roles))


def marked(service, kind, check_id, who=KIM, note=""):
    return asyncio.run(service.check_service.queue.mark(kind, check_id, caller(service, who), None, note))


def claim_next(service, who=KIM, wanted=ALL, **more):
    return asyncio.run(service.check_service.queue.claim_next(caller(service, who), wanted, None, **more))


def marks(service, check_id, who=KIM):
    [item] = asyncio.run(service.check_service.queue.several([check_id], caller(service, who)))
    return item.marks


def answer(service, check_id, who=KIM, answer="decline"):
    service.get(f"/v1/checks/{check_id}", by=who)
    given = {"answer": answer, "reason": "Looked."}
    return service.post(f"/v1/checks/{check_id}/approvals", json=given, by=who)


def test_of_two_who_claim_one_the_second_is_told_by_whom_and_until_when(on_each):
    check_id = ask(on_each)
    marked(on_each, "claim", check_id)
    with pytest.raises(ReviewError, match="kim has claimed this account until 12:15 UTC"):
        marked(on_each, "claim", check_id, LEE)
    assert marks(on_each, check_id).claim.actor == "kim"
    with on_each.check_service.engine.connect() as connection:
        assert verify(connection, on_each.check_service.signer.public()).entries


def test_two_who_ask_for_the_next_at_once_get_two_checks(on_each):
    ids = {ask(on_each, number) for number in range(2)}
    desk, people = on_each.check_service.queue, [caller(on_each, who) for who in (KIM, LEE)]

    async def both():
        return await asyncio.gather(*(desk.claim_next(one, ALL, None) for one in people))

    assert set(asyncio.run(both())) == ids


def test_a_claim_blocks_nobody_who_answers(service):
    check_id = ask(service)
    marked(service, "claim", check_id)
    assert answer(service, check_id, LEE).status_code == 200


def test_a_claim_lapses_by_itself(service):
    check_id = ask(service)
    marked(service, "claim", check_id)
    service.clock.at = NOW + timedelta(minutes=14, seconds=59)
    assert marks(service, check_id).claim
    service.clock.at = NOW + timedelta(minutes=15)
    assert marks(service, check_id).claim is None
    marked(service, "claim", check_id, LEE)
    assert marks(service, check_id).claim.actor == "lee"


def test_how_long_a_claim_lasts_is_a_setting(make_client):
    service = make_client(ASSESSMENTS["below_threshold"], queue_claim_minutes=2)
    check_id = ask(service)
    marked(service, "claim", check_id)
    assert marks(service, check_id).claim.ends_at == NOW + timedelta(minutes=2)


def test_a_claim_ends_when_it_is_released_or_answered(service):
    one, large = ask(service), ask(service, 1, followers=200_000)
    marked(service, "claim", one)
    with pytest.raises(ReviewError, match="not claimed"):
        marked(service, "release", one, LEE)
    marked(service, "release", one)
    assert marks(service, one).claim is None
    marked(service, "claim", large)
    assert answer(service, large, answer="approve").status_code == 200
    assert marks(service, large).claim is None, "the second person finds it free"
    marked(service, "claim", large, LEE)


def test_a_claim_is_of_the_account_whatever_check_of_it_was_claimed(service):
    one, other = ask(service), ask(service, display_name="Jane R.")
    marked(service, "claim", one)
    with pytest.raises(ReviewError, match="kim has claimed"):
        marked(service, "claim", other, LEE)
    assert claim_next(service, LEE) == ""


def test_who_asked_for_it_cannot_claim_or_skip_it_but_may_say_that_it_needs_another_person(service):
    check_id = ask(service)
    for kind in ("claim", "skip"):
        with pytest.raises(ReviewError, match="cannot approve it"):
            marked(service, kind, check_id, ("agent-17", "reviewer"), "x")
    marked(service, "escalate", check_id, ("agent-17", "reviewer"), "Odd.")


@pytest.mark.parametrize("kind", ["claim", "release", "skip", "escalate", "settle"])
def test_what_does_not_wait_takes_no_mark(make_client, service, kind):
    declined = ask(service)
    assert answer(service, declined, LEE).status_code == 200
    with pytest.raises(ReviewError, match="declined"):
        marked(service, kind, declined, note="x")
    cleared = make_client(ASSESSMENTS["impersonation"], second_look_share=0)
    with pytest.raises(ReviewError, match="was cleared"):
        marked(cleared, kind, ask(cleared), note="x")
    with pytest.raises(UnknownCheckError):
        marked(service, kind, "00000000-0000-0000-0000-000000000000", note="x")


def test_what_enough_people_approved_takes_no_mark(service):
    check_id = ask(service)
    for who in (KIM, LEE):
        answer(service, check_id, who, "approve")
    with pytest.raises(ReviewError, match="enough people"):
        marked(service, "escalate", check_id, note="x")


def test_who_has_answered_does_not_claim(service):
    check_id = ask(service, followers=200_000)
    answer(service, check_id, answer="approve")
    with pytest.raises(ReviewError, match="already answered"):
        marked(service, "claim", check_id)


def test_a_skipped_check_comes_last_for_that_person_only(service):
    first, second = ask(service, 0), ask(service, 1)
    marked(service, "skip", first, note="Later.")
    assert claim_next(service) == second
    assert claim_next(service, LEE) == first
    marked(service, "release", first, LEE)
    marked(service, "skip", second, note="Later.")
    service.clock.at += timedelta(minutes=20)
    assert claim_next(service) == first, "of two that were put off, the one that was longest ago"


def test_what_was_just_put_off_does_not_come_at_once(service):
    only = ask(service)
    marked(service, "skip", only, note="Later.")
    assert claim_next(service, but=only) == ""
    assert claim_next(service) == only, "whoever asks again gets it"


def test_an_escalated_check_comes_first_for_others_and_is_settled_by_another(service):
    first, second = ask(service, 0), ask(service, 1)
    marked(service, "escalate", second, note="Press office?")
    with pytest.raises(ReviewError, match="already"):
        marked(service, "escalate", second, LEE, "Again.")
    assert claim_next(service, LEE) == second
    assert claim_next(service) == first, "last for who escalated it"
    with pytest.raises(ReviewError, match="another reviewer or an admin"):
        marked(service, "settle", second)
    marked(service, "settle", second, BOSS)
    assert marks(service, second).escalation is None
    with pytest.raises(ReviewError, match="nobody has escalated"):
        marked(service, "settle", second, LEE)


def test_who_holds_a_claim_gets_that_check_first(service):
    _, second = ask(service, 0), ask(service, 1)
    marked(service, "claim", second)
    assert claim_next(service) == second


def test_only_so_many_are_tried(service, monkeypatch):
    monkeypatch.setattr(queue_desk, "TRIED", 0)
    ask(service)
    assert claim_next(service) == ""


def test_the_same_form_sent_twice_marks_once(service):
    check_id = ask(service)
    once = Idempotency("page 0123456789abcdef skip", "0" * 64)
    for _ in range(2):
        asyncio.run(service.check_service.queue.mark("skip", check_id, caller(service, KIM), once, "Later."))
    assert len(marks(service, check_id).all) == 1


def test_no_clearance_and_no_answer_rests_on_a_mark(make_client):
    """Rule 1: with every mark there is, two approvals are still what it takes."""
    service = make_client(ASSESSMENTS["impersonation"], second_look_share=0)
    check_id = ask(service, followers=200_000)
    for kind, who in (("claim", KIM), ("skip", KIM), ("escalate", KIM), ("settle", LEE), ("claim", LEE)):
        marked(service, kind, check_id, who, "x")
    assert service.post(f"/v1/checks/{check_id}/clearance").status_code == 409
    assert answer(service, check_id, KIM, "approve").status_code == 200
    assert service.post(f"/v1/checks/{check_id}/clearance").status_code == 409
    assert answer(service, check_id, LEE, "approve").status_code == 200
    assert service.post(f"/v1/checks/{check_id}/clearance").status_code == 200


def test_an_agent_is_not_told_who_works_on_the_own_check(service):
    check_id = ask(service)
    marked(service, "skip", check_id, note="I know her.")
    for by, knows in ((("agent-17", "agent"), False), (LEE, True), (("aud", "auditor"), True)):
        shown = service.get(f"/v1/checks/{check_id}", by=by)
        kinds = [line["kind"] for line in shown.json()["history"]]
        assert ("queue_mark" in kinds) == knows, by
        assert "I know her." not in shown.text
