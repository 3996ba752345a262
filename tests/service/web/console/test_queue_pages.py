"""The queue shows each person what that person can answer, in the order in which it should be looked at."""

from datetime import timedelta

import pytest

from service.web.console.presenters.spans import span
from tests.service.conftest import NOW

KNOWN = {"platform": "x", "display_name": "Jane Roe", "created_at": "2026-04-20", "verified": "no"}


@pytest.fixture
def service(make_client):
    return make_client("below_threshold", total_daily=10**6)


@pytest.fixture
def asked(service, person):
    """Three checks, an hour apart: a small account, a large one, a small one."""
    agent, paths = person(service, "agent-17", "agent"), []
    for hours, followers in ((0, "10"), (1, "2,000,000"), (2, "10")):
        service.clock.at = NOW + timedelta(hours=hours)
        agent.sign_in(service.key("agent-17", "agent"))
        agent.check(**KNOWN | {"paste": f"JaneR0e{hours}", "account_id": str(hours), "followers": followers})
        paths.append(agent.path)
    return paths


def order(page):
    return [link["href"] for link in page.all("a") if "data-item" in link]


def test_high_impact_comes_first_then_what_waits_longest(service, asked, person):
    small, large, later = asked
    page = person(service, "rev-1", "reviewer").get("/reviews")
    assert order(page) == [large, small, later]
    assert "2,000,000 ▲ high" in page.text
    assert "Waiting for you 3 checks" in page.text


def test_what_will_soon_be_too_old_comes_before_everything(service, asked, person):
    small, large, later = asked
    service.clock.at = NOW + timedelta(hours=72 * 0.75)
    page = person(service, "rev-1", "reviewer").get("/reviews")
    assert order(page) == [small, large, later]
    assert "◷ 18 h left" in page.text
    service.clock.at = NOW + timedelta(hours=72)
    assert order(person(service, "rev-1", "reviewer").get("/reviews")) == [large, later]


def test_what_was_answered_waits_for_others(service, asked, person):
    one = person(service, "rev-1", "reviewer")
    one.post(f"{asked[0]}/answer", on=asked[0], answer="approve", reason="x", typed_handle="JaneR0e0")
    page = one.get("/reviews")
    assert "Waiting for you 2 checks" in page.text
    assert order(page)[-1] == asked[0]
    assert "have already answered" in page.text
    assert "1 of 2" in page.text
    other = person(service, "rev-2", "reviewer")
    other.post(f"{asked[0]}/answer", on=asked[0], answer="decline", reason="x")
    assert asked[0] not in order(other.get("/reviews"))


def test_the_own_checks_wait_for_others(service, asked, person):
    page = person(service, "agent-17", "reviewer").get("/reviews")
    assert "Nothing waits for you. What waits below needs somebody else." in page.text
    assert len(order(page)) == 3


@pytest.mark.parametrize("role", ["admin", "auditor"])
def test_who_only_looks_on_sees_all(service, asked, person, role):
    page = person(service, f"one-{role}", role).get("/reviews")
    assert len(order(page)) == 3
    assert "Waiting for a second person 3 checks" in page.text
    assert "Waiting for you" not in page.text


def test_an_empty_queue_says_so(make_client, person):
    page = person(make_client(total_daily=10**6), "rev-1", "reviewer").get("/reviews")
    assert "Nothing waits for you." in page.text


@pytest.mark.parametrize(
    ("minutes", "words"), [(0, "less than a minute"), (119, "119 minutes"), (120, "2 hours"), (2880, "2 days")]
)
def test_spans_are_said_as_people_say_them(minutes, words):
    assert span(timedelta(minutes=minutes)) == words
