"""On the pages too a person is one person: under every spelling of the name, and with every key."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from service.auth.api_keys import create_key, end_access
from service.cli.options import opened
from tests.browser.conftest import Enter
from tests.browser.people import profile
from tests.service.processes import Service

LOUD = "JaneR0e"
ACTS = ("/answer", "/clearance", "/redeem")


def loud(account_id: str) -> str:
    return profile(LOUD, "Jane Roe", None, id_str=account_id, followers_count=250_000)


def tie(service: Service, actor: str, person: str) -> None:
    """Make a key of an actor with a person's id, as ``keys create --person`` does."""
    with opened(service.home, service.database_url) as office:
        office.change(lambda unit: create_key(unit, actor, ["reviewer"], person=person))


def test_who_asked_finds_no_form_under_another_spelling(enter: Enter, canned: Service) -> None:
    agent = enter("Zo\u00eb Marlow", "agent", at=canned).is_let_in()
    address = agent.checks(loud("720001"))
    for name in ("ZOE MARLOW", "Zo\u00eb Mar1ow", "zoe  marlow"):
        same = enter(name, "reviewer", at=canned).is_let_in().opens(address)
        assert same.may(*ACTS) == set(), name
        assert "cannot approve" in same.text()
    assert enter("Ada Quill", "reviewer", at=canned).is_let_in().opens(address).may("/answer") == {"/answer"}


def test_two_keys_of_a_person_are_not_two_people(enter: Enter, canned: Service) -> None:
    agent = enter("agent-people", "agent", at=canned).is_let_in()
    address = agent.checks(loud("720002"))
    for name in ("quill-day", "quill-night"):
        tie(canned, name, "P-9")
    enter("quill-day", "reviewer", at=canned).is_let_in().opens(address).answers("approve", "A nought.", typed=LOUD)
    other = enter("QUILL-NIGHT", "reviewer", at=canned).is_let_in().opens(address)
    assert other.may(*ACTS) == set()
    assert "a different reviewer must decide" in other.text()
    assert agent.opens(address).may("/clearance") == set()
    enter("Ben Stroud", "reviewer", at=canned).is_let_in().opens(address).answers("approve", "Seen.", typed=LOUD)
    assert agent.opens(address).may("/clearance") == {"/clearance"}


def test_a_clearance_that_another_key_took_is_not_spent_on_the_page(enter: Enter, canned: Service) -> None:
    mine = enter("agent-keys", "agent", at=canned).is_let_in()
    address = mine.checks(profile(LOUD, "Jane Roe", "Actor.", id_str="720003"))
    other = enter("AGENT-KEYS", "agent", at=canned).is_let_in().opens(address)
    assert other.may(*ACTS) == {"/clearance"}, "the person may have one of the other key's own"
    other.takes_the_clearance()
    assert mine.opens(address).may(*ACTS) == {"/clearance"}
    assert "You already have a clearance" in mine.text()
    other.redeems()
    assert mine.opens(address).may(*ACTS) == set()
    assert canned.verify().entries


def test_an_end_of_access_in_another_spelling_ends_the_session(enter: Enter, canned: Service) -> None:
    leaver = enter("Vaclav Dole\u017eal", "reviewer", at=canned).is_let_in().opens("/reviews")
    assert leaver.page.locator("h1").count()
    with opened(canned.home, canned.database_url) as office:
        past = datetime.now(UTC) - timedelta(minutes=1)
        office.change(lambda unit: end_access(unit, "VACLAV DOLEZAL", past))
    answer = leaver.page.goto("/reviews")
    assert answer is not None
    assert answer.status == 403
    assert "access has ended" in leaver.text()
